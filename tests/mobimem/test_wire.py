"""Requests and results survive the line between two processes; what does not fit is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pytest

from mobimem.wire import from_wire, to_wire


@dataclass(frozen=True, slots=True)
class Inner:
    name: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Outer:
    what: Literal["one", "two"]
    inner: tuple[Inner, ...]
    counts: Mapping[str, int]
    share: float
    file: Path
    either: Inner | str
    data: Any = None
    flag: bool = False


WHOLE = Outer(
    "two", (Inner("é 😀\n", datetime(2026, 1, 2, tzinfo=UTC)), Inner("", None)), {"a": 1}, 1, Path("/x/y"),
    Inner("b", None), {"free": [1, None]}, True,
)  # fmt: skip


def test_what_is_sent_is_what_arrives() -> None:
    assert from_wire(Outer, json.loads(json.dumps(to_wire(WHOLE)))) == WHOLE


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("what", "three"),
        ("inner", "text"),
        ("inner", [{"name": 1, "at": None}]),
        ("inner", [{"name": "x"}]),
        ("inner", [{"name": "x", "at": "yesterday"}]),
        ("counts", {"a": "1"}),
        ("counts", {"a": True}),
        ("share", "1"),
        ("flag", 1),
        ("either", 7),
        ("unknown", 1),
    ],
)
def test_what_does_not_fit_its_type_is_refused(field: str, value: Any) -> None:
    with pytest.raises(ValueError, match=r"Outer|lacks|field|isoformat"):
        from_wire(Outer, {**to_wire(WHOLE), field: value})
