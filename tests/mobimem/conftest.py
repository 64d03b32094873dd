"""A data folder of the test's own, and a wallet to pay from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mobimem.evals.crash import World
from mobimem.evals.payment import NAME, VALUES, data_folder, now
from replay.trace import Header
from replay.trace_writer import TraceWriter


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Our data is here; the machine's user keeps theirs."""
    with data_folder(tmp_path / "home") as folder:
        yield folder


def payment_lesson(folder: Path) -> Path:
    """The demonstration of the payment, as a trace with its words and values; its screens are of no use here."""
    at = now().isoformat()
    header = Header(
        trace_id="lesson", name=NAME, task="pay {amount} to {recipient} for {note}", source="teach", device={},
        values=VALUES, started_at=at, recipe_id=NAME,
    )  # fmt: skip
    with TraceWriter(folder, header) as writer:
        writer.end("done", "taught", at)
    return folder


@pytest.fixture
def world(home: Path) -> World:
    """A phone in this process, and the payment as a taught recipe."""
    return World()
