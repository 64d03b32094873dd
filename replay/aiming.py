"""Where to put the finger on an element, so that the element gets the tap and nothing that lies over it.

A tap goes to a place, not to an element. What may lie over the place: another window (keyboard, a heads-up
notification, a system bar), or a part of the same page that is drawn later and takes taps (a floating button over a
list). Pure. A reading cannot show everything that covers: this avoids what can be seen to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from device.actions import Point
from perception.element import ACTIONABLE, VISIBLE, Bounds, Element
from perception.screen import Screen

_SHARES: Final = (  # of the visible box, in the order they are tried: the middle, then towards the edges
    (0.5, 0.5), (0.25, 0.5), (0.75, 0.5), (0.5, 0.25), (0.5, 0.75), (0.12, 0.5), (0.88, 0.5), (0.25, 0.25),
    (0.75, 0.25), (0.25, 0.75), (0.75, 0.75),
)  # fmt: skip
THIN_PX: Final = 8  # what sticks out less than this from under its list's edge is not tapped


@dataclass(frozen=True, slots=True)
class Aim:
    """`point` is None where nothing of the element can be reached; `cover` is then what lies over it, if anything."""

    point: Point | None
    cover: Element | None


def aim(screen: Screen, element: Element) -> Aim:
    """The place to tap an element at."""
    box = _shown(screen, element)
    if box.width_px < THIN_PX or box.height_px < THIN_PX:
        return Aim(None, None)
    root = _root(screen, element)
    over, within = _windows_over(screen, root), _takers(screen, element.index + 1, element.end)
    over += _takers(screen, element.end, root.end)
    places = [_place(box, share, screen) for share in _SHARES]
    filled = all(any(_holds(part.bounds, place) for part in within) for place in places)
    avoided = over if filled else over + within  # where its own parts fill it, it is tapped through them
    for place in places:
        if not any(_holds(other.bounds, place) for other in avoided):
            return Aim(place, None)
    return Aim(None, next(other for other in avoided if _holds(other.bounds, places[0])))


def _shown(screen: Screen, element: Element) -> Bounds:
    """What the screen and its scrolling ancestors leave of it."""
    box = element.bounds.meet(Bounds(0, 0, screen.size.width_px, screen.size.height_px))
    for above in screen.ancestors(element):
        if above.scrollable and above.bounds.area_px:
            box = box.meet(above.bounds)
    return box


def _root(screen: Screen, element: Element) -> Element:
    for above in screen.ancestors(element):
        element = above
    return element


def _windows_over(screen: Screen, root: Element) -> list[Element]:
    """The windows that may lie over this one: those smaller than it. A larger one lies under a dialog."""
    others = (screen.elements[index] for index in screen.roots if index != root.index)
    return [other for other in others if other.bounds.area_px < root.bounds.area_px]


def _takers(screen: Screen, start: int, end: int) -> list[Element]:
    """What takes taps of `elements[start:end]`. What stands later on a page is drawn over what stands earlier."""
    return [other for other in screen.elements[start:end] if other.flags & ACTIONABLE and other.flags & VISIBLE]


def _place(box: Bounds, share: tuple[float, float], screen: Screen) -> Point:
    across, down = share
    return Point(box.left + int((box.width_px - 1) * across), box.top + int((box.height_px - 1) * down), screen.size)


def _holds(box: Bounds, at: Point) -> bool:
    return box.left <= at.x_px < box.right and box.top <= at.y_px < box.bottom
