"""The profile as plain records, and records merged into a profile: for export, import and moving to another machine.

A record names facts and entities by uid, never by a row's id. Merging the same records twice changes nothing: a fact is
known by its uid, or by saying the same as an open fact (the near-duplicate guard of `memory.profile.writing`); its
sources are a set. Where two open facts claim one place ("my mother is ..."), the one that became true later stays open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update

from memory.errors import NotAnExport
from memory.index.search import Document
from memory.profile import entities
from memory.profile.graph import entity_node, fact_node
from memory.profile.neighbours import NEAR
from memory.profile.tables import ALIASES, EDGES, ENTITIES, FACT_KEYS, FACTS, SOURCES
from memory.profile.writing import meaning_of, words_of

_PLAIN: Final = (
    "uid", "kind", "text", "speaker", "subject", "relation", "value", "positive", "slot", "time_of_day", "place",
    "app", "confidence", "count", "valid_from", "valid_to", "recorded_at", "used_at", "uses",
)  # fmt: skip
_NUMBERS: Final = frozenset(("positive", "confidence", "count", "valid_from", "valid_to", "recorded_at", "used_at",
                             "uses"))  # fmt: skip
_NULLABLE: Final = frozenset(("valid_from", "valid_to"))
_WHOLE: Final = frozenset(("positive", "count", "uses"))
_NUMBER_MAX: Final = 1e15  # also refuses what is no number at all (NaN)
_SAME_S: Final = 1e-3  # two times that differ by less are one: JSON keeps them to the microsecond

Record = Mapping[str, Any]


@dataclass(slots=True)
class Merged:
    """What merging changed. `changed` counts rows written; 0 means that everything was known."""

    facts: int = 0
    entities: int = 0
    sources: int = 0
    edges: int = 0
    closed: int = 0
    changed: int = 0


def records(connection: Connection) -> Iterator[dict[str, Any]]:
    """Everything the profile knows: entities, facts with sources and wordings, edges; times are POSIX seconds."""
    names: dict[int, list[str]] = {}
    for row in connection.execute(select(ALIASES).order_by(ALIASES.c.alias)):
        names.setdefault(row.entity, []).append(row.alias)
    people: dict[int, str] = {}
    for row in connection.execute(select(ENTITIES).order_by(ENTITIES.c.id)):
        people[row.id] = row.uid
        yield {
            "kind": "entity", "uid": row.uid, "name": row.name, "is": row.kind, "recorded_at": row.recorded_at,
            "names": names.get(row.id, []),
        }  # fmt: skip
    facts = {row.id: row.uid for row in connection.execute(select(FACTS.c.id, FACTS.c.uid))}
    yield from _fact_records(connection, facts)
    stated = select(EDGES).where(EDGES.c.kind != NEAR).order_by(EDGES.c.start, EDGES.c.stop, EDGES.c.kind)
    for row in connection.execute(stated):  # those of likeness follow from the vectors
        start, stop = _node_name(row.start, facts, people), _node_name(row.stop, facts, people)
        if start and stop:
            yield {"kind": "edge", "from": start, "to": stop, "by": row.kind, "distance": row.distance}


def merge(connection: Connection, given: Sequence[Record], now: datetime) -> tuple[Merged, list[Document]]:
    """Takes records in, inside the caller's transaction; what changed, and the documents the indexes have to learn.

    Raises:
        NotAnExport: a record is not what `records` makes.
    """
    told = Merged()
    nodes: dict[str, int] = {}
    documents: list[Document] = []
    replaced: list[tuple[int, str]] = []
    for record in given:
        if record.get("kind") == "entity":
            entity = _merge_entity(connection, record, told)
            nodes[f"entity:{record['uid']}"] = entity_node(entity)
    for record in given:
        if record.get("kind") == "fact":
            fact, made = _merge_fact(connection, record, told)
            nodes[f"fact:{record['uid']}"] = fact_node(fact)
            if made:
                documents.append(_document(fact, record))
            if isinstance(record.get("replaced_by"), str):
                replaced.append((fact, record["replaced_by"]))
    _link_replaced(connection, replaced, nodes, told)
    for slot in sorted({str(record.get("slot") or "") for record in given if record.get("kind") == "fact"} - {""}):
        _settle(connection, slot, now, told)
    for record in given:
        if record.get("kind") == "edge":
            _merge_edge(connection, record, nodes, told)
    return told, documents


def _fact_records(connection: Connection, facts: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    keys: dict[int, list[str]] = {}
    for row in connection.execute(select(FACT_KEYS).order_by(FACT_KEYS.c.key)):
        keys.setdefault(row.fact, []).append(row.key.hex())
    sources: dict[int, list[dict[str, Any]]] = {}
    for row in connection.execute(select(SOURCES).order_by(SOURCES.c.id)):
        told = {"kind": row.kind, "ref": row.ref, "text": row.text, "recorded_at": row.recorded_at}
        sources.setdefault(row.fact, []).append(told)
    for row in connection.execute(select(FACTS).order_by(FACTS.c.id)):
        plain = {name: row._mapping[name] for name in _PLAIN if name != "kind"}
        yield {
            "kind": "fact", "is": row.kind, **plain, "replaced_by": facts.get(row.replaced_by),
            "wordings": keys.get(row.id, []), "sources": sources.get(row.id, []),
        }  # fmt: skip


def _merge_entity(connection: Connection, record: Record, told: Merged) -> int:
    uid, name = _text(record, "uid"), _text(record, "name")
    known = connection.execute(select(ENTITIES.c.id).where(ENTITIES.c.uid == uid)).scalar()
    if known is None:
        of_name = entities.find(connection, name)
        if of_name:
            known = of_name[0]
        else:
            row = {"uid": uid, "name": name, "kind": _text(record, "is"), "recorded_at": _number(record, "recorded_at")}
            made = connection.execute(insert(ENTITIES).values(**row)).inserted_primary_key
            assert made is not None
            known = int(made[0])
            told.entities += 1
            told.changed += 1
    have = set(entities.aliases(connection, int(known)))
    names = record.get("names")
    for alias in names if isinstance(names, list) else []:
        if isinstance(alias, str) and alias and alias not in have:
            connection.execute(insert(ALIASES).values(entity=known, alias=alias))
            have.add(alias)
            told.changed += 1
    return int(known)


def _merge_fact(connection: Connection, record: Record, told: Merged) -> tuple[int, bool]:
    uid = _text(record, "uid")
    keys, sources = _keys(record), _sources(record)
    row = connection.execute(select(FACTS).where(FACTS.c.uid == uid)).first()
    if row is None and record.get("valid_to") is None:
        row = _same(connection, record, keys)
    if row is None:
        values: dict[str, Any] = {name: _field(record, name) for name in _PLAIN if name != "kind"}
        made = connection.execute(insert(FACTS).values(kind=_text(record, "is"), **values)).inserted_primary_key
        assert made is not None
        fact = int(made[0])
        told.facts += 1
        told.changed += 1
        _add_keys(connection, fact, keys, told)
        _add_sources(connection, fact, sources, told)
        return fact, True
    fact = int(row.id)
    _add_keys(connection, fact, keys, told)
    fresh = _add_sources(connection, fact, sources, told)
    better = {
        "confidence": max(row.confidence, _number(record, "confidence")),
        "used_at": max(row.used_at, _number(record, "used_at")),
        "uses": max(row.uses, int(_number(record, "uses"))),
        "count": row._mapping["count"] + fresh,
    }
    if row.uid == uid and row.valid_to is None and record.get("valid_to") is not None:
        better["valid_to"] = _number(record, "valid_to")
        told.closed += 1
    changed = {name: value for name, value in better.items() if value != row._mapping[name]}
    if changed:
        connection.execute(update(FACTS).where(FACTS.c.id == fact).values(**changed))
        told.changed += 1
    return fact, False


def _same(connection: Connection, record: Record, keys: Sequence[bytes]) -> Any:
    """The open fact that a wording of which says the same, of the same speaker and situation."""
    wanted = (
        select(FACTS)
        .where(
            FACTS.c.id.in_(select(FACT_KEYS.c.fact).where(FACT_KEYS.c.key.in_(keys))), FACTS.c.valid_to.is_(None),
            FACTS.c.speaker == _text(record, "speaker"), FACTS.c.time_of_day == _text(record, "time_of_day"),
            FACTS.c.place == _text(record, "place"), FACTS.c.app == _text(record, "app"),
            FACTS.c.positive == int(_number(record, "positive")), FACTS.c.kind == _text(record, "is"),
        )
        .order_by(FACTS.c.id)
    )  # fmt: skip
    return connection.execute(wanted).first()


def _add_keys(connection: Connection, fact: int, keys: Sequence[bytes], told: Merged) -> None:
    have = set(connection.execute(select(FACT_KEYS.c.key).where(FACT_KEYS.c.fact == fact)).scalars())
    for key in dict.fromkeys(keys):
        if key not in have:
            connection.execute(insert(FACT_KEYS).values(fact=fact, key=key))
            told.changed += 1


def _add_sources(connection: Connection, fact: int, sources: Sequence[dict[str, Any]], told: Merged) -> int:
    rows = connection.execute(select(SOURCES).where(SOURCES.c.fact == fact)).mappings()
    have = {_source_key({str(name): value for name, value in row.items()}) for row in rows}
    fresh = [source for source in sources if _source_key(source) not in have]
    if fresh:
        connection.execute(insert(SOURCES), [{"fact": fact, **source} for source in fresh])
        told.sources += len(fresh)
        told.changed += len(fresh)
    return len(fresh)


def _source_key(source: Mapping[str, Any]) -> tuple[str, str, str, int]:
    return source["kind"], source["ref"], source["text"], round(source["recorded_at"] / _SAME_S)


def _link_replaced(
    connection: Connection, replaced: Sequence[tuple[int, str]], nodes: Mapping[str, int], told: Merged
) -> None:
    for fact, uid in replaced:
        by = nodes.get(f"fact:{uid}")
        if by is None or by == fact_node(fact):
            continue
        done = connection.execute(
            update(FACTS).where(FACTS.c.id == fact, FACTS.c.replaced_by.is_(None)).values(replaced_by=by // 2)
        )
        told.changed += done.rowcount


def _settle(connection: Connection, slot: str, now: datetime, told: Merged) -> None:
    """Of several open facts in one place the one that became true last stays open, whoever told it."""
    rows = connection.execute(
        select(FACTS.c.id, FACTS.c.speaker, FACTS.c.valid_from)
        .where(FACTS.c.slot == slot, FACTS.c.valid_to.is_(None), FACTS.c.positive == 1)
        .order_by(func.coalesce(FACTS.c.valid_from, 0.0).desc(), FACTS.c.uid)
    ).all()
    newest: dict[str, Any] = {}
    for row in rows:
        by = newest.setdefault(row.speaker, row)
        if by is not row:
            until = by.valid_from if by.valid_from is not None else now.timestamp()
            connection.execute(update(FACTS).where(FACTS.c.id == row.id).values(valid_to=until, replaced_by=by.id))
            told.closed += 1
            told.changed += 1


def _merge_edge(connection: Connection, record: Record, nodes: Mapping[str, int], told: Merged) -> None:
    start, stop = nodes.get(_text(record, "from")), nodes.get(_text(record, "to"))
    if start is None or stop is None or start == stop:
        return  # one of its ends was withheld from the export
    kind, distance = _text(record, "by"), _number(record, "distance")
    if kind == NEAR:
        return  # not what an export has, and what follows from vectors is not believed
    here = (EDGES.c.start == start, EDGES.c.stop == stop, EDGES.c.kind == kind)
    known = connection.execute(select(EDGES.c.distance).where(*here)).scalar()
    if known is None:
        connection.execute(insert(EDGES).values(start=start, stop=stop, kind=kind, distance=distance))
        told.edges += 1
        told.changed += 1
    elif distance < known:
        connection.execute(update(EDGES).where(*here).values(distance=distance))
        told.changed += 1


def _document(fact: int, record: Record) -> Document:
    words = words_of(
        _text(record, "text"), kind=_text(record, "is"), speaker=_text(record, "speaker"),
        relation=_text(record, "relation"), subject=_text(record, "subject"), since_s=record.get("valid_from"),
    )  # fmt: skip
    return Document(fact, words, meaning_of(_text(record, "speaker"), _text(record, "text")))


def _node_name(node: int, facts: Mapping[int, str], people: Mapping[int, str]) -> str:
    known = (people if node % 2 else facts).get(node // 2)
    return "" if known is None else f"{'entity' if node % 2 else 'fact'}:{known}"


def _keys(record: Record) -> list[bytes]:
    try:
        return [bytes.fromhex(key) for key in record["wordings"]]
    except (KeyError, ValueError, TypeError) as error:
        raise NotAnExport(f"the wordings of {record.get('uid')!r} are not what an export has") from error


def _sources(record: Record) -> list[dict[str, Any]]:
    given = record.get("sources")
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise NotAnExport(f"the sources of {record.get('uid')!r} are not what an export has")
    return [
        {**{name: _text(one, name) for name in ("kind", "ref", "text")}, "recorded_at": _number(one, "recorded_at")}
        for one in given
    ]


def _field(record: Record, name: str) -> Any:
    if name in _NULLABLE and record.get(name) is None:
        return None
    if name in _WHOLE:
        return int(_number(record, name))
    return _number(record, name) if name in _NUMBERS else _text(record, name)


def _text(record: Record, name: str) -> str:
    found = record.get(name)
    if not isinstance(found, str):
        raise NotAnExport(f"a record has no text {name!r}: {str(dict(record))[:120]}")
    return found


def _number(record: Record, name: str) -> float:
    found = record.get(name)
    if not isinstance(found, int | float) or isinstance(found, bool) or not abs(found) < _NUMBER_MAX:
        raise NotAnExport(f"a record has no number {name!r}: {str(dict(record))[:120]}")
    return found
