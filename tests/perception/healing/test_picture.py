"""Buttons that only their sign tells apart: without words, with ids that changed, and in another order."""

from __future__ import annotations

import pytest

pytest.importorskip("cv2", reason="OpenCV comes with the extra `vision`")

from device.actions import Size
from perception.element import Bounds, Element
from perception.healing import Healed, Unhealed, heal
from perception.healing.picture import seen_at
from perception.screen import Screen, parse_hierarchy
from perception.vision.image import Image
from tests.perception.pages import frame, node
from tests.perception.pages import page as dump
from tests.perception.vision.pictures import drawn, with_signs

SIGN = "android.widget.ImageButton"
LEFT, RIGHT = Bounds(100, 200, 148, 248), Bounds(300, 200, 348, 248)
WORDS = ("Sounds of the sea", "Track one", "Played today", "From the album")


def screen(ids: tuple[str, str]) -> Screen:
    words = [node(text=text, bounds=(0, at * 40, 500, at * 40 + 30)) for at, text in enumerate(WORDS)]
    signs = [
        node(
            id=id_, cls="android.widget.ImageButton", clickable=True, bounds=(box.left, box.top, box.right, box.bottom)
        )
        for id_, box in zip(ids, (LEFT, RIGHT), strict=True)
    ]
    xml = dump(frame(*words, *signs, package="com.app"))
    return parse_hierarchy(xml, size=Size(540, 960), package="com.app")


def button(shown: Screen, id_: str) -> Element:
    return next(one for one in shown.elements if one.entry == id_)


def picture(*, arrow: Bounds, cup: Bounds) -> Image:
    """Both signs, each at its place."""
    both = with_signs(arrow).rgb.copy()
    both[cup.top : cup.bottom, cup.left : cup.right] = with_signs(cup, kind="cup").crop(cup).rgb
    return Image.of_array(both)


def test_the_picture_tells_which_of_two_wordless_buttons_it_is() -> None:
    then, now = screen(("back", "next")), screen(("q7", "x2"))
    looked_then, looks_now = picture(arrow=LEFT, cup=RIGHT), picture(arrow=RIGHT, cup=LEFT)
    target = button(then, "back")

    assert isinstance(heal(then, target, now), Unhealed)
    seen = seen_at(looked_then, target, now, looks_now)
    assert isinstance(seen, Element)
    assert seen.entry == "x2"

    answer = heal(then, target, now, seen=seen)

    assert isinstance(answer, Unhealed) or answer.element.entry == "x2"


def test_a_picture_that_shows_it_elsewhere_speaks_against_any_other() -> None:
    then, now = screen(("back", "next")), screen(("back", "next"))

    answer = heal(then, button(then, "back"), now, seen=button(now, "next"))

    assert isinstance(answer, Unhealed)
    assert "elsewhere" in answer.why


def test_a_picture_that_agrees_is_one_proof_more() -> None:
    then, now = screen(("back", "next")), screen(("back", "next"))

    answer = heal(then, button(then, "back"), now, seen=button(now, "back"))

    assert isinstance(answer, Healed)
    assert "picture" in answer.by


def test_a_sign_that_is_gone_or_stands_where_nothing_is_tells_nothing() -> None:
    then, now = screen(("back", "next")), screen(("q7", "x2"))
    looked = picture(arrow=LEFT, cup=RIGHT)

    assert "not there" in str(seen_at(looked, button(then, "back"), now, drawn()))
    elsewhere = with_signs(Bounds(200, 700, 248, 748))
    assert "no element" in str(seen_at(looked, button(then, "back"), now, elsewhere))


def test_a_picture_of_another_size_is_refused() -> None:
    then = screen(("back", "next"))

    with pytest.raises(ValueError, match="its screen"):
        seen_at(picture(arrow=LEFT, cup=RIGHT), button(then, "back"), then, drawn(size=(100, 100)))
