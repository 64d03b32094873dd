"""Statements are read without a model, and two wordings are the same only if nothing differs."""

from __future__ import annotations

import pytest

from memory.profile.likeness import same_roles, shape
from memory.profile.statements import read_statement


@pytest.mark.parametrize(
    ("said", "subject", "relation", "value", "positive"),
    [
        ("my mother is Maria", "", "mother", "Maria", True),
        ("Maria is my mum.", "", "mother", "Maria", True),
        ("My mum's name is Maria", "", "mother", "Maria", True),
        ("my mother's birthday is May 3", "mother", "birthday", "May 3", True),
        ("Bob's birthday is May 3", "bob", "birthday", "May 3", True),
        ("I drink oat latte", "", "drink", "oat latte", True),
        ("I don't drink milk", "", "drink", "milk", False),
        ("I can't stand mushrooms", "", "like", "mushrooms", False),
        ("Please remember that I live in Berlin", "", "live", "Berlin", True),
        ("My usual coffee is a flat white", "", "usual coffee", "flat white", True),
        ("my favorite color is green", "", "favourite colour", "green", True),
        ("I'm allergic to peanuts", "", "allergy", "peanuts", True),
        ("Bob likes jazz", "bob", "like", "jazz", True),
        ("call me Joe", "", "name", "Joe", True),
        ("我妈妈叫玛丽亚", "", "mother", "玛丽亚", True),
        ("玛丽亚是我妈妈", "", "mother", "玛丽亚", True),
        ("我不喜欢香菜", "", "like", "香菜", False),
        ("我住在上海", "", "live", "上海", True),
        ("我在华为工作", "", "work", "华为", True),
        ("我对花生过敏", "", "allergy", "花生", True),
        ("我的生日是5月3日", "", "birthday", "5月3日", True),
    ],
)
def test_everyday_forms_are_read(said: str, subject: str, relation: str, value: str, positive: bool) -> None:
    reading = read_statement(said)

    assert reading is not None
    assert (reading.subject, reading.relation, reading.value, reading.positive) == (subject, relation, value, positive)


@pytest.mark.parametrize(
    "said", ["What is my mother's name?", "DROP TABLE facts; --", "😀", "", "hello", "word " * 10_000]
)
def test_what_is_no_statement_has_no_reading(said: str) -> None:
    assert read_statement(said) is None


def test_the_situation_is_read_out_of_the_words() -> None:
    reading = read_statement("I drink green tea in the evening at work")

    assert reading is not None
    assert (reading.value, reading.situation.time_of_day, reading.situation.place) == ("green tea", "evening", "work")


def same(one: str, other: str) -> bool:
    first, second = shape(one), shape(other)
    return first.key("") == second.key("") and same_roles(first, second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sarah lives in Paris", "Sarah's home is in Paris"),
        ("I take 2 pills", "I take two pills"),
        ("I usually drink oat latte", "oat latte is what I drink"),
        ("Tom was born on May 3", "Tom's birthday is 3 May"),
        ("我平时喝燕麦拿铁", "我喝燕麦拿铁。"),
    ],
)
def test_other_words_for_the_same_are_the_same(one: str, other: str) -> None:
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I owe Bob 5 euros", "Bob owes me 5 euros"),
        ("I owe Bob 5 euros", "I owe Bob 6 euros"),
        ("I like tea", "I don't like tea"),
        ("I like tea", "I hate tea"),
        ("I drink oat latte", "I drink soy latte"),
        ("Tom was born on May 3", "Tom was born on June 3"),
        ("the shop opens from 3 to 5", "the shop opens from 5 to 3"),
        ("我欠小明五块", "小明欠我五块"),
        ("我喜欢猫", "我不喜欢猫"),
    ],
)
def test_one_word_of_difference_keeps_facts_apart(one: str, other: str) -> None:
    assert not same(one, other)
