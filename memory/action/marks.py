"""What action memory knows beside templates and steps, as plain data that a store keeps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TaskUse:
    """The app a task runs in, how often it was used, and how often its replay went wrong."""

    app: str
    uses: int
    failures: int


@dataclass(frozen=True, slots=True)
class Marks:
    """Words that are asked since a replay for them went wrong, and places (app, then the steps done) that misled."""

    blocked: frozenset[str] = frozenset()
    misled: frozenset[tuple[str, ...]] = frozenset()
