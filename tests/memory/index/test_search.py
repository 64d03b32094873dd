"""The indexes: any script and any text, read as if written at once, equal to the truth after any end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Connection, delete, insert, select, text

from memory.embedding.lexical import LexicalEmbedder
from memory.index.analysis import terms
from memory.index.search import Document, SearchIndexes
from memory.index.tables import SETTINGS
from memory.index.vectors import ChromaVectors, ExactVectors, VectorIndex
from memory.store.store import Store


class Notes:
    """Documents kept as rows of a table that every store has."""

    def texts(self, connection: Connection, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
        rows = connection.execute(select(SETTINGS).where(SETTINGS.c.name.in_([f"note {one}" for one in ids])))
        return {int(row.name.split()[1]): (row.value, row.value) for row in rows}

    def ids(self, connection: Connection) -> set[int]:
        rows = connection.execute(select(SETTINGS.c.name).where(SETTINGS.c.name.like("note %"))).scalars()
        return {int(name.split()[1]) for name in rows}

    def count(self, connection: Connection) -> int:
        return len(self.ids(connection))


class Opened:
    """A store with its indexes, and the two ways of writing to it."""

    def __init__(self, folder: Path, vectors: VectorIndex | None = None) -> None:
        self.store = Store.open(folder)
        embedder = LexicalEmbedder()
        self.indexes = SearchIndexes(
            self.store, Notes(), name="notes", embedder=embedder, vectors=vectors or ExactVectors(embedder.dim)
        )

    def put(self, notes: dict[int, str], *, show: bool = True) -> None:
        documents = self.indexes.embed([Document(key, said, said) for key, said in notes.items()])
        with self.store.write() as connection:
            connection.execute(
                insert(SETTINGS), [{"name": f"note {key}", "value": said} for key, said in notes.items()]
            )
            self.indexes.note(connection, documents)
        if show:
            self.indexes.show(documents)

    def drop(self, key: int) -> None:
        with self.store.write() as connection:
            connection.execute(delete(SETTINGS).where(SETTINGS.c.name == f"note {key}"))
            self.indexes.note(connection, [], [key])
        self.indexes.show([], [key])

    def found(self, question: str) -> list[int]:
        return [key for key, _ in self.indexes.lexical(question, limit=5)]

    def near(self, question: str) -> list[int]:
        vector = self.indexes.question_vector(question)
        assert vector is not None
        return [key for key, _ in self.indexes.nearest(vector, limit=1)]

    def close(self) -> None:
        self.indexes.close()
        self.store.close()


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    one = Opened(tmp_path)
    yield one
    one.close()


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("We adopted two kittens", "adopting a kitten"),
        ("She went to Lisbon", "who goes to lisbon"),
        ("我妈妈喜欢喝燕麦拿铁", "燕麦"),
        ("我妈妈喜欢喝燕麦拿铁", "妈妈喝什么"),
        ("明天下午三点在上海开会", "上海的会"),
        ("私は東京に住んでいます", "東京"),
        ("café in Zürich", "CAFÉ zürich"),
        ("phone 555-0199", "0199"),
        ("mother's ring", "mum"),
    ],
)
def test_words_find_their_document_before_and_after_the_flush(opened: Opened, said: str, asked: str) -> None:
    opened.put({1: "something else entirely", 2: said, 3: "另外一件事"})
    assert opened.found(asked)[:1] == [2]

    opened.indexes.flush()

    assert opened.indexes.waiting == 0
    assert opened.found(asked)[:1] == [2]


@pytest.mark.parametrize(
    "asked",
    [
        '"',
        "AND OR NOT",
        "NEAR(a b)",
        "words: x*",
        "^a - b",
        "'; DROP TABLE facts; --",
        "\x00\x01",
        "😀",
        "",
        "x" * 10**6,
    ],
)
def test_no_question_is_an_operator(opened: Opened, asked: str) -> None:
    opened.put({1: "plain words", 2: '\'; DROP TABLE facts; -- "NEAR(" *'})
    opened.indexes.flush()

    opened.found(asked)

    assert opened.found("drop table")[:1] == [2]


def test_what_waits_is_found_what_was_dropped_is_not_and_flushing_changes_no_answer(opened: Opened) -> None:
    opened.put({1: "oat latte", 2: "green tea"})
    opened.indexes.flush()
    opened.put({3: "oat milk"})
    opened.drop(1)
    before = opened.found("oat"), opened.near("oat milk")

    opened.indexes.flush()

    assert before == (opened.found("oat"), opened.near("oat milk")) == ([3], [3])
    assert opened.indexes.traces_of(1) == []


def test_common_words_do_not_make_a_question_slow_and_rare_ones_still_find(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("memory.index.lexical.SCAN_MAX", 10)
    monkeypatch.setattr("memory.index.lexical.MEET_MAX", 60)
    opened.put(
        {key: f"common note {key} {'blue' if key % 2 else 'red'} {'cat' if key == 17 else 'dog'}" for key in range(30)}
    )
    opened.indexes.flush()

    assert opened.found("the common note about the cat")[:1] == [17]
    assert len(opened.found("common blue")) == 5


def test_stop_words_alone_are_still_words() -> None:
    assert terms("to be or not to be") == ["to", "be", "or", "not", "to", "be"]
    assert terms("What is the plan") == ["plan"]


def test_an_unclean_end_between_truth_and_indexes_is_made_good_when_opening(tmp_path: Path) -> None:
    one = Opened(tmp_path, ChromaVectors(tmp_path / "v", name="notes", space="s"))
    one.put({1: "oat latte", 2: "green tea"}, show=False)  # killed here: committed, never shown or flushed
    one.store.close()

    again = Opened(tmp_path, ChromaVectors(tmp_path / "v", name="notes", space="s"))

    assert (again.found("latte"), again.near("green tea")) == ([1], [2])
    assert again.indexes.verify(repair=False).sound
    again.close()


def test_an_index_that_lost_or_invented_documents_is_mended_from_the_truth(tmp_path: Path) -> None:
    vectors = ExactVectors(384)
    one = Opened(tmp_path, vectors)
    one.put({1: "oat latte", 2: "green tea", 3: "black coffee"})
    one.indexes.flush()
    with one.store.write() as connection:
        connection.execute(text("DELETE FROM lexical_notes WHERE rowid = 1"))
    vectors.delete([2])
    vectors.upsert([99], np.ones((1, 384), np.float32))

    found = one.indexes.verify()

    assert (found.lexical_missing, found.vector_missing, found.vector_extra) == (1, 1, 1)
    assert one.indexes.verify(repair=False).sound
    assert (one.found("latte"), one.near("green tea")) == ([1], [2])
    one.close()


def test_vectors_of_another_embedder_are_made_again(tmp_path: Path) -> None:
    class Other(LexicalEmbedder):
        name = "another-space"

    one = Opened(tmp_path)
    one.put({1: "oat latte"})
    one.close()
    store = Store.open(tmp_path)

    changed = SearchIndexes(store, Notes(), name="notes", embedder=Other(), vectors=ExactVectors(384))

    assert changed.opened.rebuilt == ("vector",)
    with store.read() as connection:
        assert connection.execute(text("SELECT DISTINCT embedder FROM vectors")).scalars().all() == ["another-space"]
    assert changed.nearest(Other().embed(["oat latte"])[0], limit=1)[0][0] == 1
    changed.close()
    store.close()


def exact(folder: Path) -> VectorIndex:
    return ExactVectors(4)


def chroma(folder: Path) -> VectorIndex:
    return ChromaVectors(folder, name="things", space="four")


@pytest.mark.parametrize("make", [exact, chroma])
def test_every_vector_index_keeps_the_same_promises(tmp_path: Path, make: Callable[[Path], VectorIndex]) -> None:
    index = make(tmp_path / "v")
    rows = np.eye(4, dtype=np.float32)
    index.upsert([10, 11, 12, 13], rows)
    index.upsert([11], rows[:1])
    index.delete([10, 777])

    found = index.search(rows[0], limit=2)

    assert found[0][0] == 11
    assert found[0][1] == pytest.approx(1.0, abs=1e-5)
    each = index.search_each(rows[[2, 0]], limit=1)
    assert [one[0][0] for one in each] == [12, 11]
    assert [one[0][1] for one in each] == pytest.approx([1.0, 1.0], abs=1e-5)
    assert index.search_each(rows[:0], limit=1) == []
    assert (index.ids(), index.count(), index.has(10), index.has(13)) == ({11, 12, 13}, 3, False, True)
    index.clear()
    assert index.search(rows[0], limit=3) == []
    assert index.search_each(rows[:2], limit=3) == [[], []]
    index.upsert([1], rows[:1])
    assert index.ids() == {1}
    index.close()


def test_a_chroma_folder_that_cannot_be_read_is_started_anew(tmp_path: Path) -> None:
    index = chroma(tmp_path / "v")
    index.upsert([1], np.eye(4, dtype=np.float32)[:1])
    index.close()
    for file in (tmp_path / "v").rglob("*.sqlite3"):
        file.write_bytes(b"rubbish" * 1000)

    again = ChromaVectors(tmp_path / "v", name="things", space="four")

    assert again.started_anew
    assert again.ids() == set()
    again.upsert([2], np.eye(4, dtype=np.float32)[:1])
    assert again.ids() == {2}
    again.close()


WRITER = """
import sys
from pathlib import Path
from memory.embedding.lexical import LexicalEmbedder
from memory.profile.memory import ProfileMemory
from memory.store.store import Store
memory = ProfileMemory(Store.open(Path(sys.argv[1])), embedder=LexicalEmbedder())
for number in range(100_000):
    memory.remember(f"fact number {number} is about topic{number}")
    if number % 7 == 0:
        memory.flush()
    print(number, flush=True)
"""


@pytest.mark.parametrize("after", [9, 30])
def test_a_writer_killed_in_the_middle_loses_nothing_it_had_acknowledged(tmp_path: Path, after: int) -> None:
    from memory.profile.memory import ProfileMemory

    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True, env=environment
    ) as writer:
        assert writer.stdout is not None
        for line in writer.stdout:
            if int(line) >= after:
                break
        writer.send_signal(signal.SIGKILL)

    store = Store.open(tmp_path)
    memory = ProfileMemory(store, embedder=LexicalEmbedder())

    assert store.unclean
    assert memory.stats()["facts"] >= after + 1
    assert memory.indexes.verify(repair=False).sound
    for number in range(after + 1):
        assert memory.recall(f"topic{number}", k=1, by="bm25")[0].fact.text.endswith(f"topic{number}")
    memory.close()
    store.close()
