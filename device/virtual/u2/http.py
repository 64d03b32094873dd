"""The server's half of HTTP/1.1 over one stream: requests in, answers out, keep-alive between them.

Only what a JSON-RPC server needs: a head, a body with Content-Length, no chunked requests, no compression. Sizes are
limited, so that a stranger cannot fill the memory. Knows nothing of phones.

Where the body is still on its way when the head is complete, `100 Continue` is sent: Python's http.client writes head
and body separately, and that small answer spares the body the 40 ms which Nagle's algorithm and a delayed
acknowledgement would hold it back (shared checklist, section 5: 59 -> 17 ms per call).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from device.virtual.ports import DuplexStream

HEAD_MAX_BYTES = 16 * 1024
BODY_MAX_BYTES = 16 * 1024 * 1024
_READ_BYTES = 64 * 1024
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class BadRequest(Exception):
    """The bytes are no request this server can read; the connection cannot go on after the answer."""

    def __init__(self, why: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True, slots=True)
class Request:
    """`headers` has lower-case names; of a repeated header the last one counts."""

    method: str
    path: str
    version: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def keep_alive(self) -> bool:
        wish = self.headers.get("connection", "").lower()
        return wish != "close" if self.version == "HTTP/1.1" else wish == "keep-alive"


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer."""

    status: HTTPStatus = HTTPStatus.OK
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"

    def encode(self, *, keep_alive: bool) -> bytes:
        """The answer as it goes over the wire."""
        head = (
            f"HTTP/1.1 {self.status.value} {self.status.phrase}\r\n"
            f"Content-Type: {self.content_type}\r\n"
            f"Content-Length: {len(self.body)}\r\n"
            f"Connection: {'keep-alive' if keep_alive else 'close'}\r\n\r\n"
        )
        return head.encode("ascii") + self.body


class Connection:
    """Reads one request after the other from a stream."""

    def __init__(self, stream: DuplexStream) -> None:
        self._stream = stream
        self._buffer = bytearray()

    async def read(self) -> Request | None:
        """The next request, or None once the client has closed before a new one.

        Raises:
            BadRequest: malformed, too large, or the client closed in the middle.
            StreamClosed: the client has gone and cannot be told to continue.
        """
        head = await self._head()
        if head is None:
            return None
        method, path, version, headers = _parse_head(head)
        length = _body_length(headers)
        if len(self._buffer) < length and version == "HTTP/1.1":
            await self._stream.write(_CONTINUE)
        while len(self._buffer) < length:
            if not await self._fill():
                raise BadRequest(f"the connection ended after {len(self._buffer)} of {length} bytes of the body")
        body = bytes(self._buffer[:length])
        del self._buffer[:length]
        return Request(method, path, version, headers, body)

    async def send(self, answer: Answer, *, keep_alive: bool) -> None:
        await self._stream.write(answer.encode(keep_alive=keep_alive))

    async def _head(self) -> bytes | None:
        while (end := self._buffer.find(b"\r\n\r\n")) < 0:
            if len(self._buffer) > HEAD_MAX_BYTES:
                raise BadRequest("the head is too long", HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            if not await self._fill():
                if self._buffer.strip():
                    raise BadRequest("the connection ended inside the head")
                return None
        if end > HEAD_MAX_BYTES:
            raise BadRequest("the head is too long", HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        head = bytes(self._buffer[:end])
        del self._buffer[: end + 4]
        return head

    async def _fill(self) -> bool:
        data = await self._stream.read(_READ_BYTES)
        self._buffer += data
        return bool(data)


def _parse_head(head: bytes) -> tuple[str, str, str, dict[str, str]]:
    first, *lines = head.decode("latin-1").lstrip("\r\n").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or words[2] not in ("HTTP/1.0", "HTTP/1.1") or not words[0].isalpha():
        raise BadRequest(f"not a request line: {first[:80]!r}")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise BadRequest(f"not a header: {line[:80]!r}")
        headers[name.lower()] = value.strip()
    return words[0], words[1], words[2], headers


def _body_length(headers: Mapping[str, str]) -> int:
    if "transfer-encoding" in headers:
        raise BadRequest("send the body with Content-Length", HTTPStatus.LENGTH_REQUIRED)
    text = headers.get("content-length", "0")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise BadRequest(f"not a Content-Length: {text[:80]!r}")
    length = int(text)
    if length > BODY_MAX_BYTES:
        raise BadRequest(f"{length} bytes are too many", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return length
