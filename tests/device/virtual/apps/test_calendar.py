from __future__ import annotations

from datetime import UTC, datetime

import pytest

from device.clock import ManualClock
from device.virtual.state import Row
from tests.device.virtual.apps.hand import Hand, new_phone

CALENDAR = "com.android.calendar"


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def event(hand: Hand, title: str) -> Row:
    [row] = [one for one in hand.rows("calendar_events") if one["title"] == title]
    return row


def new(hand: Hand, title: str = "Picnic") -> Hand:
    hand.open(CALENDAR).tap("New event")
    return hand.type("Title", title) if title else hand


def test_what_comes_is_listed_by_day_and_what_is_over_is_not(hand: Hand) -> None:
    hand.open(CALENDAR)

    assert hand.sees("Tomorrow · Tue, Mar 3, 2026")
    assert hand.sees("14:00 – 14:45 · Dr. Lund, 2 Bridge Street")
    assert not hand.sees("Bicycle repair")
    hand.tap("More options").tap("Show past events")
    assert hand.sees("Bicycle repair")


def test_a_new_event_starts_at_the_next_hour_of_the_phones_clock_and_takes_one(hand: Hand) -> None:
    new(hand).type("Place", "Lake").type("Description", "Bring a blanket").tap("Save")

    row = event(hand, "Picnic")
    assert (row["dtstart"], row["dtend"]) == (ms("2026-03-02T10:00"), ms("2026-03-02T11:00"))
    assert (row["eventLocation"], row["description"], row["allDay"]) == ("Lake", "Bring a blanket", 0)
    assert [one["minutes"] for one in hand.rows("calendar_reminders") if one["event_id"] == row["_id"]] == [10]
    assert hand.toast() == "Event saved"
    assert hand.sees("Today · Mon, Mar 2, 2026")


def test_day_and_time_are_chosen_in_dialogs_and_the_end_follows_the_start(hand: Hand) -> None:
    new(hand).tap("start_date").tap("android:id/next").tap("Wed, Apr 15, 2026").tap("OK")
    hand.tap("start_time").replace("android:id/input_hour", "18").replace("android:id/input_minute", "30").tap("OK")
    hand.tap("Save")

    row = event(hand, "Picnic")
    assert (row["dtstart"], row["dtend"]) == (ms("2026-04-15T18:30"), ms("2026-04-15T19:30"))


@pytest.mark.parametrize(("hour", "minute"), [("24", "00"), ("9", "60"), ("", "00"), ("x", "00")])
def test_a_time_that_is_none_is_refused(hand: Hand, hour: str, minute: str) -> None:
    new(hand).tap("start_time").tap("android:id/input_hour")
    hand.windows.clear_text()
    if hour:
        hand.windows.type_text(hour)
    hand.replace("android:id/input_minute", minute).tap("OK")

    assert hand.sees("Enter a valid time")
    hand.tap("Cancel")
    assert hand.sees("10:00")


def test_an_event_needs_a_title_and_an_end_after_its_start(hand: Hand) -> None:
    before = len(hand.rows("calendar_events"))
    new(hand, "").tap("Save")
    assert hand.sees("Enter a title")

    hand.type("Title", "Picnic").tap("end_time").replace("android:id/input_hour", "08").tap("OK").tap("Save")
    assert hand.sees("The event ends before it starts")
    assert len(hand.rows("calendar_events")) == before


def test_a_clash_is_said_and_does_not_forbid(hand: Hand) -> None:
    new(hand).tap("start_date").tap("Tue, Mar 3, 2026").tap("OK")
    hand.tap("start_time").replace("android:id/input_hour", "14").tap("OK")
    assert hand.sees("At the same time: Dentist")

    hand.tap("Save")
    assert event(hand, "Picnic")["dtstart"] == ms("2026-03-03T14:00")


def test_an_all_day_event_is_stored_from_midnight_to_midnight(hand: Hand) -> None:
    new(hand).tap("All day").tap("Save")

    row = event(hand, "Picnic")
    assert (row["dtstart"], row["dtend"], row["allDay"]) == (ms("2026-03-02T00:00"), ms("2026-03-03T00:00"), 1)
    assert hand.sees("All day")


def test_guests_are_invited_only_on_a_yes(hand: Hand) -> None:
    new(hand).type("Guests", "Alice, carl@example.org").tap("Save")
    assert hand.sees("2 guests have not been told yet.")
    hand.tap("Not now")
    guests = {row["attendeeEmail"]: row["invited"] for row in hand.rows("calendar_attendees")}
    assert guests == {"alice@example.com": 0, "carl@example.org": 0}

    hand.tap("Picnic").tap("Edit").tap("Save").tap("Send")
    assert {row["invited"] for row in hand.rows("calendar_attendees")} == {1}
    assert hand.sees("Invited")
    hand.tap("Edit").tap("Save")  # nobody is left to tell
    assert hand.toast() == "Event saved"


def test_a_guest_without_an_address_is_named(hand: Hand) -> None:
    new(hand).type("Guests", "Nobody").tap("Save")

    assert hand.sees("“Nobody” is no mail address")


def test_changing_keeps_the_event_and_what_was_not_changed(hand: Hand) -> None:
    before = event(hand, "Dentist")
    hand.open(CALENDAR).tap("Dentist").tap("Edit").replace("edit_title", "Dentist, Dr. Lund").tap("Save")

    assert event(hand, "Dentist, Dr. Lund") == {**before, "title": "Dentist, Dr. Lund"}
    assert [one["minutes"] for one in hand.rows("calendar_reminders")] == [60]


def test_a_reminder_is_chosen_and_comes_in_time(hand: Hand) -> None:
    new(hand).tap("reminder").tap("At the start").tap("Save")
    assert hand.windows.notifications() == []

    hand.wait(31 * 60)
    assert [one.title for one in hand.windows.notifications()] == ["Picnic"]


def test_a_deleted_event_reminds_nobody(hand: Hand) -> None:
    new(hand).tap("Save").tap("Picnic").tap("Delete event").tap("Delete")
    hand.wait(31 * 60)

    assert hand.windows.notifications() == []


def test_deleting_asks_first_and_takes_guests_and_reminder_along(hand: Hand) -> None:
    hand.open(CALENDAR).tap("Dentist").tap("Delete event").tap("Cancel")
    assert event(hand, "Dentist")

    hand.tap("Delete event").tap("Delete")
    assert "Dentist" not in [one["title"] for one in hand.rows("calendar_events")]
    assert hand.rows("calendar_reminders") == []
    assert hand.toast() == "Event deleted"


def test_a_copy_is_a_new_event(hand: Hand) -> None:
    hand.open(CALENDAR).tap("Dentist").tap("More options").tap("Make a copy").tap("Save")

    assert len([one for one in hand.rows("calendar_events") if one["title"] == "Dentist"]) == 2


def test_leaving_a_changed_form_asks_and_a_killed_one_is_kept(hand: Hand) -> None:
    new(hand)
    hand.windows.force_stop(CALENDAR)
    hand.open(CALENDAR).tap("New event")
    assert hand.view("edit_title").text == "Picnic"

    hand.tap("Close")
    assert hand.sees("Discard your changes?")
    hand.tap("Discard").tap("New event")
    assert hand.view("edit_title").text == ""


def test_the_day_view_goes_from_day_to_day_and_starts_events_at_its_hours(hand: Hand) -> None:
    hand.open(CALENDAR).tap("Day").tap("Next day")
    assert hand.sees("Dentist") and hand.sees("Team meeting")

    hand.tap("11:00").type("Title", "Call the bank").tap("Save")
    assert event(hand, "Call the bank")["dtstart"] == ms("2026-03-03T11:00")
    hand.tap("Previous day")
    assert hand.sees("Today · Mon, Mar 2, 2026")
    hand.tap("Go to a day").tap("Sat, Mar 7, 2026").tap("OK")
    assert hand.sees("Mum’s birthday")
    hand.tap("Today")
    assert not hand.sees("Mum’s birthday")


def test_search_finds_titles_and_places_and_says_when_nothing_fits(hand: Hand) -> None:
    hand.open(CALENDAR).type("Search events", "wheelhouse")
    assert hand.sees("Bicycle repair") and not hand.sees("Dentist")

    hand.replace("search_src_text", "zzz")
    assert hand.sees("No events match “zzz”")


def test_a_cleared_calendar_is_empty(hand: Hand) -> None:
    hand.phone.packages.clear(CALENDAR)

    assert hand.open(CALENDAR).sees("Nothing planned. Events you add appear here")


def test_times_are_of_the_phones_own_zone_and_whole_days_have_none(clock: ManualClock) -> None:
    with new_phone(clock, time_zone="Asia/Shanghai") as phone:
        hand = Hand(phone, clock).open(CALENDAR)
        assert hand.sees("22:00 – 22:45 · Dr. Lund, 2 Bridge Street")
        hand.tap("New event").type("Title", "Tea").tap("Save")
        assert event(hand, "Tea")["dtstart"] == ms("2026-03-02T10:00")  # 18:00 there
        hand.tap("New event").type("Title", "Fair").tap("All day").tap("Save")
        assert event(hand, "Fair")["dtstart"] == ms("2026-03-02T00:00")


def test_rows_written_through_content_are_shown(hand: Hand) -> None:
    hand.phone.store.table("calendar_events").insert(title="From the shell", dtstart=ms("2026-03-02T12:00"))

    assert hand.open(CALENDAR).sees("From the shell")


@pytest.mark.parametrize(
    ("locale", "day", "error", "saved"),
    [
        ("zh", "明天 · 2026年3月3日 周二", "请输入标题", "已保存活动"),
        ("de", "Morgen · Di, 3. März 2026", "Gib einen Titel ein", "Termin gespeichert"),
    ],
)
def test_the_calendar_works_in_other_languages(
    clock: ManualClock, locale: str, day: str, error: str, saved: str
) -> None:
    with new_phone(clock, locale=locale) as phone:
        hand = Hand(phone, clock).open(CALENDAR)
        assert hand.sees(day)
        hand.tap("floating_action_button").tap("action_done")
        assert hand.sees(error)
        hand.type("edit_title", "Tee").tap("start_date").tap("android:id/button1").tap("action_done")
        assert hand.toast() == saved
        assert event(hand, "Tee")["dtstart"] == ms("2026-03-02T10:00")
