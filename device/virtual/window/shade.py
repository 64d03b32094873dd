"""Status bar, navigation bar, notification shade and quick settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from device.virtual.battery import level_pct
from device.virtual.window.context import Context
from device.virtual.window.notifications import Notifications
from device.virtual.window.surface import SYSTEM_UI, Surface, Swipe
from device.virtual.window.view import (
    FILL,
    Style,
    View,
    button,
    column,
    edges,
    icon_button,
    image,
    list_view,
    row,
    space,
    text,
)


@dataclass(frozen=True, slots=True)
class _Tile:
    """A quick setting: where it is kept and which values mean on and off."""

    name: str
    icon: str
    namespace: str
    key: str
    on: str = "1"
    off: str = "0"


TILES = (
    _Tile("wifi", "wifi", "global", "wifi_on"),
    _Tile("bluetooth", "bluetooth", "global", "bluetooth_on"),
    _Tile("airplane", "airplane", "global", "airplane_mode_on"),
    _Tile("flashlight", "sun", "secure", "flashlight_enabled"),
    _Tile("dark_theme", "moon", "secure", "ui_night_mode", on="2", off="1"),
)

BATTERY_ICONS = {100: "battery", **{pct: f"battery_{pct}" for pct in range(0, 100, 20)}}


class Bars:
    """The two bars that are always there."""

    def __init__(
        self,
        context: Context,
        *,
        back: Callable[[], object],
        home: Callable[[], object],
        recents: Callable[[], object],
        pulled_down: Callable[[], object],
    ) -> None:
        self._context = context
        self._back, self._home, self._recents = back, home, recents
        self._pulled_down = pulled_down

    def clock_words(self) -> str:
        return self._context.local_time().strftime("%H:%M")

    def status(self, notified: int) -> Surface:
        """The status bar; `notified` is how many notifications wait."""
        setting, t = self._context.setting, self._context.t
        airplane = setting("global", "airplane_mode_on") == "1"
        wifi = setting("global", "wifi_on") == "1"
        icons = []
        if airplane:
            icons.append(_bar_icon("airplane", t("airplane_icon"), "airplane"))
        icons.append(_bar_icon("wifi", t("wifi_signal" if wifi else "no_wifi"), "wifi_signal"))
        look = Style(text_sp=13, bold=True)
        view = row(
            text(self.clock_words(), id=f"{SYSTEM_UI}:id/clock", style=look),
            _bar_icon("bell", self._context.t("notifications"), "notification_icon") if notified else None,
            space(),
            *icons,
            *self._battery(),
            id=f"{SYSTEM_UI}:id/status_bar",
            pad=edges(16, 0),
            gap=6,
            align="center",
        )

        def swiped(swipe: Swipe) -> bool:
            if swipe.direction == "down":
                self._pulled_down()
            return swipe.direction == "down"

        return Surface(
            name="StatusBar", kind="status_bar", package=SYSTEM_UI, view=view, place="status", on_swipe=swiped
        )

    def _battery(self) -> list[View]:
        level = level_pct(self._context.store)
        shown = []
        if self._context.setting("system", "status_bar_show_battery_percent") == "1":
            look = Style(text_sp=12, bold=True)
            shown.append(text(f"{level}%", id=f"{SYSTEM_UI}:id/battery_percentage_view", style=look))
        icon = BATTERY_ICONS[min(BATTERY_ICONS, key=lambda pct: abs(pct - level))]
        return [*shown, _bar_icon(icon, self._context.t("battery", level=level), "battery")]

    def navigation(self) -> Surface:
        t = self._context.t
        buttons = (
            ("back", "triangle", t("back"), self._back),
            ("home", "circle", t("home"), self._home),
            ("recent_apps", "recents", t("overview"), self._recents),
        )
        view = row(
            *(
                icon_button(icon, words, _call(act), id=f"{SYSTEM_UI}:id/{name}", weight=1, height=FILL)
                for name, icon, words, act in buttons
            ),
            id=f"{SYSTEM_UI}:id/nav_buttons",
            pad=edges(32, 0),
            align="center",
        )
        return Surface(name="NavigationBar", kind="navigation_bar", package=SYSTEM_UI, view=view, place="navigation")


class Shade:
    """The panel drawn down from the top: quick settings above, notifications below.

    Args:
        tile_changed: told after a quick setting was switched.
    """

    def __init__(self, context: Context, notifications: Notifications, tile_changed: Callable[[], object]) -> None:
        self._context = context
        self._notifications = notifications
        self._tile_changed = tile_changed
        self.open = False
        self._full_settings = False

    def show(self, *, quick_settings: bool = False) -> None:
        self.open, self._full_settings = True, quick_settings
        self._context.changed()

    def hide(self) -> bool:
        """False if it was not open."""
        was, self.open = self.open, False
        self._context.changed()
        return was

    def surface(self) -> Surface | None:
        if not self.open:
            return None
        tiles = [self._tile(tile) for tile in (TILES if self._full_settings else TILES[:4])]
        pairs = [
            row(*tiles[first : first + 2], gap=8, width=FILL, key=f"tiles {first}") for first in range(0, len(tiles), 2)
        ]
        panel = column(*pairs, id=f"{SYSTEM_UI}:id/quick_settings_panel", gap=8, width=FILL)
        look = Style(text_sp=22)
        view = column(
            text(self._context.local_time().strftime("%H:%M"), id=f"{SYSTEM_UI}:id/clock", style=look),
            panel,
            self._list(),
            id=f"{SYSTEM_UI}:id/notification_panel",
            pad=edges(16, 32, 16, 16),
            gap=12,
            width=FILL,
            height=FILL,
            style=Style(background="surface_container"),
        )
        return Surface(
            name="NotificationShade",
            kind="shade",
            package=SYSTEM_UI,
            view=view,
            place="screen",
            modal=True,
            on_back=self.hide,
            on_swipe=self._swiped,
        )

    def _swiped(self, swipe: Swipe) -> bool:
        if swipe.direction == "up":
            return self.hide()
        if swipe.direction == "down":
            self.show(quick_settings=True)
            return True
        for notification in self._notifications.all():
            if f"{notification.package}|{notification.tag}" in swipe.path:
                self._notifications.dismiss(notification)
                return True
        return False

    def _list(self) -> View:
        posted = self._notifications.all()
        t = self._context.t
        if not posted:
            empty = Style(color="on_surface_variant", text_align="center")
            return text(t("no_notifications"), id=f"{SYSTEM_UI}:id/no_notifications", width=FILL, style=empty)
        cards = [self._notifications.card(notification, after=self.hide) for notification in posted]
        clear = button(t("clear_all"), _call(self._notifications.clear), id=f"{SYSTEM_UI}:id/dismiss_text")
        return list_view(
            [*cards, row(space(), clear, width=FILL, key="clear")],
            id=f"{SYSTEM_UI}:id/notification_stack_scroller",
            cls="android.widget.ScrollView",
            gap=8,
            weight=1,
        )

    def _tile(self, tile: _Tile) -> View:
        on = self._context.setting(tile.namespace, tile.key) == tile.on
        t = self._context.t
        words = t("on" if on else "off")
        color = "on_primary" if on else "on_surface"
        return row(
            image(tile.icon, style=Style(icon=tile.icon, color=color, icon_dp=20)),
            column(
                text(t(tile.name), id=f"{SYSTEM_UI}:id/tile_label", style=Style(text_sp=14, color=color, max_lines=1)),
                text(words, id=f"{SYSTEM_UI}:id/app_label", style=Style(text_sp=12, color=color, max_lines=1)),
                weight=1,
            ),
            id=f"{SYSTEM_UI}:id/qs_tile_{tile.name}",
            cls="android.widget.Switch",
            desc=t(tile.name),
            checkable=True,
            checked=on,
            on_tap=lambda: self._switch(tile, not on),
            pad=edges(12),
            gap=12,
            align="center",
            weight=1,
            style=Style(background="primary" if on else "surface_variant", corner_dp=20),
        )

    def _switch(self, tile: _Tile, on: bool) -> None:
        self._context.settings.put(tile.namespace, tile.key, tile.on if on else tile.off)
        if tile.name == "airplane":
            for key in ("wifi_on", "bluetooth_on") if on else ("wifi_on",):
                self._context.settings.put("global", key, "0" if on else "1")
        self._tile_changed()


def _bar_icon(icon: str, desc: str, name: str) -> View:
    return image(icon, desc=desc, id=f"{SYSTEM_UI}:id/{name}", style=Style(icon=icon, icon_dp=14))


def _call(act: Callable[[], object]) -> Callable[[], None]:
    """The same, for a handler: what it returns does not matter."""

    def handler() -> None:
        act()

    return handler
