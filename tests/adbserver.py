"""A private, real adb server for tests: adbutils' own program on a free port, with a home of its own.

Importing this module picks the port and points `ANDROID_ADB_SERVER_PORT` at it, because adbutils reads that variable
when it is imported: no test can reach the user's server on 5037, even by mistake. Import it before adbutils. The server
itself starts with the first test that asks for the `adb_server` fixture, once per (xdist) process, and ends with it.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from device.free_port import free_port

COMMAND_TIMEOUT_S = 30.0
POLL_S = 0.01

T = TypeVar("T")

PORT = free_port()
os.environ["ANDROID_ADB_SERVER_PORT"] = str(PORT)
os.environ["ANDROID_ADB_SERVER_HOST"] = "127.0.0.1"
os.environ.pop("ANDROID_SERIAL", None)
os.environ.pop("ADB_SERVER_SOCKET", None)

from device.android.adb import bundled_program  # noqa: E402 - after the port is set: it imports adbutils
from device.android.own_server import OwnAdbServer  # noqa: E402


class AdbServer(OwnAdbServer):
    """An adb server of the tests' own, with the adb that comes with adbutils, and its command line beside it."""

    def __init__(self, home: Path, port: int = PORT) -> None:
        super().__init__(port, bundled_program(), home=home)

    def __enter__(self) -> AdbServer:
        self.start()
        return self

    def adb(self, *arguments: str, serial: str | None = None, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Runs the adb command-line program against this server."""
        device = ["-s", serial] if serial else []
        command = [str(self.program), "-P", str(self.port), *device, *arguments]
        return subprocess.run(
            command, env=self.environment, input=stdin, capture_output=True, timeout=COMMAND_TIMEOUT_S, check=False
        )

    def connect(self, phone_port: int) -> str:
        """Connects a phone; its serial."""
        serial = f"127.0.0.1:{phone_port}"
        said = self.adb("connect", serial).stdout.decode()
        assert f"connected to {serial}" in said, said
        return serial

    @contextmanager
    def connected(self, phone_port: int) -> Iterator[str]:
        """A phone, connected and ready while inside; its serial."""
        serial = self.connect(phone_port)
        self.wait_for_state(serial, "device")
        try:
            yield serial
        finally:
            self.disconnect(serial)

    def disconnect(self, serial: str) -> None:
        self.adb("disconnect", serial)

    def state(self, serial: str) -> str:
        """What `adb devices` says of one phone: "device", "offline", …; "" if it does not list it."""
        for line in self.adb("devices").stdout.decode().splitlines():
            name, _, state = line.partition("\t")
            if name == serial:
                return state
        return ""

    def wait_for_state(self, serial: str, *states: str, timeout_s: float = 20.0) -> str:
        """Waits until the phone is in one of the states; which one."""
        return wait_until(lambda: next((s for s in states if s == self.state(serial)), None), timeout_s=timeout_s)


def wait_until(look: Callable[[], T | None], *, timeout_s: float = 10.0) -> T:
    """Looks again and again until there is something; what it is."""
    deadline_s = time.monotonic() + timeout_s
    while True:
        found = look()
        if found is not None and found is not False:
            return found
        assert time.monotonic() < deadline_s, f"nothing within {timeout_s} s"
        time.sleep(POLL_S)


@pytest.fixture(scope="session")
def adb_server() -> Iterator[AdbServer]:
    """The process's adb server. Phones that a test connects are that test's to disconnect."""
    with tempfile.TemporaryDirectory(prefix="adb-home-") as home, AdbServer(Path(home)) as server:
        yield server
