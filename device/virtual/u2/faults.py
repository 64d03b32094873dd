"""The server's switchboard of faults: what a test arms here, the next calls run into.

Each armed fault names the method it waits for (None: any), how often it strikes, and then is gone. Safe from any
thread: a test arms, the server's event loop takes.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, TypeAlias

from device.virtual.u2.errors import JAVA_EXCEPTION

# What Android gives in the middle of a change; uiautomator2 asks again, three times in all.
EMPTY_HIERARCHY = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\r\n<hierarchy rotation=\"0\" />"
NOT_CONNECTED = "java.lang.IllegalStateException: UiAutomation not connected"


RPC_USAGE = (
    "error TEXT [METHOD], hang SECONDS [METHOD], drop [METHOD], drop-after [METHOD], status CODE [METHOD], "
    "disconnect [TIMES], empty [TIMES], no-screenshot [TIMES], clear, list"
)


@dataclass(frozen=True, slots=True)
class Fail:
    """The call answers with an error object and does nothing."""

    message: str
    data: str = ""
    code: int = JAVA_EXCEPTION


@dataclass(frozen=True, slots=True)
class Reply:
    """The call answers with this result and does nothing."""

    result: Any


@dataclass(frozen=True, slots=True)
class Hang:
    """The call begins only after this many seconds; a client may have given up by then."""

    duration_s: float


@dataclass(frozen=True, slots=True)
class Drop:
    """The connection ends without an answer; with `after`, once the call was carried out."""

    after: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """HTTP itself answers with this status."""

    status: HTTPStatus = HTTPStatus.INTERNAL_SERVER_ERROR


Fault: TypeAlias = Fail | Reply | Hang | Drop | Status


@dataclass(frozen=True, slots=True)
class _Armed:
    fault: Fault
    method: str | None
    times: int


class RpcFaults:
    """The faults that wait for a call, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: list[_Armed] = []

    def arm(self, fault: Fault, *, method: str | None = None, times: int = 1) -> None:
        """Lets the next `times` calls of `method` (None: of any method) run into `fault`."""
        if times < 1:
            raise ValueError(f"a fault strikes at least once, not {times} times")
        with self._lock:
            self._armed.append(_Armed(fault, method, times))

    def disconnect(self, times: int = 1) -> None:
        """The next calls answer "UiAutomation not connected", which makes clients restart the server."""
        self.arm(Fail(NOT_CONNECTED), times=times)

    def empty_hierarchy(self, times: int = 1) -> None:
        """The next dumps have no node in them, as Android gives them in the middle of a change."""
        self.arm(Reply(EMPTY_HIERARCHY), method="dumpWindowHierarchy", times=times)

    def no_screenshot(self, times: int = 1) -> None:
        """The next screenshots are null, as Android's compositor sometimes answers."""
        self.arm(Reply(None), method="takeScreenshot", times=times)

    def clear(self) -> None:
        with self._lock:
            self._armed.clear()

    def take(self, method: str) -> Fault | None:
        """The fault this call runs into, used up once; None if none waits for it."""
        with self._lock:
            for place, armed in enumerate(self._armed):
                if armed.method in (None, method):
                    if armed.times == 1:
                        del self._armed[place]
                    else:
                        self._armed[place] = replace(armed, times=armed.times - 1)
                    return armed.fault
        return None

    def describe(self) -> list[str]:
        """One line per armed fault."""
        with self._lock:
            return [f"{armed.method or 'any'} x{armed.times}: {armed.fault}" for armed in self._armed]

    def command(self, words: list[str]) -> str:
        """What `cmd vphone rpc …` says: which faults are armed (`RPC_USAGE`).

        `help` says what each takes.

        Raises:
            ValueError: no such fault, or a number that is none; the message says what is known.
        """
        match words:
            case ["error", text, *method]:
                self.arm(Fail(text), method=_only(method))
            case ["hang", seconds, *method]:
                self.arm(Hang(float(seconds)), method=_only(method))
            case ["drop", *method]:
                self.arm(Drop(), method=_only(method))
            case ["drop-after", *method]:
                self.arm(Drop(after=True), method=_only(method))
            case ["status", code, *method]:
                self.arm(Status(HTTPStatus(int(code))), method=_only(method))
            case ["disconnect", *times]:
                self.disconnect(int(_only(times) or 1))
            case ["empty", *times]:
                self.empty_hierarchy(int(_only(times) or 1))
            case ["no-screenshot", *times]:
                self.no_screenshot(int(_only(times) or 1))
            case ["clear"]:
                self.clear()
            case ["help"]:
                return RPC_USAGE
            case ["list"]:
                return "\n".join(self.describe())
            case _:
                raise ValueError(f"no such fault: {' '.join(words)!r}; there are: {RPC_USAGE}")
        return "armed" if words != ["clear"] else "cleared"


def _only(words: list[str]) -> str | None:
    if len(words) > 1:
        raise ValueError(f"too many words: {' '.join(words)!r}")
    return words[0] if words else None
