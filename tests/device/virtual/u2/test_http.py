"""HTTP byte by byte: what the server reads and what it sends."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

import pytest

from device.virtual.u2.http import BODY_MAX_BYTES, HEAD_MAX_BYTES, Answer, BadRequest, Connection, Request
from tests.device.virtual.u2.streams import ScriptedStream

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def read(*chunks: bytes) -> Request | None:
    return asyncio.run(Connection(ScriptedStream(*chunks)).read())


def test_a_get_has_no_body() -> None:
    request = read(b"GET /ping HTTP/1.1\r\nHost: localhost:9008\r\nAccept-Encoding: \r\n\r\n")
    assert request == Request("GET", "/ping", "HTTP/1.1", {"host": "localhost:9008", "accept-encoding": ""})


def test_a_request_may_arrive_in_any_pieces() -> None:
    whole = b"POST /jsonrpc/0 HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody"
    pieces = [whole[place : place + 1] for place in range(len(whole))]
    assert read(*pieces) == read(whole)
    request = read(whole)
    assert request is not None
    assert request.body == b"body"


def test_a_head_without_its_body_is_answered_with_continue_so_that_the_body_comes_at_once() -> None:
    stream = ScriptedStream(b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n", b"body")
    assert asyncio.run(Connection(stream).read()) is not None
    assert stream.written == [CONTINUE]


def test_head_and_body_together_need_no_continue_and_neither_does_an_old_client() -> None:
    for chunks in (
        [b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody"],
        [b"POST / HTTP/1.0\r\nContent-Length: 4\r\n\r\n", b"body"],
    ):
        stream = ScriptedStream(*chunks)
        assert asyncio.run(Connection(stream).read()) is not None
        assert stream.written == []


def test_requests_follow_each_other_on_one_connection() -> None:
    async def paths() -> list[str]:
        connection = Connection(ScriptedStream(b"GET /a HTTP/1.1\r\n\r\nGET /b HT", b"TP/1.1\r\n\r\n"))
        read_paths = []
        while (request := await connection.read()) is not None:
            read_paths.append(request.path)
        return read_paths

    assert asyncio.run(paths()) == ["/a", "/b"]


@pytest.mark.parametrize(
    ("version", "header", "kept"),
    [
        ("1.1", b"", True),
        ("1.1", b"Connection: Close\r\n", False),
        ("1.0", b"", False),
        ("1.0", b"Connection: keep-alive\r\n", True),
    ],
)
def test_a_connection_is_kept_as_the_version_and_the_client_wish(version: str, header: bytes, kept: bool) -> None:
    request = read(b"GET / HTTP/" + version.encode() + b"\r\n" + header + b"\r\n")
    assert request is not None
    assert request.keep_alive is kept


def test_a_client_that_closes_between_requests_is_no_error() -> None:
    assert read() is None
    assert read(b"\r\n") is None


@pytest.mark.parametrize(
    ("bytes_sent", "status"),
    [
        (b"nonsense\r\n\r\n", HTTPStatus.BAD_REQUEST),
        (b"GET / HTTP/2\r\n\r\n", HTTPStatus.BAD_REQUEST),
        (b"\x16\x03\x01\x02\r\n\r\n", HTTPStatus.BAD_REQUEST),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", HTTPStatus.BAD_REQUEST),
        (b"GET / HTTP/1.1\r\n folded: line\r\n\r\n", HTTPStatus.BAD_REQUEST),
        (b"GET / HTTP/1.1\r\nHost: x", HTTPStatus.BAD_REQUEST),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", HTTPStatus.BAD_REQUEST),
        (b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", HTTPStatus.BAD_REQUEST),
        (b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nshort", HTTPStatus.BAD_REQUEST),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", HTTPStatus.LENGTH_REQUIRED),
        (b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (BODY_MAX_BYTES + 1), HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * (HEAD_MAX_BYTES + 1), HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * HEAD_MAX_BYTES + b"\r\n\r\n", HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE),
    ],
)  # fmt: skip
def test_what_is_no_request_is_refused_with_the_fitting_status(bytes_sent: bytes, status: HTTPStatus) -> None:
    with pytest.raises(BadRequest) as refused:
        read(bytes_sent)
    assert refused.value.status is status


def test_an_answer_names_its_length_and_type() -> None:
    assert Answer(body=b"pong").encode(keep_alive=True) == (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 4\r\n"
        b"Connection: keep-alive\r\n\r\npong"
    )
