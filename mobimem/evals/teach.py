"""`mobimem eval teach`: a task taught by touching the phone and by a viewer's page gives the same recipe, and that does
its task again and again with other values.

In process, on a clock that is moved by hand. A scripted finger finds what to touch by its words; on the page it works
through `DeviceView`, as a person's mouse does, and types on the soft keyboard or on the computer's in turns. The whole
recipe is compared, evidence included. A replay is done when the phone's own store has exactly the one new message.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from device.clock import ManualClock
from device.protocol import Touch
from device.virtual.direct import DirectDevice
from device.virtual.phone import VirtualPhone
from device.virtual.window.gestures import Contact
from device.virtual.window.layout import FixedMeasure
from mobimem.evals.about import about
from mobimem.service.demo import NAME, show
from mobimem.service.finger import DirectGlass, Finger
from mobimem.service.teach import Request, recipe_of
from perception.screen import Screen
from replay.commands import Decision
from replay.gestures import Fingers
from replay.proposals import propose_slots
from replay.recipe import Recipe, Step, to_data
from replay.recorder import Recorder, Recording, Snapshot
from replay.recorder_tidy import tidy
from replay.runner import Runner
from replay.teaching_view import DeviceView

Way = Literal["finger", "page"]
READS = 3  # looks at the screen between two touches
READ_S = 0.1
PAUSE_S = 0.3
SHOWN_TO = ("Alice", "Bob", "Carol", "Frank", "Maria", "Emma Wilson", "David Miller")
SHOWN_WORDS = ("See you at eight", "on my way", "call me back, please", "Thanks a lot", "the keys are on the table")
SENT_WORDS = (
    "I'm running late",
    "Ich komme später",
    "明天见",
    "50 % off? {no}",
    "ok",
    "Wo bist du? 🙂",
    "line one, two",
)


@dataclass
class _Lesson:
    """One lesson on a phone of its own, without threads: the recorder looks after each touch."""

    way: Way
    clock: ManualClock = field(default_factory=ManualClock)

    def __post_init__(self) -> None:
        self.phone = VirtualPhone(clock=self.clock, measure=FixedMeasure())
        self.device = DirectDevice(self.phone)
        self.recorder = Recorder()
        self._fingers = Fingers()
        if self.way == "finger":
            self.phone.touches.subscribe(self._felt)
        self._look()

    def teach(self, values: Mapping[str, str], *, by_keys: bool) -> Recording:
        if self.way == "finger":
            show(Finger(self.device, DirectGlass(self.phone), self._look, clock=self.clock), values)
        else:
            view = DeviceView(self.device, self.recorder.did, clock=self.clock)
            show(
                _Page(self.device, _Mouse(view, self.clock), self._look, self.clock, view=view, by_keys=by_keys), values
            )
        return self.recorder.finish()

    def _felt(self, contact: Contact) -> None:
        touch = Touch(contact.phase, int(contact.x_px), int(contact.y_px), contact.at_s)
        if (deed := self._fingers.feed(touch, self.phone.windows.frame().size)) is not None:
            self.recorder.did(deed)

    def _look(self, _touches: int = 0) -> None:
        self.clock.advance(PAUSE_S)
        for _ in range(READS):
            begun_s = self.clock.monotonic_s()
            screen = Screen.of(self.device.read())
            self.clock.advance(READ_S)
            self.recorder.saw(Snapshot(screen, begun_s, self.clock.monotonic_s()))
        self.clock.advance(PAUSE_S)


class _Mouse:
    """The viewer's page as a glass."""

    def __init__(self, view: DeviceView, clock: ManualClock) -> None:
        self._view = view
        self._clock = clock

    def touch(self, x_px: int, y_px: int, duration_s: float) -> None:
        self._view.touch("down", x_px, y_px)
        self._clock.advance(duration_s)
        self._view.touch("up", x_px, y_px)

    def swipe(self, x1: int, y1: int, x2: int, y2: int, duration_s: float) -> None:
        self._view.touch("down", x1, y1)
        self._clock.advance(duration_s)
        self._view.touch("move", x2, y2)
        self._view.touch("up", x2, y2)


class _Page(Finger):
    """A person at the page, who types on the phone's keyboard or on the computer's."""

    def __init__(
        self,
        device: DirectDevice,
        mouse: _Mouse,
        touched: Callable[[int], object],
        clock: ManualClock,
        *,
        view: DeviceView,
        by_keys: bool,
    ) -> None:
        super().__init__(device, mouse, touched, clock=clock)
        self._look, self._view, self._by_keys = touched, view, by_keys

    def type(self, text: str) -> None:
        if self._by_keys:
            super().type(text)
            return
        self._view.type(text)
        self._look(0)


def taught(way: Way, values: Mapping[str, str], *, by_keys: bool = True) -> Recipe | str:
    """The recipe of one lesson; or in words what was unclear."""
    recording = _Lesson(way).teach(values, by_keys=by_keys)
    if recording.unclear:
        return "; ".join(f"{one.what}: {one.why}" for one in recording.unclear)
    steps = tidy(recording.done)
    request = Request(NAME, f"text {values['contact']} that {values['message']}")
    return recipe_of(request, steps, propose_slots(request.task, steps))


def evaluate(*, lessons: int = 20, replays: int = 100, seed: int = 1) -> dict[str, Any]:
    """Runs both parts and returns the figures as JSON data."""
    draw = random.Random(seed)
    compared = [_compare(draw, by_keys=number % 2 == 0) for number in range(lessons)]
    recipe = taught("finger", {"contact": "Bob", "message": "See you at eight"})
    if isinstance(recipe, str):
        raise AssertionError(recipe)
    return {
        "eval": "teach",
        "seed": seed,
        "taught": {
            "n": lessons,
            "same_recipe": sum(not one for one in compared),
            "differences": [one for one in compared if one],
        },
        "replayed": _replayed(recipe, draw, replays),
        **about(),
    }


def _compare(draw: random.Random, *, by_keys: bool) -> str:
    """ "" if both ways give the same recipe, else what differs."""
    values = {"contact": draw.choice(SHOWN_TO), "message": draw.choice(SHOWN_WORDS)}
    by_finger, by_page = taught("finger", values), taught("page", values, by_keys=by_keys)
    if isinstance(by_finger, str) or isinstance(by_page, str):
        return f"{values}: finger {by_finger if isinstance(by_finger, str) else 'clear'}, page {by_page}"
    if set(by_finger.slots) != set(values):
        return f"{values}: the slots proposed are {by_finger.slots}"
    one, other = to_data(by_finger), to_data(by_page)
    if one == other:
        return ""
    pairs = zip(one["steps"], other["steps"], strict=False)
    differ = [step["says"] for step, same in pairs if step != same]
    return f"{values}: {len(one['steps'])} and {len(other['steps'])} steps; {differ}"


@dataclass(frozen=True, slots=True)
class _Covered:
    """The printed policy of this evaluation: sending is covered by the request, which names contact and message."""

    values: Mapping[str, str]

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        return "run" if values == self.values and "Send" in says else "refuse"


def _replayed(recipe: Recipe, draw: random.Random, replays: int) -> dict[str, Any]:
    clock = ManualClock()
    phone = VirtualPhone(clock=clock, measure=FixedMeasure())
    device = DirectDevice(phone)
    failed: list[str] = []
    for _ in range(replays):
        values = {"contact": draw.choice(SHOWN_TO), "message": f"{draw.choice(SENT_WORDS)} {draw.randrange(1000)}"}
        before = len(_sent(phone))
        result = Runner(device, _Covered(values), clock=clock).run(recipe, values)
        sent = _sent(phone)[before:]
        expected = [(_number_of(phone, values["contact"]), values["message"])]
        if result.outcome != "done" or sent != expected:
            failed.append(f"{values}: {result.says}; sent {sent}")
    return {"n": replays, "done": replays - len(failed), "model_calls": 0, "failed": failed}


def _sent(phone: VirtualPhone) -> list[tuple[str, str]]:
    """(number, text) of the messages this phone has sent, oldest first."""
    rows = sorted(phone.store.table("sms").rows(), key=lambda row: int(row["_id"]))
    return [(str(row["address"]), str(row["body"])) for row in rows if row["type"] == 2]


def _number_of(phone: VirtualPhone, name: str) -> str:
    return next(str(row["phone"]) for row in phone.store.table("contacts").rows() if row["name"] == name)
