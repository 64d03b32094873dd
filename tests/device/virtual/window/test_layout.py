from __future__ import annotations

import time
from dataclasses import replace

import pytest

from device.virtual.window.frame import Box, Rect
from device.virtual.window.layout import FixedMeasure, Surroundings, fitted_size, layout
from device.virtual.window.view import (
    FILL,
    Style,
    View,
    button,
    column,
    edges,
    edit,
    frame,
    hscroll,
    image,
    row,
    scroll,
    space,
    text,
)

AROUND = Surroundings(density=1.0, measure=FixedMeasure())
SCREEN = Rect(0, 0, 400, 800)


def place(view: View, bounds: Rect = SCREEN, around: Surroundings = AROUND) -> Box:
    return layout(view, bounds, around)


def sizes(box: Box) -> list[tuple[int, int]]:
    return [(child.bounds.width, child.bounds.height) for child in box.children]


def test_a_column_puts_its_children_below_each_other_with_gaps_pads_and_margins() -> None:
    box = place(
        column(
            space(weight=0, height=50.0, width=100.0),
            space(weight=0, height=30.0, width=100.0, margin=edges(5, 7)),
            pad=edges(10, 20),
            gap=4,
        )
    )

    assert [child.bounds for child in box.children] == [Rect(10, 20, 110, 70), Rect(15, 81, 115, 111)]


def test_weights_share_what_is_left() -> None:
    box = place(row(space(weight=1), space(weight=0, width=100.0), space(weight=2), width=FILL))

    assert [child.bounds.width for child in box.children] == [100, 100, 200]


def test_a_child_that_fills_the_main_axis_leaves_room_for_those_after_it() -> None:
    box = place(column(scroll(), text("below"), width=FILL, height=FILL))

    assert box.children[1].bounds.bottom == 800
    assert box.children[0].bounds.height == 800 - box.children[1].bounds.height


def test_a_row_that_wraps_is_as_big_as_its_content() -> None:
    box = place(frame(row(text("ab"), text("cd"))))

    inner = box.children[0]
    assert (inner.bounds.width, inner.bounds.height) == (4 * 8, 20)


@pytest.mark.parametrize(("justify", "lefts"), [("start", [0, 50]), ("center", [150, 200]), ("end", [300, 350])])
def test_justify_moves_children_along_the_row(justify: str, lefts: list[int]) -> None:
    kids = [space(weight=0, width=50.0, height=10.0)] * 2

    box = place(row(*kids, justify=justify, width=FILL))

    assert [child.bounds.left for child in box.children] == lefts


def test_between_puts_the_spare_room_between_children() -> None:
    kids = [space(weight=0, width=50.0, height=10.0)] * 3

    assert [child.bounds.left for child in place(row(*kids, justify="between", width=FILL)).children] == [0, 175, 350]


@pytest.mark.parametrize(("align", "left"), [("start", 0), ("center", 150), ("end", 300)])
def test_align_moves_children_across_the_column(align: str, left: int) -> None:
    box = place(column(space(weight=0, width=100.0, height=10.0), align=align, width=FILL))

    assert box.children[0].bounds.left == left


def test_stretch_makes_children_as_broad_as_the_container() -> None:
    box = place(frame(column(text("a"), text("abcdef"), align="stretch")))

    assert [width for width, _ in sizes(box.children[0])] == [48, 48]


def test_a_frame_centres_its_children_both_ways() -> None:
    box = place(frame(space(weight=0, width=100.0, height=100.0), align="center", width=FILL, height=FILL))

    assert box.children[0].bounds == Rect(150, 350, 250, 450)


def test_text_breaks_into_lines_no_wider_than_its_room() -> None:
    box = place(column(text("one two three four five", width=100.0)))

    assert box.children[0].lines == ("one two", "three four", "five")
    assert box.children[0].bounds.height == 60


def test_max_lines_cuts_a_text_off() -> None:
    box = place(column(text("one two three four five", width=100.0, style=Style(max_lines=2))))

    assert len(box.children[0].lines) == 2


def test_an_empty_field_shows_its_hint_and_a_password_its_bullets() -> None:
    box = place(
        column(edit("", print, hint="Name"), edit("abc", print, input="password"), edit("x" * 99, print), width=FILL)
    )

    assert [child.lines for child in box.children] == [("Name",), ("•••",), ("x" * 99,)]


def test_a_scroll_clips_what_is_outside_but_keeps_its_bounds() -> None:
    rows = [space(weight=0, height=300.0, width=FILL) for _ in range(5)]

    box = place(scroll(*rows))

    assert box.scroll is not None and box.scroll.max_offset_px == 700
    assert box.children[4].bounds == Rect(0, 1200, 400, 1500)
    assert box.children[4].visible.empty
    assert box.children[2].visible == Rect(0, 600, 400, 800)


def test_an_offset_moves_the_content_and_is_held_at_the_end() -> None:
    rows = [space(weight=0, height=300.0, width=FILL) for _ in range(5)]
    path = place(scroll(*rows)).path

    moved = place(scroll(*rows), around=replace(AROUND, offsets_px={path: 250}))
    beyond = place(scroll(*rows), around=replace(AROUND, offsets_px={path: 9999}))

    assert moved.children[0].bounds.top == -250
    assert beyond.scroll is not None and beyond.scroll.offset_px == 700


def test_a_sideways_scroll_moves_sideways() -> None:
    view = hscroll(*[space(weight=0, width=300.0, height=10.0) for _ in range(3)])
    path = place(view).path

    assert place(view, around=replace(AROUND, offsets_px={path: 100})).children[0].bounds.left == -100


def test_siblings_with_one_id_still_have_paths_of_their_own() -> None:
    box = place(column(*[text(str(number), id="android:id/text1") for number in range(3)]))

    assert len({child.path for child in box.children}) == 3


def test_invisible_views_take_no_room_and_indices_stay_those_of_the_tree() -> None:
    box = place(column(text("a"), text("b", visible=False), text("c")))

    assert [child.index for child in box.children] == [0, 2]
    assert box.children[1].bounds.top == 20


def test_the_caret_is_held_within_a_focused_fields_text() -> None:
    view = column(edit("abc", print, id="name"))
    path = (*place(view).path, "name")

    field = place(view, around=replace(AROUND, focus=path, cursor=99)).children[0]

    assert field.focused and field.cursor == 3


def test_density_and_font_scale_scale_lengths_and_text() -> None:
    around = replace(AROUND, density=2.0, font_scale=1.5)

    box = place(column(image("home"), text("ab")), around=around)

    assert sizes(box) == [(48, 48), (48, 60)]


def test_a_dialog_is_as_high_as_its_content_and_no_higher_than_it_may_be() -> None:
    view = column(*[text("line")] * 4, button("OK", print), width=FILL)

    assert fitted_size(view, 300, 700, AROUND) == (300, 4 * 20 + 18 + 20)
    assert fitted_size(view, 300, 50, AROUND)[1] == 50


def test_a_page_of_sixty_views_lays_out_in_a_few_milliseconds() -> None:
    rows = [row(image("person"), column(text(f"Name {n}"), text("more words")), width=FILL) for n in range(15)]
    view = scroll(*rows)
    place(view)

    started = time.perf_counter()
    for _ in range(10):
        place(view)

    assert (time.perf_counter() - started) / 10 < 0.02  # typically 0.001 to 0.002


def test_what_scrolls_is_seen_under_the_padding_and_ends_above_it() -> None:
    rows = [space(weight=0, height=300.0, width=FILL) for _ in range(5)]
    view = scroll(*rows, pad=edges(0, 10, 0, 100))
    path = place(view).path

    box = place(view)
    at_the_end = place(view, around=replace(AROUND, offsets_px={path: 9999}))

    assert box.children[2].visible == Rect(0, 610, 400, 800)
    assert at_the_end.children[4].bounds.bottom == 700
    assert not place(column(*rows, pad=edges(0, 0, 0, 100))).children[2].visible.empty


def test_a_text_with_an_icon_has_room_for_it_before_its_words() -> None:
    plain, marked = text("abc"), text("abc", style=Style(icon="star", icon_dp=30))

    box = place(column(plain, marked))

    (width, _), (with_icon, height) = sizes(box)
    assert with_icon == width + 30 + 8
    assert height == 30


def test_a_text_with_an_icon_breaks_its_words_beside_it() -> None:
    box = place(column(text("one two", width=66.0, style=Style(text_sp=16, icon="star"))))

    assert box.children[0].lines == ("one", "two")
