"""Mail, calendar, shop and food alike: other screens and themes, updates, a phone switched off, other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from device.actions import Size
from device.clock import ManualClock
from device.virtual.window.drift import Drift
from tests.device.virtual.apps.hand import Hand, new_phone
from tests.device.virtual.shell.bench import run

MAIL, CALENDAR, SHOP, FOOD = "com.android.email", "com.android.calendar", "com.example.shop", "com.example.food"
SMALL, TABLET = (Size(720, 1280), 320), (Size(1600, 2560), 280)


def run_errands(hand: Hand) -> None:
    """One errand in each app, by ids: they are the same in every language."""
    hand.open(MAIL).tap("compose_button").type("to", "bob@example.com").type("subject", "Hi").tap("send")
    hand.open(CALENDAR).tap("floating_action_button").type("edit_title", "Tea").tap("action_done")
    hand.phone.store.table("shop_cart").insert(product="lamp", variant="one", quantity=1)
    hand.open(SHOP).tap("menu_cart").tap("btn_checkout").scroll_to("btn_place_order").tap("btn_place_order")
    hand.phone.store.table("food_basket").insert(restaurant="bluecup", dish="muffin", options={}, quantity=1)
    hand.open(FOOD).tap("menu_basket").scroll_to("btn_place_order").tap("btn_place_order")


def assert_errands_ran(hand: Hand) -> None:
    assert [row["recipients"] for row in hand.rows("mails") if row["subject"] == "Hi"] == ["bob@example.com"]
    assert [row["allDay"] for row in hand.rows("calendar_events") if row["title"] == "Tea"] == [0]
    assert [row["total_cents"] for row in hand.rows("shop_orders")] == [3290 + 490]
    assert [row["total_cents"] for row in hand.rows("food_orders")] == [310]


@pytest.mark.parametrize("locale", ["en", "zh", "de"])
@pytest.mark.parametrize(("screen", "font"), [(SMALL, "1.3"), (TABLET, "1.0"), (TABLET, "1.3")])
def test_every_errand_can_be_run_on_small_and_large_screens(
    clock: ManualClock, locale: str, screen: tuple[Size, int], font: str
) -> None:
    with new_phone(clock, size=screen[0], density_dpi=screen[1], locale=locale, dark=locale == "zh") as phone:
        phone.settings.put("system", "font_scale", font)
        hand = Hand(phone, clock)
        run_errands(hand)
        assert_errands_ran(hand)


@pytest.mark.parametrize("label", ["Calendar", "Food", "Mail", "Shop", "Wallet"])
def test_every_app_can_be_opened_from_the_home_screen_of_a_small_phone(clock: ManualClock, label: str) -> None:
    with new_phone(clock, size=SMALL[0], density_dpi=SMALL[1]) as phone:
        hand = Hand(phone, clock)
        phone.windows.key("home")
        hand.wait(1).scroll_to(label).tap(label)
        assert hand.view("action_bar_title").text in (label, "Inbox")


def test_every_errand_can_be_run_with_the_phone_on_its_side(hand: Hand) -> None:
    hand.phone.settings.put("system", "user_rotation", "1")
    run_errands(hand)
    assert hand.windows.frame().size.width_px > hand.windows.frame().size.height_px

    assert_errands_ran(hand)


def test_orders_drafts_and_the_cart_outlive_the_phone(tmp_path: Path, clock: ManualClock) -> None:
    with new_phone(clock, state=tmp_path) as phone:
        hand = Hand(phone, clock)
        run_errands(hand)
        hand.open(SHOP).tap("Done").tap("Electric kettle").tap("Add to cart")
        hand.open(MAIL).tap("Compose").type("subject", "Unfinished")

    with new_phone(clock, state=tmp_path) as phone:
        hand = Hand(phone, clock)
        assert_errands_ran(hand)
        assert hand.open(SHOP).sees("Cart, 1 items")
        assert hand.open(MAIL).tap("Compose").view("subject").text == "Unfinished"
        assert len(hand.rows("calendar_events")) == 9  # the factory's, once, and the new one


@pytest.mark.parametrize(
    ("page", "extras", "label", "own"),
    [
        ((MAIL, ".ConversationActivity"), {"thread": 8}, "Reply", "Saturday"),
        ((CALENDAR, ".EventInfoActivity"), {"event": 1}, "Delete event", "Dentist"),
        ((SHOP, ".ProductActivity"), {"product": "lamp"}, "Add to cart", "Desk lamp"),
        ((FOOD, ".DishActivity"), {"restaurant": "cafe", "dish": "tea"}, "Add to basket", "Mint tea"),
    ],
)
def test_an_update_rewords_labels_and_never_what_is_sold_or_was_written(
    hand: Hand, page: tuple[str, str], extras: dict[str, Any], label: str, own: str
) -> None:
    hand.open(*page, **extras)
    assert hand.sees(label) and hand.sees(own)

    hand.phone.faults.drift(Drift(reword=True))
    hand.wait(1)
    assert not hand.sees(label)
    assert hand.sees(own)


@pytest.mark.parametrize(
    ("package", "view_id", "names"),
    [
        (MAIL, "sender", ("Nina Patel", "City Library", "Alice", "Rail Tickets")),
        (SHOP, "product_title", ("Stoneware mug", "Electric kettle", "Frying pan", "Wool scarf")),
        (FOOD, "restaurant_name", ("Corner Café", "Blue Cup", "Pizzeria Vesuvio", "Kaiyo Sushi")),
    ],
)
def test_an_update_renames_ids_and_reorders_lists(
    hand: Hand, package: str, view_id: str, names: tuple[str, ...]
) -> None:
    hand.open(package)
    before = [words for words in hand.texts() if words in names]
    hand.phone.faults.drift(Drift(rename_ids=True, reorder_lists=True, seed=3))
    hand.wait(1)

    assert not hand.sees(view_id)
    seen = [words for words in hand.texts() if words in names]
    assert before == list(names) and seen != before


def test_an_update_can_put_a_lookalike_beside_the_button_that_orders(hand: Hand) -> None:
    hand.phone.store.table("food_basket").insert(restaurant="bluecup", dish="muffin", options={}, quantity=1)
    hand.open(FOOD).tap("menu_basket").scroll_to("Place order")
    hand.phone.faults.drift(Drift(lookalike=True, beside=frozenset({"Place order"})))
    hand.wait(1).scroll_to("Place order")

    both = [box.view for window in hand.windows.frame().windows for box in window.root.walk()]
    assert sorted(view.is_clickable for view in both if view.text == "Place order") == [False, True]


def test_a_double_tap_on_the_button_orders_once(hand: Hand) -> None:
    hand.phone.store.table("shop_cart").insert(product="lamp", variant="one", quantity=1)
    hand.open(SHOP).tap("menu_cart").tap("Checkout").scroll_to("Place order")
    x, y = hand.find("Place order").visible.center
    for _ in range(2):
        hand.windows.pointer("down", x, y)
        hand.clock.advance(0.05)
        hand.windows.pointer("up", x, y)
    hand.wait(1)

    assert len(hand.rows("shop_orders")) == 1


def shell(hand: Hand, line: str) -> str:
    return run(hand.phone, line).out


def test_the_shell_takes_an_apps_server_down_and_up_again(hand: Hand) -> None:
    hand.open(SHOP)
    assert shell(hand, "cmd vphone server down") == "ok\n"  # of the app in front
    hand.tap("Refresh")
    assert hand.sees("Something went wrong on our side")

    assert shell(hand, f"cmd vphone server up {SHOP}") == "ok\n"
    hand.tap("Try again")
    assert hand.sees("Stoneware mug")
    assert "up or down?" in run(hand.phone, "cmd vphone server sideways").err


def test_other_programs_find_the_outcome_where_a_real_phone_keeps_it(hand: Hand) -> None:
    events = "content query --uri content://com.android.calendar/events --projection title:dtstart"
    assert shell(hand, f"{events} --where \"title='Dentist'\"") == "Row: 0 title=Dentist, dtstart=1772546400000\n"
    reminders = "content query --uri content://com.android.calendar/reminders"
    assert shell(hand, reminders) == "Row: 0 _id=1, event_id=1, minutes=60\n"


def test_the_shell_reads_mails_and_orders(hand: Hand) -> None:
    run_errands(hand)

    mails = "content query --uri content://com.android.email/mails --projection folder:recipients"
    assert shell(hand, f"{mails} --where \"subject='Hi'\"") == "Row: 0 folder=sent, recipients=bob@example.com\n"
    for uri, status in (
        ("com.example.shop/orders", "total_cents=3780"),
        ("com.example.food/orders", "total_cents=310"),
    ):
        assert shell(hand, f"content query --uri content://{uri} --projection total_cents") == f"Row: 0 {status}\n"
    invited = "content query --uri content://com.android.calendar/attendees"
    assert shell(hand, invited) == "No result found.\n"


def test_intents_of_other_programs_open_the_forms(hand: Hand) -> None:
    shell(hand, "am start -a android.intent.action.SENDTO -d 'mailto:bob@example.com?subject=Hi%20Bob'")
    hand.wait(1)
    assert (hand.view("to").text, hand.view("subject").text) == ("bob@example.com", "Hi Bob")

    shell(
        hand,
        "am start -a android.intent.action.INSERT -t vnd.android.cursor.item/event -e title Tea "
        "--el beginTime 1772546400000",
    )
    hand.wait(1).tap("Save")
    assert [row["dtstart"] for row in hand.rows("calendar_events") if row["title"] == "Tea"] == [1772546400000]

    shell(hand, "am start -a android.intent.action.VIEW -d content://com.android.calendar/events/1")
    assert hand.wait(1).sees("Dentist")
