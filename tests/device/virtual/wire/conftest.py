from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from device.virtual.serve import Serving
from tests.adbserver import adb_server  # noqa: F401 - a fixture
from tests.device.virtual.wire.fakes import FakeHost, FakePhone, Hosts


@pytest.fixture
def phone(tmp_path: Path) -> FakePhone:
    return FakePhone(tmp_path)


@pytest.fixture
def serving(phone: FakePhone) -> Iterator[Serving]:
    serving = Serving(phone, new_shell=lambda: phone.run_command)
    phone.on_reboot = serving.reboot
    serving.start()
    yield serving
    serving.stop()


@pytest.fixture
def hosts(serving: Serving) -> Iterator[Hosts]:
    hosts = Hosts(serving.port)
    yield hosts
    hosts.close()


@pytest.fixture
def host(hosts: Hosts) -> FakeHost:
    """A host that has exchanged greetings with the phone."""
    return hosts.connect()
