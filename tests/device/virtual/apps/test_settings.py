from __future__ import annotations

import pytest

from tests.device.virtual.apps.hand import Hand

SETTINGS = "com.android.settings"


@pytest.mark.parametrize(
    ("page", "row", "setting", "before", "after"),
    [
        ("Network & internet", "Wi-Fi", "global/wifi_on", "1", "0"),
        ("Network & internet", "Airplane mode", "global/airplane_mode_on", "0", "1"),
        ("Network & internet", "Mobile data", "global/mobile_data", "1", "0"),
        ("Connected devices", "Bluetooth", "global/bluetooth_on", "0", "1"),
        ("Notifications", "Do Not Disturb", "global/zen_mode", "0", "1"),
        ("Battery", "Battery Saver", "global/low_power", None, "1"),
        ("Display", "Dark theme", "secure/ui_night_mode", "1", "2"),
        ("Display", "Auto-rotate screen", "system/accelerometer_rotation", "0", "1"),
        ("Location", "Use location", "secure/location_mode", "3", "0"),
    ],
)
def test_a_switch_changes_the_setting_behind_it_and_back(  # noqa: PLR0917 - parametrized
    hand: Hand, page: str, row: str, setting: str, before: str | None, after: str
) -> None:
    namespace, key = setting.split("/")
    hand.open(SETTINGS).scroll_to(page).tap(page)
    assert hand.setting(namespace, key) == before

    hand.tap(row)
    assert hand.setting(namespace, key) == after
    hand.tap(row)
    assert hand.setting(namespace, key) in (before, "0")


def test_the_switch_of_a_row_shows_the_setting_even_if_another_program_changed_it(hand: Hand) -> None:
    hand.open(SETTINGS).tap("Network & internet")
    assert hand.view("android:id/switch_widget").checked  # Wi-Fi

    hand.phone.settings.put("global", "wifi_on", "0")
    assert not hand.view("android:id/switch_widget").checked


def test_airplane_mode_turns_wifi_off_and_locks_mobile_data(hand: Hand) -> None:
    hand.open(SETTINGS).tap("Network & internet").tap("Airplane mode")
    assert hand.setting("global", "wifi_on") == "0"

    hand.tap("Mobile data")
    assert hand.setting("global", "mobile_data") == "1"
    hand.tap("Airplane mode")
    assert hand.setting("global", "wifi_on") == "1"


def test_the_brightness_follows_the_finger(hand: Hand) -> None:
    hand.open(SETTINGS).tap("Display")
    bar = hand.find("seekbar").visible
    hand.windows.pointer("down", bar.right - bar.width // 10, bar.center[1])
    hand.windows.pointer("up", bar.right - bar.width // 10, bar.center[1])
    hand.wait(1)

    level = hand.setting("system", "screen_brightness")
    assert level is not None and 200 <= int(level) <= 255


def test_a_choice_is_made_in_a_dialog(hand: Hand) -> None:
    hand.open(SETTINGS).tap("Display").tap("Screen timeout").tap("5 minutes")

    assert hand.setting("system", "screen_off_timeout") == "300000"
    assert hand.sees("5 minutes")


def test_a_bigger_font_makes_the_words_bigger(hand: Hand) -> None:
    hand.open(SETTINGS).tap("Display")
    before = hand.find("Dark theme").bounds.height
    hand.tap("Font size").tap("Largest")

    assert hand.setting("system", "font_scale") == "1.3"
    assert hand.find("Dark theme").bounds.height > before


def test_searching_finds_a_setting_and_opens_its_page(hand: Hand) -> None:
    hand.open(SETTINGS).type("Search settings", "blue").tap("Bluetooth").tap("Bluetooth")

    assert hand.setting("global", "bluetooth_on") == "1"


def test_the_main_list_scrolls_to_about_phone(hand: Hand) -> None:
    hand.open(SETTINGS)

    assert not hand.sees("About phone")
    hand.scroll_to("About phone").tap("About phone")
    assert hand.sees("Build number")


def test_the_language_changes_the_words_of_all_apps(hand: Hand) -> None:
    hand.open(SETTINGS).scroll_to("System").tap("System").tap("Languages").tap("Deutsch")
    assert hand.setting("system", "system_locales") == "de"
    assert hand.sees("Sprachen")

    assert hand.open("com.android.contacts").sees("Kontakte durchsuchen")


def test_the_device_can_be_renamed_but_not_to_nothing(hand: Hand) -> None:
    hand.open(SETTINGS).scroll_to("About phone").tap("About phone").tap("Device name")
    hand.tap("android:id/edit")
    hand.windows.clear_text()
    hand.tap("OK")
    assert hand.toast() == "Enter a name"

    hand.type("android:id/edit", "Kitchen phone").tap("OK")
    assert hand.setting("global", "device_name") == "Kitchen phone"
    assert hand.sees("Kitchen phone")


def test_seven_taps_on_the_build_number_make_a_developer(hand: Hand) -> None:
    hand.open(SETTINGS).scroll_to("About phone").tap("About phone")
    for _ in range(6):
        hand.tap("Build number")
    assert hand.setting("global", "development_settings_enabled") is None

    hand.tap("Build number")
    assert hand.setting("global", "development_settings_enabled") == "1"
    assert hand.toast() == "You are now a developer!"


def test_the_list_of_apps_leads_to_an_app(hand: Hand) -> None:
    hand.open(SETTINGS).tap("Apps").type("Search apps", "notes").tap("Notes").tap("Open")

    assert hand.windows.current()[0] == "com.example.notes"


def test_saved_passwords_are_shown_in_a_secure_window_only(hand: Hand) -> None:
    hand.open(SETTINGS, ".Settings$SavedPasswordsActivity")
    assert hand.windows.frame().secure

    hand.tap("Add password").tap("Save")
    assert hand.sees("Enter a site and a password")
    hand.type("Site", "example.com").type("Username", "me").type("Password", "s3cret").tap("Save")
    assert hand.sees("example.com")
    assert not hand.sees("s3cret")
