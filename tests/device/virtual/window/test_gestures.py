from __future__ import annotations

import pytest

from device.virtual.window.gestures import (
    Contact,
    Drag,
    DragStart,
    Drop,
    Gesture,
    LongPress,
    Phase,
    Pinch,
    PinchStart,
    Press,
    Recogniser,
    Tap,
)


class Hand:
    """Feeds a recogniser and keeps all it said."""

    def __init__(self) -> None:
        self.recogniser = Recogniser(density=1.0)
        self.seen: list[Gesture] = []

    def __call__(self, phase: Phase, x: float, y: float, at_s: float, finger: int = 0) -> list[Gesture]:
        found = self.recogniser.feed(Contact(phase, x, y, finger, at_s))
        self.seen += found
        return found


def test_down_and_up_on_one_spot_is_a_tap() -> None:
    hand = Hand()
    hand("down", 10, 10, 0.0)
    hand("move", 13, 12, 0.05)
    hand("up", 13, 12, 0.1)

    assert hand.seen == [Press(10, 10), Tap(10, 10, 1, held=False)]


def test_two_quick_taps_on_one_spot_count_two() -> None:
    hand = Hand()
    for at_s in (0.0, 0.2):
        hand("down", 10, 10, at_s)
        hand("up", 10, 10, at_s + 0.05)

    assert [one.count for one in hand.seen if isinstance(one, Tap)] == [1, 2]


@pytest.mark.parametrize(("x", "pause_s"), [(10.0, 0.5), (300.0, 0.1)])
def test_two_taps_apart_in_time_or_place_count_one_each(x: float, pause_s: float) -> None:
    hand = Hand()
    hand("down", 10, 10, 0.0)
    hand("up", 10, 10, 0.05)
    hand("down", x, 10, 0.05 + pause_s)
    hand("up", x, 10, 0.1 + pause_s)

    assert [one.count for one in hand.seen if isinstance(one, Tap)] == [1, 1]


def test_a_resting_finger_becomes_a_long_press_when_somebody_looks() -> None:
    hand = Hand()
    hand("down", 10, 10, 0.0)

    assert hand.recogniser.tick(0.4) == []
    assert hand.recogniser.tick(0.5) == [LongPress(10, 10)]
    assert hand.recogniser.tick(0.9) == []


def test_a_long_press_that_nobody_looked_at_comes_with_the_finger_going_up() -> None:
    hand = Hand()
    hand("down", 10, 10, 0.0)

    assert hand("up", 10, 10, 0.8) == [LongPress(10, 10), Tap(10, 10, 1, held=True)]


def test_a_drag_starts_beyond_the_slop_and_does_not_jump() -> None:
    hand = Hand()
    hand("down", 100, 100, 0.0)

    assert hand("move", 100, 106, 0.1) == []
    assert hand("move", 100, 90, 0.2) == [DragStart(0, -10), Drag(100, 90, 0, -2)]
    assert hand("move", 100, 70, 0.3) == [Drag(100, 70, 0, -20)]


def test_a_finger_that_rested_before_it_went_up_has_no_speed() -> None:
    hand = Hand()
    hand("down", 0, 0, 0.0)
    hand("move", 0, 300, 0.1)
    hand("move", 0, 301, 0.5)

    assert hand("up", 0, 301, 0.7) == [Drop(0, 301, 0, 0)]


def test_a_quick_finger_has_the_speed_of_its_last_tenth_of_a_second() -> None:
    hand = Hand()
    hand("down", 0, 0, 0.0)
    for step in range(1, 11):
        hand("move", 0, step * 20, step * 0.01)
    (drop,) = hand("up", 0, 200, 0.1)

    assert isinstance(drop, Drop)
    assert drop.speed_y_px_s == pytest.approx(2000)


def test_two_fingers_drawn_apart_pinch_by_the_factor_of_their_distance() -> None:
    hand = Hand()
    hand("down", 100, 100, 0.0, finger=0)
    hand("down", 200, 100, 0.01, finger=1)
    hand("move", 50, 100, 0.02, finger=0)
    hand("move", 250, 100, 0.03, finger=1)
    pinches = [one for one in hand.seen if isinstance(one, Pinch)]

    assert PinchStart(150, 100) in hand.seen
    assert [one.factor for one in pinches] == pytest.approx([1.5, 200 / 150])
    assert not any(isinstance(one, Drag) for one in hand.seen)


def test_the_finger_left_over_from_a_pinch_neither_taps_nor_drags() -> None:
    hand = Hand()
    hand("down", 100, 100, 0.0, finger=0)
    hand("down", 200, 100, 0.01, finger=1)
    hand("up", 200, 100, 0.02, finger=1)

    assert hand("move", 400, 400, 0.03, finger=0) == []
    assert hand("up", 400, 400, 0.04, finger=0) == []


def test_contacts_of_a_finger_that_never_came_down_are_nothing() -> None:
    hand = Hand()

    assert hand("move", 1, 1, 0.0) == []
    assert hand("up", 1, 1, 0.1) == []
