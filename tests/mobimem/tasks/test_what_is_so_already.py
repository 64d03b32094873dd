"""A task whose button does the reverse the next time is not undone by doing it where it is so already."""

from __future__ import annotations

from dataclasses import replace

from mobimem.service.agent import Means, run_order_on
from tests.mobimem.tasks.acting import Brain, Owner, Stage, staged

CONTACTS = "com.android.contacts"
LEARNING = [("open_app", CONTACTS), ("tap", "Bob"), ("tap", "Add to favorites"), ("done",)]


def starred(at: Stage, name: str) -> int:
    [row] = [row for row in at.phone.phone.store.table("contacts").rows() if row["name"] == name]
    return int(row["starred"])


def test_who_is_a_favorite_already_stays_one_and_the_run_says_what_it_met() -> None:
    with staged(Brain(LEARNING, reach=(CONTACTS,), for_good=False), owner=Owner({"end": "yes"})) as at:
        assert at.do("make Bob a favorite").learnt_as
        assert (starred(at, "Bob"), starred(at, "Maria"), starred(at, "Carol")) == (1, 1, 0)
        [order] = at.orders("make Maria a favorite").orders
        alone = Means(at.owner, at.owner, None, clock=at.phone.clock)
        done = run_order_on(at.phone, order, alone)
        [other] = at.orders("make Carol a favorite").orders
        second = run_order_on(at.phone, other, replace(alone))

        assert (done.done, starred(at, "Maria")) == (False, 1), done
        assert "Remove from favorites" in f"{done.says} {done.next_step}", done
        assert (second.done, starred(at, "Carol"), second.receipt.model_calls) == (True, 1, 0), second
