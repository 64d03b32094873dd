"""The ways round of one run: what is done that is not a step's own act, how often, and until when it has to show.

A `Way` says what would get something out of the way; whether it may be gone is bounded here (`Limits.detours` of a
kind within a step, `Limits.detours_in_all` in a run), so a dialog that keeps coming back ends the run. After one was
taken the player waits until the screen is another, or for the time a `Limits` names. Which way to go is the player's
to say; the few that follow from the state of the phone alone are functions here. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from device.actions import Action, OpenApp, Point, PressKey, Size, Swipe
from perception.element import ACTIONABLE
from perception.screen import Screen
from replay.again import put_away
from replay.commands import DISMISSALS, Detour, DetourKind, Limits
from replay.pages import half_written
from replay.progress import Attempt
from replay.recipe import Recipe

_RESTARTS_WAIT: Final = DISMISSALS | {"wake", "unlock"}  # what lay over it is gone: the time for the step begins anew


@dataclass(frozen=True, slots=True)
class Way:
    """What would be done, and why, in words."""

    kind: DetourKind
    action: Action
    says: str


class Detours:
    """Those of one run. `taken` is their list, oldest first."""

    def __init__(self, limits: Limits) -> None:
        self.taken: list[Detour] = []
        self._limits = limits
        self._last: tuple[DetourKind, int, float] | None = None  # what was seen when it was taken, and since when

    def may(self, kind: DetourKind, attempt: Attempt) -> bool:
        """Whether one more of this kind is allowed in this step."""
        in_all = sum(1 for one in self.taken if one.kind != "scroll")
        return attempt.detours[kind] < self._limits.detours and in_all < self._limits.detours_in_all

    def take(self, way: Way, attempt: Attempt, *, index: int, seen: int) -> Detour:
        """Counts it and makes it a command. `seen` is a number for what is shown now."""
        detour = Detour(way.kind, way.action, index, way.says)
        self.taken.append(detour)
        attempt.detours[way.kind] += 1
        if way.kind != "scroll":
            attempt.tried.append(way.says)
        self._last = (way.kind, seen, -1.0)
        put_away(attempt, way.kind, way.says)
        if way.kind in _RESTARTS_WAIT:
            attempt.since_s = None
        return detour

    def waits(self, now: int, at_s: float) -> bool:
        """Whether the last one has still to show: the screen is as it was, and not for long."""
        if self._last is None:
            return False
        kind, then, since_s = self._last
        if since_s < 0:
            since_s = at_s
            self._last = (kind, then, since_s)
        limit_s = self._limits.settle_s if kind == "scroll" else self._limits.again_s
        if now == then and at_s - since_s < limit_s:
            return True
        self._last = None
        return False

    def failed(self) -> None:
        """The last one was not done: nothing of it will show."""
        self._last = None


def wake_up(size: Size, *, screen_on: bool) -> Way:
    """Out of a dark screen, or past a lock that asks for nothing."""
    if not screen_on:
        return Way("wake", PressKey("wakeup"), "the screen was off and was woken")
    middle = size.width_px // 2
    low, high = Point(middle, size.height_px * 4 // 5, size), Point(middle, size.height_px // 5, size)
    return Way("unlock", Swipe(low, high, 0.2), "the lock screen was swiped away")


def open_again(recipe: Recipe, index: int) -> Way | None:
    """The app this step is played in, after it crashed; None where the recipe has opened none."""
    opened = [step.move for step in recipe.steps[: index + 1] if isinstance(step.move, OpenApp)]
    if not opened:
        return None
    return Way("reopen", opened[-1], f"{opened[-1].package} was opened again after it crashed")


def to_the_start(move: OpenApp, screen: Screen) -> Way | None:
    """The app came up where it was left: back to the page the demonstration began on, or open it once more.

    None where it is still starting, or holds something half written: that is the owner's.
    """
    if screen.package != move.package:
        return Way("reopen", move, f"{move.package} was not in front and was opened again")
    starting = not any(element.flags & ACTIONABLE for element in screen.visible_elements())
    if starting or half_written(screen):
        return None
    return Way("back", PressKey("back"), f"{move.package} came up on another page: back")
