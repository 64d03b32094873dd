"""Clock: the page with the four tabs. What each tab shows is in a class of its own, made anew with the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from device.virtual.apps import kit, times
from device.virtual.apps.clock import alarms
from device.virtual.apps.clock.stopwatch import Stopwatch
from device.virtual.apps.clock.timer_tab import TimerTab
from device.virtual.apps.dialogs import DialogPage
from device.virtual.state import Row
from device.virtual.window.view import FILL, Style, View, column, edges, icon_button, row, switch, text

EDIT_ALARM = ".alarms.EditAlarmActivity"


class DeskClockPage(DialogPage):
    """Alarm, clock, timer and stopwatch. `tab` opens another than the first."""

    title = "app_name"

    def created(self) -> None:
        self.tab = str(self.extras.get("tab", "alarm"))
        self.alarm_tab = AlarmTab(self)
        self.timer_tab = TimerTab(self)
        self.stopwatch_tab = StopwatchTab(self)
        self._armed = False

    def view(self) -> View:
        bar = kit.app_bar(self.t(self.tab), icon_button("more", self.t("more"), self._more, id="menu_more"))
        icons = (("alarm", "alarm"), ("clock", "clock"), ("timer", "timer"), ("stopwatch", "play"))
        tabs = kit.tab_bar([(tab, icon, self.t(tab)) for tab, icon in icons], self.tab, self.choose)
        show: dict[str, Callable[[], tuple[View, View | None]]] = {
            "alarm": self.alarm_tab.view,
            "clock": self._clock,
            "timer": self.timer_tab.view,
            "stopwatch": self.stopwatch_tab.view,
        }
        body, fab = show[self.tab]()
        return kit.screen(bar, body, fab=fab, bottom=tabs)

    def choose(self, tab: str) -> None:
        self.tab = tab

    def redraw_in(self, delay_s: float) -> None:
        """Asks for one redraw while something moves. Views call it, so it stops when the page is not shown."""
        if not self._armed:
            self._armed = True
            self.host.after(delay_s, self._tick)

    def _tick(self) -> None:
        self._armed = False
        self.host.redraw()

    def _more(self) -> None:
        self.menu((self.t("add_alarm"), self.alarm_tab.add), (self.t("add_timer"), self._add_timer))

    def _add_timer(self) -> None:
        self.tab = "timer"
        self.timer_tab.show_keypad()

    def _clock(self) -> tuple[View, View | None]:
        now = self.host.local_time()
        self.redraw_in(60 - now.second)
        on = [alarms.next_time(alarm, now) for alarm in alarms.ordered(self.host.store) if alarm["enabled"]]
        upcoming = None
        if on:
            first = min(on)
            when = f"{times.weekday(self.host.locale, first.weekday())} {times.clock_time(first.hour, first.minute)}"
            upcoming = text(self.t("next_alarm", when=when), id="nextAlarm", style=Style(text_sp=14, color=kit.QUIET))
        body = column(
            text(times.clock_time(now.hour, now.minute), id="digital_clock", style=Style(text_sp=72)),
            text(times.long_date(self.host.locale, now), id="date", style=Style(text_sp=16, color=kit.QUIET)),
            upcoming, width=FILL, weight=1, pad=edges(24, 64), gap=8, align="center",
        )  # fmt: skip
        return body, None


class AlarmTab:
    """The list of alarms, each with its switch."""

    def __init__(self, page: DialogPage) -> None:
        self._page = page

    def view(self) -> tuple[View, View | None]:
        fab = kit.fab("add", self._page.t("add_alarm"), self.add, view_id="fab")
        rows = [self._card(alarm) for alarm in alarms.ordered(self._page.host.store)]
        if not rows:
            return kit.empty_state("alarm", self._page.t("no_alarms")), fab
        return kit.recycler(rows, view_id="alarms_recycler_view", bottom_dp=88), fab

    def add(self) -> None:
        self._page.host.open(EDIT_ALARM)

    def _card(self, alarm: Row) -> View:
        on = bool(alarm["enabled"])
        color = "on_surface" if on else "outline"
        clock = times.clock_time(int(alarm["hour"]), int(alarm["minute"]))
        label = str(alarm["label"])
        line = row(
            column(
                text(label, id="edit_label", style=Style(text_sp=14, color=color, max_lines=1)) if label else None,
                text(clock, id="digital_clock", style=Style(text_sp=44, color=color)),
                text(self._days(alarm), id="days_of_week", style=Style(text_sp=14, color=color)),
                weight=1,
            ),
            switch(on, lambda: self._switch(alarm), id="onoff"),
            width=FILL,
            align="center",
        )
        host = self._page.host
        return kit.card(line, key=f"alarm{alarm['_id']}", on_tap=lambda: host.open(EDIT_ALARM, alarm=alarm["_id"]))

    def _days(self, alarm: Row) -> str:
        days = sorted(alarm.get("days") or ())
        if not days:
            return self._page.t("once")
        if len(days) == 7:
            return self._page.t("every_day")
        return ", ".join(times.weekday(self._page.host.locale, day) for day in days)

    def _switch(self, alarm: Row) -> None:
        wait = alarms.switch(self._page.app, alarm)
        if wait is not None:
            self._page.host.toast(rings_in(self._page, wait))


class StopwatchTab:
    """The clock's stopwatch: its face, its buttons and its laps."""

    def __init__(self, page: DeskClockPage) -> None:
        self._page = page
        self._watch = Stopwatch(page.host)

    def view(self) -> tuple[View, View | None]:
        t, watch = self._page.t, self._watch
        if watch.running:
            self._page.redraw_in(1.0)
        second = None
        if watch.running:
            second = kit.tonal_button(t("lap"), watch.lap, id="lap_button")
        elif watch.elapsed_ms:
            second = kit.tonal_button(t("reset"), watch.reset, id="reset_button")
        shown = lap_time(watch.elapsed_ms, tenths=not watch.running)
        face = text(shown, id="stopwatch_time_text", style=Style(text_sp=64), margin=edges(0, 48, 0, 24))
        body = column(face, second, self._laps(), width=FILL, weight=1, gap=8, align="center")
        icon, words = ("pause", t("pause")) if watch.running else ("play", t("start"))
        return body, kit.fab(icon, words, watch.toggle, view_id="fab")

    def _laps(self) -> View:
        ends = self._watch.laps_ms
        rows = [
            kit.list_row(
                self._page.t("lap_name", number=index + 1),
                key=f"lap{index}",
                ids=("lap_number", "lap_time"),
                trailing=text(lap_time(end - (ends[index - 1] if index else 0), tenths=True), id="lap_time"),
            )
            for index, end in enumerate(ends)
        ]
        return kit.recycler(rows[::-1], view_id="laps_list", bottom_dp=88)


def lap_time(elapsed_ms: int, *, tenths: bool) -> str:
    """Minutes, seconds and, where nothing moves, tenths."""
    minutes, rest_ms = divmod(elapsed_ms, 60_000)
    words = f"{minutes:02d}:{rest_ms // 1000:02d}"
    return f"{words}.{rest_ms % 1000 // 100}" if tenths else words


def rings_in(page: DialogPage, wait: timedelta) -> str:
    """What the toast says when an alarm has been set. Starts of minutes count, as in "set for 1 minute from now"."""
    minutes = max(1, -(-round(wait.total_seconds()) // 60))
    if minutes < 60:
        return page.t("rings_in_minutes", minutes=minutes)
    if minutes >= 24 * 60:
        return page.t("rings_in_days", days=minutes // 1440, hours=minutes // 60 % 24, minutes=minutes % 60)
    return page.t("rings_in", hours=minutes // 60, minutes=minutes % 60)
