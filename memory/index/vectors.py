"""Documents by their vectors: Chroma's embedded client behind a small protocol, and an exact one for few documents.

Chroma never embeds anything here (`embedding_function=None`), stores no texts and no metadata (its filters cost 10 to
60 times the query), and is opened only by the folder's owner: two writers lose data. One collection per vector space.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from memory.embedding.embedder import Vectors
from memory.errors import ExtraMissing

BATCH = 1_000


class VectorIndex(Protocol):
    """Nearest documents by cosine. Ids are the documents' own."""

    def upsert(self, ids: Sequence[int], vectors: Vectors) -> None:
        """Stores or replaces; durable when it returns. Ids are distinct."""
        ...

    def delete(self, ids: Sequence[int]) -> None:
        """Takes out; unknown ids are none of its business."""
        ...

    def search(self, vector: Vectors, *, limit: int) -> list[tuple[int, float]]:
        """(id, cosine) of the nearest to one row [dim], nearest first."""
        ...

    def search_each(self, vectors: Vectors, *, limit: int) -> list[list[tuple[int, float]]]:
        """The same for every row of [n, dim], in one go."""
        ...

    def ids(self) -> set[int]:
        """The ids of all documents it holds."""
        ...

    def count(self) -> int:
        """How many documents it holds."""
        ...

    def has(self, document: int) -> bool:
        """Whether it holds this document."""
        ...

    def clear(self) -> None:
        """Takes everything out, also where it is damaged."""
        ...

    def close(self) -> None:
        """Lets go of what it holds open. What was stored durably stays."""
        ...


class ExactVectors:
    """All vectors in one array; every search looks at each. For what is not written yet, and for small sets."""

    def __init__(self, dim: int) -> None:
        self._dim = dim
        self._places: dict[int, int] = {}
        self._rows: Vectors = np.zeros((16, dim), np.float32)
        self._at: list[int] = []

    def upsert(self, ids: Sequence[int], vectors: Vectors) -> None:
        for document, vector in zip(ids, vectors, strict=True):
            place = self._places.get(document)
            if place is None:
                place = len(self._at)
                if place == len(self._rows):
                    self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
                self._places[document] = place
                self._at.append(document)
            self._rows[place] = vector

    def delete(self, ids: Sequence[int]) -> None:
        for document in ids:
            place = self._places.pop(document, None)
            if place is not None:
                last = self._at.pop()
                if last != document:
                    self._at[place], self._places[last] = last, place
                    self._rows[place] = self._rows[len(self._at)]

    def search(self, vector: Vectors, *, limit: int) -> list[tuple[int, float]]:
        cosines = self._rows[: len(self._at)] @ vector
        best = np.argsort(-cosines, kind="stable")[:limit]
        return [(self._at[place], float(cosines[place])) for place in best]

    def search_each(self, vectors: Vectors, *, limit: int) -> list[list[tuple[int, float]]]:
        return [self.search(vector, limit=limit) for vector in vectors]

    def ids(self) -> set[int]:
        return set(self._places)

    def count(self) -> int:
        return len(self._at)

    def has(self, document: int) -> bool:
        return document in self._places

    def clear(self) -> None:
        self._places.clear()
        self._at.clear()

    def close(self) -> None:
        self.clear()


class ChromaVectors:
    """A Chroma collection in `folder`. Opening takes 0.3 s besides the import's 1.5 s; 100,000 vectors about 250 MB."""

    def __init__(self, folder: Path, *, name: str, space: str) -> None:
        """Opens, and starts anew where the folder cannot be read: it is never the only copy.

        Args:
            name: of the set of documents.
            space: the embedder's name; another space is another collection.

        Raises:
            ExtraMissing: chromadb is not installed.
        """
        try:
            import chromadb
            from chromadb.config import Settings
        except ImportError as error:
            raise ExtraMissing("chromadb", "memory") from error
        # names are 3 to 512 characters of a small alphabet
        self._name = f"{name}-{blake2b(space.encode(), digest_size=8).hexdigest()}"
        self._settings = Settings(anonymized_telemetry=False)
        self._make = chromadb.PersistentClient
        self.started_anew = False
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._client: Any = None
        self._collection: Any = None
        self._parent, self._place = folder, self._newest(folder)
        try:
            self._open()
        except Exception:  # noqa: BLE001  (its Rust core raises many classes, none of them public)
            self.started_anew = True
            self._start_anew()

    def upsert(self, ids: Sequence[int], vectors: Vectors) -> None:
        for start in range(0, len(ids), BATCH):
            part = [str(document) for document in ids[start : start + BATCH]]
            self._collection.upsert(ids=part, embeddings=vectors[start : start + BATCH])

    def delete(self, ids: Sequence[int]) -> None:
        for start in range(0, len(ids), BATCH):
            self._collection.delete(ids=[str(document) for document in ids[start : start + BATCH]])

    def search(self, vector: Vectors, *, limit: int) -> list[tuple[int, float]]:
        return self.search_each(vector[None, :], limit=limit)[0]

    def search_each(self, vectors: Vectors, *, limit: int) -> list[list[tuple[int, float]]]:
        if not (held := self._collection.count()) or not len(vectors):
            return [[] for _ in vectors]
        found = self._collection.query(query_embeddings=vectors, n_results=min(limit, held), include=["distances"])
        return [
            [(int(one), 1.0 - float(far)) for one, far in zip(ids, fars, strict=True)]
            for ids, fars in zip(found["ids"], found["distances"], strict=True)
        ]

    def ids(self) -> set[int]:
        found: set[int] = set()
        while True:
            part = self._collection.get(limit=10_000, offset=len(found), include=[])["ids"]
            if not part:
                return found
            found.update(int(document) for document in part)

    def count(self) -> int:
        return int(self._collection.count())

    def has(self, document: int) -> bool:
        return bool(self._collection.get(ids=[str(document)], include=[])["ids"])

    def clear(self) -> None:
        self._start_anew()

    def close(self) -> None:
        """Lets go of the files and of the memory they took."""
        if self._client is not None:
            self._client.close()
            self._client = self._collection = None

    def _open(self) -> None:
        self._place.mkdir(mode=0o700, exist_ok=True)
        self._client = self._make(str(self._place), settings=self._settings)
        for other in self._client.list_collections():
            if other.name != self._name and other.name.rsplit("-", 1)[0] == self._name.rsplit("-", 1)[0]:
                self._client.delete_collection(other.name)  # of an embedder no longer in use
        self._collection = self._client.get_or_create_collection(
            self._name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )
        self._collection.count()

    def _start_anew(self) -> None:
        """Goes on in a new, empty folder: Chroma keeps what it opened by path, also where that failed."""
        try:
            self.close()
        except Exception:  # noqa: BLE001  (whatever state it is in, it goes)
            self._client = None
        old, self._place = self._place, self._parent / f"{int(self._place.name) + 1:04}"
        shutil.rmtree(old, ignore_errors=True)
        self._open()

    @staticmethod
    def _newest(parent: Path) -> Path:
        """The folder in use: the one with the highest number. Older ones are left from an interrupted start anew."""
        numbered = sorted(place for place in parent.iterdir() if place.name.isdigit() and place.is_dir())
        for older in numbered[:-1]:
            shutil.rmtree(older, ignore_errors=True)
        return numbered[-1] if numbered else parent / "0001"
