"""From actions to what Android's input takes: key codes, and scrolls as finger strokes. Pure.

A scroll's strokes stay inside its box and away from its edges (the system's own gestures live at the screen's), and
each stroke ends with the finger resting, so that the content stops where the finger does instead of being flung.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from device.actions import Direction, Key, Point, Scroll

KEY_CODES: dict[Key, int] = {  # android.view.KeyEvent
    "home": 3, "back": 4, "enter": 66, "delete": 67, "recent": 187, "search": 84, "menu": 82, "power": 26,
    "wakeup": 224, "sleep": 223, "volume_up": 24, "volume_down": 25, "volume_mute": 164, "camera": 27, "tab": 61,
    "escape": 111, "up": 19, "down": 20, "left": 21, "right": 22, "center": 23, "page_up": 92, "page_down": 93,
}  # fmt: skip

STEP_S = 0.005  # uiautomator moves the finger every 5 ms
TAP_GAP_S = 0.08  # between the taps of a double tap: Android wants 40 to 300 ms
EDGE_SHARE = 0.08  # of the box on each side that no stroke enters
STROKE_STEPS = 40  # 0.2 s on the way, and as long at rest: Android looks at the last 0.1 s for a fling

_TOWARDS: dict[Direction, tuple[int, int]] = {"down": (0, -1), "up": (0, 1), "right": (-1, 0), "left": (1, 0)}


@dataclass(frozen=True, slots=True)
class Stroke:
    """A finger drawn from one place to another, in px."""

    x1: int
    y1: int
    x2: int
    y2: int


def steps(duration_s: float) -> int:
    """How many moves a gesture of this length has; at least 2, since 1 moves nothing."""
    return max(2, round(duration_s / STEP_S))


def strokes(scroll: Scroll) -> list[Stroke]:
    """The strokes that move the box's content by its share: one, or two when one has no room beside the edges.

    Raises:
        ValueError: the box is empty.
    """
    box = (scroll.top_left, scroll.bottom_right)
    width = box[1].x_px - box[0].x_px + 1
    height = box[1].y_px - box[0].y_px + 1
    if width <= 1 or height <= 1:
        raise ValueError(f"nothing can be scrolled in a box of {width} x {height} px")
    across, down = _TOWARDS[scroll.direction]
    extent = width if across else height
    wanted = scroll.share * extent
    room = (1 - 2 * EDGE_SHARE) * extent
    count = math.ceil(wanted / room)
    half = wanted / count / 2
    middle_x, middle_y = box[0].x_px + width / 2, box[0].y_px + height / 2
    stroke = Stroke(
        round(middle_x - across * half),
        round(middle_y - down * half),
        round(middle_x + across * half),
        round(middle_y + down * half),
    )
    return [stroke] * count


def points_of(action: object) -> list[Point]:
    """The points an action carries, in whatever fields."""
    fields = getattr(type(action), "__dataclass_fields__", {})
    values = (getattr(action, name) for name in fields)
    return [value for value in values if isinstance(value, Point)]
