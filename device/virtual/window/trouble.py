"""What can go wrong on the screen, on demand: dialogs, calls, a slow or hidden screen.

`device.virtual.faults` is its front. Its methods are those of the window system: under the phone's lock, any thread.
"""

from __future__ import annotations

from collections.abc import Callable

from device.virtual.window.app_code import AppCode, AppError, Log
from device.virtual.window.context import Context
from device.virtual.window.drift import Drift
from device.virtual.window.locking import Locked, locked
from device.virtual.window.screen import Parts, ScreenBuilder


class Trouble:
    """The faults of one phone's screen, and what became of apps that failed by themselves."""

    def __init__(
        self, system: Locked, context: Context, code: AppCode, parts: Parts, screen: ScreenBuilder, *, log: Log
    ) -> None:
        self.lock = system.lock
        self.advance = system.advance
        self._context = context
        self._code = code
        self._parts = parts
        self._screen = screen
        self._log = log

    @locked
    def front_package(self) -> str:
        """The package whose page is in front, whatever lies over it."""
        return self._parts.stack.front_package

    @locked
    def ask_permission(self, package: str, permission: str, then: Callable[[bool], None] | None = None) -> None:
        """The system's permission dialog, in a package's name."""
        self._parts.dialogs.ask_permission(package, permission, then or (lambda allowed: None))

    @locked
    def promote(self, package: str) -> None:
        """An app's own "rate us" pop-up."""
        self._parts.dialogs.promote(package)

    @locked
    def crash(self, package: str) -> None:
        """An app's process dies; a dialog says so."""
        self.app_failed(package, "java.lang.RuntimeException: a fault that was asked for")

    def app_failed(self, package: str, trace: str) -> None:
        """What Android does about an uncaught exception in an app. Called under the lock."""
        pid = self._context.packages.process(package) or 0
        message = f"FATAL EXCEPTION: main\nProcess: {package}, PID: {pid}\n{trace}"
        self._log("AndroidRuntime", message, "E", pid=pid)
        self._parts.stack.crash(package)
        self._parts.dialogs.crashed(package)

    @property
    @locked
    def last_app_error(self) -> AppError | None:
        """What an app's own code raised last, and was ended for."""
        return self._code.last_error

    @property
    @locked
    def strict(self) -> bool:
        """Whether errors of apps reach the caller instead: for tests of apps, which would not see them otherwise."""
        return self._code.strict

    @strict.setter
    def strict(self, on: bool) -> None:
        with self.lock:
            self._code.strict = on

    @locked
    def not_responding(self, package: str) -> None:
        """A dialog says that an app hangs."""
        self._log("ActivityManager", f"ANR in {package}")
        self._parts.dialogs.not_responding(package)

    @locked
    def ring(self, name: str, number: str, *, for_s: float = 30.0) -> bool:
        """A call comes in and rings for at most `for_s` seconds; False if the line is busy."""
        return self._parts.calls.ring(name, number, for_s=for_s)

    @locked
    def end_call(self) -> bool:
        """The caller hangs up; False if there is no call."""
        return self._parts.calls.end()

    @locked
    def slow(self, seconds: float) -> None:
        """Each change is seen only this much later; 0 ends it."""
        self._screen.slow_s = seconds

    @locked
    def server(self, package: str, up: bool) -> None:
        """What an app asks its server for fails from now on, or no longer. For apps that have one (`apps.remote`)."""
        name = f"{package}.server"
        if up:
            self._context.store.remove(name)
        else:
            self._context.store.put(name, "down")

    @locked
    def set_pin(self, pin: str | None) -> None:
        """Sets a PIN and locks the phone; None takes the PIN away."""
        self._parts.lock.pin = pin
        if pin is not None:
            self._parts.lock.lock()

    @locked
    def force_secure(self, on: bool) -> None:
        """Marks every app window secure, or only those whose page says so."""
        self._screen.secure = on
        self._context.changed()

    @locked
    def drift(self, drift: Drift | None) -> None:
        """How apps' windows differ from what their pages say."""
        self._screen.drift = drift
        self._context.changed()
