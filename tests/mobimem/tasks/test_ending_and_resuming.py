"""The pure judgements: whether a task is done, where a replay goes on, and what of a run is worth learning."""

from __future__ import annotations

from device.actions import PressKey
from mobimem.tasks.distilling import name_of, why_not, without_detours
from mobimem.tasks.ending import ending
from mobimem.tasks.goal import Ended
from mobimem.tasks.resuming import Carried, fits, resume_at
from perception.screen import Screen
from replay.demonstration import Demonstration
from tests.replay.bench import MESSAGES, Phone, text_someone

WORDS = "text Bob that See you at eight"
VALUES = {"contact": "Bob", "message": "See you at eight"}


def shown(*, sent: bool) -> tuple[Demonstration, Screen]:
    phone = Phone()
    hand = Demonstration(phone, clock=phone.clock)
    hand.open(MESSAGES)
    hand.tap("Start chat")
    hand.tap("Bob")
    hand.type("Text message", VALUES["message"])
    if sent:
        hand.tap("Send SMS")
    return hand, hand.screen


def test_a_message_that_was_sent_is_checked_and_one_in_its_field_is_denied() -> None:
    hand, screen = shown(sent=True)
    assert ending(WORDS, hand.done, [False] * 4 + [True], VALUES, screen).kind == "checked"

    hand, screen = shown(sent=False)
    told = ending(WORDS, hand.done, [False] * 4, VALUES, screen)
    assert told.kind == "denied"
    assert "See you" not in told.hint, "what goes to the model as our words quotes no screen"


def test_without_a_value_that_can_be_looked_for_nothing_is_checked() -> None:
    hand, screen = shown(sent=True)

    assert ending(WORDS, hand.done, [False] * 4 + [True], {}, screen).kind == "judged"
    assert ending(WORDS, hand.done, [False] * 5, {**VALUES, "more": "tomorrow"}, screen).kind == "judged"
    assert ending(WORDS, (), (), VALUES, screen).kind == "denied"


def test_replay_goes_on_at_the_first_step_that_fits_and_leaves_out_no_value_nobody_carried() -> None:
    recipe = text_someone()
    hand, screen = shown(sent=False)
    asked = {"contact": "Bob", "message": "other words"}

    assert fits(recipe.steps[3], screen, asked)
    assert resume_at(recipe, asked, 2, screen, Carried()) is None
    assert resume_at(recipe, asked, 2, screen, Carried(["Bob"])) == 3
    assert resume_at(recipe, {**asked, "contact": "Alice"}, 2, screen, Carried(["Alice"])) is None, "Bob's page"
    assert resume_at(recipe, asked, 1, hand.done[1].after, Carried()) == 2
    assert resume_at(recipe, asked, 4, hand.done[0].after, Carried()) is None
    assert resume_at(recipe, asked, 3, screen, Carried(), done=True) == 4, "typed already, by the replay itself"


def test_after_an_act_for_good_was_decided_none_of_the_recipe_is_offered_again() -> None:
    recipe = text_someone()
    _, typed = shown(sent=False)

    assert resume_at(recipe, VALUES, 4, typed, Carried([VALUES["message"]])) == 4
    assert resume_at(recipe, VALUES, 4, typed, Carried([VALUES["message"]], for_good=True)) is None
    assert resume_at(recipe, VALUES, 3, typed, Carried([VALUES["message"]], for_good=True)) is None


def test_going_somewhere_and_back_is_no_part_of_the_way_unless_something_was_changed_there() -> None:
    phone = Phone()
    hand = Demonstration(phone, clock=phone.clock)
    hand.open(MESSAGES)
    hand.tap("Start chat")
    hand.press(PressKey("back"))
    hand.tap("Start chat")

    assert [one.did for one in without_detours(hand.done)] == [hand.done[0].did, hand.done[3].did]


def test_only_what_was_proven_and_is_known_whole_is_learnt() -> None:
    assert why_not(Ended("done", "", "checked")) == why_not(Ended("done", "", "confirmed")) == ""
    assert "only the model" in why_not(Ended("done", "", "judged"))
    assert "not done" in why_not(Ended("stopped", ""))
    assert "in between" in why_not(Ended("done", "", "checked", whole=False))


def test_a_task_is_named_by_its_words_without_the_values() -> None:
    assert name_of(WORDS, VALUES, ()) == "text-that"
    assert name_of(WORDS, VALUES, ("text-that", "Text-That-2")) == "text-that-3"
    assert name_of("😀", {}, ()) == "task"
    assert name_of("给小明发短信", {"contact": "小明"}, ()) == "给-发短信"
