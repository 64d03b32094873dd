"""Both indexes of one set of documents, kept equal to the truth: written behind, read as if written at once.

    remember --one transaction--> the fact, its vector, a row in `index_changes`
             --after it---------> the overlay (in memory): every search sees it from here on
    flush    --in batches-------> FTS5 and Chroma, then the rows of `index_changes` go, then the overlay's entries

A process killed anywhere in between finds the rows of `index_changes` when it opens again and does the rest; applying
the same twice changes nothing. After an unclean end the indexes' ids are also compared with the truth's. An index that
cannot be read, or was made by another embedder, is emptied and filled again.

A vector index that opens lazily (`memory.index.lazy`) is brought up to the truth when a question first needs it; until
then what it has to learn waits in `index_changes`, also over a clean end.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import DatabaseError

from memory.embedding.cache import content_key
from memory.embedding.embedder import Embedder, Vectors
from memory.index.analysis import terms
from memory.index.lazy import LazyVectors
from memory.index.lexical import LexicalIndex, score
from memory.index.seams import Likeness, Truth
from memory.index.tables import CHANGES, SETTINGS, VECTORS
from memory.index.vectors import ExactVectors, VectorIndex
from memory.store.store import Store

FLUSH_BATCH = 512
OVERLAY_MAX = 2_048
"""Documents waiting in memory, at about 5 kB each; a writer that is faster than the flushing waits for it here."""
LEFT_MAX = 1_024
"""Documents left for the next opening when the vector index was never needed: 2 s of encoding at most."""
_IDS_IN_ONE = 500


@dataclass(frozen=True, slots=True)
class Document:
    """One change, as `note` and `show` take it. `vector` is None where it is left to the flush."""

    id: int
    words: str
    meaning: str
    vector: Vectors | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """What opening or `verify` found: what the indexes lacked, had too much, and (`verify`) had with other words."""

    lexical_missing: int = 0
    lexical_extra: int = 0
    vector_missing: int = 0
    vector_extra: int = 0
    rebuilt: tuple[str, ...] = ()
    lexical_wrong: int = 0

    @property
    def sound(self) -> bool:
        return self == Repair()


class SearchIndexes:
    """The lexical and the vector index of the documents called `name`. `vectors` None: no embedding at all."""

    def __init__(
        self, store: Store, truth: Truth, *, name: str, embedder: Embedder | None, vectors: VectorIndex | None,
        likeness: Likeness | None = None,
    ) -> None:  # fmt: skip
        self._store, self._truth, self._name = store, truth, name
        self._embedder = embedder if vectors is not None else None
        self._vectors = vectors
        self._likeness = likeness
        self._lexical = LexicalIndex(name)
        self._lock = threading.RLock()  # the overlay
        self._flushing = threading.RLock()
        self._waiting: dict[int, Counter[str] | None] = {}  # what the index does not have yet; None: it is forgotten
        self._near = ExactVectors(embedder.dim if embedder is not None else 1)
        self._mean_length = 12.0
        self._ready = False  # the vector index knows all the truth knows, but for what is in the overlay
        self.opened = self._open()

    @property
    def waiting(self) -> int:
        """Documents in the overlay."""
        return len(self._waiting)

    @property
    def encodes(self) -> bool:
        """Whether documents are encoded as they are written; else the vector index learns them when it is needed."""
        return self._embedder is not None and self._is_open

    # --- writing -------------------------------------------------------------------------------------------------

    def embed(self, documents: Sequence[Document]) -> list[Document]:
        """The documents with their vectors, in one batch. Outside any transaction: it takes milliseconds each."""
        if self._embedder is None or not documents:
            return list(documents)
        known = self._known_vectors([document.meaning for document in documents])
        fresh = list(dict.fromkeys(one.meaning for one in documents if content_key(one.meaning) not in known))
        made = dict(zip(map(content_key, fresh), self._embedder.embed(fresh), strict=True)) if fresh else {}
        known |= made
        return [Document(one.id, one.words, one.meaning, known[content_key(one.meaning)]) for one in documents]

    def note(self, connection: Connection, documents: Sequence[Document], gone: Sequence[int] = ()) -> None:
        """Part of the truth's transaction: these documents came or changed, those are gone."""
        ids = [document.id for document in documents] + list(gone)
        rows = [{"index": index, "document": one} for index in self._kinds() for one in ids]
        if rows:
            connection.execute(insert(CHANGES), rows)
        self._keep_vectors(connection, documents)

    def show(self, documents: Sequence[Document], gone: Sequence[int] = ()) -> None:
        """After that transaction: every search from here on sees the change."""
        with self._lock:
            for one in documents:
                self._waiting[one.id] = Counter(terms(one.words))
                if one.vector is not None:
                    self._near.upsert([one.id], one.vector[None, :])
                else:
                    self._ready = False
            for document in gone:
                self._waiting[document] = None
            self._near.delete(list(gone))
            full = len(self._waiting) > OVERLAY_MAX
        if full and not self._store.in_transaction:
            self.flush(vectors=self._is_open)

    def flush(self, *, vectors: bool = True) -> int:
        """Brings the indexes up to the truth and returns how many documents that took. Slow; not for a hot path."""
        done = 0
        kinds = self._kinds()[: None if vectors else 1]
        with self._flushing:
            for kind in kinds:
                while changed := self._batch(kind):
                    ids = sorted(set(changed.values()))
                    if kind.endswith(".lexical"):
                        self._flush_lexical(changed, ids)
                    else:
                        self._flush_vectors(changed, ids)
                    done += len(ids)
            with self._lock, self._store.read() as connection:
                left = set(connection.execute(select(CHANGES.c.document).where(CHANGES.c.index.in_(kinds))).scalars())
                for document in [one for one in self._waiting if one not in left]:
                    del self._waiting[document]
                    self._near.delete([document])
        return done

    # --- asking --------------------------------------------------------------------------------------------------

    def lexical(self, question: str, *, limit: int) -> list[tuple[int, float]]:
        """Documents that share words with the question: (id, BM25 score), best first."""
        asked = list(dict.fromkeys(terms(question)))
        if not asked:
            return []
        with self._store.read() as connection:
            with self._lock:
                waiting = dict(self._waiting)
            found = self._lexical.search(connection, asked, limit=limit + len(waiting))
            weights = self._lexical.weights(connection, asked) if waiting else {}
        best = {document: mark for document, mark in found if document not in waiting}
        if waiting:
            weights = _at_least_some(weights, waiting)
            for document, words in waiting.items():
                if words and (mark := score(words, asked, weights, mean_length=self._mean_length)):
                    best[document] = mark
        return sorted(best.items(), key=lambda entry: (-entry[1], entry[0]))[:limit]

    def nearest(self, vector: Vectors, *, limit: int) -> list[tuple[int, float]]:
        """Documents of like meaning: (id, cosine), nearest first."""
        if self._vectors is None:
            return []
        self._prepare_vectors()
        with self._lock:
            near = self._near.search(vector, limit=limit)
            waiting = set(self._waiting)
        far = self._vectors.search(vector, limit=limit + min(len(waiting), limit))
        both = [entry for entry in far if entry[0] not in waiting] + near
        return sorted(both, key=lambda entry: (-entry[1], entry[0]))[:limit]

    def question_vector(self, question: str) -> Vectors | None:
        """The question's row [dim]; None without an embedder."""
        return None if self._embedder is None else self._embedder.embed([question])[0]

    # --- repair --------------------------------------------------------------------------------------------------

    def rebuild(self) -> int:
        """Empties both indexes and fills them from the truth; the vectors themselves are kept by content."""
        with self._flushing:
            with self._store.write() as connection:
                self._lexical.clear(connection)
                ids = self._truth.ids(connection)
                connection.execute(delete(CHANGES).where(CHANGES.c.index.in_(self._kinds())))
                self._mark(connection, ids, self._kinds())
                if self._likeness is not None:
                    self._likeness.cleared(connection)
            if self._vectors is not None:
                self._vectors.clear()
            self.flush()
        return len(ids)

    def verify(self, *, repair: bool = True, words: bool = False) -> Repair:
        """Compares the indexes' ids with the truth's, and mends what differs unless told otherwise.

        Args:
            words: also compare the words of each document in the lexical index; 20 microseconds each.
        """
        return self._verify(repair=repair, words=words, vectors=True)

    def _verify(self, *, repair: bool, words: bool = False, vectors: bool = True) -> Repair:
        with self._flushing:
            self.flush(vectors=vectors)
            with self._store.write() as connection:
                truth = self._truth.ids(connection)
                lexical = self._lexical.ids(connection)
                wrong = self._with_other_words(connection, truth & lexical) if words else set()
                near = truth if self._vectors is None or not vectors else self._vectors.ids()
                if repair:
                    self._mark(connection, (truth ^ lexical) | wrong, [f"{self._name}.lexical"])
                    self._mark(connection, truth ^ near, [f"{self._name}.vector"])
            if repair:
                self.flush(vectors=vectors)
        return Repair(
            len(truth - lexical), len(lexical - truth), len(truth - near), len(near - truth), lexical_wrong=len(wrong)
        )  # fmt: skip

    def _with_other_words(self, connection: Connection, ids: set[int]) -> set[int]:
        ordered, wrong = sorted(ids), set()
        for start in range(0, len(ordered), _IDS_IN_ONE):
            part = ordered[start : start + _IDS_IN_ONE]
            wanted, held = self._truth.texts(connection, part), self._lexical.words(connection, part)
            wrong |= {one for one in part if one in wanted and " ".join(terms(wanted[one][0])) != held.get(one)}
        return wrong

    def traces_of(self, document: int) -> list[str]:
        """Where this document still is: the names of the indexes, the overlay. Empty after it was forgotten."""
        with self._lock:
            places = ["overlay"] if self._waiting.get(document) or self._near.has(document) else []
        with self._store.read() as connection:
            if self._lexical.has(connection, document):
                places.append(f"{self._name}.lexical")
        if self._vectors is not None and self._vectors.has(document):
            places.append(f"{self._name}.vector")
        return places

    def scrub(self) -> None:
        """After forgetting: no word of a forgotten document stays in the lexical index's parts."""
        with self._store.write() as connection:
            self._lexical.scrub(connection)

    def close(self) -> None:
        """Brings the lexical index up to the truth, and the vector index where it is open or much waits for it."""
        self.flush(vectors=self._is_open or len(self._pending()) > LEFT_MAX)
        if self._vectors is not None:
            self._vectors.close()

    # --- inside --------------------------------------------------------------------------------------------------

    def _kinds(self) -> list[str]:
        return [f"{self._name}.lexical", *([f"{self._name}.vector"] if self._vectors is not None else [])]

    @property
    def _is_open(self) -> bool:
        return not isinstance(self._vectors, LazyVectors) or self._vectors.is_open

    def _prepare_vectors(self) -> None:
        """Before a question by meaning: whatever the vector index has not learnt yet, it learns now."""
        if self._ready or self._store.in_transaction:  # inside a transaction others may wait for, nothing is flushed
            return
        assert self._vectors is not None
        with self._flushing:
            self._ready = True  # what is written from here on says so again
            self.flush()
            with self._store.read() as connection:
                there = self._truth.count(connection)
            if self._vectors.count() != there:
                self.verify()

    def _pending(self) -> set[int]:
        """Documents that the vector index still has to learn."""
        kind = f"{self._name}.vector"
        with self._store.read() as connection:
            return set(connection.execute(select(CHANGES.c.document).where(CHANGES.c.index == kind)).scalars())

    def _open(self) -> Repair:
        rebuilt: list[str] = []
        with self._store.write() as connection:
            self._lexical.prepare(connection)
        try:
            with self._store.write() as connection:
                if self._store.unclean:
                    self._lexical.check(connection)
        except DatabaseError:
            rebuilt.append("lexical")
            with self._store.write() as connection:
                self._lexical.clear(connection)
                self._mark(connection, self._truth.ids(connection), [f"{self._name}.lexical"])
        if self._vectors is not None and self._embedder is not None:
            rebuilt += self._follow_embedder()
        lost = self._await_lost_vectors()
        found = self._verify(repair=True, vectors=not lost) if self._store.unclean or self._differs() else Repair()
        return Repair(
            found.lexical_missing, found.lexical_extra, found.vector_missing, found.vector_extra, tuple(rebuilt)
        )  # fmt: skip

    def _await_lost_vectors(self) -> bool:
        """Where there is no vector index on the disk: every document waits for it. Whether that is so."""
        if not isinstance(self._vectors, LazyVectors) or self._vectors.may_hold:
            return False
        with self._store.write() as connection:
            self._mark(connection, self._truth.ids(connection) - self._pending(), [f"{self._name}.vector"])
        return True

    def _follow_embedder(self) -> list[str]:
        """Vectors of another embedder are thrown away and made again."""
        assert self._embedder is not None and self._vectors is not None
        setting = f"{self._name}.embedder"
        with self._store.write() as connection:
            before = connection.execute(select(SETTINGS.c.value).where(SETTINGS.c.name == setting)).scalar()
            if before == self._embedder.name:
                return []
            connection.execute(delete(SETTINGS).where(SETTINGS.c.name == setting))
            connection.execute(insert(SETTINGS).values(name=setting, value=self._embedder.name))
            connection.execute(delete(VECTORS).where(VECTORS.c.embedder != self._embedder.name))
            self._mark(connection, self._truth.ids(connection), [f"{self._name}.vector"])
            if self._likeness is not None:
                self._likeness.cleared(connection)
        self._vectors.clear()
        return [] if before is None else ["vector"]

    def _differs(self) -> bool:
        """Whether anything waits from before, or an index holds another number of documents than there are."""
        with self._store.read() as connection:
            known = self._vectors if self._is_open else None  # a closed one is compared when it is needed
            kinds = self._kinds() if known is not None else self._kinds()[:1]
            if connection.execute(select(CHANGES.c.id).where(CHANGES.c.index.in_(kinds)).limit(1)).first() is not None:
                return True
            there = self._truth.count(connection)
            counts = {self._lexical.count(connection), there if known is None else known.count()}
        return counts != {there}

    def _mark(self, connection: Connection, ids: set[int], kinds: Sequence[str]) -> None:
        rows = [{"index": kind, "document": document} for kind in kinds for document in sorted(ids)]
        if rows:
            connection.execute(insert(CHANGES), rows)

    def _batch(self, kind: str) -> dict[int, int]:
        with self._store.read() as connection:
            rows = connection.execute(
                select(CHANGES.c.id, CHANGES.c.document)
                .where(CHANGES.c.index == kind)
                .order_by(CHANGES.c.id)
                .limit(FLUSH_BATCH)
            )
            return {int(row[0]): int(row[1]) for row in rows}

    def _flush_lexical(self, changed: Mapping[int, int], ids: Sequence[int]) -> None:
        with self._store.write() as connection:
            texts = self._truth.texts(connection, ids)
            self._lexical.apply(connection, {one: texts[one][0] if one in texts else None for one in ids})
            self._done(connection, changed)

    def _flush_vectors(self, changed: Mapping[int, int], ids: Sequence[int]) -> None:
        assert self._vectors is not None and self._embedder is not None
        with self._store.read() as connection:
            texts = self._truth.texts(connection, ids)
        wanted = self.embed([Document(one, *texts[one]) for one in ids if one in texts])
        if wanted:
            self._vectors.upsert([one.id for one in wanted], np.stack([_row(one) for one in wanted]))
        self._vectors.delete([one for one in ids if one not in texts])
        near = self._nearest_of(wanted)
        with self._store.write() as connection:
            self._keep_vectors(connection, wanted)
            joined = self._likeness.learnt(connection, near) if self._likeness else []
            self._done(connection, changed)
        if self._likeness:
            self._likeness.shown(joined)

    def _nearest_of(self, documents: Sequence[Document]) -> dict[int, list[tuple[int, float]]]:
        """The nearest of each in the index, which has them all; empty where letters are all that was compared."""
        assert self._vectors is not None and self._embedder is not None
        if self._likeness is None or self._embedder.kind != "semantic" or not documents:
            return {}
        found = self._vectors.search_each(np.stack([_row(one) for one in documents]), limit=self._likeness.limit)
        return {one.id: near for one, near in zip(documents, found, strict=True)}

    @staticmethod
    def _done(connection: Connection, changed: Mapping[int, int]) -> None:
        rows = sorted(changed)
        for start in range(0, len(rows), _IDS_IN_ONE):
            connection.execute(delete(CHANGES).where(CHANGES.c.id.in_(rows[start : start + _IDS_IN_ONE])))

    def _known_vectors(self, meanings: Sequence[str]) -> dict[bytes, Vectors]:
        assert self._embedder is not None
        keys = list({content_key(meaning) for meaning in meanings})
        known: dict[bytes, Vectors] = {}
        with self._store.read() as connection:
            for start in range(0, len(keys), _IDS_IN_ONE):
                rows = connection.execute(
                    select(VECTORS.c.content, VECTORS.c.vector).where(
                        VECTORS.c.embedder == self._embedder.name,
                        VECTORS.c.content.in_(keys[start : start + _IDS_IN_ONE]),
                    )
                )
                known |= {row[0]: np.frombuffer(row[1], np.float16).astype(np.float32) for row in rows}
        return known

    def _keep_vectors(self, connection: Connection, documents: Sequence[Document]) -> None:
        if self._embedder is None:
            return
        kept = {content_key(one.meaning): one.vector for one in documents if one.vector is not None}
        present: set[bytes] = set()
        for start in range(0, len(kept), _IDS_IN_ONE):
            part = list(kept)[start : start + _IDS_IN_ONE]
            present.update(
                connection.execute(
                    select(VECTORS.c.content).where(
                        VECTORS.c.embedder == self._embedder.name, VECTORS.c.content.in_(part)
                    )
                ).scalars()
            )
        rows = [
            {"embedder": self._embedder.name, "content": key, "vector": vector.astype(np.float16).tobytes()}
            for key, vector in kept.items()
            if key not in present
        ]
        if rows:
            connection.execute(insert(VECTORS), rows)


def _row(document: Document) -> Vectors:
    assert document.vector is not None
    return document.vector


def _at_least_some(weights: Mapping[str, float], waiting: Mapping[int, Counter[str] | None]) -> dict[str, float]:
    """The index's weights, with what only waits counted in: a term new to it tells documents apart too."""
    waits = [words for words in waiting.values() if words]
    few: dict[str, float] = {}
    for term, weight in weights.items():
        here = sum(term in words for words in waits)
        few[term] = max(weight, 1e-6 if here == 0 else float(np.log(1 + (len(waits) - here + 0.5) / (here + 0.5))))
    return few
