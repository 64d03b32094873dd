"""A name that stands fast in a task's words keeps its place beside the values: who is one is not the other."""

from __future__ import annotations

import pytest

from memory.experience.induce import Shown
from memory.experience.recall import ExperienceMemory
from memory.experience.template import Match, Miss


def taught(words: str, *shown: Shown) -> ExperienceMemory:
    memory = ExperienceMemory()
    memory.learn("taught", words, list(shown))
    return memory


def two_texts() -> ExperienceMemory:
    return taught(
        "text Bob the price and text Alice that the train is late",
        Shown("Bob", "tapped", "contact"), Shown("the train is late", "typed", "message"),
    )  # fmt: skip


def test_whoever_stands_fast_and_whoever_is_a_value_are_not_exchanged() -> None:
    memory = two_texts()
    same = memory.match("text Carol the price and text Alice that lunch is over")
    exchanged = memory.match("text Alice the price and text Bob that lunch is over")

    assert isinstance(same, Match), same
    assert same.values["contact"] == "Carol"
    assert isinstance(exchanged, Miss), exchanged


@pytest.mark.parametrize(
    ("words", "value", "exchanged"),
    [
        ("send Bob the address of Alice", "Bob", "send Alice the address of Bob"),
        ("schick Jonas die Adresse von Marie", "Jonas", "schick Marie die Adresse von Jonas"),
        ("manda a Luis la dirección de Elena", "Luis", "manda a Elena la dirección de Luis"),
    ],
)
def test_a_name_on_the_other_side_of_a_value_is_somebody_else(words: str, value: str, exchanged: str) -> None:
    memory = taught(words, Shown(value, "tapped", "contact"))

    assert isinstance(memory.match(words), Match)
    assert isinstance(memory.match(exchanged), Miss), memory.match(exchanged)


def test_a_word_of_how_often_that_is_written_as_a_name_is_one() -> None:
    memory = taught("archive the mail of Nina Patel", Shown("Nina Patel", "tapped", "sender"))
    found = memory.match("archive the mail of Garden Weekly")

    assert isinstance(found, Match), found
    assert found.values == {"sender": "Garden Weekly"}


def test_a_question_of_small_words_is_not_another_one_of_small_words() -> None:
    memory = taught("what is this phone called?")

    assert isinstance(memory.match("what is this phone called?"), Match)
    assert isinstance(memory.match("what is this app called?"), Miss)
