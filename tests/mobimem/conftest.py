"""A data folder of the test's own, and a wallet to pay from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mobimem.evals.crash import World
from mobimem.evals.payment import data_folder


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Our data is here; the machine's user keeps theirs."""
    with data_folder(tmp_path / "home") as folder:
        yield folder


@pytest.fixture
def world(home: Path) -> World:
    """A phone in this process, and the payment as a taught recipe."""
    return World()
