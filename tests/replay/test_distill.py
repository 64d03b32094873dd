"""A demonstration becomes a recipe that other values pass and other pages do not."""

from __future__ import annotations

import pytest

from device.actions import OpenApp, PressKey
from device.clock import ManualClock
from perception.screen import Screen
from replay.checks import AppIs, Changed, PageIs, Says, SwitchIs, judge
from replay.distill import Done, Typed, distill, says_of
from replay.errors import RecipeInvalid
from replay.proposals import propose_slots
from replay.recipe import Recipe, from_data, to_data
from tests.replay.lesson import Lesson, new_phone

SHOWN = {"contact": "Bob", "message": "see you"}
OTHERS = ["Alice", "Carol", "Maria", "Jürgen Weiß", "王伟"]


def new_lesson() -> Lesson:
    clock = ManualClock()
    return Lesson(new_phone(clock), clock)


@pytest.fixture(scope="module")
def done() -> tuple[Done, ...]:
    lesson = new_lesson()
    lesson.tap("Messages").tap("Start chat").tap("Bob").tap("Text message").type("see you").tap("Send SMS")
    return lesson.steps()


@pytest.fixture(scope="module")
def recipe(done: tuple[Done, ...]) -> Recipe:
    return distill(done, recipe_id="text", name="text", task="text Bob that see you", values=SHOWN)


def test_the_steps_read_well(recipe: Recipe):
    assert recipe.task == "text {contact} that {message}"
    assert [step.says for step in recipe.steps] == [
        "Open Messages",
        "Tap 'Start chat'",
        "Tap '{contact}'",
        "Type '{message}' into 'Text message'",
        "Tap 'Send SMS'",
    ]


def test_each_step_checks_the_page_it_led_to_and_the_value_that_was_chosen(recipe: Recipe):
    kinds = [[type(check) for check in step.after] for step in recipe.steps]

    assert kinds == [[AppIs, PageIs], [PageIs], [PageIs, Says], [], [Says]]
    assert recipe.steps[2].after[1] == Says("{contact}", "action_bar_title", whole=True)
    assert recipe.steps[4].after == (Says("{message}", "message_text", whole=True),)


def test_only_sending_is_irreversible(recipe: Recipe):
    assert [step.for_good for step in recipe.steps] == [False, False, False, False, True]


def test_a_recipe_survives_its_file(recipe: Recipe):
    assert from_data(to_data(recipe)) == recipe


def thread_of(contact: str) -> Screen:
    lesson = new_lesson()
    return lesson.tap("Messages").tap("Start chat").scroll_to(contact).tap(contact).screen()


@pytest.mark.parametrize("contact", OTHERS)
def test_a_page_full_of_anothers_messages_passes_if_that_one_was_asked_for(recipe: Recipe, contact: str):
    screen = thread_of(contact)
    verdicts = [judge(check, screen, {**SHOWN, "contact": contact}) for check in recipe.steps[2].after]

    assert all(verdict.holds for verdict in verdicts), verdicts


@pytest.mark.parametrize("contact", OTHERS)
def test_the_right_page_of_the_wrong_contact_fails(recipe: Recipe, contact: str):
    screen = thread_of(contact)
    verdicts = [judge(check, screen, SHOWN) for check in recipe.steps[2].after]

    assert [verdict.holds for verdict in verdicts] == [True, False]


def test_what_is_no_slot_but_was_chosen_from_a_list_is_checked_too(done: tuple[Done, ...]):
    fixed = distill(done, recipe_id="text", name="text", task="text bob", values={"message": "see you"})

    assert Says("Bob", "action_bar_title", whole=True) in fixed.steps[2].after


def test_a_whole_text_with_a_slot_in_it_is_checked_as_typed():
    lesson = new_lesson()
    lesson.tap("Messages").tap("Start chat").tap("Bob").tap("Text message").type("at the station").tap("Send SMS")
    recipe = distill(lesson.steps(), recipe_id="x", name="x", task="x", values={"place": "station"})

    assert Says("at the {place}", "message_text", whole=True) in recipe.steps[-1].after


def test_a_switch_is_set_and_checked():
    lesson = new_lesson()
    lesson.tap("Settings").tap("Network & internet").tap("Airplane mode")
    step = distill(lesson.steps(), recipe_id="x", name="x", task="x", values={}).steps[-1]

    assert any(isinstance(check, SwitchIs) and check.on for check in step.after)
    assert step.says == "Switch 'Airplane mode' on"


def test_a_key_that_comes_first_needs_its_page(done: tuple[Done, ...]):
    back = Done(done[2].before, PressKey("back"), done[1].before)
    first = distill([back], recipe_id="x", name="x", task="x", values={}).steps[0]

    assert [type(check) for check in first.before] == [PageIs]


def test_an_app_that_asked_for_a_permission_first_is_not_expected_in_front(done: tuple[Done, ...]):
    opened = Done(done[0].before, OpenApp("com.example.other"), done[0].after)
    step = distill([opened], recipe_id="x", name="x", task="x", values={}).steps[0]

    assert not any(isinstance(check, AppIs) for check in step.after)
    assert step.says == "Open com.example.other"


def test_a_secret_is_named_and_never_expected_on_a_screen(done: tuple[Done, ...]):
    typed = done[3]
    assert isinstance(typed.did, Typed)
    secret = Done(typed.before, Typed(typed.did.element, "secret://bank-pin"), typed.after)

    assert says_of(secret) == "Type the secret bank-pin into 'Text message'"
    recipe = distill([secret, done[4]], recipe_id="x", name="x", task="x", values={})
    assert recipe.steps[1].after == (Changed(),)  # what was typed is gone from the field; nothing says it


def test_nothing_done_is_no_recipe():
    with pytest.raises(RecipeInvalid):
        distill([], recipe_id="x", name="x", task="x", values={})


# -- slots


def test_what_was_chosen_and_typed_and_stands_in_the_words_is_proposed(done: tuple[Done, ...]):
    assert propose_slots("Text bob that SEE YOU", done) == {"contact": "Bob", "message": "see you"}


def test_what_stands_in_the_words_but_was_only_a_button_is_not(done: tuple[Done, ...]):
    assert propose_slots("start chat with Bob and send SMS", done) == {"contact": "Bob"}


def test_parts_of_words_and_avatar_letters_are_not_proposed(done: tuple[Done, ...]):
    assert propose_slots("write to Bobby, plan B", done) == {}


def test_what_was_named_already_is_not_proposed_again(done: tuple[Done, ...]):
    assert propose_slots("text Bob that see you", done, {"who": "bob"}) == {"message": "see you"}


def test_a_name_that_is_taken_gets_a_number(done: tuple[Done, ...]):
    assert propose_slots("text Bob", done, {"contact": "Alice"}) == {"contact2": "Bob"}
