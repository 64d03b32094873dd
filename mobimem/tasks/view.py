"""What a model is shown of a screen: a short numbered list of what can be touched and what is said. Pure.

    3  button "Send SMS"
    4  field "Text message", holds "See you"
    -  "Bob"

Only what has a number can be named in an answer. Bars, keyboards and toasts are left out, a thing and the labels in it
are one line, and what stands in a password field is never shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from perception.element import Element
from perception.features import features
from perception.identity import page_windows
from perception.screen import Screen
from replay.scrolling import largest_scroller

LINES_MAX: Final = 150
TEXT_MAX: Final = 160  # characters of one text: a longer one is cut
LIST_MAX: Final = 12_000  # characters of the list; `mobimem.llm.prompt` would cut at 20,000


@dataclass(frozen=True, slots=True)
class Seen:
    """A screen as a model sees it. `numbered` are the elements it may name; number 1 is the first."""

    screen: Screen
    package: str
    numbered: tuple[Element, ...]
    text: str

    def element(self, number: int | None) -> Element | None:
        """The element of this number; None if there is none."""
        return self.numbered[number - 1] if number is not None and 1 <= number <= len(self.numbered) else None


def see(screen: Screen) -> Seen:
    """The list of a screen."""
    package, roots = page_windows(screen)
    numbered: list[Element] = []
    lines: list[str] = []
    length = 0
    for element in _worth_telling(screen, roots):
        line = _line(screen, element)
        if len(lines) >= LINES_MAX or length + len(line) > LIST_MAX:
            lines.append("(more is on the screen than this list holds)")
            break
        number = "-"
        if _takes_part(element):
            numbered.append(element)
            number = str(len(numbered))
        lines.append(f"{number:>3}  {line}")
        length += len(line) + 6
    if screen.keyboard_shown:
        lines.append("(a keyboard covers the lower part)")
    if screen.truncated:
        lines.append("(the reading was cut off: there may be more)")
    return Seen(screen, package, tuple(numbered), "\n".join(lines) or "(nothing is shown)")


def _worth_telling(screen: Screen, roots: Iterable[int]) -> Iterable[Element]:
    scroller = largest_scroller(screen)
    for root in roots:
        for element in screen.subtree(screen.elements[root]):
            if not element.visible or screen.point_on(element) is None:
                continue
            if _takes_part(element) and not element.scrollable:
                yield element
            elif element.scrollable:
                if element is scroller or element.clickable:
                    yield element
            elif (element.text or element.description) and not _told_above(screen, element):
                yield element


def _takes_part(element: Element) -> bool:
    return bool(
        element.clickable or element.long_clickable or element.checkable or element.editable or element.scrollable
    )


def _told_above(screen: Screen, element: Element) -> bool:
    """Whether the line of a thing around it says this text too."""
    for above in screen.ancestors(element):
        if above.scrollable:
            return False
        if above.clickable or above.checkable or above.long_clickable:
            return True
    return False


def _line(screen: Screen, element: Element) -> str:
    if not _takes_part(element):
        return _quoted(element.text or element.description)
    return " ".join(filter(None, (_kind(element), _named(screen, element), _state(element))))


def _kind(element: Element) -> str:
    if element.editable:
        return "password field" if element.password else "field"
    if element.checkable:
        return "switch" if "Switch" in element.cls else "box"
    if element.scrollable and not element.clickable:
        return "list"
    return "button" if "Button" in element.cls else "item"


def _named(screen: Screen, element: Element) -> str:
    if element.editable:
        name = element.hint or element.description or features(screen).near(element)
        return _quoted(name) if name else ""
    if element.scrollable and not element.clickable:
        return ""
    own = [element.text, element.description]
    below = [
        part.text or part.description
        for part in screen.subtree(element)[1:]
        if part.visible and not part.editable and not part.password
    ]
    said = list(dict.fromkeys(text for text in (*own, *below) if text))
    return ", ".join(_quoted(text) for text in said[:6]) or (element.entry.replace("_", " ") and f"({element.entry})")


def _state(element: Element) -> str:
    told = []
    if element.editable and element.text and not element.password and element.text != element.hint:
        told.append(f"holds {_quoted(element.text)}")
    if element.checkable:
        told.append("on" if element.checked else "off")
    if not element.enabled:
        told.append("disabled")
    if element.selected:
        told.append("selected")
    return f"({', '.join(told)})" if told else ""


def _quoted(text: str) -> str:
    """One line, cut to size."""
    line = " ".join(text.split())
    return f'"{line[:TEXT_MAX]}…"' if len(line) > TEXT_MAX else f'"{line}"'
