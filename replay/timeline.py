"""What a trace tells, step by step: each step with its screens, target, checks and times, ready to be shown.

The one reading of a trace that the report, the listing, the diff and the exports share. Checks are judged again on the
recorded screens, so a timeline says what held and not what somebody claimed. Pure. A step or screen that cannot be used
is left empty and named in `problems`; nothing raises for the content of a trace.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from device.actions import Size
from device.protocol import Foreground, LockState, Reading
from perception.element import ACTIONABLE, Bounds, Element
from perception.errors import PerceptionError
from perception.locate import Found
from perception.screen import Screen
from replay.checks import judge
from replay.errors import ReplayError
from replay.progress import check_says
from replay.readout import located
from replay.recipe import Recipe, Step, step_from_data
from replay.scrolling import content
from replay.slots import fill
from replay.trace import Intent, Note, ScreenSeen, StepDone, Trace

_LOCKS: dict[str, LockState] = {"unlocked": "unlocked", "swipe": "swipe", "secure": "secure"}


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A check judged on the recorded screen. `holds` is None where there is no screen to judge it on."""

    when: str  # "before" or "after"
    says: str
    holds: bool | None
    seen: str


@dataclass(frozen=True, slots=True)
class Moment:
    """One step of a trace. `number` counts from 1 in the order recorded; `at_s` is since the trace began.

    `target` is the box of what was acted on, in px of the screen `before`; `point` where the finger went.
    """

    number: int
    index: int
    says: str
    step: Step | None
    action: Mapping[str, Any] | None
    level: str
    result: str
    before: int | None
    after: int | None
    at_s: float | None
    duration_s: float
    reasons: tuple[str, ...]
    checks: tuple[CheckLine, ...]
    target: Bounds | None
    point: tuple[int, int] | None
    irreversible: bool
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A trace told. `notes` are those after the last step; `doubtful` the irreversible steps nobody knows about."""

    trace: Trace
    moments: tuple[Moment, ...]
    notes: tuple[Note, ...]
    doubtful: tuple[Intent, ...]
    screens: Screens
    problems: tuple[str, ...]

    @property
    def divergence(self) -> Note | None:
        """Where the run could not go on, as the runner noted it."""
        every = (*(note for moment in self.moments for note in moment.notes), *self.notes)
        return next((note for note in reversed(every) if note.topic == "divergence"), None)


@dataclass(slots=True)
class Screens:
    """The screens of a trace by number, parsed when asked for. What cannot be used is None and named in `problems`."""

    trace: Trace
    problems: list[str] = field(default_factory=list)
    _seen: dict[int, ScreenSeen] = field(default_factory=dict)
    _parsed: dict[int, Screen | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        seen = (event for event in self.trace.events if isinstance(event, ScreenSeen))
        self._seen = {event.number: event for event in seen if isinstance(event.number, int)}

    def seen(self, number: int | None) -> ScreenSeen | None:
        """The record of a screen, unparsed; None if the trace has none of this number."""
        return self._seen.get(number) if isinstance(number, int) else None

    def numbers(self) -> tuple[int, ...]:
        """The numbers of all recorded screens, in order."""
        return tuple(self._seen)

    def get(self, number: int | None) -> Screen | None:
        """The screen of this number, parsed once; None if it is missing or cannot be used."""
        if not isinstance(number, int):
            return None
        if number not in self._parsed:
            self._parsed[number] = self._parse(number)
        return self._parsed[number]

    def _parse(self, number: int) -> Screen | None:
        seen = self._seen.get(number)
        if seen is None:
            self.problems.append(f"screen {number} is named, and was not recorded")
            return None
        try:
            return Screen.of(reading_of_seen(self.trace.screens, seen))
        except KeyError:
            self.problems.append(f"the elements of screen {number} are missing")
        except (PerceptionError, ValueError, TypeError) as error:
            self.problems.append(f"screen {number} cannot be read ({error})")
        return None


def timeline(trace: Trace) -> Timeline:
    """Tells a trace."""
    teller = _Teller(trace)
    for event in trace.events:
        if isinstance(event, Note):
            teller.waiting.append(event)
        elif isinstance(event, StepDone):
            try:
                teller.tell(event)
            except (TypeError, ValueError, KeyError, AttributeError) as error:  # a line may say anything
                teller.problems.append(f"a step cannot be told ({error})")
    return Timeline(
        trace, tuple(teller.moments), tuple(teller.waiting), trace.open_intents(), teller.screens,
        (*teller.problems, *teller.screens.problems),
    )  # fmt: skip


def reading_of_seen(screens: Mapping[str, str], seen: ScreenSeen) -> Reading:
    """The reading a recorded screen was made of. `screens` are the hierarchies by their hashes.

    Raises:
        KeyError: its hierarchy is not there. ValueError, TypeError: its line says something impossible.
    """
    return Reading(
        serial="", taken_at=datetime.fromisoformat(seen.taken_at), hierarchy=screens[seen.hierarchy],
        size=Size(seen.width_px, seen.height_px), rotation=seen.rotation,
        foreground=Foreground(seen.package, seen.activity), keyboard_shown=seen.keyboard_shown,
        screen_on=seen.screen_on, lock=_LOCKS.get(seen.lock, "unlocked"),
    )  # fmt: skip


def recipe_of(trace: Trace) -> Recipe:
    """The steps a trace holds, as a recipe; of a step recorded twice the last.

    Raises:
        RecipeInvalid: it holds none, or one that cannot be used; the message names it.
    """
    steps: dict[str, Step] = {}
    for one in trace.steps():
        step = step_from_data(one.step)
        steps[step.id] = step
    header = trace.header
    return Recipe(
        id=header.recipe_id or header.trace_id, name=header.name, task=header.task, steps=tuple(steps.values()),
        slots=tuple(header.values),
    )  # fmt: skip


def says_of_step(one: StepDone, step: Step | None, values: Mapping[str, str]) -> str:
    """A recorded step in words, as well as they are known."""
    if step is not None:
        try:
            return fill(step.says, values)
        except PerceptionError:
            return step.says
    said = one.step.get("says") if isinstance(one.step, Mapping) else None
    if isinstance(said, str) and said:
        return said
    if isinstance(one.action, Mapping):
        return str(one.action.get("action", "?")).replace("_", " ")
    return one.reasons[0] if one.reasons else f"step {one.index + 1}"


class _Teller:
    """Moments made in order, with what could not be told."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        values = trace.header.values if isinstance(trace.header.values, Mapping) else {}
        self.values = {str(slot): str(value) for slot, value in values.items()}
        self.screens = Screens(trace)
        self.moments: list[Moment] = []
        self.waiting: list[Note] = []
        self.problems: list[str] = []
        self._start = _time(trace.header.started_at)

    def tell(self, one: StepDone) -> None:
        number = len(self.moments) + 1
        step = self._step(one, number)
        before, after = self.screens.get(one.before), self.screens.get(one.after)
        element = _target(before, step, one.action, self.values)
        at = _time(one.started_at)
        known = at is not None and self._start is not None
        moment = Moment(
            number=number, index=one.index, says=says_of_step(one, step, self.values), step=step, action=one.action,
            level=one.level, result=one.result, before=one.before, after=one.after,
            at_s=(at - self._start).total_seconds() if known and at and self._start else None,
            duration_s=one.duration_s if isinstance(one.duration_s, int | float) else 0.0,
            reasons=tuple(map(str, one.reasons)), checks=self._checks(step, before, after),
            target=None if element is None else element.bounds, point=_point(one.action),
            irreversible=step is not None and step.for_good, notes=tuple(self.waiting),
        )  # fmt: skip
        self.waiting = []
        self.moments.append(moment)

    def _step(self, one: StepDone, number: int) -> Step | None:
        if not one.step:
            return None
        try:
            return step_from_data(one.step)
        except (ReplayError, PerceptionError) as error:
            self.problems.append(f"step {number} has no usable evidence ({error})")
            return None

    def _checks(self, step: Step | None, before: Screen | None, after: Screen | None) -> tuple[CheckLine, ...]:
        if step is None:
            return ()
        same = before is not None and after is not None and content(before) == content(after)
        lines = []
        for when, checks, screen in (("before", step.before, before), ("after", step.after, after)):
            for check in checks:
                try:
                    verdict = None if screen is None else judge(check, screen, self.values, unchanged=same)
                    says = check_says(check, self.values)
                except PerceptionError as error:
                    lines.append(CheckLine(when, str(error), None, "it cannot be judged"))
                    continue
                seen = "there is no screen to judge it on" if verdict is None else verdict.says
                lines.append(CheckLine(when, says, None if verdict is None else verdict.holds, seen))
        return tuple(lines)


def _target(
    screen: Screen | None, step: Step | None, action: Mapping[str, Any] | None, values: Mapping[str, str]
) -> Element | None:
    """What was acted on: what holds the point touched, else what the step's evidence finds, else the field."""
    if screen is None:
        return None
    if step is not None and step.target is not None:
        try:
            answer = located(step, screen, values)
        except PerceptionError:
            answer = None
        if isinstance(answer, Found):
            return screen.elements[answer.element.index]
    if point := _point(action):
        return _under(screen, *point)
    typed = isinstance(action, Mapping) and action.get("action") == "input_text"
    return next((one for one in screen.visible_elements() if typed and one.focused and one.editable), None)


def _under(screen: Screen, x_px: int, y_px: int) -> Element | None:
    """The smallest thing that takes touches there, else the smallest of all."""
    here = [
        one
        for one in screen.visible_elements()
        if one.bounds.left <= x_px < one.bounds.right and one.bounds.top <= y_px < one.bounds.bottom
    ]
    takers = [one for one in here if one.flags & ACTIONABLE or one.editable]
    return min(takers or here, key=lambda one: one.bounds.area_px, default=None)


def _point(action: Mapping[str, Any] | None) -> tuple[int, int] | None:
    at = action.get("at") or action.get("start") if isinstance(action, Mapping) else None
    try:
        return (int(at["x_px"]), int(at["y_px"])) if isinstance(at, Mapping) else None
    except (KeyError, TypeError, ValueError):
        return None


def _time(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
