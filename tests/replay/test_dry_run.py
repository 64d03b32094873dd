from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from device.actions import OpenApp, PressKey
from device.clock import ManualClock
from device.virtual.direct import DirectDevice
from device.virtual.phone import VirtualPhone
from device.virtual.window.layout import FixedMeasure
from mobimem.evals.payment import VALUES, show_payment
from replay.demonstration import Demonstration
from replay.distill import Done
from replay.dry_run import dry_run
from replay.errors import ReplayError
from replay.recipe import Recipe, step_to_data
from replay.trace import Header, StepDone, Trace
from replay.trace_reader import read_trace
from replay.trace_writer import TraceWriter
from tests.replay.readings import reading_of


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Recipe, Trace]:
    """The payment with the screens it was shown on."""
    clock, kept = ManualClock(), []

    class Remembering(Demonstration):
        def __init__(self, device: DirectDevice, *, clock: ManualClock) -> None:
            super().__init__(device, clock=clock)
            kept.append(self)

    with pytest.MonkeyPatch.context() as patch, VirtualPhone(clock=clock, measure=FixedMeasure()) as phone:
        patch.setattr("mobimem.evals.payment.Demonstration", Remembering)
        recipe = show_payment(DirectDevice(phone), clock)
    return recipe, _trace(tmp_path_factory.mktemp("t") / "trace", recipe, kept[0].done)


def _trace(folder: Path, recipe: Recipe, done: list[Done]) -> Trace:
    header = Header(trace_id="t", name=recipe.name, task="", source="teach", device={}, started_at="", values=VALUES)
    with TraceWriter(folder, header) as writer:
        for index, one in enumerate(done):
            before, after = writer.screen(reading_of(one.before)), writer.screen(reading_of(one.after))
            writer.step(
                StepDone(
                    index=index, step=step_to_data(recipe.steps[index]), action=None, level="taught", result="done",
                    before=before, after=after, started_at="", duration_s=0,
                )
            )  # fmt: skip
        writer.end("done", "", "")
    return read_trace(folder)


def test_a_recipe_finds_its_way_on_its_own_screens(shown: tuple[Recipe, Trace]) -> None:
    recipe, trace = shown

    result = dry_run(recipe, trace)

    assert result.outcome == "done", result.says
    assert [progress.result for progress in result.progress] == ["done"] * 12
    assert result.asks == ("Tap 'Pay now'",)


def test_a_step_that_does_not_fit_its_screen_is_named(shown: tuple[Recipe, Trace]) -> None:
    recipe, trace = shown
    steps = list(recipe.steps)
    steps[3] = dataclasses.replace(steps[10], id="swapped")  # 'Done' where 'Next' is

    result = dry_run(dataclasses.replace(recipe, steps=tuple(steps)), trace)

    assert result.outcome == "stopped"
    assert "step 4" in result.says


def test_a_trace_without_screens_cannot_be_dry_run(shown: tuple[Recipe, Trace]) -> None:
    recipe, trace = shown

    with pytest.raises(ReplayError, match="no steps"):
        dry_run(recipe, dataclasses.replace(trace, events=()))


def test_what_needs_no_screen_is_played_all_the_same(shown: tuple[Recipe, Trace]) -> None:
    recipe, trace = shown
    steps = (recipe.steps[0], dataclasses.replace(recipe.steps[1], move=PressKey("home"), after=()))

    assert isinstance(steps[0].move, OpenApp)
    assert dry_run(dataclasses.replace(recipe, steps=steps), trace).outcome == "done"
