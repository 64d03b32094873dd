"""Use case: the demo. A task is taught by touching a virtual phone, then asked for in free words and done from memory.

Everything is real except the phone: the adb server is adb's own (a private one, on a free port), the client is
unmodified uiautomator2, the lesson is read from the phone's `getevent`, words are understood and learnt as by
`mobimem do`, in a data folder of the demo's own, and the outcome is read from the phone's message store through
`content query`, not from our own record. While it replays, a permission request pops up; then the app is "updated" and
looks different. No model is called; there is none.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
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
from mobimem import folders
from mobimem.errors import MobimemError, NotDone
from mobimem.owner import owning
from mobimem.service.finger import Finger, WireGlass
from mobimem.service.learning import LearnReport, learn_run, learn_taught
from mobimem.service.memories import remember
from mobimem.service.phone import running_phone
from mobimem.service.recall import ReadyTasks, tasks_for
from mobimem.service.recipes import library
from mobimem.service.repairs import RepairLine, show_repair
from mobimem.service.replay import ReplayDone, run_on
from mobimem.service.teach import Request, Taught, teach_on
from replay.commands import Decision, Progress
from replay.library import Library
from replay.recipe import Step
from replay.recorder import Noticed
from replay.teaching import Teaching
from replay.trace import Note
from replay.trace_reader import read_trace

SENT = "2"  # Android's Telephony.Sms.MESSAGE_TYPE_SENT
NAME = "text-someone"
MESSAGES = "com.android.messaging"
SHOWN = {"contact": "Bob", "message": "See you at eight"}
MOTHER = "my mother is Maria"
PERMISSION = "android.permission.RECORD_AUDIO"
UPDATE = "reword rename-ids move reorder-lists seed=3"
LESSON_MAX_S = 120.0
HOME, ENCODER = "MOBIMEM_HOME", "embedder"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the demo asks for, in words, and what a person means by them: the judge's knowledge, not the agent's."""

    words: str
    means: Mapping[str, str]


BOB = Wish("tell Bob dinner is ready", {"contact": "Bob", "message": "dinner is ready"})
CAROL = Wish("let Carol know that I'm running late", {"contact": "Carol", "message": "I'm running late"})
MUM = Wish("text mum that the train is late", {"contact": "Maria", "message": "the train is late"})


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the phone's store has it."""

    address: str
    body: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """One task done from memory. `done` is judged on the phone's own store: exactly this one new message.

    `reading` is how the words were understood, with `reasons`; `detours` what had to be dealt with on the way;
    `healed` what was found again after an update, and `repairs` what became of it in the recipe.
    """

    done: bool
    words: str
    reading: str
    reasons: tuple[str, ...]
    confidence: float
    trouble: str
    run: ReplayDone
    detours: tuple[str, ...]
    healed: tuple[str, ...]
    repairs: tuple[str, ...]
    sent: tuple[Message, ...]
    expected: Message
    learnt: LearnReport


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
    """The demo's printed policy: a request covers sending exactly the text it means to exactly whom it means."""

    asked: Mapping[str, str]

    words = (
        "send: yes, exactly this text to exactly this person, as the request means it, also where the button was "
        "found again after an update; everything else: refuse"
    )

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        covered = values == self.asked and step.id.startswith(f"{NAME}-") and "Send" in says
        return "run" if covered else "refuse"

    def decide_changed(self, step: Step, says: str, changed: str, values: Mapping[str, str]) -> Decision:
        return self.decide(step, says, values)


Tell = Callable[[str, str], None]


def run_demo(
    *, tell: Tell = lambda _kind, _words: None, on_step: Callable[[Progress], None] = lambda _: None, view: bool = False
) -> DemoResult:
    """Runs the demo.

    Args:
        tell: hears of each stage: (kind, words), kind being "stage", "taught", "kept", "memory", "understood",
            "because", "policy", "trouble" or "view".
        on_step: hears of each replayed step.
        view: serve a page with the live picture; its address comes through `tell`.

    Raises:
        AdbUnavailable, DeviceError, NotDone: as their next step says; nothing is left running.
    """
    with (
        OwnAdbServer() as server,
        running_phone(PhoneConfig(), port=0, view=view, adb_port=server.port) as (phone, _),
        _own_data_folder() as home,
    ):
        tell("stage", f"A virtual phone runs as {phone.serial}, connected to adb at port {server.port}.")
        if phone.view_url:
            tell("view", phone.view_url)
        device = open_device(phone.serial, adb_port=server.port)
        wire = Wire(adb.server(server.port), phone.serial)
        try:
            tell("stage", f"A finger shows it once: {_words(SHOWN)}")
            taught = teach_by_finger(device, wire, library(), tell)
            for step in taught.steps:
                tell("kept", step.says)
            with owning(home, holder="mobimem demo") as memory:
                tell("memory", f"opened, without a model; {_embedder(memory.embedder.kind)}")
                tell_learnt(learn_taught(), tell)
                tell("policy", DemoPolicy.words)
                play = _Play(device, wire, tell, on_step)
                replays = (play.interrupted(BOB), play.updated(CAROL), play.about_somebody(MUM, MOTHER))
        finally:
            device.close()
    saved_s = sum(taught.seconds - one.run.receipt.seconds for one in replays if one.done)
    return DemoResult(
        all(one.done for one in replays), phone.serial, taught, replays, model_calls=0, saved_s=round(saved_s, 3)
    )


def tell_learnt(report: LearnReport, tell: Tell) -> None:
    """What memory took from something that was taught or done."""
    for line in report.learnt:
        tell("memory", f"{line.result}: {line.says}")
    if report.problem:
        tell("memory", report.problem)


def _embedder(kind: str) -> str:
    if kind == "lexical":
        return "likeness of facts is lexical (letters, not meaning) until `mobimem setup` fetches the encoder"
    return "likeness of facts by the semantic encoder"


@contextmanager
def _own_data_folder() -> Iterator[Path]:
    """While inside, our data is in a folder that goes at the end; the owner's encoder is lent to it."""
    encoder, before = folders.home() / ENCODER, os.environ.get(HOME)
    with tempfile.TemporaryDirectory(prefix="mobimem-demo-") as made:
        if encoder.is_dir():
            (Path(made) / ENCODER).symlink_to(encoder, target_is_directory=True)
        os.environ[HOME] = made
        try:
            yield Path(made)
        finally:
            del os.environ[HOME]
            if before is not None:
                os.environ[HOME] = before


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
    """Requests in free words, done on the phone and judged there."""

    device: Device
    wire: Wire
    tell: Tell
    on_step: Callable[[Progress], None]

    def interrupted(self, wish: Wish) -> Replayed:
        """As soon as the app comes to the front, the system asks for a permission in its name."""
        self.wire.run("input keyevent KEYCODE_HOME")
        self.wire.run(f"cmd vphone permission-dialog {PERMISSION} {MESSAGES}")
        self.tell("trouble", "a permission request will pop up over the app")
        return self._replay(wish, "a permission request popped up")

    def updated(self, wish: Wish) -> Replayed:
        """Words and ids are others, news stand above everything, things stand elsewhere, lists are in another order."""
        said = self.wire.run(f"cmd vphone drift {UPDATE}")
        self.tell("trouble", f"the apps are “updated”: {said.strip()}")
        return self._replay(wish, "the app had been updated")

    def about_somebody(self, wish: Wish, fact: str) -> Replayed:
        """The words name somebody only the owner's profile knows."""
        remember(fact)
        self.tell("memory", f"remembered: {fact}")
        return self._replay(wish, "the words named nobody of the phone's contacts")

    def _replay(self, wish: Wish, trouble: str) -> Replayed:
        self.tell("stage", f"Asked: {wish.words}")
        found = tasks_for(wish.words, {})
        reading, reasons, confidence = _understood(found)
        self.tell("understood", f"{reading}  ({int(100 * confidence)} % sure)")
        self.tell("because", "; ".join(reasons))
        before = len(messages(self.wire))
        run = run_on(self.device, found.tasks[0], DemoPolicy(wish.means), on_step=self.on_step)
        sent = tuple(messages(self.wire)[before:])
        expected = Message(number_of(self.wire, wish.means["contact"]), wish.means["message"])
        learnt = learn_run(run.trace)
        tell_learnt(learnt, self.tell)
        return Replayed(
            done=run.outcome == "done" and sent == (expected,),
            words=wish.words,
            reading=reading,
            reasons=reasons,
            confidence=confidence,
            trouble=trouble,
            run=run,
            detours=_noted(run.trace, "interruption", "detour"),
            healed=_noted(run.trace, "healed"),
            repairs=tuple(f"{one.status}: {one.says}" for one in map(_repair, run.repairs)),
            sent=sent,
            expected=expected,
            learnt=learnt,
        )


def _understood(found: ReadyTasks) -> tuple[str, tuple[str, ...], float]:
    """How the words were understood, and why.

    Raises:
        NotDone: not as one task of memory's.
    """
    if found.recalled is None or len(found.recalled.tasks) != 1:
        raise NotDone(f"{found.words!r} was not understood as one task")
    [task] = found.recalled.tasks
    return task.reading, task.reasons, task.confidence


def _noted(trace: Path, *topics: str) -> tuple[str, ...]:
    """What the run noted of these topics: what came in between and was dealt with, what was found again."""
    events = read_trace(trace, lines_only=True).events
    return tuple(one.says for one in events if isinstance(one, Note) and one.topic in topics)


def _repair(repair_id: str) -> RepairLine:
    return show_repair(repair_id).line


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
