from __future__ import annotations

import pytest

from tests.device.virtual.window.kit import Bench


@pytest.fixture
def bench() -> Bench:
    return Bench()
