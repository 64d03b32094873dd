"""Gestures: the touch events a phone sees, and the time between them."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from device.clock import ManualClock
from device.virtual.u2.fingers import Fingers
from device.virtual.u2.pace import Pace
from device.virtual.u2.phone import Windows

Event = tuple[float, str, float, float, int]  # ms, phase, x, y, finger


class Touched:
    """Keeps the pointer events it gets, with the time on the clock."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.events: list[Event] = []

    def pointer(self, phase: str, x: float, y: float, *, pointer: int = 0, hardware: bool = False) -> bool:
        assert not hardware
        self.events.append((round(self.clock.monotonic_s() * 1000, 3), phase, x, y, pointer))
        return True


class Hand:
    """Fingers over a recording phone."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.touched = Touched(self.clock)
        self.fingers = Fingers(cast(Windows, self.touched), Pace(self.clock))


@pytest.fixture
def hand() -> Hand:
    return Hand()


def test_a_tap_lasts_a_tenth_of_a_second_or_as_long_as_asked(hand: Hand) -> None:
    assert asyncio.run(hand.fingers.tap((10, 20)))
    assert hand.touched.events == [(0, "down", 10, 20, 0), (101, "up", 10, 20, 0)]
    asyncio.run(hand.fingers.tap((1, 1), hold_s=0.8))
    assert [event[0] for event in hand.touched.events[2:]] == [101, 902]


def test_a_tap_beside_the_screen_does_nothing(hand: Hand) -> None:
    assert not asyncio.run(hand.fingers.tap((-1, 20)))
    assert hand.touched.events == []


def test_a_swipe_takes_five_milliseconds_a_step(hand: Hand) -> None:
    assert asyncio.run(hand.fingers.swipe([(0, 0), (40, 80)], 4))
    assert hand.touched.events == [
        (0, "down", 0, 0, 0),
        (5, "move", 10, 20, 0),
        (10, "move", 20, 40, 0),
        (15, "move", 30, 60, 0),
        (20, "move", 40, 80, 0),
        (20, "up", 40, 80, 0),
    ]


def test_a_swipe_over_several_points_counts_its_steps_from_each_to_the_next(hand: Hand) -> None:
    asyncio.run(hand.fingers.swipe([(0, 0), (10, 0), (10, 10)], 2))
    assert [event[2:4] for event in hand.touched.events] == [(0, 0), (5, 0), (10, 0), (10, 5), (10, 10), (10, 10)]


def test_a_swipe_without_steps_still_arrives(hand: Hand) -> None:
    asyncio.run(hand.fingers.swipe([(0, 0), (10, 0)], 0))
    assert [event[1:4] for event in hand.touched.events] == [("down", 0, 0), ("move", 10, 0), ("up", 10, 0)]


def test_a_drag_rests_before_it_moves(hand: Hand) -> None:
    asyncio.run(hand.fingers.swipe([(0, 0), (10, 0)], 1, drag=True))
    assert [event[0] for event in hand.touched.events] == [0, 506, 506]


def test_two_fingers_move_together(hand: Hand) -> None:
    asyncio.run(hand.fingers.pair(((0, 0), (10, 0)), ((100, 0), (90, 0)), 1))
    assert [event[1:] for event in hand.touched.events] == [
        ("down", 0, 0, 0),
        ("down", 100, 0, 1),
        ("move", 10, 0, 0),
        ("move", 90, 0, 1),
        ("up", 10, 0, 0),
        ("up", 90, 0, 1),
    ]


def test_gestures_that_overlap_do_not_mix(hand: Hand) -> None:
    async def both() -> None:
        await asyncio.gather(hand.fingers.swipe([(0, 0), (10, 0)], 3), hand.fingers.tap((5, 5)))

    asyncio.run(both())
    assert [event[1] for event in hand.touched.events] == ["down", "move", "move", "move", "up", "down", "up"]


def test_a_gesture_that_is_cancelled_lifts_its_finger(hand: Hand) -> None:
    async def cancelled() -> None:
        swipe = asyncio.ensure_future(hand.fingers.swipe([(0, 0), (1000, 0)], 1000))
        while len(hand.touched.events) < 5:
            await asyncio.sleep(0)
        swipe.cancel()
        await asyncio.wait([swipe])

    asyncio.run(cancelled())
    assert hand.touched.events[-1][1] == "up"
    assert len(hand.touched.events) < 1000
