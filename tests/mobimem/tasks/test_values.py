"""What of the owner's words is a value of a decided task, and what only names an act."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mobimem.tasks.values import values_in
from replay.demonstration import Demonstration
from tests.replay.bench import CONTACTS, MESSAGES, Phone

MAIL, SHOP = "com.android.email", "com.example.shop"


def shown(act: Callable[[Demonstration], None]) -> Demonstration:
    phone = Phone()
    hand = Demonstration(phone, clock=phone.clock)
    act(hand)
    return hand


def deleting(hand: Demonstration) -> None:
    hand.open(CONTACTS)
    for name in ("Bob", "More options", "Delete", "Delete"):
        hand.tap(name)


def archiving(hand: Demonstration) -> None:
    hand.open(MAIL)
    hand.hold("Nina Patel")
    hand.tap("Archive")


def texting(hand: Demonstration) -> None:
    hand.open(MESSAGES)
    hand.tap("Start chat")
    hand.tap("Bob")
    hand.type("Text message", "delete it")


def buying(hand: Demonstration) -> None:
    hand.open(SHOP)
    for name in ("Wool scarf", "Red", "Add to cart"):
        hand.tap(name)


@pytest.mark.parametrize(
    ("act", "words", "values"),
    [
        (deleting, "delete Bob from the contacts", {"Bob"}),
        (archiving, "archive the mail of Nina Patel", {"Nina Patel"}),
        (texting, "text Bob that delete it", {"Bob", "delete it"}),
        (buying, "put a red wool scarf into the cart", {"Wool scarf", "Red"}),
        (buying, "put the wool scarf into the cart", {"Wool scarf"}),
    ],
)
def test_values_are_what_was_typed_chosen_or_picked_and_no_act(
    act: Callable[[Demonstration], None], words: str, values: set[str]
) -> None:
    assert set(values_in(words, shown(act).done).values()) == values


def test_two_picks_have_names_of_their_own() -> None:
    def both(hand: Demonstration) -> None:
        hand.open(SHOP)
        for name in ("Wool scarf", "Red", "Blue"):
            hand.tap(name)

    found = values_in("a red one, no, a blue one", shown(both).done)

    assert found == {"pick": "Red", "pick2": "Blue"}
