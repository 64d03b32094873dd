"""What waits to be learnt, and what was learnt or refused already."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Float, Integer, MetaData, String, Table, Text


def apply(connection: Connection) -> None:
    metadata = MetaData()
    Table(
        "lesson_queue", metadata,
        Column("id", Integer, primary_key=True),
        Column("key", String(128), nullable=False, unique=True),
        Column("kind", String(16), nullable=False),
        Column("data", Text, nullable=False),
        Column("tries", Integer, nullable=False, default=0),
        Column("offered_at", Float, nullable=False),
        sqlite_autoincrement=True,
    )  # fmt: skip
    Table(
        "lessons", metadata,
        Column("id", Integer, primary_key=True),
        Column("key", String(128), nullable=False, unique=True),
        Column("template", String(96), nullable=False),
        Column("result", String(16), nullable=False),
        Column("says", Text, nullable=False),
        Column("learnt_at", Float, nullable=False),
    )  # fmt: skip
    metadata.create_all(connection)
