"""Clock: alarms that ring, timers that run down, a stopwatch and the time of day."""

from __future__ import annotations

from typing import ClassVar

from device.virtual.app import App
from device.virtual.apps.clock import alarms, timers
from device.virtual.apps.clock.alarm_pages import EditAlarmPage
from device.virtual.apps.clock.pages import EDIT_ALARM, DeskClockPage
from device.virtual.apps.clock.strings import STRINGS
from device.virtual.state import StateStore


class ClockApp(App):
    """Alarms and timers ring while the app's process lives; what it slept through it reports when it starts again."""

    package = "com.android.deskclock"
    icon = "clock"
    version = "14"
    version_code = 34
    system = True
    permissions = ("android.permission.POST_NOTIFICATIONS", "android.permission.SCHEDULE_EXACT_ALARM")
    tables: ClassVar[tuple[str, ...]] = (alarms.TABLE, timers.TABLE)
    main = ".DeskClock"
    pages = {".DeskClock": DeskClockPage, EDIT_ALARM: EditAlarmPage}  # noqa: RUF012 - declared in App
    strings = STRINGS

    @classmethod
    def install(cls, store: StateStore) -> None:
        alarms.install(store)

    def started(self) -> None:
        alarms.watch(self)
        timers.watch(self)
