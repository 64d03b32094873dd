"""A real adb server, and the virtual phone behind it with a list in front."""

from tests.adbserver import AdbServer, adb_server  # isort: skip  # before adbutils

from collections.abc import Iterator

import pytest

from tests.device.android.bench import AndroidBench

__all__ = ["adb_server"]


@pytest.fixture
def bench(adb_server: AdbServer) -> Iterator[AndroidBench]:
    bench = AndroidBench(adb_server)
    bench.show_list()
    yield bench
    bench.close()
