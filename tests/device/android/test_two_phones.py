"""Two phones on one adb server: whatever the environment says, nothing reaches the wrong one."""

from tests.adbserver import AdbServer, adb_server  # isort: skip  # before adbutils

import threading
from collections.abc import Iterator

import pytest

from device.actions import InputText, Point, PressKey, Tap
from device.errors import AmbiguousDevice, DeviceGone
from device.open import open_device
from tests.device.android.bench import AndroidBench

__all__ = ["adb_server"]

ROUNDS = 8


@pytest.fixture
def pair(adb_server: AdbServer) -> Iterator[tuple[AndroidBench, AndroidBench]]:
    benches = AndroidBench(adb_server), AndroidBench(adb_server)
    yield benches
    for bench in benches:
        bench.close()


def test_two_threads_drive_two_phones_and_each_gets_its_own(
    pair: tuple[AndroidBench, AndroidBench], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ANDROID_SERIAL", pair[0].serial)
    problems: list[BaseException] = []

    def drive(bench: AndroidBench, word: str) -> None:
        try:
            for number in range(ROUNDS):
                bench.show_field()
                bench.device.perform(InputText(f"{word} {number}", replace=True))
                assert bench.field_text() == f"{word} {number}"
                assert f"{word} {number}" in bench.device.read().hierarchy
                bench.device.perform(PressKey("home"))
        except BaseException as error:  # noqa: BLE001 - shown by the test's own thread
            problems.append(error)

    threads = [threading.Thread(target=drive, args=(bench, f"phone{n}")) for n, bench in enumerate(pair)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []
    assert [bench.field_text() for bench in pair] == [f"phone{n} {ROUNDS - 1}" for n in range(2)]


def test_a_tap_on_one_phone_is_not_felt_by_the_other(pair: tuple[AndroidBench, AndroidBench]):
    for bench in pair:
        bench.show_list()

    size = pair[1].device.read().size
    pair[1].device.perform(Tap(Point(size.width_px // 2, size.height_px // 2, size)))

    assert [bench.touched() for bench in pair] == [0, 1]


def test_without_a_serial_two_devices_are_ambiguous(pair: tuple[AndroidBench, AndroidBench]):
    with pytest.raises(AmbiguousDevice, match=pair[0].serial):
        open_device(adb_port=pair[0].server.port)


def test_without_a_serial_the_only_device_is_taken(adb_server: AdbServer):
    bench = AndroidBench(adb_server)
    try:
        device = open_device(adb_port=adb_server.port)
        assert device.serial == bench.serial
        device.close()
    finally:
        bench.close()


def test_without_any_device_the_next_step_names_the_virtual_one(adb_server: AdbServer):
    with pytest.raises(DeviceGone, match="mobimem phone"):
        open_device(adb_port=adb_server.port)


def test_an_address_adb_does_not_know_yet_is_connected_to(adb_server: AdbServer):
    bench = AndroidBench(adb_server)
    try:
        bench.device.close()
        adb_server.disconnect(bench.serial)
        device = open_device(bench.serial, adb_port=adb_server.port)
        assert device.info().virtual
        device.close()
    finally:
        bench.close()
