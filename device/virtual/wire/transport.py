"""One host's connection to the phone: the handshake, then many streams over one TCP socket.

    host CNXN -> our CNXN;   host OPEN -> OKAY or CLSE;   then WRTE/OKAY per stream both ways, CLSE once per side

No authorisation is asked for. What is not the protocol (bad magic, a length nobody may send, a write out of turn, a
cut-off packet) ends this connection with one log line and nothing else. What services exist is not known here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeAlias

from device.virtual.ports import StreamClosed
from device.virtual.wire.packets import (
    CLSE,
    CNXN,
    HEADER,
    OKAY,
    OPEN,
    PAYLOAD_MAX,
    VERSION,
    WRTE,
    BadPacket,
    Header,
    pack,
    unpack_header,
)
from device.virtual.wire.stream import Stream

log = logging.getLogger(__name__)

READ_BUFFER_BYTES = 2 * PAYLOAD_MAX


@dataclass(frozen=True, slots=True)
class Opening:
    """An accepted OPEN. `run` serves the stream and may write at once; when it returns, the stream is closed.

    When the host closes first, `run` is cancelled; with `survives_close` it sees the end of its input instead.
    """

    run: Callable[[Stream], Coroutine[Any, Any, None]]
    survives_close: bool = False


OpenService: TypeAlias = Callable[["Connection", str], Opening | None]


@dataclass(frozen=True, slots=True)
class _Service:
    task: asyncio.Task[None]
    survives_close: bool


class Connection:
    """Serves one host until it goes.

    Args:
        banner: our identity, as in `device::ro.product.name=…;features=…`.
        open_service: decides about each OPEN, by the service's name; None refuses it. Must not block.
    """

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, banner: str, open_service: OpenService
    ) -> None:
        self.peer = str(writer.get_extra_info("peername"))
        self._reader = reader
        self._writer = writer
        self._banner = banner.encode()
        self._open_service = open_service
        self._max_data = PAYLOAD_MAX
        self._online = False
        self._with_sums = False
        self._streams: dict[int, Stream] = {}
        self._services: dict[int, _Service] = {}
        self._last_id = 0

    @property
    def max_data(self) -> int:
        """The most bytes one packet may carry: what both sides can take."""
        return self._max_data

    async def run(self) -> None:
        """Returns when the host has gone or was dropped, and all of its streams' services have ended."""
        try:
            while True:
                header = unpack_header(await self._reader.readexactly(HEADER.size))
                payload = await self._reader.readexactly(header.length) if header.length else b""
                self._handle(header, payload)
        except BadPacket as error:
            log.warning("%s does not speak adb: %s; connection closed", self.peer, error)
        except asyncio.IncompleteReadError as error:
            if error.partial:
                log.warning("%s went away in the middle of a packet", self.peer)
        except ConnectionError as error:
            log.info("%s was lost: %s", self.peer, error)
        finally:
            self.drop()
            self._end_streams()
            while self._services:
                await asyncio.wait([service.task for service in self._services.values()])

    def drop(self) -> None:
        """Cuts the connection at once, as a pulled cable does."""
        self._writer.transport.abort()

    def kill(self) -> None:
        """`drop`, and every service ends too, as when the phone's process dies."""
        self.drop()
        for service in self._services.values():
            service.task.cancel()

    async def open(self, service: str) -> Stream:
        """Opens a stream to the host, e.g. to `tcp:4000` there.

        Raises:
            StreamClosed: the host refused, or has gone.
        """
        if self._writer.is_closing():
            raise StreamClosed("the host has gone")
        stream = self._new_stream()
        self.send(OPEN, stream.own_id, 0, service.encode() + b"\0")
        await stream.accepted()
        return stream

    def send(self, command: int, arg0: int, arg1: int, payload: bytes | memoryview = b"") -> None:
        if not self._writer.is_closing():
            self._writer.write(pack(command, arg0, arg1, payload, with_sum=self._with_sums))

    async def drain(self) -> None:
        try:
            await self._writer.drain()
        except ConnectionError as error:
            raise StreamClosed("the connection was lost") from error

    def forget(self, own_id: int) -> None:
        self._streams.pop(own_id, None)

    def _handle(self, header: Header, payload: bytes) -> None:
        if header.command == CNXN:
            self._greet(header, payload)
        elif not self._online:
            raise BadPacket(f"{header.name} before CNXN")
        elif header.command == OPEN:
            self._opened(header.arg0, payload)
        elif header.command in (OKAY, WRTE, CLSE):
            stream = self._streams.get(header.arg1)
            if stream is not None:  # else: late, for a stream we have closed
                self._for_stream(stream, header, payload)
        else:
            log.info("%s sent %s, which is not understood; ignored", self.peer, header.name)

    def _greet(self, header: Header, payload: bytes) -> None:
        if header.arg1 == 0:
            raise BadPacket("the host takes no data at all")
        self._end_streams()  # a host that greets again has forgotten them
        self._max_data = min(PAYLOAD_MAX, header.arg1)
        self._online = True
        self._with_sums = header.arg0 < VERSION
        self.send(CNXN, min(VERSION, header.arg0), self._max_data, self._banner)
        log.info("%s connected: %s", self.peer, payload[:80].decode("utf-8", "replace"))

    def _opened(self, host_id: int, payload: bytes) -> None:
        if host_id == 0:
            raise BadPacket("OPEN without an id")
        service = payload.rstrip(b"\0").decode("utf-8", "surrogateescape")
        opening = self._open_service(self, service)
        if opening is None:
            log.info("refused %.200r", service)
            self.send(CLSE, 0, host_id)
            return
        stream = self._new_stream(host_id)
        self.send(OKAY, stream.own_id, host_id)
        task = asyncio.get_running_loop().create_task(opening.run(stream), name=service[:80])
        self._services[stream.own_id] = _Service(task, opening.survives_close)
        task.add_done_callback(lambda ended: self._served(ended, stream))

    def _for_stream(self, stream: Stream, header: Header, payload: bytes) -> None:
        if header.command == WRTE:
            stream.received(payload)
        elif header.command == OKAY:
            stream.okayed(header.arg0)
        else:
            self._closed(stream)

    def _closed(self, stream: Stream) -> None:
        stream.shut()
        service = self._services.get(stream.own_id)
        if service is not None and not service.survives_close:
            service.task.cancel()

    def _served(self, task: asyncio.Task[None], stream: Stream) -> None:
        del self._services[stream.own_id]
        error = None if task.cancelled() else task.exception()
        if isinstance(error, BadPacket):
            log.warning("%s broke the form of %r: %s; stream closed", self.peer, task.get_name(), error)
        elif error is not None and not isinstance(error, StreamClosed):
            log.error("serving %r failed", task.get_name(), exc_info=error)
        stream.shut()

    def _end_streams(self) -> None:
        for stream in list(self._streams.values()):
            self._closed(stream)

    def _new_stream(self, host_id: int = 0) -> Stream:
        self._last_id += 1
        stream = self._streams[self._last_id] = Stream(self, self._last_id, host_id)
        return stream
