"""Edges from likeness: made behind the writing, few, rebuildable, no part of an export, and gone with the fact."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from memory.embedding.embedder import EmbedderKind, Vectors
from memory.profile.memory import ProfileMemory, in_memory_vectors
from memory.profile.neighbours import FLOOR, KEPT, NEAR, STEP, distance_of
from memory.profile.tables import EDGES
from memory.store.store import Store


class Topics:
    """An embedder for which texts are as near as the angles (degrees) that they name."""

    dim = 2

    def __init__(self, name: str = "topics-1", kind: EmbedderKind = "semantic", turn: float = 1.0) -> None:
        self.name, self.kind, self.turn = name, kind, turn

    def embed(self, texts: Sequence[str]) -> Vectors:
        degrees = [next((float(word) for word in text.split() if word.isdigit()), 180.0) for text in texts]
        angles = np.radians(np.array(degrees, np.float32) * self.turn)
        return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32).reshape(len(texts), 2)


class Opened:
    def __init__(self, folder: Path, embedder: Topics) -> None:
        self.store = Store.open(folder)
        self.memory = ProfileMemory(self.store, embedder=embedder, vectors=in_memory_vectors(embedder))

    def near(self) -> dict[tuple[str, str], float]:
        """The edges in the truth, by the texts they join."""
        texts = {2 * fact.id: fact.text for fact in self.memory.facts(history=True)}
        with self.store.read() as connection:
            rows = connection.execute(select(EDGES).where(EDGES.c.kind == NEAR)).all()
        return {(texts[row.start], texts[row.stop]): row.distance for row in rows}

    def shown(self) -> dict[tuple[str, str], float]:
        """The same, as searches walk them."""
        texts = {2 * fact.id: fact.text for fact in self.memory.facts(history=True)}
        return {(texts[node], texts[stop]): far for node in texts for stop, far in self.memory._near.ways(node)}

    def close(self) -> None:
        self.memory.close()
        self.store.close()


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Opened]:
    opened = Opened(tmp_path, Topics())
    yield opened
    opened.close()


def remember(opened: Opened, *degrees: int) -> list[str]:
    return [opened.memory.remember(f"stone {number}").uid for number in degrees]


def test_writing_makes_no_edge_and_the_flush_behind_it_does(one: Opened) -> None:
    remember(one, 0, 10)
    assert one.near() == {}

    one.memory.flush()

    assert one.near().keys() == {("stone 0", "stone 10"), ("stone 10", "stone 0")}
    assert one.near()["stone 0", "stone 10"] == pytest.approx(STEP - math.log(math.cos(math.radians(10))), abs=1e-3)
    assert one.shown() == pytest.approx(one.near())


def test_the_less_alike_the_farther_and_below_the_floor_nothing(one: Opened) -> None:
    far = math.ceil(math.degrees(math.acos(FLOOR))) + 1
    remember(one, 0, 20, far)
    one.memory.flush()

    assert ("stone 0", f"stone {far}") not in one.near()
    assert one.near()[f"stone {far}", "stone 20"] > one.near()["stone 0", "stone 20"]
    assert distance_of(0.7) > distance_of(0.9) > 0


def test_a_fact_keeps_its_nearest_few_whenever_they_came(one: Opened) -> None:
    remember(one, 10, 20, 30, 40, 50)
    one.memory.flush()
    assert {stop for start, stop in one.near() if start == "stone 50"} == {"stone 40", "stone 30", "stone 20"}
    remember(one, 51, 52)
    one.memory.flush()

    assert {stop for start, stop in one.near() if start == "stone 50"} == {"stone 51", "stone 52", "stone 40"}
    assert all(sum(start == text for start, _ in one.near()) <= KEPT for text, _ in one.near())
    assert one.shown() == pytest.approx(one.near())


def test_rebuilding_restarting_and_another_embedder_make_them_anew(tmp_path: Path) -> None:
    one = Opened(tmp_path, Topics())
    remember(one, 0, 10, 25, 100)
    one.memory.flush()
    before = one.near()
    with one.store.write() as connection:
        connection.execute(EDGES.delete().where(EDGES.c.kind == NEAR, EDGES.c.distance < 1))
    assert one.near() != before

    one.memory.rebuild()
    assert one.near() == pytest.approx(before) and one.shown() == pytest.approx(before)
    one.close()

    again = Opened(tmp_path, Topics())
    assert again.shown() == pytest.approx(before)
    again.close()
    other = Opened(tmp_path, Topics("topics-2", turn=0.5))  # for it everything is twice as near
    other.memory.flush()
    assert ("stone 100", "stone 25") in other.near().keys() - before.keys()
    assert other.near()["stone 0", "stone 10"] < before["stone 0", "stone 10"]
    other.close()


def test_a_batch_that_was_cut_off_is_done_again(one: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    remember(one, 0, 10)
    likeness = one.memory.indexes._likeness
    monkeypatch.setattr(likeness, "learnt", lambda *_given: (_ for _ in ()).throw(OSError("killed")))
    with pytest.raises(OSError, match="killed"):
        one.memory.flush()
    monkeypatch.undo()

    one.memory.flush()
    assert one.near().keys() == {("stone 0", "stone 10"), ("stone 10", "stone 0")}


def test_letters_that_look_alike_are_no_likeness_of_meaning(tmp_path: Path) -> None:
    opened = Opened(tmp_path, Topics(kind="lexical"))
    remember(opened, 0, 10)
    opened.memory.flush()
    assert opened.near() == {}
    opened.close()


def test_a_forgotten_fact_is_nobodys_neighbour_and_the_proof_looks_there(one: Opened) -> None:
    uids = remember(one, 0, 10, 20)
    one.memory.flush()
    assert one.shown()
    gone = one.memory.forget([uids[1]])

    assert one.memory.remains(gone) == []
    assert one.near().keys() == one.shown().keys() == {("stone 0", "stone 20"), ("stone 20", "stone 0")}
    one.memory._near._rows[1] = [(gone.ids[0], 0.5)] + [(0, 0)] * (KEPT - 1)  # type: ignore[index]
    assert one.memory.remains(gone) == [f"neighbours of fact {gone.ids[0]}"]


def test_what_was_forgotten_between_learning_and_writing_gets_no_edge(one: Opened) -> None:
    remember(one, 0, 10)
    one.memory.flush()
    likeness = one.memory.indexes._likeness
    assert likeness is not None
    with one.store.write() as connection:
        assert likeness.learnt(connection, {99: [(1, 0.99)], 1: [(99, 0.99), (2, 0.98)]}) == [1, 2]
    with one.store.read() as connection:
        assert len(connection.execute(select(EDGES).where(EDGES.c.kind == NEAR)).all()) == 2
        assert not connection.execute(select(EDGES).where(EDGES.c.stop == 2 * 99)).all()


def test_a_question_reaches_what_is_like_an_answer_and_says_so_only_where_wanted(one: Opened) -> None:
    one.memory.remember("the harbour at 5 degrees")
    for number in range(150):  # nearer to the question than the last one, so that meaning alone does not find it
        one.memory.remember(f"pebble {200 + number % 60} of heap {number}")
    one.memory.remember("a quay 12")
    one.memory.flush()
    asked = "harbour 260"

    found = one.memory.recall(asked, k=200)
    quay = next(entry for entry in found if entry.fact.text == "a quay 12")
    assert [(step.what, step.by) for step in quay.path][-1] == ("a quay 12", "like it")
    without = one.memory.recall(asked, k=200, by="without neighbours")
    assert "a quay 12" not in [entry.fact.text for entry in without]


def test_an_export_holds_none_and_use_does_not_shorten_them(one: Opened) -> None:
    uids = remember(one, 0, 10)
    one.memory.flush()
    before = one.near()
    one.memory.used(uids)

    assert one.near() == before
    assert not [record for record in one.memory.records() if record["kind"] == "edge" and record["by"] == NEAR]
    forged = [*one.memory.records()]
    forged.append({"kind": "edge", "from": f"fact:{uids[0]}", "to": f"fact:{uids[1]}", "by": NEAR, "distance": 0.0})
    one.memory.merge(forged)
    assert one.near() == before
