"""A phone with one small app in front, on a manual clock, and a client that speaks HTTP to its server without adb."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from device.clock import ManualClock
from device.virtual.phone import VirtualPhone
from device.virtual.u2 import DEFAULT_PORT, Server
from tests.device.virtual.u2.small_app import PACKAGE, HomeApp, SmallApp
from tests.device.virtual.u2.streams import ScriptedStream


class RpcFailed(Exception):
    """The answer was an error object."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(str(error))
        self.error = error


class Client:
    """Calls one phone's server, one connection per call, as uiautomator2 does."""

    def __init__(self, phone: VirtualPhone, port: int = DEFAULT_PORT) -> None:
        self.phone = phone
        self._port = port

    def exchange(self, *chunks: bytes) -> bytes:
        """What the server writes to a connection on which these chunks arrive."""
        handler = self.phone.ports.get(self._port)
        if handler is None:
            raise ConnectionRefusedError(self._port)
        stream = ScriptedStream(*chunks)

        async def connect() -> None:
            await handler(stream)

        asyncio.run(connect())
        assert stream.closed
        return b"".join(stream.written)

    def post(self, body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer to a POST; (0, b"") if the connection ended without one."""
        written = self.exchange(b"POST /jsonrpc/0 HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        head, _, content = written.partition(b"\r\n\r\n")
        return (int(head.split(b" ")[1]), content) if head else (0, b"")

    def __call__(self, method: str, *params: Any) -> Any:
        """The call's result.

        Raises:
            RpcFailed: with the error object.
        """
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params) or {}}
        status, content = self.post(json.dumps(request).encode())
        assert status == 200
        answer = json.loads(content)
        assert answer["jsonrpc"] == "2.0" and answer["id"] == 1
        if "error" in answer:
            raise RpcFailed(answer["error"])
        return answer["result"]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def phone(clock: ManualClock) -> Iterator[VirtualPhone]:
    with VirtualPhone(clock=clock, apps=[HomeApp, SmallApp]) as made:
        assert made.windows.start(PACKAGE)
        yield made


@pytest.fixture
def rpc(phone: VirtualPhone) -> Iterator[Client]:
    server = Server(phone, DEFAULT_PORT)
    server.start()
    yield Client(phone)
    server.stop()
