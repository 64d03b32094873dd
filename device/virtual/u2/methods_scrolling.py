"""RPC methods that scroll: real swipes inside the object, watched by how far its content has moved.

As in UiAutomator, a scroll answers whether more can follow: false when nothing moved, or when the end was reached.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from device.virtual.u2 import params
from device.virtual.u2.automation import Automation
from device.virtual.u2.fingers import Point
from device.virtual.u2.selector import Selector
from device.virtual.u2.table import MethodTable
from device.virtual.window.frame import Rect, ScrollExtent

table = MethodTable()

SCROLL_STEPS: Final = 55
FLING_STEPS: Final = 5
SEARCH_SWIPES_MAX: Final = 30
DEAD_ZONE_SHARE: Final = 0.1  # of the object's extent, at each end
_SETTLE_MAX_S: Final = 3.0
_SETTLE_LOOK_S: Final = 0.02

_Extents: TypeAlias = dict[tuple[str, tuple[str, ...]], ScrollExtent]


@table.method("scrollForward")
async def scroll_forward(automation: Automation, target: Any, vertical: Any, steps: Any = SCROLL_STEPS) -> bool:
    return await _scroll(automation, target, params.flag(vertical), params.whole(steps), forward=True)


@table.method("scrollBackward")
async def scroll_backward(automation: Automation, target: Any, vertical: Any, steps: Any = SCROLL_STEPS) -> bool:
    return await _scroll(automation, target, params.flag(vertical), params.whole(steps), forward=False)


@table.method("scrollToBeginning")
async def scroll_to_beginning(
    automation: Automation, target: Any, vertical: Any, max_swipes: Any, steps: Any = SCROLL_STEPS
) -> bool:
    return await _scroll_on(automation, target, vertical, max_swipes, steps, forward=False)


@table.method("scrollToEnd")
async def scroll_to_end(
    automation: Automation, target: Any, vertical: Any, max_swipes: Any, steps: Any = SCROLL_STEPS
) -> bool:
    return await _scroll_on(automation, target, vertical, max_swipes, steps, forward=True)


@table.method("flingForward")
async def fling_forward(automation: Automation, target: Any, vertical: Any) -> bool:
    return await _scroll(automation, target, params.flag(vertical), FLING_STEPS, forward=True)


@table.method("flingBackward")
async def fling_backward(automation: Automation, target: Any, vertical: Any) -> bool:
    return await _scroll(automation, target, params.flag(vertical), FLING_STEPS, forward=False)


@table.method("flingToBeginning")
async def fling_to_beginning(automation: Automation, target: Any, vertical: Any, max_swipes: Any) -> bool:
    return await _scroll_on(automation, target, vertical, max_swipes, FLING_STEPS, forward=False)


@table.method("flingToEnd")
async def fling_to_end(automation: Automation, target: Any, vertical: Any, max_swipes: Any) -> bool:
    return await _scroll_on(automation, target, vertical, max_swipes, FLING_STEPS, forward=True)


@table.method("scrollTo")
async def scroll_to(automation: Automation, target: Any, wanted: Any, vertical: Any = True) -> bool:
    """Scrolls the object from its beginning until something inside it fits `wanted`; false if nothing does."""
    start, sought = automation.selector(target), automation.selector(wanted)
    return await scroll_into_view(automation, start, sought, vertical=params.flag(vertical))


async def scroll_into_view(automation: Automation, container: Selector, wanted: Selector, *, vertical: bool) -> bool:
    """What `scrollTo` does, for selectors that are read already."""
    inside = container.child(wanted)
    if automation.exists(inside):
        return True
    for _ in range(SEARCH_SWIPES_MAX):
        if not await _swipe_inside(automation, container, vertical, SCROLL_STEPS, forward=False):
            break
    for _ in range(SEARCH_SWIPES_MAX):
        if automation.exists(inside):
            return True
        if not await _swipe_inside(automation, container, vertical, SCROLL_STEPS, forward=True):
            break
    return automation.exists(inside)


async def _scroll(automation: Automation, target: Any, vertical: bool, steps: int, *, forward: bool) -> bool:
    return await _swipe_inside(automation, automation.selector(target), vertical, steps, forward=forward)


async def _scroll_on(
    automation: Automation, target: Any, vertical: Any, max_swipes: Any, steps: Any, *, forward: bool
) -> bool:
    """As far as it goes; true in any case, as in UiAutomator."""
    container, upright, step_count = automation.selector(target), params.flag(vertical), params.whole(steps)
    for _ in range(params.whole(max_swipes)):
        if not await _swipe_inside(automation, container, upright, step_count, forward=forward):
            break
    return True


async def _swipe_inside(
    automation: Automation, container: Selector, vertical: bool, steps: int, *, forward: bool
) -> bool:
    before = _extents(automation)
    start, end = _way(automation.first(container).bounds, vertical, forward)
    await automation.fingers.swipe([start, end], steps)
    after = await _settled(automation)
    moved = [extent for place, extent in after.items() if place in before and before[place] != extent]
    return bool(moved) and not any(_at_end(extent, forward) for extent in moved)


def _way(bounds: Rect, vertical: bool, forward: bool) -> tuple[Point, Point]:
    """From where to where a finger goes to show what lies further on."""
    x, y = bounds.center
    far: Point
    near: Point
    if vertical:
        dead_px = bounds.height * DEAD_ZONE_SHARE
        far, near = (x, bounds.bottom - dead_px), (x, bounds.top + dead_px)
    else:
        dead_px = bounds.width * DEAD_ZONE_SHARE
        far, near = (bounds.right - dead_px, y), (bounds.left + dead_px, y)
    return (far, near) if forward else (near, far)


async def _settled(automation: Automation) -> _Extents:
    """The extents once they stand still; a fling takes a while."""
    deadline_s = automation.pace.now_s() + _SETTLE_MAX_S
    last = _extents(automation)
    while automation.pace.now_s() < deadline_s:
        await automation.pace.sleep(_SETTLE_LOOK_S)
        now = _extents(automation)
        if now == last:
            break
        last = now
    return last


def _extents(automation: Automation) -> _Extents:
    """How far each scrolling view on the screen is."""
    return {
        (window.name, box.path): box.scroll
        for window in automation.windows.frame().windows
        for box in window.root.walk()
        if box.scroll is not None
    }


def _at_end(extent: ScrollExtent, forward: bool) -> bool:
    return extent.offset_px >= extent.max_offset_px if forward else extent.offset_px <= 0
