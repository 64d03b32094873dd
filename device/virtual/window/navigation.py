"""Back, home, overview, power: what the system's own buttons do across all windows."""

from __future__ import annotations

from typing import Any

from device.virtual.window import call, dialogs, recents
from device.virtual.window.context import Context
from device.virtual.window.screen import Parts, ScreenBuilder
from device.virtual.window.stack import HOME_PACKAGE
from device.virtual.window.touch import TouchRouter


class Navigation:
    """The system's buttons of one phone."""

    def __init__(self, context: Context, parts: Parts, screen: ScreenBuilder, touches: TouchRouter) -> None:
        self._context = context
        self._parts = parts
        self._screen = screen
        self._touches = touches

    def current(self) -> tuple[str, str, int]:
        """(package, full activity, pid) of the activity in front; ("", "", 0) if there is none."""
        stack, packages = self._parts.stack, self._context.packages
        found: tuple[str, str] | None = None
        if self._parts.calls.current is not None:
            found = call.PACKAGE, call.ACTIVITY
        elif self._parts.recents.open:
            found = HOME_PACKAGE, recents.ACTIVITY
        elif self._parts.dialogs.asks_permission(stack.front_package):
            found = dialogs.PERMISSION_PACKAGE, dialogs.PERMISSION_ACTIVITY
        elif stack.front is not None:
            found = stack.front_package, stack.front.name
        if found is None:
            return "", "", 0
        return *found, packages.process(found[0]) or packages.spawn(found[0])

    def back(self) -> None:
        """Hides the keyboard, else closes what is uppermost."""
        parts = self._parts
        if not parts.lock.screen_on:
            return
        if self._screen.keyboard_shown() and parts.keyboard.close():
            return
        window = self._screen.active()
        surface = None if window is None else self._screen.surface(window.name)
        if surface is not None and surface.on_back is not None and surface.on_back():
            self._context.changed()
            return
        parts.stack.back()

    def home(self) -> None:
        """Shows the launcher; a locked phone stays locked."""
        parts = self._parts
        if parts.lock.screen_on and parts.lock.state == "unlocked":
            self._leave_overlays()
            parts.stack.home()

    def recents(self) -> None:
        """Opens the overview, or closes it."""
        parts = self._parts
        if not parts.lock.screen_on or parts.lock.state != "unlocked":
            return
        was_open = parts.recents.open
        self._leave_overlays()
        if not was_open:
            parts.recents.show()

    def start(self, package: str, activity: str | None, extras: dict[str, Any]) -> bool:
        """Brings an app to the front; False if there is no such app or page."""
        started = self._parts.stack.start(package, activity, extras)
        if started:
            self._parts.recents.hide()
        return started

    def sleep(self) -> bool:
        """Turns the screen off, which locks the phone; False if it was off."""
        self._touches.cancel()
        self._leave_overlays()
        return self._parts.lock.sleep()

    def wake(self) -> bool:
        return self._parts.lock.wake()

    def open_shade(self, *, quick_settings: bool = False) -> bool:
        """False on a phone that is off or locked: the shade stays shut."""
        lock = self._parts.lock
        if not lock.screen_on or lock.state != "unlocked":
            return False
        self._parts.notifications.hide_heads_up()
        self._parts.keyboard.close()
        self._parts.shade.show(quick_settings=quick_settings)
        return True

    def _leave_overlays(self) -> None:
        self._parts.shade.hide()
        self._parts.recents.hide()
        self._parts.keyboard.close()
