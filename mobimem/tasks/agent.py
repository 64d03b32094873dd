"""One task from its first step to its end: remembered steps where there are any, decided ones where those do not fit.

A known task is replayed. Where a step does not fit the screen and a model is configured, one step is decided, and
replay goes on at the first remembered step that fits. A task nobody taught is decided step by step. Every choice is
checked against the screen and the task's scope before anything is done, made into a step and played by the runner, so
journal, consent and checks are those of any replay. Every choice is kept in the journal with its reason and what became
of it.

Nothing here opens files or sockets: the hand acts, the decider asks the model, the asker asks the owner.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

from device.actions import OpenApp, PressKey
from device.errors import AskOwner, ScreenLocked
from mobimem.llm.client import Reply
from mobimem.llm.errors import AskingCancelled, ModelError
from mobimem.tasks.asking import YES, YES_OR_NO, AskedOwner, Asker
from mobimem.tasks.deciding import Decider, Situation
from mobimem.tasks.deeds import Did, did_of, step_of
from mobimem.tasks.ending import Ending, ending
from mobimem.tasks.forms import Choice, Reach
from mobimem.tasks.grounding import Said, stands_in
from mobimem.tasks.hand import Hand, Proposal
from mobimem.tasks.resuming import Carried, at_the_end, resume_at
from mobimem.tasks.scope import Scope, doubt, offered, refusal, scope_of_recipe, scope_of_words
from mobimem.tasks.view import Seen, see
from mobimem.tasks.watching import Bounds, Watch
from perception.features import features
from perception.identity import identity, same_page
from perception.screen import Screen
from replay.distill import Done, Held, Keyed, Scrolled, Tapped, Typed, spoken
from replay.proposals import propose_slots
from replay.recipe import Recipe, Step
from replay.runner import RunResult
from replay.scrolling import content
from replay.secrecy import names_of
from replay.slots import fill

WAIT_S: Final = 2.0  # what "wait" lets pass
Outcome: TypeAlias = Literal["done", "stopped", "asked", "cancelled"]
Proof: TypeAlias = Literal["checked", "confirmed", "judged", ""]


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be done. `recipe` is the known task these words are; None for one nobody taught."""

    words: str
    recipe: Recipe | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a task ended. `proof` of one that is done: by checks, by the owner's word, or only by the model's judgement.

    `path` is what was done, in order: the index of a remembered step, or a decided thing. `whole`: nothing else was
    done, so the path is the way. `next_step` is for the owner, where something went wrong.
    """

    outcome: Outcome
    says: str
    proof: Proof = ""
    next_step: str = ""
    path: tuple[int | Done, ...] = ()
    whole: bool = True
    result: RunResult | None = None


@dataclass
class TaskRun:
    """One task on one device. Call `run` once.

    Args:
        installed: the packages a new task may be about.
    """

    goal: Goal
    hand: Hand
    decider: Decider | None
    asker: Asker
    installed: tuple[str, ...] = ()
    bounds: Bounds = field(default_factory=Bounds)
    questions: int = 0
    answers: list[tuple[str, str]] = field(default_factory=list)
    path: list[int | Done] = field(default_factory=list)
    for_good: list[bool] = field(default_factory=list)  # of each decided thing in `path`
    steps: list[Step] = field(default_factory=list)  # decided ones, also those that could not be done
    whole: bool = True
    _feedback: str = ""
    _denied: bool = False
    _missed: tuple[int, bool] = (0, False)  # the remembered step that did not fit, and whether it was done
    _decided_since: bool = False
    _begun: tuple[Screen, Did, Step] | None = None  # the last thing done, whose effect is seen at the next look
    _carried: Carried = field(default_factory=Carried)

    def __post_init__(self) -> None:
        self._said = Said(self.goal.words, tuple(self.goal.values.values()))
        self._watch = Watch(self.bounds, self.hand.clock.monotonic_s())
        self._scope = Scope(frozenset(), for_good=False)

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
            except AskingCancelled as error:
                return self._ended("cancelled", error.cause)
            except ModelError as error:
                return self._ended("stopped", f"the model could not decide: {error.cause}", next_step=error.next_step)
            except AskOwner as error:
                return self._ended("asked", error.cause, next_step=error.next_step)

    # -- what is remembered

    def _remembered(self) -> Ended | None:
        """Replays the known task; None where a step has to be decided."""
        if self.goal.recipe is None:
            return self._fix_scope()
        self._scope = scope_of_recipe(self.goal.recipe)
        return self._replay(self.goal.recipe, 0)

    def _replay(self, recipe: Recipe, start: int) -> Ended | None:
        result = self.hand.replay(recipe, self.goal.values, start=start)
        self.path += [line.index for line in result.progress]
        parted = result.divergence
        missed = result.outcome == "stopped" and parted is not None and parted.expected != "screen"
        if parted is None or not missed or self.decider is None:
            return self._of(result)
        if names_of(recipe, self.goal.values):
            return self._of(result)  # a screen of a task that types secrets is not for a model
        self._missed, self._decided_since = (parted.index, parted.expected == "after"), False
        self.whole = self.whole and parted.expected != "after"
        self.hand.note("miss", f"step {parted.index + 1} does not fit; one step is decided", {"index": parted.index})
        return None

    def _resumed(self, screen: Screen) -> Ended | Literal["missed"] | None:
        """Goes on with the remembered steps where one fits; "missed" where it then met another miss."""
        recipe = self.goal.recipe
        if recipe is None or not self._decided_since:
            return None
        missed, done = self._missed
        at = resume_at(recipe, self.goal.values, missed, screen, self._carried, done=done)
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
        decider = self._model()
        apps = offered(self.installed)
        if not apps:
            return self._ended("stopped", "the phone does not tell which apps it has", next_step="Teach the task.")
        reply = decider.reach(self.goal.words, apps)
        scope = scope_of_words(self.goal.words, reply.answer.apps, apps, for_good=reply.answer.for_good)
        self.hand.note("scope", ", ".join(reply.answer.apps), reply.answer.model_dump() | _spent(reply))
        if isinstance(scope, str):
            return self._ended("stopped", f"the model named an app that is not there: {scope}", next_step=_TEACH)
        self._scope = scope
        return None

    def _decide(self) -> Ended:
        while True:
            screen = self.hand.look()
            self._finish_last(screen)
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
            if ended := self._carry_out(self._chosen(seen), seen):
                return ended

    def _chosen(self, seen: Seen) -> Choice:
        decider = self._model()
        recipe, values = self.goal.recipe, self.goal.values
        left = () if recipe is None else recipe.steps[self._missed[0] :]
        reply = decider.choose(
            Situation(
                words=self.goal.words,
                answers=tuple(self.answers),
                apps=tuple(sorted(self._scope.apps)),
                done=self.done_in_words(),
                missed=fill(left[0].says, values) if left else "",
                remembered=tuple(fill(step.says, values) for step in left[1:]),
                feedback=self._feedback,
                seen=seen,
                picture=self.hand.picture() if decider.takes_pictures else None,
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
        step = None if did is None else step_of(did, seen, f"decided-{len(self.steps) + 1:02}")
        page, act = _page(seen, did), _act_key(choice, seen)
        why = refusal(choice, step, seen, self._scope)
        if not why and (did is None or step is None):
            why = "there is nothing of the kind on this screen"
        if not why and self._watch.repeats(page, act):
            why = "the same was done on this page before, and led back here"
        if why or did is None or step is None:
            self._refuse(why)
            return None
        question = doubt(choice, seen, self._said)
        if question and step.side_effect != "irreversible":
            answer = self._ask(AskedOwner("doubt", f"The model would {question}. May it?", YES_OR_NO, choice.why))
            if answer is None:
                return self._ended("asked", f"the model would {question}", next_step=_AT_TERMINAL)
            if answer != YES:
                self._refuse("the owner does not want that")
                return None
        return self._perform(choice, did, step, seen)

    def _perform(self, choice: Choice, did: Did, step: Step, seen: Seen) -> Ended | None:
        self.steps.append(step)
        remembered = () if self.goal.recipe is None else self.goal.recipe.steps
        slots = () if self.goal.recipe is None else self.goal.recipe.slots
        grown = Recipe(id="decided", name="decided", task="", steps=(*remembered, *self.steps), slots=slots)
        result, refused = self.hand.do(grown, self.goal.values, proposal=self._proposal(choice))
        if refused:
            self._watch.denials += 1
            if self._watch.denials > self.bounds.denials:
                return self._of(result)
            self._refuse("the owner does not want that")
            return None
        if result.outcome == "done":
            self._watch.did(_page(seen, did), _act_key(choice, seen))
            self._begun = (seen.screen, did, step)
            self._decided_since = True
            self._carry(did, step, seen)
            return None
        if result.outcome == "stopped" and result.divergence is not None:
            self.whole = self.whole and result.acts == 0
            self._refuse("it could not be done: the screen was another, or nothing came of it")
            return None
        return self._of(result)

    def _called_done(self, seen: Seen) -> Ended | None:
        """The model says that the whole task is done."""
        done = [one for one in self.path if isinstance(one, Done)]
        values = propose_slots(self.goal.words, done)
        told = ending(self.goal.words, done, self.for_good, values, seen.screen)
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
        answer = self._ask(AskedOwner("end", f"The model calls it done; {told.says}. Is it done?", YES_OR_NO))
        if answer is None:
            return self._ended("done", f"by the model's judgement; {told.says}", proof="judged")
        if answer == YES:
            return self._ended("done", "you said so", proof="confirmed")
        return self._ended("stopped", "the model called it done, and you said it is not", next_step=_LOOK)

    def _is_checked(self, told: Ending, seen: Seen) -> bool:
        """Whether checks bear the model out: those of the known task's end, else what the words let look for."""
        if self.goal.recipe is None:
            return told.kind == "checked"
        missed, done = self._missed
        return at_the_end(self.goal.recipe, self.goal.values, missed, seen.screen, self._carried, done=done)

    def _asked_by_model(self, choice: Choice) -> Ended | None:
        self._watch.questions += 1
        question = choice.text or ""
        answer = self._ask(AskedOwner("model", "The model asks:", quoted=question))
        if answer is None:
            return self._ended("asked", f"the model asks: {question}", next_step=_AT_TERMINAL)
        self.answers.append((question, answer))
        self._said = self._said.and_(answer)
        return None

    def _ask(self, question: AskedOwner) -> str | None:
        """Waits for the owner; the journal says so before and after."""
        self.questions += 1
        self.hand.note("waiting", question.says, {"kind": question.kind, "quoted": question.quoted})
        answer = self.asker.ask(question)
        self.hand.note("answer", "nobody answered" if answer is None else answer, {"kind": question.kind})
        return answer

    # -- what was done

    def _finish_last(self, screen: Screen) -> None:
        """The screen is what came of the last thing done."""
        if self._begun is not None:
            before, did, step = self._begun
            self.path.append(Done(before, did, screen))
            self.for_good.append(step.side_effect == "irreversible")
            self._begun = None

    def _carry(self, did: Did, step: Step, seen: Seen) -> None:
        self._carried.for_good = self._carried.for_good or step.side_effect == "irreversible"
        if isinstance(did, Typed):
            self._carried.texts.append(did.text)
        elif isinstance(did, Tapped | Held):
            self._carried.texts.append(spoken(seen.screen, did.element, self.goal.values))

    def _proposal(self, choice: Choice) -> Proposal:
        carried: dict[str, str] = {}
        doubts: list[str] = []
        for one in way_here([one for one in self.path if isinstance(one, Done)]):
            match one:
                case Done(before, Typed(element, text)):
                    carried[f"typed into {spoken(before, element) or element.entry}"] = text
                    if not stands_in(text, self._said):
                        doubts.append(f"{text!r} is not in your words")
                case Done(before, (Tapped(element) | Held(element))) if features(before).in_flow(element):
                    name = spoken(before, element)
                    carried[f"chosen {len(carried) + 1}"] = name
                    if not stands_in(name, self._said):
                        doubts.append(f"{name!r}, which was chosen, is not in your words")
                case _:
                    pass
        carried |= {slot: value for slot, value in self.goal.values.items() if slot not in carried}
        return Proposal(self.goal.words, choice.why, self.done_in_words(), carried, tuple(doubts))

    def done_in_words(self) -> tuple[str, ...]:
        """What was done, one line a step."""
        told = [line.says for _, result in self.hand.results for line in result.progress if line.result == "done"]
        return tuple(told)

    def _refuse(self, why: str) -> None:
        """The choice is not carried out; the model is told."""
        self._watch.not_done()
        self._feedback = why
        self.hand.note("refused", why)

    def _ended(self, outcome: Outcome, says: str, *, proof: Proof = "", next_step: str = "") -> Ended:
        return Ended(outcome, says, proof, next_step, tuple(self.path), self.whole)

    def _model(self) -> Decider:
        if self.decider is None:
            raise RuntimeError("a step was to be decided with no model configured")
        return self.decider


def way_here(done: Sequence[Done]) -> list[Done]:
    """What led to where it stands now: what was done on a page that was left again by going back is none of it."""
    way: list[Done] = []
    for one in done:
        back = isinstance(one.did, OpenApp) or one.did == PressKey("back")
        page = identity(one.after)
        start = next((at for at, each in enumerate(way) if back and same_page(identity(each.before), page)), len(way))
        way = [*way[:start], one] if start == len(way) else way[:start]
    return way


_TEACH: Final = "Look at the phone, then say it differently, or teach it: mobimem teach NAME --task WORDS"
_LOOK: Final = "Look at the phone; nothing was learnt from this run."
_AT_TERMINAL: Final = "Run it at a terminal, where it asks, or say it in the task's words."


def _page(seen: Seen, did: Did | None) -> object:
    """The page a choice is made on. For what repeats itself by nature, what the page says too."""
    if isinstance(did, Scrolled | PressKey | OpenApp | Keyed):
        return content(seen.screen)
    return identity(seen.screen).key


def _act_key(choice: Choice, seen: Seen) -> str:
    """The same for the same thing done to the same element, wherever that stands in the list."""
    element = seen.element(choice.element)
    if element is None:
        return choice.key
    return f"{choice.act}\0{choice.text}\0{features(seen.screen).own_token(element)}"


def _spent(reply: Reply[Choice] | Reply[Reach]) -> dict[str, object]:
    spent = reply.spent
    return {
        "model": reply.model, "tokens": spent.tokens, "tokens_estimated": spent.estimated,
        "seconds": round(spent.seconds, 3), "repaired": reply.repaired,
    }  # fmt: skip
