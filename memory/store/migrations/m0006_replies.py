"""Kept replies of models: what was asked, and what was answered."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Float, Integer, MetaData, String, Table, Text


def apply(connection: Connection) -> None:
    metadata = MetaData()
    Table(
        "replies", metadata,
        Column("id", Integer, primary_key=True),
        Column("key", String(64), nullable=False, index=True),
        Column("chain", Text, nullable=False),
        Column("question", Text, nullable=False),
        Column("answer", Text, nullable=False),
        Column("model", Text, nullable=False),
        Column("made_at", Float, nullable=False),
        Column("used_at", Float, nullable=False),
        Column("uses", Integer, nullable=False, default=0),
        sqlite_autoincrement=True,
    )  # fmt: skip
    metadata.create_all(connection)
