"""One time limit over everything a call does, kept by the sockets themselves.

uiautomator2 and adbutils open a socket per request, poll in loops and let a socket wait 600 s; their own timeouts are
not enforced. Here a call says `with within(timeout_s):` and each `DeadlineSocket` used by that thread until the end of
the block gets what is left of the limit, before each send and each receive. So a poll loop ends too: its next request
fails. No thread is started and none is left behind. Real time is meant (`time.monotonic`), because sockets wait in it.

A thread outside any block (uiautomator2's reader of its server's output) waits for as long as it takes.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class DeadlinePassed(TimeoutError):
    """The time limit of the running call is over. A `TimeoutError`, as sockets raise it."""


class _Limit(threading.local):
    at_s: float | None = None


_limit = _Limit()


@contextmanager
def within(timeout_s: float) -> Iterator[None]:
    """Limits this thread's socket work to `timeout_s` seconds from now; an outer, earlier limit stays in force."""
    outer = _limit.at_s
    mine = time.monotonic() + timeout_s
    _limit.at_s = mine if outer is None else min(mine, outer)
    try:
        yield
    finally:
        _limit.at_s = outer


def remaining_s() -> float | None:
    """What is left of this thread's limit in seconds; None outside any block.

    Raises:
        DeadlinePassed: nothing is left.
    """
    if _limit.at_s is None:
        return None
    left = _limit.at_s - time.monotonic()
    if left <= 0:
        raise DeadlinePassed("the time limit is over")
    return left


class DeadlineSocket(socket.socket):
    """A socket whose every send and receive waits no longer than the running call may still take."""

    _own_s: float | None = None
    _gathered: bytearray | None = None

    def gather(self) -> None:
        """From now on what is written goes out in one piece, when something is read.

        http.client writes head and body separately. The server on the phone answers the head alone with a "continue",
        and the real answer behind that small one is held back for 40 ms by Nagle's algorithm in the adb server.
        """
        self._gathered = bytearray()

    def settimeout(self, value: float | None, /) -> None:
        """A limit for each single operation, on top of the call's."""
        self._own_s = value
        super().settimeout(value)

    def connect(self, address: Any, /) -> None:
        self._arm()
        super().connect(address)

    def recv(self, *args: Any) -> bytes:
        self._send_gathered()
        self._arm()
        return super().recv(*args)

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self._send_gathered()
        self._arm()
        return super().recv_into(*args, **kwargs)

    def send(self, *args: Any) -> int:
        self._arm()
        return super().send(*args)

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        self._arm()
        if self._gathered is not None:
            self._gathered += data
            return
        super().sendall(data, flags)

    def _send_gathered(self) -> None:
        if self._gathered:
            data, self._gathered = bytes(self._gathered), bytearray()
            self._arm()
            super().sendall(data)

    def _arm(self) -> None:
        left = remaining_s()
        limits = [limit for limit in (left, self._own_s) if limit is not None]
        super().settimeout(min(limits) if limits else None)
