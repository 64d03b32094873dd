"""Where the app itself says that it cannot do its part now, no model is asked: the task ends with what the app says."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import cast

import pytest

from device.actions import Action, Tap
from device.virtual.apps.shop.catalogue import STOCK
from device.virtual.faults import Faults
from mobimem.evals.scripted_moves import Move
from mobimem.llm.scripted import Asked
from mobimem.service.memories import list_memories
from mobimem.tasks.hand import Hand
from mobimem.tasks.trouble import replay_past_trouble, trouble_on
from perception.element import Element
from perception.screen import Screen
from replay.demonstration import Demonstration
from replay.recipe import Recipe, SideEffect
from replay.runner import RunResult
from tests.mobimem.tasks.acting import Brain, Owner, Stage, staged
from tests.replay.bench import Phone

SHOP = "com.example.shop"
CART: tuple[Move, ...] = (
    ("open_app", SHOP), ("tap", "Electric kettle"), ("tap", "Add to cart"), ("done",), ("done",),
)  # fmt: skip


@pytest.fixture
def shop() -> Iterator[Stage]:
    """A stage on which putting something into the cart is known; its phone is fresh, and its model never asked yet."""
    with staged(Brain(CART, reach=(SHOP,), for_good=False), owner=Owner({"end": "yes"})) as at:
        assert at.do("put the Electric kettle into the cart").learnt_as
    with staged(asks_nothing) as at:
        yield at


def asks_nothing(asked: Asked) -> object:
    raise AssertionError("the model was asked")


def server(phone: Phone, package: str, up: bool) -> None:
    Faults(phone.phone.windows, phone.phone.rpc_faults.command).server(up, package)


def test_offline_ends_the_task_with_what_the_page_says(shop: Stage) -> None:
    shop.phone.phone.settings.put("global", "airplane_mode_on", "1")
    done = shop.do("put the Soup cookbook into the cart")

    assert (done.outcome, shop.calls) == ("stopped", 0)
    assert "You’re offline" in done.says
    assert "try again once that has changed" in done.next_step
    assert shop.phone.phone.store.table("shop_cart").rows() == []


def test_what_is_sold_out_ends_the_task(shop: Stage) -> None:
    shop.phone.phone.store.put(STOCK, {"cookbook/one": 0})
    done = shop.do("put the Soup cookbook into the cart")

    assert (done.outcome, shop.calls) == ("stopped", 0)
    assert "Sold out" in done.says


def test_such_an_end_is_no_failure_of_the_task(shop: Stage) -> None:
    shop.phone.phone.settings.put("global", "airplane_mode_on", "1")
    ended = [shop.do("put the Soup cookbook into the cart") for _ in range(3)]

    assert {one.not_learnt for one in ended} == {"what stood in the way says nothing of the task"}
    assert [one.state for one in list_memories(what="tasks").tasks] == ["candidate"]


def test_a_server_that_comes_back_is_asked_once_more_and_the_task_goes_on(shop: Stage) -> None:
    server(shop.phone, SHOP, up=False)
    taps_before = shop.phone.taps

    def comes_back(action: Action) -> None:
        if isinstance(action, Tap):  # the first one: the page's "try again"
            server(shop.phone, SHOP, up=True)

    shop.phone.after_act = comes_back
    done = shop.do("put the Soup cookbook into the cart")

    assert (done.outcome, shop.calls) == ("done", 0), done
    assert shop.phone.taps - taps_before == 3  # once more, the book, into the cart


class Presses:
    """Stands for a hand that has played the steps; counts what it presses beside them."""

    def __init__(self, phone: Phone, result: RunResult) -> None:
        self.phone, self.result, self.pressed = phone, result, 0

    def replay(self, recipe: Recipe, values: Mapping[str, str], *, start: int) -> RunResult:
        return self.result

    def look(self) -> Screen:
        return Screen.of(self.phone.read())

    def press(self, screen: Screen, element: Element) -> None:
        self.pressed += 1

    def note(self, *said: object) -> None:
        pass


@pytest.mark.parametrize(("side_effect", "pressed"), [("reversible", 1), ("irreversible", 0)])
def test_nothing_is_asked_for_again_after_something_was_done_for_good(side_effect: SideEffect, pressed: int) -> None:
    def act(hand: Demonstration) -> None:
        hand.open(SHOP)
        hand.tap("Electric kettle")
        hand.tap("Add to cart")

    def goes_offline(action: Action) -> None:
        phone.phone.settings.put("global", "airplane_mode_on", "1")

    recipe, phone = Phone().show("look", {}, act), Phone()
    first, *others = recipe.steps
    recipe = dataclasses.replace(recipe, steps=(dataclasses.replace(first, side_effect=side_effect), *others))
    phone.after_act = goes_offline
    hand = Presses(phone, phone.run(recipe))
    played = replay_past_trouble(cast(Hand, hand), recipe, {}, 0)

    assert played.trouble is not None
    assert played.trouble.retry is not None
    assert hand.pressed == pressed


def test_a_list_entry_that_is_sold_out_says_nothing_of_the_page() -> None:
    phone = Phone()
    hand = Demonstration(phone, clock=phone.clock)
    hand.open(SHOP)
    assert "Sold out" in {element.text for element in hand.screen.visible_elements()}

    assert trouble_on(hand.screen) is None


def test_words_in_a_field_are_not_the_page_s() -> None:
    phone = Phone()
    hand = Demonstration(phone, clock=phone.clock)
    hand.open("com.example.notes")
    hand.tap("New note")
    hand.type("Note", "something went wrong, you are offline")

    assert trouble_on(hand.screen) is None


@pytest.mark.parametrize(("locale", "words"), [("de", "offline"), ("zh", "离线")])
def test_it_is_read_in_other_languages(locale: str, words: str) -> None:
    phone = Phone(locale=locale)
    phone.phone.settings.put("global", "airplane_mode_on", "1")
    hand = Demonstration(phone, clock=phone.clock)
    hand.open(SHOP)
    found = trouble_on(hand.screen)

    assert found is not None
    assert words in found.says
    assert found.retry is not None
    assert found.kind == "offline"
