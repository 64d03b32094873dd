"""How the truth's file came to its form: named steps, append-only, each applied once and in order.

A step that was released is never edited: its tables stand in its own file as they were, apart from the tables the
program uses now. A new form is a new step at the end of `MIGRATIONS`, tested from a blank file and from a file of the
first version with rows in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from memory.store.migrations import (
    m0001_profile,
    m0002_indexes,
    m0003_tasks,
    m0004_learning,
    m0005_extractions,
    m0006_replies,
)


@dataclass(frozen=True, slots=True)
class Migration:
    """One step. `apply` runs inside the transaction that also records its name."""

    name: str
    apply: Callable[[Connection], None]


MIGRATIONS: tuple[Migration, ...] = (
    Migration("0001_profile", m0001_profile.apply),
    Migration("0002_indexes", m0002_indexes.apply),
    Migration("0003_tasks", m0003_tasks.apply),
    Migration("0004_learning", m0004_learning.apply),
    Migration("0005_extractions", m0005_extractions.apply),
    Migration("0006_replies", m0006_replies.apply),
)
