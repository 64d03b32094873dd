"""The same player over real adb and uiautomator2: what comes between is recognised there by what Android reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from device.android import adb
from device.android.device import AndroidDevice
from device.protocol import Reading
from device.virtual.phone import PhoneConfig, VirtualPhone
from replay.recipe import Recipe
from replay.runner import Runner
from tests.adbserver import AdbServer, adb_server  # noqa: F401 - a fixture
from tests.replay.bench import ALICE, ASKED, MESSAGES, Owner, text_someone


class OverAdb(AndroidDevice):
    """An `AndroidDevice` at whose fourth reading something happens to the phone."""

    def __init__(self, server: AdbServer, phone: VirtualPhone, serial: str) -> None:
        super().__init__(adb.server(server.port), serial)
        self.phone, self.reads = phone, 0
        self.then: Callable[[VirtualPhone], object] = lambda phone: None

    def read(self, *, timeout_s: float = 10.0) -> Reading:
        self.reads += 1
        if self.reads == 4:
            self.then(self.phone)
        return super().read(timeout_s=timeout_s)


@pytest.fixture(scope="module")
def device(adb_server: AdbServer) -> Iterator[OverAdb]:  # noqa: F811 - the fixture
    phone = VirtualPhone(PhoneConfig())
    serial = f"127.0.0.1:{phone.start()}"
    device = OverAdb(adb_server, phone, serial)
    yield device
    device.close()
    phone.stop()


@pytest.fixture(scope="module")
def text() -> Recipe:
    return text_someone()


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ("permission", lambda phone: phone.faults.permission_dialog("android.permission.CAMERA")),
        ("popup", lambda phone: phone.faults.popup()),
        ("crash", lambda phone: phone.faults.crash("com.example.notes")),
        ("not_responding", lambda phone: phone.faults.not_responding()),
        ("shade", lambda phone: phone.windows.open_shade()),
        ("wake", lambda phone: phone.faults.screen_off()),
    ],
)
def test_what_comes_between_is_got_out_of_the_way_over_adb(
    device: OverAdb, text: Recipe, kind: str, fault: Callable[[VirtualPhone], object]
) -> None:
    device.phone.windows.force_stop(MESSAGES)
    device.reads, device.then = 0, fault
    table = device.phone.store.table("sms")
    before = len(table.rows())
    result = Runner(device, Owner()).run(text, ASKED)
    assert result.outcome == "done", result.says
    assert kind in [detour.kind for detour in result.detours]
    assert [(row["address"], row["body"]) for row in table.rows()[before:]] == [(ALICE, ASKED["message"])]
