"""Calendar: dates in words, and the dialogs that choose a day and a time.

The ids of the dialogs are those of Android's own DatePickerDialog and of its TimePickerDialog in keyboard mode.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from device.virtual.apps import kit, times
from device.virtual.apps.dialogs import DialogPage, answer, sheet
from device.virtual.window.view import FILL, Style, View, column, edges, icon_button, row, text

_CELL_DP = 36.0


def month_of(locale: str, day: date) -> str:
    """Month and year: "Mar 2026", "2026年3月", "März 2026"."""
    if locale.startswith("zh"):
        return f"{day.year}年{day.month}月"
    language = "de" if locale.startswith("de") else "en"
    return f"{times.MONTHS[language][day.month - 1]} {day.year}"


def full_day(locale: str, day: date) -> str:
    """Weekday, day, month and year: "Mon, Mar 2, 2026"."""
    when = datetime(day.year, day.month, day.day)
    long = times.long_date(locale, when)
    if locale.startswith("zh"):
        return f"{day.year}年{long}"
    return f"{long} {day.year}" if locale.startswith("de") else f"{long}, {day.year}"


def moved_month(day: date, by: int) -> date:
    """The first day of the month `by` months later."""
    months = day.year * 12 + day.month - 1 + by
    return date(months // 12, months % 12 + 1, 1)


class DayDialog:
    """A month of days to choose one from; shown by `page`, it calls `chosen` with the day once OK is tapped."""

    def __init__(self, page: DialogPage, day: date, chosen: Callable[[date], None]) -> None:
        self._page = page
        self._day = day
        self._month = day.replace(day=1)
        self._chosen = chosen

    def view(self) -> View:
        page, locale = self._page, self._page.host.locale
        head = row(
            icon_button("back", page.t("previous_month"), lambda: self._turn(-1), id="android:id/prev"),
            text(
                month_of(locale, self._month), id="month_label", weight=1,
                style=Style(text_sp=16, bold=True, text_align="center"),
            ),
            icon_button("forward", page.t("next_month"), lambda: self._turn(1), id="android:id/next"),
            width=FILL,
            align="center",
        )  # fmt: skip
        names = row(*(self._name(day) for day in range(7)), width=FILL, justify="between", key="names")
        first = self._month - timedelta(days=self._month.weekday())
        last = moved_month(self._month, 1) - timedelta(days=1)
        weeks = [self._week(first + timedelta(days=7 * week)) for week in range((last - first).days // 7 + 1)]
        chosen = text(
            full_day(locale, self._day), id="android:id/date_picker_header_date", style=Style(text_sp=22, bold=True)
        )
        buttons = (answer(page.t("cancel"), page.hide, 2), answer(page.t("ok"), page.then(self._choose)))
        return sheet("", chosen, head, column(names, *weeks, width=FILL, gap=2), buttons=buttons)

    def _name(self, day: int) -> View:
        look = Style(text_sp=12, color=kit.QUIET, text_align="center")
        return text(times.weekday(self._page.host.locale, day), key=f"name{day}", width=_CELL_DP, style=look)

    def _week(self, monday: date) -> View:
        days = [monday + timedelta(days=day) for day in range(7)]
        return row(*(self._cell(day) for day in days), width=FILL, justify="between", key=f"week{monday.isoformat()}")

    def _cell(self, day: date) -> View:
        if day.month != self._month.month:
            return text("", key=day.isoformat(), width=_CELL_DP, height=_CELL_DP)
        picked = day == self._day
        look = Style(
            text_sp=14, text_align="center", corner_dp=_CELL_DP / 2, background="primary" if picked else None,
            color="on_primary" if picked else "on_surface",
        )  # fmt: skip
        return text(
            str(day.day), key=day.isoformat(), desc=full_day(self._page.host.locale, day), checkable=True,
            checked=picked, width=_CELL_DP, height=_CELL_DP, pad=edges(0, 8), style=look,
            on_tap=lambda: self._pick(day),
        )  # fmt: skip

    def _pick(self, day: date) -> None:
        self._day = day

    def _turn(self, by: int) -> None:
        self._month = moved_month(self._month, by)

    def _choose(self) -> None:
        self._chosen(self._day)


class TimeDialog:
    """Hour and minute typed into two fields; it calls `chosen` with them once OK is tapped and both are right."""

    def __init__(self, page: DialogPage, hour: int, minute: int, chosen: Callable[[int, int], None]) -> None:
        self._page = page
        self._chosen = chosen
        self._words = {"hour": f"{hour:02d}", "minute": f"{minute:02d}"}
        self._error = ""

    def view(self) -> View:
        page = self._page
        fields = row(
            self._field("hour"),
            text(":", style=Style(text_sp=32), margin=edges(0, 24, 0, 0)),
            self._field("minute"),
            width=FILL,
            gap=12,
        )
        error = text(self._error, id="android:id/label_error", style=Style(text_sp=12, color="error"))
        buttons = (answer(page.t("cancel"), page.hide, 2), answer(page.t("ok"), self._choose))
        return sheet(page.t("set_time"), fields, error if self._error else None, buttons=buttons)

    def _field(self, name: str) -> View:
        look = Style(border="outline", corner_dp=8, text_sp=32, text_align="center", max_lines=1)
        words = self._words[name]
        field = kit.field(
            self._page.t(name), words, self._change(name), view_id=f"android:id/input_{name}", input="number",
            style=look,
        )  # fmt: skip
        return column(field, weight=1, key=name)

    def _change(self, name: str) -> kit.Typed:
        def changed(words: str) -> None:
            self._words[name], self._error = words, ""

        return changed

    def _choose(self) -> None:
        hour, minute = (_number(self._words[name], most) for name, most in (("hour", 23), ("minute", 59)))
        if hour is None or minute is None:
            self._error = self._page.t("bad_time")
            return
        self._page.hide()
        self._chosen(hour, minute)


def _number(words: str, most: int) -> int | None:
    bare = words.strip()
    return int(bare) if bare.isascii() and bare.isdigit() and int(bare) <= most else None
