"""Kept replies as rows of the truth: bounded, aged, without secrets, forgotten with what they say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from memory import forgetting
from memory import replies as kept
from memory.embedding.lexical import LexicalEmbedder
from memory.errors import NotRemembered
from memory.opening import Memory
from memory.replies import AGE_MAX, ANSWER_MAX, clear_replies, forget_replies, keep_reply, note_use, replies
from memory.store.migrations import MIGRATIONS
from memory.store.store import Store

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "store")
    yield opened
    opened.close()


def keep(store: Store, question: str, answer: str = '{"app": "mail"}', *, at: datetime = NOW, key: str = "k") -> str:
    with store.write() as connection:
        return keep_reply(connection, key, ("before",), question, answer, model="small", now=at)


def questions(store: Store, *, at: datetime = NOW, key: str = "") -> list[str]:
    with store.read() as connection:
        return [one.question for one in replies(connection, now=at, key=key)]


def test_a_reply_is_found_under_its_key_with_all_it_was_kept_with(store: Store) -> None:
    assert keep(store, "Open the mail") == ""
    keep(store, "Open the chat", key="other")

    with store.read() as connection:
        (one,) = replies(connection, now=NOW, key="k")
    assert (one.chain, one.question, one.answer, one.model, one.made_at, one.uses) == (
        ("before",), "Open the mail", '{"app": "mail"}', "small", NOW, 0,
    )  # fmt: skip


def test_the_same_words_are_kept_once_with_the_newest_answer(store: Store) -> None:
    keep(store, "Open it", '{"app": "old"}')
    keep(store, "Open it", '{"app": "new"}')

    with store.read() as connection:
        assert [json.loads(one.answer) for one in replies(connection, now=NOW)] == [{"app": "new"}]


def test_what_is_too_old_is_not_given_out_and_goes_with_the_next_one(store: Store) -> None:
    keep(store, "old")
    later = NOW + AGE_MAX

    assert questions(store, at=later - timedelta(seconds=1)) == ["old"]
    assert questions(store, at=later) == []
    keep(store, "new", at=later)
    with store.write() as connection:
        assert clear_replies(connection) == 1  # the old one is not only hidden


def test_beyond_the_bound_what_was_served_longest_ago_goes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "KEPT_MAX", 2)
    keep(store, "first")
    keep(store, "second", at=NOW + timedelta(seconds=1))
    with store.write() as connection:
        note_use(connection, 1, now=NOW + timedelta(seconds=2))
    keep(store, "third", at=NOW + timedelta(seconds=3))

    assert questions(store) == ["third", "first"]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("my password is hunter2", "{}"),
        ("Open it", '{"type": "the PIN is 4711"}'),
        ("Pay with 4111 1111 1111 1111", "{}"),
        ("Open it", '{"key": "sk-live-abcdefghijklmnop1234"}'),
        ("密码是 1234", "{}"),
    ],
)
def test_what_speaks_of_a_secret_is_not_kept(store: Store, question: str, answer: str) -> None:
    assert "password, code, key or card" in keep(store, question, answer)
    assert questions(store) == []


def test_an_answer_beyond_the_size_is_not_kept(store: Store) -> None:
    assert "longer" in keep(store, "Open it", json.dumps({"app": "x" * ANSWER_MAX}))


def test_replies_that_say_a_name_go_wherever_they_say_it(store: Store) -> None:
    keep(store, "Text Maria hello")
    keep(store, "Open the chat", '{"steps": [{"to": "Maria"}]}')
    keep(store, "Text Mariana hello")

    with store.write() as connection:
        assert forget_replies(connection, forgetting.speaking_of("Maria")) == 2
    assert questions(store) == ["Text Mariana hello"]


def test_a_file_of_the_last_release_gains_the_table_and_keeps_its_rows(tmp_path: Path) -> None:
    names = [migration.name for migration in MIGRATIONS]
    old = Store.open(tmp_path, migrations=MIGRATIONS[: names.index("0006_replies")])
    old.close()

    new = Store.open(tmp_path)
    keep(new, "Open it")
    assert questions(new) == ["Open it"]
    new.close()


# --- forgetting ------------------------------------------------------------------------------------------------------


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    with Memory.open(tmp_path / "memory", embedder=LexicalEmbedder()) as opened:
        yield opened


def test_forgetting_a_fact_drops_the_replies_that_hold_its_value_and_proves_it(memory: Memory) -> None:
    told = memory.profile.remember("my sister is Philippa")
    keep(memory.store, "Text my sister hello", '{"to": "Philippa"}')
    keep(memory.store, "Open the mail")

    gone = forgetting.forget(memory, [told.uid], [])

    assert gone.removed["replies"] == 1
    assert gone.remains == ()
    assert questions(memory.store) == ["Open the mail"]
    assert all(b"Philippa" not in file.read_bytes() for file in memory.store.files())


def test_forgetting_a_name_that_only_a_reply_says_is_no_error_and_a_second_time_is(memory: Memory) -> None:
    keep(memory.store, "Text Philippa hello")

    assert forgetting.forget_name(memory, "Philippa").removed["replies"] == 1
    with pytest.raises(NotRemembered):
        forgetting.forget_name(memory, "Philippa")
