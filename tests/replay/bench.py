"""A phone in this process and recipes shown on it, for tests of the player and the runner. Waiting takes no time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from device.actions import Action, InputText, Tap
from device.clock import ManualClock
from device.protocol import Performed, Reading
from device.virtual.direct import DirectDevice
from device.virtual.packages import DOCUMENT
from device.virtual.phone import PhoneConfig, VirtualPhone
from device.virtual.window.layout import FixedMeasure
from replay.commands import Decision, Limits
from replay.demonstration import Demonstration
from replay.distill import distill
from replay.recipe import Recipe, Step
from replay.runner import Runner, RunResult

MESSAGES, CONTACTS = "com.android.messaging", "com.android.contacts"
SETTINGS, CLOCK, NOTES = "com.android.settings", "com.android.deskclock", "com.example.notes"
THREAD = ".ui.conversation.ConversationActivity"
SHOWN = {"contact": "Bob", "message": "See you at eight"}
ASKED = {"contact": "Alice", "message": "I'm running late"}
ALICE, OLIVER = "+1 202 555 0110", "+1 202 555 0194"


@dataclass
class Owner:
    """Answers for the owner, and remembers what was asked."""

    answer: Decision = "run"
    asked: list[str] = field(default_factory=list)

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        self.asked.append(says)
        return self.answer


class Phone(DirectDevice):
    """A virtual phone as a device, with things that happen by themselves: before a reading, after an act."""

    def __init__(self, *, contacts: bool = True, **config: Any) -> None:
        self.clock = ManualClock()
        self.phone = VirtualPhone(PhoneConfig(**config), clock=self.clock, measure=FixedMeasure())
        if not contacts:  # as if nobody had been asked yet
            self.phone.store.change(DOCUMENT, None, _unasked)
        self.reads = 0
        self.done: list[Action] = []
        self.at_read: dict[int, Callable[[], object]] = {}
        self.after_act: Callable[[Action], object] = lambda action: None
        super().__init__(self.phone)

    def read(self, *, timeout_s: float = 10.0) -> Reading:
        self.reads += 1
        self.at_read.get(self.reads, lambda: None)()
        return super().read(timeout_s=timeout_s)

    def perform(self, action: Action, *, timeout_s: float = 10.0) -> Performed:
        performed = super().perform(action, timeout_s=timeout_s)
        self.done.append(action)
        self.after_act(action)
        return performed

    def run(
        self, recipe: Recipe, values: Mapping[str, str] | None = None, *, owner: Owner | None = None, start: int = 0,
        limits: Limits | None = None,
    ) -> RunResult:  # fmt: skip
        runner = Runner(self, owner or Owner(), clock=self.clock, limits=limits)
        return runner.run(recipe, values or {}, start=start)

    def show(self, name: str, values: Mapping[str, str], act: Callable[[Demonstration], None]) -> Recipe:
        hand = Demonstration(self, clock=self.clock)
        act(hand)
        task = " ".join([name, *values.values()])
        return distill(hand.done, recipe_id=name, name=name, task=task, values=values)

    def sent(self) -> list[tuple[str, str]]:
        """Messages sent since the phone was made, as (number, words)."""
        rows = self.phone.store.table("sms").rows(lambda row: row["type"] == 2 and row["_id"] > 9)
        return [(row["address"], row["body"]) for row in rows]

    def setting(self, name: str) -> str | None:
        namespace, _, key = name.partition(".")
        return self.phone.settings.get(namespace, key)

    @property
    def taps(self) -> int:
        return sum(isinstance(action, Tap) for action in self.done)

    @property
    def typed(self) -> list[str]:
        return [action.text for action in self.done if isinstance(action, InputText)]


def _unasked(content: dict[str, Any]) -> dict[str, Any]:
    content["permissions"].pop(MESSAGES, None)
    return content


def text_someone(phone: Phone | None = None) -> Recipe:
    """The recipe "text {contact} that {message}", shown for Bob on a factory phone."""

    def act(hand: Demonstration) -> None:
        hand.open(MESSAGES)
        hand.tap("Start chat")
        hand.tap(SHOWN["contact"])
        hand.type("Text message", SHOWN["message"])
        hand.tap("Send SMS")

    return (phone or Phone()).show("text", SHOWN, act)
