"""Where the debugger plays: on a device through the runner, or on the screens a trace recorded. Decides nothing.

On a device every step goes through `replay.runner`: the journal has its intents, and consent is asked as in any run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from device.actions import Tap
from device.clock import Clock
from device.errors import DeviceError
from device.protocol import Device
from perception.screen import Screen
from replay.commands import (
    Act,
    Acted,
    Ask,
    Begin,
    Decided,
    Detour,
    Limits,
    Observation,
    Progress,
    Read,
    Rest,
    Rested,
    Saw,
    Stop,
)
from replay.debugger import Played
from replay.errors import ReplayError
from replay.healing import Healer, Mended
from replay.player import Player
from replay.recipe import KeyIn, Recipe, TypeInto
from replay.runner import Consent, Runner
from replay.secrecy import Reveal, Secrets, names_of
from replay.timeline import timeline
from replay.trace import Trace
from replay.trace_writer import TraceWriter


class DeviceStage:
    """A device. Steps are journalled; a lost device ends the play and is told."""

    def __init__(
        self, device: Device, consent: Consent, journal: TraceWriter | None = None, *, clock: Clock | None = None,
        reveal: Reveal | None = None, limits: Limits | None = None, should_stop: Callable[[], bool] = lambda: False,
        healer: Healer | None = None,
    ) -> None:  # fmt: skip
        self.mended: list[Mended] = []  # what was found again so far
        self._healer = healer
        self._device, self._consent, self._journal = device, consent, journal
        self._clock, self._reveal, self._limits = clock, reveal, limits
        self._should_stop = should_stop
        self._secrets = Secrets((), None)

    def play(self, recipe: Recipe, values: Mapping[str, str], start: int, end: int) -> Played:
        done: list[Progress] = []
        runner = Runner(
            self._device, self._consent, clock=self._clock, limits=self._limits, reveal=self._reveal,
            on_progress=done.append, healer=self._healer,
            should_stop=lambda: self._should_stop() or (bool(done) and done[-1].index + 1 >= end),
        )  # fmt: skip
        self._secrets = Secrets(names_of(recipe, values), self._reveal)
        try:
            result = runner.run(recipe, values, self._journal, start=start)
        except DeviceError as error:
            return Played(_after(done, start), tuple(done), str(error), False, in_doubt=True)
        self.mended += result.mended
        index = _after(done, start)
        came = result.outcome == "done" or (result.outcome == "cancelled" and index >= end)
        return Played(index, tuple(done), result.says, came, result.divergence)

    def look(self) -> Screen:
        reading = self._device.read()
        return Screen.of(replace(reading, hierarchy=self._secrets.masked_tree(reading.hierarchy)))

    def place(self, index: int) -> None:
        """The phone stays as it is."""


class RecordedStage:
    """The screens of a trace: nothing is done, and what would be asked is taken as a yes.

    Raises:
        ReplayError: the trace has no steps.
    """

    def __init__(self, trace: Trace) -> None:
        self._told = timeline(trace)
        self._moments = {moment.index: moment for moment in self._told.moments}
        if not self._moments:
            raise ReplayError("this trace has no steps", next_step="Give one that was taught, or a run.")
        self._at_s = 0.0
        self._at: int | None = None
        self.place(min(self._moments))

    def play(self, recipe: Recipe, values: Mapping[str, str], start: int, end: int) -> Played:
        player = Player(recipe, values, start=start)
        focused: set[int] = set()
        seen: Observation = Begin()
        while True:
            command = player.next(seen)
            log = tuple(replace(one, result="done") if one.index in focused else one for one in player.log)
            if log and log[-1].index + 1 >= end and not isinstance(command, Stop):
                return Played(log[-1].index + 1, log, "", True)
            match command:
                case Stop(outcome, says, divergence):
                    return Played(_after(log, start), log, says, outcome == "done", divergence)
                case Read():
                    seen = Saw(self.look(), self._at_s)
                case Act(_, index, step):
                    if isinstance(step.move, TypeInto | KeyIn) and isinstance(command.action, Tap):
                        focused.add(index)  # no screen of its own is recorded for that
                    self._at = self._moments[index].after if index in self._moments else None
                    seen = Acted(self._at_s)
                case Detour():
                    seen = Acted(self._at_s)
                case Rest(duration_s):
                    self._at_s += duration_s
                    seen = Rested(self._at_s)
                case Ask():
                    seen = Decided("run", self._at_s)

    def look(self) -> Screen:
        screen = self._told.screens.get(self._at)
        if screen is None:
            raise ReplayError(f"screen {self._at} was not recorded", next_step="Go to a step that has its screens.")
        return screen

    def place(self, index: int) -> None:
        """Goes to the screens of a step: what was there before it, or the last ones recorded."""
        moment = self._moments.get(index)
        if moment is not None:
            self._at = moment.before
        elif self._moments:
            self._at = self._moments[max(self._moments)].after


def _after(done: list[Progress] | tuple[Progress, ...], start: int) -> int:
    return done[-1].index + 1 if done else start
