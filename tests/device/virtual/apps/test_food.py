from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from device.clock import ManualClock
from device.virtual.apps.food import basket
from device.virtual.apps.food.menus import restaurant_of
from tests.device.virtual.apps.hand import Hand, new_phone

FOOD = "com.example.food"
OFFICE = "Sam Reed (office), 7 Harbour Street, 20457 Hamburg"
LATTE = {"size": ["large"], "milk": ["oat"], "more": []}


def put(hand: Hand, restaurant: str = "cafe", dish: str = "latte", quantity: int = 2, **options: list[str]) -> None:
    table = hand.phone.store.table("food_basket")
    table.insert(restaurant=restaurant, dish=dish, options=options or LATTE, quantity=quantity)


def ordered(hand: Hand, **columns: Any) -> int:
    given = {
        "restaurant": "cafe", "items": [{"dish": "latte", "options": LATTE, "quantity": 2, "cents": 520}],
        "fee_cents": 190, "tip_cents": 0, "total_cents": 1230, "address": OFFICE, "payment": "cash",
        "deliver_at": "asap", "at_ms": int(hand.clock.now().timestamp() * 1000),
    }  # fmt: skip
    return hand.phone.store.table("food_orders").insert(**{**given, **columns})


def to_basket(hand: Hand) -> Hand:
    return hand.open(FOOD).tap("menu_basket")


def place(hand: Hand) -> Hand:
    return hand.scroll_to("Place order").tap("Place order")


def test_a_latte_with_oat_milk_is_ordered_as_chosen(hand: Hand) -> None:
    hand.open(FOOD).tap("Corner Café").tap("Caffè latte").tap("Large").tap("Oat milk").tap("Increase quantity")
    assert hand.view("dish_total").text == "10.40 €"
    hand.tap("Add to basket").tap("View basket")
    assert hand.sees("Large, Oat milk")
    assert hand.rows("food_orders") == []
    place(hand)

    assert hand.sees("The restaurant has your order")
    [order] = hand.rows("food_orders")
    assert order["items"] == [{"dish": "latte", "options": LATTE, "quantity": 2, "cents": 520}]
    assert (order["restaurant"], order["fee_cents"], order["tip_cents"], order["total_cents"]) == ("cafe", 190, 0, 1230)
    assert (order["deliver_at"], order["payment"]) == ("asap", "visa")
    assert hand.rows("food_basket") == []
    assert hand.phone.store.document(f"{FOOD}.drafts", {}) == {}


def test_address_time_and_tip_are_chosen_in_the_basket(hand: Hand) -> None:
    put(hand)
    to_basket(hand).tap("Sam Reed (office)").tap("10:30").scroll_to("10 %").tap("10 %")
    place(hand)

    [order] = hand.rows("food_orders")
    assert (order["address"], order["deliver_at"], order["tip_cents"], order["total_cents"]) == (
        OFFICE, "10:30", 104, 1334,
    )  # fmt: skip
    assert hand.sees("Planned for 10:30")


def test_an_answer_that_is_required_is_asked_for(hand: Hand) -> None:
    hand.open(FOOD).tap("Lanzhou Noodles").tap("Beef noodle soup").tap("Add to basket")
    assert hand.sees("Choose: How hot?")
    assert hand.rows("food_basket") == []

    hand.tap("Very hot").tap("Add to basket")
    assert hand.rows("food_basket")[0]["options"] == {"heat": ["very_hot"]}


def test_extras_are_ticked_and_unticked(hand: Hand) -> None:
    hand.open(FOOD).tap("Corner Café").tap("Espresso").tap("Vanilla syrup").tap("Extra shot").tap("Vanilla syrup")
    assert hand.view("dish_total").text == "3.40 €"
    hand.tap("Add to basket")

    assert hand.rows("food_basket")[0]["options"] == {"more": ["shot"]}


def test_the_same_dish_with_the_same_answers_is_one_line(hand: Hand) -> None:
    put(hand, quantity=1)
    hand.open(FOOD).tap("Corner Café").tap("Caffè latte").tap("Large").tap("Oat milk").tap("Add to basket")
    hand.tap("Caffè latte").tap("Add to basket")

    assert [(row["quantity"], row["options"]["milk"]) for row in hand.rows("food_basket")] == [
        (2, ["oat"]), (1, ["whole"]),
    ]  # fmt: skip


def test_a_basket_holds_one_restaurant(hand: Hand) -> None:
    put(hand)
    hand.open(FOOD).tap("Blue Cup").tap("Blueberry muffin").tap("Add to basket")
    assert hand.sees("Start a new basket?")
    hand.tap("Cancel")
    assert [row["restaurant"] for row in hand.rows("food_basket")] == ["cafe"]

    hand.tap("Add to basket").tap("Start new basket")
    assert [row["dish"] for row in hand.rows("food_basket")] == ["muffin"]


def test_what_is_sold_out_cannot_be_chosen_and_stops_an_order(hand: Hand) -> None:
    hand.open(FOOD).tap("Corner Café")
    assert hand.sees("Sold out")
    hand.tap("Cheesecake")
    assert hand.sees("Butter croissant")  # still the menu

    put(hand)
    hand.phone.store.put(f"{FOOD}.sold_out", ["cafe/latte"])
    place(to_basket(hand))
    assert hand.sees("Caffè latte: Sold out")
    assert hand.rows("food_orders") == []


def test_a_basket_below_the_minimum_is_not_ordered(hand: Hand) -> None:
    put(hand, dish="espresso", quantity=1, more=[])
    place(to_basket(hand))
    assert hand.sees("3.50 € more to reach the minimum")
    assert hand.rows("food_orders") == []


def test_a_closed_restaurant_says_when_it_opens_and_takes_orders_for_later(hand: Hand) -> None:
    hand.open(FOOD)
    assert hand.sees("Closed, opens at 17:00")
    hand.tap("Kaiyo Sushi")
    assert hand.sees("Kaiyo Sushi is closed")
    hand.tap("OK").tap("Nigiri plate").tap("Increase quantity").tap("Add to basket").tap("View basket")
    assert not hand.sees("As soon as possible") and hand.sees("17:00")
    place(hand)

    assert hand.rows("food_orders")[0]["deliver_at"] == "17:00"


def test_a_time_that_has_passed_is_said(hand: Hand) -> None:
    put(hand)
    to_basket(hand).tap("10:00")
    hand.wait(3600)
    place(hand)
    assert hand.sees("10:00 is no longer possible. Choose another time")
    assert hand.rows("food_orders") == []

    hand.tap("11:00")
    place(hand)
    assert hand.rows("food_orders")[0]["deliver_at"] == "11:00"


@pytest.mark.parametrize(
    ("hour", "minute", "restaurant", "slots"),
    [
        (9, 30, "cafe", ["asap", "10:00", "10:30", "11:00", "11:30"]),
        (9, 45, "cafe", ["asap", "10:30", "11:00", "11:30", "12:00"]),
        (23, 20, "cafe", ["asap"]),
        (9, 30, "kaiyo", ["17:00", "17:30", "18:00", "18:30"]),
        (22, 50, "kaiyo", ["asap"]),
        (23, 10, "kaiyo", []),
    ],
)
def test_times_lie_ahead_and_within_opening_hours(hour: int, minute: int, restaurant: str, slots: list[str]) -> None:
    kitchen = restaurant_of(restaurant)
    assert kitchen is not None
    assert basket.slots(datetime(2026, 3, 2, hour, minute, tzinfo=UTC), kitchen) == slots


def test_a_closed_restaurant_with_no_time_left_takes_no_order(clock: ManualClock) -> None:
    clock.advance(14 * 3600)  # 23:30
    with new_phone(clock) as phone:
        hand = Hand(phone, clock)
        put(hand, "kaiyo", "nigiri", 2, more=[])
        place(to_basket(hand))
        assert hand.sees("There is no time left today")
        assert hand.rows("food_orders") == []


def test_the_last_meal_is_in_the_basket_by_one_tap_and_is_not_ordered(hand: Hand) -> None:
    hand.open(FOOD)
    assert not hand.sees("Reorder")
    ordered(hand)
    hand.wait(1).tap("Reorder")

    assert hand.sees("Large, Oat milk")
    assert len(hand.rows("food_orders")) == 1
    place(hand)
    again, first = hand.rows("food_orders")[1], hand.rows("food_orders")[0]
    assert {**again, "_id": 0, "at_ms": 0} == {**first, "_id": 0, "at_ms": 0}  # address and payment too


def test_what_is_gone_from_the_last_meal_is_said(hand: Hand) -> None:
    ordered(hand)
    hand.phone.store.put(f"{FOOD}.sold_out", ["cafe/latte"])
    hand.open(FOOD).tap("Reorder")

    assert hand.toast() == "Not to be had now: Caffè latte"
    assert hand.sees("Your basket is empty")


def test_the_history_follows_the_order_by_the_phones_clock(hand: Hand) -> None:
    hand.open(FOOD).tap("Past meals")
    assert hand.sees("Meals you order appear here")
    ordered(hand)
    hand.back().tap("Past meals")
    assert hand.view("history_status").text == "No. 1 · 09:30 · 12.30 € · Being prepared"
    hand.wait(11 * 60)
    hand.back().tap("Past meals")
    assert hand.view("history_status").text.endswith("On its way")
    hand.wait(11 * 60)
    hand.back().tap("Past meals")
    assert hand.view("history_status").text.endswith("Delivered")


def test_lines_change_and_come_back(hand: Hand) -> None:
    put(hand)
    to_basket(hand).tap("Increase quantity")
    assert hand.rows("food_basket")[0]["quantity"] == 3

    hand.tap("Remove from basket")
    assert hand.sees("Your basket is empty")
    hand.tap("Undo")
    assert hand.rows("food_basket")[0]["options"] == LATTE


@pytest.mark.parametrize(
    ("chip", "shown", "hidden"),
    [("Open now", "Corner Café", "Kaiyo Sushi"), ("Free delivery", "Blue Cup", "Corner Café"),
     ("Coffee", "Blue Cup", "Pizzeria Vesuvio")],
)  # fmt: skip
def test_filters_keep_what_fits(hand: Hand, chip: str, shown: str, hidden: str) -> None:
    hand.open(FOOD).tap(chip)

    assert hand.sees(shown) and not hand.sees(hidden)


def test_search_finds_dishes_too_and_says_when_nothing_fits(hand: Hand) -> None:
    hand.open(FOOD).type("Search restaurants and dishes", "muffin")
    assert hand.sees("Blue Cup") and not hand.sees("Corner Café")

    hand.replace("search_src_text", "zzz")
    assert hand.sees("Nothing found for “zzz”")


@pytest.mark.parametrize(
    ("payment", "said"),
    [
        ("Mastercard ··0505, expired", "This card has expired. Choose another one"),
        ("Gift card, 20.00 € left", "The gift card does not cover the total"),
    ],
)
def test_a_payment_that_fails_orders_nothing(hand: Hand, payment: str, said: str) -> None:
    put(hand, quantity=4)
    to_basket(hand).scroll_to(payment).tap(payment)
    place(hand)

    assert hand.sees(said)
    assert hand.rows("food_orders") == []


def test_offline_and_failing_servers_have_a_page_with_a_retry_and_no_order(hand: Hand) -> None:
    put(hand)
    to_basket(hand)
    hand.phone.settings.put("global", "airplane_mode_on", "1")
    place(hand)
    assert hand.toast() == "You’re offline. Check your connection and try again"
    assert hand.rows("food_orders") == []

    hand.back()
    assert hand.sees("You’re offline. Check your connection and try again")
    hand.phone.settings.put("global", "airplane_mode_on", "0")
    hand.phone.faults.server(False, FOOD)
    hand.tap("Try again")
    assert hand.sees("Something went wrong on our side")
    hand.phone.faults.server(True, FOOD)
    hand.tap("Try again")
    assert hand.sees("Corner Café")


def test_a_new_address_is_used(hand: Hand) -> None:
    put(hand)
    to_basket(hand).tap("Add an address").type("Name", "Ann").type("Street and number", "1 New Road")
    hand.type("Postcode", "20095").back().type("City", "Hamburg").tap("Save")
    place(hand)

    assert hand.rows("food_orders")[0]["address"] == "Ann, 1 New Road, 20095 Hamburg"


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("zh", ("拿铁", "燕麦奶", "提交订单", "餐厅已接单")),
        ("de", ("Caffè Latte", "Hafermilch", "Kostenpflichtig bestellen", "Das Restaurant hat deinen Auftrag")),
    ],
)
def test_food_comes_in_other_languages(clock: ManualClock, locale: str, said: tuple[str, ...]) -> None:
    latte, oat, button, thanks = said
    with new_phone(clock, locale=locale) as phone:
        hand = Hand(phone, clock)
        hand.open(FOOD, ".MenuActivity", restaurant="cafe").tap(latte).tap(oat).tap("quantity_more").tap(
            "add_to_basket"
        )
        hand.tap("snackbar_action").scroll_to(button).tap(button)
        assert hand.sees(thanks)
        assert hand.rows("food_orders")[0]["items"][0]["options"]["milk"] == ["oat"]


def test_an_order_of_nothing_is_a_mistake(hand: Hand) -> None:
    with pytest.raises(ValueError, match="basket"):
        basket.place(hand.phone.store, tip_pct=0, address=OFFICE, payment="cash", deliver_at="asap", at_ms=1)
