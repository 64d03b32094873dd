"""The profile's tables as the program uses them now (made by `memory.store.migrations`), and rows as facts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Float, Integer, LargeBinary, MetaData, Row, String, Table, Text

from memory.profile.records import Fact, Situation

METADATA = MetaData()

ENTITIES = Table(
    "entities", METADATA,
    Column("id", Integer, primary_key=True),
    Column("uid", String(32)),
    Column("name", Text),
    Column("kind", String(16)),
    Column("recorded_at", Float),
)  # fmt: skip
ALIASES = Table(
    "aliases", METADATA, Column("entity", Integer, primary_key=True), Column("alias", Text, primary_key=True)
)
FACTS = Table(
    "facts", METADATA,
    Column("id", Integer, primary_key=True),
    Column("uid", String(32)),
    Column("kind", String(16)),
    Column("text", Text),
    Column("speaker", Text),
    Column("subject", Text),
    Column("relation", Text),
    Column("value", Text),
    Column("positive", Integer),
    Column("slot", Text),
    Column("time_of_day", String(16)),
    Column("place", Text),
    Column("app", Text),
    Column("confidence", Float),
    Column("count", Integer),
    Column("valid_from", Float),
    Column("valid_to", Float),
    Column("recorded_at", Float),
    Column("used_at", Float),
    Column("uses", Integer),
    Column("replaced_by", Integer),
)  # fmt: skip
FACT_KEYS = Table(
    "fact_keys", METADATA, Column("fact", Integer, primary_key=True), Column("key", LargeBinary(16), primary_key=True)
)
SOURCES = Table(
    "sources", METADATA,
    Column("id", Integer, primary_key=True),
    Column("fact", Integer),
    Column("kind", String(16)),
    Column("ref", Text),
    Column("text", Text),
    Column("recorded_at", Float),
)  # fmt: skip
EDGES = Table(
    "edges", METADATA,
    Column("start", Integer, primary_key=True),
    Column("stop", Integer, primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("distance", Float),
)  # fmt: skip
"""Directed; `start` and `stop` are nodes of `memory.profile.graph`."""
EXTRACTIONS = Table(
    "extractions", METADATA,
    Column("fact", Integer, primary_key=True),
    Column("model", Text),
    Column("made", Integer),
    Column("recorded_at", Float),
)  # fmt: skip
"""Facts that a model has read; `made` counts the statements that held water."""


def as_fact(row: Row[Any]) -> Fact:
    """A row of FACTS, all columns in their order."""
    return Fact(
        id=row.id, uid=row.uid, kind=row.kind, text=row.text, speaker=row.speaker, subject=row.subject,
        relation=row.relation, value=row.value, positive=bool(row.positive),
        situation=Situation(row.time_of_day, row.place, row.app),
        confidence=row.confidence, count=row._mapping["count"],
        valid_from=moment(row.valid_from), valid_to=moment(row.valid_to),
        recorded_at=datetime.fromtimestamp(row.recorded_at, UTC), used_at=datetime.fromtimestamp(row.used_at, UTC),
        uses=row.uses, replaced_by=row.replaced_by,
    )  # fmt: skip


def moment(seconds: float | None) -> datetime | None:
    """A stored time as an aware one; None stays None."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
