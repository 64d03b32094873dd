"""Settings: the first page with its search, and the page that shows the rows of any screen."""

from __future__ import annotations

from typing import ClassVar, assert_never

from device.virtual.apps import kit
from device.virtual.apps.dialogs import DialogPage, choice
from device.virtual.apps.searching import Searching
from device.virtual.apps.settings import screens
from device.virtual.apps.settings.screens import Choice, Item, Link, Screen, Section, Slider, Switch
from device.virtual.window.view import FILL, Style, View, column, edges, image, row, slider, text


class SettingsPage(DialogPage):
    """What all pages of this app have in common: the bar with an arrow, and summaries."""

    def bar(self, title: str) -> View:
        return kit.app_bar(title, up=self.host.close, up_desc=self.t("up"))

    def summary(self, key: str) -> str:
        """What stands below a title; nothing if the app has no words for it."""
        name = f"{key}_summary"
        return self.t(name) if name in self.app.strings["en"] else ""

    def link(self, key: str, icon: str, activity: str, summary: str) -> View:
        return kit.list_row(
            self.t(key),
            summary,
            key=f"{key}_row",
            leading=image(icon, id="android:id/icon", style=Style(icon=icon, color=kit.QUIET)),
            on_tap=lambda: self.host.open(activity),
        )


class MainPage(Searching, SettingsPage):
    """The list of all areas; typing in the search field looks through everything below them."""

    title = "app_name"

    def view(self) -> View:
        search = self.search_bar("search_action_bar")
        return kit.screen(kit.app_bar(self.t("app_name")), search, self._list())

    def _list(self) -> View:
        wanted = self.query.strip().casefold()
        if not wanted:
            return kit.recycler(
                [self.link(one.key, one.icon, one.activity, self.summary(one.key)) for one in screens.TOP]
            )
        hits = [
            self.link(key, icon, activity, self.t(parent) if parent else "")
            for key, icon, parent, activity in screens.searchable()
            if wanted in self.t(key).casefold()
        ]
        return kit.recycler(hits) if hits else kit.empty_state("search", self.t("nothing_found", query=self.query))


class ItemsPage(SettingsPage):
    """Shows a `Screen`: each row reads its setting when it is drawn and writes it when it is touched."""

    screen: ClassVar[Screen]

    def view(self) -> View:
        rows = [self._row(item) for item in self.screen.items]
        return kit.screen(self.bar(self.t(self.screen.title)), kit.recycler(rows))

    def _row(self, item: Item) -> View:
        match item:
            case Link():
                return self.link(item.key, item.icon, item.activity, self.summary(item.key))
            case Switch():
                return self._switch(item)
            case Slider():
                return self._slider(item)
            case Choice():
                return self._choice(item)
            case Section():
                return kit.section(self.t(item.key))
            case _:
                assert_never(item)

    def _switch(self, item: Switch) -> View:
        value = self.host.settings.get(item.namespace, item.setting) or item.default
        on = value != item.off
        blocked = item.needs_radio and self.host.settings.get("global", "airplane_mode_on") == "1"
        words = self.t("airplane_blocks") if blocked else self.summary(item.key) or self.t("on" if on else "off")

        def toggle() -> None:
            self.host.settings.put(item.namespace, item.setting, item.off if on else item.on)
            if item.setting == "airplane_mode_on":
                self._radios(on)

        return kit.switch_row(
            self.t(item.key), words, on, toggle, key=f"{item.key}_row", icon=item.icon, enabled=not blocked
        )

    def _radios(self, on: bool) -> None:
        """Airplane mode silences Wi-Fi and Bluetooth; afterwards only Wi-Fi comes back by itself."""
        for setting in ("wifi_on",) if on else ("wifi_on", "bluetooth_on"):
            self.host.settings.put("global", setting, "1" if on else "0")

    def _slider(self, item: Slider) -> View:
        span = item.largest - item.smallest
        value = _whole(self.host.settings.get(item.namespace, item.setting), item.default)
        share = min(1.0, max(0.0, (value - item.smallest) / span))

        def changed(new: float) -> None:
            self.host.settings.put(item.namespace, item.setting, str(item.smallest + round(new * span)))

        title = self.t(item.key)
        bar = slider(share, changed, id="seekbar", desc=title)
        level = text(f"{share:.0%}", id="android:id/summary", style=Style(text_sp=14, color=kit.QUIET))
        head = row(
            text(title, id="android:id/title", weight=1, style=Style(text_sp=16)), level, width=FILL, align="center"
        )
        icon = image(item.icon, id="android:id/icon", style=Style(icon=item.icon, color=kit.QUIET))
        body = column(head, bar, weight=1, gap=4)
        return row(icon, body, key=f"{item.key}_row", width=FILL, pad=edges(16, 12), gap=16, align="center")

    def _choice(self, item: Choice) -> View:
        value = self.host.settings.get(item.namespace, item.setting) or item.default
        names = dict(item.options)
        words = self.t(names[value]) if value in names else value
        icon = image(item.icon, id="android:id/icon", style=Style(icon=item.icon, color=kit.QUIET))
        return kit.list_row(
            self.t(item.key), words, key=f"{item.key}_row", leading=icon, on_tap=lambda: self._choose(item)
        )

    def _choose(self, item: Choice) -> None:
        values = [value for value, _ in item.options]
        current = self.host.settings.get(item.namespace, item.setting) or item.default

        def chosen(index: int) -> None:
            self.hide()
            self.host.settings.put(item.namespace, item.setting, values[index])

        options = [self.t(words) for _, words in item.options]
        index = values.index(current) if current in values else -1
        self.show(lambda: choice(self.t(item.key), options, index, chosen, no=self.t("cancel"), on_no=self.hide))


def _whole(value: str | None, default: int) -> int:
    """A setting as a number; another program may have written anything into it."""
    try:
        return round(float(value)) if value is not None else default
    except ValueError:
        return default
