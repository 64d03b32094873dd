"""What the search indexes still have to learn, the vectors of texts, and small facts about the file itself."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Index, Integer, LargeBinary, MetaData, String, Table, Text, text


def apply(connection: Connection) -> None:
    metadata = MetaData()
    Table(
        "index_changes", metadata,
        Column("id", Integer, primary_key=True),
        Column("index", String(32), nullable=False),
        Column("document", Integer, nullable=False),
        Index("index_changes_by_index", "index", "id"),
    )  # fmt: skip
    Table(
        "vectors", metadata,
        Column("embedder", String(96), primary_key=True),
        Column("content", LargeBinary(16), primary_key=True),
        Column("vector", LargeBinary, nullable=False),
    )  # fmt: skip
    Table(
        "settings", metadata,
        Column("name", String(64), primary_key=True),
        Column("value", Text, nullable=False),
    )  # fmt: skip
    metadata.create_all(connection)
    for index in ("facts.lexical", "facts.vector"):  # what was remembered before there were indexes
        connection.execute(
            text('INSERT INTO index_changes ("index", document) SELECT :index, id FROM facts'), {"index": index}
        )
