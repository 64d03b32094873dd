"""What a shell command reads from and writes to: the host's stream, a file of the phone, a pipe, nothing.

All of these belong to one asyncio loop. Writing to a pipe nobody reads any more raises `BrokenPipeError`, which ends
the writing command as SIGPIPE would.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Protocol

from device.virtual.files import PhoneFiles

PIPE_CHUNKS = 64


class ShellIO(Protocol):
    """The host's side of one shell stream."""

    async def read(self, n: int) -> bytes:
        """Up to `n` bytes the host sent; empty when it closed its side."""
        ...

    async def out(self, data: bytes) -> None: ...

    async def err(self, data: bytes) -> None: ...


class Source(Protocol):
    """Where a command reads from."""

    async def read(self, n: int) -> bytes:
        """Up to `n` bytes, at least one; empty at the end."""
        ...


class Sink(Protocol):
    """Where a command writes to."""

    @property
    def reaches_host(self) -> bool:
        """Whether the host's stream must stay open for this."""
        ...

    async def write(self, data: bytes) -> None:
        """Takes all of it; returns when there is room for more."""
        ...


class Nothing:
    """/dev/null, both ways."""

    reaches_host = False

    async def read(self, n: int) -> bytes:
        return b""

    async def write(self, data: bytes) -> None:
        return None


@dataclass(frozen=True, slots=True)
class HostSink:
    """The host's standard output or error."""

    send: Callable[[bytes], Awaitable[None]]
    reaches_host: bool = True

    async def write(self, data: bytes) -> None:
        if data:
            await self.send(data)


class BytesSource:
    """Bytes that are there already: a file read whole."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    async def read(self, n: int) -> bytes:
        piece, self._data = self._data[:n], self._data[n:]
        return piece


class Collector:
    """Keeps what is written, for `$(…)`."""

    reaches_host = True  # what is collected ends up there, and nobody may run on after it

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    async def write(self, data: bytes) -> None:
        self._pieces.append(data)

    def text(self) -> str:
        return b"".join(self._pieces).decode("utf-8", "surrogateescape")


class FileSink:
    """Adds to a file of the phone. The file is made, or emptied, when this is."""

    reaches_host = False

    def __init__(self, files: PhoneFiles, path: str, *, append: bool) -> None:
        self._files = files
        self._path = path
        if append:
            files.append(path, b"")
        else:
            files.write(path, b"", parents=False)

    async def write(self, data: bytes) -> None:
        if data:
            self._files.append(self._path, data)


class Pipe:
    """What one command writes and the next reads. `close` ends the reading, `abandon` the writing."""

    reaches_host = False

    def __init__(self) -> None:
        self._chunks: asyncio.Queue[bytes] = asyncio.Queue(PIPE_CHUNKS)
        self._rest = b""
        self._ended = False
        self._abandoned = False

    async def read(self, n: int) -> bytes:
        if not self._rest and not self._ended:
            self._rest = await self._chunks.get()
            self._ended = not self._rest
        piece, self._rest = self._rest[:n], self._rest[n:]
        return piece

    async def write(self, data: bytes) -> None:
        if self._abandoned:
            raise BrokenPipeError
        if data:
            await self._chunks.put(data)
        if self._abandoned:
            raise BrokenPipeError

    async def close(self) -> None:
        if not self._abandoned:
            await self._chunks.put(b"")

    def abandon(self) -> None:
        """Lets a writer that waits for room go on, into its BrokenPipeError."""
        self._abandoned = True
        while not self._chunks.empty():
            self._chunks.get_nowait()


@dataclass(frozen=True, slots=True)
class Streams:
    """A command's three descriptors."""

    stdin: Source
    stdout: Sink
    stderr: Sink

    @classmethod
    def of(cls, io: ShellIO) -> Streams:
        return cls(io, HostSink(io.out), HostSink(io.err))

    @property
    def reach_host(self) -> bool:
        return self.stdout.reaches_host or self.stderr.reaches_host

    def with_stdin(self, stdin: Source) -> Streams:
        return replace(self, stdin=stdin)

    def with_sink(self, fd: int, sink: Sink) -> Streams:
        return replace(self, stdout=sink) if fd == 1 else replace(self, stderr=sink)


async def read_line(source: Source) -> bytes:
    """Bytes up to and with the next newline; fewer at the end. Reads no byte beyond it."""
    line = bytearray()
    while not line.endswith(b"\n"):
        piece = await source.read(1)
        if not piece:
            break
        line += piece
    return bytes(line)


async def read_all(source: Source) -> bytes:
    """All bytes up to the end."""
    pieces = []
    while piece := await source.read(65536):
        pieces.append(piece)
    return b"".join(pieces)
