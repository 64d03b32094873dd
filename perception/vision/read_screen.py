"""Screens whose tree says nothing (games, canvases, some WebViews), made into screens of what can be read on them.

`silent_part` says where the tree is silent; `screen_from_ocr` makes a `Screen` of the lines read there: a root and one
element for each line, in reading order, so that selectors, identity and `locate` work on it as on any other. Such an
element has words and a place and nothing else: no id, no state, and it may be tapped only because nobody says it may
not. Which screens are made this way is told by their class names and by a note; the tree is never mixed with them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from perception.element import CLICKABLE, ENABLED, NOWHERE, VISIBLE, Bounds, Element
from perception.screen import Screen
from perception.vision.reader import CONFIDENCE_MIN, Line

ROOT_CLASS: Final = "mobimem.ocr.Picture"
LINE_CLASS: Final = "mobimem.ocr.Line"
SILENT_MIN: Final = 0.4  # of the screen: a map, a game or a page; less is a picture within a page
NOTE: Final = "read from the picture: elements are lines of words, without ids or states"


@dataclass(frozen=True, slots=True)
class ReadScreen:
    """A screen of lines. The element of `lines[i]` is `screen.elements[i + 1]`; the first element is the root."""

    screen: Screen
    lines: tuple[Line, ...]


def silent_part(screen: Screen) -> Bounds | None:
    """The largest visible part of the page that has no children and says nothing, if it is most of the page."""
    area = screen.size.width_px * screen.size.height_px
    whole = Bounds(0, 0, screen.size.width_px, screen.size.height_px)
    found = NOWHERE
    for element in screen.visible_elements():
        below = screen.subtree(element)[1:]
        if element.text or element.description or any(part.text or part.description for part in below):
            continue
        seen = element.bounds.meet(whole)
        if seen.area_px > found.area_px:
            found = seen
    return found if found.area_px >= SILENT_MIN * area else None


def screen_from_ocr(
    lines: Iterable[Line], screen: Screen, *, within: Bounds | None = None, confidence_min: float = CONFIDENCE_MIN
) -> ReadScreen:
    """The screen as it was read. Size, package, activity and the moment are those of `screen`, whose tree is silent.

    Args:
        lines: in reading order, as a `Reader` gives them.
        within: the part that was read; None is the whole screen.
        confidence_min: lines below are left out; they are mostly signs taken for letters.
    """
    kept = tuple(line for line in lines if line.confidence >= confidence_min and line.box.area_px and line.text)
    place = within or Bounds(0, 0, screen.size.width_px, screen.size.height_px)
    root = _element(0, "", ROOT_CLASS, screen.package, place)._replace(
        parent=-1, end=len(kept) + 1, children=tuple(range(1, len(kept) + 1)), flags=VISIBLE | ENABLED
    )
    elements = [root]
    for index, line in enumerate(kept, start=1):
        elements.append(_element(index, line.text, LINE_CLASS, screen.package, line.box))
    made = Screen(
        elements=tuple(elements),
        roots=(0,),
        size=screen.size,
        rotation=screen.rotation,
        package=screen.package,
        activity=screen.activity,
        keyboard_shown=screen.keyboard_shown,
        screen_on=screen.screen_on,
        lock=screen.lock,
        taken_at=screen.taken_at,
        source=screen.source,
        truncated=True,  # what was not read may be there all the same
        notes=(*screen.notes, NOTE),
    )
    return ReadScreen(made, kept)


def _element(index: int, text: str, cls: str, package: str, box: Bounds) -> Element:
    return Element(index, 0, index + 1, (), text, "", "", "", cls, package, box, VISIBLE | ENABLED | CLICKABLE)
