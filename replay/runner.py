"""The runner: the thin loop that performs the player's commands on a device and journals them.

Holds no decision: what to do comes from `replay.player`, whether an irreversible step may be done from `Consent`. An
intent is on the disk before an irreversible act. Device errors become observations where the player can go on from
them, and otherwise end the run with the reason; they are never swallowed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from device.actions import to_dict
from device.clock import Clock, SystemClock
from device.errors import AskOwner, DeviceTimeout, ReadAgain, StaleCoordinates
from device.protocol import Device, Reading
from perception.errors import HierarchyRefused
from perception.screen import Screen
from replay.player import (
    Act,
    Acted,
    ActFailed,
    Ask,
    Begin,
    Decided,
    Decision,
    Divergence,
    Limits,
    Observation,
    Player,
    Progress,
    Read,
    Rest,
    Rested,
    Saw,
    Stop,
)
from replay.recipe import Recipe, Step, step_to_data
from replay.trace import Intent, StepDone
from replay.trace_writer import TraceWriter

UNREADABLE_MAX = 20  # readings of no use in a row before the run stops


class Consent(Protocol):
    """Who answers whether an irreversible step may be done."""

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        """ "run", "refuse", or "ask": nobody can answer now. May take as long as a person takes."""
        ...


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended. `done` is claimed only when every check held."""

    outcome: Literal["done", "stopped", "asked"]
    says: str
    divergence: Divergence | None
    progress: tuple[Progress, ...]
    reads: int
    acts: int
    duration_s: float


class Runner:
    """Runs recipes on one device, one after the other."""

    def __init__(
        self,
        device: Device,
        consent: Consent,
        *,
        clock: Clock | None = None,
        limits: Limits | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self._device = device
        self._consent = consent
        self._clock = clock or SystemClock()
        self._limits = limits or Limits()
        self._on_progress = on_progress

    def run(self, recipe: Recipe, values: Mapping[str, str], journal: TraceWriter | None = None) -> RunResult:
        """Replays a recipe with these slot values. Returns however it ends; the journal is left open for its `end`.

        Raises:
            SlotMissing: a slot has no value; nothing was done.
            Reconnect: the device was lost; the journal holds what was done, an open intent included.
        """
        run = _Run(self._device, self._consent, self._clock, Player(recipe, values, limits=self._limits), journal)
        with self._device.awake():
            return run.to_the_end(self._on_progress)


class _Run:
    """One run's moving parts."""

    def __init__(
        self, device: Device, consent: Consent, clock: Clock, player: Player, journal: TraceWriter | None
    ) -> None:
        self._device = device
        self._consent = consent
        self._clock = clock
        self._player = player
        self._journal = journal
        self._reads = self._acts = self._unreadable = 0
        self._act: Act | None = None  # the last act of the present step
        self._act_at = ""
        self._act_s = 0.0
        self._before: int | None = None
        self._seen: int | None = None

    def to_the_end(self, on_progress: Callable[[Progress], None] | None) -> RunResult:
        started_s = self._clock.monotonic_s()
        told = 0
        seen: Observation = Begin()
        while True:
            command = self._player.next(seen)
            for progress in self._player.log[told:]:
                self._record(progress)
                if on_progress is not None:
                    on_progress(progress)
            told = len(self._player.log)
            match command:
                case Stop(outcome, says, divergence):
                    self._record_open(says)
                    duration_s = self._clock.monotonic_s() - started_s
                    log = tuple(self._player.log)
                    return RunResult(outcome, says, divergence, log, self._reads, self._acts, duration_s)
                case Read():
                    seen = self._read()
                case Act():
                    seen = self._perform(command)
                case Rest(duration_s):
                    self._clock.sleep(duration_s)
                    seen = Rested(self._clock.monotonic_s())
                case Ask(_, step, says):
                    decision = self._consent.decide(step, says, self._player.values)
                    self._note("consent", f"{decision}: {says}")
                    seen = Decided(decision, self._clock.monotonic_s())

    def _read(self) -> Observation:
        self._reads += 1
        try:
            reading = self._device.read()
            screen = Screen.of(reading)
        except (ReadAgain, HierarchyRefused) as error:
            self._unreadable += 1
            if self._unreadable > UNREADABLE_MAX:
                return self._failed(f"the screen cannot be read: {error}", unclear=False, again=False)
            self._clock.sleep(self._player.limits.poll_s)
            return Rested(self._clock.monotonic_s())
        except AskOwner as error:
            return self._failed(str(error), unclear=False, again=False)
        self._unreadable = 0
        self._keep(reading)
        return Saw(screen, self._clock.monotonic_s())

    def _perform(self, act: Act) -> Observation:
        if act.irreversible and self._journal is not None:
            says = self._player.says(act.step)
            self._journal.intent(Intent(index=act.index, step_id=act.step.id, says=says, at=self._now()))
        self._acts += 1
        self._act, self._act_at, self._before = act, self._now(), self._seen
        try:
            performed = self._device.perform(act.action)
        except StaleCoordinates as error:
            return self._failed(str(error), unclear=False, again=True)
        except DeviceTimeout as error:
            return self._failed(str(error), unclear=True, again=False)
        except AskOwner as error:
            return self._failed(str(error), unclear=False, again=False)
        self._act_s = performed.duration_s
        return Acted(self._clock.monotonic_s())

    def _failed(self, says: str, *, unclear: bool, again: bool) -> ActFailed:
        return ActFailed(says, unclear, again, self._clock.monotonic_s())

    def _keep(self, reading: Reading) -> None:
        if self._journal is not None:
            self._seen = self._journal.screen(reading)

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
        self._journal.step(
            StepDone(
                index=index,
                step=step_to_data(step),
                action=None if action is None else to_dict(action),
                level="replayed",
                result=result,
                before=self._before if action is not None else self._seen,
                after=self._seen,
                started_at=self._act_at or self._now(),
                duration_s=self._act_s,
                reasons=reasons,
            )
        )

    def _note(self, topic: str, says: str) -> None:
        if self._journal is not None:
            self._journal.note(topic, says, self._now())

    def _now(self) -> str:
        return self._clock.now().isoformat()
