from __future__ import annotations

from collections.abc import Iterator

import pytest

from device.clock import ManualClock
from device.virtual.phone import VirtualPhone


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def phone(clock: ManualClock) -> Iterator[VirtualPhone]:
    with VirtualPhone(clock=clock) as phone:
        yield phone
