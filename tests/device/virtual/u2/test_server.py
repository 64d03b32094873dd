"""The server as a whole: paths, error objects, faults, starting and stopping."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus

import pytest

from device.clock import ManualClock
from device.virtual.phone import VirtualPhone
from device.virtual.ports import AddressTaken
from device.virtual.u2 import DEFAULT_PORT, Server
from device.virtual.u2.faults import Drop, Fail, Hang, Status
from device.virtual.u2.rpc import METHODS
from tests.device.virtual.u2.conftest import Client, RpcFailed
from tests.device.virtual.u2.streams import ScriptedStream

CALLED_BY_UIAUTOMATOR2 = """
    deviceInfo dumpWindowHierarchy takeScreenshot click injectInputEvent swipe swipePoints drag pressKey pressKeyCode
    exist count waitForExists waitUntilGone objInfo objInfoOfAllInstances getText setText clearTextField clearInputText
    setClipboard getClipboard pasteClipboard getLastToast clearLastToast getLastTraversedText clearLastTraversedText
    openNotification openQuickSettings wakeUp sleep freezeRotation setOrientation scrollForward scrollBackward
    scrollToBeginning scrollToEnd scrollTo flingForward flingBackward flingToBeginning flingToEnd pinchIn pinchOut
    gesture dragTo childByText childByDescription childByInstance setConfigurator getConfigurator
"""
NOWHERE = {"mask": 1, "text": "nope", "childOrSibling": [], "childOrSiblingSelector": []}


def test_every_method_that_uiautomator2_calls_is_there() -> None:
    assert set(CALLED_BY_UIAUTOMATOR2.split()) <= set(METHODS.names)


def test_ping_answers_pong(rpc: Client) -> None:
    assert rpc.exchange(b"GET /ping HTTP/1.1\r\n\r\n").endswith(
        b"Content-Length: 4\r\nConnection: keep-alive\r\n\r\npong"
    )


@pytest.mark.parametrize(
    ("request_line", "status"),
    [(b"GET /nowhere", 404), (b"GET /jsonrpc/0", 405), (b"POST /ping", 405), (b"nonsense", 400)],
)
def test_other_requests_get_the_fitting_status(rpc: Client, request_line: bytes, status: int) -> None:
    assert rpc.exchange(request_line + b" HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 %d " % status)


def test_several_calls_share_a_connection(rpc: Client) -> None:
    body = json.dumps({"id": 7, "method": "ping"}).encode()
    call = b"POST /jsonrpc/0 HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    assert rpc.exchange(call + call).count(b'"result": "pong"') == 2


def test_a_method_without_result_answers_null(rpc: Client) -> None:
    assert rpc("clearLastToast") is None


@pytest.mark.parametrize(
    ("method", "params", "code", "message"),
    [
        ("makeToast", ["words", 1000], -32601, "method not found"),
        ("exist", [], -32602, "method parameters invalid"),
        ("exist", [5], -32602, "method parameters invalid"),
        ("click", ["left", "top"], -32001, "androidx.test.uiautomator.UiObjectNotFoundException"),
        ("click", [1.0], -32602, "method parameters invalid"),
        ("click", [True, 1.0], -32602, "method parameters invalid"),
        ("swipe", [1, 2, 3, 4], -32602, "method parameters invalid"),
        ("getText", [NOWHERE], -32001, "androidx.test.uiautomator.UiObjectNotFoundException"),
    ],
)
def test_what_cannot_be_done_is_an_error_object(
    rpc: Client, method: str, params: list[object], code: int, message: str
) -> None:
    with pytest.raises(RpcFailed) as failed:
        rpc(method, *params)
    assert (failed.value.error["code"], failed.value.error["message"]) == (code, message)
    assert isinstance(failed.value.error["data"], str)


def test_a_missing_object_is_described_as_java_does(rpc: Client) -> None:
    with pytest.raises(RpcFailed) as failed:
        rpc("objInfo", NOWHERE)
    assert failed.value.error["data"] == "UiSelector[TEXT=nope]"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", -32700),
        (b"\xff", -32700),
        (b"[]", -32600),
        (b'{"method": 5}', -32600),
        (b'{"method": "ping", "params": 5}', -32602),
    ],
)
def test_a_body_that_is_no_call_is_an_error_object_too(rpc: Client, body: bytes, code: int) -> None:
    status, content = rpc.post(body)
    assert (status, json.loads(content)["error"]["code"]) == (200, code)


def test_an_armed_error_is_answered_once_and_nothing_is_done(rpc: Client, phone: VirtualPhone) -> None:
    phone.rpc_faults.arm(Fail("java.lang.StackOverflowError", "deep"), method="setClipboard")
    with pytest.raises(RpcFailed) as failed:
        rpc("setClipboard", None, "lost")
    assert failed.value.error == {"code": -32001, "message": "java.lang.StackOverflowError", "data": "deep"}
    assert rpc("getClipboard") is None


def test_a_dropped_call_is_lost_and_one_dropped_afterwards_was_carried_out(rpc: Client, phone: VirtualPhone) -> None:
    set_clipboard = json.dumps({"id": 1, "method": "setClipboard", "params": [None, "kept"]}).encode()
    phone.rpc_faults.arm(Drop())
    assert rpc.post(set_clipboard) == (0, b"")
    assert rpc("getClipboard") is None
    phone.rpc_faults.arm(Drop(after=True))
    assert rpc.post(set_clipboard) == (0, b"")
    assert rpc("getClipboard") == "kept"


def test_a_hanging_call_begins_late(rpc: Client, phone: VirtualPhone, clock: ManualClock) -> None:
    phone.rpc_faults.arm(Hang(30.0))
    before_s = clock.monotonic_s()
    assert rpc("ping") == "pong"
    assert clock.monotonic_s() - before_s == 30.0


def test_http_itself_can_fail(rpc: Client, phone: VirtualPhone) -> None:
    phone.rpc_faults.arm(Status(HTTPStatus.BAD_GATEWAY))
    assert rpc.post(b'{"id": 1, "method": "ping"}')[0] == 502


def test_a_stopped_server_refuses_connections_and_can_be_started_anew(phone: VirtualPhone) -> None:
    server = Server(phone, DEFAULT_PORT)
    server.start()
    with pytest.raises(AddressTaken):
        Server(phone, DEFAULT_PORT).start()
    server.stop()
    server.stop()
    assert phone.ports.get(DEFAULT_PORT) is None
    again = Server(phone, DEFAULT_PORT)
    again.start()
    assert Client(phone)("ping") == "pong"
    again.stop()


def test_stopping_ends_a_call_that_is_under_way(phone: VirtualPhone) -> None:
    class SilentStream(ScriptedStream):
        """A client that has connected and says nothing."""

        async def read(self, n: int) -> bytes:
            reading.set()
            await asyncio.Event().wait()
            raise AssertionError("nothing ever arrives")

    server = Server(phone, DEFAULT_PORT)
    server.start()
    handler = phone.ports.get(DEFAULT_PORT)
    assert handler is not None
    stream = SilentStream()

    async def connect_and_stop() -> None:
        async with asyncio.timeout(5):
            connection = asyncio.ensure_future(handler(stream))
            await reading.wait()
            server.stop()
            await connection

    reading = asyncio.Event()
    asyncio.run(connect_and_stop())
    assert stream.closed


def test_a_client_that_has_gone_before_the_answer_disturbs_nobody(rpc: Client, phone: VirtualPhone) -> None:
    handler = phone.ports.get(DEFAULT_PORT)
    assert handler is not None
    stream = ScriptedStream(b"GET /ping HTTP/1.1\r\n\r\n", deaf=True)

    async def connect() -> None:
        await handler(stream)

    asyncio.run(connect())
    assert stream.closed
    assert rpc("ping") == "pong"
