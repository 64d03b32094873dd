"""Profile memory's door: remember, recall, resolve, explain, forget.

Safe to use from several threads; one call at a time is let in. It needs no model and no network; without an embedder
(`embedder=None`) it works on words and the graph alone. Whoever opens it closes it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, func, or_, select, update

from memory.embedding.embedder import Embedder
from memory.errors import NotRemembered
from memory.index.search import Repair, SearchIndexes
from memory.index.vectors import ChromaVectors, ExactVectors, VectorIndex
from memory.profile import entities, exchange, resolving
from memory.profile.extraction import Extracted, Extraction, Origin, follow_origins
from memory.profile.forgetting import Forgetting, facts_about, facts_that_say, orphans
from memory.profile.graph import Adjacency, fact_node
from memory.profile.neighbours import NEAR, NearEdges, Neighbours
from memory.profile.presets import DEFAULT
from memory.profile.records import (
    ANYTIME,
    UNNAMED,
    Fact,
    Forgotten,
    Recalled,
    Remembered,
    Resolved,
    Saying,
    Situation,
    Source,
)
from memory.profile.resolving import meaning_slot
from memory.profile.retrieval import Retrieval
from memory.profile.tables import ALIASES, EDGES, ENTITIES, FACTS, SOURCES, as_fact, moment
from memory.profile.vocabulary import plain
from memory.profile.writing import Draft, Writing, draft, meaning_of, observation, settlement, words_of
from memory.store.store import Store

USE_SHORTENS: Final = 0.9  # of a distance, for each time a recalled fact was of use
NEAREST: Final = 0.05
UID_MAX: Final = 32
_BATCH = 256


def utc_now() -> datetime:
    """The time now, aware."""
    return datetime.now(UTC)


class FactTexts:
    """The facts as documents for the indexes (`memory.index.seams.Truth`)."""

    def texts(self, connection: Connection, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
        found: dict[int, tuple[str, str]] = {}
        for start in range(0, len(ids), 400):
            rows = connection.execute(select(FACTS).where(FACTS.c.id.in_(ids[start : start + 400])))
            for row in rows:
                words = words_of(
                    row.text, kind=row.kind, speaker=row.speaker, relation=row.relation,
                    subject=row.subject, since_s=row.valid_from,
                )  # fmt: skip
                found[row.id] = (words, meaning_of(row.speaker, row.text))
        return found

    def ids(self, connection: Connection) -> set[int]:
        return set(connection.execute(select(FACTS.c.id)).scalars())

    def count(self, connection: Connection) -> int:
        return int(connection.execute(select(func.count()).select_from(FACTS)).scalar_one())


class ProfileMemory:
    """The facts of one data folder."""

    def __init__(
        self,
        store: Store,
        *,
        embedder: Embedder | None,
        vectors: VectorIndex | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Opens the indexes, repairs them where they differ from the facts, and loads the graph.

        Args:
            vectors: where vectors are kept instead of Chroma in the store's folder.

        Raises:
            ExtraMissing: chromadb is not installed, and `vectors` is not given.
        """
        if embedder is not None and vectors is None:
            vectors = ChromaVectors(store.folder / "vectors", name="facts", space=embedder.name)
        self._store, self._now = store, now
        self._lock = threading.RLock()
        self._near = NearEdges(store)
        self.indexes = SearchIndexes(
            store, FactTexts(), name="facts", embedder=embedder, vectors=vectors, likeness=Neighbours(self._near)
        )
        self._load()

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """Held during each call; whoever makes several calls one step holds it around them."""
        return self._lock

    def load_again(self) -> None:
        """After a transaction around several calls was rolled back: the graph and the overlay are the truth's again."""
        with self._lock:
            self._load()
            self.indexes.flush(vectors=False)

    def _load(self) -> None:
        with self._store.read() as connection:
            rows = connection.execute(select(EDGES.c.start, EDGES.c.stop, EDGES.c.distance).where(EDGES.c.kind != NEAR))
            self._graph = Adjacency((row[0], row[1], row[2]) for row in rows)
        self._writing = Writing(self._store, self.indexes, self._graph)
        self._near.drop()
        self._retrieval = Retrieval(self._store, self.indexes, self._graph, self._near)
        self._extraction = Extraction(self._store, self._writing)
        self._forgetting = Forgetting(self._store, self.indexes, self._graph, self._near)

    # --- writing -----------------------------------------------------------------------------------------------------

    def remember(self, text: str, *, source: Source = UNNAMED, situation: Situation = ANYTIME) -> Remembered:
        """Remembers something the owner said: new, one more source of what is known, or in place of something.

        Raises:
            NothingToRemember: it is empty, or far too long.
        """
        return self.remember_all([Saying(text, source=source, situation=situation)])[0]

    def remember_all(self, sayings: Iterable[Saying]) -> list[Remembered]:
        """Remembers in order, in transactions of 256; what each became.

        Raises:
            NothingToRemember: one is empty or far too long; none of its transaction is remembered.
        """
        drafts = [draft(saying) for saying in sayings]
        return self._write(drafts)

    def observe_run(
        self, values: Mapping[str, str], *, app: str, run: str, at: datetime, place: str = ""
    ) -> list[Remembered]:
        """Counts the values a run used, by slot name. `at` in the owner's own time zone: it gives the time of day."""
        situation = Situation(time_of_day(at), place, app)
        drafts = [
            observation(slot, value, Saying(value, source=Source("run", run), situation=situation, at=at))
            for slot, value in values.items()
            if value.strip()
        ]
        return self._write(drafts)

    def settle(self, slot: str, said: str, value: str, *, situation: Situation, source: Source) -> Remembered:
        """The owner's word for good: what is said for a slot ("" for nothing) is this value here, in place of another.

        Raises:
            NothingToRemember: there is no value.
        """
        return self._write([settlement(slot, said, Saying(value, source=source, situation=situation))])[0]

    def observe_answer(self, said: str, value: str, *, app: str, run: str, at: datetime) -> Remembered:
        """Counts that the owner meant this value by what was said for it; it is known once that recurs."""
        situation = Situation(time_of_day(at), "", app)
        saying = Saying(value, source=Source("run", run), situation=situation, at=at)
        return self._write([observation(meaning_slot("", said), value, saying)])[0]

    def add_alias(self, name: str, alias: str) -> None:
        """Lets somebody or something also go by another name; made where it is not known yet."""
        with self._lock, self._store.write() as connection:
            entity = entities.find_or_make(connection, name, kind="entity", now_s=self._now().timestamp())
            entities.add_alias(connection, entity, alias)

    def used(self, uids: Sequence[str]) -> None:
        """These facts were of use: they are fresh again, and nearer to what leads to them."""
        with self._lock:
            now_s = self._now().timestamp()
            with self._store.write() as connection:
                ids = connection.execute(select(FACTS.c.id).where(FACTS.c.uid.in_(uids))).scalars().all()
                connection.execute(
                    update(FACTS).where(FACTS.c.id.in_(ids)).values(uses=FACTS.c.uses + 1, used_at=now_s)
                )
                nodes = [fact_node(fact) for fact in ids]
                stated = select(EDGES).where(EDGES.c.stop.in_(nodes), EDGES.c.kind != NEAR)
                edges = connection.execute(stated).all()
                nearer = {edge: max(NEAREST, edge.distance * USE_SHORTENS) for edge in edges}
                for edge, distance in nearer.items():
                    connection.execute(
                        update(EDGES)
                        .where(EDGES.c.start == edge.start, EDGES.c.stop == edge.stop, EDGES.c.kind == edge.kind)
                        .values(distance=distance)
                    )
            for edge, distance in nearer.items():
                self._graph.put(edge.start, edge.stop, distance)

    def to_extract(self, limit: int) -> tuple[list[Origin], int]:
        """What nobody has read for statements yet, oldest first, and how many there are in all."""
        return self._extraction.waiting(limit), self._extraction.count()

    def extracted(self, origin: str, statements: Sequence[str], *, by: str) -> Extracted:
        """Takes in what a model (`by`) found in a fact; contract: `memory.profile.extraction`.

        Raises:
            NotRemembered: the fact was forgotten meanwhile.
        """
        with self._lock:
            return self._extraction.take(origin, statements, by=by, now=self._now())

    # --- asking ------------------------------------------------------------------------------------------------------

    def recall(
        self,
        question: str,
        *,
        k: int = 10,
        by: str = DEFAULT,
        situation: Situation = ANYTIME,
        history: bool = False,
    ) -> list[Recalled]:
        """The k facts that answer best, each with the path that led to it; what was just remembered is among them.

        Args:
            by: the name of a preset (`memory.profile.presets`).
            situation: now; facts that hold in another one are left out. One that the question names counts first.
            history: facts that are no longer valid, too.

        Raises:
            NoSuchPreset: `by` names none.
        """
        with self._lock:
            return self._retrieval.recall(question, k=k, by=by, situation=situation, history=history, at=self._now())

    def explain(self, question: str, uid: str) -> str:
        """How this fact answers this question, in one line; or that it does not.

        Raises:
            NotRemembered: there is no such fact.
        """
        fact = self.fact(uid)
        found = next((one for one in self.recall(question, k=200, history=True) if one.fact.uid == uid), None)
        if found is None:
            return f"nothing in the question leads to {fact.text!r}"
        return f"{found.explain()} (score {found.score:.2f}, confidence {fact.confidence:.2f})"

    def resolve(self, words: str, *, situation: Situation = ANYTIME) -> list[Resolved]:
        """What the owner's words stand for: "mum", "home", "my mother's phone", "my usual". Empty: not known."""
        with self._lock, self._store.read() as connection:
            return resolving.resolve(connection, words, situation, self._now())

    def settled(self, slot: str, said: str, *, situation: Situation = ANYTIME) -> list[Resolved]:
        """What the owner's answers tell about a slot, or about what was said for it: for good, or again and again."""
        with self._lock, self._store.read() as connection:
            return resolving.settled(connection, slot, said, situation, self._now())

    def goes_by(self, word: str) -> list[str]:
        """The names of those who were said to go by this word, too ("mum" for Maria)."""
        with self._lock, self._store.read() as connection:
            return resolving.goes_by(connection, word)

    def usual(self, slot: str, *, situation: Situation = ANYTIME) -> list[Resolved]:
        """What runs in this situation usually put into a slot."""
        with self._lock, self._store.read() as connection:
            return resolving.usual_value(connection, slot, situation, self._now())

    def fact(self, uid: str) -> Fact:
        """Raises: NotRemembered: there is none with that id."""
        with self._store.read() as connection:
            row = connection.execute(select(FACTS).where(FACTS.c.uid == uid)).first()
        if row is None:
            raise NotRemembered(f"nothing is remembered under {uid!r}")
        return as_fact(row)

    def facts(self, *, history: bool = False, after: int = 0, limit: int = 1_000) -> list[Fact]:
        """Facts in the order they came, from the id after `after`."""
        wanted = select(FACTS).where(FACTS.c.id > after).order_by(FACTS.c.id).limit(limit)
        if not history:
            now_s = self._now().timestamp()
            wanted = wanted.where(or_(FACTS.c.valid_to.is_(None), FACTS.c.valid_to > now_s))
        with self._store.read() as connection:
            return [as_fact(row) for row in connection.execute(wanted)]

    def sources(self, uid: str) -> list[Source]:
        """Every source a fact has, oldest first."""
        fact = self.fact(uid)
        with self._store.read() as connection:
            rows = connection.execute(select(SOURCES).where(SOURCES.c.fact == fact.id).order_by(SOURCES.c.id))
            return [Source(row.kind, row.ref, row.text, moment(row.recorded_at)) for row in rows]

    def history(self, uid: str) -> list[Fact]:
        """The fact and all it replaced, newest first."""
        found = [self.fact(uid)]
        with self._store.read() as connection:
            for fact in found:  # grows while it is walked
                rows = connection.execute(
                    select(FACTS).where(FACTS.c.replaced_by == fact.id).order_by(FACTS.c.id.desc())
                )
                found += [as_fact(row) for row in rows]
        return found

    def stats(self) -> dict[str, Any]:
        """Counts, for `mobimem memory stats`."""
        counted = {"facts": FACTS, "entities": ENTITIES, "names": ALIASES, "edges": EDGES, "sources": SOURCES}
        with self._store.read() as connection:
            counts: dict[str, Any] = {
                name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for name, table in counted.items()
            }
            counts["closed"] = connection.execute(
                select(func.count()).where(FACTS.c.valid_to.is_not(None))
            ).scalar_one()  # fmt: skip
        return counts | {"waiting_for_indexes": self.indexes.waiting}

    # --- forgetting, keeping -----------------------------------------------------------------------------------------

    def forget(self, uids: Sequence[str]) -> Forgotten:
        """Takes facts out of everywhere, with whoever only they spoke of and what a model read out of them alone.

        `remains` proves it.

        Raises:
            NotRemembered: one is not there; nothing was forgotten.
        """
        with self._lock:
            ids = [self.fact(uid).id for uid in dict.fromkeys(uids)]
            with self._store.read() as connection:
                ids += [one for one in follow_origins(connection, ids) if one not in ids]
                alone = orphans(connection, ids)
            self._writing.forget_last()
            return self._forgetting.forget(ids, alone)

    def forget_about(self, name: str) -> Forgotten:
        """Forgets everybody and everything of this name, with every fact that speaks of it.

        Raises:
            NotRemembered: nobody goes by it.
        """
        with self._lock:
            with self._store.read() as connection:
                found = entities.find(connection, name)
                names = {plain(name)}.union(*(entities.aliases(connection, entity) for entity in found)) - {""}
                facts = sorted({*facts_about(connection, found, sorted(names)), *facts_that_say(connection, name)})
                facts += follow_origins(connection, facts)
                alone = set(orphans(connection, facts)) | set(found)
            if not found and not facts:
                raise NotRemembered(f"nobody and nothing goes by {name!r}")
            self._writing.forget_last()
            return self._forgetting.forget(facts, sorted(alone))

    def remains(self, forgotten: Forgotten) -> list[str]:
        """Where something of it still is; an empty answer is the proof that it was forgotten."""
        with self._lock:
            return self._forgetting.remains(forgotten)

    def uids(self, begin: str) -> list[str]:
        """The ids of facts that begin so."""
        if not begin.isalnum() or len(begin) > UID_MAX:
            return []
        wanted = select(FACTS.c.uid).where(FACTS.c.uid.startswith(begin, autoescape=True)).order_by(FACTS.c.id)
        with self._store.read() as connection:
            return list(connection.execute(wanted.limit(100)).scalars())

    def fact_of(self, source: Source) -> Fact | None:
        """The fact that this source (kind and ref) told; None if it told none, or it was forgotten."""
        wanted = (
            select(FACTS).join(SOURCES, SOURCES.c.fact == FACTS.c.id)
            .where(SOURCES.c.kind == source.kind, SOURCES.c.ref == source.ref).limit(1)
        )  # fmt: skip
        with self._store.read() as connection:
            row = connection.execute(wanted).first()
        return None if row is None else as_fact(row)

    def says(self, text: str) -> bool:
        """Whether a fact or a source of one has exactly these words."""
        with self._store.read() as connection:
            for column in (FACTS.c.text, SOURCES.c.text):
                if connection.execute(select(column).where(column == text).limit(1)).first() is not None:
                    return True
        return False

    def records(self) -> list[dict[str, Any]]:
        """Everything as plain records (`memory.profile.exchange`)."""
        with self._store.read() as connection:
            return list(exchange.records(connection))

    def merge(self, records: Sequence[exchange.Record]) -> exchange.Merged:
        """Takes in what another profile knows, or this one knew: all or nothing, and twice is as once.

        Raises:
            NotAnExport: a record is not what `records` makes.
        """
        with self._lock:
            with self._store.write() as connection:
                told, documents = exchange.merge(connection, records, self._now())
                self.indexes.note(connection, documents)
            self._load()
            self.indexes.show(documents)
        return told

    def flush(self) -> int:
        """Brings the indexes up to date; for a quiet moment. Searches do not wait for it."""
        return self.indexes.flush()

    def verify(self, *, repair: bool = True, words: bool = False) -> Repair:
        """Compares the indexes with the facts; with `words`, also the words of each."""
        with self._lock:
            return self.indexes.verify(repair=repair, words=words)

    def rebuild(self) -> int:
        """Makes the indexes anew from the facts; returns their number."""
        with self._lock:
            return self.indexes.rebuild()

    def close(self) -> None:
        """Brings the indexes up to date and lets go of them. The store stays open: it is its owner's."""
        with self._lock:
            self.indexes.close()

    def _write(self, drafts: Sequence[Draft]) -> list[Remembered]:
        told: list[Remembered] = []
        with self._lock:
            for start in range(0, len(drafts), _BATCH):
                told += self._writing.write(drafts[start : start + _BATCH], now=self._now())
        return told


def in_memory_vectors(embedder: Embedder) -> VectorIndex:
    """An exact index that is filled anew on every opening: for tests and for small memories without chromadb."""
    return ExactVectors(embedder.dim)


def time_of_day(at: datetime) -> str:
    """morning 5-11, afternoon 12-16, evening 17-21, night 22-4: by the hour of `at` as it is given."""
    parts = ((5, "night"), (12, "morning"), (17, "afternoon"), (22, "evening"), (24, "night"))
    return next(part for until, part in parts if at.hour < until)
