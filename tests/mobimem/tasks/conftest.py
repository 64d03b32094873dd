"""A data folder of the test's own."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _own_home(home: object) -> None:
    """Every test here runs tasks, and keeps what they leave in its own folder."""
