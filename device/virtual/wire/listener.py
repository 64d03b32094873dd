"""Accepts TCP connections, each served by a task of its own from the moment it is accepted.

asyncio's own server hands a connection through several steps that nobody can wait for; one that was opened just before
the end got stuck between them, and its socket stayed open. Here `close` waits for every connection there is, however
young. Lives on the event loop's thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

log = logging.getLogger(__name__)

ACCEPT_PAUSE_S = 1.0  # as asyncio waits when the process has no file descriptor left

Serve: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]


class Listener:
    """Serves what connects to a socket, until it is closed.

    Args:
        listening: bound and listening already; it belongs to the listener from now on.
        serve: serves one connection. When it returns the connection is cut.
        cut: cuts every connection that is being served and lets `serve` return.
    """

    def __init__(self, listening: socket.socket, serve: Serve, cut: Callable[[], None], *, buffer_bytes: int) -> None:
        self._listening = listening
        self._serve = serve
        self._cut = cut
        self._buffer_bytes = buffer_bytes
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()
        self._open = True
        listening.setblocking(False)
        self._listen()

    @property
    def port(self) -> int:
        port: int = self._listening.getsockname()[1]
        return port

    async def close(self) -> None:
        """Stops listening, cuts every connection and waits until all of them have ended."""
        if self._open:
            self._open = False
            self._loop.remove_reader(self._listening)
            self._listening.close()
        self._cut()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _listen(self) -> None:
        if self._open:
            self._loop.add_reader(self._listening, self._accept)

    def _accept(self) -> None:
        try:
            connection, _ = self._listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # whoever it was has gone again
        except OSError as error:  # no file descriptor left: asking again at once would only spin
            log.error("cannot accept a connection: %s", error)
            self._loop.remove_reader(self._listening)
            self._loop.call_later(ACCEPT_PAUSE_S, self._listen)
            return
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else 40 ms per answer
        task = self._loop.create_task(self._connected(connection))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connected(self, connection: socket.socket) -> None:
        reader, writer = await asyncio.open_connection(sock=connection, limit=self._buffer_bytes)
        try:
            if self._open:
                await self._serve(reader, writer)
        finally:
            writer.transport.abort()
            with contextlib.suppress(OSError):  # how it was lost has been said by whoever served it
                await writer.wait_closed()
