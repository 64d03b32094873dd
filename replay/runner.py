"""The runner: the thin loop that performs the player's commands on a device and journals them.

Holds no decision: what to do comes from `replay.player`, whether an irreversible step may be done from `Consent`. An
intent is on the disk before an irreversible act. Device errors become observations where the player can go on from
them, and otherwise end the run with the reason; they are never swallowed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol, runtime_checkable

from device.actions import InputText, to_dict
from device.clock import Clock, SystemClock
from device.errors import AskOwner, DeviceError, DeviceTimeout, NoTextField, ReadAgain, ScreenLocked, StaleCoordinates
from device.protocol import Device, Performed, Reading
from perception.errors import HierarchyRefused
from perception.screen import Screen
from replay.commands import (
    DISMISSALS,
    Act,
    Acted,
    ActFailed,
    Ask,
    Begin,
    Dark,
    Decided,
    Decision,
    Detour,
    Divergence,
    Limits,
    Observation,
    Progress,
    Read,
    Rest,
    Rested,
    Saw,
    Stop,
)
from replay.healing import Healer, Mended
from replay.passwords import Redactor
from replay.player import Player
from replay.recipe import Recipe, Step, step_to_data
from replay.secrecy import Reveal, Secrets, names_of
from replay.trace import Intent, Level, StepDone
from replay.trace_writer import TraceWriter

UNREADABLE_MAX = 20  # readings of no use in a row before the run stops


@runtime_checkable
class ConsentToChange(Protocol):
    """Who, besides, answers for an irreversible step whose target was found again by healing. A consent without this
    method cannot say yes to that: the run ends with the question."""

    def decide_changed(self, step: Step, says: str, changed: str, values: Mapping[str, str]) -> Decision:
        """As `Consent.decide`; `changed` says by what it was found again, and what is otherwise than it was."""
        ...


class Consent(Protocol):
    """Who answers whether an irreversible step may be done."""

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        """ "run", "refuse", or "ask": nobody can answer now. May take as long as a person takes."""
        ...


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended. `done` is claimed only when every check held; `cancelled` is the owner's stop.

    `results` are what steps read off the screen, by name.
    """

    outcome: Literal["done", "stopped", "asked", "cancelled"]
    says: str
    divergence: Divergence | None
    progress: tuple[Progress, ...]
    reads: int
    acts: int
    duration_s: float
    detours: tuple[Detour, ...] = ()
    mended: tuple[Mended, ...] = ()
    results: Mapping[str, str] = field(default_factory=dict)


class Runner:
    """Runs recipes on one device, one after the other.

    Args:
        reveal: gives the secret of a name, for texts that say `secret://name` (`replay.secrecy`).
        should_stop: asked before every reading and act; True ends the run, "cancelled". Once an irreversible act is
            sent, it is not asked again until the act's effect is known or the player gives up on it.
        healer: finds steps again that the strict way does not (`replay.healing`); None: nothing is healed.
        level: what the journal calls the steps: "replayed", or "decided" where they were chosen just now.
    """

    def __init__(
        self,
        device: Device,
        consent: Consent,
        *,
        clock: Clock | None = None,
        limits: Limits | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        reveal: Reveal | None = None,
        should_stop: Callable[[], bool] = lambda: False,
        healer: Healer | None = None,
        level: Level = "replayed",
    ) -> None:
        self._healer = healer
        self._level = level
        self._device = device
        self._consent = consent
        self._clock = clock or SystemClock()
        self._limits = limits or Limits()
        self._on_progress = on_progress
        self._reveal = reveal
        self._should_stop = should_stop

    def run(
        self, recipe: Recipe, values: Mapping[str, str], journal: TraceWriter | None = None, *, start: int = 0
    ) -> RunResult:
        """Replays a recipe with these slot values. Returns however it ends; the journal is left open for its `end`.

        Args:
            start: the step to begin at; those before it count as done (a run that is taken up again).

        Raises:
            SlotMissing: a slot has no value; nothing was done.
            Reconnect: the device was lost; the journal holds what was done, an open intent included.
        """
        player = Player(recipe, values, limits=self._limits, start=start, healer=self._healer)
        secrets = Secrets(names_of(recipe, values), self._reveal)
        run = _Run(
            self._device, self._consent, self._clock, player, journal, secrets=secrets, stop=self._should_stop,
            level=self._level,
        )  # fmt: skip
        with ExitStack() as stack:
            try:
                stack.enter_context(self._device.awake())
            except ScreenLocked as error:
                return RunResult("asked", str(error), None, (), 0, 0, 0.0)
            return run.to_the_end(self._on_progress)


class _Run:
    """One run's moving parts."""

    def __init__(
        self,
        device: Device,
        consent: Consent,
        clock: Clock,
        player: Player,
        journal: TraceWriter | None,
        *,
        secrets: Secrets,
        stop: Callable[[], bool],
        level: Level,
    ) -> None:
        self._device = device
        self._consent = consent
        self._clock = clock
        self._player = player
        self._journal = journal
        self._secrets = secrets
        self._redactor = Redactor()  # of what is journalled; the player sees the screen as it is
        self._should_stop = stop
        self._level = level
        self._reads = self._acts = self._unreadable = 0
        self._act: Act | None = None  # the last act of the present step
        self._act_at = ""
        self._act_s = 0.0
        self._before: int | None = None
        self._seen: int | None = None
        self._reading: Reading | None = None  # the one of `_seen`

    def to_the_end(self, on_progress: Callable[[Progress], None] | None) -> RunResult:
        started_s = self._clock.monotonic_s()
        told = healed = 0
        seen: Observation = Begin()
        while True:
            command = self._player.next(seen)
            for progress in self._player.log[told:]:
                self._record(progress)
                if on_progress is not None:
                    on_progress(progress)
            told = len(self._player.log)
            for mended in self._player.mended[healed:]:
                self._keep_picture(mended)
                self._note("healed", mended.says, mended.to_data() | {"screen": self._seen})
            healed = len(self._player.mended)
            if not isinstance(command, Stop) and self._cancelled():
                doing = self._player.says(self._player.step)
                says = f"stopped by the owner at step {self._player.index + 1}, {doing!r}"
                return self._ended("cancelled", says, None, started_s)
            match command:
                case Stop(outcome, says, divergence):
                    return self._ended(outcome, says, divergence, started_s)
                case Read():
                    seen = self._read()
                case Act():
                    seen = self._perform(command)
                case Detour():
                    seen = self._go_round(command)
                case Rest(duration_s):
                    self._clock.sleep(duration_s)
                    seen = Rested(self._clock.monotonic_s())
                case Ask():
                    decision = self._asked(command)
                    self._note("consent", f"{decision}: {command.says}")
                    if self._cancelled():
                        return self._ended("cancelled", f"stopped by the owner, asked: {command.says}", None, started_s)
                    seen = Decided(decision, self._clock.monotonic_s())

    def _asked(self, ask: Ask) -> Decision:
        if not ask.changed:
            return self._consent.decide(ask.step, ask.says, self._player.values)
        if isinstance(self._consent, ConsentToChange):
            return self._consent.decide_changed(ask.step, ask.says, ask.changed, self._player.values)
        return "ask"

    def _cancelled(self) -> bool:
        in_doubt = self._act is not None and self._act.irreversible
        return not in_doubt and self._should_stop()

    def _ended(
        self,
        outcome: Literal["done", "stopped", "asked", "cancelled"],
        says: str,
        divergence: Divergence | None,
        started_s: float,
    ) -> RunResult:
        self._record_open(says)
        if divergence is not None and self._journal is not None:
            self._journal.note(
                "divergence", divergence.says, self._now(), divergence.to_data() | {"screen": self._seen}
            )
        duration_s = self._clock.monotonic_s() - started_s
        log, detours = tuple(self._player.log), tuple(self._player.detours)
        mended = tuple(self._player.mended)
        return RunResult(
            outcome, says, divergence, log, self._reads, self._acts, duration_s, detours, mended,
            dict(self._player.results),
        )  # fmt: skip

    def _read(self) -> Observation:
        self._reads += 1
        try:
            reading = self._device.read()
            reading = replace(reading, hierarchy=self._secrets.masked_tree(reading.hierarchy))
            if not reading.screen_on or reading.lock != "unlocked":
                self._unreadable = 0
                return Dark(reading.size, reading.screen_on, reading.lock, self._clock.monotonic_s())
            screen = Screen.of(reading)
        except (ReadAgain, HierarchyRefused) as error:
            self._unreadable += 1
            if self._unreadable > UNREADABLE_MAX:
                return self._failed(f"the screen cannot be read: {error}", unclear=False, again=False)
            self._clock.sleep(self._player.limits.poll_s)
            return Rested(self._clock.monotonic_s())
        except AskOwner as error:
            return self._failed(str(error), unclear=False, again=False, owner=True)
        self._unreadable = 0
        self._keep(reading)
        return Saw(screen, self._clock.monotonic_s())

    def _perform(self, act: Act) -> Observation:
        if act.irreversible and self._journal is not None:
            says = self._player.says(act.step)
            self._journal.intent(Intent(index=act.index, step_id=act.step.id, says=says, at=self._now()))
        if act.again:
            self._note("retry", act.again, {"index": act.index, "action": to_dict(act.action), "screen": self._seen})
        self._acts += 1
        self._act, self._act_at, self._before = act, self._now(), self._seen
        try:
            performed = self._sent(act)
        except (StaleCoordinates, NoTextField) as error:  # nothing was sent
            return self._failed(str(error), unclear=False, again=True)
        except DeviceTimeout as error:
            return self._failed(str(error), unclear=True, again=False)
        except AskOwner as error:
            return self._failed(str(error), unclear=False, again=False, owner=True)
        self._act_s = performed.duration_s
        return Acted(self._clock.monotonic_s())

    def _go_round(self, detour: Detour) -> Observation:
        data = {"kind": detour.kind, "action": to_dict(detour.action), "index": detour.index, "screen": self._seen}
        topic = "interruption" if detour.kind in DISMISSALS else "detour"
        self._note(topic, detour.says, data)
        try:
            self._device.perform(detour.action)
        except (StaleCoordinates, DeviceTimeout) as error:  # reversible, and looked at again in any case
            return self._failed(str(error), unclear=False, again=True)
        except AskOwner as error:
            return self._failed(str(error), unclear=False, again=False, owner=True)
        return Acted(self._clock.monotonic_s())

    def _sent(self, act: Act) -> Performed:
        """Does the act, secrets put in; an error of it says none."""
        if isinstance(act.action, InputText):
            self._redactor.typed(act.action.text)
        try:
            return self._device.perform(self._secrets.typed(act.action))
        except DeviceError as error:
            self._secrets.scrub(error)
            raise

    def _failed(self, says: str, *, unclear: bool, again: bool, owner: bool = False) -> ActFailed:
        return ActFailed(says, unclear, again, self._clock.monotonic_s(), owner)

    def _keep(self, reading: Reading) -> None:
        if self._journal is not None:
            self._reading = self._redactor.redacted(reading)
            self._seen = self._journal.screen(self._reading)

    def _keep_picture(self, mended: Mended) -> None:
        """The screen once more, with the picture by which the step was found again."""
        if self._journal is not None and self._reading is not None and mended.picture is not None:
            self._seen = self._journal.screen(self._reading, mended.picture)

    def _record(self, progress: Progress) -> None:
        self._step_done(progress.index, progress.step, progress.result, progress.reasons)
        self._act = None

    def _record_open(self, says: str) -> None:
        """The step a stopped run was in, if it had begun."""
        if self._act is not None:
            result: Literal["failed", "unclear"] = "unclear" if self._act.irreversible else "failed"
            if result == "failed":
                self._step_done(self._act.index, self._act.step, result, (says,))
            else:
                self._note("unclear", says)  # its intent stays open: only the owner can close it

    def _step_done(
        self, index: int, step: Step, result: Literal["done", "skipped", "failed"], reasons: tuple[str, ...]
    ) -> None:
        if self._journal is None:
            return
        action = self._act.action if self._act is not None and self._act.index == index else None
        repaired = any(mended.index == index for mended in self._player.mended)
        self._journal.step(
            StepDone(
                index=index,
                step=step_to_data(step),
                action=None if action is None else to_dict(action),
                level="repaired" if repaired else self._level,
                result=result,
                before=self._before if action is not None else self._seen,
                after=self._seen,
                started_at=self._act_at or self._now(),
                duration_s=self._act_s,
                reasons=reasons,
            )
        )

    def _note(self, topic: str, says: str, data: Mapping[str, Any] | None = None) -> None:
        if self._journal is not None:
            self._journal.note(topic, says, self._now(), data)

    def _now(self) -> str:
        return self._clock.now().isoformat()
