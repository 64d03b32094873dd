"""Where programs on the phone listen: TCP ports of its loopback, and abstract Unix sockets, as a table of handlers.

No real socket is involved. The wire layer opens a stream here when the host asks for `tcp:9008` or for
`localabstract:name`; a `reverse:` forward listens here for the host. A handler runs on the wire layer's event loop, one
call per connection, and must not block it.
"""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeAlias

Address: TypeAlias = int | str  # a TCP port, or the name of an abstract Unix socket

FIRST_FREE_PORT = 40000


class StreamClosed(Exception):
    """The other end has gone: nothing can be written any more. Not an OSError, so no file handling swallows it."""


class AddressTaken(Exception):
    """Something listens there already."""


class DuplexStream(Protocol):
    """One connection, seen from the phone's end."""

    async def read(self, n: int) -> bytes:
        """1 to `n` bytes as soon as there are any; b"" once the other end has closed and all was read."""
        ...

    async def write(self, data: bytes) -> None:
        """Returns when the data is on its way; waits while the other end does not take it.

        Raises:
            StreamClosed: one of the two ends has closed.
        """
        ...

    async def close(self) -> None:
        """Ends the connection for both ends. Safe to call twice; returning from the handler does the same."""
        ...


Handler: TypeAlias = Callable[[DuplexStream], Awaitable[None]]


class Ports:
    """Who listens where. Safe to use from any thread."""

    def __init__(self) -> None:
        self._handlers: dict[Address, Handler] = {}
        self._lock = threading.Lock()

    def listen(self, address: Address, handler: Handler) -> None:
        """From now on each connection to `address` calls `handler`. When the host closes the connection, the handler is
        not cancelled: its next read is b"" and its next write raises `StreamClosed`, as on a socket.

        Raises:
            AddressTaken: somebody listens there; `unlisten` first.
        """
        with self._lock:
            if address in self._handlers:
                raise AddressTaken(f"something listens on {_spell(address)} already")
            self._handlers[address] = handler

    def unlisten(self, address: Address) -> None:
        """New connections are refused from now on; open ones go on. Nothing happens if nobody listens there."""
        with self._lock:
            self._handlers.pop(address, None)

    def get(self, address: Address) -> Handler | None:
        with self._lock:
            return self._handlers.get(address)

    def free_port(self) -> int:
        """A TCP port on which nobody listens."""
        with self._lock:
            port = FIRST_FREE_PORT
            while port in self._handlers:
                port += 1
            return port


def _spell(address: Address) -> str:
    return f"tcp:{address}" if isinstance(address, int) else f"localabstract:{address}"
