"""What lies over the app's page in one run, and the way round it: a `Way`, a wait, or what only the owner can do.

`replay.interruptions` says what a screen shows; here is what this run does about it: a permission is answered as the
demonstration did, a call is waited out for `Limits.call_s`, an app that crashed may be opened again, a lock that asks
for nothing is opened. Whether the way is still allowed is counted in `replay.detours`. Touches nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from device.actions import PressKey, Size, Tap
from device.protocol import LockState
from perception.identity import identity
from perception.screen import Screen
from replay.aiming import aim
from replay.commands import Limits
from replay.detours import Way, open_again, wake_up
from replay.interruptions import Interruption, interruption, is_made_here, popup
from replay.pages import expects, knows, taught_answer
from replay.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Blocked:
    """Nothing is to be done about it but by the owner."""

    says: str


class Obstacles:
    """Those of one run."""

    def __init__(self, recipe: Recipe, values: Mapping[str, str], limits: Limits) -> None:
        self._recipe = recipe
        self._values = values
        self._limits = limits
        self._ringing_s: float | None = None
        self._crashed = False

    def revised(self, recipe: Recipe) -> None:
        """Takes in a recipe of which a step was mended: its pages are known as they are now."""
        self._recipe = recipe

    def between(self, screen: Screen, index: int, *, made: bool) -> Interruption | None:
        """The window of the system over the app; None if there is none, or the task itself leads there.

        `made`: the step at `index` was done and may have made a call. Its own call does not ring, and none did before.
        """
        if made and self._ringing_s is None and is_made_here(screen):
            return None
        found = interruption(screen)
        return None if found is None or expects(self._recipe, index, screen) else found

    def way_round(self, between: Interruption, screen: Screen, at_s: float) -> Way | Blocked | Literal["wait"]:
        """What to do about a window of the system; "wait": it goes by itself."""
        if between.kind == "call":
            return self._ring(between, at_s)
        if between.kind == "shade":
            return Way("shade", PressKey("back"), between.says)
        if between.kind == "permission" and (allow := taught_answer(self._recipe, screen, self._values)):
            point = aim(screen, allow).point
            if point is not None:
                return Way("permission", Tap(point), "a permission was answered as in the demonstration")
        return self._press(between, screen)

    def past_popup(self, screen: Screen) -> Way | Blocked | None:
        """Puts off what an app pushed over the page; not a dialog that the recipe knows."""
        found = popup(screen)
        if found is None or knows(self._recipe, identity(screen)):
            return None
        return self._press(found, screen)

    def open_up(self, size: Size, *, screen_on: bool, lock: LockState) -> Way | Blocked:
        """Out of the dark, or past the lock."""
        if lock == "secure" and screen_on:
            return Blocked("the phone is locked with a PIN, a pattern or a password")
        return wake_up(size, screen_on=screen_on)

    def reopen(self, index: int) -> Way | None:
        """The app whose crash was reported, once: where it comes up is seen then."""
        return open_again(self._recipe, index) if self._crashed else None

    def reopened(self) -> None:
        """It was."""
        self._crashed = False

    def quiet(self) -> None:
        """No window of the system is in front: no call rings."""
        self._ringing_s = None

    def _ring(self, between: Interruption, at_s: float) -> Blocked | Literal["wait"]:
        self._ringing_s = at_s if self._ringing_s is None else self._ringing_s
        if at_s - self._ringing_s >= self._limits.call_s:
            return Blocked(f"{between.says}, and it is not ours to answer")
        return "wait"

    def _press(self, between: Interruption, screen: Screen) -> Way | Blocked:
        point = None if between.button is None else aim(screen, between.button).point
        if point is None or between.kind == "call":
            return Blocked(f"{between.says}: only the owner can answer that")
        self._crashed = self._crashed or between.kind == "crash"
        return Way(between.kind, Tap(point), between.says)
