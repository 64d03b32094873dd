"""The one place that knows uiautomator2: its device class with our rules for repeating, stopping and leaving.

What differs from `uiautomator2.Device`:
- everything goes through the `Wire` handed in, so to one serial, with the running call's time limit;
- a request is repeated only if nothing of it can have happened: the server on the phone was not there, or it had no
  UiAutomation. Requests that only look (`_LOOKS`) are repeated after other failures too;
- its exit handler is taken off: whoever made this object stops it, and a phone that is gone holds nobody up.
"""

from __future__ import annotations

import atexit
from importlib import resources
from pathlib import Path
from typing import Any

import uiautomator2
from adbutils.errors import AdbError
from uiautomator2 import exceptions as u2_errors
from uiautomator2.core import DEFAULT_SERVER_PORT, _jsonrpc_call

from device.android.wire import Wire

_LOOKS = frozenset(
    {"deviceInfo", "dumpWindowHierarchy", "takeScreenshot", "objInfoOfAllInstances", "getClipboard", "exist", "count"}
)
_DUMP_DEPTH = 50  # uiautomator2's own default: deeper trees overflow the stack of the server on the phone
_FOCUSED_MASK = 0x40000
_JPEG_QUALITY = 80

UNREACHED = u2_errors.HTTPError
NOT_CONNECTED = u2_errors.UiAutomationNotConnectedError
ALREADY_REGISTERED = u2_errors.AccessibilityServiceAlreadyRegisteredError
LAUNCH_FAILED = u2_errors.LaunchUiAutomationError
INJECTION_REFUSED = u2_errors.InjectPermissionError
RPC_FAILED = u2_errors.RPCError
U2_ERROR: type[Exception] = u2_errors.BaseException


def asset(name: str) -> Path:
    """A file that comes with uiautomator2: "u2.jar", "app-uiautomator.apk"."""
    return Path(str(resources.files("uiautomator2"))) / "assets" / name


class Automator(uiautomator2.Device):  # type: ignore[misc]
    """uiautomator2 on one phone. Making one starts the server on the phone if it does not run."""

    def __init__(self, wire: Wire, *, port: int = DEFAULT_SERVER_PORT) -> None:
        try:
            super().__init__(wire, port=port)
        except BaseException:
            self._end_process()
            raise
        atexit.unregister(self.stop_uiautomator)

    def jsonrpc_call(self, method: str, params: Any = None, timeout: float = 10) -> Any:
        """One request; see the module's head for what is repeated."""
        try:
            return self._once(method, params, timeout)
        except u2_errors.UiAutomationNotConnectedError:
            if self._process is None:
                raise  # the server is another client's: it cannot be restarted from here
            self.stop_uiautomator()
        except u2_errors.HTTPError as error:
            if not (_refused_by_phone(error) or method in _LOOKS):
                raise
            self.stop_uiautomator(wait=False)
        self.start_uiautomator()
        return self._once(method, params, timeout)

    def tree(self) -> str:
        """The element tree of all windows as XML, as it came: not repeated when empty."""
        return str(self._call("dumpWindowHierarchy", False, _DUMP_DEPTH) or "")

    def picture_base64(self) -> str | None:
        """A JPEG of the screen in base64, or None if Android gave none."""
        picture = self._call("takeScreenshot", 1, _JPEG_QUALITY)
        return str(picture) if picture else None

    def press_at(self, x_px: int, y_px: int, duration_ms: int | None = None) -> bool:
        """A finger down and up at one place; False if Android refused it."""
        extra = () if duration_ms is None else (duration_ms,)
        return self._call("click", x_px, y_px, *extra) is not False

    def draw(self, points: list[int], steps: int) -> bool:
        """A finger drawn over [x, y, x, y, …], each stretch in `steps` moves of 5 ms."""
        return self._call("swipePoints", points, steps) is not False

    def key(self, code: int) -> bool:
        return self._call("pressKeyCode", code) is not False

    def focused(self) -> list[dict[str, Any]]:
        """What Android says about each element that has the focus."""
        selector = {"mask": _FOCUSED_MASK, "childOrSibling": [], "childOrSiblingSelector": [], "focused": True}
        return list(self._call("objInfoOfAllInstances", selector) or [])

    def paste(self, text: str) -> bool:
        """Puts text into the focused field through the clipboard; False if the clipboard did not take it."""
        before = self._call("getClipboard")
        self._call("setClipboard", None, text)
        if self._call("getClipboard") != text:
            return False
        self._call("pasteClipboard")
        if before:
            self._call("setClipboard", None, before)
        return True

    def clear_field(self) -> None:
        self._call("clearInputText")

    def rotation(self) -> int:
        """0..3, quarter turns counter-clockwise."""
        return int(self._call("deviceInfo")["displayRotation"])

    @property
    def started_here(self) -> bool:
        """Whether the server on the phone was started by this object (and ends with it)."""
        return self._process is not None

    def _end_process(self) -> None:
        """Closes the stream that a server which did not come up leaves open."""
        process: Any = getattr(self, "_process", None)
        if process is not None:
            process.kill()

    def _call(self, method: str, *params: Any) -> Any:
        return self.jsonrpc_call(method, list(params) if params else {})

    def _once(self, method: str, params: Any, timeout: float) -> Any:
        return _jsonrpc_call(self._dev, self._device_server_port, method, params, timeout, False)


def _refused_by_phone(error: Exception) -> bool:
    """The phone is there and nobody listens at the server's port: the request was not sent."""
    return isinstance(error.__cause__, AdbError) and str(error.__cause__).strip().lower() in (
        "closed",
        "connection refused",
    )
