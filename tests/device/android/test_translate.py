import http.client

import pytest
from adbutils.errors import AdbConnectionError, AdbError, AdbInstallError, AdbTimeout

from device.android import u2
from device.android.status import StatusUnreadable
from device.android.translate import MAY_HAVE_HAPPENED, translate, translated
from device.errors import (
    ActionRefused,
    AdbUnavailable,
    AutomationTaken,
    DeviceBug,
    DeviceGone,
    DeviceOffline,
    DeviceTimeout,
    Unauthorized,
)


def _raised(error: Exception, cause: Exception | None = None) -> Exception:
    try:
        raise error from cause
    except Exception as caught:  # noqa: BLE001
        return caught


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (AdbError("device '127.0.0.1:1' not found"), DeviceGone),
        (AdbError("device offline"), DeviceOffline),
        (AdbError("device unauthorized.\nThis adb server's $ADB_VENDOR_KEYS is not set"), Unauthorized),
        (AdbError("device still authorizing"), Unauthorized),
        (AdbError("insufficient permissions for device"), AdbUnavailable),
        (AdbConnectionError("no adb server at 127.0.0.1:5037"), AdbUnavailable),
        (AdbTimeout("adb read timeout"), DeviceTimeout),
        (TimeoutError("timed out"), DeviceTimeout),
        (u2.NOT_CONNECTED("UiAutomation not connected"), AutomationTaken),
        (u2.ALREADY_REGISTERED("already registered!"), AutomationTaken),
        (u2.LAUNCH_FAILED("server quit", "UiAutomationService already registered!"), AutomationTaken),
        (u2.LAUNCH_FAILED("server quit", "ClassNotFoundException"), DeviceBug),
        (u2.INJECTION_REFUSED("no"), ActionRefused),
        (u2.RPC_FAILED("Unknown RPC error: -32001 java.lang.SecurityException: INJECT_EVENTS"), ActionRefused),
        (AdbInstallError("Failure [INSTALL_FAILED_USER_RESTRICTED]"), ActionRefused),
        (u2.RPC_FAILED("Unknown RPC error: -32601 method not found"), DeviceBug),
        (StatusUnreadable("no screen size"), DeviceBug),
    ],
)
def test_each_foreign_error_has_its_own_class(error, ours):
    assert type(translate(_raised(error), "s", lambda: "device")) is ours


def test_what_adb_said_is_found_behind_uiautomators_wrapping():
    wrapped = _raised(u2.UNREACHED("Unable to connect to uiautomator2 server"), AdbError("device 'x' not found"))

    assert isinstance(translate(wrapped, "x", lambda: None), DeviceGone)


@pytest.mark.parametrize(
    ("state", "ours"),
    [(None, DeviceGone), ("offline", DeviceOffline), ("unauthorized", Unauthorized), ("device", DeviceTimeout)],
)
def test_a_connection_that_breaks_without_a_word_is_explained_by_adbs_list(state, ours):
    broken = http.client.RemoteDisconnected("Remote end closed connection without response")

    assert type(translate(broken, "s", lambda: state)) is ours


def test_the_cause_and_the_serial_are_kept():
    with pytest.raises(DeviceOffline) as caught, translated("emulator-5554", lambda: None):
        raise AdbError("device offline")

    assert isinstance(caught.value.__cause__, AdbError)
    assert caught.value.serial == "emulator-5554"


def test_an_error_after_something_was_sent_says_that_it_may_have_happened():
    with pytest.raises(DeviceGone) as caught, translated("s", lambda: None, sent=lambda: True):
        raise ConnectionResetError("reset")

    assert caught.value.next_step == MAY_HAVE_HAPPENED


def test_our_own_errors_pass_unchanged():
    with pytest.raises(DeviceGone, match="cable"), translated("s", lambda: None):
        raise DeviceGone("cable")


def test_a_mistake_in_our_code_is_not_dressed_up():
    with pytest.raises(ZeroDivisionError), translated("s", lambda: None):
        raise ZeroDivisionError
