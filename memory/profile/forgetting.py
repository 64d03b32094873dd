"""Forgetting, with proof: what is taken out where, and a second look that must find nothing.

A fact goes with its wordings, sources, edges, index entries and vector; an entity with its names. The file overwrites
freed pages (`secure_delete`), and the lexical index's parts are merged, so that no word of it stays in the file;
`remains` looks in every one of these places.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, delete, func, or_, select, update

from memory.embedding.cache import content_key
from memory.index.search import SearchIndexes
from memory.index.tables import CHANGES, VECTORS
from memory.profile.extraction import forget_origins
from memory.profile.graph import Adjacency, entity_node, fact_node
from memory.profile.neighbours import NearEdges
from memory.profile.records import Forgotten
from memory.profile.tables import ALIASES, EDGES, ENTITIES, EXTRACTIONS, FACT_KEYS, FACTS, SOURCES
from memory.store.store import Store
from memory.text.tokens import unspaced

_PART = 400  # ids in one statement


class Forgetting:
    """Takes facts and entities out of everywhere."""

    def __init__(self, store: Store, indexes: SearchIndexes, graph: Adjacency, near: NearEdges) -> None:
        self._store, self._indexes, self._graph, self._near = store, indexes, graph, near

    def forget(self, facts: Sequence[int], entities: Sequence[int] = ()) -> Forgotten:
        """One transaction for the truth; then the indexes, at once and not behind."""
        removed: dict[str, int] = {}
        nodes = [fact_node(fact) for fact in facts] + [entity_node(entity) for entity in entities]
        with self._store.write() as connection:
            before = _starts(connection, nodes)
            kept = dict(_by(connection, FACTS.c.id, FACTS.c.uid, FACTS.c.id, facts))
            texts = [text for _, text in _by(connection, FACTS.c.id, FACTS.c.text, FACTS.c.id, facts)]
            texts += [text for _, text in _by(connection, SOURCES.c.fact, SOURCES.c.text, SOURCES.c.fact, facts)]
            removed["origins"] = forget_origins(connection, facts)
            removed["vectors"] = self._drop_vectors(connection, facts)
            for name, column, ids in (
                ("wordings", FACT_KEYS.c.fact, facts),
                ("sources", SOURCES.c.fact, facts),
                ("edges", EDGES.c.start, nodes),
                ("edges", EDGES.c.stop, nodes),
            ):
                removed[name] = removed.get(name, 0) + _delete(connection, column, ids)
            for start in range(0, len(facts), _PART):
                part = facts[start : start + _PART]
                connection.execute(update(FACTS).where(FACTS.c.replaced_by.in_(part)).values(replaced_by=None))
            removed["facts"] = _delete(connection, FACTS.c.id, facts)
            removed["names"] = _delete(connection, ALIASES.c.entity, entities)
            removed["entities"] = _delete(connection, ENTITIES.c.id, entities)
            self._indexes.note(connection, [], list(facts))
        for node in nodes:
            self._graph.remove(node, before.get(node, ()))
        self._near.remove(facts, sorted({one // 2 for starts in before.values() for one in starts if one % 2 == 0}))
        self._indexes.show([], list(facts))
        self._indexes.flush()
        self._indexes.scrub()
        uids = tuple(kept[fact] for fact in facts if fact in kept)
        return Forgotten(uids, tuple(facts), tuple(entities), removed, tuple(dict.fromkeys(texts)))

    def remains(self, forgotten: Forgotten) -> list[str]:
        """Every place that still holds something of it; empty is the proof."""
        found: list[str] = []
        nodes = [fact_node(fact) for fact in forgotten.ids] + [entity_node(one) for one in forgotten.entities]
        with self._store.read() as connection:
            for name, column, ids in (
                ("facts", FACTS.c.id, forgotten.ids),
                ("facts", FACTS.c.replaced_by, forgotten.ids),
                ("wordings", FACT_KEYS.c.fact, forgotten.ids),
                ("sources", SOURCES.c.fact, forgotten.ids),
                ("edges", EDGES.c.start, nodes),
                ("edges", EDGES.c.stop, nodes),
                ("entities", ENTITIES.c.id, forgotten.entities),
                ("names", ALIASES.c.entity, forgotten.entities),
                ("extractions", EXTRACTIONS.c.fact, forgotten.ids),
                ("origins", SOURCES.c.ref, forgotten.uids),
                ("index changes", CHANGES.c.document, forgotten.ids),
            ):
                if any(_by(connection, column, column, column, ids)):
                    found.append(name)
        for fact in forgotten.ids:
            found += self._indexes.traces_of(fact)
        found += [f"graph node {node}" for node in nodes if self._graph.degree(node)]
        found += [f"neighbours of fact {fact}" for fact in forgotten.ids if self._near.holds(fact)]
        return found

    @staticmethod
    def _drop_vectors(connection: Connection, facts: Sequence[int]) -> int:
        """Vectors of these facts' texts, unless another fact has the same text."""
        gone = 0
        for row in _by(connection, FACTS.c.speaker, FACTS.c.text, FACTS.c.id, facts):
            same = select(func.count()).where(FACTS.c.text == row[1], FACTS.c.speaker == row[0])
            if connection.execute(same).scalar_one() == 1:
                key = content_key(f"{row[0]}: {row[1]}" if row[0] else row[1])
                gone += connection.execute(delete(VECTORS).where(VECTORS.c.content == key)).rowcount
        return gone


def orphans(connection: Connection, facts: Sequence[int]) -> list[int]:
    """Entities that only these facts speak of: forgetting the facts forgets them too."""
    nodes = [fact_node(fact) for fact in facts]
    touched = {row[0] // 2 for row in _by(connection, EDGES.c.stop, EDGES.c.kind, EDGES.c.start, nodes) if row[0] % 2}
    mine = set(nodes)
    alone = []
    for entity in sorted(touched):
        others = connection.execute(select(EDGES.c.stop).where(EDGES.c.start == entity_node(entity))).scalars()
        if set(others) <= mine:
            alone.append(entity)
    return alone


def facts_about(connection: Connection, found: Sequence[int], names: Sequence[str]) -> list[int]:
    """The facts that speak of these entities: by edge, or with one of the names as subject, speaker or value.

    "my mother is Maria" stays where it is over and Anna is the mother now: it speaks of Maria, in what she was.
    """
    nodes = [entity_node(entity) for entity in found]
    near = {int(row[0]) // 2 for row in _by(connection, EDGES.c.stop, EDGES.c.kind, EDGES.c.start, nodes)}
    named = connection.execute(
        select(FACTS.c.id).where(
            or_(
                FACTS.c.subject.in_(names), func.lower(FACTS.c.speaker).in_(names), func.lower(FACTS.c.value).in_(names)
            )
        )
    ).scalars()
    others = connection.execute(
        select(FACTS.c.id).where(
            FACTS.c.relation.in_(names),
            FACTS.c.subject == "",
            FACTS.c.valid_to.is_not(None),
            FACTS.c.value != "",
            func.lower(FACTS.c.value).not_in(names),
        )
    ).scalars()
    return sorted((near - set(others)) | set(named))


def facts_that_say(connection: Connection, name: str) -> list[int]:
    """The facts with this name in their words or in a source's: as a word of its own, where words have edges."""
    wanted = " ".join(name.split())
    if not wanted:
        return []
    edges = ("", "") if unspaced(wanted) else (r"(?<!\w)", r"(?!\w)")
    said = re.compile(edges[0] + r"\s+".join(map(re.escape, wanted.split())) + edges[1], re.IGNORECASE)
    rows = connection.execute(select(FACTS.c.id, FACTS.c.text, FACTS.c.value).union(
        select(SOURCES.c.fact, SOURCES.c.text, SOURCES.c.text)))  # fmt: skip
    return sorted({int(row[0]) for row in rows if said.search(row[1]) or said.search(row[2])})


def _starts(connection: Connection, nodes: Sequence[int]) -> Mapping[int, list[int]]:
    starts: dict[int, list[int]] = {}
    for row in _by(connection, EDGES.c.stop, EDGES.c.start, EDGES.c.stop, nodes):
        starts.setdefault(int(row[0]), []).append(int(row[1]))
    return starts


def _by(
    connection: Connection, one: ColumnElement[Any], other: ColumnElement[Any], column: ColumnElement[Any],
    ids: Sequence[Any],
) -> list[tuple[Any, Any]]:  # fmt: skip
    """Two columns of the rows whose third is one of the ids."""
    rows: list[tuple[Any, Any]] = []
    for start in range(0, len(ids), _PART):
        rows += [
            (row[0], row[1])
            for row in connection.execute(select(one, other).where(column.in_(ids[start : start + _PART])))
        ]
    return rows


def _delete(connection: Connection, column: Column[Any], ids: Sequence[int]) -> int:
    return sum(
        connection.execute(delete(column.table).where(column.in_(ids[start : start + _PART]))).rowcount
        for start in range(0, len(ids), _PART)
    )
