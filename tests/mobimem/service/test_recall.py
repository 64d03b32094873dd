"""Words become tasks to run, and what was taught and run is learnt, through the data folder's owner."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import pytest

from device.virtual.direct import DirectDevice
from memory.errors import ExtraMissing
from mobimem import folders
from mobimem.errors import BadInput, NotDone, OwnerNeeded
from mobimem.evals.crash import World
from mobimem.evals.payment import NAME, PAY_NOW, VALUES, now
from mobimem.owner import through_owner
from mobimem.policy.rules import Policy, allow
from mobimem.service import recall as recalling
from mobimem.service.learning import learn_run, learn_taught
from mobimem.service.memories import remember
from mobimem.service.recall import ReadyTasks, recall_words, tasks_for
from mobimem.service.recipes import Task
from mobimem.service.replay import ReplayDone, refuse_meaning, run_on
from replay.commands import Decision
from replay.errors import SlotMissing
from replay.library import Library
from replay.recipe import Recipe, Step
from tests.mobimem.conftest import payment_lesson

TEA = {"recipient": "Bob", "amount": "3", "note": "Tea"}


class Yes:
    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        return "run"


def library() -> Library:
    return Library(folders.recipes_folder())


def run(world: World, task: Task) -> ReplayDone:
    return run_on(DirectDevice(world.phone), task, Yes(), clock=world.clock)


@pytest.fixture
def world(world: World) -> World:
    """The payment was taught with its demonstration's words and values."""
    library().save(world.task.recipe, payment_lesson(folders.home() / "lesson"), at=now())
    return world


def only(found: ReadyTasks) -> Task:
    [task] = found.tasks
    return task


def test_words_with_other_values_and_a_name_are_tasks_to_run(world: World) -> None:
    task = only(tasks_for("Pay 3 to Bob Ray for Tea", {}))

    assert dict(task.values) == {"recipient": "Bob Ray", "amount": "3", "note": "Tea"}
    assert task.recipe.id == world.task.recipe.id
    assert [step.id for step in task.recipe.steps] == [step.id for step in world.task.recipe.steps]
    assert only(tasks_for("pay 3 to Bob for Tea", {"amount": "4"})).values["amount"] == "4"
    assert only(tasks_for(NAME.upper(), VALUES)).values == VALUES


def test_what_is_missing_or_too_much_is_named(world: World) -> None:
    with pytest.raises(NotDone, match="mobimem teach"):
        tasks_for("buy a boat", {})
    with pytest.raises(SlotMissing, match="--set amount"):
        tasks_for(NAME, {"recipient": "Bob", "note": "x"})
    with pytest.raises(BadInput, match="no slot colour"):
        tasks_for(NAME, {**VALUES, "colour": "red"})
    with pytest.raises(BadInput, match="no slot colour"):
        tasks_for("pay 3 to Bob for Tea", {"colour": "red"})


def test_a_miss_says_which_word_and_what_is_closest(world: World) -> None:
    with pytest.raises(NotDone, match="don't") as caught:
        tasks_for("don't pay 3 to Bob for Tea", {})

    assert "pay {amount} to {recipient} for {note}" in caught.value.cause
    assert f"mobimem do {NAME}" in caught.value.next_step


def test_words_that_leave_open_which_is_which_are_not_run_unasked(world: World) -> None:
    found = tasks_for("pay 3 to Bob for Tea for Two", {})

    assert found.doubts
    assert found.recalled is not None
    assert not found.recalled.tasks[0].exact


def test_words_that_two_recipes_explain_name_both(world: World) -> None:
    recipe = world.task.recipe
    library().save(dataclasses.replace(recipe, id="x", name="twin"), at=now())

    with pytest.raises(NotDone, match="equally") as caught:
        tasks_for("pay 3 to Bob for Tea", {})

    assert NAME in caught.value.cause
    assert "twin" in caught.value.cause


def test_a_run_verifies_what_was_taught_and_the_same_run_again_changes_nothing(world: World) -> None:
    task = only(tasks_for("pay 3 to Bob for Tea", {}))
    assert (task.recall["words"], task.recall["exact"]) == ("pay 3 to Bob for Tea", True)
    done = run(world, task)
    assert (done.done, world.paid) == (True, 1)

    first = learn_run(done.trace)

    assert [(line.result, line.says) for line in first.learnt] == [("confirmed", "verified")]
    assert learn_run(done.trace) == first
    recalled = recall_words("pay 4 to Ann for Cake")
    assert recalled.tasks[0].state == "verified"


def test_words_that_ran_well_are_the_tasks_own_words_from_then_on(world: World) -> None:
    words = "please transfer 3 to Bob for Tea"
    library()
    before = recall_words(words)
    if not before.tasks:
        pytest.skip("the lexicon does not explain these words")
    assert not before.tasks[0].exact
    done = run(world, only(tasks_for(words, {})))
    assert done.done
    learn_run(done.trace)

    after = recall_words("please transfer 5 to Ann for Cake").tasks[0]

    assert after.exact
    assert after.confidence > before.tasks[0].confidence


def test_what_failed_twice_is_not_done_for_words_until_it_worked_by_name(world: World) -> None:
    learn_taught()
    steps = list(world.task.recipe.steps)
    good = world.task.entry
    wrong = dataclasses.replace(steps[1], move=dataclasses.replace(steps[1].move, target=steps[3].target))  # type: ignore[call-arg]
    broken = dataclasses.replace(world.task.recipe, steps=(steps[0], wrong, *steps[2:]))
    for _ in range(2):
        world.leave_app()
        task = dataclasses.replace(world.task, entry=dataclasses.replace(good, recipe=broken))
        failed = run(world, task)
        assert failed.outcome == "stopped"
        assert learn_run(failed.trace).learnt[-1].result == "failed"

    with pytest.raises(OwnerNeeded, match="Teach it again"):
        tasks_for("pay 3 to Bob for Tea", {})

    world.leave_app()
    done = run(world, only(tasks_for(NAME, VALUES)))
    assert done.done
    learn_run(done.trace)
    assert only(tasks_for("pay 3 to Bob for Tea", {})).values == TEA


def saved_with(step: Step, recipe: Recipe) -> None:
    library().save(dataclasses.replace(recipe, steps=(recipe.steps[0], step, *recipe.steps[2:])), at=now())


def test_a_repaired_step_is_run_by_every_task_that_has_it_until_it_is_taken_back(world: World) -> None:
    recipe = world.task.recipe
    others = tuple(dataclasses.replace(step, id=f"o-{n}") for n, step in enumerate(recipe.steps[:4]))
    other = dataclasses.replace(recipe, id="o", name="begin", task="begin paying {recipient}", steps=others)
    library().save(other, at=now())
    learn_taught()
    before = library().load(NAME).recipe.steps[1]

    saved_with(dataclasses.replace(before, says="Tap the plus", revision=2), recipe)
    report = learn_taught()

    assert [(line.result, line.says) for line in report.learnt] == [
        ("revised", "1 steps repaired, which begin has too")
    ]
    assert only(tasks_for("pay 3 to Bob for Tea", {})).recipe.steps[1].says == "Tap the plus"
    found = only(tasks_for("begin", VALUES)).recipe.steps[1]
    assert (found.says, found.id, found.revision) == ("Tap the plus", "o-1", 2)
    assert found == library().load("begin").recipe.steps[1]  # a repair of this run finds it in its file
    assert [line.result for line in learn_taught().learnt] in ([], ["nothing"])

    saved_with(before, recipe)
    learn_taught()

    assert only(tasks_for("pay 3 to Bob for Tea", {})).recipe.steps[1] == before
    assert only(tasks_for("begin", VALUES)).recipe.steps[1].says == before.says


def test_every_version_since_the_last_time_is_learnt_in_its_order(world: World) -> None:
    learn_taught()
    steps = list(library().load(NAME).recipe.steps)
    for index in (1, 3):
        steps[index] = dataclasses.replace(steps[index], says=f"mended {index}", revision=2)
        library().save(dataclasses.replace(world.task.recipe, steps=tuple(steps)), at=now())

    assert [line.result for line in learn_taught().learnt] == ["revised", "revised"]
    assert [step.says for step in only(tasks_for(NAME, VALUES)).recipe.steps[1:4:2]] == ["mended 1", "mended 3"]


def test_a_recipe_that_its_folder_lost_is_still_known(world: World) -> None:
    learn_taught()
    import shutil

    shutil.rmtree(folders.recipes_folder() / NAME)

    done = run(world, only(tasks_for("pay 3 to Bob for Tea", {})))

    assert (done.done, world.paid) == (True, 1)


def test_a_damaged_recipe_holds_nothing_else_up(world: World) -> None:
    entry = library().save(dataclasses.replace(world.task.recipe, id="x", name="other", task="do the other"), at=now())
    (entry.folder / "recipe.json").write_text("{")

    assert only(tasks_for("pay 3 to Bob for Tea", {})).values == TEA


def test_a_recipe_without_its_demonstration_is_read_and_shown_before_it_pays(home: Path) -> None:
    World()  # keeps the payment without a demonstration

    found = tasks_for("pay 3 to Bob for Tea", {})

    assert only(found).values == TEA
    assert found.doubts


def test_somebody_the_profile_knows_is_filled_in_and_has_to_be_confirmed(world: World) -> None:
    remember("my mother is Maria")

    found = tasks_for("pay 3 to mum for Tea", {})

    assert only(found).values["recipient"] == "Maria"
    assert any("my mother is Maria" in doubt for doubt in found.doubts)
    assert tasks_for("pay 3 to Bob for Tea", {}).doubts == ()


def test_a_policy_covers_what_was_understood_only_if_it_says_so(world: World) -> None:
    task = dataclasses.replace(world.task, values=VALUES)

    with pytest.raises(OwnerNeeded, match="by_meaning"):
        refuse_meaning(task, Policy((allow(NAME, PAY_NOW, VALUES),)))
    refuse_meaning(task, Policy((allow(NAME, PAY_NOW, VALUES, by_meaning=True),)))


def test_without_the_extra_a_task_is_done_by_its_name_and_words_say_what_to_install(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> None:
        raise ExtraMissing("sqlalchemy", "memory")

    monkeypatch.setattr(recalling, "recall_call", missing)

    assert only(tasks_for(NAME, VALUES)).values == VALUES
    with pytest.raises(NotDone, match=r"mobimem\[memory\]"):
        tasks_for("pay 3 to Bob for Tea", {})


def test_what_memory_refuses_to_learn_is_still_done_by_its_name(home: Path) -> None:
    recipe: Recipe = dataclasses.replace(World().task.recipe, task="pay with card 4111 1111 1111 1111")
    library().save(dataclasses.replace(recipe, name="by-card"), at=now())

    assert only(tasks_for("by-card", VALUES)).recipe.name == "by-card"


def test_learning_reports_what_stands_in_its_way(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from mobimem.service import learning

    def missing(*_: object) -> None:
        raise ExtraMissing("sqlalchemy", "memory")

    monkeypatch.setattr(learning, "through_owner", missing)

    assert "pip install" in learn_taught().problem
    assert through_owner is not missing
