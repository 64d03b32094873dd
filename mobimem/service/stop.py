"""Use case: stop every run that is under way, within one step each."""

from __future__ import annotations

from dataclasses import dataclass

from device.clock import Clock, SystemClock
from mobimem import folders
from mobimem.running import Running, all_running, ask_to_stop, say_stop

WAIT_S = 30.0  # an irreversible step in doubt is waited for (player: effect_s = 10 s), and a person may be asked
_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class StopResult:
    """`still_running` have been told, and have not ended in time: they wait for a person or for the device."""

    stopped: tuple[Running, ...]
    still_running: tuple[Running, ...]


def stop_all(*, wait_s: float = WAIT_S, clock: Clock | None = None) -> StopResult:
    """Tells every run, and whoever waits for an answer before one, to stop; waits until the runs have, at most `wait_s`
    seconds."""
    clock = clock or SystemClock()
    folder = folders.running_folder()
    say_stop(folder)
    told = all_running(folder)
    for running in told:
        ask_to_stop(folder, running)
    deadline_s = clock.monotonic_s() + wait_s
    left = told
    while left and clock.monotonic_s() < deadline_s:
        clock.sleep(_POLL_S)
        names = {running.run for running in all_running(folder)}
        left = tuple(running for running in left if running.run in names)
    return StopResult(tuple(running for running in told if running not in left), left)
