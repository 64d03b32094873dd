"""What lies under a finger, on screens of every awkward kind."""

from __future__ import annotations

import dataclasses

import pytest

from device.actions import PressKey, Size
from device.fake import node, tree
from perception.element import Element
from perception.screen import Screen, parse_hierarchy
from replay.recorder_touch import KeyboardKey, Nothing, Under, system_swipe, under

SIZE = Size(1080, 2400)
APP = "com.example.fake"


def screen(*nodes: str, keyboard_shown: bool = False) -> Screen:
    return parse_hierarchy(tree(*nodes), size=SIZE, package=APP, keyboard_shown=keyboard_shown)


def group(*inside: str, bounds: tuple[int, int, int, int], **attributes: str) -> str:
    return node(bounds=bounds, class_="android.widget.FrameLayout", **attributes).replace(" />", ">") + "".join(
        (*inside, "</node>")
    )


def named(found: Under) -> str:
    assert isinstance(found, Element), found
    return found.entry or found.text or found.description


def test_the_innermost_thing_that_takes_taps_is_meant():
    row = group(
        node("Bob", bounds=(100, 200, 300, 260)),
        node(resource_id="a:id/call", content_desc="Call", clickable="true", bounds=(900, 200, 1000, 300)),
        bounds=(0, 150, 1080, 350), clickable="true", resource_id="a:id/row",
    )  # fmt: skip
    page = screen(group(row, bounds=(0, 0, 1080, 2400)))

    assert named(under(page, 150, 230)) == "row"
    assert named(under(page, 950, 250)) == "call"


def test_a_row_whose_middle_belongs_to_a_button_is_known_by_its_label():
    row = group(
        node("Bob", bounds=(40, 200, 300, 260)),
        node(content_desc="Call", clickable="true", bounds=(400, 150, 700, 350)),
        bounds=(0, 150, 1080, 350), clickable="true", resource_id="a:id/row",
    )  # fmt: skip

    assert named(under(screen(group(row, bounds=(0, 0, 1080, 2400))), 1000, 250)) == "Bob"


def test_what_was_drawn_later_lies_on_top():
    below = node("below", clickable="true", bounds=(0, 0, 500, 500))
    above = node("above", clickable="true", bounds=(100, 100, 400, 400))

    assert named(under(screen(group(below, above, bounds=(0, 0, 1080, 2400))), 200, 200)) == "above"


def test_in_a_page_that_takes_taps_as_a_whole_the_label_is_meant():
    words = node("Accept", bounds=(100, 1000, 400, 1080))
    page = group(words, bounds=(0, 0, 1080, 2300), clickable="true", resource_id="a:id/web")

    assert named(under(screen(page), 200, 1040)) == "Accept"


def test_a_place_on_a_canvas_has_no_name():
    canvas = group(node(bounds=(0, 0, 1080, 2300)), bounds=(0, 0, 1080, 2300))

    assert isinstance(under(screen(canvas), 200, 1040), Nothing)


@pytest.mark.parametrize(("entry", "key"), [("back", "back"), ("home", "home"), ("recent_apps", "recent")])
def test_the_navigation_buttons_are_keys(entry: str, key: str):
    bar = group(
        node(resource_id=f"com.android.systemui:id/{entry}", clickable="true", bounds=(0, 2280, 300, 2400),
             package="com.android.systemui"),
        bounds=(0, 2280, 1080, 2400), package="com.android.systemui",
    )  # fmt: skip
    page = node("page", bounds=(0, 0, 1080, 2400))

    assert under(screen(page, bar), 100, 2300) == PressKey(key)  # type: ignore[arg-type]


IME = "com.google.android.inputmethod.latin"


def keys(*names: str) -> str:
    inside = (
        node(content_desc=name, clickable="true", bounds=(100 * at, 2000, 100 * at + 100, 2100), package=IME)
        for at, name in enumerate(names)
    )
    return group(*inside, bounds=(0, 1700, 1080, 2400), package=IME)


def test_keys_are_keys_and_the_one_that_ends_the_input_is_known():
    page = screen(node("page", clickable="true", bounds=(0, 0, 1080, 2400)), keys("q", "Search"), keyboard_shown=True)

    assert under(page, 50, 2050) == KeyboardKey(False)
    assert under(page, 150, 2050) == KeyboardKey(True)
    assert named(under(page, 50, 500)) == "page"


def test_a_keyboard_the_dump_does_not_show_lies_below_the_field():
    field = node("", class_="android.widget.EditText", focused="true", bounds=(0, 1300, 1080, 1400))
    page = screen(group(field, bounds=(0, 0, 1080, 2400)), keyboard_shown=True)

    assert under(page, 500, 2000) == KeyboardKey(None)
    assert isinstance(under(dataclasses.replace(page, keyboard_shown=False, derived={}), 500, 2000), Nothing)


def test_edge_swipes_are_keys_only_where_there_are_no_buttons():
    page = node("page", bounds=(0, 0, 1080, 2400))
    button = node(resource_id="com.android.systemui:id/back", clickable="true", bounds=(0, 2300, 300, 2400),
                  package="com.android.systemui")  # fmt: skip

    assert system_swipe(screen(page), ((5, 1200), (400, 1210))) == PressKey("back")
    assert system_swipe(screen(page), ((540, 2395), (540, 1500))) == PressKey("home")
    assert system_swipe(screen(page), ((540, 1200), (540, 500))) is None
    assert system_swipe(screen(page, button), ((5, 1200), (400, 1210))) is None
