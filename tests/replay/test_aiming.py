"""Where the finger goes: on the element, and on nothing that lies over it."""

from __future__ import annotations

from device.actions import Size
from device.fake import node, tree
from perception.element import Element
from perception.screen import Screen, parse_hierarchy
from replay.aiming import aim

SIZE = Size(1000, 2000)


def page(*nodes: str, windows: str = "") -> Screen:
    whole = node(bounds=(0, 0, 1000, 2000), _class="android.widget.FrameLayout")
    return parse_hierarchy(tree(whole.replace(" />", f">{''.join(nodes)}</node>"), windows), size=SIZE)


def named(screen: Screen, words: str) -> Element:
    return next(element for element in screen.elements if element.text == words)


ROW = node("row", bounds=(0, 1000, 1000, 1200), clickable="true")


def test_the_middle_is_aimed_at_where_nothing_covers_it() -> None:
    screen = page(ROW)
    point = aim(screen, named(screen, "row")).point
    assert point is not None and abs(point.x_px - 500) <= 1 and abs(point.y_px - 1100) <= 1


def test_a_floating_button_over_the_middle_is_avoided() -> None:
    screen = page(ROW, node("new", bounds=(400, 1000, 900, 1200), clickable="true"))
    point = aim(screen, named(screen, "row")).point
    assert point is not None and not 400 <= point.x_px < 900


def test_a_switch_inside_a_row_is_not_the_row() -> None:
    inner = node("switch", bounds=(450, 1000, 1000, 1200), clickable="true", checkable="true")
    row = ROW.replace(" />", f">{inner}</node>")
    screen = page(row)
    point = aim(screen, named(screen, "row")).point
    assert point is not None and point.x_px < 450


def test_a_row_filled_by_its_own_button_is_tapped_through_it() -> None:
    inner = node("inner", bounds=(0, 1000, 1000, 1200), clickable="true")
    screen = page(ROW.replace(" />", f">{inner}</node>"))
    assert aim(screen, named(screen, "row")).point is not None


def test_what_a_keyboard_covers_is_not_tapped() -> None:
    keyboard = node("keys", bounds=(0, 900, 1000, 2000), package="com.android.inputmethod.latin")
    screen = page(ROW, windows=keyboard)
    aimed = aim(screen, named(screen, "row"))
    assert aimed.point is None and aimed.cover is not None and "inputmethod" in aimed.cover.package


def test_a_page_below_a_dialog_does_not_cover_it() -> None:
    dialog = node("yes", bounds=(200, 900, 800, 1300), clickable="true")
    screen = parse_hierarchy(tree(dialog, node("page", bounds=(0, 0, 1000, 2000), clickable="true")), size=SIZE)
    assert aim(screen, named(screen, "yes")).point is not None


def test_a_sliver_at_the_edge_of_a_list_is_not_tapped() -> None:
    screen = page(node("sliver", bounds=(0, 1995, 1000, 2200), clickable="true"))
    assert aim(screen, named(screen, "sliver")).point is None
