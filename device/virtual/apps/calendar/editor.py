"""Calendar: the form that makes or changes an event."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from device.virtual.apps import kit, times
from device.virtual.apps.address_book import names_of, read_recipients
from device.virtual.apps.calendar import events
from device.virtual.apps.calendar.dates import DayDialog, TimeDialog, full_day
from device.virtual.apps.calendar.pages import reminder_words
from device.virtual.apps.calendar.reminders import schedule
from device.virtual.apps.dialogs import choice, question
from device.virtual.apps.drafts import DraftedPage, Drafts
from device.virtual.state import Row
from device.virtual.window.view import FILL, Style, View, column, edges, row, scroll, text

REMINDERS = (events.NO_REMINDER, 0, 10, 30, 60, 1440)
FIELDS = ("title", "place", "guests", "notes")


class EditEventPage(DraftedPage):
    """A new event (from `begin_ms` on, with `title` and `place`), a copy (`copy_of`), or a change of one (`event`).

    What was typed is a draft until it is saved or discarded.
    """

    title = "edit_event"

    def created(self) -> None:
        self.event = int(self.extras.get("event", 0))
        self.drafts = Drafts(self.host)
        row = events.find(self.host.store, self.event or int(self.extras.get("copy_of", 0)))
        self.saved = self._of(row) if row else self._new()
        self.values = {**self.saved, **self.drafts.get(self.draft)}
        self.errors: dict[str, str] = {}

    def view(self) -> View:
        bar = kit.app_bar(
            self.t("edit_event" if self.event else "new_event"),
            kit.text_button(self.t("save"), self.save, id="action_done"),
            up=self.leave,
            up_desc=self.t("close"),
            up_icon="close",
        )
        whole_day = kit.switch_row(self.t("all_day"), "", self._all_day, self._toggle_all_day, key="all_day_row")
        parts = (
            self._field("title", "event_title"),
            whole_day,
            self._moment("start"),
            self._moment("end"),
            self._problem(),
            self._field("place", "place"),
            self._field("guests", "guests", input="email"),
            self._reminder(),
            self._field("notes", "notes", input="multiline"),
        )
        return kit.screen(bar, scroll(*parts, id="edit_event_scroll", weight=1, pad=edges(16), gap=12))

    def save(self) -> None:
        """Saves the event if nothing is wrong with it; first asks whether guests who were not told are to be."""
        guests, bad = read_recipients(self.host.store, self.values["guests"])
        self.errors = {} if self.values["title"].strip() else {"title": self.t("title_missing")}
        if bad:
            self.errors["guests"] = self.t("bad_guest", address=bad[0])
        if self._ends_first() or self.errors:
            return
        told = {str(one["attendeeEmail"]) for one in events.guests(self.host.store, self.event) if one["invited"]}
        fresh = [one for one in guests if one not in told]
        if fresh:
            self.show(lambda: self._invite(guests, len(fresh)))
        else:
            self._save(guests, invite=False)

    def _invite(self, guests: list[str], count: int) -> View:
        return question(
            self.t("invite_title"), self.t("invite_words", count=count),
            yes=self.t("invite"), on_yes=self.then(lambda: self._save(guests, invite=True)),
            no=self.t("invite_later"), on_no=self.then(lambda: self._save(guests, invite=False)),
        )  # fmt: skip

    def _save(self, guests: list[str], *, invite: bool) -> None:
        start, end = self._start, self._end
        if self._all_day:
            start = datetime.combine(start.date(), time(), UTC)
            end = datetime.combine(end.date() + timedelta(days=1), time(), UTC)
        entry = events.Entry(
            title=self.values["title"].strip(), start=start, end=end, all_day=self._all_day,
            place=self.values["place"].strip(), notes=self.values["notes"].strip(),
            guests=tuple((names_of(self.host.store, one), one) for one in guests),
            reminder=int(self.values["reminder"]),
        )  # fmt: skip
        number = events.save(self.host.store, self.event, entry, invite=invite)
        self.drafts.drop(self.draft)
        schedule(self.app, number)
        self.host.hide_keyboard()
        self.host.toast(self.t("saved"))
        self.host.close()

    # --- what the form holds: words, so that a draft can keep them ---

    @property
    def draft(self) -> str:
        return f"event{self.event}" if not self.extras.get("copy_of") else f"copy{self.extras['copy_of']}"

    @property
    def _all_day(self) -> bool:
        return self.values["all_day"] == "1"

    @property
    def _start(self) -> datetime:
        return self._read("start")

    @property
    def _end(self) -> datetime:
        return self._read("end")

    def _read(self, which: str) -> datetime:
        return datetime.fromisoformat(self.values[which]).replace(tzinfo=self.host.local_time().tzinfo)

    def _new(self) -> dict[str, str]:
        now = self.host.local_time()
        given = int(self.extras.get("begin_ms") or 0)
        next_hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        start = times.from_ms(given, now.tzinfo) if given else next_hour
        end_ms = int(self.extras.get("end_ms") or 0)
        end = times.from_ms(end_ms, now.tzinfo) if end_ms else start + timedelta(hours=1)
        words = {name: str(self.extras.get(name) or "") for name in FIELDS}
        return {**words, "start": _spell(start), "end": _spell(end), "all_day": "0", "reminder": "10"}

    def _of(self, event: Row) -> dict[str, str]:
        start, end = events.span(event, self.host.local_time())
        number = int(event["_id"])
        if event["allDay"]:
            end = max(start, end - timedelta(days=1))
        return {
            "title": str(event["title"]), "place": str(event["eventLocation"]), "notes": str(event["description"]),
            "guests": ", ".join(str(one["attendeeEmail"]) for one in events.guests(self.host.store, number)),
            "start": _spell(start), "end": _spell(end), "all_day": str(int(event["allDay"])),
            "reminder": str(events.reminder(self.host.store, number)),
        }  # fmt: skip

    def _set(self, **values: str) -> None:
        self.values.update(values)
        self.changed()

    # --- the parts of the form ---

    def _field(self, name: str, label: str, **fields: Any) -> View:
        def changed(words: str) -> None:
            self.errors.pop(name, None)
            self._set(**{name: words})

        return kit.field(
            self.t(label), self.values[name], changed, view_id=f"edit_{name}", error=self.errors.get(name, ""), **fields
        )

    def _moment(self, which: str) -> View:
        moment = self._read(which)
        clock = times.clock_time(moment.hour, moment.minute)
        day = full_day(self.host.locale, moment.date())
        time_button = None
        if not self._all_day:
            time_button = self._picker(clock, f"{which}_time", lambda: self._choose_time(which))
        return row(
            text(self.t(f"{which}s"), weight=1, style=Style(text_sp=16)),
            self._picker(day, f"{which}_date", lambda: self._choose_day(which)),
            time_button,
            key=which,
            width=FILL,
            gap=8,
            align="center",
        )

    def _picker(self, words: str, name: str, on_tap: kit.Act) -> View:
        return kit.tonal_button(words, on_tap, id=name, desc=f"{self.t(name)}, {words}", pad=edges(12, 10))

    def _problem(self) -> View | None:
        """What is wrong with the times, or what else is on then."""
        if self._ends_first():
            return text(self.t("ends_first"), id="time_error", style=Style(text_sp=13, color="error"))
        other = None if self._all_day else self._clash()
        if other is None:
            return None
        words = self.t("clash", title=str(other["title"]) or self.t("untitled"))
        return text(words, id="clash_label", style=Style(text_sp=13, color="warning"))

    def _clash(self) -> Row | None:
        here = self.host.local_time()
        for event in events.ordered(self.host.store):
            start, end = events.span(event, here)
            if event["_id"] != self.event and not event["allDay"] and start < self._end and self._start < end:
                return event
        return None

    def _reminder(self) -> View:
        words = reminder_words(self, int(self.values["reminder"]))
        label = text(self.t("reminder"), weight=1, style=Style(text_sp=16))
        button = self._picker(words, "reminder", self._choose_reminder)
        return row(label, column(button), key="reminder_row", width=FILL, gap=8, align="center")

    def _ends_first(self) -> bool:
        return self._end.date() < self._start.date() if self._all_day else self._end <= self._start

    def _toggle_all_day(self) -> None:
        self._set(all_day="0" if self._all_day else "1")

    def _choose_day(self, which: str) -> None:
        dialog = DayDialog(self, self._read(which).date(), lambda day: self._set_day(which, day))
        self.show(dialog.view)

    def _choose_time(self, which: str) -> None:
        moment = self._read(which)
        dialog = TimeDialog(
            self, moment.hour, moment.minute,
            lambda hour, minute: self._move(which, self._read(which).replace(hour=hour, minute=minute)),
        )  # fmt: skip
        self.show(dialog.view)

    def _set_day(self, which: str, day: date) -> None:
        self._move(which, datetime.combine(day, self._read(which).timetz()))

    def _move(self, which: str, moment: datetime) -> None:
        """Sets one end; moving the start takes the end along, as calendars do."""
        if which == "start":
            length = self._end - self._start
            self._set(start=_spell(moment), end=_spell(moment + length))
        else:
            self._set(end=_spell(moment))

    def _choose_reminder(self) -> None:
        chosen = int(self.values["reminder"])
        options = REMINDERS if chosen in REMINDERS else (*REMINDERS, chosen)

        def choose(index: int) -> None:
            self.hide()
            self._set(reminder=str(options[index]))

        words = [reminder_words(self, one) for one in options]
        at, cancel = options.index(chosen), self.t("cancel")
        self.show(lambda: choice(self.t("reminder"), words, at, choose, no=cancel, on_no=self.hide))


def _spell(moment: datetime) -> str:
    """A local moment without its zone, to the minute."""
    return moment.replace(tzinfo=None).isoformat(timespec="minutes")
