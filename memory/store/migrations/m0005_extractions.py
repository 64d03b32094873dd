"""Which facts a model has read for statements, so that none is read twice."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Float, ForeignKey, Integer, MetaData, Table, Text


def apply(connection: Connection) -> None:
    metadata = MetaData()
    Table("facts", metadata, Column("id", Integer, primary_key=True))  # made earlier; the key below names it
    made = Table(
        "extractions", metadata,
        Column("fact", Integer, ForeignKey("facts.id", ondelete="CASCADE"), primary_key=True),
        Column("model", Text, nullable=False),
        Column("made", Integer, nullable=False),
        Column("recorded_at", Float, nullable=False),
    )  # fmt: skip
    metadata.create_all(connection, tables=[made])
