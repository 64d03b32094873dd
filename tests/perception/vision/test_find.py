from __future__ import annotations

import pytest

pytest.importorskip("cv2", reason="OpenCV comes with the extra `vision`")

from perception.element import Bounds
from perception.vision.errors import PatchUnusable
from perception.vision.find import FOUND_MIN, PatchAmbiguous, PatchFound, PatchNotFound, find_patch
from perception.vision.patch import Patch, cut_patch
from tests.perception.vision.pictures import SIGN, drawn, phone_picture, with_signs

ROOMY = Bounds(260, 160, 388, 288)  # an element's box with the sign in its middle


@pytest.fixture
def arrow() -> Patch:
    return cut_patch(with_signs(SIGN), ROOMY)


def near(found: Bounds, wanted: Bounds, tolerance_px: int = 4) -> bool:
    return all(abs(one - other) <= tolerance_px for one, other in zip(found, wanted, strict=True))


def test_a_sign_is_found_where_it_is_with_the_box_of_its_element(arrow: Patch) -> None:
    found = find_patch(with_signs(SIGN), arrow)

    assert isinstance(found, PatchFound)
    assert near(found.place.box, ROOMY)
    assert found.place.score > 0.96
    assert not found.place.inverted


def test_a_sign_that_moved_is_found_at_its_new_place(arrow: Patch) -> None:
    found = find_patch(with_signs(Bounds(77, 811, 125, 859)), arrow)

    assert isinstance(found, PatchFound)
    assert near(found.place.box, Bounds(37, 771, 165, 899))


@pytest.mark.parametrize("side", [26, 34, 60, 71, 90])
def test_a_sign_of_another_size_is_found(arrow: Patch, side: int) -> None:
    found = find_patch(with_signs(Bounds(100, 500, 100 + side, 500 + side)), arrow)

    assert isinstance(found, PatchFound)
    assert found.place.scale == pytest.approx(side / 48, rel=0.06)


@pytest.mark.parametrize(
    ("ink", "ground", "inverted"),
    [
        ((240, 240, 240), (20, 20, 24), True),
        ((200, 30, 30), (250, 250, 250), False),
        ((120, 180, 250), (30, 30, 60), True),
    ],
)
def test_a_sign_in_another_hue_or_in_the_dark_theme_is_found(
    arrow: Patch, ink: tuple[int, int, int], ground: tuple[int, int, int], inverted: bool
) -> None:
    found = find_patch(with_signs(SIGN, ink=ink, ground=ground), arrow)

    assert isinstance(found, PatchFound)
    assert near(found.place.box, ROOMY)
    assert found.place.inverted is inverted


def test_two_of_the_same_are_ambiguous_also_when_one_is_larger(arrow: Patch) -> None:
    for second in (Bounds(100, 700, 148, 748), Bounds(100, 700, 172, 772)):
        found = find_patch(with_signs(SIGN, second), arrow)

        assert isinstance(found, PatchAmbiguous)
        assert len(found.places) == 2


def test_where_one_part_is_given_the_other_does_not_count(arrow: Patch) -> None:
    screen = with_signs(SIGN, Bounds(100, 700, 148, 748))

    found = find_patch(screen, arrow, within=Bounds(0, 600, 540, 960))

    assert isinstance(found, PatchFound)
    assert near(found.place.ink, Bounds(91, 691, 157, 757), 8)


def test_another_sign_is_not_taken_for_it(arrow: Patch) -> None:
    found = find_patch(with_signs(SIGN, Bounds(100, 700, 148, 748), kind="cup"), arrow)

    assert isinstance(found, PatchNotFound)
    assert found.closest is None or found.closest.score < FOUND_MIN


def test_nothing_is_found_on_a_plain_picture_or_on_one_smaller_than_the_sign(arrow: Patch) -> None:
    assert isinstance(find_patch(drawn(), arrow), PatchNotFound)
    assert isinstance(find_patch(drawn(size=(20, 20)), arrow), PatchNotFound)


def test_a_page_of_words_shows_no_arrow(arrow: Patch) -> None:
    assert isinstance(find_patch(phone_picture("io.appium.android.apis"), arrow), PatchNotFound)


def test_the_same_question_gets_the_same_answer(arrow: Patch) -> None:
    screen = phone_picture("com.android.settings")

    assert find_patch(screen, arrow) == find_patch(screen, arrow)


@pytest.mark.parametrize(
    ("box", "why"),
    [
        (Bounds(400, 700, 500, 800), "nothing stands out"),
        (Bounds(300, 200, 304, 204), "large enough"),
        (Bounds(-90, -90, -10, -10), "large enough"),
    ],
)
def test_a_patch_that_could_not_be_found_again_is_refused(box: Bounds, why: str) -> None:
    with pytest.raises(PatchUnusable, match=why):
        cut_patch(with_signs(SIGN), box)


def test_a_part_of_the_page_is_no_sign() -> None:
    stripes = [(Bounds(20, y, 500, y + 20), (0, 0, 0)) for y in range(100, 800, 60)]

    with pytest.raises(PatchUnusable, match="part of the page"):
        cut_patch(drawn(*stripes), Bounds(0, 0, 540, 960))


def test_a_search_without_scales_or_outside_of_the_picture_is_refused(arrow: Patch) -> None:
    for wrong in ({"scales": ()}, {"scales": (0.0,)}, {"within": Bounds(600, 0, 700, 90)}):
        with pytest.raises(ValueError, match=r"scale|outside"):
            find_patch(with_signs(SIGN), arrow, **wrong)  # type: ignore[arg-type]
