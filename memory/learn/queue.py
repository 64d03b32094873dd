"""The queue of what waits to be learnt, and the book of what was: rows of the truth; a killed process loses none.

A lesson is in the queue or in the book, never in neither: it leaves the one and enters the other in the transaction
that learns it. The queue is bounded; where it is full, the oldest run leaves - what was taught never does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import Column, Connection, Float, Integer, MetaData, String, Table, Text, delete, func, insert, select
from sqlalchemy import update as change

from memory.learn.lesson import Lesson, lesson_from_data

Result = Literal["learnt", "revised", "confirmed", "failed", "nothing", "refused"]
QUEUE_MAX: Final = 1_000  # lessons that wait; a run's is ~1 kB, and work is done as soon as a run has ended
BOOK_MAX: Final = 50_000  # keys of what was learnt: years of use, ~10 MB
TRIES_MAX: Final = 3  # a lesson that kills the process or fails this often is put aside

_METADATA = MetaData()
QUEUE = Table(
    "lesson_queue", _METADATA,
    Column("id", Integer, primary_key=True),
    Column("key", String(128)),
    Column("kind", String(16)),
    Column("data", Text),
    Column("tries", Integer),
    Column("offered_at", Float),
)  # fmt: skip
BOOK = Table(
    "lessons", _METADATA,
    Column("id", Integer, primary_key=True),
    Column("key", String(128)),
    Column("template", String(96)),
    Column("result", String(16)),
    Column("says", Text),
    Column("learnt_at", Float),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Learnt:
    """What became of a lesson. `template` is "" where nothing was learnt."""

    key: str
    template: str
    result: Result
    says: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The lesson that waits longest, and how often it was begun already."""

    lesson: Lesson
    tries: int


def known(connection: Connection, keys: Iterable[str]) -> set[str]:
    """Those of these keys that wait or were learnt."""
    wanted = list(keys)
    found: set[str] = set()
    for start in range(0, len(wanted), 400):
        part = wanted[start : start + 400]
        for table in (QUEUE, BOOK):
            found |= set(connection.execute(select(table.c.key).where(table.c.key.in_(part))).scalars())
    return found


def put(connection: Connection, lesson: Lesson, *, now: datetime) -> bool:
    """Lets a lesson wait; False if its key is known already."""
    if known(connection, [lesson.key]):
        return False
    data = json.dumps(lesson.to_data(), ensure_ascii=False)
    row = {"key": lesson.key, "kind": lesson.kind, "data": data, "tries": 0, "offered_at": now.timestamp()}
    connection.execute(insert(QUEUE).values(**row))
    too_many = waiting(connection) - QUEUE_MAX
    if too_many > 0:
        oldest = select(QUEUE.c.id).where(QUEUE.c.kind == "ran").order_by(QUEUE.c.id).limit(too_many)
        connection.execute(delete(QUEUE).where(QUEUE.c.id.in_(oldest)))
    return True


def waiting(connection: Connection) -> int:
    """How many outcomes are queued."""
    return int(connection.execute(select(func.count()).select_from(QUEUE)).scalar_one())


def begin(connection: Connection) -> Waiting | None:
    """The next lesson, noted as begun once more; None if nothing waits. Commit this before the work on it begins.

    Raises:
        ValueError, RecipeInvalid: its row cannot be read.
    """
    row = connection.execute(select(QUEUE).order_by(QUEUE.c.tries, QUEUE.c.id).limit(1)).first()
    if row is None:
        return None
    connection.execute(change(QUEUE).where(QUEUE.c.id == row.id).values(tries=row.tries + 1))
    return Waiting(lesson_from_data(json.loads(row.data)), row.tries)


def finish(connection: Connection, learnt: Learnt, *, now: datetime) -> None:
    """Moves a lesson from the queue into the book. Part of the transaction that learns it."""
    connection.execute(delete(QUEUE).where(QUEUE.c.key == learnt.key))
    connection.execute(
        insert(BOOK).values(
            key=learnt.key, template=learnt.template, result=learnt.result, says=learnt.says,
            learnt_at=now.timestamp(),
        )
    )  # fmt: skip
    newest = connection.execute(select(func.max(BOOK.c.id))).scalar_one()
    connection.execute(delete(BOOK).where(BOOK.c.id <= newest - BOOK_MAX))


def learnt(connection: Connection, key: str) -> Learnt | None:
    """What became of the lesson with this key; None if it was not learnt."""
    row = connection.execute(select(BOOK).where(BOOK.c.key == key)).first()
    return None if row is None else Learnt(row.key, row.template, row.result, row.says)
