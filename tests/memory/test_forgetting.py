"""Forgetting reaches every place, and says so only if it is so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from memory.action.replay import Did
from memory.embedding.lexical import LexicalEmbedder
from memory.errors import NotRemembered
from memory.experience.template import Match
from memory.forgetting import forget, forget_name
from memory.opening import Memory
from memory.profile.records import Source
from tests.memory.test_opening import ACTIONS, ASKED, DONE, WORDS


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    with Memory.open(tmp_path, LexicalEmbedder()) as one:
        yield one


def stored(memory: Memory) -> bytes:
    memory.store.fold()
    return b"".join(file.read_bytes() for file in memory.store.files()).lower()


def test_a_fact_is_gone_from_tables_indexes_graph_and_the_bytes_of_the_file(memory: Memory) -> None:
    told = memory.profile.remember("my neighbour is Quentin", source=Source("said", "talk"))
    memory.profile.remember("I drink oat latte", source=Source("said", "talk"))
    memory.profile.recall("who is Quentin")
    memory.profile.flush()
    assert b"quentin" in stored(memory)

    gone = forget(memory, [told.uid], [])

    assert gone.facts == (told.uid,) and gone.remains == ()
    assert gone.removed["facts"] == 1 and gone.removed["sources"] == 1 and gone.removed["edges"] > 0
    assert b"quentin" not in stored(memory)
    assert "Quentin" not in str(memory.profile.recall("who is Quentin my neighbour", history=True))
    assert memory.profile.verify(repair=False, words=True).sound


def test_a_name_is_gone_from_facts_that_only_mention_it_and_from_tasks(memory: Memory) -> None:
    memory.profile.remember("I met Bob at the lake")
    memory.profile.remember("my neighbour is Bob")
    memory.profile.remember("Bobby likes tea")
    with memory.changing():
        task = memory.action.learn(WORDS, DONE, app="Messages")
        own = memory.action.learn("ring the neighbour", [Did("tap Bob", "Bob"), Did("tap call", "call")])
        memory.action.failed("text bob that I wait", ())
    match = memory.experience.match(ASKED)
    assert isinstance(match, Match)
    with memory.changing():
        memory.experience.used(match)

    gone = forget_name(memory, "bob")

    assert gone.remains == () and len(gone.facts) == 2
    assert gone.tasks == (own,) and gone.changed_tasks == (task,)
    assert [fact.text for fact in memory.profile.facts()] == ["Bobby likes tea"]
    plan = memory.action.plan(ASKED)
    assert plan is not None and plan.actions == ACTIONS  # the task is still known, with another example
    assert memory.action.marks().blocked == frozenset()
    assert b"text bob" not in stored(memory)


def test_a_task_is_forgotten_with_its_steps_history_tree_and_chains(memory: Memory) -> None:
    with memory.changing():
        task = memory.action.learn(WORDS, DONE, app="Messages")

    gone = forget(memory, [], [task])

    assert gone.tasks == (task,) and gone.remains == ()
    assert memory.action.plan(ASKED) is None
    assert memory.action.next_step(ASKED, ACTIONS[:1], app="Messages") is None
    assert len(memory.action.steps) == 0 and memory.action.tree.size() == 0
    assert b"open messages" not in stored(memory)


def test_what_is_not_there_cannot_be_forgotten_and_nothing_else_is(memory: Memory) -> None:
    told = memory.profile.remember("my neighbour is Quentin")

    with pytest.raises(NotRemembered):
        forget(memory, [told.uid], ["no such task"])
    with pytest.raises(NotRemembered):
        forget_name(memory, "Nobody")

    assert memory.profile.fact(told.uid)


def test_the_proof_names_what_remains(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    told = memory.profile.remember("my neighbour is Quentin")
    monkeypatch.setattr(type(memory.profile), "forget", lambda self, uids: forgotten)
    from memory.profile.records import Forgotten

    forgotten = Forgotten((told.uid,), (1,), (), {"facts": 1}, ("my neighbour is Quentin",))
    monkeypatch.setattr(type(memory.profile), "says", lambda self, text: False)

    gone = forget(memory, [told.uid], [])

    assert "facts" in gone.remains and "memory.sqlite" in gone.remains and "facts.lexical" in gone.remains


def test_a_chinese_name_is_found_without_spaces_around_it(memory: Memory) -> None:
    memory.profile.remember("我和李雷去了上海")
    memory.profile.remember("我喜欢茶")

    gone = forget_name(memory, "李雷")

    assert gone.remains == ()
    assert [fact.text for fact in memory.profile.facts()] == ["我喜欢茶"]


def test_who_was_it_before_is_not_forgotten_with_who_it_is_now(memory: Memory) -> None:
    for words in (
        "my mother is Maria",
        "my mother is Anna",
        "my mother works at Zandhof",
        "my mother works at Quinpol",
    ):
        memory.profile.remember(words)

    gone = forget_name(memory, "Anna")

    assert gone.remains == () and b"anna" not in stored(memory)
    assert len(gone.facts) == 3 and b"zandhof" not in stored(memory) and b"quinpol" not in stored(memory)
    assert memory.profile.recall("who is my mother") == []
    [before] = memory.profile.recall("who is my mother Maria", history=True)
    assert before.fact.text == "my mother is Maria"
    assert before.fact.valid_to is not None and before.fact.replaced_by is None
    assert memory.profile.verify(repair=False, words=True).sound
    assert forget_name(memory, "Maria").remains == ()
