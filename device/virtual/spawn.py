"""A virtual phone in a process of its own: `with ChildPhone(config) as phone: connect(phone.serial)`.

The child ends with the `with` block; should this process be killed, the child sees its input end and stops by itself.
"""

from __future__ import annotations

import dataclasses
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

from device.virtual.command_line import Launch, arguments
from device.virtual.phone import PhoneConfig

START_TIMEOUT_S = 20.0
STOP_TIMEOUT_S = 5.0
ERROR_TAIL_BYTES = 4000
_ROOT = Path(__file__).resolve().parents[2]


class PhoneDidNotStart(Exception):
    """The child ended, or said nothing in time; the message has the last of what it wrote."""


class ChildPhone:
    """Starts, kills and restarts one phone process. Not for several threads at once.

    Args:
        config: what the phone is; with `state`, its data outlives the process.
        port: its adb port; 0 takes a free one, which a restart keeps.
        view: also serve the page that shows the screen.
    """

    def __init__(self, config: PhoneConfig | None = None, *, port: int = 0, view: bool = False) -> None:
        self._launch = Launch(config or PhoneConfig(), port, view, until_stdin_closes=True)
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self.port = port
        self.view_url: str | None = None

    @property
    def serial(self) -> str:
        """What adb calls the phone, once connected."""
        return f"127.0.0.1:{self.port}"

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Returns when the phone can be connected to. Nothing happens if it runs already.

        Raises:
            PhoneDidNotStart: e.g. its port is taken.
        """
        if self.running:
            return
        self.stop()
        launch = dataclasses.replace(self._launch, port=self.port)
        path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop
        self._process = subprocess.Popen(
            [sys.executable, "-m", "device.virtual", *arguments(launch)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**os.environ, "PYTHONPATH": path},
        )
        try:
            ready = json.loads(self._first_line())
        except ValueError as error:
            self._end()
            said = self.errors() or "it said nothing"
            self.stop()
            raise PhoneDidNotStart(f"the virtual phone did not start: {said}") from error
        self.port, self.view_url = ready["port"], ready["view"]

    def kill(self) -> None:
        """Ends the process at once, as when Android kills it. `start` brings it back on the same port."""
        if self._process is not None:
            self._process.kill()
        self.stop()

    def errors(self) -> str:
        """The last of what the process has written to its standard error; "" once it was stopped."""
        if self._errors is None:
            return ""
        size = os.fstat(self._errors.fileno()).st_size
        last = os.pread(self._errors.fileno(), ERROR_TAIL_BYTES, max(0, size - ERROR_TAIL_BYTES))
        return last.decode("utf-8", "replace").strip()

    def stop(self) -> None:
        """Ends the process and waits for it. Safe to call twice."""
        self._end()
        if self._errors is not None:
            self._errors.close()
            self._errors = None

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None and process.stdout is not None
        process.stdin.close()
        for harder in (process.terminate, process.kill):
            try:
                process.wait(STOP_TIMEOUT_S)
                break
            except subprocess.TimeoutExpired:
                harder()
        process.wait()
        process.stdout.close()

    def __enter__(self) -> ChildPhone:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _first_line(self) -> bytes:
        """The line the child prints when it is ready; less if it ends or takes too long."""
        assert self._process is not None and self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        deadline_s = time.monotonic() + START_TIMEOUT_S
        line = b""
        while not line.endswith(b"\n"):
            left_s = deadline_s - time.monotonic()
            if left_s <= 0 or not select.select([descriptor], [], [], left_s)[0]:
                break
            piece = os.read(descriptor, 4096)
            if not piece:
                break
            line += piece
        return line
