from __future__ import annotations

import pytest

from tests.device.virtual.apps.hand import Hand

U2DEMO = "com.example.u2testdemo"


@pytest.mark.parametrize(
    ("first", "second", "total"),
    [("1", "2", "3"), ("2.5", "0.25", "2.75"), ("-4", "4", "0"), ("x", "1", "Invalid number")],
)
def test_two_numbers_are_added(hand: Hand, first: str, second: str, total: str) -> None:
    hand.open(U2DEMO).tap("Addition").type("num1", first).type("num2", second).tap("Add")

    assert hand.view("result").text == total


def test_the_addition_page_can_be_started_directly(hand: Hand) -> None:
    hand.open(U2DEMO, ".AdditionActivity")

    assert hand.windows.current()[1] == f"{U2DEMO}.AdditionActivity"


def test_the_button_shows_the_toast(hand: Hand) -> None:
    hand.open(U2DEMO).tap("Toast").tap("Show Toast")

    assert hand.toast() == "Button Clicked!"


@pytest.mark.parametrize(("spread", "shown"), [((100, 400), "Scale: 3.00"), ((400, 100), "Scale: 0.50")])
def test_two_fingers_scale_the_picture_within_its_bounds(hand: Hand, spread: tuple[int, int], shown: str) -> None:
    hand.open(U2DEMO).tap("Pinch")
    assert hand.sees("Scale: 1.00")
    x, y = hand.find("pinch image").visible.center
    start, end = spread

    for finger, side in ((0, -1), (1, 1)):
        hand.windows.pointer("down", x + side * start, y, pointer=finger)
    for step in range(1, 11):
        hand.clock.advance(0.02)
        for finger, side in ((0, -1), (1, 1)):
            hand.windows.pointer("move", x + side * (start + (end - start) * step // 10), y, pointer=finger)
    for finger, side in ((0, -1), (1, 1)):
        hand.windows.pointer("up", x + side * end, y, pointer=finger)

    assert hand.sees(shown)
    assert hand.view("pinch image").scale == float(shown.removeprefix("Scale: "))
