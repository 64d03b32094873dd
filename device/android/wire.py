"""The way to one phone through the adb server, with the running call's time limit on every socket.

`Server` is an adbutils client of one adb server at an explicit port, `Wire` an adbutils device of exactly one serial:
uiautomator2 is handed a `Wire`, so that everything it sends goes to that serial, whatever the environment says.
Beside what adbutils does, a shell command can be sent first and its answer collected later (`fire`), and `opened`
counts the services opened on the phone: while it stands still, nothing has reached the phone.

Nothing here starts an adb server (that is `adb.start`) and nothing sleeps.
"""

from __future__ import annotations

import contextlib
import shlex
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import adbutils
from adbutils._adb import AdbConnection
from adbutils.errors import AdbConnectionError, AdbInstallError, AdbTimeout

from device.android.deadline import DeadlineSocket

_COMMAND_MAX_BYTES = 0xFFFF  # the adb protocol's length field
_CONNECT_S = 3.0
_APK_ON_PHONE = "/data/local/tmp/mobimem.apk"


class Connection(AdbConnection):  # type: ignore[misc]
    """One connection to the adb server. Starts no server and closes without a pause."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        super().__init__(host, port)

    def _safe_connect(self) -> socket.socket:
        sock = DeadlineSocket()
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(_CONNECT_S)
            sock.connect(self._address)
            sock.settimeout(None)
        except TimeoutError as error:
            sock.close()
            raise AdbTimeout(f"no answer from the adb server at {self._address[0]}:{self._address[1]}") from error
        except OSError as error:
            sock.close()
            raise AdbConnectionError(f"no adb server at {self._address[0]}:{self._address[1]}: {error}") from error
        return sock

    def send_command(self, cmd: str) -> None:
        data = cmd.encode()
        if len(data) > _COMMAND_MAX_BYTES:
            raise ValueError(f"adb takes commands of up to {_COMMAND_MAX_BYTES} bytes, not {len(data)}")
        self.conn.sendall(f"{len(data):04x}".encode() + data)

    def close(self) -> None:
        if self.closed:
            return
        sock: socket.socket = self.conn
        self._AdbConnection__conn = None  # adbutils' own field: `closed` and `conn` read it
        with contextlib.suppress(OSError):  # the other end was first
            sock.shutdown(socket.SHUT_RDWR)  # wakes a thread that reads from it
        sock.close()


class Server(adbutils.AdbClient):  # type: ignore[misc]
    """The adb server at one host and port, both explicit."""

    def make_connection(self, timeout: float | None = None) -> Connection:
        connection = Connection(self.host, self.port)
        if timeout:
            connection.conn.settimeout(timeout)
        return connection


class Pending:
    """A shell command on its way; its answer waits until it is collected or cancelled."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def collect(self) -> str:
        """Everything the command printed; returns when it has ended."""
        try:
            self._connection.check_okay()
            return _read_all(self._connection).decode(errors="replace")
        finally:
            self._connection.close()

    def cancel(self) -> None:
        self._connection.close()


class Wire(adbutils.AdbDevice):  # type: ignore[misc]
    """One phone by its serial."""

    def __init__(self, server: Server, serial: str) -> None:
        super().__init__(server, serial=serial)
        self.opened = 0

    def open_transport(self, command: str | None = None, timeout: float | None = None) -> Connection:
        """A connection the server has switched to this phone; `command` asks the server about it instead."""
        connection: Connection = self._client.make_connection(timeout)
        try:
            if command:
                connection.send_command(f"host-serial:{self._serial}:{command}")
                connection.check_okay()
            else:
                connection.send_command(f"host:tport:serial:{self._serial}")
                connection.check_okay()
                connection.read_exact(8)  # the transport's number
        except BaseException:
            connection.close()
            raise
        return connection

    def open_shell(self, cmdargs: str | Sequence[str]) -> Connection:
        command = cmdargs if isinstance(cmdargs, str) else " ".join(map(shlex.quote, cmdargs))
        connection = self._start_shell(command)
        try:
            connection.check_okay()
        except BaseException:
            connection.close()
            raise
        return connection

    def create_connection(self, network: Any, address: int | str) -> socket.socket:
        sock: DeadlineSocket = super().create_connection(network, address)
        sock.gather()
        self.opened += 1
        return sock

    def fire(self, command: str) -> Pending:
        """Sends a shell command and returns at once; the phone works on it while the caller does something else."""
        return Pending(self._start_shell(command))

    def run(self, command: str) -> str:
        """What a shell command prints, errors included."""
        return self.fire(command).collect()

    def run_bytes(self, command: str) -> bytes:
        connection = self.open_shell(command)
        try:
            return _read_all(connection)
        finally:
            connection.close()

    def install(self, path_or_url: str | Path, *_args: Any, **_kwargs: Any) -> None:
        """Installs an APK that lies on this computer. adbutils' own way prints; this one does not.

        Raises:
            AdbInstallError: the phone refused it.
        """
        self.sync.push(Path(path_or_url).read_bytes(), _APK_ON_PHONE)
        answer = self.run(f"pm install -r -t {_APK_ON_PHONE} 2>&1; rm -f {_APK_ON_PHONE}")
        if "Success" not in answer:
            raise AdbInstallError(answer.strip() or "Failure [no answer]")

    def _start_shell(self, command: str) -> Connection:
        connection = self.open_transport()
        try:
            connection.send_command("shell:" + command)
        except BaseException:
            connection.close()
            raise
        self.opened += 1
        return connection


def _read_all(connection: Connection) -> bytes:
    data = bytearray()
    while chunk := connection.conn.recv(65536):
        data += chunk
    return bytes(data)
