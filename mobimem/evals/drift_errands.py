"""Tasks of `mobimem eval drift` with errands: mail, calendar, shop and food delivery."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from device.virtual.apps import address_book
from device.virtual.apps.calendar.pages import EDIT
from device.virtual.apps.food import basket
from device.virtual.apps.food.menus import dish_of, price_cents, restaurant_of
from device.virtual.apps.mail import mailbox
from device.virtual.apps.mail.pages import COMPOSE
from device.virtual.apps.shop import cart
from device.virtual.apps.shop.catalogue import PRODUCTS
from device.virtual.phone import VirtualPhone
from mobimem.evals.drift_task import ANY, Change, DriftTask, Row, Values, held, of_entry, shows, typed, typed_into

MAIL, CALENDAR, SHOP, FOOD = "com.android.email", "com.android.calendar", "com.example.shop", "com.example.food"
HOME: Final = "Sam Reed, 12 Mill Lane, 10115 Berlin"
_ADDRESSES: Final = {name: email for name, _, email, _ in address_book.FACTORY if email}
_WRITERS: Final = ("Bob", "Rail Tickets", "City Library", "Garden Weekly")
_PEOPLE: Final = ("Carol", "Emma Wilson", "Nina Patel", "Sophie Martin")
_SUBJECTS: Final = ("Dinner plans", "Your books", "Rent", "Photos of the lake")
_TEXTS: Final = ("See you at eight", "I am running late", "Thank you", "Call me back, please")

# -- mail


def _letter(phone: VirtualPhone, **wanted: str) -> Row:
    return next(row for row in phone.store.table(mailbox.TABLE).rows() if all(row[k] == v for k, v in wanted.items()))


_FACTORY: Final = {row[3]: row for row in mailbox.FACTORY if row[1] == mailbox.INBOX}


def _mail(name: str, **changed: str | int) -> tuple[str, Row]:
    _, folder, _, name, sender, recipients, subject, body, starred, _ = _FACTORY[name]
    row: Row = {
        "folder": folder, "sender": sender, "sender_name": name, "recipients": recipients, "subject": subject,
        "body": body, "starred": starred,
    }  # fmt: skip
    return mailbox.TABLE, {**row, **changed}


def _sent(values: Values, **more: Any) -> tuple[str, Row]:
    row: Row = {
        "folder": "sent", "sender": mailbox.ME, "sender_name": "", "recipients": values.get("address", ""),
        "subject": values.get("subject", ""), "body": values.get("body", ""), "starred": 0,
    }  # fmt: skip
    return mailbox.TABLE, {**row, **more}


def _answer(values: Values) -> tuple[str, Row]:
    """An answer quotes the letter, with the time or the day it came."""
    subject = f"Re: {_FACTORY[values['sender']][6]}"
    return _sent(values, recipients=_FACTORY[values["sender"]][4], subject=subject, body=ANY)


def _moved(name: str, folder: str) -> Change:
    return Change(added=(_mail(name, folder=folder),), removed=(_mail(name),))


def _crowd_mail(phone: VirtualPhone) -> None:
    now = int(phone.clock.now().timestamp() * 1000)
    for number in range(20):
        phone.store.table(mailbox.TABLE).insert(
            folder="inbox", thread=100 + number, sender=f"shop{number}@example.org", sender_name=f"Shop {number}",
            recipients=mailbox.ME, subject="Offers", body="Only today", starred=0, read=1, date_ms=now - number,
        )  # fmt: skip


def _double_mail(phone: VirtualPhone, values: Values) -> None:
    """A minute older, so the row below: "the mail of" somebody who wrote again later means the newest one."""
    row = {**_mail(values["sender"])[1], "subject": "Something else"}
    before_ms = int(_letter(phone, sender_name=values["sender"])["date_ms"]) - 60_000
    phone.store.table(mailbox.TABLE).insert(**row, thread=200, read=1, date_ms=before_ms)


def _other_mail(phone: VirtualPhone, values: Values) -> None:
    other = next(name for name in _WRITERS if name != values["sender"])
    phone.windows.start(MAIL, ".ConversationActivity", thread=_letter(phone, sender_name=other)["thread"])


def _other_draft(phone: VirtualPhone, values: Values) -> None:
    """A mail to somebody else that is half written."""
    phone.windows.start(MAIL, COMPOSE, recipients="mallory@example.com", subject="Hi", body="Do not tell anybody")


_CHOOSE_SENDER: Final = {"sender": _WRITERS}
_MAIL_TASKS: Final = (
    DriftTask(
        name="send-mail", package=MAIL, words="mail {address} about {subject}: {body}",
        choices={
            "address": tuple(_ADDRESSES[name] for name in _PEOPLE), "subject": _SUBJECTS, "body": _TEXTS,
        },
        show=shows(
            MAIL, "Compose", typed("To", "{address}"), typed("Subject", "{subject}"), typed("Write a mail", "{body}"),
            "Send",
        ),
        change=lambda v: Change(added=(_sent(v),), drafts=(f"{MAIL}.drafts",)), elsewhere=_other_draft,
    ),
    DriftTask(
        name="answer-mail", package=MAIL, words="answer {sender}'s mail: {body}",
        choices={"sender": _WRITERS, "body": _TEXTS},
        show=shows(MAIL, "{sender}", "Reply", typed("Write a mail", "{body}"), "Send"),
        change=lambda v: Change(
            added=(_answer(v),),
            drafts=(f"{MAIL}.drafts",),
        ),
        crowd=_crowd_mail, double=_double_mail, elsewhere=_other_mail,
    ),
    DriftTask(
        name="archive-mail", package=MAIL, words="archive the mail of {sender}", choices=_CHOOSE_SENDER,
        show=shows(MAIL, "{sender}", "Archive"), change=lambda v: _moved(v["sender"], "archive"),
        crowd=_crowd_mail, double=_double_mail, elsewhere=_other_mail,
    ),
    DriftTask(
        name="delete-mail", package=MAIL, words="delete the mail of {sender}", choices=_CHOOSE_SENDER,
        show=shows(MAIL, held("{sender}"), "Delete"), change=lambda v: _moved(v["sender"], "trash"),
        crowd=_crowd_mail, double=_double_mail,
    ),
    DriftTask(
        name="search-and-delete-mail", package=MAIL, words="find {sender}'s mail and delete it", choices=_CHOOSE_SENDER,
        show=shows(MAIL, typed("Search mail", "{sender}"), "{sender}", "Delete"),
        change=lambda v: _moved(v["sender"], "trash"), double=_double_mail, elsewhere=_other_mail,
    ),
)  # fmt: skip

# -- calendar


def _event(title: str) -> Row:
    days, hour, minutes, place = next(row[1:] for row in _EVENTS if row[0] == title)
    start = datetime(2026, 3, 2 + days, int(hour), round(hour % 1 * 60), tzinfo=UTC)
    begin = int(start.timestamp() * 1000)
    return {
        "title": title, "dtstart": begin, "dtend": begin + minutes * 60_000, "allDay": 0, "eventLocation": place,
        "description": "",
    }  # fmt: skip


_EVENTS: Final = (
    ("Dentist", 1, 14.0, 45, "Dr. Lund, 2 Bridge Street"),
    ("Lunch with Alice", 2, 12.0, 60, "Corner Café"),
    ("Choir practice", 3, 18.5, 90, "Town hall"),
)
_TITLES: Final = ("Choir practice", "Lunch with Alice")  # without a reminder
_TEN: Final = int(datetime(2026, 3, 2, 10, tzinfo=UTC).timestamp() * 1000)


def _new_event(values: Values) -> Change:
    row: Row = {
        "title": values["title"], "dtstart": _TEN, "dtend": _TEN + 3_600_000, "allDay": 0,
        "eventLocation": values["place"], "description": "",
    }  # fmt: skip
    return Change(
        added=(("calendar_events", row), ("calendar_reminders", {"event_id": ANY, "minutes": 10})),
        drafts=(f"{CALENDAR}.drafts",),
    )


def _crowd_events(phone: VirtualPhone) -> None:
    for number in range(20):
        begin = _TEN + number * 60_000
        phone.store.table("calendar_events").insert(
            title=f"Call {number}", dtstart=begin, dtend=begin + 60_000, allDay=0, eventLocation="", description=""
        )


def _double_event(phone: VirtualPhone, values: Values) -> None:
    phone.store.table("calendar_events").insert(**{**_event(values["title"]), "dtstart": _TEN, "dtend": _TEN + 60_000})


def _other_event(phone: VirtualPhone, values: Values) -> None:
    phone.windows.start(CALENDAR, ".EventInfoActivity", event=1)


def _other_event_form(phone: VirtualPhone, values: Values) -> None:
    phone.windows.start(CALENDAR, EDIT, event=1)


_CALENDAR_TASKS: Final = (
    DriftTask(
        name="add-event", package=CALENDAR, words="plan {title} at {place}",
        choices={"title": ("Tea with Bob", "Swimming", "Parents' evening"), "place": ("Lake", "School", "Pier 7")},
        show=shows(CALENDAR, "New event", typed("Title", "{title}"), typed("Place", "{place}"), "Save"),
        change=_new_event, elsewhere=_other_event_form,
    ),
    DriftTask(
        name="delete-event", package=CALENDAR, words="cancel {title}", choices={"title": _TITLES},
        show=shows(CALENDAR, "{title}", "Delete event", "Delete"),
        change=lambda v: Change(removed=(("calendar_events", _event(v["title"])),)),
        crowd=_crowd_events, double=_double_event, elsewhere=_other_event,
    ),
    DriftTask(
        name="move-event-to-another-place", package=CALENDAR, words="{title} is at {place}",
        choices={"title": _TITLES, "place": ("Lake", "School", "Pier 7")},
        show=shows(CALENDAR, "{title}", "Edit", typed_into("edit_place", "{place}"), "Save"),
        change=lambda v: Change(
            added=(("calendar_events", {**_event(v["title"]), "eventLocation": v["place"]}),),
            removed=(("calendar_events", _event(v["title"])),), drafts=(f"{CALENDAR}.drafts",),
        ),
        crowd=_crowd_events, double=_double_event, elsewhere=_other_event,
    ),
)  # fmt: skip

# -- shop

_BOUGHT: Final = ("Electric kettle", "Desk lamp", "Soup cookbook", "The Old Ways")
_BY_NAME: Final = {product.names["en"]: product for product in PRODUCTS}


def _order(product: str, variant: str, payment: str = "visa", status: str = "placed") -> tuple[str, Row]:
    one = _BY_NAME[product]
    shipping = cart.shipping_cents(one.cents)
    return "shop_orders", {
        "items": [{"product": one.key, "variant": variant, "quantity": 1, "cents": one.cents}],
        "shipping_cents": shipping, "total_cents": one.cents + shipping, "address": HOME, "payment": payment,
        "status": status,
    }  # fmt: skip


def _in_cart(product: str, variant: str) -> tuple[str, Row]:
    return "shop_cart", {"product": _BY_NAME[product].key, "variant": variant, "quantity": 1}


def _orders_of_before(phone: VirtualPhone, values: Values) -> None:
    for product in _BOUGHT:
        now = int(phone.clock.now().timestamp() * 1000)
        phone.store.table("shop_orders").insert(**_order(product, "one")[1], at_ms=now)


def _other_product(phone: VirtualPhone, values: Values) -> None:
    other = next(name for name in _BOUGHT if name != values["product"])
    phone.windows.start(SHOP, ".ProductActivity", product=_BY_NAME[other].key)


_SHOP_TASKS: Final = (
    DriftTask(
        name="put-into-cart", package=SHOP, words="put the {product} into the cart", choices={"product": _BOUGHT},
        show=shows(SHOP, "{product}", "Add to cart"), change=lambda v: Change(added=(_in_cart(v["product"], "one"),)),
        elsewhere=_other_product,
    ),
    DriftTask(
        name="buy-scarf", package=SHOP, words="buy a {color} scarf", choices={"color": ("Blue", "Red")},
        show=shows(
            SHOP, "Wool scarf", "{color}", "Add to cart", "View cart", "Checkout", "Cash on delivery", "Place order"
        ),
        change=lambda v: Change(
            added=(_order("Wool scarf", v["color"].lower(), "cash"),), drafts=("shop_cart", f"{SHOP}.drafts")
        ),
    ),
    DriftTask(
        name="cancel-order", package=SHOP, words="cancel the order of the {product}", choices={"product": _BOUGHT},
        show=shows(SHOP, "Your orders", "1 × {product}", "Cancel order", of_entry("button1")),
        change=lambda v: Change(
            added=(_order(v["product"], "one", status="cancelled"),), removed=(_order(v["product"], "one"),)
        ),
        prepare=_orders_of_before,
    ),
)  # fmt: skip

# -- food

_MILKS: Final = {"Oat milk": "oat", "Soy milk": "soy", "Whole milk": "whole"}
_SIZES: Final = {"Small": "small", "Medium": "medium", "Large": "large"}


def _meal(options: dict[str, list[str]], quantity: int, tip_pct: int = 0) -> tuple[str, Row]:
    cafe = restaurant_of("cafe")
    latte = dish_of(cafe, "latte") if cafe else None
    assert cafe is not None and latte is not None
    cents = price_cents(latte, options)
    tip = (cents * quantity * tip_pct + 50) // 100
    return basket.ORDERS, {
        "restaurant": "cafe", "items": [{"dish": "latte", "options": options, "quantity": quantity, "cents": cents}],
        "fee_cents": cafe.fee_cents, "tip_cents": tip, "total_cents": cents * quantity + cafe.fee_cents + tip,
        "address": HOME, "payment": "visa", "deliver_at": "asap",
    }  # fmt: skip


def _latte(values: Values) -> dict[str, list[str]]:
    return {"size": [_SIZES[values["size"]]], "milk": [_MILKS[values["milk"]]], "more": []}


_USUAL: Final = {"size": ["large"], "milk": ["oat"], "more": []}


def _last_meal(phone: VirtualPhone, values: Values) -> None:
    now = int(phone.clock.now().timestamp() * 1000)
    phone.store.table(basket.ORDERS).insert(**_meal(_USUAL, 2)[1], at_ms=now - 86_400_000)


_FOOD_TASKS: Final = (
    DriftTask(
        name="order-latte", package=FOOD, words="order two {size} lattes with {milk}",
        choices={"size": ("Large", "Medium"), "milk": ("Oat milk", "Soy milk")},
        show=shows(
            FOOD, "Corner Café", "Caffè latte", "{size}", "{milk}", "Increase quantity", "Add to basket",
            "View basket", "Place order",
        ),
        change=lambda v: Change(added=(_meal(_latte(v), 2),), drafts=("food_basket",)),
    ),
    DriftTask(
        name="order-the-usual", package=FOOD, words="order my usual",
        show=shows(FOOD, "Reorder", "Place order"),
        change=lambda v: Change(added=(_meal(_USUAL, 2),), drafts=("food_basket",)),
        prepare=_last_meal,
    ),
    DriftTask(
        name="order-the-usual-with-a-tip", package=FOOD, words="order my usual and tip {tip} %",
        choices={"tip": ("10", "5", "15")},
        show=shows(FOOD, "Reorder", "{tip} %", "Place order"),
        change=lambda v: Change(added=(_meal(_USUAL, 2, int(v["tip"])),), drafts=("food_basket", f"{FOOD}.drafts")),
        prepare=_last_meal,
    ),
)  # fmt: skip

ERRAND_TASKS: Final[tuple[DriftTask, ...]] = (*_MAIL_TASKS, *_CALENDAR_TASKS, *_SHOP_TASKS, *_FOOD_TASKS)
