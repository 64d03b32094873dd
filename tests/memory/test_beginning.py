"""How a task that nobody taught may begin: as the known tasks its words speak of all begin."""

from __future__ import annotations

import dataclasses

from device.actions import OpenApp
from memory.beginning import beginning
from memory.learn.learner import Learner
from memory.learn.lesson import Lesson
from memory.opening import Memory
from replay.recipe import TapOn
from tests.memory.learn.lessons import BOB, LATE, ran, recipe, taught

SETTINGS = "com.android.settings"
CONTACTS = "com.android.contacts"


def said(lesson: Lesson, words: str) -> Lesson:
    """The same steps, taught in other words."""
    assert lesson.recipe is not None
    return dataclasses.replace(lesson, words=words.format(**lesson.values))


def two_that_text(learner: Learner) -> None:
    learner.learn(said(taught("text", **LATE), "text {contact} a greeting: {message}"))
    learner.learn(said(taught("text", called="invite", **LATE), "invite {contact} with a greeting: {message}"))


def test_what_types_or_is_for_good_is_none_of_it(memory: Memory, learner: Learner) -> None:
    two_that_text(learner)
    whole = recipe("text", **LATE).steps
    assert any(step.for_good for step in whole)

    found = beginning(memory, f"translate a greeting for {LATE['contact']}: {LATE['message']}", [CONTACTS])

    steps = found.recipe_steps()
    assert 2 <= len(steps) < len(whole)
    assert [step.says for step in steps] == [step.says for step in whole[: len(steps)]]
    assert all(isinstance(step.move, OpenApp | TapOn) and not step.for_good for step in steps)
    assert found.tasks == ("invite", "text")


def test_a_value_comes_in_only_where_one_of_theirs_stands_in_the_words(memory: Memory, learner: Learner) -> None:
    two_that_text(learner)
    learner.learn(ran("text", key="run-1", contact="Emma", message="hi"))

    def steps(words: str) -> int:
        return len(beginning(memory, words, [CONTACTS]).recipe_steps())

    with_him = steps("translate the greeting for Bob")
    assert beginning(memory, "translate the greeting for Bob", [CONTACTS]).values == {"contact": "Bob"}
    assert steps("translate the greeting for Emma") == with_him
    for words in ("for Zoe", "for Bob and Emma", "for Bobby"):
        assert steps(f"translate the greeting {words}") == 1 < with_him, words


def test_one_task_is_no_agreement_and_words_of_another_thing_begin_nothing(memory: Memory, learner: Learner) -> None:
    learner.learn(said(taught("text", **LATE), "text {contact} a greeting: {message}"))
    assert beginning(memory, "translate the greeting for Bob", [CONTACTS]).recipe_steps() == ()

    two_that_text(learner)
    assert beginning(memory, "water the plants", [CONTACTS]).recipe_steps() == ()
    assert beginning(memory, "translate the greeting for Bob", [SETTINGS]).recipe_steps() == ()


def test_tasks_that_part_are_followed_up_to_there(memory: Memory, learner: Learner) -> None:
    learner.learn(said(taught("star", **BOB), "make the number of {contact} a favorite"))
    other = recipe("star", **BOB)
    steps = (*other.steps[:1], dataclasses.replace(other.steps[1], says="Hold '{contact}'"), *other.steps[2:])
    lesson = taught("star", called="ring", **BOB)
    changed = dataclasses.replace(other, id="ring", name="ring", steps=steps)
    learner.learn(said(dataclasses.replace(lesson, recipe=changed), "ring the number of {contact}"))

    assert len(beginning(memory, "block the number of Bob", [CONTACTS]).recipe_steps()) == 1
    memory.action.unfile("ring")
    assert beginning(memory, "block the number of Bob", [CONTACTS]).recipe_steps() == (), "it works no more"


def test_words_it_went_wrong_for_are_not_begun_so_again(memory: Memory, learner: Learner) -> None:
    two_that_text(learner)
    words = "translate the greeting for Bob"
    assert beginning(memory, words, [CONTACTS]).recipe_steps()
    with memory.changing(why="a run went wrong"):
        memory.action.failed(words, ())

    assert beginning(memory, words, [CONTACTS]).recipe_steps() == ()
