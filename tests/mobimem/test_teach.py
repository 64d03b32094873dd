"""Teaching as a use case: what is kept, what is asked, and what is not kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import pytest

from device.clock import ManualClock
from mobimem.errors import BadInput, NotDone
from mobimem.evals.teach import evaluate, taught
from mobimem.service.teach import Request, Shown, Taught, accept_all, check, keep
from replay.errors import RecipeInvalid
from replay.library import Library
from replay.recorder_tidy import tidy
from replay.teaching import Lesson
from replay.trace_reader import read_trace
from tests.replay.lesson import Lesson as Demonstrated
from tests.replay.lesson import new_phone

REQUEST = Request("text-someone", "Text Bob that see you")


@pytest.fixture(scope="module")
def demonstrated() -> Demonstrated:
    clock = ManualClock()
    shown = Demonstrated(new_phone(clock), clock)
    shown.tap("Messages").tap("Start chat").tap("Bob").tap("Text message").type("see you").tap("Send SMS")
    return shown


@pytest.fixture(scope="module")
def lesson(demonstrated: Demonstrated) -> Lesson:
    recording = demonstrated.end()
    return Lesson(recording, tidy(recording.done), 12.0, True)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "recipes")


def kept(
    lesson: Lesson,
    demonstrated: Demonstrated,
    library: Library,
    request: Request = REQUEST,
    confirm: object = accept_all,
) -> Taught:
    clock = demonstrated.clock
    return keep(
        lesson, request, library, about={"serial": demonstrated.device.serial}, clock=clock, started_at=clock.now(),
        confirm=confirm,  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_lesson_becomes_a_recipe_beside_its_trace(lesson: Lesson, demonstrated: Demonstrated, library: Library):
    done = kept(lesson, demonstrated, library)

    entry = library.verify("text-someone")
    assert done.task == entry.recipe.task == "Text {contact} that {message}"
    assert done.slots == {"contact": "Bob", "message": "see you"} and done.version == 1
    assert entry.trace is not None
    trace = read_trace(entry.trace)
    assert trace.header.values == done.slots and trace.header.source == "teach"
    assert [step.step["id"] for step in trace.steps()] == [step.id for step in entry.recipe.steps]


def test_nothing_else_is_left_in_the_library(lesson: Lesson, demonstrated: Demonstrated, library: Library):
    kept(lesson, demonstrated, library)

    assert [path.name for path in library.folder.iterdir()] == ["text-someone"]


def test_slots_that_were_named_are_not_asked_about(lesson: Lesson, demonstrated: Demonstrated, library: Library):
    asked: list[Shown] = []

    def confirm(shown: Shown) -> Mapping[str, str]:
        asked.append(shown)
        return {}

    done = kept(lesson, demonstrated, library, Request("t", REQUEST.task, {"who": "Bob"}), confirm)

    assert asked[0].proposed == {"message": "see you"} and asked[0].given == {"who": "Bob"}
    assert done.slots == {"who": "Bob"} and done.task == "Text {who} that see you"


def test_a_lesson_with_something_unclear_is_not_kept_by_itself(
    lesson: Lesson, demonstrated: Demonstrated, library: Library
):
    unclear = dataclasses.replace(lesson, recording=_with_unclear(lesson))

    with pytest.raises(NotDone, match="could not be understood"):
        kept(unclear, demonstrated, library)
    assert library.entries() == ()


def test_the_teacher_may_say_that_what_is_unclear_did_not_matter(
    lesson: Lesson, demonstrated: Demonstrated, library: Library
):
    unclear = dataclasses.replace(lesson, recording=_with_unclear(lesson))
    done = kept(unclear, demonstrated, library, confirm=lambda shown: {} if shown.unclear else None)

    assert done.unclear == 1 and library.load("text-someone").version == 1


def test_an_empty_lesson_is_told_apart(lesson: Lesson, demonstrated: Demonstrated, library: Library):
    empty = dataclasses.replace(lesson, steps=())

    with pytest.raises(NotDone, match="nothing was shown"):
        kept(empty, demonstrated, library)


@pytest.mark.parametrize("slots", [{"a b": "x"}, {"contact": "  "}])
def test_slots_that_are_none_are_refused_before_the_lesson(slots: dict[str, str]):
    with pytest.raises(BadInput):
        check(Request("text", "", slots))


def test_a_name_that_is_none_is_refused_before_the_lesson():
    with pytest.raises(RecipeInvalid):
        check(Request("../text"))


def _with_unclear(lesson: Lesson):  # type: ignore[no-untyped-def]
    from replay.recorder import Unclear

    return dataclasses.replace(lesson.recording, unclear=(Unclear("tap", None, 1.0, "moving"),))


# -- the evaluation, by the same code as in full


def test_finger_and_page_give_the_same_recipe_and_it_replays_with_other_values():
    result = evaluate(lessons=2, replays=5, seed=7)

    assert result["taught"]["same_recipe"] == result["taught"]["n"] == 2, result["taught"]
    assert result["replayed"]["done"] == result["replayed"]["n"] == 5, result["replayed"]


def test_the_comparison_sees_a_difference():
    one = taught("finger", {"contact": "Bob", "message": "on my way"})
    other = taught("page", {"contact": "Carol", "message": "on my way"})

    assert one != other
