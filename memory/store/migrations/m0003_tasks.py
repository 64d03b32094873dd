"""Templates with their history, step revisions, and what is known of tasks beside them."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Float, Index, Integer, MetaData, String, Table, Text


def apply(connection: Connection) -> None:
    metadata = MetaData()
    Table(
        "templates", metadata,
        Column("id", String(96), primary_key=True),
        Column("place", Integer, nullable=False),
        Column("data", Text, nullable=False),
        Column("app", Text, nullable=False, default=""),
        Column("uses", Integer, nullable=False, default=0),
        Column("failures", Integer, nullable=False, default=0),
        Column("changed_at", Float, nullable=False),
    )  # fmt: skip
    Table(
        "template_history", metadata,
        Column("id", Integer, primary_key=True),
        Column("template", String(96), nullable=False),
        Column("data", Text, nullable=False),
        Column("why", Text, nullable=False, default=""),
        Column("until", Float, nullable=False),
        Index("template_history_by_template", "template", "id"),
    )  # fmt: skip
    Table(
        "steps", metadata,
        Column("step", String(64), primary_key=True),
        Column("revision", Integer, primary_key=True),
        Column("form", Text, nullable=False),
        Column("data", Text),
        Column("source", Text, nullable=False, default=""),
        Column("recorded_at", Float, nullable=False),
    )  # fmt: skip
    Table(
        "marks", metadata,
        Column("kind", String(16), primary_key=True),
        Column("what", Text, primary_key=True),
    )  # fmt: skip
    metadata.create_all(connection)
