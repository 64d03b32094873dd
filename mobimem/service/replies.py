"""Use cases: the models' kept replies, to be seen and cleared; and the store of them for the model client.

Each look and each write goes through the owner of the data folder (`mobimem.owner`), so it works with and without
another process that holds it. What may be kept is `mobimem.llm.replies`' and `memory.replies`'.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from mobimem.owner import Call, through_owner

if TYPE_CHECKING:
    from collections.abc import Sequence

    from memory.opening import Memory
    from mobimem.llm.replies import Asked, Held


@dataclass(frozen=True, slots=True)
class KeyAsked:
    """`key` "" means all that is kept, whatever its key."""

    key: str = ""


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """A kept reply. `chain` are the questions before, `uses` how often it was served."""

    id: int
    chain: tuple[str, ...]
    question: str
    answer: str
    model: str
    made_at: datetime
    used_at: datetime
    uses: int


@dataclass(frozen=True, slots=True)
class RepliesHeld:
    """Kept replies, served last first."""

    replies: tuple[ReplyLine, ...]


@dataclass(frozen=True, slots=True)
class ReplyUsed:
    """A reply that was served."""

    id: int


@dataclass(frozen=True, slots=True)
class ReplyToKeep:
    """An answer to be kept, with the question and those before it."""

    key: str
    chain: tuple[str, ...]
    question: str
    answer: str
    model: str


@dataclass(frozen=True, slots=True)
class ReplyKept:
    """`why_not` is empty where it was kept."""

    why_not: str


@dataclass(frozen=True, slots=True)
class ClearAsked:
    """A call that takes nothing."""


@dataclass(frozen=True, slots=True)
class RepliesCleared:
    """How many were deleted."""

    cleared: int


@dataclass(frozen=True, slots=True)
class KeptReplies:
    """What is kept, served last first; `served` counts how often, `more` are cut off by the limit."""

    replies: tuple[ReplyLine, ...]
    kept: int
    served: int
    more: int


def list_replies(*, limit: int = 100) -> KeptReplies:
    """The kept replies that are not too old.

    Raises:
        MemoryFault: the memory cannot be asked.
    """
    held = through_owner(_HELD, KeyAsked()).replies
    return KeptReplies(held[:limit], len(held), sum(one.uses for one in held), max(0, len(held) - limit))


def clear_replies() -> RepliesCleared:
    """Deletes all kept replies, those that are too old included.

    Raises:
        MemoryFault: the memory cannot be asked.
    """
    return through_owner(_CLEAR, ClearAsked())


class OwnedReplies:
    """The `ReplyStore` over the data folder."""

    def held(self, key: str) -> Sequence[Held]:
        from mobimem.llm.replies import Held

        lines = through_owner(_HELD, KeyAsked(key)).replies
        return [Held(one.id, one.chain, one.question, one.answer, one.model, one.made_at) for one in lines]

    def used(self, id_: int) -> None:
        through_owner(_USED, ReplyUsed(id_))

    def keep(self, asked: Asked, answer: str, model: str) -> None:
        through_owner(_KEEP, ReplyToKeep(asked.key, asked.chain, asked.question, answer, model))


# --- performed by the owner ------------------------------------------------------------------------------------------


def _held(memory: Memory, asked: KeyAsked) -> RepliesHeld:
    from memory.replies import replies

    with memory.store.read() as connection:
        kept = replies(connection, now=datetime.now(UTC), key=asked.key)
    return RepliesHeld(
        tuple(
            ReplyLine(one.id, one.chain, one.question, one.answer, one.model, one.made_at, one.used_at, one.uses)
            for one in kept
        )
    )


def _used(memory: Memory, used: ReplyUsed) -> ReplyKept:
    from memory.replies import note_use

    with memory.store.write() as connection:
        note_use(connection, used.id, now=datetime.now(UTC))
    return ReplyKept("")


def _keep(memory: Memory, new: ReplyToKeep) -> ReplyKept:
    from memory.replies import keep_reply

    now = datetime.now(UTC)
    with memory.store.write() as connection:
        return ReplyKept(
            keep_reply(connection, new.key, new.chain, new.question, new.answer, model=new.model, now=now)
        )  # fmt: skip


def _clear(memory: Memory, _: ClearAsked) -> RepliesCleared:
    from memory.replies import clear_replies as clear

    with memory.store.write() as connection:
        cleared = clear(connection)
    memory.store.fold()
    return RepliesCleared(cleared)


_HELD = Call("replies-held", KeyAsked, RepliesHeld, _held)
_USED = Call("replies-used", ReplyUsed, ReplyKept, _used)
_KEEP = Call("replies-keep", ReplyToKeep, ReplyKept, _keep)
_CLEAR = Call("replies-clear", ClearAsked, RepliesCleared, _clear)
CALLS: Final = (_HELD, _USED, _KEEP, _CLEAR)
