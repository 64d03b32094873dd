"""The recorder: what a person's finger did, from gestures and snapshots of the screen. Pure; times come with both.

Between two gestures lie snapshots. The last of them is the screen the next gesture was made on, and what the one before
it led to - if it shows a screen at rest: two readings in a row that say the same, both begun after the last finger left
and ended before the next came, and not old. A gesture without one is `Unclear`, with the reason, and never guessed.
Typing is told by what the field said before and after, not by the keys, so it does not matter how it was typed; what
goes into a password field becomes a `secret://` reference. What is recorded is raw: `replay.recorder_tidy` leaves out
what a replay does by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from perception.element import Element
from perception.screen import Screen
from replay.distill import Done, Typed, says_of
from replay.gestures import Deed, HoldAt, KeyPressed, SwipeAlong, TapAt, TextEntered
from replay.passwords import SECRET, secret_name
from replay.recorder_effect import Effect, Ignored, Unnamed, effect_of, is_interruption, rest_key
from replay.recorder_touch import KeyboardKey, Under, focused_field, under
from replay.recorder_typing import Typing, field_again, text_of, typed

LAG_S: Final = 0.1  # by so much touches may be told late: a reading ended within it may have overlapped the touch
SNAPSHOT_AGE_MAX_S: Final = 3.0  # a slow phone reads its screen within 1 to 2 s; an older picture proves nothing
EDITING: Final = ("delete", "left", "right")  # keys that only change a text: told by what the field says in the end
MOVING: Final = "the screen was still changing when you touched it; wait for it to rest"
UNSEEN: Final = "the screen had not been seen since your last touch; go a little slower"

What: TypeAlias = Literal["tap", "double tap", "long press", "swipe", "typing", "key"]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One reading of the screen, with when it was begun and had ended."""

    screen: Screen
    begun_s: float
    ended_s: float


@dataclass(frozen=True, slots=True)
class Unclear:
    """Something the teacher did that is not known. `place` in px; None where it would tell what was typed."""

    what: What
    place: tuple[int, int] | None
    at_s: float
    why: str


@dataclass(frozen=True, slots=True)
class Noticed:
    """For the teacher's eyes: what has just been understood, or not."""

    kind: Literal["seen", "step", "unclear", "note"]
    says: str


@dataclass(frozen=True, slots=True)
class Recording:
    """All of a demonstration, raw and in order."""

    done: tuple[Done, ...]
    unclear: tuple[Unclear, ...]
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Run:
    """Readings in a row that say the same; the latest screen of them."""

    screen: Screen
    key: int
    readings: list[tuple[float, float]]


@dataclass(slots=True)
class _Pending:
    """A gesture whose effect is awaited."""

    deed: Deed
    before: Screen
    target: Under
    times: int = 1
    told: str = ""


@dataclass
class Recorder:
    """Feed it every snapshot and every gesture, in any order of arrival; gestures among themselves as they happened.

    Args:
        launchers: packages known to be home screens, beside those whose name says so.
        name_secret: the name to keep a password under; asked once a field.
        on_done: hears of each `Done` when it is certain, as raw as it is.
        on_unclear: hears of each `Unclear` as soon as it is one.
    """

    launchers: frozenset[str] = frozenset()
    name_secret: Callable[[Screen, Element], str] = field(
        default=lambda screen, element: secret_name(element.package or screen.package, element.entry)
    )
    on_done: Callable[[Done], None] = lambda _done: None
    on_unclear: Callable[[Unclear], None] = lambda _unclear: None

    def __post_init__(self) -> None:
        self.deeds = 0  # gestures taken in so far, wholly: what was seen before one no longer counts then
        self._runs: list[_Run] = []
        self._since_s = float("-inf")  # when the last finger left
        self._pending: _Pending | None = None
        self._typing: Typing | None = None
        self._done: list[Done] = []
        self._unclear: list[Unclear] = []
        self._notes: list[str] = []

    @property
    def ready(self) -> bool:
        """The screen has been seen at rest since the last gesture: the next one can be understood."""
        return bool(self._runs) and len(self._runs[-1].readings) > 1

    def understands(self, at_s: float) -> bool:
        """Whether a touch that comes now, at `at_s`, would be understood."""
        if not self.ready:
            return False
        return self._runs[-1].readings[1][1] <= at_s - LAG_S

    def saw(self, snapshot: Snapshot) -> list[Noticed]:
        """Takes in one reading; says what it shows the last gesture to have been."""
        if snapshot.begun_s < self._since_s:
            return []
        key = rest_key(snapshot.screen)
        times = (snapshot.begun_s, snapshot.ended_s)
        last = self._runs[-1] if self._runs else None
        if last is not None and last.key == key:
            last.readings.append(times)
            last.screen = snapshot.screen
        else:
            self._runs.append(_Run(snapshot.screen, key, [times]))
        return self._tell_pending() if self.ready and self._pending is not None else []

    def did(self, deed: Deed) -> list[Noticed]:
        """Takes in one gesture that has ended."""
        told = len(self._done), len(self._unclear), len(self._notes)
        before, after = self._split(deed)
        self._take(deed, before)
        self._runs = after
        self._since_s = deed.ended_s
        self.deeds += 1  # last: who waits for it asks next whether the screen has been seen since
        return self._news(*told)

    @property
    def certain(self) -> int:
        """How many things done are certain so far."""
        return len(self._done)

    def finish(self) -> Recording:
        """No more gestures come: the last ones are settled with what was seen since."""
        runs = [run for run in self._runs if len(run.readings) > 1]
        if runs:
            self._settle(runs, runs[-1].screen)
        elif self._pending is not None:
            self._not_clear(self._pending.deed, "its effect was not seen; wait a moment before you end the lesson")
            self._pending = None
        elif self._typing is not None and self._typing.keys:
            self._lose(Unclear("typing", None, self._since_s, UNSEEN))
        return Recording(tuple(self._done), tuple(self._unclear), tuple(self._notes))

    # -- one gesture

    def _take(self, deed: Deed, runs: list[_Run]) -> None:
        usable = _usable(runs, deed.started_s)
        seen = usable if isinstance(usable, Screen) else None
        if seen is not None and is_interruption(seen):
            self._notes.append("answered a dialog of the system, which is no step of the task")
            return
        if seen is None and self._is_second_tap(deed):
            assert self._pending is not None
            self._pending.times = 2
            return
        target = self._target(deed, seen)
        if seen is not None:
            self._settle(runs, seen, typing_on=isinstance(target, KeyboardKey))
        if isinstance(target, KeyboardKey):
            self._type(deed, target, seen, str(usable))
        elif seen is not None and target is not None:
            self._pending = _Pending(deed, seen, target)
        else:
            self._not_clear(deed, str(usable), place=False)  # where nobody knows the screen, it may be a keyboard's key

    def _target(self, deed: Deed, seen: Screen | None) -> Under | None:
        """What was touched. While keys are tapped quickly, the keyboard of the last screen at rest still counts."""
        if isinstance(deed, KeyPressed):
            in_field = self._typing is not None or (seen is not None and focused_field(seen) is not None)
            return KeyboardKey(False) if in_field and deed.key.key in EDITING else deed.key
        if isinstance(deed, TextEntered):
            return KeyboardKey(False)
        known = seen if seen is not None else self._typing.known if self._typing is not None else None
        return None if known is None else under(known, deed.x_px, deed.y_px)

    def _is_second_tap(self, deed: Deed) -> bool:
        """The second tap of a pair on the same thing, with nothing seen between: one gesture with the first."""
        pending = self._pending
        if pending is None or not isinstance(deed, TapAt) or deed.count != 2 or not isinstance(pending.target, Element):
            return False
        return under(pending.before, deed.x_px, deed.y_px) is pending.target

    def _type(self, deed: Deed, key: KeyboardKey, seen: Screen | None, why: str) -> None:
        if self._typing is None:
            element = None if seen is None else focused_field(seen)
            if seen is None or element is None:
                why = "no field has the focus that could take what is typed" if seen is not None else why
                self._not_clear(deed, why, place=False)
                return
            self._typing = Typing(seen, element)
        self._typing.pressed(key)

    # -- what happened between two gestures

    def _settle(self, runs: Sequence[_Run], now: Screen, *, typing_on: bool = False) -> None:
        """The screens up to `now` are what came of the last gesture, and of what was typed since."""
        rests = [run.screen for run in runs if len(run.readings) > 1]
        if self._typing is None:
            first = self._with_typing(rests, now)
            if self._pending is not None:
                self._keep(self._effect(self._pending, first), self._pending.deed)
                self._pending = None
            if first is not now:
                self._typing = Typing(first, self._field(first))
        if self._typing is not None:
            for screen in rests:
                if not self._typing.enter_acted(screen):
                    self._typing.seen_at(screen)
            if not (typing_on and self._typing.goes_on(now)):
                typing, self._typing = self._typing, None
                self._close(typing, now)

    def _with_typing(self, rests: Sequence[Screen], now: Screen) -> Screen:
        """The screen on which typing began that no key was seen of; `now` if nothing was typed."""
        for screen in rests:
            element = focused_field(screen)
            if element is None:
                continue
            again = field_again(now, screen, element)
            if again is not None and text_of(again) != text_of(element) and again.focused:
                return screen
        return now

    def _close(self, typing: Typing, now: Screen) -> None:
        outcome = typed(typing, now)
        if outcome.unclear:
            self._lose(Unclear("typing", None, self._since_s, outcome.unclear))
        for done in outcome.done:
            self._add(self._as_secret(done))

    def _as_secret(self, done: Done) -> Done:
        if not isinstance(done.did, Typed) or not done.did.element.password:
            return done
        name = self.name_secret(done.before, done.did.element)
        return Done(done.before, Typed(done.did.element, f"{SECRET}{name}"), done.after)

    def _field(self, screen: Screen) -> Element:
        element = focused_field(screen)
        assert element is not None
        return element

    def _effect(self, pending: _Pending, after: Screen) -> Effect:
        return effect_of(pending.deed, pending.before, pending.target, after, pending.times, launchers=self.launchers)

    def _keep(self, effect: Effect, deed: Deed) -> None:
        match effect:
            case Ignored(why):
                if why:
                    self._notes.append(why)
            case Unnamed(why, secret):
                self._not_clear(deed, why, place=not secret)
            case Done():
                self._add(effect)

    def _add(self, done: Done) -> None:
        self._done.append(done)
        self.on_done(done)

    def _lose(self, unclear: Unclear) -> None:
        self._unclear.append(unclear)
        self.on_unclear(unclear)

    def _not_clear(self, deed: Deed, why: str, *, place: bool = True) -> None:
        at = None if isinstance(deed, KeyPressed | TextEntered) or not place else (deed.x_px, deed.y_px)
        self._lose(Unclear(_what(deed), at, deed.started_s, why))

    # -- time

    def _split(self, deed: Deed) -> tuple[list[_Run], list[_Run]]:
        """The readings wholly before a gesture and those wholly after; what overlaps it shows neither."""
        before = [run for run in (_part(run, until_s=deed.started_s - LAG_S) for run in self._runs) if run.readings]
        after = [run for run in (_part(run, from_s=deed.ended_s) for run in self._runs) if run.readings]
        return before, after

    # -- telling

    def _tell_pending(self) -> list[Noticed]:
        pending = self._pending
        assert pending is not None
        effect = self._effect(pending, self._runs[-1].screen)
        says = says_of(effect) if isinstance(effect, Done) else effect.why
        if not says or says == pending.told:
            return []
        pending.told = says
        return [Noticed("seen", says)]

    def _news(self, done: int, unclear: int, notes: int) -> list[Noticed]:
        return [
            *(Noticed("step", says_of(one)) for one in self._done[done:]),
            *(Noticed("note", note) for note in self._notes[notes:]),
            *(Noticed("unclear", f"{one.what}: {one.why}") for one in self._unclear[unclear:]),
        ]


def _part(run: _Run, *, from_s: float = float("-inf"), until_s: float = float("inf")) -> _Run:
    inside = [times for times in run.readings if times[0] >= from_s and times[1] <= until_s]
    return _Run(run.screen, run.key, inside)


def _usable(runs: Sequence[_Run], at_s: float) -> Screen | str:
    """The screen a gesture was made on; or why it is not known."""
    if not runs:
        return UNSEEN
    last = runs[-1]
    if len(last.readings) < 2:
        return MOVING
    if at_s - last.readings[-1][1] > SNAPSHOT_AGE_MAX_S:
        return "the last look at the screen was too long ago when you touched it"
    return last.screen


def _what(deed: Deed) -> What:
    match deed:
        case TapAt():
            return "tap" if deed.count == 1 else "double tap"
        case HoldAt():
            return "long press"
        case SwipeAlong():
            return "swipe"
        case TextEntered():
            return "typing"
        case KeyPressed():
            return "key"
