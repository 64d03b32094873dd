from __future__ import annotations

from tests.device.virtual.apps.hand import Hand

DIALER = "com.android.dialer"


def test_home_shows_the_apps_and_starts_one(hand: Hand) -> None:
    hand.windows.home()
    hand.wait(1)
    for label in ("Phone", "Messages", "Contacts", "Settings", "Clock", "Notes", "API Demos", "U2TestDemo"):
        assert hand.sees(label)

    hand.tap("Notes")
    assert hand.windows.current()[0] == "com.example.notes"


def test_the_drawer_finds_an_app_by_name(hand: Hand) -> None:
    hand.windows.home()
    hand.wait(1).tap("Apps list").type("Search apps", "clo")
    assert not hand.sees("Notes")

    hand.tap("Clock")
    assert hand.windows.current()[0] == "com.android.deskclock"


def test_back_at_home_stays_at_home(hand: Hand) -> None:
    hand.windows.home()
    hand.back().back()

    assert hand.windows.current()[0] == "com.android.launcher3"


def test_a_number_typed_on_the_keypad_is_called(hand: Hand) -> None:
    hand.open(DIALER)
    for key in "479":
        hand.tap(key)
    hand.tap("Dial")
    assert hand.sees("Calling…")

    hand.tap("End call").tap("Recents")
    assert [call["number"] for call in hand.rows("call_log")] == ["479"]
    assert hand.sees("479")


def test_no_number_is_not_called(hand: Hand) -> None:
    hand.open(DIALER).tap("Dial")

    assert hand.rows("call_log") == []
    assert hand.toast() == "Enter a number"


def test_airplane_mode_calls_nobody(hand: Hand) -> None:
    hand.phone.settings.put("global", "airplane_mode_on", "1")
    hand.open(DIALER).tap("1").tap("2").tap("3").tap("Dial")

    assert hand.rows("call_log") == []
    assert hand.toast() == "Turn off airplane mode to make a call"
    assert hand.sees("Keypad")


def test_clearing_the_call_log_asks_first(hand: Hand) -> None:
    hand.open(DIALER).tap("1").tap("2").tap("3").tap("Dial").tap("End call")
    hand.tap("More options").tap("Clear call history")
    assert len(hand.rows("call_log")) == 1

    hand.tap("Delete")
    assert hand.rows("call_log") == []
