"""RPC methods that touch the screen: at places, or at objects. They take as long as on a real phone.

Distances, corners and finger places are those of UiAutomator's UiObject (from memory of AOSP).
"""

from __future__ import annotations

from typing import Any, Final

from device.virtual.u2 import params
from device.virtual.u2.automation import Automation
from device.virtual.u2.errors import InvalidParams, JavaError
from device.virtual.u2.fingers import CLICK_S, LONG_PRESS_S, Point
from device.virtual.u2.table import MethodTable
from device.virtual.window.frame import Rect

table = MethodTable()

CORNER_PX: Final = 5
SWIPE_MARGIN_PX: Final = 5
FINGER_HALF_PX: Final = 20
_PHASES: Final = {0: "down", 1: "up", 2: "move"}  # MotionEvent's action


@table.method("click")
async def click(automation: Automation, *where: Any) -> bool:
    """`x, y [, ms]`, or an object and perhaps its corner ("tl", "topleft", "br", "bottomright")."""
    if where and isinstance(where[0], dict | str):
        return await _tap_object(automation, where, CLICK_S)
    if len(where) not in (2, 3):
        raise InvalidParams("click takes x, y and perhaps ms")
    hold_s = params.number(where[2]) / 1000 if len(where) == 3 else CLICK_S
    return await automation.fingers.tap((params.number(where[0]), params.number(where[1])), hold_s)


@table.method("longClick")
async def long_click(automation: Automation, *where: Any) -> bool:
    """An object and perhaps its corner."""
    return await _tap_object(automation, where, LONG_PRESS_S)


@table.method("clickAndWaitForNewWindow")
async def click_and_wait_for_new_window(automation: Automation, target: Any, timeout_ms: Any) -> bool:
    """Clicks; true once another window is uppermost."""
    before = automation.windows.frame().windows[-1].name
    await _tap_object(automation, (target,), CLICK_S)
    deadline_s = automation.pace.now_s() + params.number(timeout_ms) / 1000
    while automation.windows.frame().windows[-1].name == before:
        if automation.pace.now_s() >= deadline_s:
            return False
        await automation.pace.sleep(CLICK_S)
    return True


@table.method("injectInputEvent")
def inject_input_event(automation: Automation, action: Any, x: Any, y: Any, meta: Any = 0) -> bool:
    """One touch event, at once: 0 down, 1 up, 2 move."""
    phase = _PHASES.get(params.whole(action))
    return phase is not None and automation.fingers.touch(phase, (params.number(x), params.number(y)))


@table.method("swipe")
async def swipe(automation: Automation, *way: Any) -> bool:
    """`x1, y1, x2, y2, steps`, or an object, a direction, perhaps a share of the object (0..1), and steps."""
    if way and isinstance(way[0], dict | str):
        return await _swipe_object(automation, *_object_swipe(way))
    start, end, steps = _line(way)
    return await automation.fingers.swipe([start, end], steps)


@table.method("swipePoints")
async def swipe_points(automation: Automation, coordinates: Any, steps: Any) -> bool:
    """Along `[x, y, x, y, …]`, with as many steps between each two points."""
    if not isinstance(coordinates, list) or len(coordinates) < 2 or len(coordinates) % 2:
        raise InvalidParams(f"not a list of x and y: {coordinates!r}")
    values = [params.number(value) for value in coordinates]
    return await automation.fingers.swipe(list(zip(values[::2], values[1::2], strict=True)), params.whole(steps))


@table.method("drag")
async def drag(automation: Automation, *way: Any) -> bool:
    """As `swipe` between two places, but the finger rests before it moves."""
    start, end, steps = _line(way)
    return await automation.fingers.swipe([start, end], steps, drag=True)


@table.method("dragTo")
async def drag_to(automation: Automation, target: Any, *way: Any) -> bool:
    """An object onto `x, y` or onto another object, then steps."""
    start = automation.find(target).bounds.center
    if len(way) == 3:
        end: Point = params.number(way[0]), params.number(way[1])
    elif len(way) == 2:
        end = automation.find(way[0]).bounds.center
    else:
        raise InvalidParams("dragTo takes an object, then x, y, steps or an object and steps")
    return await automation.fingers.swipe([start, end], params.whole(way[-1]), drag=True)


@table.method("pinchOut")
async def pinch_out(automation: Automation, target: Any, percent: Any, steps: Any) -> bool:
    """Two fingers from the middle of the object to `percent` of its half width."""
    near, far = _pinch(automation, target, percent)
    return await automation.fingers.pair((near[0], far[0]), (near[1], far[1]), params.whole(steps))


@table.method("pinchIn")
async def pinch_in(automation: Automation, target: Any, percent: Any, steps: Any) -> bool:
    near, far = _pinch(automation, target, percent)
    return await automation.fingers.pair((far[0], near[0]), (far[1], near[1]), params.whole(steps))


@table.method("gesture")
async def gesture(automation: Automation, target: Any, *way: Any) -> bool:
    """Two fingers: `start 1, start 2, end 1, end 2, steps`, places on the screen; the object only has to be there."""
    if len(way) != 5:
        raise InvalidParams("gesture takes an object, four points and steps")
    automation.find(target)
    start1, start2, end1, end2 = (params.point(value) for value in way[:4])
    return await automation.fingers.pair((start1, end1), (start2, end2), params.whole(way[4]))


async def _tap_object(automation: Automation, where: tuple[Any, ...], hold_s: float) -> bool:
    if len(where) not in (1, 2):
        raise InvalidParams("an object and perhaps a corner are needed")
    bounds = automation.find(where[0]).bounds
    at = bounds.center if len(where) == 1 else _corner(bounds, params.words(where[1]))
    return await automation.fingers.tap(at, hold_s)


def _line(way: tuple[Any, ...]) -> tuple[Point, Point, int]:
    if len(way) != 5:
        raise InvalidParams("x1, y1, x2, y2 and steps are needed")
    x1, y1, x2, y2 = (params.number(value) for value in way[:4])
    return (x1, y1), (x2, y2), params.whole(way[4])


def _corner(bounds: Rect, name: str) -> Point:
    match name.lower():
        case "tl" | "topleft":
            return bounds.left + CORNER_PX, bounds.top + CORNER_PX
        case "br" | "bottomright":
            return bounds.right - CORNER_PX, bounds.bottom - CORNER_PX
        case _:
            return bounds.center


def _object_swipe(way: tuple[Any, ...]) -> tuple[Any, str, float | None, int]:
    if len(way) == 3:
        return way[0], params.words(way[1]), None, params.whole(way[2])
    if len(way) == 4:
        return way[0], params.words(way[1]), params.number(way[2]), params.whole(way[3])
    raise InvalidParams("swipe takes an object, a direction, perhaps a share, and steps")


async def _swipe_object(automation: Automation, target: Any, direction: str, share: float | None, steps: int) -> bool:
    """Across the object less a small margin, or around its middle by a share of its extent."""
    bounds = automation.find(target).bounds
    x, y = bounds.center
    margin = SWIPE_MARGIN_PX
    half_x, half_y = bounds.width / 2 - margin, bounds.height / 2 - margin
    if share is not None:
        half_x, half_y = half_x * share, half_y * share
    if half_x <= 0 or half_y <= 0:
        return False
    ways: dict[str, tuple[Point, Point]] = {
        "up": ((x, y + half_y), (x, y - half_y)),
        "down": ((x, y - half_y), (x, y + half_y)),
        "left": ((x + half_x, y), (x - half_x, y)),
        "right": ((x - half_x, y), (x + half_x, y)),
    }
    if direction.lower() not in ways:
        raise InvalidParams(f"not a direction: {direction!r}; known are {', '.join(ways)}")
    return await automation.fingers.swipe(ways[direction.lower()], steps)


def _pinch(automation: Automation, target: Any, percent: Any) -> tuple[tuple[Point, Point], tuple[Point, Point]]:
    """The two fingers' places near the middle and far from it."""
    bounds = automation.find(target).bounds
    if bounds.width <= 2 * FINGER_HALF_PX:
        raise JavaError("java.lang.IllegalStateException", "Object width is too small for operation")
    share = min(100, max(1, params.whole(percent))) / 100
    x, y = bounds.center
    far_px = int(bounds.width / 2 * share)
    return ((x - FINGER_HALF_PX, y), (x + FINGER_HALF_PX, y)), ((x - far_px, y), (x + far_px, y))
