"""What the indexes ask of whoever owns the documents, and what they tell whoever follows their vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from sqlalchemy import Connection


class Truth(Protocol):
    """Where the documents really are. Called inside the connection given."""

    def texts(self, connection: Connection, ids: Sequence[int]) -> Mapping[int, tuple[str, str]]:
        """For each document that exists: the words to find it by, and the words whose meaning is its vector."""
        ...

    def ids(self, connection: Connection) -> set[int]:
        """The ids of all documents."""
        ...

    def count(self, connection: Connection) -> int:
        """How many documents there are."""
        ...


class Likeness(Protocol):
    """Who keeps what follows from the vectors: told while the vector index learns documents, and never on a write."""

    @property
    def limit(self) -> int:
        """How many nearest of each document are wanted, itself among them."""
        ...

    def learnt(self, connection: Connection, near: Mapping[int, Sequence[tuple[int, float]]]) -> list[int]:
        """Part of a transaction: the nearest (document, cosine) of each of these. What `shown` is told after it."""
        ...

    def shown(self, changed: Sequence[int]) -> None:
        """After the transaction: what `learnt` returned in it is now to be read by all."""
        ...

    def cleared(self, connection: Connection) -> None:
        """Part of a transaction: the vector index starts anew."""
        ...
