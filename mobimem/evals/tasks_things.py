"""Tasks of `mobimem eval tasks` with things: settings, clock, notes, the wallet, the home screen and the demos."""

from __future__ import annotations

from typing import Final

from device.virtual.phone import VirtualPhone
from mobimem.evals.drift_clock import CLOCK
from mobimem.evals.drift_settings import SETTINGS
from mobimem.evals.drift_task import Values
from mobimem.evals.drift_things import DEMOS, NOTES, WALLET
from mobimem.evals.tasks_people import crowded, emptied, of, promoted
from mobimem.evals.tasks_task import Task, Twist, moves, nth, typed


def _app_in_front(phone: VirtualPhone, values: Values) -> None:
    phone.windows.start(WALLET, ".MainActivity")


_SETTINGS: Final = (
    of(
        "name-the-phone", "name this phone {name}",
        moves(SETTINGS, "About phone", "Device name", typed("Device name", "{name}"), "OK"),
        first={"name": "Kitchen"}, second={"name": "Nina's phone"},
    ),
    of(
        "mute-app", "silence the app {app}", moves(SETTINGS, "Apps", "{app}", "Notifications"),
        fine=("Notifications",), first={"app": "Clock"}, second={"app": "Wallet"},
    ),
    of(
        "search-setting", "look for {setting} and turn it on",
        moves(SETTINGS, typed("Search settings", "{setting}"), "{setting}", "{setting}"),
        first={"setting": "Bluetooth"}, second={"setting": "Cast"},
    ),
    of(
        "become-developer", "turn developer mode on", (),
    ),
)  # fmt: skip

_CLOCK: Final = (
    of(
        "set-alarm", "wake me at {hour}:{minute}",
        moves(CLOCK, "Add alarm", typed("Hour", "{hour}"), typed("Minute", "{minute}"), "Save"),
        fine=("Add alarm",), first={"hour": "6", "minute": "45"}, second={"hour": "21", "minute": "15"},
        again="set an alarm for {hour}:{minute}", twist=Twist("said in other words"),
    ),
    of(
        "set-alarm-with-label", "an alarm {label} at {hour}:{minute}",
        moves(
            CLOCK, "Add alarm", typed("Hour", "{hour}"), typed("Minute", "{minute}"), typed("Label", "{label}"), "Save"
        ),
        first={"label": "Medicine", "hour": "7", "minute": "15"}, second={"label": "Bus", "hour": "6", "minute": "50"},
    ),
    of(
        "delete-alarm", "delete the alarm {label}", moves(CLOCK, "{label}", "Delete alarm", "Delete"),
        final=("Delete alarm", "Delete"), first={"label": "Work"}, second={"label": "School"},
        twist=Twist("value that needs scrolling", before=crowded("delete-alarm")),
    ),
    of(
        "rename-alarm", "the alarm {label} is called {name}",
        moves(CLOCK, "{label}", typed("Label", "{name}"), "Save"),
        first={"label": "Gym", "name": "Bus"}, second={"label": "Pills", "name": "Medicine"},
    ),
    of(
        "alarm-off", "turn the alarm {label} off", (), first={"label": "Work"}, second={"label": "Gym"},
    ),
    of(
        "pause-timer", "pause the timer {label}", (), first={"label": "Tea"}, second={"label": "Pasta"},
    ),
    of("new-timer", "start a timer of five minutes", moves(CLOCK, "Timer", "5", "00", "Start")),
    of(
        "start-stopwatch", "start the stopwatch", moves(CLOCK, "Stopwatch", "Start"), again="begin the stopwatch",
        twist=Twist("said in other words"),
    ),
)  # fmt: skip

_NOTES: Final = (
    of(
        "new-note", "note {title}: {body}",
        moves(NOTES, "New note", typed("Title", "{title}"), typed("Note", "{body}"), "Save"),
        first={"title": "Packing", "body": "socks and a map"}, second={"title": "Rent", "body": "due on the 3rd"},
        twist=Twist("empty list", before=emptied("notes")),
    ),
    of(
        "change-note", "replace the text of the note {title} by {body}",
        moves(NOTES, "{title}", typed("Note", "{body}"), "Save"),
        first={"title": "Garden", "body": "sow peas"}, second={"title": "Holiday plans", "body": "three books"},
    ),
    of(
        "delete-note", "delete the note {title}", moves(NOTES, "{title}", "Delete note", "Delete"),
        final=("Delete note", "Delete"), first={"title": "Garden"}, second={"title": "Groceries"},
        again="remove the note {title}", twist=Twist("said in other words"),
    ),
    of(
        "copy-note", "copy the note {title}", moves(NOTES, "{title}", "More options", "Make a copy"),
        first={"title": "Groceries"}, second={"title": "Garden"}, again="duplicate the note {title}",
        twist=Twist("pop-up in between", at_read=5, then=promoted),
    ),
)  # fmt: skip

_NOTES_ZH: Final = (
    of(
        "new-note", "新建笔记{title}:{body}", name="new-note-in-chinese",
        script=moves(NOTES, "New note", typed("Title", "{title}"), typed("Note", "{body}"), "Save"),
        first={"title": "购物", "body": "牛奶和面包"}, second={"title": "房租", "body": "三号之前交"},
        twist=Twist("said in Chinese"),
    ),
)  # fmt: skip

_REVIEW: Final = ("All of this is right", "Pay now")

_WALLET: Final = (
    of(
        "pay-someone", "pay {amount} to {recipient} for {note}",
        moves(
            WALLET, "New payment", typed("Recipient", "{recipient}"), "Next", typed("Amount", "{amount}"), "Next",
            typed("Note", "{note}"), "Next", *_REVIEW, "Done",
        ),
        final=("Pay now",), fine=("All of this is right",),
        first={"amount": "12.50", "recipient": "Alice Kim", "note": "Lunch"},
        second={"amount": "99.99", "recipient": "City Water", "note": "Invoice 4711"},
        twist=Twist("payment with consent"),
    ),
    of(
        "pay-without-note", "transfer {amount} to {recipient}",
        moves(
            WALLET, "New payment", typed("Recipient", "{recipient}"), "Next", typed("Amount", "{amount}"), "Next",
            "Next", *_REVIEW,
        ),
        final=("Pay now",), fine=("All of this is right",),
        first={"amount": "40", "recipient": "Nina Patel"}, second={"amount": "7.05", "recipient": "Bob Stone"},
        twist=Twist("payment with consent"),
    ),
    of(
        "wallet-help", "what does the wallet say about taking a payment back", moves(WALLET, "Help", "OK"),
    ),
)  # fmt: skip


_DEMOS: Final = (
    of(
        "keep-text", "keep the text {text}",
        (),
        first={"text": "write more"}, second={"text": "下周交房租"}, twist=Twist("value in Chinese"),
    ),
    of(
        "choose-color", "choose the colour {color}", moves(DEMOS, "Views", "Spinner", nth("red", 0), "{color}"),
        first={"color": "green"}, second={"color": "yellow"},
    ),
    of(
        "add-numbers", "add {first} and {second}", (),
        first={"first": "12", "second": "30"}, second={"first": "31", "second": "4"},
    ),
    of(
        "open-app", "open the notes from the home screen", (), app="com.android.launcher3",
        twist=Twist("another app in front", before=_app_in_front),
    ),
)  # fmt: skip

THINGS: Final[tuple[Task, ...]] = (*_SETTINGS, *_CLOCK, *_NOTES, *_NOTES_ZH, *_WALLET, *_DEMOS)
