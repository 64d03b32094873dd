"""What a finger's touches are taken for: Android's limits of time and distance, on this screen."""

from __future__ import annotations

import pytest

from device.actions import Size
from device.protocol import Touch
from replay.gestures import Fingers, Gesture, HoldAt, SwipeAlong, TapAt, slop_px

SIZE = Size(1080, 2400)


def made(*touches: tuple[str, int, int, float]) -> list[Gesture]:
    fingers = Fingers()
    found = [fingers.feed(Touch(phase, x, y, at), SIZE) for phase, x, y, at in touches]  # type: ignore[arg-type]
    return [gesture for gesture in found if gesture is not None]


def test_a_finger_that_leaves_soon_on_its_spot_taps_where_it_came_down():
    assert made(("down", 500, 900, 1.0), ("move", 506, 903, 1.02), ("up", 507, 903, 1.08)) == [
        TapAt(500, 900, 1.0, 1.08)
    ]


def test_a_finger_that_rests_for_half_a_second_holds():
    assert made(("down", 500, 900, 1.0), ("up", 500, 900, 1.5)) == [HoldAt(500, 900, 1.0, 1.5)]
    assert isinstance(made(("down", 500, 900, 1.0), ("up", 500, 900, 1.49))[0], TapAt)


def test_a_finger_that_leaves_its_spot_swipes_however_briefly():
    beyond = 500 + int(slop_px(SIZE)) + 1
    (swipe,) = made(("down", 500, 900, 1.0), ("move", beyond, 900, 1.03), ("up", beyond, 900, 1.05))
    assert swipe == SwipeAlong(((500, 900), (beyond, 900)), "right", 1.0, 1.05)


def test_a_finger_that_returns_to_its_spot_has_swiped_all_the_same():
    (swipe,) = made(("down", 500, 900, 1.0), ("move", 500, 400, 1.1), ("up", 500, 900, 1.2))
    assert isinstance(swipe, SwipeAlong) and swipe.direction == "up"


@pytest.mark.parametrize(
    ("end", "direction"), [((500, 100), "up"), ((500, 1700), "down"), ((10, 950), "left"), ((1000, 800), "right")]
)
def test_a_swipe_goes_where_the_finger_went(end: tuple[int, int], direction: str):
    (swipe,) = made(("down", 500, 900, 1.0), ("up", *end, 1.2))
    assert isinstance(swipe, SwipeAlong) and swipe.direction == direction


def test_a_second_tap_close_by_and_soon_is_the_second_of_a_pair():
    taps = made(("down", 500, 900, 1.0), ("up", 500, 900, 1.05), ("down", 520, 910, 1.3), ("up", 520, 910, 1.35))
    assert [tap.count for tap in taps if isinstance(tap, TapAt)] == [1, 2]


@pytest.mark.parametrize(("x", "at"), [(500, 1.36), (900, 1.2)], ids=["later", "elsewhere"])
def test_a_second_tap_later_or_elsewhere_is_one_of_its_own(x: int, at: float):
    taps = made(("down", 500, 900, 1.0), ("up", 500, 900, 1.05), ("down", x, 900, at), ("up", x, 900, at + 0.05))
    assert [tap.count for tap in taps if isinstance(tap, TapAt)] == [1, 1]


def test_three_quick_taps_are_a_pair_and_one():
    quick = [touch for at in (1.0, 1.15, 1.3) for touch in (("down", 5, 5, at), ("up", 5, 5, at + 0.05))]
    assert [tap.count for tap in made(*quick) if isinstance(tap, TapAt)] == [1, 2, 1]


def test_an_up_without_a_down_is_nothing():
    assert made(("up", 5, 5, 1.0), ("move", 9, 9, 1.1)) == []


def test_the_finger_is_down_until_it_leaves():
    fingers = Fingers()
    fingers.feed(Touch("down", 5, 5, 1.0), SIZE)
    assert fingers.down
    fingers.feed(Touch("up", 5, 5, 1.1), SIZE)
    assert not fingers.down


def test_the_slop_is_eight_dp_of_a_phone_in_either_orientation():
    assert slop_px(SIZE) == slop_px(Size(2400, 1080)) == pytest.approx(21.6)
