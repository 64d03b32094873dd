"""What the server answers when it cannot do a call: one exception per JSON-RPC error object.

    RpcError                 an error object with code, message and data; answered with HTTP status 200
      ├─ UiObjectNotFound    nothing on the screen fits the selector
      ├─ InvalidParams       the parameters do not fit the method
      ├─ MethodNotFound      no such method
      └─ JavaError           anything else that the Java server would have thrown

Codes and texts are those of uiautomator2's Java server (jsonrpc4j): clients search the message for class names.
"""

from __future__ import annotations

JAVA_EXCEPTION = -32001
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
PARSE_ERROR = -32700


class RpcError(Exception):
    """A JSON-RPC error object."""

    def __init__(self, code: int, message: str, data: str | None = None) -> None:
        super().__init__(f"{code} {message}: {data}")
        self.code = code
        self.message = message
        self.data = data

    def as_json(self) -> dict[str, object]:
        return {"code": self.code, "message": self.message, "data": self.data}


class UiObjectNotFound(RpcError):
    """Nothing on the screen fits; `data` describes what was searched for, e.g. "UiSelector[TEXT=nope]"."""

    def __init__(self, searched: str) -> None:
        super().__init__(JAVA_EXCEPTION, "androidx.test.uiautomator.UiObjectNotFoundException", searched)


class InvalidParams(RpcError):
    def __init__(self, why: str) -> None:
        super().__init__(INVALID_PARAMS, "method parameters invalid", why)


class MethodNotFound(RpcError):
    def __init__(self, method: str) -> None:
        super().__init__(METHOD_NOT_FOUND, "method not found", method)


class JavaError(RpcError):
    """An exception of another class, e.g. "java.lang.IllegalStateException"."""

    def __init__(self, java_class: str, text: str) -> None:
        super().__init__(JAVA_EXCEPTION, java_class, text)
