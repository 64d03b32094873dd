"""What a shell command reads from and writes to, over one adb stream: bare bytes or `shell,v2` frames."""

from __future__ import annotations

from typing import Protocol

from device.virtual.wire import shell_v2
from device.virtual.wire.stream import Stream

READ_BYTES = 64 * 1024


class CommandIO(Protocol):
    """A command's three descriptors. The same shape as the shell's own `ShellIO`."""

    async def read(self, n: int) -> bytes:
        """1 to `n` bytes of input; b"" once the host has closed it."""
        ...

    async def out(self, data: bytes) -> None: ...

    async def err(self, data: bytes) -> None: ...


class BareIO:
    """`shell:` and `exec:`: output and errors merged, no exit code."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    async def read(self, n: int) -> bytes:
        return await self._stream.read(n)

    async def out(self, data: bytes) -> None:
        await self._stream.write(data)

    async def err(self, data: bytes) -> None:
        await self._stream.write(data)

    async def exit(self, code: int) -> None:
        return None


class FramedIO:
    """`shell,v2`: output, errors and the exit code in frames of their own; the host can close the input alone."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._frames = shell_v2.FrameReader()
        self._input = bytearray()
        self._input_ended = False

    async def read(self, n: int) -> bytes:
        while not self._input and not self._input_ended:
            data = await self._stream.read(READ_BYTES)
            self._input_ended = not data
            for frame in self._frames.feed(data):
                self._take(frame)
        piece = bytes(self._input[:n])
        del self._input[:n]
        return piece

    async def out(self, data: bytes) -> None:
        await self._write(shell_v2.STDOUT, data)

    async def err(self, data: bytes) -> None:
        await self._write(shell_v2.STDERR, data)

    async def exit(self, code: int) -> None:
        await self._stream.write(shell_v2.pack_exit(code))

    def _take(self, frame: shell_v2.Frame) -> None:
        if frame.kind == shell_v2.STDIN and not self._input_ended:
            self._input += frame.data
        elif frame.kind == shell_v2.CLOSE_STDIN:
            self._input_ended = True

    async def _write(self, kind: int, data: bytes) -> None:
        size = self._stream.max_data - shell_v2.FRAME.size  # one frame per packet
        for start in range(0, len(data), size):
            await self._stream.write(shell_v2.pack_frame(kind, data[start : start + size]))
