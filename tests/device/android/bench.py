"""The virtual phone as a `Bench`: a phone with one small app of ours, and an `AndroidDevice` connected to it."""

from __future__ import annotations

from typing import ClassVar

from device.android import adb
from device.android.device import AndroidDevice
from device.clock import Clock
from device.protocol import LockState
from device.virtual.app import App, Page
from device.virtual.apps.launcher import LauncherApp
from device.virtual.apps.settings import SettingsApp
from device.virtual.phone import PhoneConfig, VirtualPhone
from device.virtual.window.view import FILL, View, button, column, edit, list_view, text
from tests.adbserver import AdbServer

APP = "com.example.bench"
OWNERS_KEYBOARD = "com.android.inputmethod.latin/.LatinIME"
NOTE = f"{APP}.note"  # the document the field writes to
SENT = f"{APP}.sent"
TAPS = f"{APP}.taps"


class ListPage(Page):
    def view(self) -> View:
        rows = [text(f"Row {number}", id=f"row{number}", height=64.0, width=FILL) for number in range(40)]
        return column(button("Count", self._count, id="count"), list_view(rows, weight=1), width=FILL, height=FILL)

    def _count(self) -> None:
        self.host.store.change(TAPS, 0, lambda taps: taps + 1)


class FieldPage(Page):
    def view(self) -> View:
        words = self.host.store.document(NOTE, "")
        return column(edit(words, self._typed, id="note", on_enter=self._sent), width=FILL, height=FILL)

    def resumed(self) -> None:
        self.host.focus("note")

    def _typed(self, words: str) -> None:
        self.host.store.put(NOTE, words)

    def _sent(self) -> None:
        self.host.store.change(SENT, 0, lambda sent: sent + 1)


class SecurePage(Page):
    secure = True

    def view(self) -> View:
        return column(text("4711", id="pin"), width=FILL, height=FILL)


class BenchApp(App):
    package = APP
    main = ".List"
    pages: ClassVar = {".List": ListPage, ".Field": FieldPage, ".Secure": SecurePage}
    strings: ClassVar = {"en": {"app_name": "Bench"}}


class AndroidBench:
    """A virtual phone on the private adb server. `close()` ends both."""

    app = APP

    def __init__(self, server: AdbServer, *, config: PhoneConfig | None = None, clock: Clock | None = None) -> None:
        self.server = server
        self.phone = VirtualPhone(config, clock=clock, apps=(LauncherApp, SettingsApp, BenchApp))
        self.port = self.phone.start()
        self.serial = f"127.0.0.1:{self.port}"
        self._clock = clock
        self._devices: list[AndroidDevice] = []
        self._downs: list[str] = []
        self._watch_fingers()
        self.device = self.connect()

    def connect(self) -> AndroidDevice:
        device = AndroidDevice(adb.server(self.server.port), self.serial, clock=self._clock)
        self._devices.append(device)
        return device

    def close(self) -> None:
        for device in self._devices:
            device.close()
        self.server.disconnect(self.serial)
        self.phone.stop()

    # -- the Bench protocol

    def show_list(self) -> None:
        self.phone.windows.start(APP, ".List")
        self._downs.clear()

    def show_field(self) -> None:
        self.phone.store.put(NOTE, "")
        self.phone.windows.start(APP, ".Field")

    def field_text(self) -> str:
        return str(self.phone.store.document(NOTE, ""))

    def entered(self) -> int:
        return int(self.phone.store.document(SENT, 0))

    def touched(self) -> int:
        return len(self._downs)

    def turn(self, rotation: int) -> None:
        self.phone.windows.rotate(rotation)

    def switch(self, *, on: bool, lock: LockState = "unlocked") -> None:
        if lock == "secure":
            self.phone.faults.pin_lock("4711")
        if on:
            self.phone.windows.wake()
        else:
            self.phone.windows.sleep()

    def show_secure(self) -> None:
        self.phone.windows.start(APP, ".Secure")

    def empty_next(self, times: int) -> None:
        self.phone.rpc_faults.empty_hierarchy(times)

    # -- what only a virtual phone can

    def tapped(self) -> int:
        return int(self.phone.store.document(TAPS, 0))

    def keyboard(self) -> str | None:
        return self.phone.settings.get("secure", "default_input_method")

    def keyboards_enabled(self) -> list[str]:
        return (self.phone.settings.get("secure", "enabled_input_methods") or "").split(":")

    def kill(self) -> None:
        """The phone dies; `revive` brings it back on the same port."""
        assert self.phone._serving is not None
        self.phone._serving.kill()

    def revive(self) -> None:
        assert self.phone._serving is not None
        self.phone._serving.revive()

    def _watch_fingers(self) -> None:
        windows = self.phone.windows
        pointer = windows.pointer

        def watched(phase: str, *args: object, **kwargs: object) -> bool:
            if phase == "down":
                self._downs.append(phase)
            return bool(pointer(phase, *args, **kwargs))  # type: ignore[arg-type]

        windows.pointer = watched  # type: ignore[method-assign,assignment]
