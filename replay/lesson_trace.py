"""A lesson as a trace: what was taught, with the screens around each step, in the form every run leaves.

While the lesson goes on, `Journal` notes each thing done as soon as it is certain, with its screens: after a crash that
much is there. When the recipe is made, `write_lesson` writes the whole: one `step` line for each of the recipe's steps,
by the same index, so that the recipe can be held against the screens it came from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, assert_never

from device.actions import Action, DoubleTap, InputText, LongPress, OpenApp, Point, PressKey, Scroll, Tap, to_dict
from device.clock import Clock
from device.protocol import Foreground, Picture, Reading
from perception.element import Element
from perception.screen import Screen
from replay.distill import Done, Held, Keyed, Noted, Scrolled, Tapped, Typed, says_of
from replay.recipe import Recipe, step_to_data
from replay.recorder import Unclear
from replay.recorder_effect import rest_key
from replay.trace import READ_OFF, Header, StepDone
from replay.trace_writer import TraceWriter

ADVICE: Final = "advice"  # the topic of a note for whoever replays what was taught


class Journal:
    """What is done in a lesson, kept as it becomes certain. Each screen is kept once."""

    def __init__(
        self, writer: TraceWriter, serial: str, clock: Clock, pictures: Mapping[int, Picture] | None = None
    ) -> None:
        """`pictures` are those of screens at rest, by `rest_key`."""
        self._pictures = pictures or {}
        self._writer = writer
        self._serial = serial
        self._clock = clock
        self._numbers: dict[tuple[str, object], int] = {}

    def began(self, screen: Screen, start_activity: str) -> None:
        """What is in front when the lesson begins, and the activity its icon starts ("" where that is not known)."""
        data = {"package": screen.package, "activity": screen.activity, "start_activity": start_activity}
        self._writer.note("began", f"the lesson began on {screen.package}", self._clock.now().isoformat(), data)

    def did(self, done: Done) -> None:
        """Notes one thing done, with the screens before and after it."""
        action = action_of(done)
        data = {
            "did": did_to_data(done),
            "before": self.screen(done.before),
            "after": self.screen(done.after),
            "action": None if action is None else to_dict(action),
        }
        self._writer.note("taught", says_of(done), self._clock.now().isoformat(), data)

    def unclear(self, one: Unclear) -> None:
        """Notes what was done and could not be understood, and why."""
        where: dict[str, object] = {"what": one.what, "why": one.why}
        if one.place is not None:
            where |= {"x_px": one.place[0], "y_px": one.place[1]}
        self._writer.note("unclear", f"{one.what}: {one.why}", self._clock.now().isoformat(), where)

    def step(self, index: int, done: Done, step: dict[str, object]) -> None:
        """Writes one step of the recipe, as it stands there (`step_to_data`), with its screens and how long it took."""
        before, after = self.screen(done.before), self.screen(done.after)
        then, now = done.before.taken_at, done.after.taken_at
        assert then is not None and now is not None, "only screens of a device are recorded"
        action = action_of(done)
        self._writer.step(
            StepDone(
                index=index, step=step, action=None if action is None else to_dict(action), level="taught",
                result="done", before=before, after=after, started_at=then.isoformat(),
                duration_s=round((now - then).total_seconds(), 3), reasons=(says_of(done),),
            )
        )  # fmt: skip

    def screen(self, screen: Screen) -> int:
        """The number of this screen in the trace; writes it, with its picture if there is one, if it is new."""
        key = (screen.source_hash, screen.taken_at)
        if key not in self._numbers:
            picture = self._pictures.get(rest_key(screen)) if self._pictures else None
            self._numbers[key] = self._writer.screen(reading_of(screen, self._serial), picture)
        return self._numbers[key]


def write_lesson(
    folder: Path,
    header: Header,
    recipe: Recipe,
    steps: Sequence[Done],
    *,
    unclear: Sequence[Unclear] = (),
    notes: Sequence[str] = (),
    read_off: Sequence[str] = (),
    pictures: Mapping[int, Picture] | None = None,
    serial: str,
    clock: Clock,
) -> None:
    """Writes the trace a recipe was distilled from. `steps` are the recipe's, in order.

    `notes` are what whoever replays it should know; `read_off` are slots that held what a screen said; `pictures` are
    those of screens at rest, by `rest_key`.

    Raises:
        TraceError: the folder exists already.
    """
    with TraceWriter(folder, header) as writer:
        journal = Journal(writer, serial, clock, pictures)
        for index, (done, step) in enumerate(zip(steps, recipe.steps, strict=True)):
            journal.step(index, done, step_to_data(step))
        for one in unclear:
            journal.unclear(one)
        for says in notes:
            writer.note(ADVICE, says, clock.now().isoformat())
        if read_off:
            writer.note(READ_OFF, ", ".join(read_off), clock.now().isoformat(), {"slots": list(read_off)})
        receipt = {"steps": len(steps), "unclear": len(unclear)}
        writer.end("done", f"taught in {len(steps)} steps", clock.now().isoformat(), receipt)


def did_to_data(done: Done) -> dict[str, Any]:
    """What was done as plain data; elements by their number on the screen before. `replay.lesson_reading` reads it."""
    match done.did:
        case Tapped(element, times):
            return {"is": "tapped", "element": element.index, "times": times}
        case Held(element, duration_s):
            return {"is": "held", "element": element.index, "duration_s": duration_s}
        case Typed(element, text):
            return {"is": "typed", "element": element.index, "text": text}
        case Keyed(text, shows, blank):
            return {"is": "keyed", "text": text, "shows": shows, "blank": blank}
        case Scrolled(direction, scroller):
            return {"is": "scrolled", "direction": direction, "element": None if scroller is None else scroller.index}
        case Noted(element, name):
            return {"is": "noted", "element": element.index, "name": name}
        case PressKey(key):
            return {"is": "pressed", "key": key}
        case OpenApp(package):
            return {"is": "opened", "package": package, "called": done.called}
        case _:
            assert_never(done.did)


def reading_of(screen: Screen, serial: str) -> Reading:
    """The reading a screen was made of."""
    source = screen.source if isinstance(screen.source, str) else screen.source.decode("utf-8", "surrogatepass")
    assert screen.taken_at is not None, "only screens of a device are recorded"
    return Reading(
        serial=serial, taken_at=screen.taken_at, hierarchy=source, size=screen.size, rotation=screen.rotation,
        foreground=Foreground(screen.package, screen.activity), keyboard_shown=screen.keyboard_shown,
        screen_on=screen.screen_on, lock=screen.lock,
    )  # fmt: skip


def action_of(done: Done) -> Action | None:
    """What was done, as an action on the screen it was done on; None where that screen has no place for it."""
    match done.did:
        case PressKey() | OpenApp() as action:
            return action
        case Typed(_, text) | Keyed(text):
            return InputText(text, replace=True)
        case Tapped(element, times):
            point = done.before.point_on(element)
            return None if point is None else DoubleTap(point) if times == 2 else Tap(point)
        case Held(element, duration_s):
            point = done.before.point_on(element)
            return None if point is None else LongPress(point, duration_s)
        case Scrolled(direction, element):
            corners = _corners(done.before, element)
            return None if corners is None else Scroll(direction, *corners)
        case Noted():
            return None


def _corners(screen: Screen, element: Element | None) -> tuple[Point, Point] | None:
    size = screen.size
    box = (0, 0, size.width_px, size.height_px) if element is None else element.bounds
    left, top = max(0, box[0]), max(0, box[1])
    right, bottom = min(size.width_px, box[2]) - 1, min(size.height_px, box[3]) - 1
    if right <= left or bottom <= top:
        return None
    return Point(left, top, size), Point(right, bottom, size)
