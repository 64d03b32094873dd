"""A grid of like things (a launcher's icons): only their words, or words for the same, tell which is which."""

from __future__ import annotations

import random

import pytest

from perception.element import Element
from perception.healing import Healed, heal
from perception.locate import Found, locate
from perception.screen import Screen, parse_hierarchy
from perception.selector import make_selector
from tests.perception.pages import frame, node
from tests.perception.pages import page as dump

ICON, LABEL = "android.widget.LinearLayout", "android.widget.TextView"
ENGLISH = ("Mail", "Notes", "Clock", "Calendar", "Camera", "Music", "Messages", "Contacts")
GERMAN = ("E-Mail", "Notizen", "Uhr", "Kalender", "Kamera", "Musik", "Nachrichten", "Kontakte")
CHINESE = ("邮件", "笔记", "时钟", "日历", "相机", "音乐", "信息", "通讯录")
UNHEARD = ("Zyphra", "Kolibri", "Nimbus", "Quanta", "Orbis", "Vega", "Lumen", "Tarn")
SEEDS = range(6)


def grid(labels: tuple[str, ...], *, scrolls: bool = False) -> Screen:
    """Icons in rows of four; none has an id of its own, as on most launchers."""
    icons = []
    for at, label in enumerate(labels):
        left, top = at % 4 * 270, 300 * (at // 4)
        words = node(text=label, cls=LABEL, bounds=(left, top + 200, left + 260, top + 260))
        box = (left, top, left + 260, top + 270)
        icons.append(node(words, desc=label, id="", cls=ICON, clickable=True, bounds=box))
    rows = [
        node(*icons[at : at + 4], cls=ICON, bounds=(0, 300 * (at // 4), 1080, 300 * (at // 4) + 270))
        for at in range(0, len(icons), 4)
    ]
    held = node(*rows, id="workspace", cls="android.widget.ScrollView" if scrolls else ICON, bounds=(0, 0, 1080, 1500))
    return parse_hierarchy(dump(frame(held, package="com.home")), package="com.home")


def icon(screen: Screen, label: str) -> Element:
    return next(one for one in screen.elements if one.description == label and one.clickable)


def again(then: Screen, label: str, now: Screen) -> str:
    """The label of what is taken for the icon; "" if nothing is."""
    target = icon(then, label)
    selector = make_selector(then, target)
    located = locate(now, selector)
    if isinstance(located, Found):
        return located.element.description or located.element.text
    answer = heal(then, target, now, selector=selector)
    return (answer.element.description or answer.element.text) if isinstance(answer, Healed) else ""


@pytest.mark.parametrize("scrolls", [False, True])
@pytest.mark.parametrize("words", [GERMAN, CHINESE], ids=["de", "zh"])
@pytest.mark.parametrize("seed", SEEDS)
def test_in_another_language_and_order_no_icon_is_taken_for_another(
    words: tuple[str, ...], seed: int, scrolls: bool
) -> None:
    meant = dict(zip(ENGLISH, words, strict=True))
    order = random.Random(seed).sample(words, len(words))
    then, now = grid(ENGLISH, scrolls=scrolls), grid(tuple(order), scrolls=scrolls)
    taken = {label: again(then, label, now) for label in ENGLISH}
    assert {label: one for label, one in taken.items() if one not in ("", meant[label])} == {}


def test_some_icons_are_found_again_by_their_meaning() -> None:
    then = grid(ENGLISH)
    assert sum(again(then, label, grid(GERMAN)) != "" for label in ENGLISH) >= len(ENGLISH) // 2


@pytest.mark.parametrize("scrolls", [False, True])
@pytest.mark.parametrize("label", ENGLISH)
def test_what_stands_in_the_place_of_an_app_is_not_that_app(label: str, scrolls: bool) -> None:
    """One app is gone and another came in its place, alone or with all the others."""
    then = grid(ENGLISH, scrolls=scrolls)
    one_gone = tuple("Zyphra" if one == label else one for one in ENGLISH)
    assert again(then, label, grid(one_gone, scrolls=scrolls)) == ""
    assert again(then, label, grid(UNHEARD, scrolls=scrolls)) == ""


@pytest.mark.parametrize("seed", SEEDS)
def test_renamed_apps_among_translated_ones_are_not_told_by_what_is_left(seed: int) -> None:
    """All but one icon can be told by their words: that one is left over is no proof of what it is."""
    rng = random.Random(seed)
    renamed = rng.choice(ENGLISH)
    words = tuple("Zyphra" if english == renamed else german for english, german in zip(ENGLISH, GERMAN, strict=True))
    now = grid(tuple(rng.sample(words, len(words))))
    assert again(grid(ENGLISH), renamed, now) == ""
