"""The table `mails`: letters in folders, grouped into threads.

Columns: folder, thread (one number per exchange), sender and sender_name, recipients (addresses divided by ", "),
subject, body, starred (0 or 1), read (0 or 1), date_ms.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from device.virtual.apps import times
from device.virtual.state import Row, StateStore

TABLE = "mails"
ME = "me@example.com"
INBOX, SENT, DRAFTS, OUTBOX, ARCHIVE, TRASH = "inbox", "sent", "drafts", "outbox", "archive", "trash"
STARRED = "starred"  # a view over all folders, no folder of its own
FOLDERS = (INBOX, STARRED, SENT, DRAFTS, OUTBOX, ARCHIVE, TRASH)
WRITTEN = (SENT, DRAFTS, OUTBOX)  # folders of what the owner wrote

_RAIL = "Berlin – Hamburg, second class, one person. Show this booking on the train: 7Q4ZK."
# hours ago, folder, thread, name, sender, recipients, subject, body, starred, read
FACTORY: tuple[tuple[float, str, int, str, str, str, str, str, int, int], ...] = (
    (216, INBOX, 1, "Garden Weekly", "news@garden.example", ME, "What to sow in spring",
     "Peas and spinach can go out now. Tomatoes wait indoors until May.", 0, 1),
    (198, INBOX, 2, "Alex", "alex@example.com", ME, "Photos", "Here are the photos from the lake.", 0, 1),
    (170, INBOX, 3, "Alex Kim", "alex.kim@example.com", ME, "Photos", "Did you get my photos? Tell me which.", 0, 1),
    (146, INBOX, 4, "Bob", "bob@example.com", ME, "Invoice 4711",
     "Hello, please find the invoice for February. It is due in 14 days. Bob", 0, 1),
    (121, INBOX, 5, "王伟", "wangwei@example.cn", ME, "项目进度", "附上本周的项目进度,请查收。", 0, 1),
    (97, INBOX, 6, "Jürgen Weiß", "juergen@example.de", ME, "Wohnung in Berlin",
     "Der Schlüssel liegt beim Nachbarn. Gute Reise!", 0, 1),
    (74, INBOX, 7, "Rail Tickets", "booking@rail.example", ME, "Your booking 7Q4ZK", _RAIL, 1, 1),
    (50, INBOX, 8, "Alice", "alice@example.com", ME, "Saturday", "Shall we take the early train?", 0, 1),
    (49, SENT, 8, "", ME, "alice@example.com", "Re: Saturday", "Yes, the one at 8:12.", 0, 1),
    (26, INBOX, 8, "Alice", "alice@example.com", ME, "Re: Saturday", "Good. I bring the sandwiches.", 0, 1),
    (30, DRAFTS, 9, "", ME, "maria@example.es", "Birthday present", "Do you have an idea what", 0, 1),
    (340, ARCHIVE, 10, "City Water", "service@water.example", ME, "Your reading", "We received 318 m³. Thanks.", 0, 1),
    (5, INBOX, 11, "City Library", "loans@library.example", ME, "Your loan ends on Thursday",
     "“The Old Ways” is due back on Thursday. It can be extended once.", 0, 0),
    (1.5, INBOX, 12, "Nina Patel", "nina@example.co.uk", ME, "Notes from Friday",
     "Hi, can you send me the notes from Friday? Thanks, Nina", 0, 0),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thread:
    """One exchange as a folder's list shows it; `last` is its newest letter there."""

    number: int
    last: Row
    count: int
    unread: bool
    starred: bool


def install(store: StateStore, now: datetime) -> None:
    """Some letters of the last two weeks, two of them unread; two people of nearly the same name wrote of the same."""
    rows = []
    for number, (hours, folder, thread, name, sender, recipients, subject, body, starred, read) in enumerate(FACTORY):
        rows.append(
            {
                "_id": number + 1, "folder": folder, "thread": thread, "sender": sender, "sender_name": name,
                "recipients": recipients, "subject": subject, "body": body, "starred": starred, "read": read,
                "date_ms": times.to_ms(now - timedelta(hours=hours)),
            }
        )  # fmt: skip
    store.put(TABLE, {"next": len(rows) + 1, "rows": rows})


def write(store: StateStore, folder: str, date_ms: int, *, thread: int = 0, **said: str) -> int:
    """Adds a letter of the owner's (`recipients`, `subject`, `body`), in a new thread if none is named."""
    number = thread or max((int(row["thread"]) for row in store.table(TABLE).rows()), default=0) + 1
    return store.table(TABLE).insert(
        folder=folder, thread=number, sender=ME, sender_name="", recipients=said.get("recipients", ""),
        subject=said.get("subject", ""), body=said.get("body", ""), starred=0, read=1, date_ms=date_ms,
    )  # fmt: skip


def threads(store: StateStore, folder: str) -> list[Thread]:
    """The threads with a letter in a folder, the newest first. Drafts and what waits to be sent stand alone."""
    groups: dict[int, list[Row]] = {}
    for row in store.table(TABLE).rows(lambda row: _is_in(row, folder)):
        groups.setdefault(-int(row["_id"]) if row["folder"] in (DRAFTS, OUTBOX) else int(row["thread"]), []).append(row)
    found = []
    for rows in groups.values():
        last = max(rows, key=_age)
        unread, starred = any(not row["read"] for row in rows), any(row["starred"] for row in rows)
        found.append(Thread(int(last["thread"]), last, len(rows), unread, starred))
    return sorted(found, key=lambda one: _age(one.last), reverse=True)


def letters(store: StateStore, thread: int, folder: str = "") -> list[Row]:
    """The letters of one thread, oldest first: those in a folder, or all that were neither deleted nor left unsent."""

    def fits(row: Row) -> bool:
        here = row["folder"] == folder if folder else row["folder"] not in (TRASH, DRAFTS, OUTBOX)
        return bool(row["thread"] == thread and here)

    return sorted(store.table(TABLE).rows(fits), key=_age)


def move(store: StateStore, rows: Iterable[Row], folder: str) -> list[tuple[int, str]]:
    """Puts letters into a folder and returns where each was, for `put_back`."""
    before = [(int(row["_id"]), str(row["folder"])) for row in rows]
    for number, _ in before:
        store.table(TABLE).update(number, folder=folder)
    return before


def put_back(store: StateStore, before: Iterable[tuple[int, str]]) -> None:
    """Takes back a move: each message goes to the folder it was in before."""
    for number, folder in before:
        store.table(TABLE).update(number, folder=folder)


def send_waiting(store: StateStore, date_ms: int) -> int:
    """Sends what waits in the outbox and returns how many letters that were."""
    waiting = store.table(TABLE).rows(lambda row: row["folder"] == OUTBOX)
    for row in waiting:
        store.table(TABLE).update(row["_id"], folder=SENT, date_ms=date_ms)
    return len(waiting)


def unread(store: StateStore, folder: str) -> int:
    """How many conversations of a folder have unread messages."""
    return sum(1 for one in threads(store, folder) if one.unread)


def _is_in(row: Row, folder: str) -> bool:
    if folder == STARRED:
        return bool(row["starred"]) and row["folder"] != TRASH
    return bool(row["folder"] == folder)


def _age(row: Row) -> tuple[int, int]:
    return int(row["date_ms"]), int(row["_id"])
