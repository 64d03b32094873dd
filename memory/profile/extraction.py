"""Statements that a model found in what the owner said in words no form fits; taken in under guard, and never trusted.

Here is no model: somebody asks one later, off every critical path (`mobimem.service.extraction`), and hands over what
it wrote. What holds, whatever it wrote:

    what is no statement (`statements`) is dropped, and so is one whose value, name or situation does not stand in the
    origin's words, or that denies what its clause affirms, or the other way round
    what contradicts an open fact is dropped: nothing is closed or replaced by a model
    what is known already stays as it was; only another extracted fact gets one more source
    the rest becomes a fact with the source `model` and the origin's uid, less sure than what was said (`EXTRACTED`)

An origin is read once (`extractions`, written in the same transaction), and its statements are forgotten with it unless
they also have another source.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, delete, func, insert, select

from memory.errors import NothingToRemember, NotRemembered
from memory.profile.likeness import shape
from memory.profile.records import Saying, Situation, Source
from memory.profile.statements import Reading, situation_of, vocabulary_has
from memory.profile.tables import EXTRACTIONS, FACTS, SOURCES, moment
from memory.profile.writing import Draft, Writing, add_source, draft
from memory.store.store import Store
from memory.text.tokens import unspaced

MODEL: Final = "model"
ORIGIN_MIN, ORIGIN_MAX = 12, 2_000
"""Characters of a text that is read: less says nothing, more is a document; a statement has at most READ_CHARS."""
STATEMENTS_MAX: Final = 6  # of one origin; a longer answer is cut
STATEMENT_CHARS: Final = 200
_CLAUSE: Final = re.compile(r"[.!?;,。！？；，、\n]+|\s(?:but|and|although|though|aber|und|pero|mais)\s|但是?|不过")
_PART: Final = 400


@dataclass(frozen=True, slots=True)
class Origin:
    """Something the owner, or `speaker`, said that no form fits."""

    uid: str
    text: str
    speaker: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A statement that was not taken, and why."""

    statement: str
    why: str


@dataclass(frozen=True, slots=True)
class Extracted:
    """What became of a model's statements: the new facts' ids, how many were known, and what was not taken."""

    made: tuple[str, ...] = ()
    known: int = 0
    refused: tuple[Refusal, ...] = ()


class Extraction:
    """Takes statements in; the owner of the profile calls it from one thread at a time."""

    def __init__(self, store: Store, writing: Writing) -> None:
        self._store, self._writing = store, writing

    def waiting(self, limit: int) -> list[Origin]:
        """What no model has read yet, oldest first: open, in words, no question, neither very short nor a document."""
        with self._store.read() as connection:
            rows = connection.execute(_waiting(FACTS.c.uid, FACTS.c.text, FACTS.c.speaker).limit(limit)).all()
        return [Origin(row.uid, row.text, row.speaker) for row in rows]

    def count(self) -> int:
        """How many wait."""
        with self._store.read() as connection:
            return int(
                connection.execute(select(func.count()).select_from(_waiting(FACTS.c.id).subquery())).scalar_one()
            )

    def take(self, origin: str, statements: Sequence[str], *, by: str, now: datetime) -> Extracted:
        """Takes the statements found in an origin; one transaction. An origin that was read already changes nothing.

        Raises:
            NotRemembered: the origin was forgotten meanwhile.
        """
        with self._store.read() as connection:
            row = connection.execute(select(FACTS).where(FACTS.c.uid == origin)).first()
        if row is None:
            raise NotRemembered(f"nothing is remembered under {origin!r}")
        drafts, refused = drafted(row, statements)
        gate = _Gate(int(row.id), by, now, len(drafts))
        told = self._writing.write(drafts, now=now, gate=gate)
        return Extracted(tuple(one.uid for one in told), gate.known, (*refused, *gate.refused))


@dataclass(slots=True)
class _Gate:
    """Inside the writing's transaction: lets through what is new and contradicts nothing."""

    origin: int
    by: str
    now: datetime
    offered: int
    known: int = 0
    refused: list[Refusal] = field(default_factory=list)

    def begin(self, connection: Connection) -> bool:
        """Notes that the origin was read; False where it was before, or is gone."""
        there = connection.execute(select(FACTS.c.id).where(FACTS.c.id == self.origin)).first()
        read = connection.execute(select(EXTRACTIONS.c.fact).where(EXTRACTIONS.c.fact == self.origin)).first()
        if there is None or read is not None:
            return False
        connection.execute(
            insert(EXTRACTIONS).values(
                fact=self.origin, model=self.by, made=self.offered, recorded_at=self.now.timestamp()
            )
        )
        return True

    def lets(self, connection: Connection, offered: Draft, known: Any, ended: Sequence[Any]) -> bool:
        """Whether it becomes a fact. `known` says the same, `ended` are the open facts it speaks against."""
        if known is not None:
            self.known += 1
            kinds = set(connection.execute(select(SOURCES.c.kind).where(SOURCES.c.fact == known.id)).scalars())
            if kinds == {MODEL}:
                add_source(connection, int(known.id), offered, self.now)
            return False
        if ended:
            self.refused.append(Refusal(offered.text, f"it speaks against what is known: {ended[0].text}"))
            return False
        return True


def drafted(origin: Any, statements: Sequence[str]) -> tuple[list[Draft], list[Refusal]]:
    """The statements that hold water, as drafts with their origin as the source; and the others."""
    drafts: list[Draft] = []
    refused: list[Refusal] = []
    situation = Situation(origin.time_of_day, origin.place, origin.app)
    for given in list(dict.fromkeys(statements))[:STATEMENTS_MAX]:
        said = " ".join(given.split())
        try:
            if len(said) > STATEMENT_CHARS:
                raise NothingToRemember("it is too long for a statement")
            offered = draft(
                Saying(said, origin.speaker, Source(MODEL, origin.uid), situation, at=moment(origin.valid_from))
            )
        except NothingToRemember as error:
            refused.append(Refusal(said[:STATEMENT_CHARS], error.cause))
            continue
        if why := unfounded(offered.reading, origin.text):
            refused.append(Refusal(said, why))
        else:
            drafts.append(offered)
    return drafts, refused


def unfounded(reading: Reading | None, origin: str) -> str:
    """Why a reading does not follow from the words of its origin; "" where nothing speaks against it."""
    if reading is None:
        return "it is no statement of a known form"
    if not stands_in(reading.value, origin):
        return f"{reading.value!r} does not stand in what was said"
    ideas = {idea.name for idea in vocabulary_has(origin, "one", "many")}
    if strange := [word for word in reading.subject.split() if word not in ideas and not stands_in(word, origin)]:
        return f"{strange[0]!r} does not stand in what was said"
    there = situation_of(origin)
    if any(part and part != said for part, said in zip(reading.situation.parts, there.parts, strict=True)):
        return "it holds at another time or place than what was said"
    if reading.instead_of:
        return "it corrects something, and only the owner does"
    clauses = [clause for clause in _CLAUSE.split(origin) if clause and stands_in(reading.value, clause)]
    if not any(shape(clause).positive == reading.positive for clause in clauses or [origin]):
        return "it says no where yes was said, or yes where no was"
    return ""


def stands_in(value: str, text: str) -> bool:
    """Whether the text has these words, in this order and whole; in any case."""
    wanted = value.split()
    if not wanted:
        return False
    edges = ("", "") if unspaced(value) else (r"(?<!\w)", r"(?!\w)")
    return re.search(edges[0] + r"\s+".join(map(re.escape, wanted)) + edges[1], text, re.IGNORECASE) is not None


def follow_origins(connection: Connection, facts: Sequence[int]) -> list[int]:
    """The facts that rest on nothing but these facts' words, for they are forgotten with them."""
    uids = _column(connection, FACTS.c.uid, FACTS.c.id, facts)
    told = set(_column(connection, SOURCES.c.fact, SOURCES.c.ref, uids, SOURCES.c.kind == MODEL)) - set(facts)
    mine = set(uids)
    alone = []
    for fact in sorted(told):
        sources = connection.execute(select(SOURCES.c.kind, SOURCES.c.ref).where(SOURCES.c.fact == fact)).all()
        if all(row.kind == MODEL and row.ref in mine for row in sources):
            alone.append(fact)
    return alone


def forget_origins(connection: Connection, facts: Sequence[int]) -> int:
    """Part of forgetting: no fact that stays names these as its origin, and nothing says they were read."""
    uids, gone = _column(connection, FACTS.c.uid, FACTS.c.id, facts), 0
    for start in range(0, len(facts), _PART):
        part = uids[start : start + _PART]
        gone += connection.execute(delete(SOURCES).where(SOURCES.c.kind == MODEL, SOURCES.c.ref.in_(part))).rowcount
        read = EXTRACTIONS.c.fact.in_(list(facts)[start : start + _PART])
        gone += connection.execute(delete(EXTRACTIONS).where(read)).rowcount
    return gone


def _waiting(*columns: Any) -> Select[Any]:
    read = select(EXTRACTIONS.c.fact).where(EXTRACTIONS.c.fact == FACTS.c.id).exists()
    size = func.length(FACTS.c.text)
    return (
        select(*columns)
        .where(
            FACTS.c.kind == "statement", FACTS.c.relation == "", FACTS.c.valid_to.is_(None), ~read,
            size >= ORIGIN_MIN, size <= ORIGIN_MAX,
            ~FACTS.c.text.endswith("?", autoescape=True), ~FACTS.c.text.endswith("？", autoescape=True),
        )
        .order_by(FACTS.c.id)
    )  # fmt: skip


def _column(connection: Connection, wanted: Any, by: Any, keys: Sequence[Any], also: Any = True) -> list[Any]:
    found: list[Any] = []
    for start in range(0, len(keys), _PART):
        rows = select(wanted).where(by.in_(list(keys)[start : start + _PART]))
        found += connection.execute(rows if also is True else rows.where(also)).scalars()
    return found
