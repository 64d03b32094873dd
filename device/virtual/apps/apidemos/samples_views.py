"""ApiDemos: the samples of the menu Views that are single widgets."""

from __future__ import annotations

from functools import partial

from device.virtual.app import Page
from device.virtual.apps.apidemos.page import DemoPage
from device.virtual.apps.dialogs import choice
from device.virtual.window.view import (
    FILL,
    Style,
    View,
    button,
    checkbox,
    column,
    edges,
    edit,
    progress,
    radio,
    row,
    scroll,
    slider,
    switch,
    text,
)

PLANETS = ("Mercury", "Venus", "Earth", "Mars", "Jupiter", "Saturn", "Uranus", "Neptune", "Pluto")
COLORS = ("red", "orange", "yellow", "green", "blue", "violet")
MEALS = ("Breakfast", "Lunch", "Dinner", "All of them")


class SpinnerMixin(DemoPage):
    """A sample with drop-down lists, each remembering what was chosen."""

    chosen: dict[str, int]

    def spinner(self, view_id: str, title: str, options: tuple[str, ...]) -> View:
        index = self.chosen.get(view_id, 0)

        def choose(new: int) -> None:
            self.chosen[view_id] = new
            self.hide()

        def open_list() -> None:
            self.show(lambda: choice(title, options, index, choose, no="Cancel", on_no=self.hide))

        return row(
            text(options[index], id="android:id/text1", weight=1), id=view_id, cls="android.widget.Spinner", width=FILL,
            pad=edges(12), on_tap=open_list, style=Style(border="outline", corner_dp=4),
        )  # fmt: skip


class ControlsPage(SpinnerMixin):
    """One of each: field, check boxes, radio buttons, star, toggle buttons, spinner."""

    def started(self) -> None:
        self.chosen = {}
        self.words = ""
        self.checks = {"Checkbox 1": False, "Checkbox 2": False}
        self.radio = ""
        self.toggles = {"toggle1": False, "toggle2": False}
        self.star = False

    def view(self) -> View:
        boxes = [
            checkbox(on, partial(self._check, name), text=name, id=view_id)
            for (name, on), view_id in zip(self.checks.items(), ("check1", "check2"), strict=True)
        ]
        radios = [
            radio(self.radio == name, partial(self._pick, name), text=name, id=f"radio{index}")
            for index, name in enumerate(("RadioButton 1", "RadioButton 2"), 1)
        ]
        toggles = row(*(self._toggle(view_id) for view_id in self.toggles), gap=8)
        star = checkbox(self.star, self._star, text="Star", id="star")
        return self.page(
            scroll(
                button("Save", lambda: self.host.toast("Saved"), id="button"),
                button("Save", None, id="button_disabled", enabled=False),
                edit(self.words, self._typed, id="edit", hint="hint text"),
                *boxes, *radios, star, toggles, self.spinner("spinner1", "Planets", PLANETS),
                weight=1, gap=8,
            )
        )  # fmt: skip

    def _typed(self, words: str) -> None:
        self.words = words

    def _check(self, name: str) -> None:
        self.checks[name] = not self.checks[name]

    def _pick(self, name: str) -> None:
        self.radio = name

    def _star(self) -> None:
        self.star = not self.star

    def _toggle(self, view_id: str) -> View:
        on = self.toggles[view_id]

        def flip() -> None:
            self.toggles[view_id] = not on

        words = "ON" if on else "OFF"
        return button(words, flip, id=view_id, cls="android.widget.ToggleButton", checkable=True, checked=on)


class ButtonsPage(DemoPage):
    def started(self) -> None:
        self.on = False

    def view(self) -> View:
        words = "On" if self.on else "Off"
        return self.page(
            button("Normal", lambda: self.host.toast("Normal"), id="button_normal"),
            button("Small", lambda: self.host.toast("Small"), id="button_small", pad=edges(12, 6)),
            button(
                words,
                self._flip,
                id="button_toggle",
                cls="android.widget.ToggleButton",
                checkable=True,
                checked=self.on,
            ),
        )

    def _flip(self) -> None:
        self.on = not self.on


class ProgressPage(DemoPage):
    def started(self) -> None:
        self.levels = [50, 75]

    def view(self) -> View:
        return self.page(
            progress(self.levels[0] / 100, width=FILL, id="progress_horizontal", desc=f"{self.levels[0]} %"),
            *(self._buttons(index, words) for index, words in enumerate(("Default", "Secondary"))),
        )

    def _buttons(self, index: int, words: str) -> View:
        def step(by: int) -> None:
            self.levels[index] = min(100, max(0, self.levels[index] + by))

        suffix = "" if index == 0 else "_secondary"
        return row(
            text(f"{words} progress: {self.levels[index]}", weight=1),
            button("-", lambda: step(-1), id=f"decrease{suffix}"), button("+", lambda: step(1), id=f"increase{suffix}"),
            width=FILL, gap=8, align="center",
        )  # fmt: skip


class RadioGroupPage(DemoPage):
    def started(self) -> None:
        self.meal = "Lunch"

    def view(self) -> View:
        meals = [
            radio(self.meal == meal, partial(self._pick, meal), text=meal, id=meal.split()[0].lower())
            for meal in ("Snack", *MEALS)
        ]
        chosen = f"You have selected: {self.meal or '(none)'}"
        return self.page(*meals, text(chosen, id="choice"), button("Clear", lambda: self._pick(""), id="clear"))

    def _pick(self, meal: str) -> None:
        self.meal = meal


class RatingPage(DemoPage):
    def started(self) -> None:
        self.stars = 2

    def view(self) -> View:
        bar = slider(
            self.stars / 5, self._rate, id="ratingbar1", cls="android.widget.RatingBar", desc=f"{self.stars} of 5 stars"
        )
        return self.page(bar, text(f"Rating: {self.stars}/5", id="rating"))

    def _rate(self, share: float) -> None:
        self.stars = round(share * 5)


class SeekBarPage(DemoPage):
    def started(self) -> None:
        self.level = 50

    def view(self) -> View:
        bar = slider(self.level / 100, self._seek, id="seek")
        return self.page(bar, text(f"{self.level} from touch=true", id="progress"), text("Tracking off", id="tracking"))

    def _seek(self, share: float) -> None:
        self.level = round(share * 100)


class SpinnerPage(SpinnerMixin):
    def started(self) -> None:
        self.chosen = {}

    def view(self) -> View:
        return self.page(
            text("Color:"), self.spinner("spinner1", "Color", COLORS), text("Planet:"),
            self.spinner("spinner2", "Planet", PLANETS),
        )  # fmt: skip


class SwitchesPage(DemoPage):
    def started(self) -> None:
        self.on = {"Standard switch": False, "Default is on": True, "Customized text": False, "Monitored switch": False}

    def view(self) -> View:
        rows = [switch(on, partial(self._flip, name), text=name, key=name, width=FILL) for name, on in self.on.items()]
        return self.page(*rows)

    def _flip(self, name: str) -> None:
        self.on[name] = not self.on[name]
        if name == "Monitored switch":
            self.host.toast(f"Monitored switch is {'on' if self.on[name] else 'off'}")


class TextFieldsPage(DemoPage):
    kinds = (
        ("Regular text", "text"), ("Password", "password"), ("Number", "number"), ("Phone", "phone"),
        ("Email", "email"), ("Several lines", "multiline"),
    )  # fmt: skip

    def started(self) -> None:
        self.values = {name: "" for name, _ in self.kinds}

    def view(self) -> View:
        fields = []
        for name, kind in self.kinds:
            fields.append(edit(self.values[name], partial(self._typed, name), hint=name, input=kind, key=name))
        return self.page(scroll(*fields, weight=1, gap=12))

    def _typed(self, name: str, words: str) -> None:
        self.values[name] = words


class TextSwitcherPage(DemoPage):
    def started(self) -> None:
        self.count = 0

    def view(self) -> View:
        number = text(str(self.count), id="switcher", style=Style(text_sp=36, text_align="center"), width=FILL)
        return self.page(button("Next", self._next, id="next"), number)

    def _next(self) -> None:
        self.count += 1


class VisibilityPage(DemoPage):
    """View B can be seen, hidden or gone."""

    def started(self) -> None:
        self.state = "Vis"

    def view(self) -> View:
        hidden = "" if self.state == "Invis" else "View B"
        second = text(hidden, id="victim", pad=edges(16), width=FILL) if self.state != "Gone" else None
        buttons = [button(words, partial(self._set, words), id=words.lower()) for words in ("Vis", "Invis", "Gone")]
        first, third = (text(words, key=words, pad=edges(16), width=FILL) for words in ("View A", "View C"))
        return self.page(column(first, second, third, width=FILL), row(*buttons, gap=8))

    def _set(self, state: str) -> None:
        self.state = state


class ChronometerPage(DemoPage):
    def started(self) -> None:
        self.since_s: float | None = None
        self.before_s = 0.0
        self._armed = False

    def view(self) -> View:
        seconds = int(self.before_s + (self.host.clock.monotonic_s() - self.since_s if self.since_s is not None else 0))
        if self.since_s is not None and not self._armed:
            self._armed = True
            self.host.after(1.0, self._tick)
        shown = text(
            f"Initial format: {seconds // 60:02d}:{seconds % 60:02d}", id="chronometer", style=Style(text_sp=24)
        )
        return self.page(
            shown, button("Start", self._start, id="start"), button("Stop", self._stop, id="stop"),
            button("Reset", self._reset, id="reset"),
        )  # fmt: skip

    def _tick(self) -> None:
        self._armed = False
        self.host.redraw()

    def _start(self) -> None:
        if self.since_s is None:
            self.since_s = self.host.clock.monotonic_s()

    def _stop(self) -> None:
        if self.since_s is not None:
            self.before_s += self.host.clock.monotonic_s() - self.since_s
            self.since_s = None

    def _reset(self) -> None:
        self.before_s = 0.0
        if self.since_s is not None:
            self.since_s = self.host.clock.monotonic_s()


PAGES: dict[str, type[Page]] = {
    **{f".view.Controls{number}": ControlsPage for number in range(1, 5)},
    ".view.Buttons1": ButtonsPage,
    ".view.ChronometerDemo": ChronometerPage,
    ".view.ProgressBar1": ProgressPage,
    ".view.RadioGroup1": RadioGroupPage,
    ".view.RatingBar1": RatingPage,
    ".view.SeekBar1": SeekBarPage,
    ".view.Spinner1": SpinnerPage,
    ".view.Switches": SwitchesPage,
    ".view.TextFields": TextFieldsPage,
    ".view.TextSwitcher1": TextSwitcherPage,
    ".view.Visibility1": VisibilityPage,
}
