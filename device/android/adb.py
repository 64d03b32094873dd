"""The adb program and its server: finding, starting, listing, connecting.

Which adb: $ADBUTILS_ADB_PATH, then `adb` on the PATH, then the one that comes with adbutils. Which port: the one given,
then $ANDROID_ADB_SERVER_PORT as it is now (not as it was at import), then 5037. A server that runs already is used as
it is; one is started only when none answers, and it is never killed here: other programs may use it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Literal, get_args

from adbutils.errors import AdbConnectionError, AdbError

from device.android.deadline import remaining_s, within
from device.android.wire import Server
from device.errors import AdbUnavailable, DeviceGone, DeviceTimeout

DEFAULT_PORT = 5037
SERVER_VERSION_MIN = 41  # 1.0.41, platform tools 28.0.2 of 2019: the oldest that knows `tport:serial:`
_START_S = 20.0
_POLL_S = 0.1

State = Literal[
    "device", "offline", "unauthorized", "authorizing", "connecting", "recovery", "bootloader", "sideload", "rescue",
    "no permissions", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of `adb devices -l`. `said` is adb's own word where `state` is "other"."""

    serial: str
    state: State
    model: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """An adb program. `version` is adb's protocol version ("1.0.41"), `release` the platform tools' ("36.0.0")."""

    path: Path
    version: str
    release: str


def server(port: int | None = None, *, env: Mapping[str, str] | None = None) -> Server:
    """A client of the adb server at `port`; None asks the environment, then takes 5037. Nothing is contacted.

    Raises:
        AdbUnavailable: the environment names something that is no port.
    """
    env = os.environ if env is None else env
    host = env.get("ANDROID_ADB_SERVER_HOST") or "127.0.0.1"
    if port is None:
        text = env.get("ANDROID_ADB_SERVER_PORT") or str(DEFAULT_PORT)
        if not text.isdigit() or not 0 < int(text) < 65536:
            raise AdbUnavailable(
                f"ANDROID_ADB_SERVER_PORT is {text!r}, which is no port", next_step="Unset it, or set a number."
            )
        port = int(text)
    if not 0 < port < 65536:
        raise AdbUnavailable(f"{port} is no port of an adb server", next_step="Give a port from 1 to 65535.")
    return Server(host=host, port=port)


def find_program(env: Mapping[str, str] | None = None) -> Path:
    """Where the adb program lies.

    Raises:
        AdbUnavailable: there is none.
    """
    env = os.environ if env is None else env
    if named := env.get("ADBUTILS_ADB_PATH"):
        if not Path(named).is_file():
            raise AdbUnavailable(
                f"ADBUTILS_ADB_PATH names {named}, which is no file", next_step="Unset it, or name an adb program."
            )
        return Path(named)
    if found := shutil.which("adb", path=env.get("PATH")):
        return Path(found)
    bundled = bundled_program()
    if bundled.is_file() and os.access(bundled, os.X_OK):
        return bundled
    raise AdbUnavailable(
        "no adb program: neither $ADBUTILS_ADB_PATH, nor the PATH, nor adbutils has one",
        next_step="Install Android's platform tools, e.g. `apt install adb` or `brew install android-platform-tools`.",
    )


def bundled_program() -> Path:
    """Where the adb lies that comes with adbutils; it may be missing on this platform."""
    return Path(str(resources.files("adbutils"))) / "binaries" / ("adb.exe" if os.name == "nt" else "adb")


def program(path: Path, *, timeout_s: float = 10.0) -> Program:
    """Asks an adb program for its versions.

    Raises:
        AdbUnavailable: it does not run.
    """
    try:
        done = subprocess.run(
            [str(path), "version"], capture_output=True, text=True, timeout=timeout_s, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AdbUnavailable(f"{path} does not run: {error}") from error
    version = re.search(r"version (\d+\.\d+\.\d+)", done.stdout)
    release = re.search(r"(?m)^Version (\S+?)(?:-\d+)?$", done.stdout)
    if version is None:
        raise AdbUnavailable(f"{path} is no adb: it answers {(done.stdout + done.stderr)[:200]!r}")
    return Program(path, version[1], release[1] if release else "")


def start(at: Server, *, timeout_s: float = _START_S, env: Mapping[str, str] | None = None) -> int:
    """Makes sure the server answers, starting it if need be; returns its version (41 is 1.0.41).

    Raises:
        AdbUnavailable: it cannot be started or does not speak adb; the message says why.
    """
    try:
        with within(timeout_s):
            return _version(at)
    except AdbConnectionError:
        pass  # nobody listens there: start one
    except (AdbError, OSError, ValueError) as error:
        remaining_s()
        raise AdbUnavailable(f"what answers at {at.host}:{at.port} is no adb server: {error}") from error
    if at.host not in ("127.0.0.1", "localhost", "::1"):
        raise AdbUnavailable(
            f"no adb server answers at {at.host}:{at.port}", next_step="Start it there: `adb -a start-server`."
        )
    _launch(at.port, timeout_s, os.environ if env is None else env)
    with _told("the adb server was started but does not answer"), within(timeout_s):
        return _version(at)


def devices(at: Server, *, timeout_s: float = 5.0) -> tuple[Listed, ...]:
    """What the server lists, whatever state it is in.

    Raises:
        AdbUnavailable: the server does not answer.
    """
    with _told("the adb server does not answer"), within(timeout_s), at.make_connection() as connection:
        connection.send_command("host:devices-l")
        connection.check_okay()
        return parse_devices(connection.read_string_block())


def parse_devices(text: str) -> tuple[Listed, ...]:
    """Reads what `adb devices -l` prints, without its heading."""
    found = []
    for line in text.splitlines():
        match = re.match(r"(\S+)\s+(no permissions|\S+)(.*)$", line)
        if match is None or line.startswith("List of devices"):
            continue
        model = re.search(r"\bmodel:(\S+)", match[3])
        known = match[2] in get_args(State)
        state: State = match[2] if known else "other"  # type: ignore[assignment]
        found.append(Listed(match[1], state, (model[1] if model else "").replace("_", " "), match[2]))
    return tuple(found)


def state_of(at: Server, serial: str, *, timeout_s: float = 5.0) -> State | None:
    """How adb sees one device; None if it does not list it."""
    return next((listed.state for listed in devices(at, timeout_s=timeout_s) if listed.serial == serial), None)


def is_address(serial: str) -> bool:
    """Whether a serial is a `host:port` that `adb connect` takes."""
    return re.fullmatch(r"(?:[\w.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}", serial) is not None


def connect(at: Server, address: str, *, timeout_s: float = 10.0) -> None:
    """`adb connect host:port`; returns when the device is listed as ready, unauthorized or authorizing.

    Raises:
        DeviceGone: nobody answers there; DeviceTimeout: no answer in time.
    """
    until = time.monotonic() + timeout_s
    try:
        with within(timeout_s), at.make_connection() as connection:
            connection.send_command("host:connect:" + address)
            connection.check_okay()
            answer = connection.read_string_block().strip()
    except AdbConnectionError as error:
        raise AdbUnavailable(str(error), serial=address) from error
    except (AdbError, TimeoutError) as error:
        raise DeviceTimeout(f"`adb connect {address}` did not answer within {timeout_s:g} s", serial=address) from error
    if not answer.startswith(("connected to", "already connected to", "failed to authenticate")):
        raise DeviceGone(f"nobody answers at this address: {answer}", serial=address)
    while state_of(at, address) in ("offline", "connecting") and time.monotonic() < until:
        time.sleep(_POLL_S)


def disconnect(at: Server, address: str, *, timeout_s: float = 5.0) -> None:
    """`adb disconnect host:port`; nothing happens if it is not connected."""
    with _told("the adb server does not answer"), within(timeout_s), at.make_connection() as connection:
        connection.send_command("host:disconnect:" + address)
        try:
            connection.check_okay()
            connection.read_string_block()
        except AdbError as error:
            if "no such device" not in str(error):
                raise


def _version(at: Server) -> int:
    with at.make_connection() as connection:
        connection.send_command("host:version")
        connection.check_okay()
        version = int(connection.read_string_block(), 16)
    if version < SERVER_VERSION_MIN:
        raise AdbUnavailable(
            f"the adb server at port {at.port} is version 1.0.{version}; 1.0.{SERVER_VERSION_MIN} or later is needed",
            next_step="Update Android's platform tools, then run `adb kill-server`.",
        )
    return version


def _launch(port: int, timeout_s: float, env: Mapping[str, str]) -> None:
    path = find_program(env)
    with tempfile.TemporaryFile() as said:  # a pipe would be kept open by the server
        try:
            subprocess.run(
                [str(path), "-P", str(port), "start-server"],
                stdin=subprocess.DEVNULL, stdout=said, stderr=said, timeout=timeout_s, check=True, env=dict(env),
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError) as error:
            said.seek(0)
            words = said.read().decode(errors="replace")
            raise _cannot_start(path, words, error, env) from error


def _cannot_start(path: Path, words: str, error: Exception, env: Mapping[str, str]) -> AdbUnavailable:
    if "mkdir" in words or "HOME" in words or "Permission denied" in words:
        return AdbUnavailable(
            f"{path} cannot write its key to {env.get('HOME', '$HOME')}/.android",
            next_step="Set HOME to a folder you can write to, then try again.",
        )
    reason = " ".join(words.split()) or str(error)
    return AdbUnavailable(f"{path} cannot start its server: {reason[:300]}")


@contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except (AdbError, OSError, ValueError) as error:
        remaining_s()  # the caller's own limit being over says nothing about the server
        raise AdbUnavailable(f"{what}: {error}") from error
