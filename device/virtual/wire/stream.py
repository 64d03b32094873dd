"""One adb stream seen from the phone: ordered bytes both ways, one un-answered write per direction.

Lives on the event loop's thread only. A stream is closed once per side: `shut` sends our CLSE and forgets the id, so
whatever the host still sends on it is dropped. Data the host wrote before it closed can still be read.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

from device.virtual.ports import StreamClosed
from device.virtual.wire.packets import CLSE, OKAY, WRTE, BadPacket

INBOX_BYTES = 256 * 1024  # the host's writes are answered at once until this much waits unread


class Link(Protocol):
    """What a stream needs of its connection."""

    @property
    def max_data(self) -> int:
        """The most bytes one packet may carry."""
        ...

    def send(self, command: int, arg0: int, arg1: int, payload: bytes | memoryview = b"") -> None: ...

    async def drain(self) -> None:
        """Waits until the socket takes more data."""
        ...

    def forget(self, own_id: int) -> None: ...


class Stream:
    """A `DuplexStream`. One reader at a time; any number of writers, whose writes do not mix.

    Args:
        own_id: our id, not 0.
        host_id: the host's id; 0 for a stream the phone opens, until the host accepts it.
    """

    def __init__(self, link: Link, own_id: int, host_id: int = 0) -> None:
        self.own_id = own_id
        self._link = link
        self._host_id = host_id
        self._inbox = bytearray()
        self._owes_okay = False
        self._shut = False
        self._arrived = asyncio.Event()
        self._may_write = asyncio.Event()
        self._writing = asyncio.Lock()
        if host_id:
            self._may_write.set()

    @property
    def max_data(self) -> int:
        return self._link.max_data

    async def read(self, n: int) -> bytes:
        while not self._inbox and not self._shut:
            self._arrived.clear()
            await self._arrived.wait()
        data = bytes(self._inbox[:n])
        del self._inbox[:n]
        self._answer()
        return data

    async def read_exactly(self, n: int) -> bytes:
        """`n` bytes.

        Raises:
            EOFError: the host closed before that many came.
        """
        parts: list[bytes] = []
        while n > 0:
            part = await self.read(n)
            if not part:
                raise EOFError(f"the host closed with {n} bytes missing")
            parts.append(part)
            n -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    async def write(self, data: bytes) -> None:
        async with self._writing:
            rest = memoryview(data)
            while rest:
                await self._may_write.wait()
                if self._shut:
                    raise StreamClosed(f"stream {self.own_id} is closed")
                self._may_write.clear()
                self._link.send(WRTE, self.own_id, self._host_id, rest[: self.max_data])
                rest = rest[self.max_data :]
            await self._link.drain()

    async def close(self) -> None:
        self.shut()

    async def accepted(self) -> None:
        """Waits for the host's answer to our OPEN.

        Raises:
            StreamClosed: the host refused.
        """
        await self._may_write.wait()
        if self._shut:
            raise StreamClosed(f"the host refused stream {self.own_id}")

    def shut(self) -> None:
        """Closes our side; everything that waits on the stream wakes up. Safe to call twice."""
        if self._shut:
            return
        self._shut = True
        self._link.forget(self.own_id)
        if self._host_id:
            self._link.send(CLSE, self.own_id, self._host_id)
        self._arrived.set()
        self._may_write.set()

    def received(self, data: bytes) -> None:
        """The host wrote.

        Raises:
            BadPacket: it did so without waiting for our OKAY.
        """
        if self._owes_okay:
            raise BadPacket(f"a write on stream {self.own_id} before the last one was answered")
        self._inbox += data
        self._owes_okay = True
        self._answer()
        self._arrived.set()

    def okayed(self, host_id: int) -> None:
        """The host accepted the stream, or took our last write."""
        if not self._host_id:
            self._host_id = host_id
        self._may_write.set()

    def _answer(self) -> None:
        if self._owes_okay and not self._shut and len(self._inbox) < INBOX_BYTES:
            self._owes_okay = False
            self._link.send(OKAY, self.own_id, self._host_id)
