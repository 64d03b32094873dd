"""Tasks of `mobimem eval drift` with people: contacts, messages and phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from device.virtual.apps import address_book
from device.virtual.apps.messages import inbox
from device.virtual.apps.messages.pages import draft_name
from device.virtual.phone import VirtualPhone
from mobimem.evals.drift_task import ANY, PASSING, Change, DriftTask, Row, Values, held, shows, typed

MESSAGES, CONTACTS, DIALER = "com.android.messaging", "com.android.contacts", "com.android.dialer"
CONVERSATION = ".ui.conversation.ConversationActivity"
PEOPLE: Final = ("Alice", "Bob", "Carol", "Emma Wilson", "Maria", "Nina Patel", "Sophie Martin", "Oliver")
WRITERS: Final = ("Alice", "Maria", "Alex Kim", "Jürgen Weiß")  # with whom there is a conversation
NUMBERS: Final = {name: phone for name, phone, _, _ in address_book.FACTORY}
WORDS: Final = ("See you at eight", "I'm running late", "Happy birthday!", "Call me back, please")
_IDS: Final = {name: number for number, (name, *_) in enumerate(address_book.FACTORY, 1)}
_WITH_MAIL: Final = tuple(name for name in PEOPLE if name != "Oliver")


# -- what is prepared, added and put in the way


def _crowd_people(phone: VirtualPhone) -> None:
    for number in range(24):
        _person(phone, f"Aaron {number:02}", f"+1 303 555 01{number:02}")


def _person(phone: VirtualPhone, name: str, number: str) -> None:
    phone.store.table("contacts").insert(name=name, phone=number, email="", starred=0)


def _double_person(phone: VirtualPhone, values: Values) -> None:
    _person(phone, values["contact"], "+1 404 555 0166")


def _other(values: Values) -> str:
    return next(name for name in reversed(PEOPLE) if name != values.get("contact"))


def _other_thread(phone: VirtualPhone, values: Values) -> None:
    phone.windows.start(MESSAGES, CONVERSATION, address=NUMBERS[_other(values)])


def _other_person(phone: VirtualPhone, values: Values) -> None:
    phone.windows.start(CONTACTS, ".quickcontact.QuickContactActivity", contact=_IDS[_other(values)])


def _other_form(phone: VirtualPhone, values: Values) -> None:
    phone.windows.start(CONTACTS, ".activities.ContactEditorActivity", contact=_IDS[_other(values)])


def _other_call(phone: VirtualPhone, values: Values) -> None:
    phone.windows.start(DIALER, ".InCallActivity", number=NUMBERS[_other(values)])


def _starred_all(phone: VirtualPhone, values: Values) -> None:
    table = phone.store.table("contacts")
    for row in table.rows():
        table.update(row["_id"], starred=1)


def _threads(phone: VirtualPhone, values: Values) -> None:
    """Two messages with each writer, and with nobody else; the last one of each is unread."""
    phone.store.table(inbox.TABLE).delete(lambda row: True)
    for place, name in enumerate(WRITERS):
        for kind, body, read in _talk(name):
            inbox.add(phone.store, NUMBERS[name], body, kind, 1_772_000_000_000 + place * 60_000 + kind, read=read)


def _talk(name: str) -> tuple[tuple[int, str, int], ...]:
    return (inbox.SENT, f"Hello {name}, how are you?", 1), (inbox.RECEIVED, f"Fine, says {name}", 0)


def _talked(name: str) -> tuple[tuple[str, Row], ...]:
    return tuple((inbox.TABLE, {"address": NUMBERS[name], "body": body, "type": kind}) for kind, body, _ in _talk(name))


def _crowd_threads(phone: VirtualPhone) -> None:
    for number in range(20):
        date_ms = 1_772_100_000_000 + number
        inbox.add(phone.store, f"+1 303 555 01{number:02}", "Sale ends today", inbox.RECEIVED, date_ms)


def _calls(phone: VirtualPhone, values: Values) -> None:
    for number, name in enumerate(PEOPLE):
        phone.store.table("call_log").insert(
            number=NUMBERS[name], name=name, type=2, date_ms=1_772_000_000_000 + number * 60_000, duration_s=30 + number
        )


def _crowd_calls(phone: VirtualPhone) -> None:
    for number in range(20):
        phone.store.table("call_log").insert(
            number=f"+1 303 555 01{number:02}", name="", type=2, date_ms=1_772_100_000_000, duration_s=number
        )


# -- what is asked for


def _sms(number: str, message: str) -> Change:
    row = {"address": number, "body": message, "type": inbox.SENT}
    return Change(added=((inbox.TABLE, row),), drafts=(f"{MESSAGES}.drafts.{draft_name(number)}",))


def _texted(values: Values) -> Change:
    return _sms(NUMBERS[values["contact"]], values["message"])


def _called(number: str) -> Change:
    name = next((name for name, phone in NUMBERS.items() if phone == number), number)
    return Change(added=(("call_log", {"number": number, "name": name, "type": 2, "duration_s": ANY}),))


def _contact_called(values: Values) -> Change:
    return _called(NUMBERS[values["contact"]])


def _row(who: str, **other: object) -> tuple[str, Row]:
    """The row of a person as the phone comes with it, or of a new one, with some columns changed."""
    phone, email, starred = next((row[1:] for row in address_book.FACTORY if row[0] == who), ("", "", 0))
    return "contacts", {"name": who, "phone": phone, "email": email, "starred": starred} | other


def _edited(column: str, slot: str) -> Callable[[Values], Change]:
    def change(values: Values) -> Change:
        name = values["contact"]
        return Change(
            added=(_row(name, **{column: values[slot]}),),
            removed=(_row(name),),
            drafts=(f"{CONTACTS}.drafts.contact{_IDS[name]}",),
        )

    return change


def _starred(before: int, after: int) -> Callable[[Values], Change]:
    def change(values: Values) -> Change:
        name = values["contact"]
        return Change(added=(_row(name, starred=after),), removed=(_row(name, starred=before),))

    return change


def _created(values: Values) -> Change:
    row = _row(values["name"], phone=values["phone"], email=values.get("email", ""))
    return Change(added=(row,), drafts=(f"{CONTACTS}.drafts.contact0",))


_MESSAGE: Final = (typed("Text message", "{message}"), "Send SMS")
_NEW: Final = ("Zoe", "Yusuf Kaya", "Ines")
_NEW_NUMBERS: Final = ("+1 202 555 0101", "+49 30 555 0199", "5550177")
_NEW_MAILS: Final = ("zoe@example.com", "y.kaya@example.de", "ines@example.org")
_BACKWARDS: Final = PEOPLE[::-1]  # the last has no mail address with the old name in it
_UNSTARRED: Final = tuple(name for name in PEOPLE if name not in ("Alice", "Maria"))

_CONTACTS_TASKS: Final = (
    DriftTask(
        name="text-from-contacts", package=CONTACTS, words="write {message} to {contact}",
        choices={"contact": PEOPLE, "message": WORDS}, show=shows(CONTACTS, "{contact}", "Text", *_MESSAGE),
        change=_texted, crowd=_crowd_people, double=_double_person, elsewhere=_other_person,
    ),
    DriftTask(
        name="new-contact", package=CONTACTS, words="add {name} with {phone}",
        choices={"name": _NEW, "phone": _NEW_NUMBERS},
        show=shows(CONTACTS, "Create contact", typed("Name", "{name}"), typed("Phone", "{phone}"), "Save"),
        change=_created, elsewhere=_other_form,
    ),
    DriftTask(
        name="new-contact-with-mail", package=CONTACTS, words="add {name}, {phone} and {email}",
        choices={"name": _NEW, "phone": _NEW_NUMBERS, "email": _NEW_MAILS},
        show=shows(
            CONTACTS, "Create contact", typed("Name", "{name}"), typed("Phone", "{phone}"), typed("Email", "{email}"),
            "Save",
        ),
        change=_created, elsewhere=_other_form,
    ),
    DriftTask(
        name="discard-new-contact", package=CONTACTS, words="begin a contact {name} and drop it",
        choices={"name": _NEW},
        show=shows(CONTACTS, "Create contact", typed("Name", "{name}"), "Close", "Discard"),
        change=lambda v: Change(drafts=(f"{CONTACTS}.drafts.contact0",)), elsewhere=_other_form,
    ),
    DriftTask(
        name="star-contact", package=CONTACTS, words="make {contact} a favorite", choices={"contact": _UNSTARRED},
        show=shows(CONTACTS, "{contact}", "Add to favorites"), change=_starred(0, 1),
        crowd=_crowd_people, double=_double_person, elsewhere=_other_person,
    ),
    DriftTask(
        name="unstar-contact", package=CONTACTS, words="{contact} is no favorite any more", choices={"contact": PEOPLE},
        show=shows(CONTACTS, "{contact}", "Remove from favorites"), change=_starred(1, 0), prepare=_starred_all,
        crowd=_crowd_people, double=_double_person, elsewhere=_other_person,
    ),
    DriftTask(
        name="delete-contact", package=CONTACTS, words="delete {contact}", choices={"contact": PEOPLE},
        show=shows(CONTACTS, "{contact}", "More options", "Delete", "Delete"),
        change=lambda v: Change(removed=(_row(v["contact"]),)),
        crowd=_crowd_people, double=_double_person, elsewhere=_other_person,
    ),
    DriftTask(
        name="change-number", package=CONTACTS, words="the number of {contact} is {phone}",
        choices={"contact": PEOPLE, "phone": _NEW_NUMBERS},
        show=shows(CONTACTS, "{contact}", "Edit contact", typed("Phone", "{phone}"), "Save"),
        change=_edited("phone", "phone"), crowd=_crowd_people, double=_double_person, elsewhere=_other_form,
    ),
    DriftTask(
        name="rename-contact", package=CONTACTS, words="{contact} is called {name}",
        choices={"contact": _BACKWARDS, "name": _NEW},
        show=shows(CONTACTS, "{contact}", "Edit contact", typed("Name", "{name}"), "Save"),
        change=_edited("name", "name"), crowd=_crowd_people, double=_double_person, elsewhere=_other_form,
    ),
    DriftTask(
        name="change-mail", package=CONTACTS, words="the address of {contact} is {email}",
        choices={"contact": _WITH_MAIL, "email": _NEW_MAILS},
        show=shows(CONTACTS, "{contact}", "Edit contact", typed("Email", "{email}"), "Save"),
        change=_edited("email", "email"), crowd=_crowd_people, double=_double_person, elsewhere=_other_form,
    ),
    DriftTask(
        name="call-contact", package=CONTACTS, words="call {contact}", choices={"contact": PEOPLE},
        show=shows(CONTACTS, "{contact}", "Call", "End call"), change=_contact_called,
        crowd=_crowd_people, double=_double_person, elsewhere=_other_person,
    ),
    DriftTask(
        name="search-and-star", package=CONTACTS, words="look for {contact} and make a favorite",
        choices={"contact": _UNSTARRED},
        show=shows(CONTACTS, typed("Search contacts", "{contact}"), "{contact}", "Add to favorites"),
        change=_starred(0, 1), double=_double_person, elsewhere=_other_person,
    ),
    DriftTask(
        name="favorite-from-favorites", package=CONTACTS, words="take {contact} from the favorites",
        choices={"contact": ("Alice", "Maria")},
        show=shows(CONTACTS, "More options", "Show favorites only", "{contact}", "Remove from favorites"),
        change=_starred(1, 0), elsewhere=_other_person,
    ),
)  # fmt: skip

_MESSAGES_TASKS: Final = (
    DriftTask(
        name="text-someone", package=MESSAGES, words="text {contact} that {message}",
        choices={"contact": PEOPLE, "message": WORDS},
        show=shows(MESSAGES, "Start chat", "{contact}", *_MESSAGE), change=_texted,
        crowd=_crowd_people, double=_double_person, elsewhere=_other_thread,
    ),
    DriftTask(
        name="text-number", package=MESSAGES, words="text the number {number} that {message}",
        choices={"number": ("+1 202 555 0950", "+44 20 5550 0977", "5550188"), "message": WORDS},
        show=shows(
            MESSAGES, "Start chat", typed("Type a name, phone number, or email", "{number}"), "Next", *_MESSAGE
        ),
        change=lambda v: _sms(v["number"], v["message"]), elsewhere=_other_thread,
    ),
    DriftTask(
        name="reply", package=MESSAGES, words="answer {contact}: {message}",
        choices={"contact": WRITERS, "message": WORDS}, show=shows(MESSAGES, "{contact}", *_MESSAGE), change=_texted,
        prepare=_threads, crowd=_crowd_threads, elsewhere=_other_thread,
    ),
    DriftTask(
        name="search-and-reply", package=MESSAGES, words="look for {contact} and answer {message}",
        choices={"contact": WRITERS, "message": WORDS},
        show=shows(MESSAGES, typed("Search messages", "{contact}"), "{contact}", *_MESSAGE), change=_texted,
        prepare=_threads, elsewhere=_other_thread,
    ),
    DriftTask(
        name="delete-conversation", package=MESSAGES, words="delete the conversation with {contact}",
        choices={"contact": WRITERS},
        show=shows(MESSAGES, "{contact}", "More options", "Delete conversation", "Delete"),
        change=lambda v: Change(removed=_talked(v["contact"])),
        prepare=_threads, crowd=_crowd_threads, elsewhere=_other_thread,
    ),
    DriftTask(
        name="delete-conversation-from-the-list", package=MESSAGES, words="get rid of what {contact} and I wrote",
        choices={"contact": WRITERS}, show=shows(MESSAGES, held("{contact}"), "Delete"),
        change=lambda v: Change(removed=_talked(v["contact"])), prepare=_threads, crowd=_crowd_threads,
    ),
    DriftTask(
        name="delete-message", package=MESSAGES, words="delete what I wrote {contact}: {message}",
        choices={"contact": WRITERS, "message": ("hello",)},
        show=shows(
            MESSAGES, "{contact}", held("Hello {contact}, how are you?"), "Delete"
        ),
        change=lambda v: Change(removed=_talked(v["contact"])[:1]), prepare=_threads, crowd=_crowd_threads,
        elsewhere=_other_thread,
    ),
    DriftTask(
        name="mark-all-read", package=MESSAGES, words="mark all messages as read",
        show=shows(MESSAGES, "More options", "Mark all as read"),
        change=lambda v: Change(
            added=tuple((table, row | {"read": 1}) for name in WRITERS for table, row in _talked(name)[1:]),
            removed=tuple((table, row | {"read": 0}) for name in WRITERS for table, row in _talked(name)[1:]),
        ),
        prepare=_threads, passing=PASSING - {"read"},
    ),
    DriftTask(
        name="call-from-conversation", package=MESSAGES, words="call {contact} who wrote me",
        choices={"contact": WRITERS}, show=shows(MESSAGES, "{contact}", "Call", "End call"), change=_contact_called,
        prepare=_threads, crowd=_crowd_threads, elsewhere=_other_thread,
    ),
)  # fmt: skip

_DIALER_TASKS: Final = (
    DriftTask(
        name="call-number", package=DIALER, words="call {number}",
        choices={"number": ("+1 202 555 0950", "+44 20 5550 0977", "5550188")},
        show=shows(DIALER, typed("Phone number", "{number}"), "Dial", "End call"),
        change=lambda v: _called(v["number"]), elsewhere=_other_call,
    ),
    DriftTask(
        name="call-voicemail", package=DIALER, words="call my voicemail",
        show=shows(DIALER, "1", "2", "1", "Dial", "Speaker", "End call"), change=lambda v: _called("121"),
    ),
    DriftTask(
        name="call-back", package=DIALER, words="call {contact} again", choices={"contact": PEOPLE},
        show=shows(DIALER, "Recents", "{contact}", "End call"), change=_contact_called,
        prepare=_calls, crowd=_crowd_calls, elsewhere=_other_call,
    ),
    DriftTask(
        name="clear-calls", package=DIALER, words="clear the call history",
        show=shows(DIALER, "More options", "Clear call history", "Delete"),
        change=lambda v: Change(
            removed=tuple(
                ("call_log", {"number": NUMBERS[name], "name": name, "type": 2, "duration_s": 30 + number})
                for number, name in enumerate(PEOPLE)
            )
        ),
        prepare=_calls,
    ),
)  # fmt: skip

PEOPLE_TASKS: Final[tuple[DriftTask, ...]] = (*_CONTACTS_TASKS, *_MESSAGES_TASKS, *_DIALER_TASKS)
