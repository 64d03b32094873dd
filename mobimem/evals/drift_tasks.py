"""The tasks of `mobimem eval drift`: what is shown once, what is asked later, and how the phone tells the result.

Each task is shown by a scripted demonstration on one phone and replayed on others. `change` says, in terms of the
phone's own tables and settings, what the asked task changes; it knows nothing of recipes, selectors or checks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from device.virtual.apps.messages.pages import draft_name
from device.virtual.phone import VirtualPhone
from replay.demonstration import Demonstration

Values = Mapping[str, str]
Row = dict[str, Any]

MESSAGES, CONTACTS = "com.android.messaging", "com.android.contacts"
SETTINGS, CLOCK, NOTES = "com.android.settings", "com.android.deskclock", "com.example.notes"
CONVERSATION = ".ui.conversation.ConversationActivity"
PEOPLE = ("Alice", "Bob", "Carol", "Emma Wilson", "Maria", "Nina Patel", "Sophie Martin", "Oliver")
NUMBERS = {
    "Alice": "+1 202 555 0110", "Bob": "+1 202 555 0125", "Carol": "+1 202 555 0131", "Emma Wilson": "+1 202 555 0167",
    "Maria": "+34 600 555 014", "Nina Patel": "+44 20 5550 0133", "Sophie Martin": "+33 1 5555 0172",
    "Oliver": "+1 202 555 0194",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """What a task changes: rows added to and taken from tables (by their telling columns), and settings.

    `draft` is where in the store its typed words may be left when it ends early; "" for nowhere.
    """

    added: tuple[tuple[str, Row], ...] = ()
    removed: tuple[tuple[str, Row], ...] = ()
    settings: Mapping[str, str] | None = None
    draft: str = ""


@dataclass(frozen=True, slots=True)
class DriftTask:
    """One task.

    `choices` are the values to ask with, slot by slot; the first of each is shown. `crowd` adds what comes before the
    target in its list, `double` adds something that goes by the same name, and `elsewhere` brings a page of the same
    kind that is somebody else's to the front; None where the task has no such thing.
    """

    name: str
    package: str
    words: str
    choices: Mapping[str, tuple[str, ...]]
    show: Callable[[Demonstration, Values], None]
    change: Callable[[Values], Change]
    crowd: Callable[[VirtualPhone], None] | None = None
    double: Callable[[VirtualPhone, Values], None] | None = None
    elsewhere: Callable[[VirtualPhone, Values], None] | None = None
    prepare: Callable[[VirtualPhone, Values], None] = lambda phone, values: None


def _crowd_people(phone: VirtualPhone) -> None:
    for number in range(24):
        _person(phone, f"Aaron {number:02}", f"+1 303 555 01{number:02}")


def _person(phone: VirtualPhone, name: str, number: str) -> None:
    phone.store.table("contacts").insert(name=name, phone=number, email="", starred=0)


def _double_person(phone: VirtualPhone, values: Values) -> None:
    _person(phone, values["contact"], "+1 404 555 0166")


def _other(values: Values) -> str:
    return next(name for name in reversed(PEOPLE) if name != values["contact"])


def _other_thread(phone: VirtualPhone, values: Values) -> None:
    phone.windows.start(MESSAGES, CONVERSATION, address=NUMBERS[_other(values)])


def _other_person(phone: VirtualPhone, values: Values) -> None:
    person = next(row for row in phone.store.table("contacts").rows() if row["name"] == _other(values))
    phone.windows.start(CONTACTS, ".quickcontact.QuickContactActivity", contact=person["_id"])


def _text(hand: Demonstration, values: Values) -> None:
    hand.open(MESSAGES)
    hand.tap("Start chat")
    hand.tap(values["contact"])
    hand.type("Text message", values["message"])
    hand.tap("Send SMS")


def _texted(values: Values) -> Change:
    number = NUMBERS[values["contact"]]
    return Change(
        added=(("sms", {"address": number, "body": values["message"], "type": 2}),),
        draft=f"{MESSAGES}.drafts.{draft_name(number)}",
    )


def _text_from_contact(hand: Demonstration, values: Values) -> None:
    hand.open(CONTACTS)
    hand.tap(values["contact"])
    hand.tap("Text")
    hand.type("Text message", values["message"])
    hand.tap("Send SMS")


def _new_contact(hand: Demonstration, values: Values) -> None:
    hand.open(CONTACTS)
    hand.tap("Create contact")
    hand.type("Name", values["name"])
    hand.type("Phone", values["phone"])
    hand.tap("Save")


def _star(hand: Demonstration, values: Values) -> None:
    hand.open(CONTACTS)
    hand.tap(values["contact"])
    hand.tap("Add to favorites")


def _starred(values: Values) -> Change:
    row = {"name": values["contact"]}
    return Change(added=(("contacts", row | {"starred": 1}),), removed=(("contacts", row | {"starred": 0}),))


def _delete_contact(hand: Demonstration, values: Values) -> None:
    hand.open(CONTACTS)
    hand.tap(values["contact"])
    hand.tap("More options")
    hand.tap("Delete")
    hand.tap("Delete")


def _setting(*path: str) -> Callable[[Demonstration, Values], None]:
    def show(hand: Demonstration, values: Values) -> None:
        hand.open(SETTINGS)
        for words in path:
            hand.tap(words)

    return show


def _set(**settings: str) -> Callable[[Values], Change]:
    return lambda values: Change(settings={name.replace("__", "."): value for name, value in settings.items()})


def _alarm(hand: Demonstration, values: Values) -> None:
    hand.open(CLOCK)
    hand.tap("Add alarm")
    hand.type("Hour", values["hour"])
    hand.type("Minute", values["minute"])
    hand.tap("Save")


def _new_note(hand: Demonstration, values: Values) -> None:
    hand.open(NOTES)
    hand.tap("New note")
    hand.type("Title", values["title"])
    hand.type("Note", values["body"])
    hand.tap("Save")


def _delete_note(hand: Demonstration, values: Values) -> None:
    hand.open(NOTES)
    hand.tap(values["title"])
    hand.tap("Delete note")
    hand.tap("Delete")


def _notes(phone: VirtualPhone, titles: tuple[str, ...]) -> None:
    for title in titles:
        phone.store.table("notes").insert(title=title, body=f"about {title}", created_ms=1, edited_ms=1)


def _crowd_notes(phone: VirtualPhone) -> None:
    for number in range(24):
        phone.store.table("notes").insert(title=f"Idea {number}", body="later", created_ms=5, edited_ms=5)


def _other_note(phone: VirtualPhone, values: Values) -> None:
    other = next(row for row in phone.store.table("notes").rows() if row["title"] != values["title"])
    phone.windows.start(NOTES, ".EditNoteActivity", note=other["_id"])


_TITLES = ("Groceries", "Books to read", "Holiday plans", "Garden")
_MESSAGES = ("See you at eight", "I'm running late", "Happy birthday!", "Call me back, please")

TASKS: tuple[DriftTask, ...] = (
    DriftTask(
        "text-someone", MESSAGES, "text {contact} that {message}", {"contact": PEOPLE, "message": _MESSAGES},
        _text, _texted, _crowd_people, _double_person, _other_thread,
    ),
    DriftTask(
        "text-from-contacts", CONTACTS, "write {message} to {contact}", {"contact": PEOPLE, "message": _MESSAGES},
        _text_from_contact, _texted, _crowd_people, _double_person, _other_person,
    ),
    DriftTask(
        "new-contact", CONTACTS, "add {name} with {phone}",
        {"name": ("Zoe", "Yusuf Kaya", "Ines"), "phone": ("+1 202 555 0101", "+49 30 555 0199", "5550177")},
        _new_contact,
        lambda v: Change(
            added=(("contacts", {"name": v["name"], "phone": v["phone"]}),), draft=f"{CONTACTS}.drafts.contact0"
        ),
    ),
    DriftTask(
        "star-contact", CONTACTS, "make {contact} a favorite",
        {"contact": tuple(name for name in PEOPLE if name not in ("Alice", "Maria"))},
        _star, _starred, _crowd_people, _double_person, _other_person,
    ),
    DriftTask(
        "delete-contact", CONTACTS, "delete {contact}", {"contact": PEOPLE},
        _delete_contact, lambda v: Change(removed=(("contacts", {"name": v["contact"]}),)),
        _crowd_people, _double_person, _other_person,
    ),
    DriftTask(
        "dark-theme", SETTINGS, "turn dark theme on", {}, _setting("Display", "Dark theme"),
        _set(secure__ui_night_mode="2"),
    ),
    DriftTask(
        "do-not-disturb", SETTINGS, "turn do not disturb on", {}, _setting("Notifications", "Do Not Disturb"),
        _set(global__zen_mode="1"),
    ),
    DriftTask(
        "battery-saver", SETTINGS, "save battery", {}, _setting("Battery", "Battery Saver"),
        _set(global__low_power="1"),
    ),
    DriftTask(
        "screen-timeout", SETTINGS, "keep the screen on for {time}",
        {"time": ("2 minutes", "5 minutes", "30 seconds")},
        lambda hand, values: _setting("Display", "Screen timeout", values["time"])(hand, values),
        lambda v: Change(
            settings={
                "system.screen_off_timeout": {"2 minutes": "120000", "5 minutes": "300000", "30 seconds": "30000"}[
                    v["time"]
                ]
            }
        ),
    ),
    DriftTask(
        "set-alarm", CLOCK, "wake me at {hour}:{minute}",
        {"hour": ("6", "7", "21"), "minute": ("45", "15", "50")}, _alarm,
        lambda v: Change(added=(("alarms", {"hour": int(v["hour"]), "minute": int(v["minute"]), "enabled": 1}),)),
    ),
    DriftTask(
        "new-note", NOTES, "note {title}: {body}",
        {"title": ("Packing", "Ideas", "Rent"), "body": ("socks and a map", "write more", "due on the 3rd")},
        _new_note,
        lambda v: Change(
            added=(("notes", {"title": v["title"], "body": v["body"]}),), draft=f"{NOTES}.drafts.note0"
        ),
    ),
    DriftTask(
        "delete-note", NOTES, "delete the note {title}", {"title": _TITLES}, _delete_note,
        lambda v: Change(removed=(("notes", {"title": v["title"]}),)), _crowd_notes,
        lambda phone, values: _notes(phone, (values["title"],)), _other_note,
        prepare=lambda phone, values: _notes(phone, _TITLES),
    ),
)  # fmt: skip
