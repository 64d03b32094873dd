"""Shells with somebody at the keyboard: a terminal's line editing, and a shell that runs line after line.

With a terminal (`adb shell`, `adb shell -t CMD`) the host sends bare key presses and shows what comes back, so the
phone's end echoes, edits the line, turns newlines into CR LF and lets Ctrl-C end the running command.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeAlias

from device.virtual.ports import StreamClosed
from device.virtual.wire.command_io import READ_BYTES, CommandIO

RunCommand: TypeAlias = Callable[[str, CommandIO], Coroutine[Any, Any, int]]

INTERRUPTED = 130  # 128 + SIGINT
CTRL_C, CTRL_D, CTRL_U = 0x03, 0x04, 0x15
BACKSPACE = (0x08, 0x7F)
_EXIT = re.compile(r"\s*exit(?:\s+(\d+))?\s*;?\s*")


class Terminal:
    """A `CommandIO` that behaves as a terminal does, over one that carries bare key presses."""

    def __init__(self, host: CommandIO) -> None:
        self._host = host
        self._line = bytearray()  # being edited
        self._typed = bytearray()  # finished lines, not shown yet
        self._entered = bytearray()  # shown, not read yet
        self._ends_file = False  # Ctrl-D: one read finds the end of the input
        self._gone = False
        self._arrived = asyncio.Event()
        self._running: asyncio.Task[int] | None = None

    async def use(self, main: Callable[[Terminal], Awaitable[int]]) -> int:
        """Runs `main` while the keys are listened to."""
        keys = asyncio.create_task(self._listen())
        try:
            return await main(self)
        finally:
            keys.cancel()
            await asyncio.wait([keys])
            if not keys.cancelled():
                keys.result()

    async def foreground(self, command: Coroutine[Any, Any, int]) -> int:
        """Runs a command that Ctrl-C ends; its exit code."""
        running = self._running = asyncio.create_task(command)
        try:
            await asyncio.wait([running])
        finally:
            self._running = None
            if not running.done():
                running.cancel()
                await asyncio.wait([running])
        return INTERRUPTED if running.cancelled() else running.result()

    async def read(self, n: int) -> bytes:
        while not (self._entered or (self._ends_file and not self._typed) or self._gone):
            self._arrived.clear()
            await self._arrived.wait()
        if not self._entered:
            self._ends_file = False
        data = bytes(self._entered[:n])
        del self._entered[:n]
        return data

    async def out(self, data: bytes) -> None:
        await self._host.out(data.replace(b"\n", b"\r\n"))

    async def err(self, data: bytes) -> None:
        await self.out(data)

    async def _listen(self) -> None:
        try:
            while data := await self._host.read(READ_BYTES):
                echo = b"".join(self._press(key) for key in data)
                if echo:
                    await self._host.out(echo)
                self._entered += self._typed
                self._typed.clear()
                self._arrived.set()
        except StreamClosed:
            return
        finally:
            self._gone = True
            self._arrived.set()

    def _press(self, key: int) -> bytes:
        """Does what one key does; returns what the screen shows for it."""
        if key == CTRL_C:
            self._interrupt()
            return b"^C\r\n"
        if key == CTRL_D:
            self._ends_file = not self._line
            self._enter(b"")
            return b""
        if key == CTRL_U:
            rubbed = b"\b \b" * len(self._line)
            self._line.clear()
            return rubbed
        if key in BACKSPACE:
            return self._rub_out()
        if key in b"\r\n":
            self._enter(b"\n")
            return b"\r\n"
        self._line.append(key)
        return bytes([key])

    def _interrupt(self) -> None:
        self._line.clear()
        if self._running is None:
            self._enter(b"\n")
        else:
            self._running.cancel()

    def _rub_out(self) -> bytes:
        if not self._line:
            return b""
        while self._line.pop() & 0xC0 == 0x80 and self._line:  # the rest of one UTF-8 character
            continue
        return b"\b \b"

    def _enter(self, end: bytes) -> None:
        self._typed += self._line + end
        self._line.clear()


async def run_lines(run: RunCommand, io: CommandIO) -> int:
    """A shell that reads commands from its input, as `adb shell < script` has it; the last exit code.

    A command reads what follows its own line.
    """
    return await _shell(io, lambda line: run(line, io), prompt="")


async def run_terminal(run: RunCommand, io: CommandIO, command: str, *, prompt: str) -> int:
    """One command, or (for "") a shell with a prompt, in a terminal; its exit code."""

    async def main(terminal: Terminal) -> int:
        if command:
            return await terminal.foreground(run(command, terminal))
        return await _shell(terminal, lambda line: terminal.foreground(run(line, terminal)), prompt=prompt)

    return await Terminal(io).use(main)


async def _shell(io: CommandIO, run_line: Callable[[str], Awaitable[int]], *, prompt: str) -> int:
    code = 0
    while True:
        if prompt:
            await io.out(prompt.encode())
        line = await _read_line(io)
        if line is None:
            return code
        leave = _EXIT.fullmatch(line)
        if leave:
            return int(leave[1]) if leave[1] else code
        if line.strip():
            code = await run_line(line)


async def _read_line(io: CommandIO) -> str | None:
    """The next line without its end, read byte by byte so that a command finds what follows; None at the end."""
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = await io.read(1)
        if not byte:
            break
        line += byte
    return line.rstrip(b"\r\n").decode("utf-8", "surrogateescape") if line else None
