"""Use case: the demo. A task is taught by touching a virtual phone, then done for others from memory alone.

Everything is real except the phone: the adb server is adb's own (a private one, on a free port), the client is
unmodified uiautomator2, the lesson is read from the phone's `getevent`, and the outcome from the phone's message store
through `content query`, not from our own record. While it replays, a permission request pops up; then the app is
"updated" and looks different. No model is called; there is none.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from device.android import adb
from device.android.content import query
from device.android.own_server import OwnAdbServer
from device.android.wire import Wire
from device.errors import DeviceError
from device.open import open_device
from device.protocol import Device
from device.virtual.phone import PhoneConfig
from mobimem.errors import MobimemError, NotDone
from mobimem.service.finger import Finger, WireGlass
from mobimem.service.phone import running_phone
from mobimem.service.teach import Request, Taught, teach_on
from replay.library import Library
from replay.player import Decision, Progress
from replay.recipe import Recipe, Step
from replay.recorder import Noticed
from replay.runner import Runner, RunResult
from replay.teaching import Teaching

SENT = "2"  # Android's Telephony.Sms.MESSAGE_TYPE_SENT
NAME = "text-someone"
MESSAGES = "com.android.messaging"
SHOWN = {"contact": "Bob", "message": "See you at eight"}
ALICE = {"contact": "Alice", "message": "I'm running late"}
CAROL = {"contact": "Carol", "message": "Happy birthday!"}
PERMISSION = "android.permission.RECORD_AUDIO"
UPDATE = "move reword reorder-lists seed=3"
LESSON_MAX_S = 120.0


@dataclass(frozen=True, slots=True)
class Message:
    address: str
    body: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """One task done from memory. `done` is judged on the phone's own store: exactly this one new message."""

    done: bool
    task: str
    trouble: str
    run: RunResult
    sent: tuple[Message, ...]
    expected: Message


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the demo did. `saved_s` is how much less the replays took than the same by hand, as it was taught."""

    done: bool
    serial: str
    taught: Taught
    replays: tuple[Replayed, ...]
    model_calls: int
    saved_s: float


@dataclass(frozen=True, slots=True)
class DemoPolicy:
    """The demo's printed policy: the words of a request cover sending exactly this text to exactly this person."""

    asked: Mapping[str, str]

    words = "send: yes, this text to this person, because the request names both; everything else: refuse"

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        covered = values == self.asked and step.id.startswith(f"{NAME}-") and "Send" in says
        return "run" if covered else "refuse"


Tell = Callable[[str, str], None]


def run_demo(
    *, tell: Tell = lambda _kind, _words: None, on_step: Callable[[Progress], None] = lambda _: None, view: bool = False
) -> DemoResult:
    """Runs the demo.

    Args:
        tell: hears of each stage: (kind, words), kind being "stage", "taught", "kept", "policy", "trouble" or "view".
        on_step: hears of each replayed step.
        view: serve a page with the live picture; its address comes through `tell`.

    Raises:
        AdbUnavailable, DeviceError, NotDone: as their next step says; nothing is left running.
    """
    with (
        OwnAdbServer() as server,
        running_phone(PhoneConfig(), port=0, view=view, adb_port=server.port) as (phone, _),
        tempfile.TemporaryDirectory(prefix="mobimem-demo-") as folder,
    ):
        tell("stage", f"A virtual phone runs as {phone.serial}, connected to adb at port {server.port}.")
        if phone.view_url:
            tell("view", phone.view_url)
        device = open_device(phone.serial, adb_port=server.port)
        wire = Wire(adb.server(server.port), phone.serial)
        try:
            library = Library(Path(folder) / "recipes")
            tell("stage", f"A finger shows it once: {_words(SHOWN)}")
            taught = teach_by_finger(device, wire, library, tell)
            for step in taught.steps:
                tell("kept", step.says)
            recipe = library.load(NAME).recipe
            play = _Play(device, wire, recipe, tell, on_step)
            tell("policy", DemoPolicy.words)
            replays = (play.interrupted(ALICE), play.updated(CAROL))
        finally:
            device.close()
    saved_s = sum(taught.seconds - one.run.duration_s for one in replays if one.done)
    return DemoResult(
        all(one.done for one in replays), phone.serial, taught, replays, model_calls=0, saved_s=round(saved_s, 3)
    )


def teach_by_finger(device: Device, wire: Wire, library: Library, tell: Tell) -> Taught:
    """Teaches the task: a thread moves the finger, this one watches it as it would a person's.

    Raises:
        NotDone: the finger did not find its way, or nothing was kept.
    """
    hand = _Hand(device, wire)

    def heard(notice: Noticed) -> None:
        if notice.kind in ("step", "unclear"):
            tell("taught", notice.says)

    request = Request(NAME, _words(SHOWN))
    try:
        taught = teach_on(device, request, library, on_start=hand.start, on_notice=heard)
    finally:
        hand.end()
    return taught


@dataclass
class _Hand:
    """The finger in a thread of its own; it ends the lesson."""

    device: Device
    wire: Wire
    _thread: threading.Thread | None = None
    _failed: list[MobimemError | DeviceError] = field(default_factory=list)

    def start(self, teaching: Teaching, _url: str) -> None:
        self._thread = threading.Thread(target=self._show, args=(teaching,), name="finger")
        self._thread.start()

    def end(self) -> None:
        if self._thread is not None:
            self._thread.join()
        if self._failed:
            raise self._failed[0]

    def _show(self, teaching: Teaching) -> None:
        try:
            if not teaching.wait_until_seen(0, timeout_s=LESSON_MAX_S):
                raise NotDone("the lesson never saw the screen at rest")
            finger = Finger(self.device, WireGlass(self.wire), teaching.wait_until_seen)
            show(finger, SHOWN)
        except (MobimemError, DeviceError) as error:
            self._failed.append(error)
        finally:
            teaching.stop.set()


def show(finger: Finger, values: Mapping[str, str]) -> None:
    """The task as a person does it from the home screen."""
    finger.tap("Messages")
    finger.tap("Start chat")
    finger.tap(values["contact"])
    finger.tap("Text message")
    finger.type(values["message"])
    finger.tap("Send SMS")


@dataclass(frozen=True, slots=True)
class _Play:
    """Replays of the recipe that was taught."""

    device: Device
    wire: Wire
    recipe: Recipe
    tell: Tell
    on_step: Callable[[Progress], None]

    def interrupted(self, asked: Mapping[str, str]) -> Replayed:
        """As soon as the app comes to the front, the system asks for a permission in its name."""
        self.wire.run("input keyevent KEYCODE_HOME")
        self.wire.run(f"cmd vphone permission-dialog {PERMISSION} {MESSAGES}")
        self.tell("trouble", "a permission request will pop up over the app")
        return self._replay(asked, "a permission request popped up", self.on_step)

    def updated(self, asked: Mapping[str, str]) -> Replayed:
        """Things stand elsewhere and are called otherwise, and lists are in another order."""
        said = self.wire.run(f"cmd vphone drift {UPDATE}")
        self.tell("trouble", f"the apps are “updated”: {said.strip()}")
        return self._replay(asked, "the app had been updated", self.on_step)

    def _replay(self, asked: Mapping[str, str], trouble: str, on_step: Callable[[Progress], None]) -> Replayed:
        self.tell("stage", f"Asked: {_words(asked)}")
        before = len(messages(self.wire))
        run = Runner(self.device, DemoPolicy(asked), on_progress=on_step).run(self.recipe, asked)
        sent = tuple(messages(self.wire)[before:])
        expected = Message(number_of(self.wire, asked["contact"]), asked["message"])
        done = run.outcome == "done" and sent == (expected,)
        return Replayed(done, _words(asked), trouble, run, sent, expected)


def _words(values: Mapping[str, str]) -> str:
    return f"text {values['contact']} that {values['message']}"


def messages(wire: Wire) -> list[Message]:
    """What this phone has sent, from its own store, oldest first."""
    rows = query(wire, "content://sms", ("_id", "type", "address", "body"))
    sent = [row for row in rows if row["type"] == SENT]
    return [
        Message(row["address"] or "", row["body"] or "") for row in sorted(sent, key=lambda row: int(row["_id"] or 0))
    ]


def number_of(wire: Wire, name: str) -> str:
    """The phone number of a contact, from the phone's own store; "" if there is none of that name."""
    rows = query(wire, "content://com.android.contacts/data/phones", ("display_name", "data1"))
    return next((row["data1"] or "" for row in rows if row["display_name"] == name), "")
