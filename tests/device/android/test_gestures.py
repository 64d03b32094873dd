import pytest

from device.actions import Point, Scroll, Size, Swipe
from device.android.gestures import EDGE_SHARE, KEY_CODES, points_of, steps, strokes

SCREEN = Size(1080, 2400)


def _scroll(direction, share=0.6):
    return Scroll(direction, Point(0, 400, SCREEN), Point(1079, 1999, SCREEN), share)


@pytest.mark.parametrize(
    ("direction", "towards"), [("down", (0, -1)), ("up", (0, 1)), ("right", (-1, 0)), ("left", (1, 0))]
)
def test_the_finger_moves_against_the_direction_that_is_revealed(direction, towards):
    (stroke,) = strokes(_scroll(direction))

    moved = (stroke.x2 - stroke.x1, stroke.y2 - stroke.y1)
    assert [(part > 0) - (part < 0) for part in moved] == list(towards)


def test_a_scroll_moves_by_its_share_of_the_box():
    (stroke,) = strokes(_scroll("down", 0.5))

    assert stroke.y1 - stroke.y2 == pytest.approx(800, abs=2)


@pytest.mark.parametrize("share", [0.1, 0.6, 0.84, 0.9, 1.0])
def test_no_stroke_comes_near_the_edges_of_the_box(share):
    for direction in ("up", "down"):
        for stroke in strokes(_scroll(direction, share)):
            for y in (stroke.y1, stroke.y2):
                assert 400 + EDGE_SHARE * 1600 - 1 <= y <= 2000 - EDGE_SHARE * 1600 + 1


def test_a_whole_box_takes_two_strokes_that_add_up():
    both = strokes(_scroll("down", 1.0))

    assert len(both) == 2
    assert sum(stroke.y1 - stroke.y2 for stroke in both) == pytest.approx(1600, abs=4)


def test_an_empty_box_cannot_be_scrolled():
    with pytest.raises(ValueError, match="nothing can be scrolled"):
        strokes(Scroll("down", Point(5, 5, SCREEN), Point(5, 5, SCREEN)))


def test_every_key_of_the_contract_has_a_code():
    from typing import get_args

    from device.actions import Key

    assert set(KEY_CODES) == set(get_args(Key))


def test_a_gesture_has_at_least_two_moves():
    assert steps(0) == 2
    assert steps(0.3) == 60


def test_all_points_of_an_action_are_found():
    start, end = Point(1, 2, SCREEN), Point(3, 4, SCREEN)

    assert points_of(Swipe(start, end)) == [start, end]
