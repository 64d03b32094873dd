"""The overview of apps used lately: a card per task; tapping one brings it to the front."""

from __future__ import annotations

from collections.abc import Callable

from device.virtual.window.context import Context
from device.virtual.window.stack import HOME_PACKAGE, Stack
from device.virtual.window.surface import Surface
from device.virtual.window.view import FILL, Style, View, button, column, edges, image, row, scroll, text

ACTIVITY = "com.android.quickstep.RecentsActivity"


class Recents:
    """The overview of one phone.

    Args:
        stop: ends a package, for "clear all".
    """

    def __init__(self, context: Context, stack: Stack, stop: Callable[[str], object]) -> None:
        self._context = context
        self._stack = stack
        self._stop = stop
        self.open = False

    def show(self) -> None:
        self.open = True
        self._context.changed()

    def hide(self) -> bool:
        """False if it was not open."""
        was, self.open = self.open, False
        self._context.changed()
        return was

    def surface(self) -> Surface | None:
        if not self.open:
            return None
        ids = f"{HOME_PACKAGE}:id/"
        packages = [package for package, _ in self._stack.tasks() if package != HOME_PACKAGE]
        if packages:
            cards = [self._card(package) for package in packages]
            body: View = scroll(*cards, id=f"{ids}overview_panel", gap=12, weight=1)
            clear = button(self._context.t("clear_all"), self._clear, id=f"{ids}clear_all")
        else:
            body = text(self._context.t("no_recents"), id=f"{ids}empty", width=FILL, style=Style(text_align="center"))
            clear = None
        look = Style(background="surface_container")
        view = column(body, clear, pad=edges(24), gap=12, align="center", width=FILL, height=FILL, style=look)
        return Surface(
            name="Recents",
            kind="app",
            package=HOME_PACKAGE,
            activity=ACTIVITY,
            view=view,
            place="page",
            on_back=self.hide,
        )

    def _card(self, package: str) -> View:
        label = self._context.label(package)
        disc = Style(
            icon=self._context.icon(package), icon_dp=24, background="primary", color="on_primary", corner_dp=20
        )
        bar = row(
            image(disc.icon, id=f"{HOME_PACKAGE}:id/icon", desc=label, width=40.0, height=40.0, style=disc),
            text(label, id=f"{HOME_PACKAGE}:id/task_name", weight=1, style=Style(text_sp=18, bold=True, max_lines=1)),
            gap=12,
            align="center",
            width=FILL,
        )
        faint = Style(icon=disc.icon, icon_dp=56, color="outline_variant")
        return column(
            bar,
            image(disc.icon, width=FILL, weight=1, style=faint),
            id=f"{HOME_PACKAGE}:id/snapshot",
            key=package,
            cls="android.widget.FrameLayout",
            desc=label,
            on_tap=lambda: self._choose(package),
            pad=edges(16),
            gap=8,
            width=FILL,
            height=200.0,
            style=Style(background="surface", corner_dp=24, elevation_dp=2),
        )

    def _choose(self, package: str) -> None:
        self.hide()
        self._stack.to_front(package)

    def _clear(self) -> None:
        for package, _ in self._stack.tasks():
            if package != HOME_PACKAGE:
                self._stop(package)
        self.hide()
        self._stack.home()
