"""A private, real adb server for tests: adbutils' own program on a free port, with a home of its own.

Importing this module picks the port and points `ANDROID_ADB_SERVER_PORT` at it, because adbutils reads that variable
when it is imported: no test can reach the user's server on 5037, even by mistake. Import it before adbutils. The server
itself starts with the first test that asks for the `adb_server` fixture, once per (xdist) process, and ends with it.
"""

from __future__ import annotations

import contextlib
import os
import random
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

import pytest

READY_TIMEOUT_S = 15.0
STOP_TIMEOUT_S = 5.0
COMMAND_TIMEOUT_S = 30.0
POLL_S = 0.01

# Runs "$0" "$@" until the standard input ends, which it does at the latest when this process dies.
_UNTIL_STDIN_CLOSES = '"$0" "$@" & server=$!; read _; kill $server; wait $server'

T = TypeVar("T")

# The server looks for no phone by itself, so it takes none away from another server. Without the USB scan it also
# starts in 0.1 s instead of 3 s where libusb does not work (in a container); measured with adb 36.0.0.
ISOLATED = {
    "ADB_USB": "0",
    "ADB_EMU": "0",
    "ADB_LOCAL_TRANSPORT_MAX_PORT": "5553",  # instead of 5585: the odd ports from 5555 are left alone
    "ADB_MDNS": "0",
    "ADB_MDNS_AUTO_CONNECT": "0",
}


def _free_port() -> int:
    """A free port, below those that outgoing connections are given: it is still free when the server starts."""
    while True:
        port = random.SystemRandom().randrange(16384, 32768)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


PORT = _free_port()
os.environ["ANDROID_ADB_SERVER_PORT"] = str(PORT)
os.environ["ANDROID_ADB_SERVER_HOST"] = "127.0.0.1"
os.environ.pop("ANDROID_SERIAL", None)
os.environ.pop("ADB_SERVER_SOCKET", None)


def adb_program() -> Path:
    """The adb that comes with adbutils. Found without importing it: adbutils reads the environment on import."""
    spec = find_spec("adbutils")
    assert spec is not None and spec.origin is not None, "install adbutils: pip install -e '.[dev]'"
    return Path(spec.origin).parent / "binaries" / "adb"


class AdbServer:
    """One adb server, ended through the process we started and nothing else; also when this program is killed.

    Args:
        home: a folder it may write to; adb keeps its keys there.
    """

    def __init__(self, home: Path, port: int = PORT) -> None:
        self.port = port
        self._home = home
        self._log = home / "adb-server.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """For programs that shall use this server, and for the server itself."""
        return {
            **os.environ,
            "HOME": str(self._home),
            "ANDROID_ADB_SERVER_PORT": str(self.port),
            **ISOLATED,
            "ADBUTILS_ADB_PATH": str(adb_program()),
        }

    def start(self) -> None:
        """Returns when the server answers."""
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                ["sh", "-c", _UNTIL_STDIN_CLOSES, str(adb_program()), "-P", str(self.port), "nodaemon", "server"],
                env=self.environment, stdin=subprocess.PIPE, stdout=log, stderr=log,
            )  # fmt: skip
        deadline_s = time.monotonic() + READY_TIMEOUT_S
        while not self._answers():
            if time.monotonic() > deadline_s:
                self.stop()
                raise RuntimeError(f"the adb server did not start:\n{self._log.read_text(errors='replace')[-2000:]}")
            time.sleep(POLL_S)

    def stop(self) -> None:
        """Ends the server and waits for it. Safe to call twice."""
        if self._process is None:
            return
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(STOP_TIMEOUT_S)
        self._process = None

    def __enter__(self) -> AdbServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def adb(self, *arguments: str, serial: str | None = None, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Runs the adb command-line program against this server."""
        device = ["-s", serial] if serial else []
        command = [str(adb_program()), "-P", str(self.port), *device, *arguments]
        return subprocess.run(
            command, env=self.environment, input=stdin, capture_output=True, timeout=COMMAND_TIMEOUT_S, check=False
        )

    def connect(self, phone_port: int) -> str:
        """Connects a phone; its serial."""
        serial = f"127.0.0.1:{phone_port}"
        said = self.adb("connect", serial).stdout.decode()
        assert f"connected to {serial}" in said, said
        return serial

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

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1.0) as asking:
                asking.sendall(b"000chost:version")
                return asking.recv(4) == b"OKAY"
        except OSError:
            return False


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
