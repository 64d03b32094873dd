"""The delivery app's basket and orders.

`food_basket`: restaurant, dish, options ({option: [answers]}), quantity. All lines are of one restaurant.
`food_orders`: restaurant, items (a list of {dish, options, quantity, cents}; cents are of one piece), fee_cents,
tip_cents, total_cents, address (in one line), payment, deliver_at ("asap" or "HH:MM"), at_ms.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from device.virtual.apps.food.menus import Dish, Restaurant, dish_of, is_sold_out, price_cents, restaurant_of
from device.virtual.state import Row, StateStore

BASKET, ORDERS, ADDRESSES = "food_basket", "food_orders", "food_addresses"
MOST = 9
ASAP = "asap"
TIPS_PCT = (0, 5, 10, 15)
SLOT_MINUTES, SLOTS = 30, 4
COOKING_MS = 10 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the basket."""

    number: int
    restaurant: Restaurant
    dish: Dish
    options: dict[str, list[str]]
    quantity: int
    sold_out: bool

    @property
    def cents(self) -> int:
        return self.quantity * price_cents(self.dish, self.options)


@dataclass(frozen=True, slots=True)
class Sums:
    """What an order comes to, in cents."""

    dishes_cents: int
    fee_cents: int
    tip_cents: int

    @property
    def total_cents(self) -> int:
        return self.dishes_cents + self.fee_cents + self.tip_cents


def lines(store: StateStore) -> list[Line]:
    """The basket, in the order things were put in. What nobody cooks any more is left out."""
    found = []
    for row in store.table(BASKET).rows():
        restaurant = restaurant_of(str(row["restaurant"]))
        dish = dish_of(restaurant, str(row["dish"])) if restaurant else None
        if restaurant and dish:
            gone = is_sold_out(store, restaurant, dish)
            found.append(Line(int(row["_id"]), restaurant, dish, row["options"], int(row["quantity"]), gone))
    return found


def count(store: StateStore) -> int:
    """How many dishes are in the basket."""
    return sum(line.quantity for line in lines(store))


def restaurant(store: StateStore) -> Restaurant | None:
    """Whose dishes are in the basket."""
    return next((line.restaurant for line in lines(store)), None)


def add(store: StateStore, restaurant: str, dish: str, options: dict[str, list[str]], quantity: int) -> None:
    """Puts a dish into the basket, onto the line with the same answers if there is one (up to `MOST`)."""
    table = store.table(BASKET)
    same = table.rows(lambda row: (row["restaurant"], row["dish"], row["options"]) == (restaurant, dish, options))
    if same:
        table.update(same[0]["_id"], quantity=min(MOST, int(same[0]["quantity"]) + quantity))
    else:
        table.insert(restaurant=restaurant, dish=dish, options=options, quantity=quantity)


def set_quantity(store: StateStore, line: int, quantity: int) -> None:
    """Changes how many of a line are ordered; not checked."""
    store.table(BASKET).update(line, quantity=quantity)


def remove(store: StateStore, line: int) -> Row | None:
    """Takes a line out and returns it, for `put_back`."""
    row = store.table(BASKET).get(line)
    store.table(BASKET).delete(lambda one: one["_id"] == line)
    return row


def put_back(store: StateStore, row: Row) -> None:
    """Takes back the removal of a line."""
    add(store, row["restaurant"], row["dish"], row["options"], int(row["quantity"]))


def clear(store: StateStore) -> None:
    """Empties the basket."""
    store.table(BASKET).delete(lambda row: True)


def sums(basket: list[Line], tip_pct: int) -> Sums:
    """What a basket comes to; the tip is of the dishes, rounded to a cent."""
    dishes = sum(line.cents for line in basket)
    fee = basket[0].restaurant.fee_cents if basket else 0
    return Sums(dishes, fee, (dishes * tip_pct + 50) // 100)


def slots(now: datetime, restaurant: Restaurant) -> list[str]:
    """The times of day to choose from: "asap" while open, then half hours that lie ahead and within opening hours."""
    first = now.replace(minute=0, second=0, microsecond=0)
    while first < now + timedelta(minutes=restaurant.minutes):
        first += timedelta(minutes=SLOT_MINUTES)
    opening = now.replace(hour=restaurant.opens, minute=0, second=0, microsecond=0)
    times = [max(first, opening) + timedelta(minutes=SLOT_MINUTES * step) for step in range(SLOTS)]
    fitting = [one for one in times if one.date() == now.date() and restaurant.is_open(one.hour)]
    later = [f"{one.hour:02d}:{one.minute:02d}" for one in fitting]
    return [ASAP, *later] if restaurant.is_open(now.hour) else later


def place(store: StateStore, *, tip_pct: int, address: str, payment: str, deliver_at: str, at_ms: int) -> int:
    """Orders what is in the basket and empties it; returns the number of the order.

    Raises:
        ValueError: the basket is empty or something in it is sold out. Look with `lines` first.
    """
    ordered = lines(store)
    if not ordered or any(line.sold_out for line in ordered):
        raise ValueError("an order needs a basket of dishes that are to be had")
    amount = sums(ordered, tip_pct)
    number = store.table(ORDERS).insert(
        restaurant=ordered[0].restaurant.key,
        items=[
            {"dish": one.dish.key, "options": one.options, "quantity": one.quantity,
             "cents": price_cents(one.dish, one.options)}
            for one in ordered
        ],
        fee_cents=amount.fee_cents, tip_cents=amount.tip_cents, total_cents=amount.total_cents, address=address,
        payment=payment, deliver_at=deliver_at, at_ms=at_ms,
    )  # fmt: skip
    clear(store)
    return number


def again(store: StateStore, order: Row) -> list[Dish]:
    """Fills the basket with an order of before, in place of what was in it; returns what is not to be had now."""
    clear(store)
    kitchen = restaurant_of(str(order["restaurant"]))
    missing = []
    for item in order["items"] if kitchen else ():
        dish = dish_of(kitchen, str(item["dish"])) if kitchen else None
        if kitchen is None or dish is None:
            continue
        if is_sold_out(store, kitchen, dish):
            missing.append(dish)
        else:
            add(store, kitchen.key, dish.key, item["options"], int(item["quantity"]))
    return missing


def progress_of(order: Row, now_ms: int) -> str:
    """How far an order is, by the phone's clock: "cooking", "on_the_way" or "delivered"; "planned" for a later time."""
    passed_ms = now_ms - int(order["at_ms"])
    kitchen = restaurant_of(str(order["restaurant"]))
    if passed_ms < COOKING_MS:
        return "cooking" if order["deliver_at"] == ASAP else "planned"
    return "on_the_way" if kitchen and passed_ms < kitchen.minutes * 60_000 else "delivered"
