"""The shop's cart and orders.

`shop_cart`: product, variant, quantity. `shop_orders`: items (a list of {product, variant, quantity, cents}; cents are
of one piece), shipping_cents, total_cents, address (in one line), payment, status ("placed" or "cancelled"), at_ms.
`shop_wishes`: product.
"""

from __future__ import annotations

from dataclasses import dataclass

from device.virtual.apps.shop.catalogue import ORDERS, Product, Variant, left, product_of, variant_of
from device.virtual.state import Row, StateStore

CART, ADDRESSES, WISHES = "shop_cart", "shop_addresses", "shop_wishes"
PLACED, CANCELLED = "placed", "cancelled"
MOST = 9  # of one thing in the cart
FREE_FROM_CENTS, SHIPPING_CENTS = 5_000, 490
CANCEL_MS = 30 * 60 * 1000  # an order can be cancelled for half an hour


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the cart; `left` is how many of it can be had now."""

    number: int
    product: Product
    variant: Variant
    quantity: int
    left: int

    @property
    def cents(self) -> int:
        return self.quantity * self.product.cents

    @property
    def available(self) -> bool:
        return self.quantity <= self.left


def lines(store: StateStore) -> list[Line]:
    """The cart, in the order things were put in. What the shop no longer knows is left out."""
    found = []
    for row in store.table(CART).rows():
        product = product_of(str(row["product"]))
        variant = variant_of(product, str(row["variant"])) if product else None
        if product and variant:
            count = left(store, product, variant)
            found.append(Line(int(row["_id"]), product, variant, int(row["quantity"]), count))
    return found


def count(store: StateStore) -> int:
    """How many things are in the cart."""
    return sum(line.quantity for line in lines(store))


def add(store: StateStore, product: str, variant: str, quantity: int) -> bool:
    """Puts things into the cart, onto the line there is; False if the cart would hold more than `MOST` of it."""
    table = store.table(CART)
    same = table.rows(lambda row: (row["product"], row["variant"]) == (product, variant))
    held = int(same[0]["quantity"]) if same else 0
    if held + quantity > MOST:
        return False
    if same:
        table.update(same[0]["_id"], quantity=held + quantity)
    else:
        table.insert(product=product, variant=variant, quantity=quantity)
    return True


def set_quantity(store: StateStore, line: int, quantity: int) -> None:
    """Changes how many of a line are bought; not checked."""
    store.table(CART).update(line, quantity=quantity)


def remove(store: StateStore, line: int) -> Row | None:
    """Takes a line out and returns it, for `put_back`."""
    row = store.table(CART).get(line)
    store.table(CART).delete(lambda one: one["_id"] == line)
    return row


def put_back(store: StateStore, row: Row) -> None:
    """Takes back the removal of a line."""
    add(store, str(row["product"]), str(row["variant"]), int(row["quantity"]))


def shipping_cents(subtotal_cents: int) -> int:
    """What shipping costs for this sum, in cents."""
    return 0 if subtotal_cents >= FREE_FROM_CENTS else SHIPPING_CENTS


def place(store: StateStore, *, address: str, payment: str, at_ms: int) -> int:
    """Orders what is in the cart and empties it; returns the number of the order.

    Raises:
        ValueError: the cart is empty or holds more than there is. Look with `lines` first.
    """
    ordered = lines(store)
    if not ordered or not all(line.available for line in ordered):
        raise ValueError("an order needs a cart whose lines are all available")
    subtotal = sum(line.cents for line in ordered)
    number = store.table(ORDERS).insert(
        items=[
            {"product": one.product.key, "variant": one.variant.key, "quantity": one.quantity,
             "cents": one.product.cents}
            for one in ordered
        ],
        shipping_cents=shipping_cents(subtotal), total_cents=subtotal + shipping_cents(subtotal), address=address,
        payment=payment, status=PLACED, at_ms=at_ms,
    )  # fmt: skip
    store.table(CART).delete(lambda row: True)
    return number


def can_cancel(order: Row, now_ms: int) -> bool:
    """Whether an order can still be cancelled."""
    return bool(order["status"] == PLACED and now_ms - int(order["at_ms"]) <= CANCEL_MS)


def toggle_wish(store: StateStore, product: str) -> None:
    """Puts a product onto the wish list, or takes it off."""
    table = store.table(WISHES)
    if not table.delete(lambda row: row["product"] == product):
        table.insert(product=product)


def wished(store: StateStore, product: str) -> bool:
    """Whether a product is on the wish list."""
    return bool(store.table(WISHES).rows(lambda row: row["product"] == product))
