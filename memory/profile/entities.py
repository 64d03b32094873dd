"""Entities and their names: finding, making and joining them, inside the caller's transaction."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, insert, select

from memory.profile.tables import ALIASES, ENTITIES
from memory.profile.vocabulary import keys_of, plain, vocabulary

NAME_WORDS_MAX = 4
ASKED_WORDS_MAX = 60


def _words(said: str) -> list[str]:
    return said.split()


KIN = frozenset(
    _words(
        "mother father wife husband partner girlfriend boyfriend grandmother grandfather boss dentist doctor landlord"
    )
)
"""Relations whose one value is somebody: "mum" then is another name of that person."""
BEINGS = KIN | frozenset(
    _words("brother sister sibling son daughter child friend colleague neighbour cousin uncle aunt pet dog cat")
)

_NAMED = select(ALIASES.c.entity).where(ALIASES.c.alias == bindparam("alias")).order_by(ALIASES.c.entity)
_MENTIONED = select(ALIASES.c.entity, ALIASES.c.alias).where(ALIASES.c.alias.in_(bindparam("said", expanding=True)))
_NAMES = select(ENTITIES.c.id, ENTITIES.c.name).where(ENTITIES.c.id.in_(bindparam("ids", expanding=True)))


def find(connection: Connection, name: str) -> list[int]:
    """The entities that go by this name."""
    rows = connection.execute(_NAMED, {"alias": plain(name)})
    return [int(entity) for entity in rows.scalars()]


def find_or_make(connection: Connection, name: str, *, kind: str, now_s: float) -> int:
    """The entity that goes by this name, made where there is none. Of several, the first."""
    known = find(connection, name)
    if known:
        return known[0]
    made = connection.execute(
        insert(ENTITIES).values(uid=secrets.token_hex(16), name=name.strip(), kind=kind, recorded_at=now_s)
    ).inserted_primary_key
    assert made is not None
    entity = int(made[0])
    add_alias(connection, entity, name)
    return entity


def add_alias(connection: Connection, entity: int, alias: str) -> None:
    """Lets an entity also go by this name; a name may belong to several."""
    key = plain(alias)
    if key and entity not in find(connection, alias):
        connection.execute(insert(ALIASES).values(entity=entity, alias=key))


def drop_alias(connection: Connection, entity: int, alias: str) -> None:
    """Takes a name away from an entity; nothing happens where it has no such name."""
    connection.execute(delete(ALIASES).where(ALIASES.c.entity == entity, ALIASES.c.alias == plain(alias)))


def aliases(connection: Connection, entity: int) -> list[str]:
    """All names of an entity, as they are compared (`plain`), sorted."""
    rows = connection.execute(select(ALIASES.c.alias).where(ALIASES.c.entity == entity).order_by(ALIASES.c.alias))
    return list(rows.scalars())


def names_of(connection: Connection, entities: Sequence[int]) -> dict[int, str]:
    """The display names of these entities, by id; unknown ids are left out."""
    if not entities:
        return {}
    rows = connection.execute(_NAMES, {"ids": list(entities)})
    return {int(row[0]): row[1] for row in rows}


def mentioned(connection: Connection, text: str) -> dict[int, str]:
    """The entities that a text names, each with the words it does so by: names, and relations ("mum")."""
    said = _names_in(text)
    if not said:
        return {}
    rows = connection.execute(_MENTIONED, {"said": sorted(said)})
    return {int(row[0]): said[row[1]] for row in rows}


def _names_in(text: str) -> dict[str, str]:
    """Every run of words that could be a name: {its plain form: as the text has it}. Canonical relations too."""
    keys = [key for key in keys_of(text[:2_000]) if not key.startswith("'")][:ASKED_WORDS_MAX]
    said = {  # keys are folded and bare already: joined they are a name's plain form
        " ".join(keys[at : at + length]): " ".join(keys[at : at + length])
        for at in range(len(keys))
        for length in range(1, min(NAME_WORDS_MAX, len(keys) - at) + 1)
    }
    for words, idea in vocabulary().cut(keys, "one", "many"):
        if idea is not None:
            said[idea.name] = " ".join(words)
    said.pop("", None)
    return said
