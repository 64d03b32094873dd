"""Clock: the timer tab - a keypad that makes timers, and the timers there are."""

from __future__ import annotations

from typing import Protocol

from device.virtual.app import App, Host
from device.virtual.apps import kit
from device.virtual.apps.clock import timers
from device.virtual.state import Row
from device.virtual.window.view import FILL, Style, View, column, edges, icon_button, progress, row, text

DIGITS_MAX = 6
KEYS = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), ("00", "0", ""))


class TabbedPage(Protocol):
    """What a tab needs of the page it stands on."""

    app: App
    host: Host

    def t(self, key: str, **values: object) -> str: ...

    def ask(self, title: str, words: str, yes: str, on_yes: kit.Act) -> None: ...

    def redraw_in(self, delay_s: float) -> None: ...


class TimerTab:
    """Shows the keypad while there are no timers or one is being added, else the timers."""

    def __init__(self, page: TabbedPage) -> None:
        self._page = page
        self._digits = ""
        self._adding = False

    def view(self) -> tuple[View, View | None]:
        rows = self._page.host.store.table(timers.TABLE).rows()
        if self._adding or not rows:
            start = kit.fab("play", self._page.t("start"), self.start, view_id="fab") if self._digits else None
            return self._keypad(), start
        if any(timer["state"] == timers.RUNNING for timer in rows):
            self._page.redraw_in(1.0)
        cards = [self._card(timer) for timer in reversed(rows)]
        add = kit.fab("add", self._page.t("add_timer"), self.show_keypad, view_id="fab")
        return kit.recycler(cards, view_id="timers_list", bottom_dp=88), add

    def show_keypad(self) -> None:
        self._adding = True

    def start(self) -> None:
        length_s = _length_s(self._digits)
        if not length_s:
            self._page.host.toast(self._page.t("too_short"))
            return
        timers.start(self._page.app, length_s)
        self._digits, self._adding = "", False

    def _press(self, key: str) -> None:
        self._digits = (self._digits + key).lstrip("0")[:DIGITS_MAX]

    def _erase(self) -> None:
        self._digits = self._digits[:-1]

    def _keypad(self) -> View:
        hours, minutes, seconds = _parts(self._digits)
        color = "primary" if self._digits else kit.QUIET
        look = Style(text_sp=36, color=color, text_align="center", max_lines=1)
        shown = text(f"{hours:02d}h {minutes:02d}m {seconds:02d}s", id="timer_setup_time", style=look)
        lines = [row(*(self._key(key) for key in line), width=FILL, weight=1, gap=12, align="stretch") for line in KEYS]
        return column(
            shown, *lines, id="timer_setup", width=FILL, weight=1, pad=edges(28, 4, 28, 80), gap=6, align="center"
        )

    def _key(self, key: str) -> View:
        look = Style(background="surface_variant", corner_dp=32, text_sp=22, text_align="center")
        if not key:
            erase = self._page.t("backspace")
            back = Style(background="primary_container", corner_dp=32, icon="back")
            return icon_button("back", erase, self._erase, id="timer_setup_delete", weight=1, style=back)
        label = text(key, style=Style(text_sp=22, text_align="center"))
        return column(
            label, key=key, id=f"timer_setup_digit_{key}", weight=1, align="center", justify="center",
            on_tap=lambda: self._press(key), style=look,
        )  # fmt: skip

    def _card(self, timer: Row) -> View:
        page, app = self._page, self._page.app
        left_s = timers.left_s(page.host, timer)
        running, done = timer["state"] == timers.RUNNING, timer["state"] == timers.DONE
        words = page.t("time_is_up") if done else countdown(left_s)
        icon, verb = ("pause", "pause") if running else ("play", "resume" if left_s < timer["length_s"] else "start")
        toggle = timers.pause if running else timers.resume
        title = str(timer["label"]) or countdown(float(timer["length_s"]))
        head = row(
            text(title, id="timer_label", weight=1, style=Style(text_sp=14, color=kit.QUIET, max_lines=1)),
            icon_button("close", page.t("delete_timer"), lambda: self._ask_delete(timer), id="close", pad=edges(8)),
            width=FILL, align="center",
        )  # fmt: skip
        buttons = row(
            kit.tonal_button(page.t("plus_minute"), lambda: timers.extend(app, timer, 60.0), id="add_one_min"),
            kit.tonal_button(page.t("reset"), lambda: timers.reset(app, timer), id="reset"),
            icon_button(icon, page.t(verb), lambda: toggle(app, timer), id="play_pause",
                        style=Style(icon=icon, background="primary", color="on_primary", corner_dp=24)),
            width=FILL, gap=8, align="center", justify="between",
        )  # fmt: skip
        return kit.card(
            head,
            text(words, id="timer_time_text", style=Style(text_sp=44, color="error" if done else "on_surface")),
            progress(left_s / max(1.0, float(timer["length_s"])), width=FILL, margin=edges(0, 4, 0, 8)),
            buttons,
            key=f"timer{timer['_id']}",
        )

    def _ask_delete(self, timer: Row) -> None:
        def delete() -> None:
            timers.delete(self._page.app, timer)
            self._page.host.toast(self._page.t("timer_deleted"))

        words = self._page.t("delete_timer_words", time=countdown(float(timer["length_s"])))
        self._page.ask(self._page.t("delete_timer_title"), words, self._page.t("delete"), delete)


def countdown(seconds: float) -> str:
    """What is left, rounded up to whole seconds: "4:59", "1:00:00"."""
    whole = int(seconds) + (seconds > int(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _parts(digits: str) -> tuple[int, int, int]:
    """The hours, minutes and seconds typed, filled from the right as on a microwave oven."""
    padded = digits.rjust(DIGITS_MAX, "0")
    return int(padded[:2]), int(padded[2:4]), int(padded[4:])


def _length_s(digits: str) -> float:
    hours, minutes, seconds = _parts(digits)
    return hours * 3600.0 + minutes * 60 + seconds
