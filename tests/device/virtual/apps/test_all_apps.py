"""What holds for every app: its words, icons and pages in every language, and that its state outlives the phone."""

from __future__ import annotations

from pathlib import Path
from string import Formatter

import pytest

from device.clock import ManualClock
from device.virtual.app import App
from device.virtual.apps import INSTALLED
from device.virtual.render.icons import ICONS
from tests.device.virtual.apps.hand import Hand, new_phone

LANGUAGES = ("en", "zh", "de")
UPSTREAM = ("io.appium.android.apis", "com.example.u2testdemo")  # English only, as the apps they stand for
OWN = [app for app in INSTALLED if app.package not in UPSTREAM]


@pytest.mark.parametrize("app", OWN, ids=lambda app: app.package)
def test_every_word_exists_in_every_language_with_the_same_blanks(app: type[App]) -> None:
    assert set(app.strings) == set(LANGUAGES)
    for key, words in app.strings["en"].items():
        for language in LANGUAGES:
            assert _blanks(app.strings[language].get(key, "{missing}")) == _blanks(words), f"{language}: {key}"
    for language in LANGUAGES:
        assert set(app.strings[language]) == set(app.strings["en"])


def _blanks(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name}


@pytest.mark.parametrize("app", INSTALLED, ids=lambda app: app.package)
def test_every_app_has_a_label_an_icon_and_its_main_page(app: type[App]) -> None:
    assert app.strings["en"]["app_name"]
    assert app.icon in ICONS
    assert app.main in app.pages
    assert all(not page.title or page.title in app.strings["en"] for page in app.pages.values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("app", INSTALLED, ids=lambda app: app.package)
def test_every_page_can_be_shown_in_every_language_with_icons_that_exist(
    app: type[App], language: str, clock: ManualClock
) -> None:
    with new_phone(clock, locale=language) as phone:
        hand = Hand(phone, clock)
        for activity in app.pages:
            hand.open(app.package, activity)
            views = [box.view for window in phone.windows.frame().windows for box in window.root.walk()]
            assert {view.style.icon for view in views if view.style.icon} <= set(ICONS)


@pytest.mark.parametrize("app", INSTALLED, ids=lambda app: app.package)
def test_siblings_are_told_apart_by_their_keys(app: type[App], hand: Hand) -> None:
    for activity in app.pages:
        hand.open(app.package, activity)
        for window in hand.windows.frame().windows:
            for box in window.root.walk():
                keys = [child.path for child in box.children]
                assert len(keys) == len(set(keys)), f"{activity}: {keys}"


def test_state_outlives_the_phone(tmp_path: Path, clock: ManualClock) -> None:
    with new_phone(clock, state=tmp_path) as phone:
        hand = Hand(phone, clock)
        hand.open("com.example.notes").tap("New note").type("Title", "Kept").tap("Save")
        hand.open("com.android.messaging").tap("Alex Kim").type("Text message", "Kept too").tap("Send SMS")
        hand.type("Text message", "A draft")
        hand.open("com.android.settings").tap("Connected devices").tap("Bluetooth")
        hand.open("com.android.deskclock").tap("Timer").tap("5").tap("00").tap("Start")

    with new_phone(clock, state=tmp_path) as phone:
        hand = Hand(phone, clock)
        assert hand.open("com.example.notes").sees("Kept")
        assert hand.open("com.android.messaging").sees("Draft: A draft")
        assert hand.tap("Alex Kim").sees("Kept too")
        assert hand.setting("global", "bluetooth_on") == "1"
        assert len(hand.rows("contacts")) == 15  # the factory's, once
        assert hand.open("com.android.deskclock").tap("Timer").sees("Pause")


def test_a_timer_that_ended_while_the_phone_was_off_is_reported_when_the_clock_starts(
    tmp_path: Path, clock: ManualClock
) -> None:
    with new_phone(clock, state=tmp_path) as phone:
        Hand(phone, clock).open("com.android.deskclock").tap("Timer").tap("5").tap("00").tap("Start")
    clock.advance(3600)

    with new_phone(clock, state=tmp_path) as phone:
        hand = Hand(phone, clock).open("com.android.deskclock")
        assert "Time’s up" in [one.title for one in hand.windows.notifications()]


def test_clearing_an_app_drops_its_tables(hand: Hand) -> None:
    hand.open("com.example.notes").tap("New note").type("Title", "Gone soon").tap("Save")
    hand.phone.packages.clear("com.example.notes")

    assert hand.open("com.example.notes").sees("Notes you add appear here")
