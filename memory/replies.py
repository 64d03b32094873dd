"""Replies of models that are kept, as rows of the truth: bounded in number, age and size, forgotten with what they say.

What may be kept under which key, and which row answers a question, is the model client's (`mobimem.llm.replies`); here
a key is only a text. What speaks of a secret is never written. Deleted rows are overwritten (`secure_delete`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Column, Connection, Float, Integer, MetaData, String, Table, Text, delete, func, insert, select
from sqlalchemy import update as change

from memory.exchange import speaks_of_secret
from memory.learn.guard import looks_secret
from memory.texts_in import texts_in

KEPT_MAX: Final = 500  # replies, ~1 kB each; more than an owner's unlearnt questions of a month
AGE_MAX: Final = timedelta(days=30)  # apps change, and so does what an owner means
ANSWER_MAX: Final = 20_000  # characters; a plan of 20 sub-tasks has some 4,000
_IDS_IN_ONE: Final = 400

_METADATA = MetaData()
REPLIES = Table(
    "replies", _METADATA,
    Column("id", Integer, primary_key=True),
    Column("key", String(64)),
    Column("chain", Text),
    Column("question", Text),
    Column("answer", Text),
    Column("model", Text),
    Column("made_at", Float),
    Column("used_at", Float),
    Column("uses", Integer),
)  # fmt: skip
"""`chain` and `answer` are JSON; `used_at` is when it was made or last served."""


@dataclass(frozen=True, slots=True)
class KeptReply:
    """One row. `chain` are the questions before `question`, the oldest first."""

    id: int
    key: str
    chain: tuple[str, ...]
    question: str
    answer: str
    model: str
    made_at: datetime
    used_at: datetime
    uses: int


def replies(connection: Connection, *, now: datetime, key: str = "") -> tuple[KeptReply, ...]:
    """What is kept, under this key or at all, and not too old; what was served last stands first."""
    asked = select(REPLIES).where(REPLIES.c.made_at > (now - AGE_MAX).timestamp())
    asked = asked.where(REPLIES.c.key == key) if key else asked
    rows = connection.execute(asked.order_by(REPLIES.c.used_at.desc(), REPLIES.c.id.desc()))
    return tuple(
        KeptReply(
            row.id, row.key, tuple(json.loads(row.chain)), row.question, row.answer, row.model,
            datetime.fromtimestamp(row.made_at, UTC), datetime.fromtimestamp(row.used_at, UTC), row.uses,
        )
        for row in rows
    )  # fmt: skip


def keep_reply(
    connection: Connection, key: str, chain: Sequence[str], question: str, answer: str, *, model: str, now: datetime
) -> str:
    """Writes a reply, in place of one to the same words.

    What is too old goes, and beyond the bound what was served longest ago.

    Returns:
        Why it was not kept; "" if it was.
    """
    if len(answer) > ANSWER_MAX:
        return f"the reply is longer than {ANSWER_MAX:,} characters"
    texts = (*chain, question, *texts_in(answer, numbers=True))
    if any(looks_secret(text) or speaks_of_secret(text) for text in texts):
        return "it speaks of a password, code, key or card"
    words, now_s = json.dumps(list(chain), ensure_ascii=False), now.timestamp()
    same = (REPLIES.c.key == key, REPLIES.c.chain == words, REPLIES.c.question == question)
    connection.execute(delete(REPLIES).where(*same))
    connection.execute(
        insert(REPLIES).values(
            key=key, chain=words, question=question, answer=answer, model=model, made_at=now_s, used_at=now_s, uses=0
        )
    )
    connection.execute(delete(REPLIES).where(REPLIES.c.made_at <= (now - AGE_MAX).timestamp()))
    order = (REPLIES.c.used_at.desc(), REPLIES.c.id.desc())
    beyond = connection.execute(select(REPLIES.c.id).order_by(*order).offset(KEPT_MAX)).scalars().all()
    _delete(connection, beyond)
    return ""


def note_use(connection: Connection, id_: int, *, now: datetime) -> None:
    """Counts that it was served; nothing where it is gone meanwhile."""
    connection.execute(
        change(REPLIES).where(REPLIES.c.id == id_).values(uses=REPLIES.c.uses + 1, used_at=now.timestamp())
    )


def forget_replies(connection: Connection, says: Callable[[str], bool]) -> int:
    """Deletes every reply whose questions or answer say it; how many."""
    gone = replies_that_say(connection, says)
    _delete(connection, gone)
    return len(gone)


def replies_that_say(connection: Connection, says: Callable[[str], bool]) -> list[int]:
    """The ids of the replies whose questions or answer say it."""
    rows = connection.execute(select(REPLIES.c.id, REPLIES.c.chain, REPLIES.c.question, REPLIES.c.answer)).all()
    return [
        row.id
        for row in rows
        if any(map(says, (row.question, *texts_in(row.chain, numbers=True), *texts_in(row.answer, numbers=True))))
    ]


def clear_replies(connection: Connection) -> int:
    """Deletes all of them; how many there were."""
    count = connection.execute(select(func.count()).select_from(REPLIES)).scalar_one()
    connection.execute(delete(REPLIES))
    return int(count)


def _delete(connection: Connection, ids: Sequence[int]) -> None:
    for start in range(0, len(ids), _IDS_IN_ONE):
        connection.execute(delete(REPLIES).where(REPLIES.c.id.in_(ids[start : start + _IDS_IN_ONE])))
