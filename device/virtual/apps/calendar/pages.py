"""Calendar: the agenda, one day, and one event."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from device.virtual.apps import kit, times
from device.virtual.apps.calendar import events
from device.virtual.apps.calendar.dates import DayDialog, full_day
from device.virtual.apps.dialogs import DialogPage
from device.virtual.apps.searching import Searching
from device.virtual.state import Row
from device.virtual.window.view import FILL, Style, View, column, edges, icon_button, image, row, scroll, text

INFO, EDIT = ".EventInfoActivity", ".EditEventActivity"
TABS = (("agenda", "menu"), ("day", "calendar"))
FIRST_HOUR, LAST_HOUR = 6, 22  # of the day view; what is earlier or later stands at its ends
COLORS = ("#285ea7", "#2f7d4f", "#a04b3c", "#8a6d1b", "#7b4b94")


class EventsPage(DialogPage):
    """What the pages of this app have in common: events in words."""

    def time_of(self, event: Row) -> str:
        """ "14:00 – 14:45", or "All day"; with the dates where it takes more than one day."""
        start, end = events.span(event, self.host.local_time())
        if event["allDay"]:
            return self.t("all_day")
        first, last = times.clock_time(start.hour, start.minute), times.clock_time(end.hour, end.minute)
        if start.date() == end.date():
            return f"{first} – {last}"
        locale = self.host.locale
        return f"{times.short_date(locale, start)} {first} – {times.short_date(locale, end)} {last}"

    def named(self, event: Row) -> str:
        return str(event["title"]) or self.t("untitled")

    def day_in_words(self, day: date) -> str:
        """The date, with "Today" or "Tomorrow" before it."""
        words = full_day(self.host.locale, day)
        days = (day - self.host.local_time().date()).days
        near = {0: "today", 1: "tomorrow"}.get(days)
        return f"{self.t(near)} · {words}" if near else words

    def event_row(self, event: Row, *, key: str = "") -> View:
        color = COLORS[int(event["_id"]) % len(COLORS)]
        place = str(event["eventLocation"])
        when = f"{self.time_of(event)} · {place}" if place else self.time_of(event)
        bar = column(width=6, height=40, style=Style(background=color, corner_dp=3))
        return kit.list_row(
            self.named(event), when, key=key or f"event{event['_id']}", ids=("title", "when"), leading=bar,
            on_tap=lambda: self.host.open(INFO, event=event["_id"]),
        )  # fmt: skip


class CalendarPage(Searching, EventsPage):
    """Two views: what comes (`agenda`, with a search), and one day by the hour."""

    title = "app_name"
    past = False

    def created(self) -> None:
        self.tab = str(self.extras.get("tab", "agenda"))
        self.shown = self.host.local_time().date()

    def view(self) -> View:
        tabs = kit.tab_bar([(key, icon, self.t(key)) for key, icon in TABS], self.tab, self._choose)
        fab = kit.fab("add", self.t("new_event"), self._new, view_id="floating_action_button")
        body = self._agenda() if self.tab == "agenda" else self._day()
        return kit.screen(self._bar(), *body, fab=fab, bottom=tabs)

    def _bar(self) -> View:
        return kit.app_bar(
            self.t("app_name"),
            icon_button("calendar", self.t("choose_day"), self._choose_day, id="action_goto"),
            kit.text_button(self.t("today"), self._today, id="action_today") if self.tab == "day" else None,
            icon_button("more", self.t("more"), self._more, id="menu_overflow") if self.tab == "agenda" else None,
        )

    def _choose(self, tab: str) -> None:
        self.tab = tab

    def _today(self) -> None:
        self.shown = self.host.local_time().date()

    def _choose_day(self) -> None:
        dialog = DayDialog(self, self.shown, self._go)
        self.show(dialog.view)

    def _go(self, day: date) -> None:
        self.shown, self.tab = day, "day"

    def _more(self) -> None:
        self.menu((self.t("no_past" if self.past else "past"), self._toggle_past))

    def _toggle_past(self) -> None:
        self.past = not self.past

    def _new(self) -> None:
        now = self.host.local_time()
        hour = now.hour + 1 if self.shown == now.date() else 9
        day = self.shown if self.tab == "day" else now.date()
        self._new_at(day, min(hour, 23) if self.tab == "day" else min(now.hour + 1, 23))

    def _new_at(self, day: date, hour: int) -> None:
        start = datetime.combine(day, time(hour), self.host.local_time().tzinfo)
        self.host.open(EDIT, begin_ms=times.to_ms(start))

    def _agenda(self) -> tuple[View, ...]:
        search = self.search_bar()
        wanted, now = self.query.strip().casefold(), self.host.local_time()
        rows: list[View | None] = []
        day: date | None = None
        for event in events.ordered(self.host.store):
            start, end = events.span(event, now)
            words = f"{event['title']}\n{event['eventLocation']}\n{event['description']}".casefold()
            if wanted not in words or (end <= now and not self.past and not wanted):
                continue
            if start.date() != day:
                day = start.date()
                rows.append(self._heading(day))
            rows.append(self.event_row(event))
        if not rows:
            words = self.t("nothing_found", query=self.query) if wanted else self.t("no_events")
            return search, kit.empty_state("calendar", words)
        return search, kit.recycler(rows, view_id="agenda_events_list", bottom_dp=88)

    def _heading(self, day: date) -> View:
        look = Style(text_sp=14, bold=True, color="primary")
        return text(
            self.day_in_words(day), id="date", key=f"day{day.isoformat()}", width=FILL, pad=edges(16, 16, 16, 4),
            style=look,
        )  # fmt: skip

    def _day(self) -> tuple[View, ...]:
        head = row(
            icon_button("back", self.t("previous_day"), lambda: self._step(-1), id="previous_day"),
            text(
                self.day_in_words(self.shown), id="date_title", weight=1,
                style=Style(text_sp=16, bold=True, text_align="center"),
            ),
            icon_button("forward", self.t("next_day"), lambda: self._step(1), id="next_day"),
            width=FILL,
            align="center",
        )  # fmt: skip
        here = self.host.local_time()
        todays = events.on_day(events.ordered(self.host.store), self.shown, here)
        whole = [self.event_row(one) for one in todays if one["allDay"]]
        timed = [one for one in todays if not one["allDay"]]
        hours = [self._hour(hour, [one for one in timed if self._hour_of(one) == hour]) for hour in _hours()]
        return head, kit.recycler([*whole, *hours], view_id="day_view", bottom_dp=88)

    def _step(self, days: int) -> None:
        self.shown += timedelta(days=days)

    def _hour_of(self, event: Row) -> int:
        """The line of the day view an event stands on; one that began on an earlier day stands on the first."""
        start, _ = events.span(event, self.host.local_time())
        if start.date() < self.shown:
            return FIRST_HOUR
        return min(max(start.hour, FIRST_HOUR), LAST_HOUR)

    def _hour(self, hour: int, here: list[Row]) -> View:
        clock = times.clock_time(hour, 0)
        label = text(clock, style=Style(text_sp=12, color=kit.QUIET), width=48)
        boxes = column(*(self._box(one) for one in here), weight=1, gap=4)
        return row(
            label, boxes, key=f"hour{hour}", desc="" if here else clock, width=FILL, pad=edges(16, 10), gap=8,
            align="start", on_tap=lambda: self._new_at(self.shown, hour),
        )  # fmt: skip

    def _box(self, event: Row) -> View:
        color = COLORS[int(event["_id"]) % len(COLORS)]
        return column(
            text(self.named(event), id="title", style=Style(text_sp=14, bold=True, color="#ffffff", max_lines=1)),
            text(self.time_of(event), id="when", style=Style(text_sp=12, color="#ffffff", max_lines=1)),
            key=f"event{event['_id']}", width=FILL, pad=edges(10, 6), style=Style(background=color, corner_dp=8),
            on_tap=lambda: self.host.open(INFO, event=event["_id"]),
        )  # fmt: skip


class EventPage(EventsPage):
    """One event (`event`): when and where it is, who comes, and what can be done with it."""

    title = "app_name"

    def created(self) -> None:
        self.event = int(self.extras.get("event", 0))

    def view(self) -> View:
        event = events.find(self.host.store, self.event)
        if event is None:
            bar = kit.app_bar("", up=self.host.close, up_desc=self.t("up"))
            return kit.screen(bar, kit.empty_state("calendar", self.t("gone")))
        bar = kit.app_bar(
            "",
            icon_button("edit", self.t("edit"), self._edit, id="info_action_edit"),
            icon_button("delete", self.t("delete_event"), self._ask_delete, id="info_action_delete"),
            icon_button("more", self.t("more"), self._more, id="menu_overflow"),
            up=self.host.close,
            up_desc=self.t("up"),
        )
        start, _ = events.span(event, self.host.local_time())
        title = text(self.named(event), id="title", pad=edges(16, 8), style=Style(text_sp=26))
        when = f"{self.day_in_words(start.date())}\n{self.time_of(event)}"
        lines = [self._line("clock", when, "when_datetime")]
        if event["eventLocation"]:
            lines.append(self._line("location", str(event["eventLocation"]), "where"))
        lines += [self._guest(guest) for guest in events.guests(self.host.store, self.event)]
        lines.append(self._line("bell", reminder_words(self, events.reminder(self.host.store, self.event)), "reminder"))
        if event["description"]:
            lines.append(self._line("note", str(event["description"]), "description"))
        return kit.screen(bar, scroll(title, *lines, id="event_info_scroll_view", weight=1))

    def _line(self, icon: str, words: str, view_id: str) -> View:
        return row(
            image(icon, style=Style(icon=icon, color=kit.QUIET)),
            text(words, id=view_id, weight=1, style=Style(text_sp=16)),
            key=f"{view_id}_line", width=FILL, pad=edges(16, 12), gap=16, align="center",
        )  # fmt: skip

    def _guest(self, guest: Row) -> View:
        name = str(guest["attendeeName"]) or str(guest["attendeeEmail"])
        said = self.t("invited" if guest["invited"] else "not_invited")
        return kit.list_row(
            name, said, key=f"guest{guest['_id']}", ids=("guest_name", "guest_status"),
            leading=kit.avatar(name, size_dp=28),
        )  # fmt: skip

    def _edit(self) -> None:
        self.host.open(EDIT, event=self.event)

    def _more(self) -> None:
        self.menu((self.t("copy"), lambda: self.host.open(EDIT, copy_of=self.event)))

    def _ask_delete(self) -> None:
        event = events.find(self.host.store, self.event)
        words = self.t("delete_words", title=self.named(event) if event else "")
        self.ask(self.t("delete_title"), words, self.t("delete"), self._delete)

    def _delete(self) -> None:
        events.delete(self.host.store, self.event)
        self.host.cancel_notification(f"event{self.event}")
        self.host.toast(self.t("deleted"))
        self.host.close()


def reminder_words(page: DialogPage, minutes: int) -> str:
    """A reminder in words; one of a length the app does not offer (written by `content`) in minutes."""
    if minutes == events.NO_REMINDER:
        return page.t("reminder_none")
    key = f"reminder_{minutes}"
    return page.t(key) if key in page.app.strings["en"] else f"{minutes} min"


def _hours() -> range:
    return range(FIRST_HOUR, LAST_HOUR + 1)
