"""The table `sms`: threads of messages, with the columns of Android's own provider.

Columns: thread (one number per address), address, body, type (1 received, 2 sent), date_ms, read (0 or 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from device.virtual.apps import address_book
from device.virtual.state import Row, StateStore

TABLE = "sms"
RECEIVED, SENT = 1, 2

_FACTORY = (
    ("+1 202 555 0110", RECEIVED, "2026-02-26T18:20", "Are we still on for Saturday?"),
    ("+1 202 555 0110", SENT, "2026-02-26T18:24", "Yes! 11 o'clock at the station."),
    ("+1 202 555 0110", RECEIVED, "2026-02-26T18:25", "Great, see you there"),
    ("+34 600 555 014", RECEIVED, "2026-02-27T08:02", "Buenos días! Your parcel arrived at my place."),
    ("+34 600 555 014", SENT, "2026-02-27T08:15", "Thank you, I will pick it up tonight."),
    ("+49 30 555 0121", RECEIVED, "2026-02-28T12:41", "Der Zug hat 20 Minuten Verspätung."),
    ("+86 10 5555 0188", RECEIVED, "2026-03-01T03:30", "明天下午三点开会,请准时参加。"),
    ("72055", RECEIVED, "2026-03-01T16:05", "Your verification code is 481 920. Do not share it with anyone."),
    ("+1 202 555 0178", RECEIVED, "2026-03-02T07:55", "Can you send me the notes from Friday?"),
)


@dataclass(frozen=True, slots=True)
class Conversation:
    """One thread as the list shows it. `address` is the other side's number."""

    thread: int
    address: str
    name: str
    last: Row
    unread: int


def install(store: StateStore) -> None:
    """A few conversations from before the phone was unpacked; the last one is unread."""
    for address, kind, when, body in _FACTORY:
        date_ms = int(datetime.fromisoformat(when).replace(tzinfo=UTC).timestamp() * 1000)
        read = 0 if (address, body) == (_FACTORY[-1][0], _FACTORY[-1][3]) else 1
        add(store, address, body, kind, date_ms, read=read)


def add(store: StateStore, address: str, body: str, kind: int, date_ms: int, *, read: int = 1) -> int:
    """Writes a message into the thread of its address and returns the row's id."""
    thread = thread_of(store, address)
    return store.table(TABLE).insert(thread=thread, address=address, body=body, type=kind, date_ms=date_ms, read=read)


def thread_of(store: StateStore, address: str) -> int:
    """The thread messages with this address belong to: the one there is, else the next free number."""
    rows = store.table(TABLE).rows()
    same = [row for row in rows if same_address(str(row["address"]), address)]
    if same:
        return int(same[0]["thread"])
    return max((int(row["thread"]) for row in rows), default=0) + 1


def messages(store: StateStore, address: str) -> list[Row]:
    """The messages exchanged with an address, oldest first."""
    rows = store.table(TABLE).rows(lambda row: same_address(str(row["address"]), address))
    return sorted(rows, key=lambda row: (row["date_ms"], row["_id"]))


def conversations(store: StateStore, *, names: bool) -> list[Conversation]:
    """All threads, the one with the newest message first. Without `names` people are only their numbers."""
    threads: dict[int, list[Row]] = {}
    for row in store.table(TABLE).rows():
        threads.setdefault(int(row["thread"]), []).append(row)
    found = []
    for thread, rows in threads.items():
        last = max(rows, key=lambda row: (row["date_ms"], row["_id"]))
        address = str(last["address"])
        name = address_book.name_of(store, address) if names else address
        found.append(Conversation(thread, address, name, last, sum(1 for row in rows if not row.get("read", 1))))
    return sorted(found, key=lambda one: (one.last["date_ms"], one.last["_id"]), reverse=True)


def mark_read(store: StateStore, address: str) -> None:
    """Marks all messages of a conversation as read."""
    table = store.table(TABLE)
    for row in messages(store, address):
        if not row.get("read", 1):
            table.update(row["_id"], read=1)


def same_address(one: str, other: str) -> bool:
    """Whether two addresses are one: numbers as they are dialled, others to the letter."""
    return (address_book.dialled(one) or one.strip()) == (address_book.dialled(other) or other.strip())
