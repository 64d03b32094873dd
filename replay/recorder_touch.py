"""What lies under a finger: the element to remember, a key of the soft keyboard, or a button of the system.

Windows are met as Android sends touches: the window on top first, in it the innermost view that takes touches; where
views overlap, the one drawn later. What is remembered is the thing that takes the touch (the row, not the label in it):
it carries what the row says in one piece, so that the row of another contact is found again by its name. Only where the
thing that takes the touch is a whole part of the page without a name (a web view, a canvas), the innermost labelled
element under the finger is remembered instead. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from device.actions import PressKey
from perception.element import ACTIONABLE, Element
from perception.features import features
from perception.identity import BAR_MAX
from perception.screen import Screen

KEYBOARD_WORDS: Final = ("inputmethod", "keyboard", ".ime", "swiftkey", "honeyboard", "gboard", "sogou", "pinyin")
KEYBOARD_SHARE: Final = 0.35  # of the screen's height that a keyboard covers, where the dump does not show its window
LARGE_SHARE: Final = 0.25  # of the screen's area: a thing to tap is smaller, unless it is a row of a list
EDGE_SHARE: Final = 0.05  # of the screen's width or height from where the system takes a swipe as its own gesture
ENTER_WORDS: Final = frozenset(
    {"enter", "go", "search", "send", "done", "next", "return", "ok", "submit"}
    | {"回车", "搜索", "发送", "完成", "前往", "下一步", "确定"}
    | {"eingabe", "suchen", "senden", "fertig", "los", "weiter", "eingabetaste"}
)
_BUTTONS: Final[dict[str, Literal["back", "home", "recent"]]] = {
    "back": "back",
    "home": "home",
    "home_button": "home",
    "recent_apps": "recent",
    "recents": "recent",
}
SYSTEM_UI: Final = "com.android.systemui"


@dataclass(frozen=True, slots=True)
class KeyboardKey:
    """A place on the soft keyboard. `enter`: it sends or ends the input; None where the dump shows no keys."""

    enter: bool | None


@dataclass(frozen=True, slots=True)
class Nothing:
    """No element that could be named; `why` in words for the teacher."""

    why: str


Under: TypeAlias = Element | KeyboardKey | PressKey | Nothing


def under(screen: Screen, x_px: int, y_px: int) -> Under:
    """What a touch at this place of this screen goes to."""
    for root in _windows_at(screen, x_px, y_px):
        if is_keyboard(root.package):
            key = _key(screen, root, x_px, y_px)
            if key is not None:
                return key
            continue
        if _is_bar(screen, root):
            found = _button(screen, root, x_px, y_px)
            if found is not None:
                return found
            continue
        if screen.keyboard_shown and _below_the_page(screen, y_px):
            return KeyboardKey(None)
        return _in_window(screen, root, x_px, y_px)
    if screen.keyboard_shown and _below_the_page(screen, y_px):
        return KeyboardKey(None)
    return Nothing("there is nothing under the finger")


def is_keyboard(package: str) -> bool:
    """Whether this package is a soft keyboard, by its name."""
    return any(word in package.lower() for word in KEYBOARD_WORDS)


def system_swipe(screen: Screen, path: tuple[tuple[int, int], ...]) -> PressKey | None:
    """The key that a swipe from the screen's edge stands for where there are no buttons for it."""
    if any(_button_of(element) for element in screen.visible_elements() if element.package == SYSTEM_UI):
        return None
    (x, y), (end_x, end_y) = path[0], path[-1]
    width, height = screen.size.width_px, screen.size.height_px
    if y >= height * (1 - EDGE_SHARE) and end_y < y - height * 0.1:
        return PressKey("home")
    from_left, from_right = x <= width * EDGE_SHARE, x >= width * (1 - EDGE_SHARE)
    if abs(end_x - x) > abs(end_y - y) and ((from_left and end_x > x) or (from_right and end_x < x)):
        return PressKey("back")
    return None


def scroller_at(screen: Screen, x_px: int, y_px: int) -> Element | None:
    """The innermost element under the finger that scrolls."""
    found = None
    for root in _windows_at(screen, x_px, y_px):
        if _is_bar(screen, root) or is_keyboard(root.package):
            continue
        for element in screen.subtree(root):
            if element.scrollable and element.visible and _holds(element, x_px, y_px):
                found = element
        break
    return found


def switch_in(screen: Screen, element: Element) -> Element | None:
    """The one thing inside an element that can be on or off; None if there is none, or several."""
    inside = [part for part in screen.subtree(element)[1:] if part.checkable and part.visible]
    return inside[0] if len(inside) == 1 else None


def _windows_at(screen: Screen, x_px: int, y_px: int) -> list[Element]:
    """The roots of the windows at a place, the uppermost first: bars and keyboard lie over every app."""
    there = [screen.elements[index] for index in screen.roots if _holds(screen.elements[index], x_px, y_px)]
    return sorted(there, key=lambda root: not (is_keyboard(root.package) or _is_bar(screen, root)))


def _is_bar(screen: Screen, root: Element) -> bool:
    area = screen.size.width_px * screen.size.height_px
    return root.package == SYSTEM_UI and root.bounds.area_px <= BAR_MAX * area


def _button(screen: Screen, root: Element, x_px: int, y_px: int) -> Under | None:
    for element in reversed(screen.subtree(root)):
        if element.visible and _holds(element, x_px, y_px):
            if key := _button_of(element):
                return PressKey(key)
            if element.flags & ACTIONABLE:
                return Nothing("this belongs to the system's own bars, which are not recorded")
    return None


def _button_of(element: Element) -> Literal["back", "home", "recent"] | None:
    return _BUTTONS.get(element.entry)


def _key(screen: Screen, root: Element, x_px: int, y_px: int) -> KeyboardKey | None:
    """The key; None where a keyboard's window goes over the whole screen and shows no key at this place."""
    derived = features(screen)
    for element in reversed(screen.subtree(root)):
        if element.visible and element.flags & ACTIONABLE and _holds(element, x_px, y_px):
            return KeyboardKey(derived.name(element) in ENTER_WORDS)
    whole = root.bounds.height_px > screen.size.height_px / 2
    return None if whole else KeyboardKey(False if root.children else None)


def _below_the_page(screen: Screen, y_px: int) -> bool:
    """Where a keyboard must be that the dump does not show: below the focused field, in the lower part."""
    if any(is_keyboard(screen.elements[index].package) for index in screen.roots):
        return False
    field = focused_field(screen)
    edge = screen.size.height_px * (1 - KEYBOARD_SHARE)
    return y_px >= edge and (field is None or y_px >= field.bounds.bottom)


def focused_field(screen: Screen) -> Element | None:
    """The field that takes what is typed."""
    return next((element for element in screen.elements if element.focused and element.editable), None)


def _in_window(screen: Screen, root: Element, x_px: int, y_px: int) -> Under:
    takes = _takes(screen, root, x_px, y_px)
    hit = [part for part in screen.subtree(root) if part.visible and _holds(part, x_px, y_px)]
    if takes is not None:
        hit = [part for part in hit if takes.index < part.index < takes.end]
    labelled = [part for part in reversed(hit) if part.text or part.description]
    if takes is None:
        return labelled[0] if labelled else Nothing("nothing under the finger has a name or can be tapped")
    inside = [part for part in screen.subtree(takes)[1:] if part.visible and (part.text or part.description)]
    candidates = [*labelled, takes] if _is_part_of_page(screen, takes) else [takes, *labelled, *inside]
    for part in candidates:
        point = screen.point_on(part)
        if point is not None and _takes(screen, root, point.x_px, point.y_px) is takes:
            return part  # replay taps the middle of what is remembered: that has to go to the same thing
    return Nothing("a tap on the middle of what lies under the finger would go to something else")


def _takes(screen: Screen, root: Element, x_px: int, y_px: int) -> Element | None:
    """What Android gives a tap to: the innermost thing that takes taps, of those side by side the one drawn later."""
    for part in reversed(screen.subtree(root)):
        if part.visible and (part.flags & ACTIONABLE or part.editable) and _holds(part, x_px, y_px):
            return part
    return None


def _is_part_of_page(screen: Screen, element: Element) -> bool:
    """It is large and says many things, or nothing: a page, a canvas, a web view; not a thing with a name."""
    derived = features(screen)
    large = element.bounds.area_px > LARGE_SHARE * screen.size.width_px * screen.size.height_px
    unnamed = not derived.name(element) and not element.editable
    return bool(element.children) and (large or (unnamed and not element.entry)) and not derived.in_flow(element)


def _holds(element: Element, x_px: int, y_px: int) -> bool:
    box = element.bounds
    return box.left <= x_px < box.right and box.top <= y_px < box.bottom
