"""Use case: the demo. A task is shown once on a virtual phone, then done again for somebody else from memory alone.

Everything is real except the phone: the adb server is adb's own (a private one, on a free port), the client is
unmodified uiautomator2, and the outcome is read from the phone's message store through `content query`, not from our
own record. No model is called; there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from device.actions import PressKey
from device.android import adb
from device.android.content import query
from device.android.own_server import OwnAdbServer
from device.android.wire import Wire
from device.open import open_device
from device.protocol import Device
from device.virtual.phone import PhoneConfig
from mobimem.service.phone import running_phone
from replay.demonstration import Demonstration
from replay.distill import distill
from replay.player import Decision, Progress
from replay.recipe import Recipe, Step
from replay.runner import Runner, RunResult

SENT = "2"  # Android's Telephony.Sms.MESSAGE_TYPE_SENT
MESSAGES = "com.android.messaging"
SHOWN = {"contact": "Bob", "message": "See you at eight"}
ASKED = {"contact": "Alice", "message": "I'm running late"}


@dataclass(frozen=True, slots=True)
class Message:
    address: str
    body: str


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the demo did. `done` is judged on the phone's own store: exactly one new message, to the right number."""

    done: bool
    task: str
    serial: str
    shown_steps: int
    run: RunResult
    sent: tuple[Message, ...]
    expected: Message
    model_calls: int


class DemoPolicy:
    """The demo's printed policy: the words of this request cover sending exactly this text to exactly this person."""

    words = "send: yes, this text to this person, because the request names both; everything else: refuse"

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        covered = values == ASKED and step.id.startswith("text-") and "Send" in says
        return "run" if covered else "refuse"


Tell = Callable[[str, str], None]


def run_demo(
    *, tell: Tell = lambda _kind, _words: None, on_step: Callable[[Progress], None] = lambda _: None, view: bool = False
) -> DemoResult:
    """Runs the demo.

    Args:
        tell: hears of each stage: (kind, words), kind being "stage", "taught", "policy" or "view".
        on_step: hears of each replayed step.
        view: serve a page with the live picture; its address comes through `tell`.

    Raises:
        AdbUnavailable, DeviceError: as their next step says; nothing is left running.
    """
    with (
        OwnAdbServer() as server,
        running_phone(PhoneConfig(), port=0, view=view, adb_port=server.port) as (phone, _),
    ):
        tell("stage", f"A virtual phone runs as {phone.serial}, connected to adb at port {server.port}.")
        if phone.view_url:
            tell("view", phone.view_url)
        device = open_device(phone.serial, adb_port=server.port)
        wire = Wire(adb.server(server.port), phone.serial)
        try:
            tell("stage", f"Shown once: text {SHOWN['contact']} “{SHOWN['message']}”")
            recipe = show_once(device)
            for step in recipe.steps:
                tell("taught", step.says)
            before = messages(wire)
            task = f"text {ASKED['contact']} that {ASKED['message']}"
            tell("stage", f"Asked: {task}")
            tell("policy", DemoPolicy.words)
            run = Runner(device, DemoPolicy(), on_progress=on_step).run(recipe, ASKED)
            sent = tuple(messages(wire)[len(before) :])
            expected = Message(number_of(wire, ASKED["contact"]), ASKED["message"])
        finally:
            device.close()
    done = run.outcome == "done" and sent == (expected,)
    return DemoResult(done, task, phone.serial, len(recipe.steps), run, sent, expected, model_calls=0)


def show_once(device: Device) -> Recipe:
    """Does the task once by hand, as a person would, and distils it."""
    hand = Demonstration(device)
    hand.open(MESSAGES)
    hand.tap("Start chat")
    hand.tap(SHOWN["contact"])
    hand.type("Text message", SHOWN["message"])
    hand.tap("Send SMS")
    hand.press(PressKey("home"))
    task = f"text {SHOWN['contact']} that {SHOWN['message']}"
    return distill(hand.done[:-1], recipe_id="text", name="text-someone", task=task, values=SHOWN)


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
