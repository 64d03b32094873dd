"""Each way a phone can fail has its own error, and none of them makes an action happen twice."""

from tests.adbserver import AdbServer, free_port, adb_server, wait_until  # isort: skip  # before adbutils

import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from device.actions import Action, InputText, OpenApp, PressKey, Tap
from device.android import adb
from device.android.device import AndroidDevice
from device.android.status import STATUS_COMMAND
from device.android.translate import MAY_HAVE_HAPPENED
from device.android.wire import Server
from device.errors import (
    ActionRefused,
    AdbUnavailable,
    AutomationTaken,
    DeviceBug,
    DeviceGone,
    DeviceOffline,
    DeviceTimeout,
    Reconnect,
    ScreenshotFailed,
    Unauthorized,
)
from device.virtual.phone import VirtualPhone
from device.virtual.u2.faults import Drop, Fail, Hang, Reply, Status
from tests.device.android.bench import APP, AndroidBench
from tests.device.android.scripted_adb import ScriptedAdbServer
from tests.device.contract import centre

__all__ = ["adb_server"]


@dataclass
class Answered:
    """A shell command whose answer is known already."""

    answer: str

    def collect(self) -> str:
        return self.answer

    def cancel(self) -> None:
        """Nothing is on its way."""


def _count(bench: AndroidBench) -> Action:
    """A tap on the button that counts."""
    from device.actions import Point

    reading = bench.device.read()
    box = next(
        box for window in bench.phone.windows.frame().windows for box in window.root.walk() if box.view.id == "count"
    )
    return Tap(Point(*box.visible.center, reading.size))


def test_a_call_that_hangs_ends_in_time_and_the_next_one_works(bench: AndroidBench):
    bench.phone.rpc_faults.arm(Hang(30), method="dumpWindowHierarchy")
    start_s = time.monotonic()

    with pytest.raises(DeviceTimeout):
        bench.device.read(timeout_s=0.5)

    assert time.monotonic() - start_s < 3
    assert "<node" in bench.device.read().hierarchy


def test_an_action_that_hangs_says_that_it_may_have_happened(bench: AndroidBench):
    action = _count(bench)
    bench.phone.rpc_faults.arm(Hang(30), method="click")

    with pytest.raises(DeviceTimeout, match="may have happened"):
        bench.device.perform(action, timeout_s=0.5)


def test_an_action_whose_answer_is_lost_is_not_repeated(bench: AndroidBench):
    action = _count(bench)
    bench.phone.rpc_faults.arm(Drop(after=True), method="click")

    with pytest.raises(Reconnect) as caught:
        bench.device.perform(action)

    assert caught.value.next_step == MAY_HAVE_HAPPENED
    assert bench.tapped() == 1
    bench.device.perform(action)
    assert bench.tapped() == 2


def test_an_action_answered_by_a_server_error_is_not_repeated(bench: AndroidBench):
    action = _count(bench)
    bench.phone.rpc_faults.arm(Status(), method="click")

    with pytest.raises(Reconnect):
        bench.device.perform(action)

    assert bench.tapped() == 0


@pytest.mark.parametrize("fault", [Drop(), Drop(after=True), Status()], ids=str)
def test_a_reading_whose_answer_is_lost_is_taken_once_more(bench: AndroidBench, fault: Drop | Status):
    bench.phone.rpc_faults.arm(fault, method="dumpWindowHierarchy")

    assert "<node" in bench.device.read().hierarchy


def test_a_cut_cable_is_mended_by_the_next_reading(bench: AndroidBench):
    bench.phone.faults.drop_transport()

    assert "<node" in bench.device.read().hierarchy


def test_a_cut_cable_before_an_action_lets_it_happen_exactly_once(bench: AndroidBench):
    action = _count(bench)
    bench.phone.faults.drop_transport()

    bench.device.perform(action)

    assert bench.tapped() == 1


def test_a_cut_cable_before_a_key_lets_it_happen_exactly_once(bench: AndroidBench):
    bench.device.read()
    bench.phone.faults.drop_transport()

    bench.device.perform(PressKey("home"))

    assert bench.device.read().foreground.package != APP


def test_a_phone_that_left_is_gone_or_offline_and_works_when_it_is_back(bench: AndroidBench):
    bench.kill()
    with pytest.raises((DeviceGone, DeviceOffline)):
        bench.device.read(timeout_s=1.5)

    bench.revive()

    assert "<node" in bench.device.read(timeout_s=20).hierarchy


def test_a_phone_that_adb_no_longer_lists_is_gone_at_once(bench: AndroidBench, adb_server: AdbServer):
    other = AndroidDevice(adb.server(adb_server.port), bench.serial)
    other.close()
    adb_server.disconnect(bench.serial)
    bench.kill()

    with pytest.raises(DeviceGone):
        AndroidDevice(adb.server(adb_server.port), bench.serial)


def test_an_action_on_a_phone_that_left_reaches_nothing_and_says_so(bench: AndroidBench):
    action = _count(bench)
    bench.kill()

    with pytest.raises(Reconnect):
        bench.device.perform(action, timeout_s=1.5)

    bench.revive()
    bench.device.read(timeout_s=20)
    assert bench.tapped() == 0


def test_automation_taken_by_another_client_is_told_from_a_lost_phone(bench: AndroidBench):
    second = bench.connect()
    bench.phone.rpc_faults.disconnect(times=2)

    with pytest.raises(AutomationTaken):
        second.read()


def test_automation_taken_before_we_came_is_named_at_once(adb_server: AdbServer):
    phone = VirtualPhone()
    taken = phone.packages.spawn_shell_process("app_process", lambda: None)
    serial = f"127.0.0.1:{phone.start()}"
    try:
        with pytest.raises(AutomationTaken):
            AndroidDevice(adb.server(adb_server.port), serial)
        phone.packages.kill_pid(taken)
        AndroidDevice(adb.server(adb_server.port), serial).close()
    finally:
        adb_server.disconnect(serial)
        phone.stop()


def test_a_killed_adb_server_is_started_again_and_the_phone_connected_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    own = AdbServer(tmp_path, free_port())
    for name, value in own.environment.items():
        monkeypatch.setenv(name, value)
    own.start()
    bench = AndroidBench(own)
    try:
        own.stop()

        assert "<node" in bench.device.read(timeout_s=30).hierarchy
    finally:
        bench.close()
        own.adb("kill-server")


def test_a_screen_turned_while_it_is_read_is_read_with_the_size_of_its_tree(
    bench: AndroidBench, monkeypatch: pytest.MonkeyPatch
):
    wire = bench.device._session.wire
    before = wire.run(STATUS_COMMAND)
    fire, old_answers = wire.fire, [Answered(before)]
    monkeypatch.setattr(wire, "fire", lambda command: old_answers.pop() if old_answers else fire(command))
    bench.turn(1)

    reading = bench.device.read()

    assert reading.rotation == 1
    assert reading.size.width_px > reading.size.height_px


def test_a_closed_device_says_so(bench: AndroidBench):
    bench.device.close()

    with pytest.raises(DeviceGone, match="was closed"):
        bench.device.read()


def test_automation_lost_once_is_taken_again(bench: AndroidBench):
    bench.phone.rpc_faults.disconnect(times=1)

    assert "<node" in bench.device.read().hierarchy


def test_a_server_on_the_phone_that_was_stopped_is_started_again(bench: AndroidBench):
    bench.server.adb(
        "shell", "kill $(ps -u shell | grep app_process | tr -s ' ' | cut -d ' ' -f 2)", serial=bench.serial
    )

    assert "<node" in bench.device.read(timeout_s=20).hierarchy


def test_no_picture_is_no_sign_of_a_protected_screen(bench: AndroidBench, monkeypatch: pytest.MonkeyPatch):
    bench.phone.rpc_faults.no_screenshot()
    assert bench.device.picture().media_type == "image/png"

    bench.phone.rpc_faults.no_screenshot()
    monkeypatch.setattr(bench.device._session.wire, "run_bytes", lambda _command: b"screencap: capture failed")
    with pytest.raises(ScreenshotFailed):
        bench.device.picture()


def test_one_empty_tree_is_read_over(bench: AndroidBench):
    bench.empty_next(1)

    assert "<node" in bench.device.read().hierarchy


def test_input_that_android_forbids_is_refused_and_not_repeated(bench: AndroidBench):
    action = _count(bench)
    bench.phone.rpc_faults.arm(
        Fail("java.lang.SecurityException: Injecting to another application requires INJECT_EVENTS permission"),
        method="click",
    )

    with pytest.raises(ActionRefused, match="INJECT_EVENTS"):
        bench.device.perform(action)

    assert bench.tapped() == 0


def test_input_that_android_does_not_take_is_refused(bench: AndroidBench):
    action = _count(bench)
    bench.phone.rpc_faults.arm(Reply(False), method="click")

    with pytest.raises(ActionRefused, match="rejected"):
        bench.device.perform(action)


def test_an_answer_nobody_foresaw_is_our_bug(bench: AndroidBench):
    bench.phone.rpc_faults.arm(Fail("java.lang.StackOverflowError", data="at x"), method="dumpWindowHierarchy")

    with pytest.raises(DeviceBug, match="StackOverflowError"):
        bench.device.read()


def test_an_app_without_an_entry_of_that_name_is_refused(bench: AndroidBench):
    with pytest.raises(ActionRefused, match=APP):
        bench.device.perform(OpenApp(APP, ".Nowhere"))


def test_a_call_waits_for_another_threads_call_no_longer_than_its_own_limit(bench: AndroidBench):
    import threading

    bench.phone.rpc_faults.arm(Hang(2), method="dumpWindowHierarchy")
    slow = threading.Thread(target=lambda: bench.device.read(timeout_s=20))
    slow.start()
    wait_until(lambda: bench.device._session.busy)

    with pytest.raises(DeviceTimeout, match="nothing was sent"):
        bench.device.perform(PressKey("home"), timeout_s=0.2)
    slow.join()


@pytest.mark.parametrize(
    ("listing", "refusal", "error"),
    [
        ("S1  unauthorized usb:1-1\n", "device unauthorized.", Unauthorized),
        ("S1  authorizing usb:1-1\n", "device still authorizing", Unauthorized),
        ("S1  offline usb:1-1\n", "device offline", DeviceOffline),
        ("S1  no permissions (user in plugdev group); see [http://x] usb:1-1\n", "no permissions", AdbUnavailable),
        ("S1  device usb:1-1\n", "device offline", DeviceOffline),
        ("S1  device usb:1-1\n", "device unauthorized.", Unauthorized),
        ("", "device 'S1' not found", DeviceGone),
    ],
)
def test_what_adb_says_of_a_phone_decides_the_error(listing: str, refusal: str, error: type[Exception]):
    scripted = ScriptedAdbServer(listing, refusal)
    try:
        with pytest.raises(error):
            AndroidDevice(Server("127.0.0.1", scripted.port), "S1", timeout_s=5)
    finally:
        scripted.close()


def test_text_goes_through_the_clipboard_where_our_keyboard_cannot_be_installed(
    bench: AndroidBench, monkeypatch: pytest.MonkeyPatch
):
    from adbutils.errors import AdbInstallError

    def refuse(*_args: object) -> None:
        raise AdbInstallError("Failure [INSTALL_FAILED_USER_RESTRICTED]")

    monkeypatch.setattr(bench.device._session.wire, "install", refuse)
    bench.phone.windows.clipboard = "the owner's"
    bench.show_field()

    bench.device.perform(InputText("你好"))
    bench.device.perform(InputText("déjà", replace=True))

    assert bench.field_text() == "déjà"
    assert bench.phone.windows.clipboard == "the owner's"


def test_nothing_is_ever_printed(bench: AndroidBench, capsys: pytest.CaptureFixture[str]):
    bench.show_field()
    bench.device.perform(InputText("x"))
    bench.device.perform(Tap(centre(bench.device.read().size)))
    bench.device.close()

    assert capsys.readouterr() == ("", "")
