"""A phone while it is connected: its wire, uiautomator2, keyboard - and connecting again when the way broke.

`call` is the frame of every call: one at a time, one time limit, foreign errors translated. Inside it, `look` does what
changes nothing on the phone and repeats it once after connecting again; `act` does what may change something and
repeats it only if nothing had reached the phone.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from device.android import adb, journal
from device.android.deadline import remaining_s, within
from device.android.keyboard import Keyboard, put_back
from device.android.status import STATUS_COMMAND, Status, parse_status
from device.android.translate import translated
from device.android.u2 import Automator
from device.android.wire import Server, Wire
from device.clock import Clock
from device.errors import (
    AdbUnavailable,
    DeviceGone,
    DeviceOffline,
    DeviceTimeout,
    Reconnect,
    Unauthorized,
)
from device.protocol import DeviceInfo

log = logging.getLogger(__name__)

T = TypeVar("T")

CONNECT_S = 45.0  # uiautomator2 gives its server 30 s to start; its jar may have to be pushed over Wi-Fi first
_POLL_S = 0.2
_PROPERTIES = ("ro.product.model", "ro.build.version.release", "ro.hardware", "ro.kernel.qemu", "ro.boot.qemu")
_HELLO_COMMAND = "; ".join(f"getprop {name}" for name in _PROPERTIES)
VIRTUAL_HARDWARE = "vphone"  # device.virtual.shell.commands.props


class Session:
    """Connects on construction.

    Raises:
        DeviceGone, DeviceOffline, Unauthorized, AdbUnavailable, AutomationTaken, DeviceTimeout: no connection.
    """

    def __init__(self, server: Server, serial: str, clock: Clock, *, timeout_s: float = CONNECT_S) -> None:
        self.serial = serial
        self.clock = clock
        self.wire = Wire(server, serial)
        self._server = server
        self._lock = threading.RLock()
        self.closed = False
        with self.call(timeout_s):
            adb.start(server)
            self._reach(patient=False)
            self.info = self._translated(self._hello)
            self.automator = self._translated(lambda: Automator(self.wire))
        self.keyboard = Keyboard(self.wire, self.automator, clock)

    @contextmanager
    def call(self, timeout_s: float) -> Iterator[None]:
        """One call at a time, over after `timeout_s`.

        Raises:
            DeviceTimeout: another thread's call did not end in time; nothing was sent.
        """
        if self.closed:
            raise DeviceGone("this device object was closed", next_step="Open the device again.", serial=self.serial)
        if not self._lock.acquire(timeout=timeout_s):
            raise DeviceTimeout(
                "another call on this device has not ended yet; nothing was sent",
                next_step="Try again.",
                serial=self.serial,
            )
        try:
            with within(timeout_s):
                yield
        except TimeoutError as error:
            raise DeviceTimeout("no answer within the time limit", serial=self.serial) from error
        finally:
            self._lock.release()

    @property
    def busy(self) -> bool:
        """Whether another thread is in a call right now."""
        if self._lock.acquire(blocking=False):
            self._lock.release()
            return False
        return True

    def look(self, do: Callable[[], T]) -> T:
        """Runs what changes nothing; once more after connecting again if the way had broken."""
        try:
            return self._translated(do)
        except (DeviceGone, DeviceOffline, AdbUnavailable, DeviceTimeout) as error:
            if isinstance(error.__cause__, TimeoutError):
                raise
            self._recover(error)
            return self._translated(do)

    def act(self, do: Callable[[], T]) -> T:
        """Runs what may change something; once more only if nothing of it had reached the phone."""
        mark = self.wire.opened
        try:
            return self._translated(do, sent=lambda: self.wire.opened > mark)
        except (DeviceGone, DeviceOffline, AdbUnavailable) as error:
            if self.wire.opened > mark:
                raise
            self._recover(error)
            return self._translated(do, sent=lambda: self.wire.opened > mark)

    def status(self) -> Status:
        """What the phone says of itself now; for use inside `look`."""
        return parse_status(self.wire.run(STATUS_COMMAND))

    def restore(self, *, timeout_s: float = 10.0) -> None:
        if self.closed:
            return
        with self.call(timeout_s):
            self.look(self.keyboard.restore)

    def close(self, *, timeout_s: float = 10.0) -> None:
        """Restores, then stops what was started. A phone that cannot be reached is restored by the next connection."""
        if self.closed:
            return
        try:
            with self.call(timeout_s):
                self._translated(self.keyboard.restore)
        except Reconnect as error:
            log.warning("%s: not restored now, but with the next connection: %s", self.serial, error.cause)
        finally:
            self.closed = True
            if self.automator.started_here:
                self.automator.stop_uiautomator(wait=False)

    def _translated(self, do: Callable[[], T], sent: Callable[[], bool] = lambda: False) -> T:
        with translated(self.serial, lambda: adb.state_of(self._server, self.serial), sent=sent):
            return do()

    def _hello(self) -> DeviceInfo:
        answer = self.wire.run(f"{_HELLO_COMMAND}; {journal.KEYBOARD_COMMAND}")
        lines = answer.split("\n", len(_PROPERTIES))
        model, release, hardware, *emulated = (line.strip() for line in lines[: len(_PROPERTIES)])
        if put_back(self.wire, lines[-1]):
            log.info("%s: put back what an earlier session had left", self.serial)
        virtual = hardware == VIRTUAL_HARDWARE or "1" in emulated
        return DeviceInfo(self.serial, "android", model, release, virtual)

    def _recover(self, error: Reconnect) -> None:
        log.warning("%s: lost (%s), connecting again", self.serial, error.cause)
        try:
            adb.start(self._server)
            self._reach(patient=True)
        except (TimeoutError, DeviceTimeout):
            raise error from error.__cause__  # not back in time: what was wrong at first is what is wrong
        log.info("%s: back", self.serial)

    def _reach(self, *, patient: bool) -> None:
        """Returns once adb lists the device as ready.

        Args:
            patient: keep trying until the running call's limit; otherwise one attempt per way.
        """
        tried_to_connect = False
        while True:
            remaining_s()
            state = adb.state_of(self._server, self.serial)
            if state == "device":
                return
            if state in ("unauthorized", "authorizing"):
                raise Unauthorized("the phone has not allowed this computer", serial=self.serial)
            if adb.is_address(self.serial) and (patient or not tried_to_connect):
                tried_to_connect = True
                self._connect_address(state, patient=patient)
                continue
            if not patient:
                raise _absent(state, self.serial)
            time.sleep(_POLL_S)

    def _connect_address(self, state: str | None, *, patient: bool) -> None:
        if state is not None:
            adb.disconnect(self._server, self.serial)
        try:
            adb.connect(self._server, self.serial)
        except DeviceGone:
            if not patient:
                raise
            time.sleep(_POLL_S)


def _absent(state: str | None, serial: str) -> Reconnect:
    if state is None:
        return DeviceGone("adb lists no such device", serial=serial)
    if state == "no permissions":
        return AdbUnavailable(
            "this user may not open the USB device",
            next_step="Install Android's udev rules (`apt install android-sdk-platform-tools-common`) and replug.",
            serial=serial,
        )
    return DeviceOffline(f"adb lists it as {state}", serial=serial)
