"""What the owner's own words mean: "mum", "home", "my mother's phone", "my usual", "老样子".

An answer is a value with its reasons and a confidence. Several answers are a tie, for the owner to break; none means
that it was never said and never recurred.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from memory.profile import entities
from memory.profile.ranking import fits, freshness
from memory.profile.records import Resolved, Situation
from memory.profile.somebody import meant_by, points_at
from memory.profile.statements import relation_of
from memory.profile.tables import FACTS
from memory.profile.vocabulary import keys_of, plain, vocabulary

RECURS_MIN: Final = 2  # a value seen once recurs not at all
SHARE_MIN: Final = 0.5
"""The usual one is what at least half of the runs in this situation used; less is a habit of no one value."""
_MEANS: Final = "means "
_STANDS_FOR: Final = {"home": ("address", "live"), "workplace": ("work", "employer"), "address": ("live",)}


def resolve(connection: Connection, words: str, situation: Situation, at: datetime) -> list[Resolved]:
    """The values that the words stand for, best first; of equal ones none is preferred."""
    steps, usual = _steps(words)
    if usual:
        rest = " ".join(steps)
        said = _values(connection, [""], [f"usual {rest}".strip(), f"favourite {rest}".strip()], situation, at)
        return said or _usual(connection, rest, situation, at)
    if not steps:
        return []
    subjects = [""]
    for step in steps[:-1]:
        subjects = _also_known_as(connection, step)
    relation = relation_of(steps[-1])[0]
    return _values(connection, subjects, [relation, *_STANDS_FOR.get(relation, ())], situation, at)


def meaning_slot(slot: str, said: str) -> str:
    """The relation of the owner's answers: what is meant by what was said, or what a slot is where nothing was."""
    return f"{_MEANS}{meant_by(said)}" if said else f"always {plain(slot)}"


def settled(connection: Connection, slot: str, said: str, situation: Situation, at: datetime) -> list[Resolved]:
    """What the owner's answers tell: for good, else what was meant by these words again and again."""
    relations = [meaning_slot(slot, said)]
    if said:  # answers were kept by the very words before "my sister" and "the sister" were one
        relations = list(dict.fromkeys((*relations, f"{_MEANS}{plain(said)}")))
    found = _values(connection, [""], relations, situation, at)
    for relation in relations if said else ():
        found = found or _usual(connection, relation, situation, at)
    return found


def usual_value(
    connection: Connection, slot: str, situation: Situation, at: datetime
) -> list[Resolved]:  # fmt: skip
    """What runs in this situation usually put into a slot."""
    return _usual(connection, slot, situation, at)


def goes_by(connection: Connection, word: str) -> list[str]:
    """The names of those this is another name of; "mother" as the name of whoever that is is none."""
    names = entities.names_of(connection, entities.find(connection, word)).values()
    return [name for name in names if plain(name) != plain(word) and points_at(name, "") is None]


def _steps(words: str) -> tuple[list[str], bool]:
    """ "my mother's phone" -> [mother, phone]; "my usual coffee" -> [coffee], usual."""
    steps: list[list[str]] = [[]]
    usual = False
    for keys, idea in vocabulary().cut(keys_of(words), "self", "best", "one", "many", "weak"):
        if keys in {("'s",), ("的",)}:
            steps.append([])
        elif idea is not None and idea.kind == "best":
            usual = True
        elif idea is not None and idea.kind in {"one", "many"}:
            if steps[-1] and keys[0] >= "一":  # in Chinese one relation follows another without a mark: 妈妈 电话
                steps.append([])
            steps[-1].append(idea.name)
        elif idea is None:
            steps[-1] += keys
    return [" ".join(step) for step in steps if step], usual


def _also_known_as(connection: Connection, name: str) -> list[str]:
    """Every name of whoever goes by this one."""
    relation = relation_of(name)[0]
    names = {relation, plain(name)}
    for entity in entities.find(connection, relation) + entities.find(connection, name):
        names.update(entities.aliases(connection, entity))
    return sorted(names)


def _values(
    connection: Connection, subjects: Sequence[str], relations: Sequence[str], situation: Situation, at: datetime
) -> list[Resolved]:
    for relation in relations:
        rows = connection.execute(
            select(FACTS).where(
                FACTS.c.subject.in_(subjects), FACTS.c.relation == relation, FACTS.c.speaker == "",
                FACTS.c.positive == 1, FACTS.c.kind != "observed", FACTS.c.valid_to.is_(None),
            )
        )  # fmt: skip
        fitting = [row for row in rows if fits(Situation(row.time_of_day, row.place, row.app), situation)]
        special = [row for row in fitting if row.time_of_day or row.place or row.app]
        chosen = special if special and any(situation.parts) else fitting
        if chosen:
            return sorted((_said(row, at) for row in chosen), key=lambda one: -one.confidence)
    return []


def _said(row: Any, at: datetime) -> Resolved:
    confidence = row.confidence * freshness(at.timestamp() - row.used_at)
    return Resolved(row.value, round(confidence, 3), (f"you said: {row.text}",), (row.uid,))


def _usual(connection: Connection, slot: str, situation: Situation, at: datetime) -> list[Resolved]:
    """The value that recurs here; where the time of day tells nothing, at any time of day."""
    rows = connection.execute(select(FACTS).where(FACTS.c.kind == "observed", FACTS.c.valid_to.is_(None))).all()
    if slot.startswith(_MEANS):
        rows = [row for row in rows if row.relation == slot]
    else:  # what was meant by a word is no slot's value
        wanted = set(plain(slot).split())
        rows = [row for row in rows if wanted <= {*row.relation.split(), *plain(row.app).split()}]
        rows = [row for row in rows if not row.relation.startswith(_MEANS)]
    for narrowed in (situation, Situation("", situation.place, situation.app)):
        here = [row for row in rows if fits(Situation(row.time_of_day, row.place, row.app), narrowed)]
        tally: dict[tuple[str, str], list[Any]] = {}
        for row in here:
            tally.setdefault((row.relation, plain(row.value)), []).append(row)
        counts = {key: sum(row._mapping["count"] for row in same) for key, same in tally.items()}
        found = []
        for (relation, value), count in counts.items():
            of = sum(other for (slot_, _), other in counts.items() if slot_ == relation)
            if count >= RECURS_MIN and count / of >= SHARE_MIN:
                same = tally[relation, value]
                newest = max(row.used_at for row in same)
                confidence = count / (of + 1) * freshness(at.timestamp() - newest)
                reason = f"used in {count} of {of} runs ({relation}{_when(narrowed)})"
                found.append(Resolved(same[0].value, round(confidence, 3), (reason,), tuple(row.uid for row in same)))
        if found:
            return sorted(found, key=lambda one: -one.confidence)
    return []


def _when(situation: Situation) -> str:
    said = ", ".join(part for part in situation.parts if part)
    return f"; {said}" if said else ""
