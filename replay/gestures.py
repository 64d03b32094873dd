"""From a finger's touches to gestures: tap, double tap, long press, swipe. Pure: time comes with the touches.

The limits are Android's `ViewConfiguration`. They are given in dp there; a touch carries px and no density, so the
screen's shorter side, which phones make about 400 dp wide, converts them. A second tap close after the first is told as
a `TapAt` with `count` 2, as Android's own recogniser does; whoever listens joins the two.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from device.actions import Direction, PressKey, Size
from device.protocol import Touch

TOUCH_SLOP_DP: Final = 8.0  # ViewConfiguration.TOUCH_SLOP: a finger that moves less rests
DOUBLE_TAP_SLOP_DP: Final = 100.0  # ViewConfiguration.DOUBLE_TAP_SLOP
LONG_PRESS_S: Final = 0.5  # ViewConfiguration.DEFAULT_LONG_PRESS_TIMEOUT: 500 ms, 400 in some releases
DOUBLE_TAP_S: Final = 0.3  # ViewConfiguration.DOUBLE_TAP_TIMEOUT, from the first finger's lift to the second's touch
SHORTER_SIDE_DP: Final = 400.0  # phones: 360 to 430 dp

Place: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class TapAt:
    """A finger came down and up on one spot, px. `count` is 2 for the second of a quick pair."""

    x_px: int
    y_px: int
    started_s: float
    ended_s: float
    count: int = 1


@dataclass(frozen=True, slots=True)
class HoldAt:
    """A finger rested on one spot for `LONG_PRESS_S` or longer."""

    x_px: int
    y_px: int
    started_s: float
    ended_s: float


@dataclass(frozen=True, slots=True)
class SwipeAlong:
    """A finger was drawn along a path. `direction` is where the finger went: the other end of the content shows."""

    path: tuple[Place, ...]
    direction: Direction
    started_s: float
    ended_s: float

    @property
    def x_px(self) -> int:
        return self.path[0][0]

    @property
    def y_px(self) -> int:
        return self.path[0][1]


Gesture: TypeAlias = TapAt | HoldAt | SwipeAlong


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """A key of the phone that is known to have been pressed (a viewer's button): it is not seen on the glass."""

    key: PressKey
    started_s: float
    ended_s: float


@dataclass(frozen=True, slots=True)
class TextEntered:
    """Text that is known to have been typed without the phone's own keyboard; what it was, the field says."""

    started_s: float
    ended_s: float


Deed: TypeAlias = Gesture | KeyPressed | TextEntered


def slop_px(size: Size, dp: float = TOUCH_SLOP_DP) -> float:
    """A length of Android's in px of this screen."""
    return dp * min(size.width_px, size.height_px) / SHORTER_SIDE_DP


@dataclass
class Fingers:
    """Recognises one finger's gestures. `down` tells whether it is on the glass now."""

    down: bool = False
    _path: list[Touch] = field(default_factory=list)
    _last: TapAt | None = None

    def feed(self, touch: Touch, size: Size) -> Gesture | None:
        """The gesture this touch ends, if it ends one. `size` is the screen's as it is turned now.

        A touch that does not fit (up without down) is skipped; a second down starts anew.
        """
        match touch.phase:
            case "down":
                self.down, self._path = True, [touch]
                return None
            case "move":
                if self.down:
                    self._path.append(touch)
                return None
            case "up":
                if not self.down:
                    return None
                self.down = False
                return self._ended([*self._path, touch], size)

    def _ended(self, path: list[Touch], size: Size) -> Gesture:
        first, last = path[0], path[-1]
        slop = slop_px(size)
        if any(math.dist((first.x_px, first.y_px), (at.x_px, at.y_px)) > slop for at in path):
            self._last = None
            places = tuple(dict.fromkeys((at.x_px, at.y_px) for at in path))
            return SwipeAlong(places, _direction(places), first.at_s, last.at_s)
        if last.at_s - first.at_s >= LONG_PRESS_S:
            self._last = None
            return HoldAt(first.x_px, first.y_px, first.at_s, last.at_s)
        return self._tapped(first, last, size)

    def _tapped(self, first: Touch, last: Touch, size: Size) -> TapAt:
        before, count = self._last, 1
        if before is not None and first.at_s - before.ended_s <= DOUBLE_TAP_S:
            apart = math.dist((before.x_px, before.y_px), (first.x_px, first.y_px))
            count = 2 if apart <= slop_px(size, DOUBLE_TAP_SLOP_DP) else 1
        tap = TapAt(first.x_px, first.y_px, first.at_s, last.at_s, count)
        self._last = tap if count == 1 else None
        return tap


def _direction(path: tuple[Place, ...]) -> Direction:
    """Where the finger went: from its first place to the one farthest from it."""
    start = path[0]
    end = max(path, key=lambda place: math.dist(start, place))
    across, along = end[0] - start[0], end[1] - start[1]
    if abs(across) > abs(along):
        return "right" if across > 0 else "left"
    return "down" if along > 0 else "up"
