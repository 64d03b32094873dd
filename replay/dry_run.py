"""A dry run: the player over the screens a demonstration recorded, with no phone and nothing done.

Shows whether a recipe still finds on its own screens what it was distilled from: after a repair by hand, a new release,
or before it is trusted. It plays with the values that were shown; other values are not on those screens. What it cannot
show is what the app does today.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from device.actions import Size, Tap
from device.protocol import Foreground, LockState, Reading
from perception.screen import Screen
from replay.commands import (
    Act,
    Acted,
    Ask,
    Begin,
    Decided,
    Detour,
    Observation,
    Progress,
    Read,
    Rest,
    Rested,
    Saw,
    Stop,
)
from replay.errors import ReplayError, TraceDamaged
from replay.player import Player
from replay.recipe import KeyIn, Recipe, TypeInto
from replay.trace import ScreenSeen, StepDone, Trace

_LOCKS: dict[str, LockState] = {"unlocked": "unlocked", "swipe": "swipe", "secure": "secure"}


@dataclass(frozen=True, slots=True)
class DryRun:
    """How it ended. `asks` are the irreversible steps a real run would ask about."""

    outcome: Literal["done", "stopped", "asked"]
    says: str
    progress: tuple[Progress, ...]
    asks: tuple[str, ...]


def dry_run(recipe: Recipe, trace: Trace) -> DryRun:
    """Plays a recipe on its own recorded screens, with the values that were shown.

    Raises:
        ReplayError: the trace records no screens before and after its steps.
    """
    player = Player(recipe, dict(trace.header.values))
    screens = _Screens(trace)
    at_s = 0.0
    asks: list[str] = []
    focused: set[int] = set()
    seen: Observation = Begin()
    while True:
        command = player.next(seen)
        match command:
            case Stop(outcome, says):
                log = (replace(one, result="done") if one.index in focused else one for one in player.log)
                return DryRun(outcome, says, tuple(log), tuple(asks))
            case Read():
                seen = Saw(screens.now(), at_s)
            case Act(_, index, step):
                screens.acted(index)
                if isinstance(step.move, TypeInto | KeyIn) and isinstance(command.action, Tap):
                    focused.add(index)  # no screen of its own is recorded: the next has the whole text
                seen = Acted(at_s)
            case Detour():
                seen = Acted(at_s)  # the next recorded screen is the one the demonstration came to
            case Rest(duration_s):
                at_s += duration_s
                seen = Rested(at_s)
            case Ask(_, _, says):
                asks.append(says)
                seen = Decided("run", at_s)


class _Screens:
    """The recorded screen that would be seen now."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._steps = {step.index: step for step in trace.steps()}
        if not self._steps:
            raise ReplayError("this trace has no steps", next_step="Dry-run a recipe that was taught.")
        self._at = self._number(min(self._steps), "before")

    def now(self) -> Screen:
        return Screen.of(_reading(self._trace, self._trace.screen(self._at)))

    def acted(self, index: int) -> None:
        self._at = self._number(index, "after")

    def _number(self, index: int, which: Literal["before", "after"]) -> int:
        step: StepDone | None = self._steps.get(index)
        number = None if step is None else getattr(step, which)
        if not isinstance(number, int):
            raise ReplayError(
                f"the trace has no screen {which} step {index + 1}", next_step="Teach the task again to have one."
            )
        return number


def _reading(trace: Trace, seen: ScreenSeen) -> Reading:
    try:
        return Reading(
            serial="",
            taken_at=datetime.fromisoformat(seen.taken_at),
            hierarchy=trace.screens[seen.hierarchy],
            size=Size(seen.width_px, seen.height_px),
            rotation=seen.rotation,
            foreground=Foreground(seen.package, seen.activity),
            keyboard_shown=seen.keyboard_shown,
            screen_on=seen.screen_on,
            lock=_LOCKS.get(seen.lock, "unlocked"),
        )
    except (ValueError, TypeError, KeyError) as error:
        raise TraceDamaged(f"screen {seen.number} of the trace cannot be used ({error})") from error
