"""A memory of 59 mixed tasks is asked for something else, in words that are near: nothing is done.

`data/mixed_tasks.jsonl` are the tasks (what was said, the values, which of them were typed), `data/mixed_probes.jsonl`
the words: statements, questions, the past, conditions, reported speech, other verbs, other objects, a trailing "again".
They were split at random when they were written; half 1 was worked on, half 2 was run when the work was done;
set 3 was written after that. docs/memory.md has what the first runs took wrongly.
"""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from memory.experience.induce import Shown
from memory.experience.recall import ExperienceMemory
from memory.experience.template import Joined, Match, Miss
from memory.text.lexicon import lexicons

DATA = Path(__file__).parent / "data"


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


PROBES = _rows("mixed_probes.jsonl")
TASKS = _rows("mixed_tasks.jsonl")
APART = [
    *(("call", "order"), ("call", "book"), ("call", "text"), ("open", "turn on"), ("open", "delete")),
    *(("note", "book"), ("note", "delete"), ("clear", "delete"), ("add", "delete"), ("set", "insert")),
    *(("send", "post"), ("send", "save"), ("share", "save"), ("share", "post"), ("keep", "download")),
    *(("move", "copy"), ("cancel", "delete"), ("archive", "delete"), ("mute", "block"), ("pause", "stop")),
    *(("lock", "mute"), ("rename", "edit"), ("pay", "buy"), ("order", "sort"), ("order", "pay"), ("play", "open")),
    *(("reply", "forward"), ("snooze", "cancel"), ("like", "follow"), ("print", "scan"), ("hide", "delete")),
]  # two verbs of different effect, in their general senses


@pytest.fixture(scope="module")
def mixed() -> ExperienceMemory:
    memory = ExperienceMemory()
    for row in TASKS:
        values = [
            Shown(text, "typed" if name in row["typed"] else "tapped", name) for name, text in row["values"].items()
        ]
        buttons = [Shown(text, "tapped") for text in row["buttons"]]
        memory.learn(row["id"], row["words"].format(**row["values"]), [*values, *buttons])
    return memory


@pytest.mark.parametrize(("half", "least"), [(1, 90), (2, 85), (3, 50)])
def test_words_that_ask_for_something_else_are_never_taken_for_a_task(
    mixed: ExperienceMemory, half: int, least: int
) -> None:
    asked = [row for row in PROBES if row["half"] == half]
    taken = {row["words"]: found for row in asked if not isinstance(found := mixed.match(row["words"]), Miss)}

    wrong = {
        row["words"]: taken[row["words"]]
        for row in asked
        if row["words"] in taken and not _is_right(row, taken[row["words"]])
    }
    assert len(asked) >= least
    assert wrong == {}


def _is_right(row: dict[str, Any], found: Match | Joined | Miss) -> bool:
    if not isinstance(found, Match) or found.template != row.get("right"):
        return False
    return list(found.values.values()) == row["values"]


def test_every_task_is_still_known_by_its_own_words_with_other_values(mixed: ExperienceMemory) -> None:
    others = {"contact": "Ines", "title": "Harbour", "label": "Swim", "recipient": "Ines Vale", "sender": "Ines Vale"}
    for row in TASKS:
        values = {name: text if row["id"].endswith(("-zh", "-chinese")) else others.get(name, text)
                  for name, text in row["values"].items()}  # fmt: skip
        found = mixed.match(row["words"].format(**values))
        assert isinstance(found, Match), (row["id"], found)
        assert found.template == row["id"]
        assert found.values == values


@pytest.mark.parametrize(
    ("words", "task", "values"),
    [
        ("order the usual", "order-the-usual", []),
        ("Oliver is called Zoe", "rename-contact", ["Oliver", "Zoe"]),
        ("answer Bob's mail: I am running late", "answer-mail", ["Bob", "I am running late"]),
        ("remove the note Garden", "delete-note", ["Garden"]),
        ("please make sure to call Maria", "call-contact", ["Maria"]),
        ("switch the alarm Gym off", "alarm-off", ["Gym"]),
    ],
)
def test_everyday_wordings_of_the_tasks_are_understood(
    mixed: ExperienceMemory, words: str, task: str, values: list[str]
) -> None:
    found = mixed.match(words)
    assert isinstance(found, Match), found
    assert (found.template, list(found.values.values())) == (task, values)


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("write happy birthday to Carol", {"message": "happy birthday", "contact": "Carol"}),
        ("delete the note Books to read", {"title": "Books to read"}),
    ],
)
def test_what_only_the_owner_knows_is_asked(mixed: ExperienceMemory, words: str, values: dict[str, str]) -> None:
    found = mixed.match(words)
    assert isinstance(found, Miss)
    assert found.readings == (values,)


@pytest.mark.parametrize("value", ["Alice again", "Alice tomorrow", "Alice every day", "Alice or Bob", "a taxi"])
def test_a_name_takes_no_adverb_until_it_is_known_by_it(value: str) -> None:
    memory = ExperienceMemory()
    memory.learn("call", "call Bob", [Shown("Bob", "tapped", "contact")])
    assert isinstance(memory.match(f"call {value}"), Miss)
    memory.learn("call", f"call {value}", [Shown(value, "tapped", "contact")])
    assert isinstance(memory.match(f"call {value}"), Match)


def test_verbs_of_different_effect_share_no_idea() -> None:
    english = lexicons()["en"]

    def effects(verb: str) -> frozenset[str]:
        entry = english.find(tuple(verb.split()))
        return frozenset(idea for idea in entry.ideas if idea.startswith("act:")) if entry else frozenset()

    verbs = {verb for pair in APART for verb in pair}
    assert len(APART) < len(list(combinations(verbs, 2)))
    assert {verb for verb in verbs if not effects(verb)} == set()
    assert {pair: effects(pair[0]) & effects(pair[1]) for pair in APART if effects(pair[0]) & effects(pair[1])} == {}


def test_a_verb_that_names_another_channel_does_not_answer_for_one_that_is_unsaid() -> None:
    memory = ExperienceMemory()
    words = "reply to Bob's mail with I am running late"
    memory.learn("mail", words, [Shown("Bob", "tapped", "sender"), Shown("I am running late", "typed", "body")])

    assert isinstance(memory.match("text back Alice: see you at eight"), Miss)
    assert isinstance(memory.match("write back to Alice: see you at eight"), Match)
