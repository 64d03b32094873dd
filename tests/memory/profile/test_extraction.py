"""Statements a model found: under guard, less sure than the owner, read once, and gone with what they were found in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from memory.errors import NotRemembered
from memory.profile.extraction import STATEMENTS_MAX
from memory.profile.memory import ProfileMemory
from memory.profile.records import Saying, Source
from memory.profile.writing import EXTRACTED, SAID
from memory.store.migrations import MIGRATIONS
from memory.store.store import Store

LUNCH = "At lunch Dana, who runs our team, told me again that coriander is nothing for me, give me basil any day"


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[ProfileMemory]:
    store = Store.open(tmp_path)
    made = ProfileMemory(store, embedder=None)
    yield made
    made.close()
    store.close()


def told(memory: ProfileMemory, words: str) -> str:
    uid = memory.remember(words).uid
    assert memory.fact(uid).relation == "", "a form fits already: this is nothing for a model"
    return uid


def test_only_what_no_form_fits_waits_oldest_first_and_is_read_once(memory: ProfileMemory) -> None:
    memory.remember_all([
        Saying(words)
        for words in ("my mother is Maria", LUNCH, "where did I put the blue suitcase?", "ok", "x" * 5_000,
                      "Yesterday we finally got the dog, Rex is his name")
    ])  # fmt: skip
    waiting, count = memory.to_extract(10)

    assert [one.text[:10] for one in waiting] == ["At lunch D", "Yesterday "] and count == 2
    assert memory.to_extract(1) == (waiting[:1], 2)
    first = memory.extracted(waiting[0].uid, ["my boss is Dana"], by="some model")
    assert len(first.made) == 1
    assert memory.extracted(waiting[0].uid, ["I like basil"], by="some model").made == ()
    assert [one.text[:10] for one in memory.to_extract(10)[0]] == ["Yesterday "]


def test_a_statement_becomes_a_fact_that_is_less_sure_and_names_its_origin(memory: ProfileMemory) -> None:
    origin = told(memory, LUNCH)
    made = memory.extracted(origin, ["my boss is Dana", "I like basil"], by="m").made

    facts = [memory.fact(uid) for uid in made]
    assert [(fact.relation, fact.value, fact.confidence) for fact in facts] == [
        ("boss", "Dana", EXTRACTED), ("like", "basil", EXTRACTED),
    ]  # fmt: skip
    assert [(one.kind, one.ref) for one in memory.sources(made[0])] == [("model", origin)]
    assert facts[0].valid_from == memory.fact(origin).valid_from
    assert [one.value for one in memory.resolve("my boss")] == ["Dana"]
    assert made[0] in [one.fact.uid for one in memory.recall("who is my boss")]
    assert EXTRACTED < SAID


@pytest.mark.parametrize(
    ("said", "statement", "why"),
    [
        (LUNCH, "Dana had lunch with us today", "no statement"),
        (LUNCH, "my boss is Diana", "'Diana' does not stand"),
        (LUNCH, "I like bas", "'bas' does not stand"),
        (LUNCH, "Olga's sister is Dana", "'olga' does not stand"),
        (LUNCH, "I like coriander", "yes where no"),
        (LUNCH, "I don't like basil", "no where yes"),
        (LUNCH, "I eat basil in the evening", "another time or place"),
        (LUNCH, "I eat basil instead of coriander", "only the owner"),
        (LUNCH, "I like basil " + "very " * 60, "too long"),
        (LUNCH, "  ", "empty"),
        ("昨天见到了小王，她带大家去吃火锅", "我的老板叫老李", "'老李' does not stand"),
    ],
)
def test_what_does_not_follow_from_the_words_is_dropped_with_the_reason(
    memory: ProfileMemory, said: str, statement: str, why: str
) -> None:
    taken = memory.extracted(told(memory, said), [statement], by="m")

    assert taken.made == () and [why in one.why for one in taken.refused] == [True], taken
    assert len(memory.facts(history=True)) == 1


def test_other_scripts_and_denials_are_read_too(memory: ProfileMemory) -> None:
    chinese = told(memory, "大伙笑我，我不喜欢香菜，一点也不")
    assert len(memory.extracted(chinese, ["我不喜欢香菜"], by="m").made) == 1
    lunch = told(memory, LUNCH)
    assert len(memory.extracted(lunch, ["I don't like coriander"], by="m").made) == 1


def test_nothing_the_owner_said_is_closed_outvoted_or_made_surer(memory: ProfileMemory) -> None:
    boss = memory.remember("my boss is Erik").uid
    basil = memory.remember("I like basil").uid
    taken = memory.extracted(told(memory, LUNCH), ["my boss is Dana", "I like basil"], by="m")

    assert taken.made == () and taken.known == 1 and "against what is known: my boss is Erik" in taken.refused[0].why
    assert memory.fact(boss).valid_to is None and [one.value for one in memory.resolve("boss")] == ["Erik"]
    assert memory.fact(basil).confidence == SAID and len(memory.sources(basil)) == 1


def test_the_owner_confirms_or_replaces_what_was_extracted(memory: ProfileMemory) -> None:
    boss, basil = memory.extracted(told(memory, LUNCH), ["my boss is Dana", "I like basil"], by="m").made
    assert memory.remember("my boss is Erik").closed == (boss,)
    assert memory.remember("I like basil").uid == basil
    assert memory.fact(basil).confidence >= SAID


def test_extracted_statements_are_forgotten_with_their_origin_unless_somebody_else_says_so(
    memory: ProfileMemory,
) -> None:
    origin = told(memory, LUNCH)
    boss, basil = memory.extracted(origin, ["my boss is Dana", "I like basil"], by="m").made
    memory.remember("I like basil")
    other = told(memory, "And then there was Dana again, she leads us through everything, really everything")
    assert memory.extracted(other, ["my boss is Dana"], by="m").known == 1
    first = memory.forget([origin])

    assert first.uids == (origin,) and memory.remains(first) == []
    assert [one.ref for one in memory.sources(boss)] == [other]
    assert [one.kind for one in memory.sources(basil)] == ["said"]
    second = memory.forget([other])
    assert set(second.uids) == {other, boss} and memory.remains(second) == []
    assert [fact.uid for fact in memory.facts(history=True)] == [basil]


def test_forgetting_by_name_takes_what_was_found_in_it_along(memory: ProfileMemory) -> None:
    origin = told(memory, LUNCH)
    memory.extracted(origin, ["I like basil"], by="m")
    gone = memory.forget_about("Dana")

    assert memory.facts(history=True) == [] and memory.remains(gone) == []


def test_a_long_answer_is_cut_and_a_forgotten_origin_takes_nothing(memory: ProfileMemory) -> None:
    origin = told(memory, "we cooked with " + ", ".join(f"herb{number}" for number in range(20)))
    made = memory.extracted(origin, [f"I like herb{number}" for number in range(20)], by="m").made
    assert len(made) == STATEMENTS_MAX
    gone = told(memory, LUNCH)
    memory.forget([gone])
    with pytest.raises(NotRemembered):
        memory.extracted(gone, ["my boss is Dana"], by="m")


def test_a_transaction_that_fails_leaves_the_origin_waiting(
    memory: ProfileMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = told(memory, LUNCH)
    monkeypatch.setattr(memory.indexes, "note", lambda *_given, **_more: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        memory.extracted(origin, ["my boss is Dana"], by="m")
    monkeypatch.undo()

    assert [one.uid for one in memory.to_extract(10)[0]] == [origin]
    assert len(memory.extracted(origin, ["my boss is Dana"], by="m").made) == 1


def test_a_file_from_before_extraction_gets_its_table_and_keeps_its_facts(tmp_path: Path) -> None:
    old = Store.open(tmp_path / "old", migrations=MIGRATIONS[:4])
    with old.write() as connection:
        connection.execute(
            text(
                "INSERT INTO facts (uid, kind, text, speaker, subject, relation, value, positive, slot, time_of_day, "
                "place, app, confidence, count, recorded_at, used_at, uses) "
                "VALUES ('u', 'statement', :said, '', '', '', '', 1, '', '', '', '', 0.9, 1, 1, 1, 0)"
            ),
            {"said": LUNCH},
        )
    old.close()

    store = Store.open(tmp_path / "old")
    memory = ProfileMemory(store, embedder=None)
    assert [one.uid for one in memory.to_extract(5)[0]] == ["u"]
    assert len(memory.extracted("u", ["my boss is Dana"], by="m").made) == 1
    memory.close()
    store.close()


def test_what_a_speaker_said_of_themselves_stays_theirs(memory: ProfileMemory) -> None:
    saying = Saying(
        "Honestly, with these mornings, basil tea is all that keeps me going", "Caroline", Source("said", "1")
    )
    origin = memory.remember_all([saying])[0].uid
    made = memory.extracted(origin, ["I drink basil tea"], by="m").made

    assert [memory.fact(uid).speaker for uid in made] == ["Caroline"]
    assert memory.resolve("my usual drink") == []
