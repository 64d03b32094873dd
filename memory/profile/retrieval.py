"""Recall: from words to facts, with the path that led to each.

words ---FTS5, vectors--> documents with scores --+
      ---names, "mum"---> entities ---------------+--> shortest paths --> x confidence x freshness --> facts
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from memory.index.search import SearchIndexes
from memory.profile import entities
from memory.profile.graph import Adjacency, entity_node, fact_node, path_to, shortest
from memory.profile.neighbours import NearEdges
from memory.profile.presets import DEFAULT, Preset, preset
from memory.profile.ranking import CANDIDATES, entries, fits, freshness, fuse
from memory.profile.records import ANYTIME, Fact, PathStep, Recalled, Situation
from memory.profile.statements import situation_of
from memory.profile.tables import FACTS, as_fact
from memory.store.store import Store

ASKED_CHARS = 2_000
ENTITY_DISTANCE = 0.7
"""A name in the question is a reason, but a weaker one than words and meaning that match: half the weight."""
RANKED_MIN, RANKED_FOR_ONE = 60, 8
"""Facts whose rows are read: so many at least, so many for each one wanted. Farther ones would need several times the
confidence and freshness of the nearer ones to come among the first."""
_WEIGHED = select(
    FACTS.c.id, FACTS.c.confidence, FACTS.c.used_at, FACTS.c.valid_to, FACTS.c.time_of_day, FACTS.c.place, FACTS.c.app
).where(FACTS.c.id.in_(bindparam("ids", expanding=True)))
_WHOLE = select(FACTS).where(FACTS.c.id.in_(bindparam("ids", expanding=True)))


class Retrieval:
    """Answers questions; reads only."""

    def __init__(self, store: Store, indexes: SearchIndexes, graph: Adjacency, near: NearEdges) -> None:
        self._store, self._indexes, self._graph, self._near = store, indexes, graph, near

    def recall(
        self,
        question: str,
        *,
        k: int,
        by: str = DEFAULT,
        situation: Situation = ANYTIME,
        history: bool = False,
        at: datetime,
    ) -> list[Recalled]:
        """The k best facts, best first. Contract: `ProfileMemory.recall`."""
        asked = " ".join(question[:ASKED_CHARS].split())
        chosen = preset(by)
        if not asked or k <= 0:
            return []
        scores = self._entries(asked, chosen)
        starts = {fact_node(document): far for document, far in entries(scores).items()}
        with self._store.read() as connection:
            named: dict[int, str] = {}
            if chosen.graph:
                named = entities.mentioned(connection, asked)
                starts |= {entity_node(entity): ENTITY_DISTANCE for entity in named}
                near = self._near if chosen.neighbours else None
                reached = shortest(self._graph, starts, beside=near, facts_max=_read_for(k))
            else:
                reached = {node: (far, node) for node, far in starts.items()}
            wanted = situation_of(asked).or_else(situation)
            ranked = self._ranked(connection, reached, wanted, k=k, history=history, at_s=at.timestamp())
            return _explained(connection, ranked, reached, named, self._how)

    def _how(self, before: int, node: int) -> str:
        """In a word, the edge that joins two nodes."""
        if node % 2 or before % 2:
            return "about"
        return "beside" if node in self._graph.neighbours(before) else "like it"

    def _entries(self, asked: str, chosen: Preset) -> dict[int, float]:
        lexical = self._indexes.lexical(asked, limit=CANDIDATES) if chosen.lexical else []
        vector = self._indexes.question_vector(asked) if chosen.dense else None
        dense = self._indexes.nearest(vector, limit=CANDIDATES) if vector is not None else []
        return fuse(lexical, dense, chosen)

    @staticmethod
    def _ranked(
        connection: Connection,
        reached: Mapping[int, tuple[float, int]],
        situation: Situation,
        *,
        k: int,
        history: bool,
        at_s: float,
    ) -> list[tuple[Fact, float]]:
        near = sorted((far, node // 2) for node, (far, _) in reached.items() if node % 2 == 0)
        distances = {fact: far for far, fact in near[: _read_for(k)]}
        scored = []
        rows = connection.execute(_WEIGHED, {"ids": list(distances)}).all()  # all: fetched one by one they cost double
        for fact, confidence, used_at, valid_to, *where in rows:
            if valid_to is not None and valid_to <= at_s and not history:
                continue
            if not any(where) or fits(Situation(*where), situation):
                scored.append((math.exp(-distances[fact]) * confidence * freshness(at_s - used_at), fact))
        scored.sort(key=lambda entry: (-entry[0], entry[1]))
        best = {fact: score for score, fact in scored[:k]}
        facts = {row.id: as_fact(row) for row in connection.execute(_WHOLE, {"ids": list(best)})}
        return [(facts[fact], score) for fact, score in best.items()]


def _read_for(k: int) -> int:
    """How many facts are read to find the best k."""
    return max(RANKED_MIN, RANKED_FOR_ONE * k)


def _explained(
    connection: Connection,
    ranked: Sequence[tuple[Fact, float]],
    reached: Mapping[int, tuple[float, int]],
    named: Mapping[int, str],
    how: Callable[[int, int], str],
) -> list[Recalled]:
    """The facts with the ways to them in words."""
    ways = [path_to(reached, fact_node(fact.id)) for fact, _ in ranked]
    nodes = {node for way in ways for node, _ in way}
    told = entities.names_of(connection, [node // 2 for node in nodes if node % 2])
    texts = {fact.id: fact.text for fact, _ in ranked}
    if others := [node // 2 for node in nodes if node % 2 == 0 and node // 2 not in texts]:
        rows = connection.execute(select(FACTS.c.id, FACTS.c.text).where(FACTS.c.id.in_(others)))
        texts |= {int(row[0]): row[1] for row in rows}

    def step(way: Sequence[tuple[int, float]], place: int) -> PathStep:
        node, far = way[place]
        if place == 0:
            by = f"named as {named[node // 2]!r}" if node % 2 else "words and meaning"
        else:
            by = how(way[place - 1][0], node)
        return PathStep((told if node % 2 else texts).get(node // 2, "?"), by, far)

    return [
        Recalled(fact, score, tuple(step(way, place) for place in range(len(way))))
        for (fact, score), way in zip(ranked, ways, strict=True)
    ]
