"""Which facts are like which in meaning: DisGraph's third kind of edge, beside what was stated and what went together.

When the vector index learns facts (`memory.index.search`, behind and in batches), each gets edges to the few facts
nearest to it, and becomes a neighbour of those to whom it is nearer than what they had. They are rows of `edges` of
the kind `near`, written in the transaction that takes the facts out of the queue: after a kill the batch is done again.
They follow from the vectors alone: never exported, never shortened by use, made anew with the vector index, gone with
either fact. A forgotten neighbour's place stays free until then.

In memory they lie apart from the other edges (`NearEdges`), so whoever searches without them has exactly the graph
without them, and they do not count where leaving a hub costs. Loaded when a search first wants them.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, and_, delete, insert, select

from memory.profile.graph import fact_node
from memory.profile.tables import EDGES, FACTS
from memory.store.store import Store

NEAR: Final = "near"
KEPT: Final = 3
"""Neighbours of one fact. A saying has two more in its conversation; so likeness does not outnumber what was said."""
FLOOR: Final = 0.6
"""Cosine below which two facts are not neighbours. 0.6 and 0.75 do not differ in recall@10 (docs/memory.md)."""
STEP: Final = math.log(2)
"""Nats of every such edge besides -ln cosine: to be like what was asked for is half a reason, as a name is. Without it
recall@10 of the development dialogues is 0.020 lower."""
_PART = 400
_ROW = np.dtype([("stop", "i4"), ("far", "f4")])
_EDGE = np.dtype([("start", "i8"), ("stop", "i4"), ("far", "f4")])
_ALL = select(EDGES.c.start, EDGES.c.stop, EDGES.c.distance).where(EDGES.c.kind == NEAR).order_by(EDGES.c.start)


def distance_of(cosine: float) -> float:
    """Nats between two facts of this likeness."""
    return STEP - math.log(min(1.0, cosine))


class NearEdges:
    """The edges in memory: KEPT places for each fact, 8 bytes a place. Reading needs no lock: a row is copied whole."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._rows: NDArray[np.void] | None = None  # [fact, place]; None: not loaded yet

    def ways(self, node: int) -> list[tuple[int, float]]:
        """Where a node leads by likeness: (node, distance); nothing from an entity."""
        rows = self._rows if self._rows is not None else self._load()
        fact = node // 2
        if node % 2 or fact >= len(rows):
            return []
        return [(fact_node(stop), far) for stop, far in rows[fact].tolist() if stop]

    def holds(self, fact: int) -> bool:
        """Whether the fact stands here at all, with neighbours or as one."""
        rows = self._rows
        return rows is not None and (bool(self.ways(fact_node(fact))) or bool((rows["stop"] == fact).any()))

    def follow(self, facts: Sequence[int]) -> None:
        """After a transaction: these facts' edges are the truth's again. Whoever comes last reads the newest truth."""
        with self._lock:
            if self._rows is None:
                return
            with self._store.read() as connection:
                found = kept_of(connection, facts)
            self._room_for(max(facts, default=0))
            for fact in facts:
                self._rows[fact] = _row(found.get(fact, {}))

    def remove(self, facts: Sequence[int], before: Sequence[int]) -> None:
        """After a transaction: these facts are gone. `before` are those that had one of them as a neighbour."""
        with self._lock:
            if (rows := self._rows) is None:
                return
            for fact in before:
                if fact < len(rows):
                    stops = rows[fact]["stop"]
                    rows[fact] = np.where(np.isin(stops, facts), np.zeros(KEPT, _ROW), rows[fact])
            for fact in facts:
                if fact < len(rows):
                    rows[fact] = np.zeros(KEPT, _ROW)

    def drop(self) -> None:
        """All of them may have changed: the next search loads them again."""
        with self._lock:
            self._rows = None

    def _load(self) -> NDArray[np.void]:
        with self._lock:
            if self._rows is None:
                current = self._store.write() if self._store.in_transaction else self._store.read()
                with current as connection:
                    found = connection.execute(_ALL).all()
                near = np.array([(row[0] // 2, row[1] // 2, row[2]) for row in found], _EDGE)
                starts = near["start"]
                self._rows = np.zeros((0, KEPT), _ROW)
                self._room_for(int(starts[-1]) if len(starts) else 0)
                place = np.arange(len(starts)) - np.searchsorted(starts, starts)
                fits = place < KEPT
                self._rows["stop"][starts[fits], place[fits]] = near["stop"][fits]
                self._rows["far"][starts[fits], place[fits]] = near["far"][fits]
            return self._rows

    def _room_for(self, fact: int) -> None:
        assert self._rows is not None
        if fact >= len(self._rows):
            more = np.zeros((max(fact + 1, len(self._rows) + len(self._rows) // 2) + 256, KEPT), _ROW)
            more[: len(self._rows)] = self._rows
            self._rows = more


class Neighbours:
    """Keeps the edges equal to the vectors (`memory.index.seams.Likeness`)."""

    limit = KEPT + 1  # the fact itself is its own nearest

    def __init__(self, edges: NearEdges) -> None:
        self._edges = edges

    def learnt(self, connection: Connection, near: Mapping[int, Sequence[tuple[int, float]]]) -> list[int]:
        """Part of the transaction that follows the vector index: these facts have these nearest (fact, cosine).

        Returns:
            The facts whose edges changed, for `shown`.
        """
        ids = {*near, *(other for found in near.values() for other, _ in found)}
        there = _existing(connection, ids)
        before = kept_of(connection, sorted(there))
        now: dict[int, dict[int, float]] = {
            fact: {} if fact in near else dict(before.get(fact, {})) for fact in there
        }  # fmt: skip
        for fact in sorted(there & near.keys()):
            for other, cosine in near[fact]:
                if other != fact and other in there and cosine >= FLOOR:
                    _take(now[fact], other, distance_of(cosine))
                    _take(now[other], fact, distance_of(cosine))
        changed = [fact for fact in sorted(there) if now[fact] != before.get(fact, {})]
        _replace(connection, {fact: now[fact] for fact in changed})
        return changed

    def shown(self, changed: Sequence[int]) -> None:
        """After that transaction."""
        self._edges.follow(changed)

    def cleared(self, connection: Connection) -> None:
        """Part of a transaction: no vector counts any more."""
        connection.execute(delete(EDGES).where(EDGES.c.kind == NEAR))
        self._edges.drop()


def kept_of(connection: Connection, facts: Sequence[int]) -> dict[int, dict[int, float]]:
    """The neighbours that these facts have: {fact: {other: distance}}."""
    found: dict[int, dict[int, float]] = {}
    for start in range(0, len(facts), _PART):
        nodes = [fact_node(fact) for fact in facts[start : start + _PART]]
        for row in connection.execute(select(EDGES).where(EDGES.c.start.in_(nodes), EDGES.c.kind == NEAR)):
            found.setdefault(row.start // 2, {})[row.stop // 2] = row.distance
    return found


def _take(kept: dict[int, float], other: int, far: float) -> None:
    """The other becomes a neighbour if there is room, or in place of the farthest."""
    kept[other] = far
    if len(kept) > KEPT:
        del kept[max(kept, key=lambda one: (kept[one], one))]


def _row(kept: Mapping[int, float]) -> NDArray[np.void]:
    row = np.zeros(KEPT, _ROW)
    for place, (other, far) in enumerate(list(kept.items())[:KEPT]):
        row[place] = (other, far)
    return row


def _existing(connection: Connection, facts: set[int]) -> set[int]:
    """Those that were not forgotten meanwhile."""
    ordered: list[int] = sorted(facts)
    there: set[int] = set()
    for start in range(0, len(ordered), _PART):
        part = ordered[start : start + _PART]
        there.update(connection.execute(select(FACTS.c.id).where(FACTS.c.id.in_(part))).scalars())
    return there


def _replace(connection: Connection, kept: Mapping[int, Mapping[int, float]]) -> None:
    ordered = sorted(kept)
    for start in range(0, len(ordered), _PART):
        nodes = [fact_node(fact) for fact in ordered[start : start + _PART]]
        connection.execute(delete(EDGES).where(and_(EDGES.c.start.in_(nodes), EDGES.c.kind == NEAR)))
    rows = [
        {"start": fact_node(fact), "stop": fact_node(other), "kind": NEAR, "distance": far}
        for fact in ordered
        for other, far in kept[fact].items()
    ]
    if rows:
        connection.execute(insert(EDGES), rows)
