"""`adb reverse`: places on the phone that lead to the host, and the `reverse:` service that sets them.

A forward listens in the phone's `Ports`; each connection to it becomes a stream the phone opens to the host. Forwards
belong to the host connection that set them and go with it, as in AOSP. Answers are "OKAY", or "FAIL" with a text; the
list comes bare, each with a length in four hex digits (checked against adb 36.0.0).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from device.virtual.ports import Address, AddressTaken, DuplexStream, Ports, StreamClosed
from device.virtual.wire.transport import Connection

COPY_BYTES = 64 * 1024


class ReverseRefused(Exception):
    """A request that cannot be done; its text goes to the host."""


@dataclass(frozen=True, slots=True)
class _Forward:
    connection: Connection
    local: str
    host: str


def address_of(spelled: str) -> Address | None:
    """`tcp:9008` or `localabstract:name` as an address on the phone; None for what the phone does not have."""
    kind, _, name = spelled.partition(":")
    if kind == "tcp" and name.isdecimal() and int(name) <= 65535:
        return int(name)
    if kind == "localabstract" and name:
        return name
    return None


class Forwards:
    """All reverse forwards of one phone. Lives on the event loop's thread."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._forwards: dict[Address, _Forward] = {}

    def answer(self, connection: Connection, request: str) -> bytes:
        """Does what stands after `reverse:` and returns the whole answer."""
        verb, _, rest = request.partition(":")
        try:
            match verb:
                case "forward":
                    return b"OKAY" + self._add(connection, rest)
                case "killforward":
                    self._remove(connection, rest)
                    return b"OKAY"
                case "killforward-all":
                    self.drop(connection)
                    return b"OKAY"
                case "list-forward":
                    return _counted(self._list(connection))
            raise ReverseRefused(f"unknown request 'reverse:{verb}'")
        except ReverseRefused as refusal:
            return b"FAIL" + _counted(str(refusal))

    def drop(self, connection: Connection) -> None:
        """Removes every forward of one host connection."""
        for address in [at for at, forward in self._forwards.items() if forward.connection is connection]:
            self._forget(address)

    def _add(self, connection: Connection, rest: str) -> bytes:
        may_replace = not rest.startswith("norebind:")
        local, separator, host = rest.removeprefix("norebind:").partition(";")
        address = address_of(local)
        if not separator or not host or address is None:
            raise ReverseRefused(f"bad forward: '{rest}'")
        chosen = address == 0
        if chosen:
            address = self._ports.free_port()
            local = f"tcp:{address}"
        existing = self._forwards.get(address)
        if existing is not None and existing.connection is connection:
            if not may_replace:
                raise ReverseRefused(f"cannot rebind existing socket '{local}'")
            self._forget(address)
        try:
            self._ports.listen(address, lambda stream: _lead(stream, connection, host))
        except AddressTaken as error:
            raise ReverseRefused(f"cannot bind listener: {error}") from error
        self._forwards[address] = _Forward(connection, local, host)
        return _counted(str(address)) if chosen else b""

    def _remove(self, connection: Connection, local: str) -> None:
        address = address_of(local)
        forward = None if address is None else self._forwards.get(address)
        if address is None or forward is None or forward.connection is not connection:
            raise ReverseRefused(f"listener '{local}' not found")
        self._forget(address)

    def _forget(self, address: Address) -> None:
        del self._forwards[address]
        self._ports.unlisten(address)

    def _list(self, connection: Connection) -> str:
        mine = (forward for forward in self._forwards.values() if forward.connection is connection)
        return "".join(f"host-1 {forward.local} {forward.host}\n" for forward in mine)


async def _lead(stream: DuplexStream, connection: Connection, host: str) -> None:
    """Joins one connection on the phone with a new stream to the host until one of the two ends."""
    try:
        far = await connection.open(host)
    except StreamClosed:
        return
    copies = [asyncio.create_task(_copy(stream, far)), asyncio.create_task(_copy(far, stream))]
    try:
        await asyncio.wait(copies, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await far.close()
        await stream.close()
        for copy in copies:
            copy.cancel()
        await asyncio.wait(copies)


async def _copy(source: DuplexStream, target: DuplexStream) -> None:
    try:
        while data := await source.read(COPY_BYTES):
            await target.write(data)
    except StreamClosed:
        return


def _counted(words: str) -> bytes:
    data = words.encode("utf-8", "surrogateescape")
    return f"{len(data):04x}".encode() + data
