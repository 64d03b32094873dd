"""A fresh phone for each test, and a hand to use it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from device.clock import ManualClock
from tests.device.virtual.apps.hand import Hand, new_phone


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def hand(clock: ManualClock) -> Iterator[Hand]:
    with new_phone(clock) as phone:
        yield Hand(phone, clock)
