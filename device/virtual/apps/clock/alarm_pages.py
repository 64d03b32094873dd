"""Clock: the form that sets an alarm."""

from __future__ import annotations

from device.virtual.apps import kit, times
from device.virtual.apps.clock import alarms
from device.virtual.apps.clock.pages import rings_in
from device.virtual.apps.dialogs import DialogPage
from device.virtual.window.view import FILL, Style, View, column, edges, icon_button, row, scroll, text

ALL_DAYS = range(7)


class EditAlarmPage(DialogPage):
    """Sets a new alarm, or changes the one named by `alarm`. `hour`, `minute` and `label` fill the form in."""

    title = "edit_alarm"

    def created(self) -> None:
        self.alarm = int(self.extras.get("alarm", 0))
        row = self.host.store.table(alarms.TABLE).get(self.alarm) or {}
        self.saved = {field: str(row.get(field, self.extras.get(field, ""))) for field in ("hour", "minute", "label")}
        self.saved_days = set(row.get("days") or ())
        self.values = dict(self.saved)
        self.days = set(self.saved_days)
        self.errors: dict[str, str] = {}

    def view(self) -> View:
        bar = kit.app_bar(
            self.t("edit_alarm" if self.alarm else "add_alarm"),
            icon_button("delete", self.t("delete_alarm"), self._ask_delete, id="delete") if self.alarm else None,
            kit.text_button(self.t("save"), self.save, id="save_button"),
            up=self._leave,
            up_desc=self.t("close"),
            up_icon="close",
        )
        colon = text(":", style=Style(text_sp=44), margin=edges(0, 26, 0, 0))
        clock = row(self._number("hour"), colon, self._number("minute"), width=FILL, gap=12)
        label = kit.field(self.t("label"), self.values["label"], self._change("label"), view_id="label")
        repeat = text(self.t("repeat"), style=Style(text_sp=14, bold=True, color="primary"), margin=edges(0, 8, 0, 0))
        days = row(*(self._day(day) for day in ALL_DAYS), width=FILL, gap=4, justify="between")
        return kit.screen(bar, scroll(clock, label, repeat, days, weight=1, pad=edges(16), gap=16))

    def save(self) -> None:
        hour, minute = _number(self.values["hour"], 23), _number(self.values["minute"], 59)
        self.errors = {} if hour is not None else {"hour": "bad_hour"}
        if minute is None:
            self.errors["minute"] = "bad_minute"
        if hour is None or minute is None:
            return
        label = self.values["label"].strip()
        wait = alarms.save(self.app, self.alarm, hour=hour, minute=minute, label=label, days=sorted(self.days))
        self.host.hide_keyboard()
        self.host.toast(rings_in(self, wait))
        self.host.close()

    def back(self) -> bool:
        self._leave()
        return True

    def _leave(self) -> None:
        if self.values == self.saved and self.days == self.saved_days:
            self.host.close()
        else:
            self.ask(self.t("discard_title"), "", self.t("discard"), self.host.close)

    def _number(self, name: str) -> View:
        error = self.t(self.errors[name]) if name in self.errors else ""
        look = Style(border="error" if error else "outline", corner_dp=8, text_sp=44, text_align="center", max_lines=1)
        label, words = self.t(name), self.values[name]
        shown = words.rjust(2, "0") if words and words == self.saved[name] else words
        field = kit.field(
            label, shown, self._change(name), view_id=f"input_{name}", error=error, input="number", style=look
        )
        return column(field, weight=1)

    def _change(self, name: str) -> kit.Typed:
        def changed(words: str) -> None:
            self.values[name] = words
            self.errors.pop(name, None)

        return changed

    def _day(self, day: int) -> View:
        on = day in self.days

        def toggle() -> None:
            self.days ^= {day}

        look = Style(
            background="primary" if on else "surface_variant",
            color="on_primary" if on else "on_surface_variant",
            corner_dp=20, text_sp=12, bold=on, text_align="center", max_lines=1,
        )  # fmt: skip
        return text(
            times.weekday(self.host.locale, day), id=f"day_button_{day}", cls="android.widget.CheckBox", checkable=True,
            checked=on, on_tap=toggle, weight=1, pad=edges(2, 12), style=look,
        )  # fmt: skip

    def _ask_delete(self) -> None:
        clock = f"{self.saved['hour'].rjust(2, '0')}:{self.saved['minute'].rjust(2, '0')}"
        words = self.t("delete_alarm_words", time=clock)
        self.ask(self.t("delete_alarm_title"), words, self.t("delete"), self._delete)

    def _delete(self) -> None:
        self.host.store.table(alarms.TABLE).delete(lambda row: row["_id"] == self.alarm)
        self.host.toast(self.t("alarm_deleted"))
        self.host.close()


def _number(words: str, largest: int) -> int | None:
    """The number from 0 to `largest` that was typed, or None."""
    bare = words.strip()
    return int(bare) if bare.isascii() and bare.isdigit() and int(bare) <= largest else None
