"""An adb server of our own, on a free port and with a home of its own: for the demo, evaluations and tests.

It ends with `stop()`, and also when this program is killed: a small shell beside it waits for the end of its own input.
It looks for no phone by itself (no USB, no emulators, no mDNS), so it takes none away from the owner's server and never
touches port 5037. The program is the real adb.
"""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

from device.android.adb import find_program
from device.errors import AdbUnavailable
from device.free_port import free_port

READY_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 5.0
_POLL_S = 0.01

# Runs "$0" "$@" until the standard input ends, which it does at the latest when this process dies.
_UNTIL_INPUT_ENDS = '"$0" "$@" & server=$!; read _; kill $server; wait $server'

# Without the USB scan the server also starts in 0.1 s instead of 3 s where libusb does not work (in a container);
# measured with adb 36.0.0. 5553 instead of 5585: the odd ports from 5555 are left alone.
ISOLATED = {
    "ADB_USB": "0",
    "ADB_EMU": "0",
    "ADB_LOCAL_TRANSPORT_MAX_PORT": "5553",
    "ADB_MDNS": "0",
    "ADB_MDNS_AUTO_CONNECT": "0",
}


class OwnAdbServer:
    """One adb server, run as a child. Use as a context manager, or `start()` and `stop()`.

    Args:
        port: where it listens on 127.0.0.1; None picks a free one.
        program: the adb program; None finds one as `adb.find_program` does.
        home: a folder it may write to, for its keys and log; None takes a temporary one.
    """

    def __init__(self, port: int | None = None, program: Path | None = None, *, home: Path | None = None) -> None:
        self.port = port if port is not None else free_port()
        self.program = program or find_program()
        self._given_home = home
        self._home: tempfile.TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """For programs that shall use this server, and for the server itself."""
        return {
            **os.environ,
            "HOME": str(self._folder()),
            "ANDROID_ADB_SERVER_PORT": str(self.port),
            **ISOLATED,
            "ADBUTILS_ADB_PATH": str(self.program),
        }

    def start(self) -> None:
        """Returns when the server answers.

        Raises:
            AdbUnavailable: it ended or did not answer in time; the message holds what it said last.
        """
        log = self._folder() / "server.log"
        with log.open("wb") as said:
            self._process = subprocess.Popen(
                ["sh", "-c", _UNTIL_INPUT_ENDS, str(self.program), "-P", str(self.port), "nodaemon", "server"],
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=said,
            )
        deadline_s = time.monotonic() + READY_TIMEOUT_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline_s:
                words = log.read_text(errors="replace")[-300:]
                self.stop()
                raise AdbUnavailable(f"our own adb server did not start at port {self.port}: {words}")
            time.sleep(_POLL_S)

    def stop(self) -> None:
        """Ends the server's process and removes its home. Safe to call twice."""
        if self._process is not None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            try:
                self._process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._home is not None:
            self._home.cleanup()
            self._home = None

    def __enter__(self) -> OwnAdbServer:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _folder(self) -> Path:
        if self._given_home is not None:
            return self._given_home
        if self._home is None:
            self._home = tempfile.TemporaryDirectory(prefix="mobimem-adb-")
        return Path(self._home.name)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1.0) as asking:
                asking.sendall(b"000chost:version")
                return asking.recv(4) == b"OKAY"
        except OSError:
            return False
