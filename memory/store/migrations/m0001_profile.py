"""Facts, entities, their names, edges and sources, as first released."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)  # fmt: skip


def apply(connection: Connection) -> None:
    metadata = MetaData()
    Table(
        "entities", metadata,
        Column("id", Integer, primary_key=True),
        Column("uid", String(32), nullable=False, unique=True),
        Column("name", Text, nullable=False),
        Column("kind", String(16), nullable=False),
        Column("recorded_at", Float, nullable=False),
        sqlite_autoincrement=True,  # the id of what was forgotten is never given again
    )  # fmt: skip
    Table(
        "aliases", metadata,
        Column("entity", Integer, ForeignKey("entities.id", ondelete="CASCADE"), primary_key=True),
        Column("alias", Text, primary_key=True),
        Index("aliases_by_alias", "alias"),
    )  # fmt: skip
    _facts(metadata)
    Table(
        "fact_keys", metadata,
        Column("fact", Integer, ForeignKey("facts.id", ondelete="CASCADE"), primary_key=True),
        Column("key", LargeBinary(16), primary_key=True),
        Index("fact_keys_by_key", "key"),
    )  # fmt: skip
    Table(
        "sources", metadata,
        Column("id", Integer, primary_key=True),
        Column("fact", Integer, ForeignKey("facts.id", ondelete="CASCADE"), nullable=False),
        Column("kind", String(16), nullable=False),
        Column("ref", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("recorded_at", Float, nullable=False),
        Index("sources_by_fact", "fact"),
        Index("sources_by_ref", "ref"),
    )  # fmt: skip
    Table(
        "edges", metadata,
        Column("start", Integer, primary_key=True),
        Column("stop", Integer, primary_key=True),
        Column("kind", String(16), primary_key=True),
        Column("distance", Float, nullable=False),
        Index("edges_by_stop", "stop"),
    )  # fmt: skip
    metadata.create_all(connection)


def _facts(metadata: MetaData) -> None:
    Table(
        "facts", metadata,
        Column("id", Integer, primary_key=True),
        Column("uid", String(32), nullable=False, unique=True),
        Column("kind", String(16), nullable=False),
        Column("text", Text, nullable=False),
        Column("speaker", Text, nullable=False, default=""),
        Column("subject", Text, nullable=False, default=""),
        Column("relation", Text, nullable=False, default=""),
        Column("value", Text, nullable=False, default=""),
        Column("positive", Integer, nullable=False, default=1),
        Column("slot", Text, nullable=False, default=""),
        Column("time_of_day", String(16), nullable=False, default=""),
        Column("place", Text, nullable=False, default=""),
        Column("app", Text, nullable=False, default=""),
        Column("confidence", Float, nullable=False),
        Column("count", Integer, nullable=False, default=1),
        Column("valid_from", Float),
        Column("valid_to", Float),
        Column("recorded_at", Float, nullable=False),
        Column("used_at", Float, nullable=False),
        Column("uses", Integer, nullable=False, default=0),
        Column("replaced_by", Integer, ForeignKey("facts.id", ondelete="SET NULL")),
        Index("facts_by_slot", "slot"),
        Index("facts_by_relation", "subject", "relation"),
        Index("facts_by_replaced", "replaced_by"),
        sqlite_autoincrement=True,
    )  # fmt: skip
