"""One opened folder: what is learnt is there again, all of a block or nothing of it, and nothing is overwritten."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from memory.action.replay import Did
from memory.embedding.lexical import LexicalEmbedder
from memory.errors import StoreDamaged, StoreHeld, StoreTooNew
from memory.experience.template import Match
from memory.opening import VECTORS, Memory
from memory.store.store import FILE

WORDS = "text Bob that dinner is ready"
DONE = (
    Did("open Messages", "Messages"),
    Did("tap Bob", "Bob"),
    Did("type dinner is ready", "dinner is ready", typed=True),
)
ASKED, ACTIONS = "text Ann that I am late", ("open Messages", "tap Ann", "type I am late")


def opened(folder: Path) -> Memory:
    return Memory.open(folder, LexicalEmbedder(), holder="test")


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    with opened(tmp_path) as one:
        yield one


def test_what_was_learnt_is_there_when_the_folder_is_opened_again(tmp_path: Path) -> None:
    with opened(tmp_path) as memory:
        with memory.changing():
            task = memory.action.learn(WORDS, DONE, app="Messages")
        memory.profile.remember("my mother is Maria")
        before = memory.experience.template(task)

    with opened(tmp_path) as memory:
        plan = memory.action.plan(ASKED)
        assert plan is not None and plan.actions == ACTIONS
        assert memory.experience.template(task) == before
        assert memory.action.next_step(ASKED, ACTIONS, app="Messages") == "done"  # the tree is there
        assert [fact.text for fact in memory.profile.facts()] == ["my mother is Maria"]
        assert memory.repaired.sound


def test_a_block_that_fails_leaves_nothing_in_the_file_and_nothing_in_memory(tmp_path: Path) -> None:
    with opened(tmp_path) as memory:
        with pytest.raises(RuntimeError), memory.changing():
            memory.action.learn(WORDS, DONE)
            memory.profile.remember("the box is green")
            raise RuntimeError

        assert memory.experience.templates() == ()
        assert memory.profile.recall("which box is green") == []
        assert len(memory.action.steps) == 0
        with memory.changing():  # and it goes on
            memory.action.learn(WORDS, DONE)
    with opened(tmp_path) as memory:
        assert len(memory.experience.templates()) == 1
        assert memory.profile.facts() == []


def test_a_step_repaired_once_is_repaired_for_every_task_also_after_opening_again(tmp_path: Path) -> None:
    with opened(tmp_path) as memory:
        with memory.changing():
            memory.action.learn(WORDS, DONE)
            memory.action.learn("open messages", DONE[:1])
        step = memory.action.experience.templates()[0].steps[0]
        with memory.changing():
            memory.action.steps.revise(step, "open Messages 2", {"how": ["by", "id"]})

    with opened(tmp_path) as memory:
        plans = [memory.action.plan(words) for words in (ASKED, "open messages")]
        assert [plan.actions[0] for plan in plans if plan] == ["open Messages 2"] * 2
        assert [one.revision for one in memory.action.steps.history(step)] == [1, 2]
        assert memory.action.steps.current(step).data == {"how": ["by", "id"]}


def test_a_wrong_replay_is_held_back_also_after_opening_again(tmp_path: Path) -> None:
    with opened(tmp_path) as memory:
        with memory.changing():
            memory.action.learn(WORDS, DONE)
        with memory.changing():
            memory.action.failed(ASKED, ACTIONS)

    with opened(tmp_path) as memory:
        assert memory.action.plan(ASKED) is None
        assert memory.action.plan("text Ann that I am early") is not None
        with memory.changing():
            memory.action.failed("text Ann that I am early", ())
        assert memory.experience.templates() == ()  # twice wrong: the first failure was not forgotten


def test_a_task_that_became_verified_keeps_its_earlier_state_as_history(memory: Memory) -> None:
    with memory.changing():
        task = memory.action.learn(WORDS, DONE)
    match = memory.experience.match(ASKED)
    assert isinstance(match, Match)
    with memory.changing(why="run 2"):
        memory.experience.used(match)

    assert memory.experience.template(task).state == "verified"
    assert [one.state for one in memory.template_history(task)] == ["candidate"]
    with memory.changing():
        memory.action.forget(task)
    assert memory.template_history(task) == ()


def test_what_other_tables_write_in_a_block_is_part_of_it(memory: Memory) -> None:
    from memory.index.tables import SETTINGS

    with pytest.raises(RuntimeError), memory.changing(), memory.store.write() as connection:
        connection.execute(SETTINGS.insert().values(name="mine", value="x"))
        raise RuntimeError
    with memory.store.read() as connection:
        assert connection.execute(SETTINGS.select().where(SETTINGS.c.name == "mine")).first() is None


def test_the_vector_index_is_not_opened_before_a_question_needs_it(tmp_path: Path) -> None:
    for text in ("my mother is Maria", "I drink oat latte"):
        with opened(tmp_path) as memory:
            memory.profile.remember(text)
        assert not (tmp_path / VECTORS).exists()

    with opened(tmp_path) as memory:
        found = memory.profile.recall("oat lattes", by="dense")
        assert [one.fact.text for one in found][:1] == ["I drink oat latte"]
        assert (tmp_path / VECTORS).exists()
        assert memory.profile.verify(repair=False).sound


def test_a_lost_vector_index_is_made_again(tmp_path: Path) -> None:
    import shutil

    with opened(tmp_path) as memory:
        memory.profile.remember("my mother is Maria")
        assert memory.profile.recall("who is my mother", by="dense")
    shutil.rmtree(tmp_path / VECTORS)

    with opened(tmp_path) as memory:
        assert memory.profile.recall("who is my mother", by="dense")


def test_a_folder_has_one_owner_and_a_refusal_names_it(memory: Memory) -> None:
    with pytest.raises(StoreHeld, match="test"):
        opened(memory.folder)


def test_a_damaged_file_is_refused_copied_and_left_as_it_is(tmp_path: Path) -> None:
    with opened(tmp_path) as memory:
        memory.profile.remember("my mother is Maria")
    file = tmp_path / FILE
    broken = file.read_bytes()[:100] + b"\0" * 5_000 + file.read_bytes()[5_100:]
    file.write_bytes(broken)
    (tmp_path / "owner.lock").write_text("killed")

    with pytest.raises(StoreDamaged, match="a copy is in") as caught:
        opened(tmp_path)

    copy = next(tmp_path.glob("memory-damaged-*.sqlite"))
    assert str(copy) in str(caught.value)
    assert file.read_bytes() == copy.read_bytes() == broken
    with pytest.raises(StoreDamaged):  # the folder is free again, and no second copy is made
        opened(tmp_path)
    assert len(list(tmp_path.glob("memory-damaged-*.sqlite"))) == 1


def test_a_row_that_is_no_template_is_damage_and_is_not_overwritten(tmp_path: Path) -> None:
    with opened(tmp_path) as memory, memory.changing():
        memory.action.learn(WORDS, DONE)
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("UPDATE templates SET data = '{}'")

    with pytest.raises(StoreDamaged, match="cannot be read"):
        opened(tmp_path)
    with sqlite3.connect(tmp_path / FILE) as connection:
        assert connection.execute("SELECT data FROM templates").fetchall() == [("{}",)]


def test_a_file_of_a_later_release_is_refused(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("INSERT INTO migrations VALUES ('9999_future', '')")

    with pytest.raises(StoreTooNew):
        opened(tmp_path)
