from __future__ import annotations

from typing import Any

import pytest

from device.clock import ManualClock
from device.virtual.apps.shop import cart
from tests.device.virtual.apps.hand import Hand, new_phone

SHOP = "com.example.shop"
HOME = "Sam Reed, 12 Mill Lane, 10115 Berlin"


def put(hand: Hand, product: str, variant: str = "one", quantity: int = 1) -> None:
    hand.phone.store.table("shop_cart").insert(product=product, variant=variant, quantity=quantity)


def ordered(hand: Hand, **columns: Any) -> int:
    given = {
        "items": [{"product": "scarf", "variant": "red", "quantity": 1, "cents": 2250}], "shipping_cents": 490,
        "total_cents": 2740, "address": HOME, "payment": "cash", "status": "placed",
        "at_ms": int(hand.clock.now().timestamp() * 1000),
    }  # fmt: skip
    return hand.phone.store.table("shop_orders").insert(**{**given, **columns})


def checkout(hand: Hand) -> Hand:
    return hand.open(SHOP).tap("menu_cart").tap("Checkout")


def place(hand: Hand) -> Hand:
    return hand.scroll_to("Place order").tap("Place order")


def test_an_order_goes_from_the_product_to_the_thanks(hand: Hand) -> None:
    hand.open(SHOP).tap("Wool scarf").tap("Red").tap("Increase quantity").tap("Add to cart").tap("View cart")
    hand.tap("Checkout")
    assert hand.rows("shop_orders") == []
    place(hand)

    assert hand.sees("Your order has been placed")
    [order] = hand.rows("shop_orders")
    assert order["items"] == [{"product": "scarf", "variant": "red", "quantity": 2, "cents": 2250}]
    assert (order["shipping_cents"], order["total_cents"]) == (490, 4990)
    assert (order["address"], order["payment"], order["status"]) == (HOME, "visa", "placed")
    assert order["at_ms"] <= hand.clock.now().timestamp() * 1000
    assert hand.rows("shop_cart") == []
    assert hand.phone.store.document(f"{SHOP}.drafts", {}) == {}


def test_back_from_the_thanks_does_not_lead_into_the_checkout(hand: Hand) -> None:
    put(hand, "lamp")
    place(checkout(hand)).back()

    assert hand.sees("Search products")
    assert len(hand.rows("shop_orders")) == 1


def test_the_thanks_take_a_moment(hand: Hand) -> None:
    put(hand, "lamp")
    checkout(hand)
    hand.windows.tap_box(
        next(window for window in hand.windows.frame().windows if window.package == SHOP), hand.find("Place order")
    )

    assert hand.sees("Confirming your order…")
    assert hand.wait(0.5).sees("Your order has been placed")


def test_shipping_is_free_from_fifty(hand: Hand) -> None:
    put(hand, "kettle")
    hand.open(SHOP).tap("menu_cart")
    assert hand.sees("4.90 €") and hand.sees("53.90 €") and hand.sees("Free shipping from 50.00 €")

    put(hand, "cable")
    hand.tap("Navigate up").tap("menu_cart")
    assert hand.sees("Free") and hand.view("total").text == "55.90 €"


def test_a_variant_has_to_be_chosen(hand: Hand) -> None:
    hand.open(SHOP).tap("Wool scarf").tap("Add to cart")

    assert hand.sees("Choose a variant first")
    assert hand.rows("shop_cart") == []


def test_what_is_sold_out_cannot_be_put_into_the_cart(hand: Hand) -> None:
    hand.open(SHOP).tap("Bread knife")
    assert not hand.view("add_to_cart").is_clickable
    hand.back().tap("Stoneware mug").tap("Black")

    assert hand.view("add_to_cart").text == "Sold out"


def test_few_left_are_said_and_limit_the_quantity(hand: Hand) -> None:
    hand.open(SHOP).tap("Stoneware mug").tap("Red")
    assert hand.sees("Only 2 left")

    hand.tap("Increase quantity")
    assert not hand.view("quantity_more").is_clickable


def test_no_more_than_nine_of_one_product(hand: Hand) -> None:
    put(hand, "cable", quantity=9)
    hand.open(SHOP).type("Search products", "cable").back().tap("USB-C cable").tap("Add to cart")

    assert hand.sees("No more than 9 of one product")
    assert hand.rows("shop_cart")[0]["quantity"] == 9


def test_orders_take_from_the_stock_until_they_are_cancelled(hand: Hand) -> None:
    number = ordered(hand, items=[{"product": "mug", "variant": "red", "quantity": 2, "cents": 1290}])
    hand.open(SHOP).tap("Stoneware mug").tap("Red")
    assert hand.sees("Sold out")

    hand.phone.store.table("shop_orders").update(number, status="cancelled")
    hand.wait(1)
    assert hand.sees("Only 2 left")


def test_what_sold_out_meanwhile_stops_the_order_and_is_named(hand: Hand) -> None:
    put(hand, "scarf", "red")
    checkout(hand)
    hand.phone.store.put(f"{SHOP}.stock", {"scarf/red": 0})
    place(hand)

    assert hand.sees("Wool scarf, Red: Sold out")
    assert hand.rows("shop_orders") == []
    hand.back().tap("Checkout")
    assert hand.toast() == "Wool scarf, Red: Sold out"


def test_the_cart_changes_quantities_and_a_removed_line_can_come_back(hand: Hand) -> None:
    put(hand, "lamp", quantity=2)
    hand.open(SHOP).tap("menu_cart").tap("Decrease quantity")
    assert hand.rows("shop_cart")[0]["quantity"] == 1
    assert not hand.view("quantity_less").is_clickable

    hand.tap("Remove from cart")
    assert hand.sees("Your cart is empty") and hand.rows("shop_cart") == []
    hand.tap("Undo")
    assert hand.sees("Desk lamp") and hand.rows("shop_cart")[0]["quantity"] == 1


@pytest.mark.parametrize(
    ("payment", "said"),
    [
        ("Mastercard ··0505, expired", "This card has expired. Choose another one"),
        ("Gift card, 20.00 € left", "The gift card does not cover the total"),
    ],
)
def test_a_payment_that_fails_orders_nothing(hand: Hand, payment: str, said: str) -> None:
    put(hand, "lamp")
    checkout(hand).tap(payment)
    place(hand)

    assert hand.sees(said)
    assert hand.rows("shop_orders") == []
    hand.scroll_to("Place order")
    hand.tap("Cash on delivery")
    place(hand)
    assert hand.rows("shop_orders")[0]["payment"] == "cash"


def test_a_new_address_is_checked_kept_and_chosen(hand: Hand) -> None:
    put(hand, "lamp")
    checkout(hand).tap("Add an address").tap("Save")
    for said in ("Enter a name", "Enter a street and number", "A postcode has five digits", "Enter a city"):
        assert hand.sees(said)

    hand.type("Name", "Ann").type("Street and number", "1 New Road").type("Postcode", "20095").back()
    hand.type("City", "Hamburg").tap("Save")
    place(hand)
    assert hand.rows("shop_orders")[0]["address"] == "Ann, 1 New Road, 20095 Hamburg"
    assert len(hand.rows("shop_addresses")) == 3


def test_address_and_payment_are_as_last_time(hand: Hand) -> None:
    put(hand, "lamp")
    checkout(hand).tap("Sam Reed (office)").tap("Cash on delivery")
    place(hand).tap("Done")
    put(hand, "cable")
    hand.tap("menu_cart").tap("Checkout")
    place(hand)

    orders = hand.rows("shop_orders")
    assert orders[1]["address"] == orders[0]["address"] == "Sam Reed (office), 7 Harbour Street, 20457 Hamburg"
    assert orders[1]["payment"] == "cash"


def test_without_an_address_nothing_is_ordered(hand: Hand) -> None:
    hand.phone.store.table("shop_addresses").delete(lambda row: True)
    put(hand, "lamp")
    place(checkout(hand))

    assert hand.sees("Add an address first")
    assert hand.rows("shop_orders") == []


def test_the_history_is_empty_at_first_and_has_the_last_order_on_top(hand: Hand) -> None:
    hand.open(SHOP).tap("Your orders")
    assert hand.sees("Orders you place appear here")

    ordered(hand)
    ordered(hand, items=[{"product": "lamp", "variant": "one", "quantity": 1, "cents": 3290}])
    hand.back().tap("Your orders")
    shown = [words for words in hand.texts() if words.startswith("1 × ")]
    assert shown == ["1 × Desk lamp", "1 × Wool scarf, Red"]


def test_an_order_is_cancelled_after_a_question_and_only_in_time(hand: Hand) -> None:
    ordered(hand)
    hand.open(SHOP).tap("Your orders").tap("1 × Wool scarf, Red").tap("Cancel order").tap("Keep it")
    assert hand.rows("shop_orders")[0]["status"] == "placed"

    hand.tap("Cancel order").tap("android:id/button1")
    assert hand.rows("shop_orders")[0]["status"] == "cancelled"
    assert hand.sees("Cancelled") and not hand.sees("Cancel order")

    ordered(hand, at_ms=int(hand.clock.now().timestamp() * 1000) - cart.CANCEL_MS - 1)
    hand.open(SHOP, ".OrderActivity", number=2)
    assert hand.sees("On its way. It can no longer be cancelled")


def test_an_order_of_before_goes_into_the_cart_and_is_not_placed(hand: Hand) -> None:
    ordered(hand)
    hand.open(SHOP).tap("Your orders").tap("1 × Wool scarf, Red").tap("Add to cart again").tap("View cart")

    assert [(row["product"], row["variant"], row["quantity"]) for row in hand.rows("shop_cart")] == [
        ("scarf", "red", 1)
    ]
    assert len(hand.rows("shop_orders")) == 1


def test_products_are_searched_filtered_and_saved(hand: Hand) -> None:
    hand.open(SHOP).tap("Clothes")
    assert hand.sees("Hiking socks") and not hand.sees("Desk lamp")
    hand.tap("All").type("Search products", "lamp")
    assert hand.sees("Desk lamp") and not hand.sees("Hiking socks")
    hand.replace("search_src_text", "zzz")
    assert hand.sees("No products for “zzz”")

    hand.back().back().tap("Wool scarf").tap("Save for later")
    assert [row["product"] for row in hand.rows("shop_wishes")] == ["scarf"]
    hand.tap("Remove from saved")
    assert hand.rows("shop_wishes") == []


def test_offline_and_failing_servers_have_a_page_with_a_retry(hand: Hand) -> None:
    hand.phone.settings.put("global", "airplane_mode_on", "1")
    hand.open(SHOP)
    assert hand.sees("You’re offline. Check your connection and try again")
    hand.tap("Try again")
    assert hand.sees("You’re offline. Check your connection and try again")

    hand.phone.settings.put("global", "airplane_mode_on", "0")
    hand.phone.faults.server(False, SHOP)
    hand.tap("Try again")
    assert hand.sees("Something went wrong on our side")
    hand.phone.faults.server(True, SHOP)
    hand.tap("Try again")
    assert hand.sees("Stoneware mug")


def test_an_order_cannot_be_placed_offline_and_the_cart_stays(hand: Hand) -> None:
    put(hand, "lamp")
    checkout(hand)
    hand.phone.settings.put("global", "wifi_on", "0")
    hand.phone.settings.put("global", "mobile_data", "0")
    place(hand)

    assert hand.toast() == "You’re offline. Check your connection and try again"
    assert hand.rows("shop_orders") == [] and len(hand.rows("shop_cart")) == 1


def test_a_killed_checkout_keeps_cart_and_choice(hand: Hand) -> None:
    put(hand, "lamp")
    checkout(hand).tap("Cash on delivery")
    hand.windows.force_stop(SHOP)

    place(checkout(hand))
    assert hand.rows("shop_orders")[0]["payment"] == "cash"


@pytest.mark.parametrize(
    ("locale", "button", "price", "thanks"),
    [
        ("zh", "提交订单", "49.90 €", "您的订单已提交"),
        ("de", "Kostenpflichtig bestellen", "49,90 €", "Dein Auftrag ist eingegangen"),
    ],
)
def test_the_shop_sells_in_other_languages(
    clock: ManualClock, locale: str, button: str, price: str, thanks: str
) -> None:
    with new_phone(clock, locale=locale) as phone:
        hand = Hand(phone, clock)
        put(hand, "scarf", "red", 2)
        hand.open(SHOP).tap("menu_cart")
        assert hand.view("total").text == price
        hand.tap("btn_checkout").scroll_to(button).tap(button)
        assert hand.sees(thanks)
        assert hand.rows("shop_orders")[0]["total_cents"] == 4990


def test_an_order_of_nothing_is_a_mistake(hand: Hand) -> None:
    with pytest.raises(ValueError, match="cart"):
        cart.place(hand.phone.store, address=HOME, payment="cash", at_ms=1)
