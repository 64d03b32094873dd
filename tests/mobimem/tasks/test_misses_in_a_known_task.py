"""A known task meets a screen that its steps do not fit: one step is decided, and replay goes on."""

from __future__ import annotations

import dataclasses

import pytest

from mobimem import folders
from mobimem.llm.scripted import Fails
from mobimem.service.orders import Order
from mobimem.service.stats import total
from replay.library import Library
from replay.recipe import Recipe, TapOn
from replay.trace import Note
from replay.trace_reader import read_trace
from tests.mobimem.tasks.acting import TEXT_BOB, Brain, Stage, staged
from tests.replay.bench import ALICE
from tests.replay.recorded import without_target

WORDS = "text Alice that the train is late"


@pytest.fixture(autouse=True)
def taught() -> str:
    """The task is known: a model decided it once, on a phone of its own."""
    with staged(Brain(TEXT_BOB)) as at:
        return at.do("text Bob that dinner is ready").learnt_as


def broken(at: Stage, *missing: int) -> Order:
    """The known task for these words, as if an update had taken away what these steps (from 0) are done to."""
    [order] = at.orders(WORDS).orders
    assert order.task is not None
    entry = order.task.entry
    for index in missing:
        entry = dataclasses.replace(entry, recipe=nowhere(entry.recipe, index))
    return dataclasses.replace(order, task=dataclasses.replace(order.task, entry=entry))


def nowhere(recipe: Recipe, index: int) -> Recipe:
    """The recipe, with a step whose target is not on the screen; a value it chooses is chosen still."""
    steps = list(without_target(recipe, index).steps)
    named, move = recipe.steps[index].target, steps[index].move
    assert named is not None
    if "contact" in named.slots and isinstance(move, TapOn):
        target = dataclasses.replace(move.target, name="{contact} nowhere", label=("{contact} nowhere",))
        steps[index] = dataclasses.replace(steps[index], move=TapOn(target))
    return dataclasses.replace(recipe, steps=tuple(steps))


def test_a_miss_costs_one_decided_step_and_replay_goes_on() -> None:
    with staged(Brain((("tap", "Start chat"),))) as at:
        done = at.run(broken(at, 1))

        assert (done.outcome, done.proof, at.calls) == ("done", "checked", 1), done
        assert at.phone.sent() == [(ALICE, "the train is late")]
    trace = read_trace(done.trace)
    assert [step.level for step in trace.steps() if step.result == "done"] == [
        "replayed", "decided", "replayed", "replayed", "replayed"
    ]  # fmt: skip
    [decision] = [event for event in trace.events if isinstance(event, Note) and event.topic == "decision"]
    assert decision.data["level"] == "experience"
    assert (done.receipt.decided, done.receipt.replayed) == (1, 4)


def test_what_was_decided_is_a_new_version_and_the_next_run_asks_nobody(taught: str) -> None:
    with staged(Brain((("tap", "Start chat"),))) as at:
        first = at.run(broken(at, 1))
        assert first.learnt_as == taught, first.not_learnt
        assert not first.learnt.problem
        assert Library(folders.recipes_folder()).versions(taught) == (1, 2)
        second = at.do("text Bob that lunch is late")

        assert (second.outcome, second.receipt.model_calls, at.calls) == ("done", 0, 1), second
    assert at.phone.sent()[-1][1] == "lunch is late"


def test_a_way_on_which_the_model_went_back_is_done_and_not_learnt(taught: str) -> None:
    """Where it went it need not go, and something on the screen may have sent it there."""
    with staged(Brain((("tap", "Bob"), ("back",), ("tap", "Start chat"), ("tap", "Alice")))) as at:
        done = at.run(broken(at, 2))

        assert (done.outcome, at.phone.sent()) == ("done", [(ALICE, "the train is late")]), done
        assert (done.learnt_as, done.not_learnt) == ("", "the model went somewhere and back again on the way")
        assert Library(folders.recipes_folder()).versions(taught) == (1,)


def test_two_misses_in_a_row_cost_two_steps() -> None:
    with staged(Brain((("tap", "Start chat"), ("tap", "Alice")))) as at:
        done = at.run(broken(at, 1, 2))

    assert (done.outcome, done.receipt.decided, at.calls) == ("done", 2, 2), done
    assert at.phone.sent() == [(ALICE, "the train is late")]


def test_a_value_nobody_carried_is_never_skipped() -> None:
    """The message field fits the screen, but whom it goes to was not chosen as asked."""
    with staged(Brain((("tap", "Bob"), ("give_up",)))) as at:
        done = at.run(broken(at, 2))

    assert done.outcome == "stopped"
    assert at.phone.sent() == []
    assert at.phone.typed == []


def test_an_irreversible_step_is_not_skipped_because_the_next_one_fits() -> None:
    with staged(Brain((("back",), ("done",)))) as at:
        done = at.run(broken(at, 4))

    assert (done.proof, at.phone.sent()) in [("judged", []), ("", [])], done
    assert not done.learnt_as


def test_in_place_of_an_irreversible_step_a_decided_one_needs_consent_with_the_reason() -> None:
    with staged(Brain((("tap", "Send SMS"), ("done",)))) as at:
        done = at.run(broken(at, 4))

    assert (done.outcome, done.proof) == ("done", "checked"), done
    [proposal] = at.owner.proposals
    assert {"Alice", "the train is late"} <= set(proposal.carried.values())
    assert proposal.why
    assert at.phone.sent() == [(ALICE, "the train is late")]


def test_without_a_model_a_miss_stops_as_it_always_did() -> None:
    with staged(Brain(TEXT_BOB)) as at:
        order = broken(at, 1)
        at.client.close()  # type: ignore[union-attr]
        at.client = None
        done = at.run(order)

    assert (done.outcome, at.calls) == ("stopped", 0)
    assert "step 2" in done.says
    assert "not found" in done.says


def test_a_model_that_is_down_leaves_the_run_where_it_was_and_says_so() -> None:
    with staged(lambda _asked: Fails(500)) as at:
        done = at.run(broken(at, 1))

    assert (done.outcome, done.learnt_as) == ("stopped", "")
    assert "the model could not decide" in done.says
    assert done.next_step
    assert done.did == ("Open com.android.messaging",)


def test_a_fallback_is_never_counted_as_a_hit() -> None:
    before = total()
    with staged(Brain((("tap", "Start chat"), ("give_up",)))) as at:
        failed = at.run(broken(at, 1, 3))
    after = total()

    assert failed.outcome == "stopped"
    assert failed.receipt.model_calls > 0
    assert after.saved.model_calls == before.saved.model_calls - failed.receipt.model_calls
    assert after.saved.tokens == before.saved.tokens - failed.receipt.tokens
