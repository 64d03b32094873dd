"""Tasks of `mobimem eval tasks` that ask for something: what is told has to be what the phone's own tables say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from device.virtual.apps.shop.catalogue import PRODUCTS
from device.virtual.phone import VirtualPhone
from mobimem.evals.drift_errands import CALENDAR, SHOP
from mobimem.evals.drift_people import CONTACTS
from mobimem.evals.drift_settings import SETTINGS
from mobimem.evals.drift_task import Change, Values
from mobimem.evals.drift_things import WALLET
from mobimem.evals.tasks_task import Task, Twist, moves, told

_MONEY: Final = r"\d+\.\d\d €"
_NUMBER: Final = r"\+?\d[\d ]{6,}|\W?NUMBER_\d+\W?"  # as it stands there, or as it is hidden from a model
_FULL_CENTS: Final = 100_000  # of a wallet that has paid nothing yet


def _row(phone: VirtualPhone, table: str, column: str, value: str) -> Mapping[str, Any]:
    [row] = phone.store.table(table).rows(lambda row: row[column] == value)
    return row


def _price(phone: VirtualPhone, values: Values) -> Mapping[str, str]:
    [cents] = [product.cents for product in PRODUCTS if product.names["en"] == values["product"]]
    return {"price": f"{cents / 100:.2f} €"}


def _when(phone: VirtualPhone, values: Values) -> Mapping[str, str]:
    event = _row(phone, "calendar_events", "title", values["title"])
    start, end = (datetime.fromtimestamp(event[name] / 1000, UTC) for name in ("dtstart", "dtend"))
    return {"time": f"{start:%a, %b} {start.day}, {start:%Y %H:%M} – {end:%H:%M}"}


def _phone_number(phone: VirtualPhone, values: Values) -> Mapping[str, str]:
    return {"phone_number": str(_row(phone, "contacts", "name", values["contact"])["phone"])}


def _balance(phone: VirtualPhone, values: Values) -> Mapping[str, str]:
    paid = sum(row["amount_cents"] for row in phone.store.table("payments").rows())
    return {"balance": f"{(_FULL_CENTS - paid) / 100:.2f} €"}


def _device_name(phone: VirtualPhone, values: Values) -> Mapping[str, str]:
    return {"name": phone.settings.get("global", "device_name") or "VPhone"}


def _something_was_paid(phone: VirtualPhone, values: Values) -> None:
    phone.store.table("payments").insert(recipient="Alice", amount_cents=1250, note="Lunch", at_ms=0)


def _was_named(phone: VirtualPhone, values: Values) -> None:
    phone.settings.put("global", "device_name", "Kitchen")


def _nothing(values: Values) -> Change:
    return Change()


QUESTIONS: Final[tuple[Task, ...]] = (
    Task(
        name="ask-price", app=SHOP, words="what does the {product} cost in the shop?", change=_nothing, tells=_price,
        script=moves(SHOP, "{product}", told("price", _MONEY)),
        first={"product": "Wool scarf"}, second={"product": "Desk lamp"},
    ),
    Task(
        name="ask-time-of-event", app=CALENDAR, words="when is {title} in the calendar?", change=_nothing, tells=_when,
        script=moves(CALENDAR, "{title}", told("time", r"\w+, .*\d\d:\d\d – \d\d:\d\d")),
        first={"title": "Choir practice"}, second={"title": "Lunch with Alice"},
    ),
    Task(
        name="ask-number", app=CONTACTS, words="what is the phone number of {contact}?", change=_nothing,
        tells=_phone_number, script=moves(CONTACTS, "{contact}", told("phone_number", _NUMBER)),
        first={"contact": "Carol"}, second={"contact": "Nina Patel"},
    ),
    Task(
        name="ask-balance", app=WALLET, words="how much money is in the wallet?", change=_nothing, tells=_balance,
        script=moves(WALLET, told("balance", _MONEY)),
        twist=Twist("another answer", before=_something_was_paid),
    ),
    Task(
        name="ask-name-of-phone", app=SETTINGS, words="what is this phone called?", change=_nothing,
        tells=_device_name, script=moves(SETTINGS, "About phone", told("name", "VPhone|Kitchen")),
        twist=Twist("another answer", before=_was_named),
    ),
)  # fmt: skip
