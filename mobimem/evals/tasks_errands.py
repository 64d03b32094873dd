"""Tasks of `mobimem eval tasks` with errands: mail, calendar, shop and food delivery."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from device.virtual.apps.shop import cart
from device.virtual.apps.shop.catalogue import STOCK
from device.virtual.faults import Faults
from device.virtual.phone import VirtualPhone
from mobimem.evals.drift_errands import CALENDAR, FOOD, MAIL, SHOP
from mobimem.evals.drift_task import Change, Setup, Values
from mobimem.evals.tasks_people import of
from mobimem.evals.tasks_task import Task, Twist, moves, typed


def _hindered(name: str, before: Setup, says: str) -> Twist:
    """A state in which the task cannot be done: nothing may change, and the end has to say why."""
    return Twist(name, before=before, expected="not done", says=says, change=lambda values: Change())


def _offline(phone: VirtualPhone, values: Values) -> None:
    phone.settings.put("global", "airplane_mode_on", "1")


def _failing(package: str) -> Setup:
    def before(phone: VirtualPhone, values: Values) -> None:
        Faults(phone.windows, phone.rpc_faults.command).server(False, package)

    return before


def _working(package: str) -> Callable[[VirtualPhone], None]:
    def then(phone: VirtualPhone) -> None:
        Faults(phone.windows, phone.rpc_faults.command).server(True, package)

    return then


def _sold_out(product: str) -> Setup:
    def before(phone: VirtualPhone, values: Values) -> None:
        phone.store.put(STOCK, {product: 0})

    return before


def _in_the_cart(phone: VirtualPhone, values: Values) -> None:
    cart.add(phone.store, "cable", "one", 2)


_MAIL: Final = (
    of(
        "send-mail", "mail {address} about {subject}: {body}",
        moves(
            MAIL, "Compose", typed("To", "{address}"), typed("Subject", "{subject}"), typed("Write a mail", "{body}"),
            "Send",
        ),
        final=("Send",),
        first={"address": "carol@example.com", "subject": "Dinner plans", "body": "See you at eight"},
        second={"address": "nina@example.co.uk", "subject": "你的书", "body": "Thank you"},
        twist=Twist("value in Chinese"),
    ),
    of(
        "answer-mail", "reply to {sender}'s mail with {body}",
        moves(MAIL, "{sender}", "Reply", typed("Write a mail", "{body}"), "Send"), final=("Reply", "Send"),
        fine=("the field 'To'", "the field 'Subject'"),  # the app fills those in for a reply
        first={"sender": "Bob", "body": "I am running late"},
        second={"sender": "City Library", "body": "Thank you"},
        twist=Twist("error that passes", before=_failing(MAIL), at_read=4, then=_working(MAIL)),
    ),
    of(
        "archive-mail", "archive the mail of {sender}", moves(MAIL, "{sender}", "Archive"),
        first={"sender": "Nina Patel"}, second={"sender": "Garden Weekly"},
    ),
    of(
        "search-and-delete-mail", "find {sender}'s mail and delete it",
        moves(MAIL, typed("Search mail", "{sender}"), "{sender}", "Delete"), final=("Delete",),
        first={"sender": "City Library"}, second={"sender": "Bob"},
        twist=_hindered("error of the server", _failing(MAIL), "Something went wrong"),
    ),
)  # fmt: skip

_CALENDAR: Final = (
    of(
        "add-event", "plan {title} at {place}",
        moves(CALENDAR, "New event", typed("Title", "{title}"), typed("Place", "{place}"), "Save"),
        first={"title": "Tea with Bob", "place": "Lake"}, second={"title": "Parents' evening", "place": "School"},
    ),
    of(
        "delete-event", "cancel {title} in the calendar", moves(CALENDAR, "{title}", "Delete event", "Delete"),
        final=("Delete event", "Delete"), first={"title": "Choir practice"}, second={"title": "Lunch with Alice"},
    ),
    of(
        "move-event-to-another-place", "change the place of {title} to {place}",
        moves(CALENDAR, "{title}", "Edit", typed("Place", "{place}"), "Save"),
        first={"title": "Lunch with Alice", "place": "Pier 7"}, second={"title": "Choir practice", "place": "Lake"},
    ),
)  # fmt: skip

_SHOP: Final = (
    of(
        "put-into-cart", "put the {product} into the cart", moves(SHOP, "{product}", "Add to cart"),
        first={"product": "Electric kettle"}, second={"product": "Soup cookbook"},
        again="add the {product} to the cart",
        twist=Twist("cart that holds something", before=_in_the_cart),
    ),
    of(
        "buy-scarf", "buy a {color} scarf",
        moves(
            SHOP, "Wool scarf", "{color}", "Add to cart", "View cart", "Checkout", "Cash on delivery", "Place order"
        ),
        final=("Checkout", "Place order"), fine=("Cash on delivery", "Add to cart", "Wool scarf"),
        first={"color": "blue"}, second={"color": "red"},
        twist=_hindered("out of stock", _sold_out("scarf/red"), "Sold out"),
    ),
    of(
        "cancel-order", "cancel the order of the {product}",
        (), final=("Cancel order",),
        first={"product": "Desk lamp"}, second={"product": "The Old Ways"},
    ),
)  # fmt: skip

_FOOD: Final = (
    of(
        "order-latte", "order two {size} lattes with {milk}",
        moves(
            FOOD, "Corner Café", "Caffè latte", "{size}", "{milk}", "Increase quantity", "Add to basket",
            "View basket", "Place order",
        ),
        final=("Place order",), fine=("Corner Café", "Caffè latte", "Increase quantity"),
        first={"size": "Large", "milk": "Oat milk"}, second={"size": "Medium", "milk": "Soy milk"},
    ),
    of(
        "order-the-usual", "order my usual", moves(FOOD, "Reorder", "Place order"), final=("Place order",),
        fine=("Reorder",),
        twist=Twist("my usual"),
    ),
    of(
        "order-the-usual-with-a-tip", "order my usual and tip {tip} %",
        (), final=("Place order",),
        first={"tip": "10"}, second={"tip": "15"},
        twist=_hindered("offline", _offline, "offline"),
    ),
)  # fmt: skip

ERRANDS: Final[tuple[Task, ...]] = (*_MAIL, *_CALENDAR, *_SHOP, *_FOOD)
