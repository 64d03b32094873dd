"""What one app sees of the phone: the `Host` protocol over the parts of the window system.

What an app hands over to be called later runs through `AppCode`, like all of its code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from device.virtual.window.app_code import AppCode
from device.virtual.window.context import Context
from device.virtual.window.dialogs import Dialogs
from device.virtual.window.keyboard import Keyboard
from device.virtual.window.notifications import Notifications
from device.virtual.window.stack import Stack


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that apps reach through their host; `focus` gets a package and a field's short id."""

    context: Context
    code: AppCode
    stack: Stack
    notifications: Notifications
    dialogs: Dialogs
    keyboard: Keyboard
    start: Callable[[str, str | None, dict[str, Any]], bool]
    focus: Callable[[str, str], None]


class AppHost:
    """The phone as one package sees it."""

    def __init__(self, package: str, services: Services) -> None:
        context = services.context
        self.package = package
        self.store = context.store
        self.settings = context.settings
        self.clock = context.clock
        self._context = context
        self._services = services

    @property
    def dark(self) -> bool:
        return self._context.prefs.dark

    @dark.setter
    def dark(self, on: bool) -> None:
        self.settings.put("secure", "ui_night_mode", "2" if on else "1")

    @property
    def locale(self) -> str:
        return self._context.prefs.locale

    def local_time(self) -> datetime:
        return self._context.local_time()

    def open(self, activity: str, **extras: Any) -> None:
        self._services.stack.open(self.package, activity, extras)

    def start(self, package: str, activity: str | None = None, **extras: Any) -> bool:
        return self._services.start(package, activity, extras)

    def launchable(self) -> list[tuple[str, str, str]]:
        found = [
            (package.name, self._context.label(package.name), package.app.icon)
            for package in self._context.packages.installed()
            if package.app is not None and package.app.in_launcher
        ]
        return sorted(found, key=lambda entry: entry[1].casefold())

    def close(self) -> None:
        self._services.stack.close(self.package)

    def toast(self, words: str, *, long: bool = False) -> None:
        self._services.notifications.toast(words, self.package, long=long)

    def notify(self, title: str, words: str, *, tag: str = "", on_tap: Callable[[], None] | None = None) -> None:
        guarded = None if on_tap is None else lambda: self._run(on_tap)
        self._services.notifications.post(self.package, title, words, tag=tag, on_tap=guarded)

    def cancel_notification(self, tag: str) -> None:
        self._services.notifications.cancel(self.package, tag)

    def granted(self, permission: str) -> bool:
        return self._context.packages.granted(self.package, permission) is True

    def request(self, permission: str, then: Callable[[bool], None]) -> None:
        answered = self._context.packages.granted(self.package, permission)
        if answered is None:
            self._services.dialogs.ask_permission(
                self.package, permission, lambda allowed: self._run(lambda: then(allowed))
            )
        else:
            then(answered)
            self._context.changed()

    def after(self, delay_s: float, then: Callable[[], None]) -> None:
        def later() -> None:
            self._run(then)
            self._context.changed()

        owner = self._services.stack.owner(self.package)
        self._context.timers.call_at(self._context.now_s() + delay_s, later, owner=owner)

    def focus(self, view_id: str) -> None:
        self._services.focus(self.package, view_id)

    def hide_keyboard(self) -> None:
        self._services.keyboard.close()

    def redraw(self) -> None:
        self._context.changed()

    def _run(self, act: Callable[[], object]) -> None:
        self._services.code.run(self.package, act)
