"""Looking for something in what scrolls: down to the end, then up to the other end, a part of the list at a time.

The end is where scrolling changes nothing. `content` is what a page shows now, without the system's bars and the
keyboard: equal contents are the same page at rest in the same place. Pure; the player decides when to look and when to
give up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from device.actions import Direction, Point, Scroll
from perception.element import Bounds, Element
from perception.identity import page_windows
from perception.screen import Screen

SIDEWAYS: Final = ("HorizontalScrollView", "ViewPager", "ViewPager2", "HorizontalGridView")
NUDGE: Final = 0.3  # of the list: enough for the next row, too little for the one that was found to leave
LEAST_PX: Final = 100  # a lower box is no list to look through


@dataclass(frozen=True, slots=True)
class Search:
    """How far a search has come. `seen` is the content of the list before the last scroll; 0 before the first."""

    towards: Direction = "down"
    scrolls: int = 0
    seen: int = 0


def scroll_on(search: Search, screen: Screen, *, most: int) -> tuple[Search, Scroll] | None:
    """The next scroll and the search after it; None where both ends were seen, nothing scrolls, or `most` was done."""
    container = largest_scroller(screen)
    if container is None or search.scrolls >= most:
        return None
    now = hash(screen.elements[container.index : container.end])
    if search.scrolls and now == search.seen:
        if search.towards == "up":
            return None
        search = replace(search, towards="up")
    box = _inside(screen, container)
    corner = Point(box.right - 1, box.bottom - 1, screen.size)
    scroll = Scroll(search.towards, Point(box.left, box.top, screen.size), corner)
    return replace(search, scrolls=search.scrolls + 1, seen=now), scroll


def largest_scroller(screen: Screen) -> Element | None:
    """The largest thing in the front window that scrolls up and down."""
    front = screen.elements[screen.roots[0]]
    found = [
        element
        for element in screen.subtree(front)
        if element.scrollable and element.visible and not element.cls.endswith(SIDEWAYS)
    ]
    found = [element for element in found if _inside(screen, element).height_px >= LEAST_PX]
    return max(found, key=lambda element: _inside(screen, element).area_px, default=None)


def beyond(screen: Screen, element: Element, *, also_up: bool) -> Scroll | None:
    """A short scroll to see the row after the element's (`also_up`: or before it), where that is not in view.

    Lists are in order, so the namesake of a row stands beside it: perhaps just below the fold.
    """
    container = next((above for above in screen.ancestors(element) if above.scrollable), None)
    if container is None or container.cls.endswith(SIDEWAYS):
        return None
    box, row = _inside(screen, container), element.bounds
    if box.height_px < LEAST_PX:
        return None
    below, above = row.bottom + row.height_px > box.bottom, row.top - row.height_px < box.top
    if not below and not (above and also_up):
        return None
    corner = Point(box.right - 1, box.bottom - 1, screen.size)
    return Scroll("down" if below else "up", Point(box.left, box.top, screen.size), corner, share=NUDGE)


def content(screen: Screen) -> int:
    """A number for what the page shows now: texts, places, and whether a keyboard is up. Equal: nothing has changed."""
    _, roots = page_windows(screen)
    parts = (tuple(element[4:] for element in screen.subtree(screen.elements[root])) for root in roots)
    return hash((screen.keyboard_shown, *parts))


def _inside(screen: Screen, element: Element) -> Bounds:
    return element.bounds.meet(Bounds(0, 0, screen.size.width_px, screen.size.height_px))
