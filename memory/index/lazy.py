"""A vector index that is opened when it is first asked: most commands never do, and opening Chroma takes seconds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from memory.embedding.embedder import Vectors
from memory.index.vectors import VectorIndex


class LazyVectors:
    """Stands for the index that `make` opens. `there` tells, without opening it, whether it may hold anything."""

    def __init__(self, make: Callable[[], VectorIndex], *, there: Callable[[], bool]) -> None:
        self._make, self._there = make, there
        self._lock = threading.Lock()
        self._index: VectorIndex | None = None

    @property
    def is_open(self) -> bool:
        return self._index is not None

    @property
    def may_hold(self) -> bool:
        """Whether there is anything to look into: it is open, or on the disk."""
        return self._index is not None or self._there()

    def upsert(self, ids: Sequence[int], vectors: Vectors) -> None:
        self._opened().upsert(ids, vectors)

    def delete(self, ids: Sequence[int]) -> None:
        if ids and self.may_hold:
            self._opened().delete(ids)

    def search(self, vector: Vectors, *, limit: int) -> list[tuple[int, float]]:
        return self._opened().search(vector, limit=limit) if self.may_hold else []

    def search_each(self, vectors: Vectors, *, limit: int) -> list[list[tuple[int, float]]]:
        return self._opened().search_each(vectors, limit=limit) if self.may_hold else [[] for _ in vectors]

    def ids(self) -> set[int]:
        return self._opened().ids() if self.may_hold else set()

    def count(self) -> int:
        return self._opened().count() if self.may_hold else 0

    def has(self, document: int) -> bool:
        return self.may_hold and self._opened().has(document)

    def clear(self) -> None:
        if self.may_hold:
            self._opened().clear()

    def close(self) -> None:
        if self._index is not None:
            self._index.close()
            self._index = None

    def _opened(self) -> VectorIndex:
        with self._lock:
            if self._index is None:
                self._index = self._make()
            return self._index
