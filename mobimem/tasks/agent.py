"""One task from its first step to its end: remembered steps where there are any, decided ones where those do not fit.

A known task is replayed. Where a step does not fit the screen and a model is configured, one step is decided, and
replay goes on at the first remembered step that fits. A task nobody taught is decided step by step. Every choice is
checked against the screen and the task's scope before anything is done, made into a step and played by the runner, so
journal, consent and checks are those of any replay. Every choice is kept in the journal with its reason and what became
of it.

Nothing here opens files or sockets: the hand acts, the decider asks the model, the asker asks the owner.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from device.errors import AskOwner, ScreenLocked
from mobimem.llm.client import Reply
from mobimem.llm.errors import AskingCancelled, ModelError
from mobimem.tasks.answers import Answers
from mobimem.tasks.asking import YES, YES_OR_NO, AskedOwner, Asker, StoppedAsking
from mobimem.tasks.deciding import Decider, Situation
from mobimem.tasks.deeds import Did, act_key, did_of, page_key, step_of
from mobimem.tasks.ending import Ending, end_of
from mobimem.tasks.forms import Choice, Reach
from mobimem.tasks.goal import Ended, Goal, Outcome, Proof
from mobimem.tasks.hand import Hand
from mobimem.tasks.past import Past, happened
from mobimem.tasks.prefix import PREFIX, Lead
from mobimem.tasks.proposing import proposal_of
from mobimem.tasks.reporting import noted, proven
from mobimem.tasks.resuming import at_the_end, go_on_at, resume_at
from mobimem.tasks.scope import UNWANTED, Scope, doubt, offered, refusal, scope_of_recipe, scope_of_words
from mobimem.tasks.straying import last_chosen
from mobimem.tasks.trouble import replay_past_trouble
from mobimem.tasks.view import Seen, see
from mobimem.tasks.watching import Bounds, Watch
from mobimem.tasks.way import Way
from perception.screen import Screen
from replay.distill import Done
from replay.readout import value_of
from replay.recipe import ReadOut, Recipe, Step
from replay.runner import RunResult
from replay.scrolling import content
from replay.secrecy import names_of
from replay.slots import fill
from replay.trace import Level

WAIT_S: Final = 2.0  # what "wait" lets pass


@dataclass
class TaskRun:
    """One task on one device. Call `run` once.

    Args:
        installed: the packages a new task may be about.
        past: where earlier runs of this task left it.
        lead: what near known tasks begin with, for one nobody taught.
    """

    goal: Goal
    hand: Hand
    decider: Decider | None
    asker: Asker
    installed: tuple[str, ...] = ()
    bounds: Bounds = field(default_factory=Bounds)
    past: Past | None = None
    lead: Lead | None = None
    _reported: dict[str, str] = field(default_factory=dict)
    _feedback: str = ""  # what the model is told of its last choice
    _denied: bool = False  # it was told that the task is not done, or that nothing shows that it is
    _untold: bool = False  # it was told that a result is still to be reported

    def __post_init__(self) -> None:
        past, self._left = self.past, self.past
        self._within = within = self.goal.place
        self._wanted = within.wanted or (() if past is None else past.wanted)
        self.answers = Answers(self.hand, self.asker, within.said_with(self.goal.values))
        self._scope = Scope(frozenset(), for_good=False)
        self._watch = Watch(self.bounds, self.hand.clock.monotonic_s()) if past is None else past.watch
        self._way = Way() if past is None else past.way
        self._reported |= {} if past is None else past.results
        for question, answer in self._way.answers:
            self.answers.heard(question, answer)

    def run(self) -> Ended:
        """Does the task. Returns however it ends, with what was done.

        Raises:
            DeviceError: the device was lost; the journal holds what was done.
        """
        with ExitStack() as stack:
            try:
                stack.enter_context(self.hand.device.awake())
            except ScreenLocked as error:
                return self._ended("asked", str(error))
            try:
                return self._remembered() or self._decide()
            except StoppedAsking as error:
                return self._ended("cancelled", error.cause)
            except AskingCancelled:
                return self._ended("cancelled", "stopped by the owner, while the model was waited for")
            except ModelError as error:
                return self._ended("stopped", f"the model could not decide: {error.cause}", next_step=error.next_step)
            except AskOwner as error:
                return self._ended("asked", error.cause, next_step=error.next_step)

    # -- what is remembered

    def _remembered(self) -> Ended | None:
        """Replays the known task; None where a step has to be decided."""
        recipe, past = self.goal.recipe, self.past
        if recipe is None and past is not None and past.scope is not None:
            self._scope = past.scope
            return None
        if recipe is None:
            return self._fix_scope()
        self._scope = scope_of_recipe(recipe)
        return self._replay(recipe, 0) if past is None else self._taken_up(recipe, past)

    def _taken_up(self, recipe: Recipe, past: Past) -> Ended | None:
        """Goes on with a known task where an earlier run left it; None where a step has to be decided."""
        way = self._way
        if past.deciding and self.decider is not None:
            return None
        at = go_on_at(recipe, self.goal.values, way.next, self.hand.look(), way.carried, rested=past.rested)
        if at is None and self.decider is None:
            return self._ended("asked", f"the screen is not as it was before step {way.next + 1}", next_step=_BACK)
        if at is None:
            way.missed, way.decided_since = (way.next, False), True
            return None
        way.path += range(way.next, at)
        self.hand.note("resume", f"replay goes on at step {at + 1}", {"index": at})
        if at == len(recipe.steps):
            return self._ended("done", "its last step was done before", proof="checked")
        return self._replay(recipe, at)

    def _replay(self, recipe: Recipe, start: int) -> Ended | None:
        played = replay_past_trouble(self.hand, recipe, self.goal.values, start)
        result, parted = played.result, played.result.divergence
        self._way.path += played.path
        if (trouble := played.trouble) is not None:
            ended = self._ended("stopped", f"the app says {trouble.says!r}; {result.says}", next_step=_LATER)
            return replace(ended, result=result, excused=True)
        missed = result.outcome == "stopped" and parted is not None and parted.expected != "screen"
        if parted is None or not missed or self.decider is None:
            return self._of(result)
        if names_of(recipe, self.goal.values):
            return self._of(result)  # a screen of a task that types secrets is not for a model
        self._way.miss(parted.index, done=parted.expected == "after")
        self.hand.note("miss", f"step {parted.index + 1} does not fit; one step is decided", {"index": parted.index})
        return None

    def _resumed(self, screen: Screen) -> Ended | Literal["missed"] | None:
        """Goes on with the remembered steps where one fits; "missed" where it then met another miss."""
        recipe = self.goal.recipe
        if recipe is None or not self._way.decided_since:
            return None
        missed, done = self._way.missed
        at = resume_at(recipe, self.goal.values, missed, screen, self._way.carried, done=done)
        if at is None:
            return None
        self.hand.note("resume", f"replay goes on at step {at + 1}", {"index": at})
        return self._replay(recipe, at) or "missed"

    def _of(self, result: RunResult) -> Ended:
        ended = self._ended(result.outcome, result.says, proof="checked" if result.outcome == "done" else "")
        return replace(ended, result=result)

    # -- what is decided

    def _fix_scope(self) -> Ended | None:
        """What a new task may touch, from its words alone: nothing was read from the phone yet."""
        apps = offered(self.installed)
        if (planned := self._within.scope) is not None:
            self._scope = planned
            gone = ", ".join(sorted(planned.apps - set(apps)))
            return self._ended("stopped", f"{gone} is not there", next_step=_TEACH) if gone else None
        decider = self._model()
        if not apps:
            return self._ended("stopped", "the phone does not tell which apps it has", next_step="Teach the task.")
        reply = decider.reach(self._within.words, apps)
        scope = scope_of_words(self._within.words, reply.answer.apps, apps, for_good=reply.answer.for_good)
        self.hand.note("scope", ", ".join(reply.answer.apps), reply.answer.model_dump() | _spent(reply))
        if isinstance(scope, str):
            return self._ended("stopped", f"the model named an app that is not there: {scope}", next_step=_TEACH)
        self._scope, self._wanted = scope, self._wanted or tuple(reply.answer.results)
        return None

    def _decide(self) -> Ended:
        while True:
            screen = self.hand.look()
            self._look_back(screen)
            if not screen.screen_on or screen.lock != "unlocked":
                return self._ended("asked", "the phone is locked, or its screen is off", next_step="Unlock it.")
            resumed = self._resumed(screen)
            if isinstance(resumed, Ended):
                return resumed
            if resumed == "missed":
                continue
            self._watch.saw(content(screen))
            if why := self._watch.over(self.hand.clock.monotonic_s()):
                return self._ended("stopped", f"given up: {why}", next_step=_TEACH)
            if self.hand.should_stop():
                return self._ended("cancelled", "stopped by the owner")
            seen = see(screen)
            led = self._led(seen)
            if ended := led if led is not None else self._carry_out(self._chosen(seen), seen):
                return ended

    def _led(self, seen: Seen) -> Ended | Literal[False] | None:
        """Replays the next step that near known tasks begin with; None where a model has to decide, False where the
        task goes on."""
        lead = self.lead if self.goal.recipe is None and self.past is None else None
        if lead is None:
            return None
        if (found := lead.next(self.goal.words, self._scope, self.answers.said, seen, self.hand.note)) is None:
            return None
        self.hand.note(PREFIX, found.choice.act, found.note(self.hand.seen, lead.known.tasks))
        ended = self._perform(found.choice, found.did, found.step, seen, level="replayed")
        if ended is None and self._way.begun is None:  # it did not fit after all: nothing of it is the model's doing
            lead.end()
            self._feedback = ""
        return ended or False

    def _chosen(self, seen: Seen) -> Choice:
        decider = self._model()
        recipe, values = self.goal.recipe, self.goal.values
        left = () if recipe is None else recipe.steps[self._way.missed[0] :]
        reply = decider.choose(
            Situation(
                words=self._within.words,
                answers=tuple(self._way.answers),
                apps=tuple(sorted(self._scope.apps)),
                done=self.done_in_words(),
                missed=fill(left[0].says, values) if left else "",
                remembered=tuple(fill(step.says, values) for step in left[1:]),
                feedback=self._feedback,
                seen=seen,
                picture=self.hand.picture() if decider.takes_pictures else None,
                wanted=self._unreported(),
                given=tuple(self._within.given.items()),
            )
        )
        self._feedback = ""
        level = "experience" if self.goal.recipe is not None else "model"
        data = {"choice": reply.answer.model_dump(), "level": level, "screen": self.hand.seen, **_spent(reply)}
        self.hand.note("decision", reply.answer.act, data)
        return reply.answer

    def _carry_out(self, choice: Choice, seen: Seen) -> Ended | None:
        match choice.act:
            case "done":
                return self._called_done(seen)
            case "report":
                self._report(choice, seen)
                return None
            case "give_up":
                return self._ended("stopped", f"the model gave up: {choice.why}", next_step=_TEACH)
            case "ask_owner":
                return self._asked_by_model(choice)
            case "wait":
                self._watch.waits += 1
                self.hand.clock.sleep(WAIT_S)
                return None
            case _:
                return self._act(choice, seen)

    def _act(self, choice: Choice, seen: Seen) -> Ended | None:
        did = did_of(choice, seen)
        step = None if did is None else step_of(did, seen, f"decided-{len(self._way.steps) + 1:02}")
        page, act = page_key(seen, did), act_key(choice, seen)
        why = refusal(choice, step, seen, self._scope)
        if not why and (did is None or step is None):
            why = "there is nothing of the kind on this screen"
        if not why and self._watch.repeats(page, act):
            why = "the same was done on this page before, and led back here"
        if why or did is None or step is None:
            self._refuse(why)
            return None
        chosen = self.answers.not_agreed(last_chosen(self._way.here()))
        question = doubt(choice, seen, self.answers.said, chosen)
        if question and not step.for_good:
            may = self.answers.may(question, choice.why, chosen)
            if may is None:
                return self._ended("asked", f"the model would {question}", next_step=_AT_TERMINAL)
            if not may:
                self._refuse(UNWANTED)
                return None
        return self._perform(choice, did, step, seen)

    def _perform(
        self, choice: Choice, did: Did, step: Step, seen: Seen, *, level: Level = "decided"
    ) -> Ended | None:  # fmt: skip
        done, taken_up = self.done_in_words(), self.past is not None
        proposal = proposal_of(choice, seen, self.goal, self._way, self.answers.said, done=done, taken_up=taken_up)
        asked = (page_key(seen, did), act_key(choice, seen), *proposal.carried.items())
        if asked in self.answers.unwanted:
            self._refuse(UNWANTED)
            return None
        self._way.steps.append(step)
        remembered = () if self.goal.recipe is None else self.goal.recipe.steps
        slots = () if self.goal.recipe is None else self.goal.recipe.slots
        grown = Recipe(id="decided", name="decided", task="", steps=(*remembered, *self._way.steps), slots=slots)
        result, refused = self.hand.do(grown, self.goal.values, proposal=proposal, level=level)
        if refused:
            self._watch.denials += 1
            if self._watch.denials > self.bounds.denials:
                return self._of(result)
            self.answers.unwanted.add(asked)
            self._refuse(UNWANTED)
            return None
        if result.outcome == "done":
            self._watch.did(page_key(seen, did), act_key(choice, seen))
            self._way.did(did, step, seen.screen, self.goal.values)
            return None
        if result.outcome == "stopped" and result.divergence is not None:
            self._way.whole = self._way.whole and result.acts == 0
            self._refuse("it could not be done: the screen was another, or nothing came of it")
            return None
        return self._of(result)

    def _report(self, choice: Choice, seen: Seen) -> None:
        """The model says what a result is: it has to stand on the screen."""
        note = noted(choice, seen, self._unreported())
        if isinstance(note, str):
            self._refuse(note)
            return
        self._watch.did(seen.text, choice.key)
        self._way.add(Done(seen.screen, note, seen.screen), for_good=False)
        self._reported[note.name] = value_of(note.element)
        self.hand.note("result", note.name, {"value": self._reported[note.name], "screen": self.hand.seen})

    def _unreported(self) -> tuple[str, ...]:
        return tuple(name for name in self._wanted if name not in self._results())

    def _results(self) -> dict[str, str]:
        read = (result.results for _, result in self.hand.results)
        return {name: value for found in (self._reported, *read) for name, value in found.items()}

    def _called_done(self, seen: Seen) -> Ended | None:
        """The model says that the whole task is done."""
        if left := self._unreported():
            return self._left_untold(", ".join(left))
        told = end_of(self.goal.words, self._way, self._reported, seen.screen, check=self._within.check)
        self.hand.note("ending", f"{told.kind}: {told.says}", {"screen": self.hand.seen})
        if told.kind == "denied":
            if self._denied:
                return self._ended("stopped", f"the model calls it done, and {told.says}", next_step=_LOOK)
            self._denied = True
            self._refuse(told.hint)
            return None
        if self._is_checked(told, seen):
            return self._ended("done", told.says, proof="checked")
        if not self._denied:
            self._denied = True
            self._refuse("nothing on the screen shows that the task is done; go on, or say done once more")
            return None
        read = "; ".join(f"{name}: {value}" for name, value in self._reported.items())
        says = f"The model calls it done; {told.says}. Is it done?"
        answer = self.answers.ask(AskedOwner("end", says, YES_OR_NO, quoted=read))
        if answer is None:
            return self._ended("done", f"by the model's judgement; {told.says}", proof="judged")
        if answer == YES:
            return self._ended("done", "you said so", proof="confirmed")
        return self._ended("stopped", "the model called it done, and you said it is not", next_step=_LOOK)

    def _left_untold(self, names: str) -> Ended | None:
        """The model calls it done without a result: it is told once, and then that is the end."""
        if self._untold:
            return self._ended("stopped", f"the model calls it done, and did not report {names}", next_step=_LOOK)
        self._untold = True
        self._refuse(f"{names} is still to be reported; give up if it cannot be found")
        return None

    def _is_checked(self, told: Ending, seen: Seen) -> bool:
        """Whether checks bear the model out: those of the known task's end, else what the words let look for."""
        if self.goal.recipe is None:
            return told.kind == "checked"
        missed, done = self._way.missed
        left = self.goal.recipe.steps[missed + done :]
        if left and all(isinstance(step.move, ReadOut) for step in left):  # it is where these were to be read
            return proven(self._results().values(), self.goal.values, seen.screen)
        return at_the_end(self.goal.recipe, self.goal.values, missed, seen.screen, self._way.carried, done=done)

    def _asked_by_model(self, choice: Choice) -> Ended | None:
        self._watch.questions += 1
        question = choice.text or ""
        answer = self.answers.ask(AskedOwner("model", "The model asks:", quoted=question))
        if answer is None:
            return self._ended("asked", f"the model asks: {question}", next_step=_AT_TERMINAL)
        self._way.answers.append((question, answer))
        self.answers.heard(question, answer)
        return None

    # -- what was done

    def _look_back(self, screen: Screen) -> None:
        """Sees what came of the last decided step and, once, what became of an earlier run's last choice."""
        past, self._left = self._left, None
        done = None if past is None else happened(past, screen)  # before the way knows this screen
        self._way.seen(screen)
        if past is None:
            return
        self._way.whole = self._way.whole and done is not None
        if done and past.maybe is not None:
            before, did, step = past.maybe
            self._way.steps.append(step)
            self._way.did(did, step, before, self.goal.values)
            self._way.seen(screen)

    def done_in_words(self) -> tuple[str, ...]:
        """What was done, one line a step."""
        told = [line.says for _, result in self.hand.results for line in result.progress if line.result == "done"]
        return (*(() if self.past is None else self.past.before), *told)

    def _refuse(self, why: str) -> None:
        """The choice is not carried out; the model is told."""
        self._way.refused(why)
        self._watch.not_done()
        self._feedback = why
        self.hand.note("refused", why)

    def _ended(self, outcome: Outcome, says: str, *, proof: Proof = "", next_step: str = "") -> Ended:
        way = self._way
        if outcome == "done" and (left := self._unreported()):
            outcome, says, proof, next_step = "stopped", f"it ended without {', '.join(left)}", "", _LOOK
        return Ended(outcome, says, proof, next_step, tuple(way.path), way.whole, results=self._results())

    def _model(self) -> Decider:
        if self.decider is None:
            raise RuntimeError("a step was to be decided with no model configured")
        return self.decider


_LATER: Final = "Nothing is wrong with the task: try again once that has changed."
_TEACH: Final = "Look at the phone, then say it differently, or teach it: mobimem teach NAME --task WORDS"
_BACK: Final = "Bring the phone to where it was and take it up again: mobimem tasks."
_LOOK: Final = "Look at the phone; nothing was learnt from this run."
_AT_TERMINAL: Final = "Run it at a terminal, where it asks, or say it in the task's words."


def _spent(reply: Reply[Choice] | Reply[Reach]) -> dict[str, object]:
    spent = reply.spent
    return {
        "model": reply.model, "tokens": spent.tokens, "tokens_estimated": spent.estimated,
        "seconds": round(spent.seconds, 3), "repaired": reply.repaired, "joules": spent.joules,
    }  # fmt: skip
