"""JSON-RPC: the body of a request in, an answer out; the methods themselves are in `methods_*.py`.

Every answer has HTTP status 200 and either `result` (null for methods that return nothing) or `error` with code,
message and data. Parameters come as a list, or as `{}` when there are none. A fault that is armed strikes here.
"""

from __future__ import annotations

import json
from typing import Any, Final, assert_never

from device.virtual.u2 import (
    methods_device,
    methods_gestures,
    methods_objects,
    methods_scrolling,
    methods_text,
    methods_waits,
)
from device.virtual.u2.automation import Automation
from device.virtual.u2.errors import INVALID_REQUEST, PARSE_ERROR, InvalidParams, RpcError
from device.virtual.u2.faults import Drop, Fail, Hang, Reply, RpcFaults, Status
from device.virtual.u2.http import Answer
from device.virtual.u2.table import MethodTable

METHODS: Final = MethodTable(
    family.table
    for family in (
        methods_device,
        methods_gestures,
        methods_objects,
        methods_scrolling,
        methods_text,
        methods_waits,
    )
)


class Dispatcher:
    """Answers JSON-RPC requests for one running server."""

    def __init__(self, automation: Automation, faults: RpcFaults) -> None:
        self._automation = automation
        self._faults = faults

    async def answer(self, body: bytes) -> Answer | None:
        """The answer to one request; None where the connection has to be dropped without one."""
        try:
            call = json.loads(body)
        except ValueError as error:
            return _json({"id": None, "error": RpcError(PARSE_ERROR, "JSON parse error", str(error)).as_json()})
        request_id = call.get("id") if isinstance(call, dict) else None
        try:
            method, params = _read(call)
            outcome = await self._perform(method, params)
        except RpcError as error:
            return _json({"id": request_id, "error": error.as_json()})
        match outcome:
            case Drop():
                return None
            case Status(status):
                return Answer(status, status.phrase.encode("ascii"))
            case Reply(result):
                return _json({"id": request_id, "result": result})
        assert_never(outcome)

    async def _perform(self, method: str, params: list[Any]) -> Reply | Drop | Status:
        fault = self._faults.take(method)
        match fault:
            case Fail(message, data, code):
                raise RpcError(code, message, data)
            case Reply() | Status() | Drop(after=False):
                return fault
            case Hang(duration_s):
                await self._automation.pace.sleep(duration_s)
            case Drop() | None:
                pass
            case _:
                assert_never(fault)
        result = await METHODS.call(method, self._automation, params)
        return fault if isinstance(fault, Drop) else Reply(result)


def _read(call: Any) -> tuple[str, list[Any]]:
    if not isinstance(call, dict) or not isinstance(call.get("method"), str):
        raise RpcError(INVALID_REQUEST, "invalid request", "an object with a method is needed")
    params = call.get("params") or []
    if not isinstance(params, list):
        raise InvalidParams("parameters come as a list")
    return call["method"], params


def _json(content: dict[str, Any]) -> Answer:
    body = json.dumps({"jsonrpc": "2.0", **content}, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return Answer(body=body, content_type="application/json; charset=utf-8")
