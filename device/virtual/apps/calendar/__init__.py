"""Calendar: what is planned, day by day - add, find, change, copy and delete events."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from device.virtual.app import App
from device.virtual.apps.calendar import events
from device.virtual.apps.calendar.editor import EditEventPage
from device.virtual.apps.calendar.pages import EDIT, INFO, CalendarPage, EventPage
from device.virtual.apps.calendar.reminders import schedule_all
from device.virtual.apps.calendar.strings import STRINGS
from device.virtual.state import StateStore


class CalendarApp(App):
    package = "com.android.calendar"
    icon = "calendar"
    version = "14"
    version_code = 34
    system = True
    permissions = ("android.permission.READ_CALENDAR", "android.permission.WRITE_CALENDAR")
    granted: ClassVar[tuple[str, ...]] = permissions
    tables: ClassVar[tuple[str, ...]] = (events.EVENTS, events.ATTENDEES, events.REMINDERS)
    main = ".AllInOneActivity"
    pages = {".AllInOneActivity": CalendarPage, INFO: EventPage, EDIT: EditEventPage}  # noqa: RUF012 - see App
    strings = STRINGS

    def started(self) -> None:
        schedule_all(self)

    @classmethod
    def install_dated(cls, store: StateStore, now: datetime) -> None:
        events.install(store, now)
