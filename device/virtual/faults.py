"""Faults on demand: what goes wrong on a real phone, asked for by name.

From Python: `phone.faults.crash()`; from a shell: `cmd vphone crash`, which comes to `command`. Faults of the
connection belong to the serving layer, which hands in what carries them out.
"""

from __future__ import annotations

from collections.abc import Callable

from device.virtual.fault_commands import FaultUnavailable, run
from device.virtual.window.drift import Drift
from device.virtual.window.system import WindowSystem

__all__ = ["FaultUnavailable", "Faults"]


class Faults:
    """The faults of one phone. Each takes effect at once and may be called from any thread.

    Args:
        rpc: runs the words after `cmd vphone rpc`: faults of the uiautomator2 server.
    """

    def __init__(self, windows: WindowSystem, rpc: Callable[[list[str]], str]) -> None:
        self._windows = windows
        self._rpc = rpc
        self.on_drop_transport: Callable[[], None] | None = None  # set by the serving layer
        self.on_kill_process: Callable[[], None] | None = None

    def permission_dialog(self, permission: str, package: str | None = None) -> None:
        """The system asks for a permission in an app's name (the one in front if none is named)."""
        self._windows.trouble.ask_permission(self._package(package), permission)

    def popup(self, package: str | None = None) -> None:
        """The app in front asks to be rated."""
        self._windows.trouble.promote(self._package(package))

    def crash(self, package: str | None = None) -> None:
        """An app's process dies, and Android says so."""
        self._windows.trouble.crash(self._package(package))

    def not_responding(self, package: str | None = None) -> None:
        """Android says that an app hangs."""
        self._windows.trouble.not_responding(self._package(package))

    def incoming_call(self, name: str = "Mallory", number: str = "+1 555 0199", *, for_s: float = 30.0) -> bool:
        """The phone rings for at most `for_s` seconds; False if the line is busy."""
        return self._windows.trouble.ring(name, number, for_s=for_s)

    def end_call(self) -> bool:
        """The caller hangs up; False if there is no call."""
        return self._windows.trouble.end_call()

    def slow(self, seconds: float) -> None:
        """From now on each change is seen only this much later; 0 ends it."""
        self._windows.trouble.slow(seconds)

    def server(self, up: bool, package: str | None = None) -> None:
        """The server of an app fails (or no longer): mail, shop and food show that something went wrong."""
        self._windows.trouble.server(self._package(package), up)

    def screen_off(self) -> None:
        self._windows.sleep()

    def pin_lock(self, pin: str | None) -> None:
        """Sets a PIN and locks the phone now; None takes the PIN away and leaves the phone as it is."""
        self._windows.trouble.set_pin(pin)

    def secure(self, on: bool = True) -> None:
        """Every app window hides itself from pictures and screen readers."""
        self._windows.trouble.force_secure(on)

    def drift(self, drift: Drift | None) -> None:
        """The apps look as after an update; None as before it."""
        self._windows.trouble.drift(drift)

    def drop_transport(self) -> None:
        """Cuts the connection to adb.

        Raises:
            FaultUnavailable: the phone serves nobody.
        """
        _carry_out(self.on_drop_transport, "drop_transport")

    def kill_process(self) -> None:
        """Ends the whole phone at once, as pulling its battery would.

        Raises:
            FaultUnavailable: it does not run as a program of its own.
        """
        _carry_out(self.on_kill_process, "kill_process")

    def rpc(self, words: list[str]) -> str:
        """A fault of the uiautomator2 server, by words.

        Raises:
            ValueError: no such fault; the message says what there is.
        """
        return self._rpc(words)

    def command(self, argv: list[str]) -> str:
        """Runs one fault by words, as `cmd vphone ...` gives them; the answer is text and ends in a line break.

        Raises:
            ValueError: unknown words, or a fault that is not to be had; the message says what there is.
        """
        return run(self, argv)

    def _package(self, package: str | None) -> str:
        return self._windows.trouble.front_package() if package is None else package


def _carry_out(action: Callable[[], None] | None, name: str) -> None:
    if action is None:
        raise FaultUnavailable(f"{name}: the phone is not served; call VirtualPhone.start() first")
    action()
