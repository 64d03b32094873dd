"""The indexes' tables as the program uses them now (made by `memory.store.migrations`)."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, String, Table, Text

METADATA = MetaData()

CHANGES = Table(
    "index_changes", METADATA,
    Column("id", Integer, primary_key=True),
    Column("index", String(32), nullable=False),
    Column("document", Integer, nullable=False),
    Index("index_changes_by_index", "index", "id"),
)  # fmt: skip
"""What an index still has to learn: the document with that id changed, came or went. Written with the truth."""

VECTORS = Table(
    "vectors", METADATA,
    Column("embedder", String(96), primary_key=True),
    Column("content", LargeBinary(16), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)  # fmt: skip
"""Vectors by the text they stand for, float16; so that a rebuild encodes nothing twice."""

SETTINGS = Table(
    "settings", METADATA,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)  # fmt: skip
