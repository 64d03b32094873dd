"""Documents by their words: SQLite's FTS5 behind a small class, in the truth's own file.

The back end sees only terms our analysis made (`memory.index.analysis`), joined by spaces and asked for in quotes, so
no text can be an operator. Scores are BM25 (Robertson and Walker), k1 1.2 and b 0.75 as FTS5 has them fixed.

The cost of a question follows the rows its words stand in: of words in more than SCAN_MAX rows together the commonest
are left out, for they tell the least.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

from memory.index.analysis import terms

SCAN_MAX = 1_500
"""Rows that one question may weigh: 2.5 microseconds each (docs/benchmarks: profile scale)."""
MEET_MAX = 8 * SCAN_MAX
"""Rows in which the two rarest of the words left out may stand: where both stand together is found cheaply."""
ASKED_MAX = 48  # terms of one question; a longer one is told apart well before
KNOWN_MAX = 50_000  # frequencies kept in memory: 5 MB
K1, B = 1.2, 0.75


class LexicalIndex:
    """One FTS5 table. Every method runs inside the caller's connection, so it is part of that transaction."""

    def __init__(self, name: str) -> None:
        if not name.isidentifier():
            raise ValueError(f"{name!r} cannot name a table")
        self._table, self._vocabulary = f"lexical_{name}", f"lexical_{name}_terms"
        self._frequency: dict[str, int] = {}
        self._rows: int | None = None

    def prepare(self, connection: Connection) -> None:
        """Makes the table where it is missing. An index that was just made is empty: `is_empty`."""
        connection.execute(
            text(
                f"CREATE VIRTUAL TABLE IF NOT EXISTS {self._table} "
                "USING fts5(words, tokenize=\"unicode61 remove_diacritics 0 categories 'L* M* N* Co'\")"
            )
        )
        connection.execute(
            text(f"CREATE VIRTUAL TABLE IF NOT EXISTS {self._vocabulary} USING fts5vocab({self._table}, 'row')")
        )

    def apply(self, connection: Connection, documents: Mapping[int, str | None]) -> None:
        """Brings documents to these texts; None takes one out. Applying the same again changes nothing."""
        if not documents:
            return
        connection.execute(
            text(f"DELETE FROM {self._table} WHERE rowid = :id"), [{"id": document} for document in documents]
        )
        rows: list[dict[str, Any]] = [
            {"id": key, "words": " ".join(terms(said))} for key, said in documents.items() if said is not None
        ]
        if rows:
            connection.execute(text(f"INSERT INTO {self._table} (rowid, words) VALUES (:id, :words)"), rows)
        for row in rows:
            for term in row["words"].split():  # a known frequency may lag, but no word may seem unknown
                self._frequency.pop(term, None)
        if len(self._frequency) > KNOWN_MAX:
            self._frequency.clear()
        self._rows = None

    def search(self, connection: Connection, asked: Sequence[str], *, limit: int) -> list[tuple[int, float]]:
        """Documents with any of the terms, best first: (id, BM25 score, above 0)."""
        if not (query := self._affordable(connection, asked)):
            return []
        rows = connection.execute(
            text(f"SELECT rowid, rank FROM {self._table} WHERE {self._table} MATCH :query ORDER BY rank LIMIT :limit"),
            {"query": query, "limit": limit},
        )
        return [(int(document), -float(rank)) for document, rank in rows.all()]

    def ids(self, connection: Connection) -> set[int]:
        """Every document in the index."""
        return {int(row[0]) for row in connection.execute(text(f"SELECT rowid FROM {self._table}"))}

    def has(self, connection: Connection, document: int) -> bool:
        """Whether it holds this document."""
        found = connection.execute(text(f"SELECT 1 FROM {self._table} WHERE rowid = :id"), {"id": document})
        return found.first() is not None

    def words(self, connection: Connection, documents: Sequence[int]) -> dict[int, str]:
        """The terms it holds of each of these documents, joined by spaces."""
        numbers = ",".join(str(int(document)) for document in documents)
        rows = connection.execute(text(f"SELECT rowid, words FROM {self._table} WHERE rowid IN ({numbers})"))
        return {int(row[0]): str(row[1]) for row in rows}

    def clear(self, connection: Connection) -> None:
        """Takes everything out, and makes the table anew where its form is damaged."""
        for table in (self._vocabulary, self._table):
            connection.execute(text(f"DROP TABLE IF EXISTS {table}"))
        self._frequency.clear()
        self._rows = None
        self.prepare(connection)

    def check(self, connection: Connection) -> None:
        """Raises the database's own error where the index is damaged inside."""
        connection.execute(text(f"INSERT INTO {self._table} ({self._table}) VALUES ('integrity-check')"))

    def scrub(self, connection: Connection) -> None:
        """Merges the index's parts, so that words of deleted documents are no longer anywhere in them."""
        connection.execute(text(f"INSERT INTO {self._table} ({self._table}) VALUES ('optimize')"))

    def weights(self, connection: Connection, asked: Iterable[str]) -> dict[str, float]:
        """How telling each term is: BM25's inverse document frequency as FTS5 has it, never below 1e-6."""
        rows = self.count(connection)
        known = self.frequencies(connection, asked)
        return {term: max(1e-6, math.log((rows - n + 0.5) / (n + 0.5))) for term, n in known.items()}

    def frequencies(self, connection: Connection, asked: Iterable[str]) -> dict[str, int]:
        """In how many documents each term stands; may lag a little behind."""
        wanted = set(asked)
        missing = [term for term in wanted if term not in self._frequency]
        for term in missing:  # one by one: FTS5 looks a single term up, and scans for a list of them
            row = connection.execute(
                text(f"SELECT doc FROM {self._vocabulary} WHERE term = :term"), {"term": term}
            ).first()
            self._frequency[term] = int(row[0]) if row else 0
        return {term: self._frequency[term] for term in wanted}

    def count(self, connection: Connection) -> int:
        """How many documents it holds."""
        if self._rows is None:
            self._rows = int(connection.execute(text(f"SELECT count(*) FROM {self._table}")).scalar_one())
        return self._rows

    def _affordable(self, connection: Connection, asked: Sequence[str]) -> str:
        """The question for the back end, within SCAN_MAX: the rarest terms, and the next two where they meet."""
        known = self.frequencies(connection, asked[:ASKED_MAX])
        parts: list[str] = []
        left: list[tuple[int, str]] = []
        spent = 0
        for rows, term in sorted((rows, term) for term, rows in known.items() if rows):
            if spent + rows <= SCAN_MAX:
                parts.append(f'"{term}"')
                spent += rows
            else:
                left.append((rows, term))
        if len(left) > 1 and left[0][0] + left[1][0] <= MEET_MAX:
            parts.append(f'("{left[0][1]}" AND "{left[1][1]}")')
        elif not parts and left and left[0][0] <= MEET_MAX:
            parts.append(f'"{left[0][1]}"')
        return " OR ".join(parts)


def score(words: Counter[str], asked: Iterable[str], weights: Mapping[str, float], *, mean_length: float) -> float:
    """BM25 of one document that the index does not hold yet, on the same scale as `LexicalIndex.search`."""
    room = K1 * (1 - B + B * words.total() / max(mean_length, 1.0))
    return sum(weights[term] * words[term] * (K1 + 1) / (words[term] + room) for term in set(asked) if term in words)
