"""Tasks of `mobimem eval tasks` with people: messages, contacts and phone."""

from __future__ import annotations

from typing import Any, Final

from device.virtual.faults import Faults
from device.virtual.phone import VirtualPhone
from mobimem.evals.drift_people import CONTACTS, DIALER, MESSAGES
from mobimem.evals.drift_task import Change, Setup, Values
from mobimem.evals.tasks_task import Move, Task, Twist, judged_as, moves, typed

SEND: Final = ("Send SMS",)
_WRITE: Final = (typed("Text message", "{message}"), "Send SMS")


def of(base_name: str, words: str, script: tuple[Move, ...] = (), **more: Any) -> Task:
    """A task in the world and by the account of a task of `mobimem eval drift`."""
    base = judged_as(base_name)
    if not more.get("script", script):
        more = {"show": base.show, **more}
    world = {"app": base.package, "change": base.change, "prepare": base.prepare, "passing": base.passing}
    return Task(words=words, **{"name": base_name, "script": script, **world, **more})


def crowded(name: str) -> Setup:
    """What fills the list of a task, so that the target stands further down."""
    crowd = judged_as(name).crowd
    assert crowd is not None, name
    return lambda phone, values: crowd(phone)


def emptied(*tables: str) -> Setup:
    """Takes every row out of tables."""

    def before(phone: VirtualPhone, values: Values) -> None:
        for table in tables:
            phone.store.table(table).delete(lambda row: True)

    return before


def promoted(phone: VirtualPhone) -> None:
    """The app in front asks to be rated."""
    Faults(phone.windows, phone.rpc_faults.command).popup()


def asked_for_permission(phone: VirtualPhone) -> None:
    """The system asks whether the app in front may record sound."""
    Faults(phone.windows, phone.rpc_faults.command).permission_dialog("android.permission.RECORD_AUDIO")


_MESSAGES: Final = (
    of(
        "text-someone", "text {contact} that {message}",
        moves(MESSAGES, "Start chat", "{contact}", *_WRITE), final=SEND,
        first={"contact": "Bob", "message": "dinner is ready"},
        second={"contact": "Alice", "message": "the train is late"}, again="tell {contact} that {message}",
        twist=Twist("permission dialog in between", at_read=6, then=asked_for_permission),
    ),
    of(
        "reply", "text back {contact}: {message}", moves(MESSAGES, "{contact}", *_WRITE), final=SEND,
        first={"contact": "Alice", "message": "see you at eight"},
        second={"contact": "Alex Kim", "message": "明天八点见"},
        twist=Twist("value in Chinese"),
    ),
    of(
        "delete-conversation", "delete the conversation with {contact}",
        moves(MESSAGES, "{contact}", "More options", "Delete conversation", "Delete"),
        final=("Delete conversation", "Delete"),
        first={"contact": "Maria"}, second={"contact": "Jürgen Weiß"},
        again="remove the conversation with {contact}", twist=Twist("said in other words"),
    ),
    of(
        "search-and-reply", "search the messages for {contact} and answer with {message}",
        moves(MESSAGES, typed("Search messages", "{contact}"), "{contact}", *_WRITE), final=SEND,
        first={"contact": "Maria", "message": "happy birthday"},
        second={"contact": "Jürgen Weiß", "message": "bis morgen"},
    ),
    of(
        "mark-all-read", "mark my messages as read", moves(MESSAGES, "More options", "Mark all as read"),
    ),
)  # fmt: skip

_CONTACTS: Final = (
    of(
        "text-from-contacts", "go to the contacts and write {contact}: {message}",
        moves(CONTACTS, "{contact}", "Text", *_WRITE), final=SEND, reach=(CONTACTS, MESSAGES), fine=("'Text'",),
        first={"contact": "Carol", "message": "happy birthday"},
        second={"contact": "Maria", "message": "thank you"}, said={"contact": "my mother"},
        twist=Twist("value from the profile", facts=("my mother is Maria",)),
    ),
    of(
        "new-contact", "add {name} with {phone}",
        moves(CONTACTS, "Create contact", typed("Name", "{name}"), typed("Phone", "{phone}"), "Save"),
        first={"name": "Zoe", "phone": "+1 202 555 0101"}, second={"name": "Yusuf Kaya", "phone": "+49 30 555 0199"},
    ),
    of(
        "star-contact", "make {contact} a favorite", moves(CONTACTS, "{contact}", "Add to favorites"),
        first={"contact": "Bob"}, second={"contact": "Sophie Martin"},
        twist=Twist("value that needs scrolling", before=crowded("star-contact")),
    ),
    of(
        "favorite-from-favorites", "unstar the contact {contact}",
        moves(CONTACTS, "More options", "Show favorites only", "{contact}", "Remove from favorites"),
        final=("Remove from favorites",), fine=("Show favorites only",),
        first={"contact": "Alice"}, second={"contact": "Maria"},
    ),
    of(
        "rename-contact", "{contact} is called {name} from now on",
        moves(CONTACTS, "{contact}", "Edit contact", typed("Name", "{name}"), "Save"),
        first={"contact": "Oliver", "name": "Zoe"}, second={"contact": "Emma Wilson", "name": "Ines"},
    ),
    of(
        "delete-contact", "delete {contact} from the contacts",
        moves(CONTACTS, "{contact}", "More options", "Delete", "Delete"), final=("Delete",),
        first={"contact": "Emma Wilson"}, second={"contact": "Oliver"},
    ),
    of(
        "change-number", "the number of {contact} is {phone}",
        moves(CONTACTS, "{contact}", "Edit contact", typed("Phone", "{phone}"), "Save"),
        first={"contact": "Carol", "phone": "+1 202 555 0101"}, second={"contact": "Nina Patel", "phone": "5550177"},
    ),
    of(
        "call-contact", "call {contact}", moves(CONTACTS, "{contact}", "Call", "End call"),
        final=("Call", "End call"), reach=(CONTACTS, DIALER),
        first={"contact": "Maria"}, second={"contact": "Bob"},
    ),
)  # fmt: skip

_DIALER: Final = (
    of(
        "call-number", "dial {number}", moves(DIALER, typed("Phone number", "{number}"), "Dial", "End call"),
        final=("Dial", "End call"), first={"number": "+1 202 555 0950"}, second={"number": "5550188"},
    ),
    of(
        "call-back", "redial {contact} from the list of calls", moves(DIALER, "Recents", "{contact}", "End call"),
        final=("{contact}", "End call"), first={"contact": "Alice"}, second={"contact": "Carol"},
    ),
    of(
        "clear-calls", "clear the call history",
        moves(DIALER, "More options", "Clear call history", "Delete"),
        final=("Delete", "Clear call history"), fine=("Clear call history",),
        twist=Twist("empty list", before=emptied("call_log"), change=lambda v: Change()),
    ),
)  # fmt: skip

PEOPLE: Final[tuple[Task, ...]] = (*_MESSAGES, *_CONTACTS, *_DIALER)
