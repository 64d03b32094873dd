from __future__ import annotations

import pytest

from device.virtual.apps.apidemos import ApiDemosApp
from device.virtual.apps.apidemos.page import menu_at
from device.virtual.apps.apidemos.tree import SAMPLES
from tests.device.virtual.apps.hand import Hand

APIDEMOS = "io.appium.android.apis"
FIRST_LEVEL = [  # in the order upstream's tests know
    "Access'ibility", "Accessibility", "Animation", "App", "Content", "Graphics",
    "Media", "NFC", "OS", "Preference", "Text", "Views",
]  # fmt: skip


def test_the_first_level_is_a_list_of_texts_under_androids_own_ids(hand: Hand) -> None:
    hand.open(APIDEMOS)
    rows = [box.view for box in hand.find("android:id/list").children]

    assert [row.text for row in rows] == FIRST_LEVEL
    assert {(row.id, row.cls) for row in rows} == {("android:id/text1", "android.widget.TextView")}


@pytest.mark.parametrize(
    ("path", "last"), [("App", "Voice Recognition"), ("Graphics", "Pictures"), ("Views", "WebView")]
)
def test_long_menus_must_be_scrolled(hand: Hand, path: str, last: str) -> None:
    hand.open(APIDEMOS).scroll_to(path).tap(path)

    assert not hand.sees(last)
    hand.scroll_to(last)


def test_back_climbs_the_menus_one_by_one(hand: Hand) -> None:
    hand.open(APIDEMOS).tap("App").tap("Menu")
    assert hand.sees("Inflate from XML")

    hand.back()
    assert hand.sees("Alarm")
    hand.back()
    assert hand.sees("Graphics")


def test_every_sample_the_table_names_exists_and_stands_in_a_menu() -> None:
    for path, activity in SAMPLES.items():
        menu, _, name = path.rpartition("/")
        assert name in menu_at(menu), f"{path} is in no menu"
        assert not menu_at(path), f"{path} is a menu"
        assert activity in ApiDemosApp.pages, f"{activity} is no page"


@pytest.mark.parametrize("path", sorted(SAMPLES))
def test_every_sample_can_be_shown(hand: Hand, path: str) -> None:
    hand.open(APIDEMOS, SAMPLES[path], path=path)

    assert hand.windows.current()[1] == f"{APIDEMOS}{SAMPLES[path]}"


def test_a_search_is_filled_in_and_started(hand: Hand) -> None:
    hand.open(APIDEMOS).tap("App").tap("Search").tap("Invoke Search").type("txt_query_prefill", "hello")
    assert hand.view("txt_query_prefill").text == "hello"

    hand.tap("onSearchRequested()")
    assert hand.view("txt_query").text == "hello"


def test_a_short_notification_is_a_toast(hand: Hand) -> None:
    hand.open(APIDEMOS).tap("App").tap("Notification").tap("NotifyWithText").tap("Show Short Notification")

    assert hand.toast() == "Short notification"


def test_a_dialogs_choice_is_answered_by_another_dialog(hand: Hand) -> None:
    hand.open(APIDEMOS).tap("App").tap("Alert Dialogs").tap("List dialog").tap("Command two")

    assert hand.sees("You selected: 1 , Command two")
    hand.tap("OK")
    assert hand.sees("List dialog")


def test_the_controls_keep_what_was_set(hand: Hand) -> None:
    hand.open(APIDEMOS, ".view.Controls1", path="Views/Controls/1. Light Theme")
    hand.tap("Checkbox 1").tap("RadioButton 2").type("hint text", "words").back()
    hand.tap("spinner1").tap("Earth")

    assert hand.view("Checkbox 1").checked
    assert not hand.view("RadioButton 1").checked
    assert hand.view("RadioButton 2").checked
    assert hand.sees("words")
    assert hand.sees("Earth")


def test_a_preference_that_depends_on_another_wakes_with_it(hand: Hand) -> None:
    hand.open(APIDEMOS, ".preference.PreferenceDependencies", path="Preference/3. Preference dependencies")
    assert not hand.view("WiFi settings").enabled

    hand.tap("WiFi")
    assert hand.view("WiFi settings").enabled


def test_a_message_is_only_handed_over_not_sent(hand: Hand) -> None:
    before = len(hand.rows("sms"))
    hand.open(APIDEMOS, ".os.SmsMessagingDemo", path="OS/SMS Messaging")
    hand.type("Recipient", "5551234").type("Message", "Hi").tap("Send")

    assert hand.windows.current()[0] == "com.android.messaging"
    assert hand.view("compose_message_text").text == "Hi"
    assert len(hand.rows("sms")) == before
