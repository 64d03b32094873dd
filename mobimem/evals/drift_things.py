"""Tasks of `mobimem eval drift` with things: notes, payments, and the apps that only demonstrate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from device.virtual.apps.pay import cents_of
from device.virtual.phone import VirtualPhone
from mobimem.evals.drift_task import (
    Change,
    DriftTask,
    Row,
    Values,
    held,
    home,
    of_entry,
    shows,
    typed,
    typed_into,
)

NOTES, WALLET, ADDING = "com.example.notes", "com.example.wallet", "com.example.u2testdemo"
DEMOS: Final = "io.appium.android.apis"
_TITLES: Final = ("Groceries", "Books to read", "Holiday plans", "Garden")
_NEW_TITLES: Final = ("Packing", "Ideas", "Rent")
_BODIES: Final = ("socks and a map", "write more", "due on the 3rd")


# -- notes


def _note(title: str, body: str = "") -> tuple[str, Row]:
    return "notes", {"title": title, "body": body or f"about {title}"}


def _notes(phone: VirtualPhone, values: Values) -> None:
    for title in _TITLES:
        phone.store.table("notes").insert(**_note(title)[1], created_ms=1, edited_ms=1)


def _double_note(phone: VirtualPhone, values: Values) -> None:
    phone.store.table("notes").insert(**_note(values["title"])[1], created_ms=1, edited_ms=1)


def _crowd_notes(phone: VirtualPhone) -> None:
    for number in range(24):
        phone.store.table("notes").insert(title=f"Idea {number}", body="later", created_ms=5, edited_ms=5)


def _other_note(phone: VirtualPhone, values: Values) -> None:
    other = next(row for row in phone.store.table("notes").rows() if row["title"] != values["title"])
    phone.windows.start(NOTES, ".EditNoteActivity", note=other["_id"])


def _note_drafts(title: str) -> tuple[str, ...]:
    return (f"{NOTES}.drafts.note{_TITLES.index(title) + 1}",)


def _deleted(values: Values) -> Change:
    return Change(removed=(_note(values["title"]),))


_NOTES_TASKS: Final = (
    DriftTask(
        name="new-note", package=NOTES, words="note {title}: {body}", choices={"title": _NEW_TITLES, "body": _BODIES},
        show=shows(NOTES, "New note", typed("Title", "{title}"), typed("Note", "{body}"), "Save"),
        change=lambda v: Change(added=(_note(v["title"], v["body"]),), drafts=(f"{NOTES}.drafts.note0",)),
        prepare=_notes, elsewhere=_other_note,
    ),
    DriftTask(
        name="change-note", package=NOTES, words="the note {title} says {body}",
        choices={"title": _TITLES, "body": _BODIES}, show=shows(NOTES, "{title}", typed("Note", "{body}"), "Save"),
        change=lambda v: Change(
            added=(_note(v["title"], v["body"]),), removed=(_note(v["title"]),), drafts=_note_drafts(v["title"])
        ),
        prepare=_notes, crowd=_crowd_notes, double=_double_note, elsewhere=_other_note,
    ),
    DriftTask(
        name="rename-note", package=NOTES, words="the note {title} is called {name}",
        choices={"title": _TITLES, "name": _NEW_TITLES},
        show=shows(NOTES, "{title}", typed("Title", "{name}"), "Save"),
        change=lambda v: Change(
            added=(_note(v["name"], f"about {v['title']}"),), removed=(_note(v["title"]),),
            drafts=_note_drafts(v["title"]),
        ),
        prepare=_notes, crowd=_crowd_notes, double=_double_note, elsewhere=_other_note,
    ),
    DriftTask(
        name="delete-note", package=NOTES, words="delete the note {title}", choices={"title": _TITLES},
        show=shows(NOTES, "{title}", "Delete note", "Delete"), change=_deleted,
        prepare=_notes, crowd=_crowd_notes, double=_double_note, elsewhere=_other_note,
    ),
    DriftTask(
        name="delete-note-from-the-list", package=NOTES, words="get rid of the note {title}",
        choices={"title": _TITLES}, show=shows(NOTES, held("{title}"), "Delete"), change=_deleted,
        prepare=_notes, crowd=_crowd_notes, double=_double_note,
    ),
    DriftTask(
        name="search-and-delete-note", package=NOTES, words="look for the note {title} and delete it",
        choices={"title": _TITLES},
        show=shows(NOTES, typed("Search notes", "{title}"), "{title}", "Delete note", "Delete"), change=_deleted,
        prepare=_notes, double=_double_note, elsewhere=_other_note,
    ),
    DriftTask(
        name="copy-note", package=NOTES, words="copy the note {title}", choices={"title": _TITLES},
        show=shows(NOTES, "{title}", "More options", "Make a copy"),
        change=lambda v: Change(added=(_note(v["title"]),)),
        prepare=_notes, crowd=_crowd_notes, double=_double_note, elsewhere=_other_note,
    ),
    DriftTask(
        name="delete-all-notes", package=NOTES, words="delete all notes",
        show=shows(NOTES, "More options", "Delete all notes", "Delete"),
        change=lambda v: Change(removed=tuple(_note(title) for title in _TITLES)), prepare=_notes,
    ),
)  # fmt: skip

# -- wallet


def _paid(values: Values) -> Change:
    cents = cents_of(values["amount"])
    row = {"recipient": values["recipient"], "amount_cents": cents, "note": values.get("note", "")}
    return Change(added=(("payments", row),))


def _other_payment(phone: VirtualPhone, values: Values) -> None:
    """The page right before the payment, with everything right but the recipient."""
    given = {key: value for key, value in values.items() if key != "recipient"}
    phone.windows.start(WALLET, ".ReviewActivity", recipient="Mallory Gray", **given)


_RECIPIENTS: Final = ("Alice Kim", "Bob Stone", "City Water", "Nina Patel")
_AMOUNTS: Final = ("12.50", "40", "99.99", "7.05")
_PURPOSES: Final = ("Lunch", "Rent in March", "Invoice 4711", "Thanks")
_REVIEW: Final = ("All of this is right", "Pay now")

_WALLET_TASKS: Final = (
    DriftTask(
        name="pay-someone", package=WALLET, words="pay {amount} to {recipient} for {note}",
        choices={"recipient": _RECIPIENTS, "amount": _AMOUNTS, "note": _PURPOSES},
        show=shows(
            WALLET, "New payment", typed("Recipient", "{recipient}"), "Next", typed("Amount", "{amount}"), "Next",
            typed("Note", "{note}"), "Next", *_REVIEW, "Done",
        ),
        change=_paid, elsewhere=_other_payment,
    ),
    DriftTask(
        name="pay-without-note", package=WALLET, words="send {recipient} {amount}",
        choices={"recipient": _RECIPIENTS, "amount": _AMOUNTS},
        show=shows(
            WALLET, "New payment", typed("Recipient", "{recipient}"), "Next", typed("Amount", "{amount}"), "Next",
            "Next", *_REVIEW,
        ),
        change=_paid, elsewhere=_other_payment,
    ),
    DriftTask(
        name="wallet-help", package=WALLET, words="what does the wallet say about taking a payment back",
        show=shows(WALLET, "Help", "OK"), change=lambda v: Change(),
    ),
)  # fmt: skip

# -- demonstrations


def _is(wanted: Any) -> Callable[[Any], bool]:
    return lambda document: document == wanted


_DEMO_TASKS: Final = (
    DriftTask(
        name="add-numbers", package=ADDING, words="add {first} and {second}",
        choices={"first": ("12", "31", "25"), "second": ("30", "4", "50")},
        show=shows(ADDING, "Addition", typed_into("num1", "{first}"), typed_into("num2", "{second}"), "Add"),
        change=lambda v: Change(shown={"result": str(int(v["first"]) + int(v["second"]))}),
    ),
    DriftTask(
        name="keep-text", package=DEMOS, words="keep the text {text}", choices={"text": _BODIES},
        show=shows(DEMOS, "App", "Activity", "Persistent State", typed_into("saved", "{text}")),
        change=lambda v: Change(documents={f"{DEMOS}.kept_text": _is(v["text"])}),
    ),
    DriftTask(
        name="choose-meal", package=DEMOS, words="choose dinner", show=shows(DEMOS, "Views", "Radio Group", "Dinner"),
        change=lambda v: Change(shown={"choice": "You have selected: Dinner"}),
    ),
    DriftTask(
        name="choose-color", package=DEMOS, words="choose the colour {color}",
        choices={"color": ("green", "blue", "yellow")},
        show=shows(DEMOS, "Views", "Spinner", of_entry("spinner1"), "{color}"),
        change=lambda v: Change(shown={"android:id/text1": v["color"]}),
    ),
    DriftTask(
        name="choose-command", package=DEMOS, words="do {command}",
        choices={"command": ("Command one", "Command two", "Command three")},
        show=shows(DEMOS, "App", "Alert Dialogs", "List dialog", "{command}", "OK"), change=lambda v: Change(),
    ),
    DriftTask(
        name="change-title", package=DEMOS, words="the title says {title} on the left", choices={"title": _NEW_TITLES},
        show=shows(
            DEMOS, "App", "Activity", "Custom Title", typed_into("left_text_edit", "{title}"), "Change Left"
        ),
        change=lambda v: Change(shown={"left_text": v["title"]}),
    ),
    DriftTask(
        name="count-up", package=DEMOS, words="count up once", show=shows(DEMOS, "Views", "TextSwitcher", "Next"),
        change=lambda v: Change(shown={"switcher": "1"}),
    ),
    DriftTask(
        name="open-app", package="launcher", words="open the notes from the home screen",
        show=shows("", home, "Notes"), change=lambda v: Change(front=NOTES),
    ),
)  # fmt: skip

THINGS_TASKS: Final[tuple[DriftTask, ...]] = (*_NOTES_TASKS, *_WALLET_TASKS, *_DEMO_TASKS)
