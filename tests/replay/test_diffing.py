from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from device.actions import PressKey
from replay.bisecting import bisect
from replay.demonstration import Demonstration
from replay.diffing import diff
from replay.recipe import Step, TapOn
from replay.trace_reader import read_trace
from tests.replay.bench import ASKED, SETTINGS, Phone
from tests.replay.recorded import Lesson, lesson_of, run_of, text_lesson, without_target


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("diff")


@pytest.fixture(scope="module")
def lesson(folder: Path) -> Lesson:
    return text_lesson(folder / "lesson")


@pytest.fixture(scope="module")
def settings(folder: Path) -> Lesson:
    phone = Phone()
    hand = Demonstration(phone, clock=phone.clock)
    hand.open(SETTINGS)
    hand.press(PressKey("back"))
    return lesson_of(folder / "settings", "settings", hand.done, {}, phone.clock)


def test_a_run_with_other_values_has_the_same_steps(lesson: Lesson, tmp_path: Path) -> None:
    run_of(tmp_path / "run", lesson.recipe, ASKED)

    found = diff(lesson.trace, read_trace(tmp_path / "run"))

    assert found.same
    assert {(change.what, change.b) for change in found.header} >= {("slot contact", "Alice")}
    assert bisect(lesson.trace, read_trace(tmp_path / "run")).number == 0


def test_a_step_put_in_is_only_in_b_and_moves_no_other(lesson: Lesson, tmp_path: Path) -> None:
    home = Step(id="home", says="Press home", move=PressKey("home"))
    longer = dataclasses.replace(lesson.recipe, steps=(home, *lesson.recipe.steps))
    run_of(tmp_path / "run", longer, ASKED)

    found = diff(lesson.trace, read_trace(tmp_path / "run"))

    assert [pair.kind for pair in found.pairs] == ["only_b", *["same"] * 5]
    assert found.to_text().startswith("  task:") and "+       1  Press home" in found.to_text()
    assert bisect(lesson.trace, read_trace(tmp_path / "run")).number == 1


def test_a_changed_step_says_what_changed(lesson: Lesson, tmp_path: Path) -> None:
    steps = list(lesson.recipe.steps)
    move = steps[1].move
    assert isinstance(move, TapOn)
    target = dataclasses.replace(move.target, near="elsewhere")
    steps[1] = dataclasses.replace(steps[1], move=TapOn(target), side_effect="read")
    run_of(tmp_path / "run", dataclasses.replace(lesson.recipe, steps=tuple(steps)), ASKED)

    found = diff(lesson.trace, read_trace(tmp_path / "run"))

    changed = [pair for pair in found.pairs if pair.kind == "changed"]
    assert [pair.a for pair in changed] == [2]
    assert {change.what for change in changed[0].changes} == {"evidence: near", "side effect"}
    assert found.to_data()["same"] is False


def test_traces_of_two_apps_are_said_to_be_so(lesson: Lesson, settings: Lesson) -> None:
    found = diff(lesson.trace, settings.trace)

    assert "traces of two apps" in found.to_text()
    assert found.to_data()["two_apps"]["b"] == [SETTINGS]
    assert {pair.kind for pair in found.pairs} == {"only_a", "only_b"}
    assert "two apps" in bisect(lesson.trace, settings.trace).why


def test_bisect_names_the_first_step_that_parts_and_shows_its_divergence(lesson: Lesson, tmp_path: Path) -> None:
    run_of(tmp_path / "good", lesson.recipe, ASKED)
    run_of(tmp_path / "bad", without_target(lesson.recipe, 3), ASKED)

    parted = bisect(read_trace(tmp_path / "good"), read_trace(tmp_path / "bad"))

    assert parted.number == 4
    assert parted.last_common == "Tap 'Alice'"
    assert parted.parting is not None and parted.parting.wanted == "Nowhere"
    assert "They part at step 4" in parted.to_text()
    assert parted.to_data()["divergence"]["step"] == 4
