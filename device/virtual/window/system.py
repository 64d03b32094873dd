"""The window system of one virtual phone: everything a client can do to the screen, and the frame that results.

The parts live beside this file (stack, keyboard, shade, lock, dialogs, …) and know little of each other; here they are
put together. Time is lazy: what is due by the phone's clock (timers, long presses, toasts) happens at the next call.
Every public method takes the phone's lock and may be called from any thread; app code runs under it, on the caller's
thread. What an app's code raises ends that app, as on Android (`app_code`), and never reaches the caller.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from device.actions import Size
from device.clock import Clock
from device.protocol import LockState
from device.virtual.state import StateStore, SystemSettings
from device.virtual.window import keys
from device.virtual.window.app_code import AppCode, Log, no_log
from device.virtual.window.call import Calls
from device.virtual.window.compose import Compositor, find
from device.virtual.window.context import Context, Packages
from device.virtual.window.dialogs import Dialogs
from device.virtual.window.frame import Box, Frame, Window
from device.virtual.window.gestures import Contact, Phase
from device.virtual.window.host import AppHost, Services
from device.virtual.window.keyboard import Keyboard
from device.virtual.window.keypress import KeyPresses
from device.virtual.window.layout import Path, TextMeasure
from device.virtual.window.lock import Lock
from device.virtual.window.locking import locked
from device.virtual.window.navigation import Navigation
from device.virtual.window.notifications import Notification, Notifications
from device.virtual.window.recents import Recents
from device.virtual.window.screen import Parts, ScreenBuilder
from device.virtual.window.shade import Bars, Shade
from device.virtual.window.stack import Stack
from device.virtual.window.timers import Timers
from device.virtual.window.touch import TouchRouter
from device.virtual.window.trouble import Trouble


class WindowSystem:
    """The screen of one phone.

    Args:
        lock: the phone's lock; made here if none is given.
        hardware_touch: receives every contact of the owner's own hand.
        log: receives what Android would log.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        store: StateStore,
        settings: SystemSettings,
        packages: Packages,
        measure: TextMeasure,
        size: Size,
        density_dpi: int = 420,
        locale: str = "en",
        pin: str | None = None,
        time_zone: str = "UTC",
        lock: threading.RLock | None = None,
        hardware_touch: Callable[[Contact], None] | None = None,
        log: Log | None = None,
    ) -> None:
        self.lock = lock or threading.RLock()
        self._log: Log = log or no_log
        self._hardware_touch = hardware_touch or (lambda contact: None)
        self._context = Context(
            clock=clock,
            store=store,
            settings=settings,
            packages=packages,
            size=size,
            density_dpi=density_dpi,
            locale=locale,
            time_zone=time_zone,
        )
        self._code = AppCode(self._app_failed)
        self._measure = measure
        self._advancing = False
        self._boot(pin)

    def _boot(self, pin: str | None, before: ScreenBuilder | None = None) -> None:
        """Makes every part anew and shows the launcher."""
        self._compositor = Compositor(self._measure)
        self._screen = ScreenBuilder(self._context, self._code, self._compositor, self._measure, before)
        self._touches = TouchRouter(self._context, self._compositor, self._screen)
        self._assemble(pin)
        self.trouble = Trouble(self, self._context, self._code, self._parts, self._screen, log=self._log)
        self._minute = ""
        self._seen_rotation = self._context.prefs.rotation
        self._parts.stack.home()

    def _assemble(self, pin: str | None) -> None:
        context, editing = self._context, self._screen.editing
        stack = Stack(
            context, self._code, lambda package: AppHost(package, self._services), self._ended, self._screen.closed
        )
        notifications = Notifications(context, lambda package: self._navigation.start(package, None, {}))
        lock = Lock(context, notifications, pin, opened=context.changed)
        self._parts = Parts(
            stack=stack,
            recents=Recents(context, stack, stack.stop),
            dialogs=Dialogs(
                context,
                restart=lambda package: self._navigation.start(package, None, {}),
                stop=stack.stop,
                toast=notifications.toast,
            ),
            calls=Calls(context, ringing=lock.wake),
            lock=lock,
            notifications=notifications,
            shade=Shade(context, notifications, tile_changed=context.changed),
            keyboard=Keyboard(context, typed=editing.insert, deleted=editing.delete, entered=editing.enter),
        )
        self._navigation = Navigation(context, self._parts, self._screen, self._touches)
        self._bars = Bars(
            context,
            back=self._navigation.back,
            home=self._navigation.home,
            recents=self._navigation.recents,
            pulled_down=self._navigation.open_shade,
        )
        self._screen.install(self._parts, self._bars)
        self._keys = KeyPresses(context, self._parts, self._screen, self._navigation, self._touches)
        self._services = Services(
            context=context,
            code=self._code,
            stack=stack,
            notifications=notifications,
            dialogs=self._parts.dialogs,
            keyboard=self._parts.keyboard,
            start=self._navigation.start,
            focus=self._screen.focus_field,
        )

    def advance(self) -> None:
        """Does what is due by now. Called before every public method; never needed from outside."""
        with self.lock:
            if self._advancing:
                return
            self._advancing = True
            try:
                self._parts.stack.reap()
                self._context.timers.run_due(self._context.now_s())
                self._touches.tick()
                minute = self._bars.clock_words()
                if minute != self._minute:
                    self._minute = minute
                    self._context.changed()
                if self._context.prefs.rotation != self._seen_rotation:
                    self._seen_rotation = self._context.prefs.rotation
                    self._touches.cancel()
            finally:
                self._advancing = False

    # ---- looking

    @locked
    def frame(self) -> Frame:
        """What is on the screen. The same object until something changes."""
        return self._screen.shown()

    @locked
    def invalidate(self) -> None:
        """Asks every page for a new view."""
        self._context.changed()

    @locked
    def current(self) -> tuple[str, str, int]:
        """(package, full activity, pid) of the activity in front; ("", "", 0) if there is none."""
        return self._navigation.current()

    @locked
    def tasks(self) -> list[tuple[str, str]]:
        """(package, front activity) of each task, front first; home is one of them."""
        return self._parts.stack.tasks()

    @locked
    def focused(self) -> Box | None:
        """The field that typed text goes to."""
        return self._screen.editing.focused()

    @property
    @locked
    def keyboard_shown(self) -> bool:
        """Whether a keyboard takes part of the screen."""
        return self._screen.keyboard_shown()

    @property
    @locked
    def keyboard(self) -> str:
        """The input method in use, e.g. "com.github.uiautomator/.AdbKeyboard"."""
        return self._context.prefs.keyboard

    # ---- touching

    @locked
    def pointer(self, phase: Phase, x: float, y: float, *, pointer: int = 0, hardware: bool = False) -> bool:
        """One contact of a finger. `hardware` marks the owner's own hand. True if a window took it."""
        contact = Contact(phase, x, y, pointer, self._context.now_s())
        if hardware:
            self._hardware_touch(contact)
        return self._parts.lock.screen_on and self._touches.feed(contact)

    @locked
    def tap_box(self, window: Window, box: Box) -> bool:
        """Taps the middle of what is seen of a box; False if nothing of it is."""
        if box.visible.empty:
            return False
        x, y = box.visible.center
        return self.pointer("down", x, y) and self.pointer("up", x, y)

    @locked
    def scroll_by(self, window_name: str, path: Path, dx_px: int, dy_px: int) -> int:
        """Scrolls one view further by so many px (positive: towards its end); returns how far it moved."""
        for window in self._screen.live().windows:
            if window.name == window_name:
                box = find(window, path)
                if box is not None:
                    by_px = dx_px if box.view.kind == "hscroll" else dy_px
                    return self._touches.scroll_by(window_name, box, by_px)
        return 0

    # ---- keys and text

    @locked
    def key(self, name: str, *, long: bool = False) -> bool:
        """Presses a key by Android's name ("home", "KEYCODE_DEL", "a"); False if there is no such key."""
        code = keys.code(name)
        return code is not None and self._keys.press(code, long=long)

    @locked
    def key_code(self, code: int, *, long: bool = False) -> bool:
        return self._keys.press(code, long=long)

    @locked
    def type_text(self, text: str) -> bool:
        """Types at the caret of the focused field, as a keyboard does; False if there is none."""
        return self._screen.editing.insert(text)

    @locked
    def set_text(self, path: Path, window: str, text: str) -> bool:
        """Focuses a field and replaces its text; False if there is no such field."""
        found = next((one for one in self._screen.live().windows if one.name == window), None)
        return found is not None and self._screen.editing.replace(found, path, text)

    @locked
    def clear_text(self) -> bool:
        """Empties the focused field; False if there is none."""
        return self._screen.editing.clear()

    @locked
    def hide_keyboard(self) -> bool:
        """False if it was not shown."""
        return self._parts.keyboard.close()

    @locked
    def paste(self) -> bool:
        """The clipboard's text at the caret; False if there is no field or nothing to paste."""
        return self._keys.paste()

    @property
    def clipboard(self) -> str | None:
        return self._keys.clipboard

    @clipboard.setter
    def clipboard(self, text: str | None) -> None:
        with self.lock:
            self._keys.clipboard = text

    # ---- apps

    @locked
    def start(self, package: str, activity: str | None = None, **extras: Any) -> bool:
        """Brings an app to the front: as its icon does, or at one activity. False if there is no such."""
        started = self._navigation.start(package, activity, extras)
        if started:
            self._log("ActivityTaskManager", f"START u0 {{cmp={package}/{self.current()[1]}}}")
        return started

    @locked
    def force_stop(self, package: str) -> bool:
        """Ends an app; if it was in front the launcher is. False if it did not run."""
        return self._parts.stack.stop(package)

    @locked
    def home(self) -> None:
        self._navigation.home()

    @locked
    def back(self) -> None:
        self._navigation.back()

    @locked
    def recents(self) -> None:
        self._navigation.recents()

    def _app_failed(self, package: str, trace: str) -> None:
        self.trouble.app_failed(package, trace)

    def _ended(self, package: str) -> None:
        self._log("ActivityManager", f"Process {package} has died")
        self._parts.notifications.cancel(package)
        self._parts.dialogs.forget(package)

    # ---- toasts, notifications, shade

    @locked
    def toast(self, words: str, package: str = "android", long: bool = False) -> None:
        self._parts.notifications.toast(words, package, long=long)

    @locked
    def last_toast(self) -> str | None:
        """The words of the last toast since `clear_last_toast`."""
        return self._parts.notifications.last_toast

    @locked
    def clear_last_toast(self) -> None:
        self._parts.notifications.last_toast = None

    @locked
    def notify(
        self, package: str, title: str, words: str, *, tag: str = "", on_tap: Callable[[], None] | None = None
    ) -> None:
        """Posts a notification in a package's name, in place of one with the same tag."""
        self._parts.notifications.post(package, title, words, tag=tag, on_tap=on_tap)

    @locked
    def cancel(self, package: str, tag: str | None = None) -> None:
        """Takes one notification of a package back, or all."""
        self._parts.notifications.cancel(package, tag)

    @locked
    def notifications(self) -> list[Notification]:
        """Newest first."""
        return self._parts.notifications.all()

    @locked
    def open_shade(self, quick_settings: bool = False) -> bool:
        """Opens the notification shade; a phone that is off or locked keeps it shut."""
        return self._navigation.open_shade(quick_settings=quick_settings)

    @locked
    def close_shade(self) -> bool:
        """False if it was not open."""
        return self._parts.shade.hide()

    # ---- screen

    @locked
    def reboot(self) -> None:
        """Ends every process and comes up at the launcher, locked if there is a PIN. Size and faults stay."""
        pin = self._parts.lock.pin
        self._context.packages.kill_all()
        self._context.timers = Timers()
        self._context.changed()
        self._boot(pin, self._screen)
        if pin is not None:
            self._parts.lock.lock()

    @property
    @locked
    def screen_on(self) -> bool:
        return self._parts.lock.screen_on

    @property
    @locked
    def lock_state(self) -> LockState:
        return self._parts.lock.state

    @locked
    def wake(self) -> bool:
        """Turns the screen on; False if it was."""
        return self._navigation.wake()

    @locked
    def sleep(self) -> bool:
        """Turns the screen off, which locks the phone; False if it was off."""
        return self._navigation.sleep()

    @property
    @locked
    def rotation(self) -> int:
        """In quarter turns counter-clockwise, 0..3."""
        return self._context.prefs.rotation

    @property
    @locked
    def size(self) -> Size:
        """The screen as it is held now."""
        return self._context.size

    @property
    def natural_size(self) -> Size:
        """The screen at rotation 0."""
        return self._context.natural_size

    @property
    def density_dpi(self) -> int:
        return self._context.density_dpi

    @locked
    def rotate(self, quarter_turns: int) -> None:
        """Holds the screen at a rotation, whatever the sensor says."""
        settings = self._context.settings
        settings.put("system", "accelerometer_rotation", "0")
        settings.put("system", "user_rotation", str(quarter_turns % 4))
        self.advance()

    @locked
    def freeze_rotation(self, frozen: bool) -> None:
        """Keeps the rotation as it is, or lets the sensor decide, which says 0."""
        if frozen:
            self.rotate(self._context.prefs.rotation)
        else:
            self._context.settings.put("system", "accelerometer_rotation", "1")
            self._context.settings.put("system", "user_rotation", "0")

    @locked
    def resize(self, size: Size, density_dpi: int | None = None) -> None:
        """Gives the screen another size (as held at rotation 0) and density. Pages stay alive."""
        self._context.natural_size = size
        if density_dpi is not None:
            self._context.density_dpi = density_dpi
        self._touches.cancel()
        self._context.changed()

    @property
    @locked
    def locale(self) -> str:
        return self._context.prefs.locale

    @locked
    def set_locale(self, locale: str) -> None:
        self._context.settings.put("system", "system_locales", locale)

    @locked
    def set_dark(self, on: bool) -> None:
        self._context.settings.put("secure", "ui_night_mode", "2" if on else "1")
