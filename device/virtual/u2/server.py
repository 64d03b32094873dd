"""uiautomator2's server as a program on the phone: listens on a port, answers `/ping` and `/jsonrpc/0`."""

from __future__ import annotations

import asyncio
import threading
from http import HTTPStatus

from device.virtual.ports import DuplexStream, StreamClosed
from device.virtual.u2.automation import Automation
from device.virtual.u2.http import Answer, BadRequest, Connection, Request
from device.virtual.u2.phone import Phone
from device.virtual.u2.rpc import Dispatcher

DEFAULT_PORT = 9008


class Server:
    """One run of the server. Once stopped, the port refuses connections and open ones are ended, also in mid-call.

    `start` and `stop` may be called from any thread.
    """

    def __init__(self, phone: Phone, port: int = DEFAULT_PORT) -> None:
        self.port = port
        self._ports = phone.ports
        self._dispatcher = Dispatcher(Automation(phone), phone.rpc_faults)
        self._lock = threading.Lock()
        self._connections: set[asyncio.Task[None]] = set()
        self._running = False

    def start(self) -> None:
        """Listens from now on.

        Raises:
            AddressTaken: something else listens on the port.
        """
        with self._lock:
            self._ports.listen(self.port, self._connected)
            self._running = True

    def stop(self) -> None:
        """Stops listening at once; safe to call twice."""
        with self._lock:
            if not self._running:
                return
            self._running = False
            self._ports.unlisten(self.port)
            connections = list(self._connections)
        for connection in connections:
            loop = connection.get_loop()
            if not loop.is_closed():
                loop.call_soon_threadsafe(connection.cancel)

    async def _connected(self, stream: DuplexStream) -> None:
        """Serves one connection in a task of its own, so that `stop` can end it without ending the wire layer's."""
        serving = asyncio.ensure_future(self._serve(stream))
        with self._lock:
            running = self._running
            self._connections.add(serving)
        if not running:
            serving.cancel()
        try:
            await asyncio.wait([serving])
        finally:
            serving.cancel()
            with self._lock:
                self._connections.discard(serving)
            await stream.close()
        if not serving.cancelled():
            serving.result()

    async def _serve(self, stream: DuplexStream) -> None:
        connection = Connection(stream)
        try:
            while (request := await connection.read()) is not None:
                answer = await self._answer(request)
                if answer is None:
                    return
                await connection.send(answer, keep_alive=request.keep_alive)
                if not request.keep_alive:
                    return
        except BadRequest as error:
            await _tell(connection, Answer(error.status, str(error).encode("utf-8")))
        except StreamClosed:
            return  # the client has gone: nobody is left to answer

    async def _answer(self, request: Request) -> Answer | None:
        path = request.path.partition("?")[0]
        match request.method, path:
            case "GET", "/ping":
                return Answer(body=b"pong")
            case "POST", "/jsonrpc/0":
                return await self._dispatcher.answer(request.body)
            case _, "/ping" | "/jsonrpc/0":
                return Answer(HTTPStatus.METHOD_NOT_ALLOWED)
            case _:
                return Answer(HTTPStatus.NOT_FOUND)


async def _tell(connection: Connection, answer: Answer) -> None:
    """Says why the connection ends, if the client still listens."""
    try:
        await connection.send(answer, keep_alive=False)
    except StreamClosed:
        return
