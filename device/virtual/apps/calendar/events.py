"""The calendar's tables, with the columns of Android's own provider; times are milliseconds after 1970 UTC.

`calendar_events`: title, dtstart, dtend, allDay (0 or 1), eventLocation, description.
`calendar_attendees`: event_id, attendeeName, attendeeEmail, invited (1 once an invitation was sent).
`calendar_reminders`: event_id, minutes before the start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from device.virtual.apps import times
from device.virtual.state import Row, StateStore

EVENTS, ATTENDEES, REMINDERS = "calendar_events", "calendar_attendees", "calendar_reminders"
NO_REMINDER = -1

# title, days from today, start hour, minutes long (0: all day), place
_FACTORY = (
    ("Dentist", 1, 14.0, 45, "Dr. Lund, 2 Bridge Street"),
    ("Team meeting", 1, 9.5, 30, ""),
    ("Team meeting", 8, 9.5, 30, ""),
    ("Lunch with Alice", 2, 12.0, 60, "Corner Café"),
    ("Choir practice", 3, 18.5, 90, "Town hall"),
    ("Mum’s birthday", 5, 0.0, 0, ""),
    ("Tax return due", 12, 0.0, 0, ""),
    ("Bicycle repair", -2, 16.0, 30, "Wheelhouse"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the editor writes: local times, addresses of guests, minutes of the reminder (`NO_REMINDER`: none)."""

    title: str
    start: datetime
    end: datetime
    all_day: bool
    place: str
    notes: str
    guests: tuple[tuple[str, str], ...]  # (name, address)
    reminder: int


def install(store: StateStore, now: datetime) -> None:
    """A few events around the day the phone was unpacked; one of them comes twice, a week apart."""
    today = datetime.combine(now.date(), time(), UTC)
    rows = []
    for number, (title, days, hour, minutes, place) in enumerate(_FACTORY):
        start = today + timedelta(days=days, hours=hour)
        end = start + (timedelta(minutes=minutes) if minutes else timedelta(days=1))
        rows.append(
            {
                "_id": number + 1, "title": title, "dtstart": times.to_ms(start), "dtend": times.to_ms(end),
                "allDay": 0 if minutes else 1, "eventLocation": place, "description": "",
            }
        )  # fmt: skip
    store.put(EVENTS, {"next": len(rows) + 1, "rows": rows})
    store.put(REMINDERS, {"next": 2, "rows": [{"_id": 1, "event_id": 1, "minutes": 60}]})


def save(store: StateStore, event: int, entry: Entry, *, invite: bool) -> int:
    """Writes an event (a new one where `event` is 0 or gone) with its guests and reminder; returns its id.

    Whoever was invited before stays invited.
    """
    columns = {
        "title": entry.title, "dtstart": times.to_ms(entry.start), "dtend": times.to_ms(entry.end),
        "allDay": int(entry.all_day), "eventLocation": entry.place, "description": entry.notes,
    }  # fmt: skip
    table = store.table(EVENTS)
    number = event if event and table.update(event, **columns) else table.insert(**columns)
    asked = {str(row["attendeeEmail"]) for row in guests(store, number) if row["invited"]}
    _drop(store, ATTENDEES, number)
    for name, address in entry.guests:
        sent = int(invite or address in asked)
        store.table(ATTENDEES).insert(event_id=number, attendeeName=name, attendeeEmail=address, invited=sent)
    _drop(store, REMINDERS, number)
    if entry.reminder != NO_REMINDER:
        store.table(REMINDERS).insert(event_id=number, minutes=entry.reminder)
    return number


def delete(store: StateStore, event: int) -> None:
    """Removes an event with its guests and reminder."""
    store.table(EVENTS).delete(lambda row: row["_id"] == event)
    _drop(store, ATTENDEES, event)
    _drop(store, REMINDERS, event)


def guests(store: StateStore, event: int) -> list[Row]:
    """The guests of an event."""
    return store.table(ATTENDEES).rows(lambda row: row["event_id"] == event)


def reminder(store: StateStore, event: int) -> int:
    """Minutes before the start, or `NO_REMINDER`."""
    rows = store.table(REMINDERS).rows(lambda row: row["event_id"] == event)
    return int(rows[0]["minutes"]) if rows else NO_REMINDER


def ordered(store: StateStore) -> list[Row]:
    """All events by their start. Rows written through `content insert` may lack columns: those count as empty."""
    blank: Row = {"title": "", "dtstart": 0, "dtend": 0, "allDay": 0, "eventLocation": "", "description": ""}
    rows = [{**blank, **row} for row in store.table(EVENTS).rows()]
    return sorted(rows, key=lambda row: (int(row["dtstart"]), -int(row["allDay"]), int(row["_id"])))


def find(store: StateStore, event: int) -> Row | None:
    """An event by its number; None if it is gone."""
    return next((row for row in ordered(store) if row["_id"] == event), None)


def span(row: Row, here: datetime) -> tuple[datetime, datetime]:
    """Start and end in the zone of `here`. All-day events are days by name, stored at midnight UTC, in any zone."""
    start, end = int(row["dtstart"]), max(int(row["dtend"]), int(row["dtstart"]))
    if row["allDay"]:
        zone = here.tzinfo
        first, last = (times.from_ms(one, UTC).replace(tzinfo=zone) for one in (start, end))
        return first, last
    return times.from_ms(start, here.tzinfo), times.from_ms(end, here.tzinfo)


def on_day(rows: Sequence[Row], day: date, here: datetime) -> list[Row]:
    """The events that touch a day of the phone's own zone."""
    found = []
    for row in rows:
        start, end = span(row, here)
        last = (end - timedelta(milliseconds=1)).date() if end > start else start.date()
        if start.date() <= day <= last:
            found.append(row)
    return found


def _drop(store: StateStore, table: str, event: int) -> None:
    store.table(table).delete(lambda row: row["event_id"] == event)
