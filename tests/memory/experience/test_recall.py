"""Known tasks come back with other values and in other words; near misses do not."""

from __future__ import annotations

import json

import pytest

from memory.experience.induce import Shown
from memory.experience.recall import ExperienceMemory
from memory.experience.template import Joined, Match, Miss, from_data, to_data
from tests.memory.experience.classes import CLASSES, filled, in_order, taught

BY_ID = {row["id"]: row for row in CLASSES}


@pytest.fixture(scope="module")
def memory() -> ExperienceMemory:
    return taught(CLASSES)


@pytest.mark.parametrize("key", sorted(BY_ID))
def test_a_near_miss_is_never_taken_for_the_task(memory: ExperienceMemory, key: str) -> None:
    row = BY_ID[key]
    for trap in row["traps"]:
        words = filled(trap, row["values"][0])
        found = memory.match_one(words)
        assert not (isinstance(found, Match) and found.template == key), words


def test_other_values_are_found_exactly_after_one_run(memory: ExperienceMemory) -> None:
    asked = [(row, values) for row in CLASSES for values in row["values"][1:]]
    exact = 0
    for row, values in asked:
        found = memory.match(filled(row["template"], values))
        if isinstance(found, Match):
            assert found.template == row["id"]
            exact += list(found.values.values()) == in_order(row["template"], values)
    assert exact / len(asked) >= 0.94


@pytest.mark.parametrize(("language", "least"), [("en", 0.80), ("zh", 0.60), ("de", 0.75), ("es", 0.85), ("fr", 0.85)])
def test_most_other_wordings_are_understood_and_none_is_taken_for_another_task(
    memory: ExperienceMemory, language: str, least: float
) -> None:
    asked = right = 0
    for row in CLASSES:
        if (row["id"][:2] if row["id"][2:3] == "_" else "en") != language:
            continue
        for wording in row["paraphrases"]:
            for values in row["values"][1:] or [{}]:
                asked += 1
                found = memory.match(filled(wording, values))
                assert not isinstance(found, Match) or found.template == row["id"]
                right += isinstance(found, Match)
    assert right / asked >= least


def test_tasks_never_learnt_are_not_known() -> None:
    half = taught(CLASSES[::2])
    for row in CLASSES[1::2]:
        for values in row["values"]:
            for wording in (row["template"], *row["paraphrases"]):
                assert not isinstance(half.match(filled(wording, values)), Match), filled(wording, values)


def test_buttons_and_the_apps_name_are_no_slots() -> None:
    memory = ExperienceMemory()
    made = memory.learn("k", "Save a track in Wayfare", [Shown("Save"), Shown("Wayfare", "app"), Shown("More options")])
    assert made.slots == ()


def test_one_of_several_choices_is_a_value_and_a_button_written_otherwise_is_none() -> None:
    memory = ExperienceMemory()
    made = memory.learn("a", "Order a large size tea", [Shown("large size", "tapped")])
    assert [made.phrasings[0].words[slot.start : slot.end] for slot in made.phrasings[0].slots] == ["large size"]
    assert memory.learn("b", "Open the next event", [Shown("Next")]).slots == ()


def test_an_app_that_several_unlabelled_runs_name_stops_being_a_slot() -> None:
    memory = ExperienceMemory()
    memory.learn("a", "Add milk into the shop list", ["milk", "shop list"])
    memory.learn("b", "Remove all bread from the shop list", ["bread", "shop list"])
    found = memory.match("Add eggs into the shop list")
    assert isinstance(found, Match)
    assert list(found.values.values()) == ["eggs"]


def test_a_paraphrase_learnt_becomes_a_phrasing() -> None:
    memory = ExperienceMemory()
    memory.learn("k", "Text Bob that dinner is ready", ["Bob", "dinner is ready"])
    assert isinstance(memory.match("Give Ann the word: I am late"), Miss)
    memory.learn("k", "Give Bob the word: dinner is ready", ["Bob", "dinner is ready"])
    found = memory.match("Give Ann the word: I am late")
    assert isinstance(found, Match)
    assert list(found.values.values()) == ["Ann", "I am late"]
    assert len(memory.template("k").phrasings) == 2


def test_two_tasks_in_one_sentence_are_two_matches(memory: ExperienceMemory) -> None:
    found = memory.match("Turn on wifi and then turn bluetooth off")
    assert isinstance(found, Joined)
    assert [part.template for part in found.parts] == ["wifi_on", "bluetooth_off"]


def test_a_near_miss_says_which_word_was_unexplained(memory: ExperienceMemory) -> None:
    found = memory.match("Reset the broken stopwatch")
    assert isinstance(found, Miss)
    assert found.nearest == "stopwatch_reset"
    assert found.unexplained == ("broken",)


def test_an_answer_in_other_words_is_less_sure_and_says_why(memory: ExperienceMemory) -> None:
    literal, meant = memory.match("Delete the contact Ann"), memory.match("Erase the contact Ann")
    assert isinstance(literal, Match)
    assert isinstance(meant, Match)
    assert literal.exact
    assert not meant.exact
    assert meant.confidence < literal.confidence
    assert any("Erase" in reason for reason in meant.reasons)


def test_quantifying_words_and_lists_are_told_as_loops() -> None:
    memory = ExperienceMemory()
    memory.learn("k", "Delete the following notes from Jotter: a1, b2", [Shown("a1, b2"), Shown("Jotter", "app")])
    found = memory.match("Delete the following notes from Jotter: c3, d4, e5")
    assert isinstance(found, Match)
    assert found.loops


def test_words_that_can_be_split_in_several_ways_are_no_answer() -> None:
    memory = ExperienceMemory()
    memory.learn("k", "Move rice to pot", [Shown("rice", "typed"), Shown("pot", "typed")])
    assert isinstance(memory.match("Move salt to jar"), Match)
    assert isinstance(memory.match("Move letter to dad to box to attic"), Miss)


def test_templates_survive_being_written_and_read(memory: ExperienceMemory) -> None:
    again = ExperienceMemory()
    for template in memory.templates():
        again.put(from_data(json.loads(json.dumps(to_data(template)))))
    assert again.templates() == memory.templates()
    assert again.match("Turn on wifi") == memory.match("Turn on wifi")
    with pytest.raises(ValueError, match="form"):
        from_data({"form": 99})


def test_what_is_forgotten_is_not_known_any_more() -> None:
    memory = taught(CLASSES[:3])
    memory.forget(CLASSES[0]["id"])
    assert isinstance(memory.match(filled(CLASSES[0]["template"], CLASSES[0]["values"][0])), Miss)


@pytest.mark.parametrize(
    "words",
    ["", "  \n\t", "😀😀", "\x00\x01", "x" * 1_000_000, "Text 张伟 that", "'" * 3000, "给" * 3000, '" OR 1=1; DROP',
     "Text Bob that \ud800", "and then " * 300, "{a}{{b}}", "1:2 3:4 " * 300],
)  # fmt: skip
def test_bad_words_are_a_clear_miss(memory: ExperienceMemory, words: str) -> None:
    found = memory.match(words)
    assert isinstance(found, Miss) or words.startswith("Text Bob")
    assert not isinstance(found, Miss) or found.reasons
    ExperienceMemory().learn("k", words, ["Bob", words[:40]])
