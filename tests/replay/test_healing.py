"""Healing within a run: when it is asked, what it must not heal, and what it leaves in the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from device.virtual.window.drift import Drift
from perception.screen import Screen
from replay.demonstration import Demonstration
from replay.distill import distill
from replay.healing import Healer, Mended, Recorded, with_step
from replay.recipe import Recipe
from replay.runner import Runner, RunResult
from tests.replay.bench import SETTINGS, Owner, Phone

VALUES: dict[str, str] = {}
UPDATE = Drift(rename_ids=True, reword=True, move=True, seed=5)


class Taught:
    """A switch of the settings, shown once, with the screens it was shown on."""

    def __init__(self) -> None:
        phone = Phone()
        hand = Demonstration(phone, clock=phone.clock)
        hand.open(SETTINGS)
        hand.tap("Display")
        self.recipe: Recipe = distill(hand.done, recipe_id="display", name="display", task="display", values=VALUES)
        self.recorded: Mapping[str, Recorded] = {
            step.id: Recorded(done.before, done.after, VALUES)
            for step, done in zip(self.recipe.steps, hand.done, strict=True)
        }


def run(taught: Taught, drift: Drift | None, recorded: Mapping[str, Recorded], **config: Any) -> RunResult:
    phone = Phone(**config)
    if drift is not None:
        phone.phone.faults.drift(drift)
    runner = Runner(phone, Owner(), clock=phone.clock, healer=Healer(lambda: recorded))
    return runner.run(taught.recipe, VALUES)


def test_a_task_in_another_language_on_an_updated_app_is_healed() -> None:
    taught = Taught()

    result = run(taught, UPDATE, taught.recorded, locale="de")

    assert result.outcome == "done", result.says
    assert result.mended


def test_on_the_phone_it_was_taught_on_nothing_is_healed() -> None:
    taught = Taught()

    result = run(taught, None, taught.recorded)

    assert (result.outcome, result.mended) == ("done", ())


def test_without_recorded_screens_the_run_stops_and_says_why_nothing_was_healed() -> None:
    result = run(Taught(), UPDATE, {}, locale="de")

    assert (result.outcome, result.mended) == ("stopped", ())
    assert result.divergence is not None
    assert any("was not kept" in tried for tried in result.divergence.tried)


def test_the_page_before_a_step_is_not_taken_for_the_one_after_it() -> None:
    taught = Taught()
    before = taught.recorded[taught.recipe.steps[1].id].before
    assert before is not None

    answer = Healer(lambda: taught.recorded).mend(taught.recipe, 1, "after", before, VALUES)

    assert isinstance(answer, str)
    assert "page before the step" in answer


def test_a_mended_step_takes_the_place_of_the_old_one_and_keeps_its_name() -> None:
    taught = Taught()
    phone = Phone(locale="de")
    hand = Demonstration(phone, clock=phone.clock)
    hand.open(SETTINGS)

    mended = Healer(lambda: taught.recorded).mend(taught.recipe, 1, "target", hand.screen, VALUES)

    assert isinstance(mended, Mended), mended
    recipe = with_step(taught.recipe, 1, mended.step)
    assert [step.id for step in recipe.steps] == [step.id for step in taught.recipe.steps]
    assert recipe.steps[1].says == taught.recipe.steps[1].says
    assert recipe.steps[1].target != taught.recipe.steps[1].target
    assert mended.to_data()["by"]


def test_a_recorded_screen_that_does_not_show_the_target_heals_nothing() -> None:
    taught = Taught()
    step = taught.recipe.steps[1]
    other: Screen | None = taught.recorded[step.id].after
    wrong = {step.id: Recorded(other, other, VALUES)}

    answer = Healer(lambda: wrong).mend(taught.recipe, 1, "target", Screen.of(Phone().read()), VALUES)

    assert answer == "the screen it was recorded on does not show it"
