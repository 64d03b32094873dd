from __future__ import annotations

from typing import Any

import pytest

from device.actions import Size
from device.clock import ManualClock
from tests.device.virtual.apps.hand import Hand, new_phone

CLOCK = "com.android.deskclock"  # the phone's clock starts on Monday 2026-03-02 at 09:30 UTC


def set_alarm(hand: Hand, hour: str, minute: str, label: str = "", days: tuple[str, ...] = ()) -> None:
    hand.open(CLOCK).tap("Add alarm").type("Hour", hour).type("Minute", minute)
    if label:
        hand.type("Label", label)
    for day in days:
        hand.tap(day)
    hand.tap("Save")


def start_timer(hand: Hand, *keys: str) -> None:
    hand.open(CLOCK).tap("Timer")
    for key in keys:
        hand.tap(f"timer_setup_digit_{key}")
    hand.tap("Start")


def alarm(hand: Hand, hour: int) -> dict[str, Any]:
    return next(row for row in hand.rows("alarms") if row["hour"] == hour)


def notified(hand: Hand) -> list[str]:
    return [str(one.title) for one in hand.windows.notifications()]


def test_a_new_alarm_is_on_and_says_when_it_rings(hand: Hand) -> None:
    set_alarm(hand, "11", "45", "Lunch")

    saved = alarm(hand, 11)
    assert (saved["minute"], saved["label"], saved["enabled"], saved["days"]) == (45, "Lunch", 1, [])
    assert hand.toast() == "Alarm set for 2 hours and 15 minutes from now"
    assert hand.sees("11:45")


def test_an_alarm_keeps_the_days_it_repeats_on(hand: Hand) -> None:
    set_alarm(hand, "6", "05", days=("Mon", "Wed"))

    assert alarm(hand, 6)["days"] == [0, 2]
    assert hand.sees("Mon, Wed")


@pytest.mark.parametrize(("hour", "minute", "said"), [("24", "00", "Enter an hour from 0 to 23"),
                                                      ("7", "60", "Enter a minute from 0 to 59")])  # fmt: skip
def test_a_time_that_is_none_is_refused_in_words(hand: Hand, hour: str, minute: str, said: str) -> None:
    before = hand.rows("alarms")
    set_alarm(hand, hour, minute)

    assert hand.sees(said)
    assert hand.rows("alarms") == before


def test_the_switch_of_an_alarm_turns_it_on_without_opening_it(hand: Hand) -> None:
    hand.open(CLOCK).tap("onoff")

    assert alarm(hand, 8)["enabled"] == 1
    assert hand.sees("Add alarm")
    hand.tap("onoff")
    assert alarm(hand, 8)["enabled"] == 0


def test_an_alarm_can_be_changed(hand: Hand) -> None:
    hand.open(CLOCK).tap("08:30").replace("30", "45").tap("Save")

    assert [(row["hour"], row["minute"]) for row in hand.rows("alarms")] == [(8, 45), (9, 0)]


def test_deleting_an_alarm_asks_first(hand: Hand) -> None:
    hand.open(CLOCK).tap("08:30").tap("Delete alarm")
    assert hand.sees("The alarm for 08:30 will be deleted")
    assert len(hand.rows("alarms")) == 2

    hand.tap("Delete")
    assert [row["hour"] for row in hand.rows("alarms")] == [9]


def test_leaving_a_changed_alarm_asks(hand: Hand) -> None:
    hand.open(CLOCK).tap("Add alarm").type("Hour", "7").back().back()

    assert hand.sees("Discard your changes?")
    hand.tap("Discard")
    assert hand.sees("08:30")


def test_an_alarm_rings_once_and_is_off_then(hand: Hand) -> None:
    set_alarm(hand, "9", "40", "Tea")
    hand.wait(9 * 60)
    assert "Tea" not in notified(hand)

    hand.wait(2 * 60)
    assert "Tea" in notified(hand)
    assert next(row for row in hand.rows("alarms") if row["label"] == "Tea")["enabled"] == 0


def test_an_alarm_that_repeats_stays_on(hand: Hand) -> None:
    set_alarm(hand, "9", "40", "Tea", days=("Mon",))
    hand.wait(11 * 60)

    assert "Tea" in notified(hand)
    tea = next(row for row in hand.rows("alarms") if row["label"] == "Tea")
    assert tea["enabled"] == 1
    assert tea["due_ms"] / 1000 > hand.clock.now().timestamp()


def test_a_timer_runs_down_and_reports_its_end(hand: Hand) -> None:
    start_timer(hand, "1", "00")
    [timer] = hand.rows("timers")
    assert (timer["length_s"], timer["state"]) == (60.0, "running")

    hand.wait(20)
    assert hand.view("timer_time_text").text in ("0:40", "0:39")
    hand.wait(45)
    assert hand.rows("timers")[0]["state"] == "done"
    assert "Time’s up" in notified(hand)


def test_a_paused_timer_stands_still_until_it_is_resumed(hand: Hand) -> None:
    start_timer(hand, "5", "00")
    hand.wait(10).tap("Pause")
    shown = hand.view("timer_time_text").text
    hand.wait(120)
    assert hand.view("timer_time_text").text == shown

    hand.tap("Resume").wait(10)
    assert hand.view("timer_time_text").text < shown


def test_the_keypad_fills_from_the_right_and_forgets_by_backspace(hand: Hand) -> None:
    hand.open(CLOCK).tap("Timer").tap("1").tap("2").tap("3")
    assert hand.sees("00h 01m 23s")

    hand.tap("Backspace")
    assert hand.sees("00h 00m 12s")


def test_there_is_nothing_to_start_before_a_time_is_typed(hand: Hand) -> None:
    assert not hand.open(CLOCK).tap("Timer").sees("Start")


def test_deleting_a_timer_asks_first(hand: Hand) -> None:
    start_timer(hand, "5", "00")
    hand.tap("Delete timer").tap("Cancel")
    assert len(hand.rows("timers")) == 1

    hand.tap("Delete timer").tap("Delete")
    assert hand.rows("timers") == []


def test_the_stopwatch_counts_laps_and_resets(hand: Hand) -> None:
    hand.open(CLOCK).tap("Stopwatch").tap("Start").wait(30).tap("Lap").wait(30).tap("Pause")
    assert hand.view("stopwatch_time_text").text.startswith("01:0")
    assert hand.sees("Lap 1")

    hand.tap("Reset")
    assert hand.view("stopwatch_time_text").text == "00:00.0"


def test_the_clock_shows_the_time_and_the_next_alarm(hand: Hand) -> None:
    set_alarm(hand, "11", "45")
    hand.tap("tab_menu_clock")

    assert hand.view("digital_clock").text == "09:30"
    assert hand.sees("Next alarm: Mon 11:45")
    hand.wait(60)
    assert hand.view("digital_clock").text == "09:31"


@pytest.mark.parametrize("density_dpi", [320, 420])
def test_the_timers_keypad_is_whole_on_a_small_screen(density_dpi: int) -> None:
    clock = ManualClock()
    with new_phone(clock, size=Size(720, 1280), density_dpi=density_dpi) as phone:
        hand = Hand(phone, clock).open(CLOCK).tap("Timer").tap("timer_setup_digit_5")
        keys = [hand.find(f"timer_setup_digit_{key}") for key in (*"1234567890", "00")]
        keys.append(hand.find("timer_setup_delete"))
        start = hand.find("fab")

    for box in [*keys, *(child for key in keys for child in key.children), start]:
        assert box.visible == box.bounds
    assert max(key.bounds.bottom for key in keys) <= start.bounds.top
