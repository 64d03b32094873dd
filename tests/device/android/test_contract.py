from tests.adbserver import AdbServer, adb_server  # isort: skip  # before adbutils

from collections.abc import Iterator

import pytest

from tests.device.android.bench import AndroidBench
from tests.device.contract import DeviceContract

__all__ = ["adb_server"]


class TestAndroidDevice(DeviceContract):
    @pytest.fixture
    def bench(self, adb_server: AdbServer) -> Iterator[AndroidBench]:
        bench = AndroidBench(adb_server)
        yield bench
        bench.close()
