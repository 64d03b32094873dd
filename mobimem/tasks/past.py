"""What earlier runs of the same task have done, told by their journals: a task that is taken up goes on from there.

A run that was killed, or ended before its task was done, left a journal: every choice with the screen it was made on,
every step with what became of it. Read again they give the way so far, what was answered, the scope that was fixed
before anything was read, and what was used of the limits. Where to go on is `mobimem.tasks.resuming`'s to say, by the
screen as it is now. Pure.

A step that cannot be undone counts as done if the journal says so, or the owner does; never by what a screen shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from device.actions import Size
from device.protocol import Foreground, Reading
from mobimem.llm.spending import Spent
from mobimem.tasks.deeds import Did, act_key, did_of, page_key, step_of
from mobimem.tasks.forms import Choice
from mobimem.tasks.reporting import noted
from mobimem.tasks.scope import Scope, scope_of_words
from mobimem.tasks.view import Seen, see
from mobimem.tasks.watching import Watch
from mobimem.tasks.way import Way
from perception.identity import identity, same_page
from perception.locate import Found, locate
from perception.screen import Screen
from perception.words import contains, normal
from replay.distill import Done, Noted, Typed
from replay.readout import is_name, located, read
from replay.recipe import ReadOut, Recipe, Step, step_from_data
from replay.resume import Answer
from replay.scrolling import content
from replay.slots import fill
from replay.trace import Intent, Note, ScreenSeen, StepDone, Trace

_GONE_ON = ("done", "skipped")


@dataclass(frozen=True, slots=True)
class Segment:
    """One run's journal. `answers` are the owner's words on steps that were cut off, by their index."""

    trace: Trace
    answers: Mapping[int, Answer] = field(default_factory=dict)


@dataclass(slots=True)
class Past:
    """Where a task stands, and the way there.

    `maybe`: a choice of which nothing more is known; it could be undone. `deciding`: it was not replaying. `last` is
    the last screen it saw, `rested` the one after the last remembered step; `before` is what was done, in words.
    `spent` and `watch` hold what was used since a run last came to an end of its own. `results` were read off screens;
    `wanted` are those that the words ask for, of a task nobody taught.
    """

    watch: Watch
    way: Way = field(default_factory=Way)
    scope: Scope | None = None
    deciding: bool = False
    maybe: tuple[Screen, Did, Step] | None = None
    last: Screen | None = None
    rested: Screen | None = None
    before: tuple[str, ...] = ()
    spent: Spent = field(default_factory=Spent)
    results: dict[str, str] = field(default_factory=dict)
    wanted: tuple[str, ...] = ()


def past_of(
    segments: Sequence[Segment], words: str, recipe: Recipe | None, values: Mapping[str, str], watch: Watch
) -> Past:
    """Where these runs left their task.

    Args:
        segments: each the next one's earlier part, oldest first.
        watch: one that has seen nothing, begun now.

    Raises:
        ReplayError, ValueError, KeyError: a journal does not say what journals of ours say.
    """
    told = _Telling(words, recipe, values, Past(watch))
    for segment in segments:
        told.tell(segment)
    return told.past


def happened(past: Past, now: Screen) -> bool | None:
    """Whether the last choice was carried out before its run was cut off; None where something else was, too.

    Only asked of what can be undone. Where there is no such choice, whether the phone is where it was left.
    """
    if past.maybe is None:
        return past.last is None or past.way.begun is not None or same_page(identity(past.last), identity(now)) or None
    before, did, step = past.maybe
    if isinstance(did, Typed):
        field_ = None if step.target is None else locate(now, step.target)
        return isinstance(field_, Found) and normal(field_.element.text) == normal(did.text)
    if content(before) == content(now):
        return False
    return None if same_page(identity(before), identity(now)) else True


def not_shown(values: Iterable[str], now: Screen) -> tuple[str, ...]:
    """Those of the values that nothing on the screen says."""
    said = [normal(text) for one in now.visible_elements() for text in (one.text, one.description) if text]
    return tuple(value for value in values if not any(contains(text, normal(value)) for text in said))


def screen_of(trace: Trace, number: int) -> Screen:
    """A screen that a journal holds.

    Raises:
        KeyError: it holds none of this number.
    """
    seen: ScreenSeen = trace.screen(number)
    return Screen.of(reading_of(seen, trace.screens[seen.hierarchy], str(trace.header.device.get("serial", ""))))


def reading_of(seen: ScreenSeen, hierarchy: str, serial: str) -> Reading:
    """A recorded reading as the device gave it."""
    return Reading(
        serial=serial, taken_at=datetime.fromisoformat(seen.taken_at), hierarchy=hierarchy,
        size=Size(seen.width_px, seen.height_px), rotation=seen.rotation,
        foreground=Foreground(seen.package, seen.activity), keyboard_shown=seen.keyboard_shown,
        screen_on=seen.screen_on, lock=seen.lock,  # type: ignore[arg-type]
    )  # fmt: skip


class _Telling:
    """Takes in the events of journals, one by one."""

    def __init__(self, words: str, recipe: Recipe | None, values: Mapping[str, str], past: Past) -> None:
        self._words, self._recipe, self._values, self.past = words, recipe, values, past
        self._began_s = past.watch.began_s
        self._chosen: tuple[Choice, Seen] | None = None  # a choice that nothing is known of yet
        self._after: int | None = None  # the screen after the last decided step, where the journal has it
        self._last: int | None = None
        self._expected = ""  # what the last divergence says was expected
        self._used_s = 0.0

    def tell(self, segment: Segment) -> None:
        trace, past = segment.trace, self.past
        self._last = self._chosen = None
        for event in trace.events:
            match event:
                case ScreenSeen():
                    self._last = event.number
                case Note():
                    self._note(trace, event)
                case Intent():
                    self._intent(event, trace, segment.answers)
                case StepDone():
                    self._step(trace, event)
                case _:
                    pass
        if self._after is not None:
            self._finish(trace, self._after)
        past.last = None if self._last is None else screen_of(trace, self._last)
        past.maybe = self._maybe()
        if trace.end is not None:  # it ended of its own: whoever takes it up grants it all limits anew
            past.watch, past.spent, self._used_s = Watch(past.watch.bounds, self._began_s), Spent(), 0.0
        else:
            self._used_s += _seconds(trace)
            past.watch.began_s = self._began_s - self._used_s

    def _maybe(self) -> tuple[Screen, Did, Step] | None:
        if self._chosen is None:
            return None
        choice, seen = self._chosen
        did = did_of(choice, seen)
        step = None if did is None else step_of(did, seen, "maybe")
        irreversible = step is not None and step.for_good  # then its intent would be there
        return None if did is None or step is None or irreversible else (seen.screen, did, step)

    # -- notes

    def _note(self, trace: Trace, note: Note) -> None:
        data, past = note.data, self.past
        match note.topic:
            case "scope":
                self._spend(data)
                apps = tuple(map(str, data.get("apps", ())))
                scope = scope_of_words(self._words, apps, apps, for_good=bool(data.get("for_good")))
                past.scope = scope if isinstance(scope, Scope) else None
                past.wanted = tuple(name for name in map(str, data.get("results", ())) if is_name(name))
            case "decision":
                self._spend(note.data)
                self._decision(trace, note)
            case "prefix":  # chosen by memory and not by a model
                self._decision(trace, note)
            case "refused":
                self._chosen = None
                past.watch.not_done()
                past.way.refused(note.says)
            case "divergence":
                self._expected = str(data.get("expected", ""))
            case "miss":
                past.deciding = True
                past.way.miss(int(data.get("index", 0)), done=self._expected == "after")
            case "resume":
                past.deciding = False
                self._finish(trace, self._last)
            case "result":
                self._result(note)
            case "waiting" if data.get("kind") == "model":
                past.watch.questions += 1
            case "answer" if data.get("kind") == "model" and data.get("answered"):
                past.way.answers.append((str(data.get("quoted", "")), note.says))
                self._chosen = None
            case "consent" if note.says.startswith("refuse"):
                past.watch.denials += 1
                self._chosen = None
            case _:
                pass

    def _decision(self, trace: Trace, note: Note) -> None:
        number = note.data.get("screen")
        if not isinstance(number, int):
            return
        self._finish(trace, number)
        choice = Choice.model_validate(note.data["choice"])
        seen = see(screen_of(trace, number))
        self.past.watch.saw(content(seen.screen))
        self.past.watch.waits += choice.act == "wait"
        self._chosen = choice, seen

    def _result(self, note: Note) -> None:
        """What was reported stands for what it was then: the page it stood on may be left by now."""
        self.past.results[note.says] = str(note.data.get("value", ""))
        if self._chosen is None:
            return
        choice, seen = self._chosen
        told = noted(choice, seen, (note.says,))
        if isinstance(told, Noted):
            self.past.watch.did(seen.text, choice.key)
            self.past.way.add(Done(seen.screen, told, seen.screen), for_good=False)
        self._chosen = None

    def _spend(self, data: Mapping[str, object]) -> None:
        tokens, seconds, joules = data.get("tokens"), data.get("seconds"), data.get("joules")
        self.past.spent += Spent(
            1,
            tokens if isinstance(tokens, int) else 0,
            seconds=float(seconds) if isinstance(seconds, int | float) else 0.0,
            joules=float(joules) if isinstance(joules, int | float) else None,
            estimated=bool(data.get("tokens_estimated")),
        )

    # -- steps

    def _intent(self, intent: Intent, trace: Trace, answers: Mapping[int, Answer]) -> None:
        """An irreversible step whose outcome no journal tells is done if the owner says so."""
        if any(isinstance(one, StepDone) and one.index == intent.index for one in trace.events):
            return
        if answers.get(intent.index) == "done":
            if self._recipe is not None and intent.index < len(self._recipe.steps):
                self.past.way.path.append(intent.index)
            elif self._chosen is not None and (did := did_of(*self._chosen)) is not None:
                self._was_done(did, step_of(did, self._chosen[1], intent.step_id), None)
            self.past.before = (*self.past.before, intent.says)
        self._chosen = None

    def _step(self, trace: Trace, event: StepDone) -> None:
        past = self.past
        decided = event.level == "decided" or self._recipe is None  # a new task has no step that is not chosen
        if not decided:
            self._finish(trace, self._last)
            if event.result in _GONE_ON:
                past.way.path.append(event.index)
                self._read_out(trace, event)
                past.rested = None if event.after is None else screen_of(trace, event.after)
        elif event.result not in _GONE_ON:
            if event.action is not None:  # one that was only asked about is asked about again, as the same
                past.way.whole = False
                past.way.steps.append(step_from_data(event.step))
        elif self._chosen is not None and (did := did_of(*self._chosen)) is not None:
            self._was_done(did, step_from_data(event.step), event.after)
        if decided:
            self._chosen = None
        if event.result == "done":
            past.before = (*past.before, fill(str(event.step.get("says", "")), self._values))

    def _read_out(self, trace: Trace, event: StepDone) -> None:
        """A remembered reading that was done is told by the screen it was made on."""
        step = step_from_data(event.step)
        if not isinstance(step.move, ReadOut) or event.after is None:
            return
        screen = screen_of(trace, event.after)
        found = located(step, screen, self._values)
        if isinstance(found, Found):
            self.past.results[step.move.name] = read(screen, found)

    def _was_done(self, did: Did, step: Step, after: int | None) -> None:
        assert self._chosen is not None
        choice, seen = self._chosen
        past = self.past
        past.way.steps.append(step)
        past.watch.did(page_key(seen, did), act_key(choice, seen))
        past.way.did(did, step, seen.screen, self._values)
        past.deciding = True
        self._after = after

    def _finish(self, trace: Trace, number: int | None) -> None:
        """This screen is what came of the last decided step."""
        if self.past.way.begun is not None and number is not None:
            self.past.way.seen(screen_of(trace, number))
            self._after = None


def _seconds(trace: Trace) -> float:
    """How long a run had taken when its journal ends."""
    times = [event.at for event in trace.events if isinstance(event, Note)]
    times += [event.taken_at for event in trace.events if isinstance(event, ScreenSeen)]
    if not times:
        return 0.0
    last = max(map(datetime.fromisoformat, times))
    return max(0.0, (last - datetime.fromisoformat(trace.header.started_at)).total_seconds())
