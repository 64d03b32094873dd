"""Remembering: every saying becomes a fact, one more source of a known fact, or a fact that replaces another.

One transaction for a batch, no model. The order inside: does any known wording say the same (`likeness`)? else, which
facts does it close (`statements`: a new value of a single relation, the opposite, a correction)? then the rows, the
edges and the note for the indexes.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final, Protocol

from sqlalchemy import Connection, bindparam, insert, select, update

from memory.errors import NothingToRemember
from memory.index.search import Document, SearchIndexes
from memory.profile import entities
from memory.profile.graph import Adjacency, entity_node, fact_node
from memory.profile.likeness import Shape, same_roles, shape
from memory.profile.records import Outcome, Remembered, Saying, Situation
from memory.profile.resolving import meaning_slot
from memory.profile.statements import Reading, read_statement
from memory.profile.tables import EDGES, FACT_KEYS, FACTS, SOURCES, moment
from memory.profile.vocabulary import plain
from memory.store.store import Store

TEXT_MAX_CHARS: Final = 20_000  # a long letter; what is longer is a document and no fact
SAID, ASKED, OBSERVED_ONCE, OBSERVED_MORE = 0.95, 0.85, 0.5, 0.1
"""Confidences: a statement; a question, which states little (recall@10 of the development dialogues +0.005); a value
seen once in a run, and what each further time takes of the doubt that is left."""
AFTER, BEFORE = 0.22, 0.69
"""Nats to what was said next (-ln 0.8: often the answer) and before (-ln 0.5). 0.7 to 0.9 and 0.5 to 0.6 differ by
less than 0.02 in recall@10, in sweeps over the development dialogues."""
ABOUT, OF = 0.9, 0.7  # from somebody to a fact about them, and back
TOGETHER = 0.4  # values that one run used; what was said, and a statement found in it
EXTRACTED: Final = 0.6  # a model's reading of what was said; below every statement, above a value seen once
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_PREFERENCES = ("like", "prefer", "drink", "eat", "favourite", "usual")
_KNOWN = (
    select(FACTS)
    .where(
        FACTS.c.id.in_(select(FACT_KEYS.c.fact).where(FACT_KEYS.c.key.in_(bindparam("keys", expanding=True)))),
        FACTS.c.valid_to.is_(None), FACTS.c.speaker == bindparam("speaker"),
    )
    .order_by(FACTS.c.id)
)  # fmt: skip
_OF_RELATION = select(FACTS).where(
    FACTS.c.subject == bindparam("subject"), FACTS.c.relation == bindparam("relation"),
    FACTS.c.speaker == bindparam("speaker"), FACTS.c.valid_to.is_(None), FACTS.c.kind != "observed",
)  # fmt: skip
_EDGE = select(EDGES.c.start).where(
    EDGES.c.start == bindparam("from"), EDGES.c.stop == bindparam("to"), EDGES.c.kind == bindparam("by")
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A saying with what was worked out of it before the transaction."""

    saying: Saying
    text: str
    reading: Reading | None
    shape: Shape
    keys: tuple[bytes, ...]
    kind: str
    meaning: str


class Gate(Protocol):
    """Decides, inside the transaction, what becomes of drafts that nobody said in these words."""

    def begin(self, connection: Connection) -> bool:
        """Whether any are wanted."""
        ...

    def lets(self, connection: Connection, offered: Draft, known: Any, ended: Sequence[Any]) -> bool:
        """Whether it is written, given the open fact that says the same and those it would end."""
        ...


@dataclass(slots=True)
class _Batch:
    """What a transaction changed, to be shown to the indexes and the graph once it is committed."""

    documents: list[Document] = field(default_factory=list)
    edges: list[tuple[int, int, str, float]] = field(default_factory=list)
    last: dict[tuple[str, str], int] = field(default_factory=dict)


class Writing:
    """Writes facts; the owner of the profile calls it from one thread at a time."""

    def __init__(self, store: Store, indexes: SearchIndexes, graph: Adjacency) -> None:
        self._store, self._indexes, self._graph = store, indexes, graph
        self._last: dict[tuple[str, str], int] = {}

    def write(self, drafts: Sequence[Draft], *, now: datetime, gate: Gate | None = None) -> list[Remembered]:
        """All or none of them, but for what the gate keeps out. Searches see them when this returns."""
        vectors = self._vectors(drafts)
        batch = _Batch(last=dict(self._last))
        with self._store.write() as connection:
            open_ = gate is None or gate.begin(connection)
            told = [
                self._one(connection, draft, vectors, batch, now)
                for draft in drafts
                if open_ and (gate is None or self._passes(connection, draft, gate))
            ]
            if batch.edges:
                connection.execute(
                    insert(EDGES),
                    [dict(zip(("start", "stop", "kind", "distance"), edge, strict=True)) for edge in batch.edges],
                )
            self._indexes.note(connection, batch.documents)
        self._last = dict(list(batch.last.items())[-256:])
        for start, stop, _, distance in batch.edges:
            self._graph.put(start, stop, distance)
        self._indexes.show(batch.documents)
        return told

    def forget_last(self) -> None:
        """Whatever was said last may be gone: what is said next finds its predecessor in the truth."""
        self._last.clear()

    def _vectors(self, drafts: Sequence[Draft]) -> dict[str, Document]:
        """Encodes what is new, before the transaction: nobody waits for the encoder."""
        if not self._indexes.encodes:
            return {}
        with self._store.read() as connection:
            new = [draft for draft in drafts if self._known(connection, draft) is None]
        return {one.meaning: one for one in self._indexes.embed([Document(0, "", draft.meaning) for draft in new])}

    def _passes(self, connection: Connection, draft: Draft, gate: Gate) -> bool:
        ended = self._contradicted(connection, draft) if draft.reading is not None else []
        return gate.lets(connection, draft, self._known(connection, draft), ended)

    def _one(
        self, connection: Connection, draft: Draft, vectors: dict[str, Document], batch: _Batch, now: datetime
    ) -> Remembered:
        known = self._known(connection, draft)
        if known is not None:
            self._merge(connection, known, draft, now)
            self._follow(connection, int(known.id), draft, batch)
            return Remembered(known.uid, "merged")
        closing = self._contradicted(connection, draft) if draft.reading is not None else []
        fact, uid = self._insert(connection, draft, now)
        since = (draft.saying.at or now).timestamp()
        for row in closing:
            connection.execute(update(FACTS).where(FACTS.c.id == row.id).values(valid_to=since, replaced_by=fact))
            self._unname(connection, row, batch, now)
        self._connect(connection, fact, draft, batch, now)
        self._follow(connection, fact, draft, batch)
        encoded = vectors.get(draft.meaning)
        reading = draft.reading or Reading("", "", "")
        words = words_of(
            draft.text, kind=draft.kind, speaker=draft.saying.speaker, relation=reading.relation,
            subject=reading.subject, since_s=since,
        )  # fmt: skip
        batch.documents.append(Document(fact, words, draft.meaning, encoded.vector if encoded is not None else None))
        outcome: Outcome = "replaced" if closing else "new"
        return Remembered(uid, outcome, tuple(row.uid for row in closing))

    # --- what is known already ---------------------------------------------------------------------------------------

    @staticmethod
    def _known(connection: Connection, draft: Draft) -> Any:
        """The open fact that a wording of which says the same, or None."""
        for row in connection.execute(_KNOWN, {"keys": draft.keys, "speaker": draft.saying.speaker}):
            if _situation(row) != _whole_situation(draft):
                continue
            if draft.kind == "observed" or _reads_alike(row, draft.reading):
                return row
            other = draft.reading is not None and row.relation and row.subject != draft.reading.subject
            if not other and same_roles(shape(row.text), draft.shape):
                return row
        return None

    @staticmethod
    def _merge(connection: Connection, known: Any, draft: Draft, now: datetime) -> None:
        more = OBSERVED_MORE if draft.kind == "observed" else 0.5
        sure = known.confidence + more * (1 - known.confidence)
        if draft.kind != "observed" and known.confidence <= EXTRACTED:  # the owner says now what a model had read
            sure = max(sure, _confidence(draft))
        connection.execute(
            update(FACTS)
            .where(FACTS.c.id == known.id)
            .values(
                count=FACTS.c.count + 1, used_at=now.timestamp(),
                confidence=min(0.99, sure),
            )
        )  # fmt: skip
        add_source(connection, int(known.id), draft, now)
        have = set(connection.execute(select(FACT_KEYS.c.key).where(FACT_KEYS.c.fact == known.id)).scalars())
        for key in dict.fromkeys(draft.keys):
            if key not in have:
                connection.execute(insert(FACT_KEYS).values(fact=known.id, key=key))

    @staticmethod
    def _contradicted(connection: Connection, draft: Draft) -> list[Any]:
        """Open facts that this one ends: the old value, the opposite, what a correction names."""
        reading = draft.reading
        assert reading is not None
        rows = connection.execute(
            _OF_RELATION,
            {"subject": reading.subject, "relation": reading.relation, "speaker": draft.saying.speaker},
        ).all()
        open_ = [row for row in rows if _situation(row) == _whole_situation(draft) or reading.corrects]
        value, old = reading.value_key, Reading("", "", reading.instead_of).value_key if reading.instead_of else ""
        values = {row.id: Reading("", "", row.value).value_key for row in open_}
        ended = [row for row in open_ if values[row.id] == value and bool(row.positive) != reading.positive]
        if reading.single and reading.positive:
            ended += [row for row in open_ if row.positive and values[row.id] != value and row.slot]
        elif old:
            ended += [row for row in open_ if row.positive and values[row.id] == old]
        elif reading.corrects and reading.positive:
            others = [row for row in open_ if row.positive and values[row.id] != value]
            alike = [row for row in others if set(values[row.id].split()) & set(value.split())]
            ended += alike or (others if len(others) == 1 else [])
        return list({row.id: row for row in ended}.values())

    # --- rows and edges ----------------------------------------------------------------------------------------------

    @staticmethod
    def _insert(connection: Connection, draft: Draft, now: datetime) -> tuple[int, str]:
        reading, situation = draft.reading or Reading("", "", ""), _whole_situation(draft)
        uid = secrets.token_hex(16)
        confidence = _confidence(draft)
        made = connection.execute(
            insert(FACTS),
            {
                "uid": uid, "kind": draft.kind, "text": draft.text, "speaker": draft.saying.speaker,
                "subject": reading.subject, "relation": reading.relation, "value": reading.value,
                "positive": int(reading.positive), "slot": reading.slot, "time_of_day": situation.time_of_day,
                "place": situation.place, "app": situation.app, "confidence": confidence, "count": 1,
                "valid_from": (draft.saying.at or now).timestamp(), "recorded_at": now.timestamp(),
                "used_at": now.timestamp(), "uses": 0,
            },
        ).inserted_primary_key  # fmt: skip
        assert made is not None
        fact = int(made[0])
        connection.execute(insert(FACT_KEYS), [{"fact": fact, "key": key} for key in dict.fromkeys(draft.keys)])
        add_source(connection, fact, draft, now)
        return fact, uid

    @staticmethod
    def _connect(connection: Connection, fact: int, draft: Draft, batch: _Batch, now: datetime) -> None:
        """Edges to whom the fact is about, and the names its value gives them."""
        about: dict[int, None] = {}
        reading, now_s = draft.reading, now.timestamp()
        if draft.saying.speaker:
            about[entities.find_or_make(connection, draft.saying.speaker, kind="person", now_s=now_s)] = None
        if reading is not None and draft.kind != "observed":
            if reading.subject:
                about[entities.find_or_make(connection, reading.subject, kind="entity", now_s=now_s)] = None
            if reading.positive and reading.relation in entities.BEINGS and not draft.saying.speaker:
                kin = reading.relation if reading.relation in entities.KIN and not reading.subject else reading.value
                being = entities.find_or_make(connection, kin, kind="person", now_s=now_s)
                entities.add_alias(connection, being, reading.value)
                about[being] = None
        for entity in entities.mentioned(connection, draft.text):
            about[entity] = None
        if draft.saying.source.kind == "model":
            origin = connection.execute(select(FACTS.c.id).where(FACTS.c.uid == draft.saying.source.ref)).scalar()
            if origin is not None:
                batch.edges.append((fact_node(origin), fact_node(fact), "told", TOGETHER))
                batch.edges.append((fact_node(fact), fact_node(origin), "told", TOGETHER))
        for entity in about:
            batch.edges.append((entity_node(entity), fact_node(fact), "about", ABOUT))
            batch.edges.append((fact_node(fact), entity_node(entity), "about", OF))

    def _follow(self, connection: Connection, fact: int, draft: Draft, batch: _Batch) -> None:
        """Edges between what was said, or used, one after the other in the same conversation or run."""
        source = draft.saying.source
        if not source.ref or source.kind == "model":
            return
        before = batch.last.get((source.kind, source.ref)) or _last_of(connection, draft, fact)
        batch.last[source.kind, source.ref] = fact
        if before is None or before == fact:
            return
        one, other = fact_node(before), fact_node(fact)
        kind, there, back = ("together", TOGETHER, TOGETHER) if source.kind == "run" else ("next", AFTER, BEFORE)
        if _joined(connection, one, other, kind) or any(edge[:3] == (one, other, kind) for edge in batch.edges):
            return
        batch.edges.append((one, other, kind, there))
        if not any(edge[:3] == (other, one, kind) for edge in batch.edges) and not _joined(
            connection, other, one, kind
        ):
            batch.edges.append((other, one, kind, back))

    @staticmethod
    def _unname(connection: Connection, row: Any, batch: _Batch, now: datetime) -> None:
        """Who is no longer the doctor does not go by that name, and stays somebody of their own."""
        if row.relation not in entities.KIN or row.subject:
            return
        for entity in entities.find(connection, row.relation):
            entities.drop_alias(connection, entity, row.value)
        person = entities.find_or_make(connection, row.value, kind="person", now_s=now.timestamp())
        about = connection.execute(select(FACTS.c.id).where(FACTS.c.subject == plain(row.value))).scalars()
        for fact in {int(row.id), *map(int, about)}:
            if not _joined(connection, entity_node(person), fact_node(fact), "about"):
                batch.edges.append((entity_node(person), fact_node(fact), "about", ABOUT))
                batch.edges.append((fact_node(fact), entity_node(person), "about", OF))


def draft(saying: Saying) -> Draft:
    """Works out everything about a saying that needs no database.

    Raises:
        NothingToRemember: it holds no words, or far too many.
    """
    text = " ".join("".join(c if c.isprintable() or c.isspace() else " " for c in saying.text).split())
    if not text:
        raise NothingToRemember("the text is empty")
    if len(text) > TEXT_MAX_CHARS:
        raise NothingToRemember(
            f"a text of {len(text):,} characters is no fact", next_step=f"Say it in at most {TEXT_MAX_CHARS:,}."
        )
    reading, formed = read_statement(text), shape(text)
    keys = [formed.key(saying.speaker)]
    if reading is not None:
        told = (saying.speaker, reading.subject, reading.relation, reading.value_key, str(reading.positive))
        keys.append(blake2b("\x1e".join(told).encode("utf-8", "surrogatepass"), digest_size=16).digest())
    kind = "statement" if reading is None else "fact"
    if reading is not None and reading.relation.split(" ")[0] in _PREFERENCES:
        kind = "preference"
    return Draft(saying, text, reading, formed, tuple(keys), kind, meaning_of(saying.speaker, text))


def meaning_of(speaker: str, text: str) -> str:
    """The words whose meaning becomes a fact's vector."""
    return f"{speaker}: {text}" if speaker else text


def words_of(text: str, *, kind: str, speaker: str, relation: str, subject: str, since_s: float | None) -> str:
    """The words to find a fact by: its own, whose they are, what it says in canonical words, and since which day."""
    if kind == "observed":
        return text
    at = moment(since_s)
    day = "" if at is None else f"{at.day} {_MONTHS[at.month - 1]} {at.year}"
    return " ".join(filter(None, (speaker, day, relation, subject, text)))


def observation(slot: str, value: str, saying: Saying) -> Draft:
    """A value that a run used, as a draft: what recurs in a situation is "the usual" one."""
    reading = Reading("", plain(slot), " ".join(value.split()), situation=saying.situation)
    text = f"{reading.value} ({' '.join(slot.split())}{', ' + saying.situation.app if saying.situation.app else ''})"
    told = ("observed", reading.relation, plain(value), *saying.situation.parts)
    key = blake2b("\x1e".join(told).encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return Draft(saying, text, reading, shape(text), (key,), "observed", text)


def settlement(slot: str, said: str, saying: Saying) -> Draft:
    """The owner's answer for good, as a draft; another answer in the same situation replaces it.

    Raises:
        NothingToRemember: there is no value.
    """
    value = " ".join(saying.text.split())
    if not plain(value):
        raise NothingToRemember("the answer is empty")
    relation = meaning_slot(slot, said)
    reading = Reading("", relation, value, single=True, situation=saying.situation)
    text = f"{said} is always {value}" if said else f"the {slot.replace('_', ' ')} is always {value}"
    text += f" ({saying.situation.app})" if saying.situation.app else ""
    told = ("settled", relation, plain(value), *saying.situation.parts)
    key = blake2b("\x1e".join(told).encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return Draft(saying, text, reading, shape(text), (key,), "preference", text)


def _whole_situation(draft: Draft) -> Situation:
    read = draft.reading.situation if draft.reading is not None else Situation()
    return draft.saying.situation.or_else(read)


def _situation(row: Any) -> Situation:
    return Situation(row.time_of_day, row.place, row.app)


def _reads_alike(row: Any, reading: Reading | None) -> bool:
    """Two readings say the same: nothing of them differs, in whatever words."""
    if reading is None:
        return False
    other = Reading(row.subject, row.relation, row.value)
    return (row.subject, row.relation, bool(row.positive)) == (
        reading.subject, reading.relation, reading.positive,
    ) and other.value_key == reading.value_key  # fmt: skip


def _confidence(draft: Draft) -> float:
    if draft.kind == "observed":
        return OBSERVED_ONCE
    if draft.saying.source.kind == "model":
        return EXTRACTED
    return ASKED if draft.text.endswith(("?", "？")) else SAID


def add_source(connection: Connection, fact: int, draft: Draft, now: datetime) -> None:
    """One more source of a fact."""
    source = draft.saying.source
    connection.execute(
        insert(SOURCES),
        {
            "fact": fact, "kind": source.kind, "ref": source.ref, "text": draft.text,
            "recorded_at": (source.recorded_at or now).timestamp(),
        },
    )  # fmt: skip


def _last_of(connection: Connection, draft: Draft, fact: int) -> int | None:
    """The fact before this one of the same conversation or run, after a restart."""
    source = draft.saying.source
    found = connection.execute(
        select(SOURCES.c.fact)
        .where(SOURCES.c.ref == source.ref, SOURCES.c.kind == source.kind, SOURCES.c.fact != fact)
        .order_by(SOURCES.c.id.desc())
        .limit(1)
    ).scalar()
    return None if found is None else int(found)


def _joined(connection: Connection, start: int, stop: int, kind: str) -> bool:
    found = connection.execute(_EDGE, {"from": start, "to": stop, "by": kind})
    return found.first() is not None
