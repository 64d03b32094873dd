"""A memory as JSON lines: whole, without secrets, and twice is as once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from memory.embedding.lexical import LexicalEmbedder
from memory.errors import NotAnExport
from memory.exchange import VERSION, export, merge, speaks_of_secret
from memory.opening import Memory
from memory.profile.records import Saying, Situation, Source
from tests.memory.test_opening import ACTIONS, ASKED, DONE, WORDS

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Memory]:
    with Memory.open(tmp_path / "one", LexicalEmbedder()) as memory:
        yield memory


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Memory]:
    with Memory.open(tmp_path / "other", LexicalEmbedder()) as memory:
        yield memory


def fill(memory: Memory) -> None:
    remember = memory.profile.remember
    remember("my mother is Maria", source=Source("said", "talk"))
    remember("I drink oat latte", source=Source("said", "talk"))
    remember("my boss is Dana")
    remember("my boss is Erik")
    memory.profile.add_alias("Maria", "Mia")
    values, at = {"drink": "oat latte"}, datetime(2026, 1, 5, 8, tzinfo=UTC)
    for run in ("run 1", "run 2"):
        memory.profile.observe_run(values, app="Cafe", run=run, at=at)
    with memory.changing():
        memory.action.learn(WORDS, DONE, app="Messages")
        memory.action.failed("text Zoe that I am late", ())


def lines(memory: Memory) -> list[str]:
    """Without the header's time."""
    return sorted(line for line in export(memory, NOW).lines)


def test_what_one_memory_knows_another_knows_after_the_merge(one: Memory, other: Memory) -> None:
    fill(one)

    told = merge(other, export(one, NOW).lines)

    assert told.changed > 0
    assert lines(other) == lines(one)
    plan = other.action.plan(ASKED)
    assert plan is not None and plan.actions == ACTIONS
    assert other.action.plan("text Zoe that I am late") is None
    assert [found.value for found in other.profile.resolve("mum")] == ["Maria"]
    boss = other.profile.recall("who is my boss", k=1)[0].fact
    assert [fact.value for fact in other.profile.history(boss.uid)] == ["Erik", "Dana"]
    assert other.profile.usual("drink", situation=Situation("morning", "", "Cafe"))[0].value == "oat latte"
    assert other.profile.verify(repair=False, words=True).sound


def test_merging_twice_or_into_its_own_memory_changes_nothing(one: Memory, other: Memory) -> None:
    fill(one)
    exported = export(one, NOW).lines
    before = lines(one)

    assert merge(one, exported).changed == 0
    assert lines(one) == before
    merge(other, exported)
    before = lines(other)
    assert merge(other, exported).changed == 0
    assert lines(other) == before


def test_two_memories_that_know_the_same_thing_have_it_once_with_every_source(one: Memory, other: Memory) -> None:
    one.profile.remember("my mother is Maria", source=Source("said", "here"))
    other.profile.remember("my mum is Maria", source=Source("said", "there"))

    told = merge(other, export(one, NOW).lines)

    facts = other.profile.facts()
    assert len(facts) == 1 and told.profile.facts == 0
    assert {source.ref for source in other.profile.sources(facts[0].uid)} == {"here", "there"}
    assert facts[0].count == 2
    assert merge(other, export(one, NOW).lines).changed == 0


def test_of_two_values_for_one_place_the_later_one_stays_whichever_side_it_is_on(one: Memory, other: Memory) -> None:
    old, new = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    one.profile.remember_all([Saying("my boss is Dana", at=old)])
    other.profile.remember_all([Saying("my boss is Erik", at=new)])
    ours, theirs = export(one, NOW).lines, export(other, NOW).lines

    merge(one, theirs)
    merge(other, ours)

    for memory in (one, other):
        assert [fact.value for fact in memory.profile.facts()] == ["Erik"]
        assert {fact.value for fact in memory.profile.facts(history=True)} == {"Erik", "Dana"}
    assert merge(one, theirs).changed == 0


def test_a_repair_travels_and_a_task_known_with_other_steps_is_left_as_it_is(one: Memory, other: Memory) -> None:
    fill(one)
    merge(other, export(one, NOW).lines)
    step = one.experience.templates()[0].steps[0]
    with one.changing():
        one.action.steps.revise(step, "open Messages 2")

    told = merge(other, export(one, NOW).lines)

    assert told.steps == 1 and told.left_out == 0
    assert other.action.steps.current(step).form == "open Messages 2"


@pytest.mark.parametrize(
    "text",
    [
        "my wifi password is hunter2",
        "the door code is 4711",
        "my PIN is 1234",
        "我的密码是 hunter2",
        "mein Passwort lautet hunter2",
        "my card is 4111 1111 1111 1111",
    ],
)
def test_no_export_holds_a_secret(one: Memory, text: str) -> None:
    one.profile.remember(text)
    one.profile.remember("my mother is Maria")

    made = export(one, NOW)

    assert made.withheld == 1 and made.facts == 1
    secret = re.compile(r"(?<![0-9a-z])(hunter2|4711|1234|4111)(?![0-9a-z])")  # ids are random
    assert not any(secret.search(line) for line in made.lines)


@pytest.mark.parametrize("text", ["my mother is Maria", "call +49 151 1234567", "I like pineapple", "secret://bank"])
def test_what_is_no_secret_is_not_withheld(text: str) -> None:
    assert not speaks_of_secret(text)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: [], "does not begin"),
        (lambda rows: rows[1:], "does not begin"),
        (lambda rows: [{**rows[0], "version": VERSION + 1}, *rows[1:]], "version"),
        (lambda rows: [*rows, {"kind": "fact"}], "no text 'uid'|wordings"),
        (lambda rows: [*rows[:1], *({**row, "confidence": "high"} for row in rows[1:])], "no number"),
        (lambda rows: [*rows[:1], *({**row, "count": float("nan")} for row in rows[1:])], "no number"),
        (lambda rows: [*rows, {"kind": "template", "template": {}, "task": None}], "cannot be read"),
        (lambda rows: [*rows, {"kind": "step", "id": "s"}], "a step lacks"),
        (lambda rows: [*rows, ["no", "record"]], "no record"),
    ],
)
def test_what_is_no_export_is_refused_and_changes_nothing(
    one: Memory, other: Memory, change: object, said: str
) -> None:
    one.profile.remember("my boss is Dana")
    rows = [json.loads(line) for line in export(one, NOW).lines if "edge" not in line and "entity" not in line]

    with pytest.raises(NotAnExport, match=said):
        merge(other, [json.dumps(row) for row in change(rows)])  # type: ignore[operator]

    assert other.profile.facts() == [] and other.profile.recall("boss") == []
    assert other.experience.templates() == ()


def test_lines_that_are_no_json_are_named_by_number(other: Memory) -> None:
    with pytest.raises(NotAnExport, match="line 2"):
        merge(other, ['{"kind": "mobimem-memory", "version": 1}', "{"])
    with pytest.raises(NotAnExport, match="line 1"):
        merge(other, ["[" * 100_000])
