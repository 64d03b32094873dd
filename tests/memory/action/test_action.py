"""Steps stand once; plans, prefixes and segments are replayed only where everything that fits agrees."""

from __future__ import annotations

import pytest

from memory.action import replay
from memory.action.forms import abstracted, filled, read_off
from memory.action.replay import DONE, ActionMemory, Did


def order(food: str, shop: str = "", extra: str = "") -> list[str]:
    found = shop or food
    made = ["click Nosh", "click search box", f"input {found}", "click search button", f"click {found}"]
    if shop:
        made += ["click magnifier", f"input {food}", f"click {food}"]
    return [*made, *([f"click {extra}"] if extra else []), "click add to cart", "click confirm"]


def did(actions: list[str]) -> list[Did]:
    return [Did(action, action.partition(" ")[2], action.startswith("input ")) for action in actions]


@pytest.fixture
def memory() -> ActionMemory:
    made = ActionMemory()
    made.learn("Order a bagel in Nosh", did(order("bagel")))
    made.learn("Order a bagel from Corner Deli in Nosh", did(order("bagel", "Corner Deli")))
    return made


def test_known_words_with_other_values_give_the_whole_plan(memory: ActionMemory) -> None:
    plan = memory.plan("Order a samosa from Spice Hut in Nosh")
    assert plan is not None
    assert list(plan.actions) == order("samosa", "Spice Hut")


def test_a_value_with_an_argument_in_it_is_not_swallowed() -> None:
    memory = ActionMemory()
    memory.learn("Order a bagel in Nosh", did(order("bagel")))
    assert memory.plan("Order a bagel from Corner Deli in Nosh") is None


def test_equal_steps_in_other_words_are_the_same_task(memory: ActionMemory) -> None:
    first = memory.learn("Order a pie in Nosh", did(order("pie")))
    assert memory.learn("Fetch me a pie with Nosh", did(order("pie"))) == first


def test_unknown_words_replay_only_what_every_task_does_before_a_value(memory: ActionMemory) -> None:
    words = "Order a dish that Spice Hut recommends in Nosh"
    assert memory.next_step(words, []) == "click Nosh"
    assert memory.next_step(words, ["click Nosh"]) == "click search box"
    assert memory.next_step(words, ["click Nosh", "click search box"]) is None


def test_once_the_value_is_known_the_words_tell_which_task_it_is(memory: ActionMemory) -> None:
    words, steps = "Get a samosa from Spice Hut using Nosh", order("samosa", "Spice Hut")
    assert memory.next_step(words, steps[:4]) in (None, steps[4])
    assert memory.next_step("Order a samosa in Nosh", order("samosa")) == DONE


def test_a_segment_shared_by_different_tasks_ends_a_third_one(memory: ActionMemory) -> None:
    words = "Something new in Nosh"
    assert memory.next_step(words, ["click odd", "click thing", "click add to cart"]) == "click confirm"
    without = ActionMemory(memory.experience, chain=False)
    assert without.next_step(words, ["click odd", "click thing", "click add to cart"]) is None


def test_a_repair_is_seen_by_every_task_that_shares_the_step(memory: ActionMemory) -> None:
    step = memory.steps.add("click confirm")
    memory.steps.revise(step, "click place order")
    for words in ("Order a tea in Nosh", "Order a tea from Spice Hut in Nosh"):
        plan = memory.plan(words)
        assert plan is not None
        assert plan.actions[-1] == "click place order"
    assert memory.next_step("Something in Nosh", ["click odd", "click add to cart"]) == "click place order"
    assert [revision.revision for revision in memory.steps.history(step)] == [1, 2]


def test_words_whose_replay_failed_are_asked_and_a_task_that_fails_again_is_forgotten(memory: ActionMemory) -> None:
    memory.failed("Order a samosa in Nosh", [])
    assert memory.plan("Order a samosa in Nosh") is None
    assert memory.plan("Order a pie in Nosh") is not None
    memory.failed("Order a pie in Nosh", [])
    assert memory.plan("Order a cake in Nosh") is None
    assert memory.plan("Order a cake from Spice Hut in Nosh") is not None


def test_the_least_used_task_leaves_when_memory_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "TASKS_MAX", 2)
    memory = ActionMemory()
    for number, verb in enumerate(("Open", "Close", "Open", "Rename")):
        memory.learn(f"{verb} the drawer in Nosh", did(["click Nosh", f"click {verb} drawer"]))
        assert number < 2 or len(memory.experience.templates()) == 2
    assert memory.plan("Open the drawer in Nosh") is not None
    assert memory.plan("Close the drawer in Nosh") is None
    assert memory.tree.size() <= 3


def test_values_are_taken_out_of_actions_and_put_back() -> None:
    form = abstracted('click video "Echo" of Kito {x}', {"song": "Echo", "who": "Kito"})
    assert form == 'click video "{song}" of {who} {{x}}'
    assert filled(form, {"song": "A", "who": "B"}) == 'click video "A" of B {x}'
    assert filled(form, {"song": "A"}) is None
    assert read_off(form, 'click video "A" of B {x}', {}) == {"song": "A", "who": "B"}
    assert read_off(form, 'click video "A" of B {x}', {"song": "C"}) is None
