"""A stream whose bytes are given beforehand, and which keeps what was written to it."""

from __future__ import annotations

from device.virtual.ports import StreamClosed


class ScriptedStream:
    """Hands out the chunks one per read, then ends. With `deaf` the other side is gone: writing fails."""

    def __init__(self, *chunks: bytes, deaf: bool = False) -> None:
        self._chunks = list(chunks)
        self._deaf = deaf
        self.written: list[bytes] = []
        self.closed = False

    async def read(self, n: int) -> bytes:
        if not self._chunks:
            return b""
        chunk = self._chunks.pop(0)
        if len(chunk) > n:
            self._chunks.insert(0, chunk[n:])
        return chunk[:n]

    async def write(self, data: bytes) -> None:
        if self._deaf:
            raise StreamClosed
        self.written.append(data)

    async def close(self) -> None:
        self.closed = True
