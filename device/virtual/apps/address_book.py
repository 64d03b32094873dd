"""The table `contacts`, as every app that knows people sees it: contacts, messages and phone."""

from __future__ import annotations

import re

from device.virtual.state import Row, StateStore

TABLE = "contacts"

_MAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")

FACTORY = (
    ("Alex", "+1 202 555 0143", "alex@example.com", 0),
    ("Alex Kim", "+1 202 555 0178", "alex.kim@example.com", 0),
    ("Alice", "+1 202 555 0110", "alice@example.com", 1),
    ("Bob", "+1 202 555 0125", "bob@example.com", 0),
    ("Carol", "+1 202 555 0131", "carol@example.com", 0),
    ("David Miller", "+1 202 555 0152", "", 0),
    ("Emma Wilson", "+1 202 555 0167", "emma.wilson@example.com", 0),
    ("Frank", "+1 202 555 0189", "", 0),
    ("Jürgen Weiß", "+49 30 555 0121", "juergen@example.de", 0),
    ("Maria", "+34 600 555 014", "maria@example.es", 1),
    ("Nina Patel", "+44 20 5550 0133", "nina@example.co.uk", 0),
    ("Oliver", "+1 202 555 0194", "", 0),
    ("Sophie Martin", "+33 1 5555 0172", "sophie@example.fr", 0),
    ("王伟", "+86 10 5555 0188", "wangwei@example.cn", 0),
    ("李娜", "+86 21 5555 0136", "", 0),
)


def install(store: StateStore) -> None:
    """The people the phone knows from the factory. Two of them are nearly called the same, as in life."""
    table = store.table(TABLE)
    for name, phone, email, starred in FACTORY:
        table.insert(name=name, phone=phone, email=email, starred=starred)


def everyone(store: StateStore) -> list[Row]:
    """All contacts by name."""
    return sorted(store.table(TABLE).rows(), key=lambda row: (str(row["name"]).casefold(), row["_id"]))


def matching(store: StateStore, query: str) -> list[Row]:
    """Contacts whose name, number or address contains `query`, ignoring case and, in numbers, spaces."""
    wanted, digits = query.strip().casefold(), dialled(query)

    def fits(row: Row) -> bool:
        texts = (str(row.get("name", "")), str(row.get("email", "")))
        in_number = bool(digits) and digits in dialled(str(row.get("phone", "")))
        return any(wanted in words.casefold() for words in texts) or in_number

    return [row for row in everyone(store) if fits(row)]


def by_number(store: StateStore, number: str) -> Row | None:
    """The contact with this phone number, however it is spaced."""
    wanted = dialled(number)
    rows = store.table(TABLE).rows(lambda row: bool(wanted) and dialled(str(row.get("phone", ""))) == wanted)
    return rows[0] if rows else None


def name_of(store: StateStore, number: str) -> str:
    """Who has this number; the number itself if nobody."""
    row = by_number(store, number)
    return number if row is None else str(row["name"])


def dialled(number: str) -> str:
    """A number as the network sees it: a leading + and digits; "" if it is not a number."""
    kept = "".join(c for c in number.strip() if c not in " -()/.")
    bare = kept.removeprefix("+")
    return kept if bare.isascii() and bare.isdigit() and len(bare) >= 3 else ""


def read_recipients(store: StateStore, typed: str) -> tuple[list[str], list[str]]:
    """The mail addresses in a "To" field, and what in it is none.

    The name of a contact stands for its address where only one has that name.
    """
    good: list[str] = []
    bad: list[str] = []
    for part in (piece.strip() for piece in re.split(r"[,;]", typed)):
        if not part:
            continue
        found = part if _MAIL.fullmatch(part) else _address_of(store, part)
        (good if found else bad).append(found or part)
    return list(dict.fromkeys(good)), bad


def names_of(store: StateStore, recipients: str) -> str:
    """A list of addresses as people read it: by name where the contacts know one."""
    known = {str(row["email"]): str(row["name"]) for row in store.table(TABLE).rows() if row["email"]}
    return ", ".join(known.get(part.strip(), part.strip()) for part in recipients.split(","))


def _address_of(store: StateStore, name: str) -> str:
    people = [row for row in everyone(store) if str(row["name"]).casefold() == name.casefold()]
    return str(people[0]["email"]) if len(people) == 1 else ""
