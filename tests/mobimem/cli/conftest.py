"""A phone in this process, that any command finds where it opens a device."""

from __future__ import annotations

from pathlib import Path

import pytest

import device.open
from tests.replay.bench import Phone


@pytest.fixture
def phone(home: Path, monkeypatch: pytest.MonkeyPatch) -> Phone:
    """Its screen's time is its own; what is stored is timed by the machine's clock, as in life."""
    made = Phone()
    monkeypatch.setattr(device.open, "open_device", lambda *_given, **_more: made)
    monkeypatch.setattr(made, "close", lambda: None)
    return made
