"""Foreign errors become ours here and nowhere else: the most specific class, raised `from` the cause.

`translated(...)` wraps every call that goes to the phone. What adb says ("device offline", "not found") decides first;
where a connection broke without a word, adb is asked for the device's state, because a phone that left and a server
that died look alike on the socket. What nobody foresaw becomes `DeviceBug`, never silence.
"""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from adbutils.errors import AdbConnectionError, AdbError, AdbInstallError, AdbTimeout

from device.android import u2
from device.android.status import StatusUnreadable
from device.errors import (
    ActionRefused,
    AdbUnavailable,
    AutomationTaken,
    DeviceBug,
    DeviceError,
    DeviceGone,
    DeviceOffline,
    DeviceTimeout,
    Reconnect,
    Unauthorized,
)

MAY_HAVE_HAPPENED = "Connect again and read the screen before repeating anything: the action may have happened."
FOREIGN: tuple[type[Exception], ...] = (
    AdbError, u2.U2_ERROR, OSError, EOFError, http.client.HTTPException, json.JSONDecodeError, StatusUnreadable,
)  # fmt: skip

_TAKEN = re.compile(r"already registered|UiAutomation not connected|DeadObject|DeadSystem", re.IGNORECASE)
_INJECTION = re.compile(r"INJECT_EVENTS|InjectPermission|Injecting .*requires|SecurityException", re.IGNORECASE)


@contextmanager
def translated(
    serial: str, state_of: Callable[[], str | None], *, sent: Callable[[], bool] = lambda: False
) -> Iterator[None]:
    """Whatever foreign error leaves the block leaves it as a `DeviceError` about `serial`.

    Args:
        state_of: asks adb for the device's state; called only when a connection broke without a reason.
        sent: whether something that changes the phone may have been sent; then the next step says so.
    """
    try:
        yield
    except FOREIGN as error:
        found = translate(error, serial, state_of)
        if sent() and isinstance(found, Reconnect):
            found = type(found)(found.cause, next_step=MAY_HAVE_HAPPENED, serial=serial)
        raise found from error


def translate(error: BaseException, serial: str, state_of: Callable[[], str | None]) -> DeviceError:
    """Our error for a foreign one. Follows the chain of causes: uiautomator2 wraps what adb said."""
    chain = list(_chain(error))
    for link in chain:
        if isinstance(link, DeviceError):
            return link
        if (found := _by_words_of_adb(link, serial)) is not None:
            return found
    text = " / ".join(str(link) for link in chain if str(link))
    for kinds, words, ours in _RULES:
        if any(isinstance(link, kinds) for link in chain) or (words is not None and words.search(text)):
            return ours(text, serial)
    if any(isinstance(link, _BROKEN) for link in chain):
        return _connection_broke(text, serial, state_of)
    return DeviceBug(f"{type(error).__name__}: {_short(text)}", serial=serial)


def _by_words_of_adb(error: BaseException, serial: str) -> DeviceError | None:
    text = str(error).lower()
    if isinstance(error, AdbConnectionError):
        return AdbUnavailable(str(error), serial=serial)
    if not isinstance(error, AdbError):
        return None
    if "unauthorized" in text or "still authorizing" in text:
        return Unauthorized("the phone has not allowed this computer", serial=serial)
    if "device offline" in text or "still connecting" in text:
        return DeviceOffline("adb lists it as offline", serial=serial)
    if "not found" in text and "device" in text:
        return DeviceGone("adb lists no such device", serial=serial)
    if "no permissions" in text or "insufficient permissions" in text:
        return AdbUnavailable(
            f"this user may not open the USB device: {_short(str(error))}",
            next_step="Install Android's udev rules (`apt install android-sdk-platform-tools-common`) and replug.",
            serial=serial,
        )
    return None


def _connection_broke(text: str, serial: str, state_of: Callable[[], str | None]) -> DeviceError:
    try:
        state = state_of()
    except DeviceError as unreachable:
        return unreachable
    if state is None:
        return DeviceGone("it left adb", serial=serial)
    if state in ("unauthorized", "authorizing"):
        return Unauthorized("the phone has not allowed this computer", serial=serial)
    if state != "device":
        return DeviceOffline(f"adb lists it as {state}", serial=serial)
    return DeviceTimeout(f"the connection broke before an answer came ({_short(text)})", serial=serial)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _launch_failed(text: str, serial: str) -> DeviceError:
    if _TAKEN.search(text):
        return AutomationTaken("another client holds Android's UiAutomation", serial=serial)
    return DeviceBug(f"uiautomator2's server does not start on the phone: {_short(text)}", serial=serial)


def _taken(_text: str, serial: str) -> DeviceError:
    return AutomationTaken("another client holds Android's UiAutomation", serial=serial)


def _timed_out(_text: str, serial: str) -> DeviceError:
    return DeviceTimeout("no answer within the time limit", serial=serial)


def _refused_input(text: str, serial: str) -> DeviceError:
    return ActionRefused(f"Android refused the injected input: {_short(text)}", serial=serial)


def _refused_install(text: str, serial: str) -> DeviceError:
    return ActionRefused(f"Android refused to install our keyboard: {_short(text)}", serial=serial)


def _short(text: str) -> str:
    return " ".join(text.split())[:300]


_RULES: tuple[
    tuple[tuple[type[BaseException], ...], re.Pattern[str] | None, Callable[[str, str], DeviceError]], ...
] = (
    ((TimeoutError, AdbTimeout), None, _timed_out),
    ((u2.NOT_CONNECTED, u2.ALREADY_REGISTERED), None, _taken),
    ((u2.LAUNCH_FAILED,), None, _launch_failed),
    ((u2.INJECTION_REFUSED,), _INJECTION, _refused_input),
    ((AdbInstallError,), None, _refused_install),
)
_BROKEN = (ConnectionError, EOFError, http.client.HTTPException, AdbError, u2.UNREACHED)
