"""The agent's hand on one device: looks until the screen rests, and plays steps through the runner every replay uses.

Decided steps go the same way as remembered ones: journal, intents, checks, interruptions and consent are the runner's.
Consent to a decided step needs somebody who was told that a model chose it, and why (`ConsentToDecide`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol, runtime_checkable

from device.actions import Tap
from device.clock import Clock
from device.errors import AskOwner, ReadAgain
from device.protocol import Device
from mobimem.tasks.page import Page, page_of
from perception.element import Bounds, Element
from perception.errors import HierarchyRefused
from perception.identity import ScreenIdentity, Tokens
from perception.screen import Screen
from replay.aiming import aim
from replay.commands import Decision, Progress
from replay.healing import Healer
from replay.passwords import Redactor
from replay.recipe import DoubleTapOn, LongPressOn, Recipe, SetSwitch, Step, TapOn
from replay.recorder_effect import rest_key
from replay.runner import Consent, Runner, RunResult
from replay.secrecy import Reveal
from replay.trace import Level
from replay.trace_writer import TraceWriter

REST_S: Final = 4.0  # longest wait for a screen to rest; what still moves then is taken as it is
POLL_S: Final = 0.1
DECIDED: Final = "decided"  # the id of a decided step, as a yes covers it
READS_MAX: Final = 20  # readings of no use in a row


@dataclass(frozen=True, slots=True)
class Proposal:
    """A step that a model chose and that cannot be undone, for the owner to judge.

    `words` are the owner's. `why` is the model's reason, in its words, which may repeat what it read on a screen.
    `carried` is what was typed and chosen on the way, by where, and what stands in fields that the task did not fill
    in; `doubts` what of it the owner did not say. `page` is what the page itself holds.
    """

    words: str
    why: str
    done: tuple[str, ...]
    carried: Mapping[str, str]
    doubts: tuple[str, ...]
    page: Page = field(default_factory=Page)


@runtime_checkable
class ConsentToDecide(Protocol):
    """Who answers for an irreversible step that a model chose. A consent without this method cannot say yes to one."""

    def decide_decided(self, step: Step, says: str, proposal: Proposal) -> Decision:
        """As `Consent.decide`."""
        ...


@runtime_checkable
class ConsentByRules(Protocol):
    """A consent that can tell whether its last no was a rule's, and not a person's."""

    @property
    def refused_by(self) -> str:
        """The rule, in words; "" where none refused."""
        ...


@dataclass(slots=True)
class Hand:
    """One device during one task. `results` are what its plays came to."""

    device: Device
    consent: Consent
    clock: Clock
    journal: TraceWriter
    should_stop: Callable[[], bool]
    on_progress: Callable[[Progress], None] | None = None
    reveal: Reveal | None = None
    healer: Healer | None = None
    results: list[tuple[Level, RunResult]] = field(default_factory=list)
    looks: int = 0
    seen: int = 0  # number of the last screen looked at, in the journal
    _redactor: Redactor = field(default_factory=Redactor)

    def look(self) -> Screen:
        """The screen at rest, journalled.

        Raises:
            DeviceError: as `Device.read`.
        """
        until_s = self.clock.monotonic_s() + REST_S
        last: Screen | None = None
        useless = 0
        while True:
            self.looks += 1
            try:
                reading = self._redactor.redacted(self.device.read())
                screen = Screen.of(reading)
            except (ReadAgain, HierarchyRefused):
                useless += 1
                if useless > READS_MAX:
                    raise
                self.clock.sleep(POLL_S)
                continue
            at_rest = last is not None and rest_key(last) == rest_key(screen)
            if at_rest or self.clock.monotonic_s() >= until_s:
                self.seen = self.journal.screen(reading)
                return screen
            last = screen
            self.clock.sleep(POLL_S)

    def picture(self) -> bytes | None:
        """A picture of the screen; None where there is none to be had."""
        try:
            return self.device.picture().data
        except (AskOwner, ReadAgain):
            return None  # it shows nothing that the list of elements does not say

    def press(self, screen: Screen, element: Element) -> None:
        """Taps what is no step of a task, as a page's "try again"; nothing happens where it cannot be reached.

        Raises:
            DeviceError: as `Device.perform`.
        """
        point = aim(screen, element).point
        if point is not None:
            self.device.perform(Tap(point))

    def replay(self, recipe: Recipe, values: Mapping[str, str], *, start: int) -> RunResult:
        """Plays remembered steps to their end."""
        runner = self._runner(self.consent, "replayed", self.healer)
        return self._kept("replayed", runner.run(recipe, values, self.journal, start=start))

    def do(
        self, recipe: Recipe, values: Mapping[str, str], *, proposal: Proposal, level: Level = "decided"
    ) -> tuple[RunResult, bool]:
        """Plays the last step of the recipe, which was decided, or which other tasks begin with (replayed); and whether
        the owner said no to it.

        Where a rule refuses it, or the page was another one by the time of the yes, it ends there, and says so.
        """
        consent = _ForDecided(self.consent, proposal, self._page)
        runner = self._runner(consent, level, None)
        result = runner.run(recipe, values, self.journal, start=len(recipe.steps) - 1)
        if consent.against:
            return self._kept(level, replace(result, says=f"{result.says}: {consent.against}")), False
        return self._kept(level, result), consent.said == "refuse"

    def note(self, topic: str, says: str, data: Mapping[str, Any] | None = None) -> None:
        self.journal.note(topic, says, self.clock.now().isoformat(), data)

    def _page(self) -> Page | None:
        """What the page holds now; None where it cannot be read."""
        for _ in range(READS_MAX):
            try:
                return page_of(Screen.of(self._redactor.redacted(self.device.read())))
            except (ReadAgain, HierarchyRefused):
                self.clock.sleep(POLL_S)
        return None

    def _runner(self, consent: Consent, level: Level, healer: Healer | None) -> Runner:
        return Runner(
            self.device, consent, clock=self.clock, on_progress=self.on_progress, reveal=self.reveal,
            should_stop=self.should_stop, healer=healer, level=level,
        )  # fmt: skip

    def _kept(self, level: Level, result: RunResult) -> RunResult:
        self.results.append((level, result))
        return result


def as_asked(step: Step) -> Step:
    """A decided step as a yes covers it: what is touched and what it says, in which app; not where it stands.

    A keyboard that was up when it was asked, and is not when it is taken up, makes no other step of it; nor does how
    many were decided before it.
    """
    if not isinstance(step.move, TapOn | DoubleTapOn | LongPressOn | SetSwitch):
        return step
    target, none = step.move.target, Tokens(frozenset(), frozenset())
    page = ScreenIdentity(target.page.package, target.page.activity, none, none, none, frozenset())
    bare = replace(
        target, shape=0, trail=(), siblings=0, inside=0, bounds=Bounds(0, 0, 0, 0), needs=(), known=frozenset(),
        near="", page=page, rank=-1,
    )  # fmt: skip
    return replace(step, id=DECIDED, move=replace(step.move, target=bare), before=(), after=())


@dataclass(slots=True)
class _ForDecided:
    """Puts what the owner has to know beside the question. `said` is the answer, once there is one.

    A person takes their time. What they said yes to is done on the page they were shown, or not at all: `now` reads it
    again. `against` says what stands in the way besides the owner.
    """

    consent: Consent
    proposal: Proposal
    now: Callable[[], Page | None]
    said: Decision | None = None
    against: str = ""

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        said: Decision = "ask"
        if isinstance(self.consent, ConsentToDecide):
            said = self.consent.decide_decided(as_asked(step), says, self.proposal)
        if said == "run":
            now = self.now()
            if now is None or not self.proposal.page.still(now):
                said, self.against = "refuse", "the page is not any more the one you were asked about"
        elif said == "refuse" and isinstance(self.consent, ConsentByRules) and self.consent.refused_by:
            self.against = f"your rules refuse it ({self.consent.refused_by}; `mobimem policy show`)"
        self.said = said
        return said
