from __future__ import annotations

import pytest

from tests.device.virtual.window.kit import SHOP, Bench

PX = 420 / 160  # px per dp


def test_a_tap_on_the_words_of_a_row_opens_the_row(bench: Bench) -> None:
    bench.page()

    bench.tap("Item 2")

    assert bench.windows.current()[1] == f"{SHOP}.ItemActivity"
    assert bench.sees("Item number 2")


def test_a_disabled_view_swallows_its_tap(bench: Bench) -> None:
    page = bench.page()

    bench.tap("off")

    assert "switched" not in page.events


def test_a_long_press_comes_without_the_finger_going_up_and_its_tap_does_not_follow(bench: Bench) -> None:
    page = bench.page()
    x, y = bench.look("Item 3").visible.center

    bench.windows.pointer("down", x, y)
    bench.clock.advance(0.6)
    bench.windows.frame()
    held = list(page.events)
    bench.windows.pointer("up", x, y)

    assert held[-1] == page.events[-1] == "held 3"
    assert bench.windows.current()[1] == f"{SHOP}.MainActivity"


def test_a_double_tap_is_not_two_taps(bench: Bench) -> None:
    page = bench.page()

    bench.tap("photo")
    bench.clock.advance(0.1)
    bench.tap("photo")
    bench.clock.advance(1)
    bench.windows.frame()

    assert page.events == ["resumed", "double"]


def test_a_single_tap_on_a_view_with_both_comes_once_no_second_can_follow(bench: Bench) -> None:
    page = bench.page()

    bench.tap("photo")
    before = list(page.events)
    bench.clock.advance(0.4)
    bench.windows.frame()

    assert before == ["resumed"]
    assert page.events == ["resumed", "tap"]


def test_a_slow_drag_moves_the_list_with_the_finger_and_no_further(bench: Bench) -> None:
    bench.page()
    first = bench.look("Item 0").bounds.top

    bench.drag((500, 1900), (500, 1500), duration_s=1.5)

    slop = 8 * PX
    assert first - bench.look("Item 0").bounds.top == pytest.approx(400 - slop, abs=2)


def test_a_quick_swipe_throws_the_list_further_than_the_finger_went(bench: Bench) -> None:
    bench.page()
    first = bench.look("Item 0").bounds.top

    bench.drag((500, 2000), (500, 1400), duration_s=0.08)

    assert first - bench.look("Item 0").bounds.top > 700


def test_a_drag_sideways_does_not_scroll_a_list_that_goes_down(bench: Bench) -> None:
    bench.page()
    first = bench.look("Item 0").bounds

    bench.drag((900, 1900), (300, 1880))

    assert bench.look("Item 0").bounds == first


def test_a_list_stops_at_its_end_and_the_next_drag_back_moves_at_once(bench: Bench) -> None:
    bench.page()
    for _ in range(6):
        bench.drag((500, 2100), (500, 1100))
    end = bench.look("Item 39").bounds.top

    bench.drag((500, 1400), (500, 1600))

    assert bench.look("Item 39").bounds.top - end > 150


def test_a_scroll_position_stays_when_the_page_comes_back(bench: Bench) -> None:
    bench.page()
    bench.drag((500, 2000), (500, 1500))
    before = bench.look("Item 5").bounds
    bench.tap("Item 5")
    bench.windows.back()

    assert bench.look("Item 5").bounds == before


def test_a_slider_follows_the_finger(bench: Bench) -> None:
    page = bench.page()
    box = bench.look("volume").bounds
    inset = 16 * PX

    bench.drag((box.left + inset, box.center[1]), (box.right - inset, box.center[1]))

    assert page.volume == pytest.approx(1.0)


def test_a_tap_on_a_slider_sets_it_there(bench: Bench) -> None:
    page = bench.page()

    bench.tap("volume")

    assert page.volume == pytest.approx(0.5, abs=0.01)


def test_two_fingers_pinch_the_view_below_them(bench: Bench) -> None:
    page = bench.page()
    x, y = bench.look("map").visible.center
    windows = bench.windows

    windows.pointer("down", x - 100, y, pointer=0)
    windows.pointer("down", x + 100, y, pointer=1)
    for step in range(1, 11):
        windows.pointer("move", x - 100 - step * 20, y, pointer=0)
        windows.pointer("move", x + 100 + step * 20, y, pointer=1)
    windows.pointer("up", x - 300, y, pointer=0)
    windows.pointer("up", x + 300, y, pointer=1)

    assert page.pinched == pytest.approx(3.0)


def test_a_touch_beside_a_dialog_cancels_it(bench: Bench) -> None:
    page = bench.page()
    bench.tap("Buy")
    assert bench.sees("Really?")

    bench.touch(20, 300)

    assert page.events[-1] == "cancelled"
    assert not bench.sees("Really?")


def test_a_tap_on_what_has_gone_meanwhile_does_nothing(bench: Bench) -> None:
    page = bench.page()
    x, y = bench.look("Buy").visible.center
    bench.windows.pointer("down", x, y)
    bench.windows.back()

    bench.windows.pointer("up", x, y)

    assert not page.asking


def test_only_the_owners_own_touches_are_told_of() -> None:
    told: list[object] = []
    bench = Bench(hardware_touch=told.append)

    bench.windows.pointer("down", 10, 500)
    bench.windows.pointer("up", 10, 500)
    bench.windows.pointer("down", 10, 600, hardware=True)

    assert [(contact.phase, contact.y_px) for contact in told] == [("down", 600)]  # type: ignore[attr-defined]


def test_a_view_is_pressed_while_the_finger_is_on_it(bench: Bench) -> None:
    bench.page()
    x, y = bench.look("Buy").visible.center

    bench.windows.pointer("down", x, y)
    pressed = bench.look("Buy").pressed
    bench.windows.pointer("up", x, y)

    assert pressed
    assert not bench.look("buy").pressed


def test_scroll_by_says_how_far_it_went(bench: Bench) -> None:
    bench.page()
    window, box = next(pair for pair in bench.boxes("app") if pair[1].scroll is not None)

    assert bench.windows.scroll_by(window.name, box.path, 0, 300) == 300
    assert bench.windows.scroll_by(window.name, box.path, 0, -1000) == -300
    assert bench.windows.scroll_by(window.name, ("nowhere",), 0, 300) == 0
