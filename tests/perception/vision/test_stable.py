from __future__ import annotations

import pytest

pytest.importorskip("cv2", reason="OpenCV comes with the extra `vision`")

from collections.abc import Iterable

from perception.element import Bounds
from perception.vision.image import Image
from perception.vision.stable import StableWait
from tests.perception.vision.pictures import BLACK, drawn

CARET = Bounds(100, 300, 105, 350)
CLOCK = Bounds(10, 5, 80, 25)


def bar(width: int) -> Image:
    return drawn((Bounds(0, 500, width, 540), BLACK))


def fed(wait: StableWait, pictures: Iterable[tuple[Image, float]]) -> StableWait:
    for image, at_s in pictures:
        wait = wait.fed(image, at_s)
    return wait


def test_one_picture_alone_is_never_stable() -> None:
    assert StableWait(still_s=0).fed(drawn(), 0.0).verdict == "waiting"


def test_pictures_alike_for_long_enough_are_stable() -> None:
    image = drawn()

    assert fed(StableWait(), [(image, 0.0), (image, 0.1)]).verdict == "waiting"
    assert fed(StableWait(), [(image, 0.0), (image, 0.1), (image, 0.3)]).verdict == "stable"


def test_time_alone_does_not_make_it_stable_where_more_readings_are_asked_for() -> None:
    image = drawn()

    assert fed(StableWait(readings=3), [(image, 0.0), (image, 5.0)]).verdict == "waiting"


def test_a_movement_starts_the_rest_anew_and_is_told() -> None:
    wait = fed(StableWait(), [(bar(100), 0.0), (bar(100), 0.2), (bar(400), 0.25), (bar(400), 0.4)])

    assert wait.verdict == "waiting"
    assert wait.last is not None
    assert wait.last.boxes == (Bounds(100, 500, 400, 540),)
    assert wait.fed(bar(400), 0.56).verdict == "stable"


def test_a_slow_fade_does_not_pass_as_many_small_nothings() -> None:
    box = Bounds(50, 200, 500, 700)
    fading = [(drawn((box, (250 - 4 * step,) * 3)), 0.05 * step) for step in range(20)]

    assert fed(StableWait(still_s=0.25), fading).verdict == "waiting"


def test_ignored_boxes_do_not_keep_it_from_being_stable() -> None:
    ticking = [(drawn((CLOCK, (step * 50, 0, 0))), 0.2 * step) for step in range(4)]

    assert fed(StableWait(), ticking).verdict == "waiting"
    assert fed(StableWait(ignore=(CLOCK,)), ticking).verdict == "stable"


def test_a_blinking_caret_is_learnt_and_then_ignored() -> None:
    blinking = [(drawn((CARET, BLACK)) if step % 2 else drawn(), 0.2 * step) for step in range(8)]
    wait = fed(StableWait(), blinking)

    assert wait.verdict == "stable"
    assert wait.blinking == (CARET,)


def test_what_never_rests_times_out() -> None:
    moving = [(bar(20 + 40 * step), 1.0 * step) for step in range(12)]

    assert fed(StableWait(timeout_s=10.0), moving).verdict == "timed out"


def test_a_verdict_stays() -> None:
    stable = fed(StableWait(), [(drawn(), 0.0), (drawn(), 1.0)])

    assert stable.fed(bar(300), 2.0) is stable


def test_time_that_runs_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="older than the one before"):
        fed(StableWait(), [(drawn(), 1.0), (drawn(), 0.5)])


@pytest.mark.parametrize("bad", [{"readings": 1}, {"still_s": -1.0}, {"timeout_s": 0.0}])
def test_a_wait_without_sense_is_refused(bad: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="2 readings"):
        StableWait(**bad)  # type: ignore[arg-type]
