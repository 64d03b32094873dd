"""A host for the shell's tests: runs a command line on a phone and keeps what came back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from device.virtual import shell
from device.virtual.phone import VirtualPhone


@dataclass(frozen=True, slots=True)
class Ran:
    status: int
    output: bytes
    errors: bytes

    @property
    def out(self) -> str:
        return self.output.decode()

    @property
    def err(self) -> str:
        return self.errors.decode()

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


class Host:
    """The other end of a shell stream. `heard` returns once a text has come."""

    def __init__(self, sends: bytes = b"", *, closes: bool = True) -> None:
        self.output = bytearray()
        self.errors = bytearray()
        self._sends = bytearray(sends)
        self._closed = closes
        self._change = asyncio.Condition()

    async def read(self, n: int) -> bytes:
        async with self._change:
            await self._change.wait_for(lambda: self._sends or self._closed)
        piece = bytes(self._sends[:n])
        del self._sends[:n]
        return piece

    async def out(self, data: bytes) -> None:
        self.output += data
        await self._wake()

    async def err(self, data: bytes) -> None:
        self.errors += data
        await self._wake()

    async def send(self, data: bytes) -> None:
        self._sends += data
        await self._wake()

    async def heard(self, text: str) -> None:
        async with asyncio.timeout(10), self._change:
            await self._change.wait_for(lambda: text.encode() in self.output)

    async def _wake(self) -> None:
        async with self._change:
            self._change.notify_all()


def run(phone: VirtualPhone, command: str, *, sends: bytes = b"") -> Ran:
    async def main() -> Ran:
        host = Host(sends)
        async with asyncio.timeout(20):
            status = await shell.run(phone, command, host)
        return Ran(status, bytes(host.output), bytes(host.errors))

    return asyncio.run(main())


def while_running(
    phone: VirtualPhone,
    command: str,
    use: Callable[[Host, asyncio.Task[int]], Awaitable[None]],
    *,
    closes: bool = False,
) -> Host:
    """Runs a command in the background while `use` talks to it; then closes the stream, as a host does."""

    async def main() -> Host:
        host = Host(closes=closes)
        task = asyncio.create_task(shell.run(phone, command, host))
        try:
            async with asyncio.timeout(20):
                await use(host, task)
        finally:
            task.cancel()
            await asyncio.wait([task])
        return host

    return asyncio.run(main())
