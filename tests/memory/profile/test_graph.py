"""Distances: shortest from several entries, bounded, and cheap beside a hub."""

from __future__ import annotations

import random

import pytest

from memory.profile.graph import Adjacency, path_to, shortest


def test_the_nearest_entry_wins_and_the_path_is_told() -> None:
    graph = Adjacency([(1, 2, 0.5), (2, 3, 0.5), (9, 3, 0.2)])

    reached = shortest(graph, {1: 0.0, 9: 1.0})

    assert reached[3][0] == pytest.approx(1.0)
    assert path_to(reached, 3) == [(1, 0.0), (2, pytest.approx(0.5)), (3, pytest.approx(0.5))]


@pytest.mark.parametrize("kept", [5, 10_000])
def test_changes_count_as_if_they_had_been_loaded(monkeypatch: pytest.MonkeyPatch, kept: int) -> None:
    monkeypatch.setattr("memory.profile.graph.CHANGED_MAX", kept)
    generator = random.Random(3)
    edges = {(generator.randrange(40), generator.randrange(40)): generator.random() + 0.1 for _ in range(120)}
    loaded = Adjacency((start, stop, far) for (start, stop), far in edges.items())
    changed = Adjacency((start, stop, far) for (start, stop), far in list(edges.items())[:60])
    for (start, stop), far in list(edges.items())[60:]:
        changed.put(start, stop, far)

    for entry in range(40):
        expected, found = shortest(loaded, {entry: 0.0}), shortest(changed, {entry: 0.0})
        assert {node: pytest.approx(far, abs=1e-5) for node, (far, _) in expected.items()} == {
            node: far for node, (far, _) in found.items()
        }


def test_a_removed_node_is_on_no_path() -> None:
    graph = Adjacency([(1, 2, 0.1), (2, 3, 0.1)])
    graph.remove(2, before=[1])

    assert set(shortest(graph, {1: 0.0})) == {1}
    assert graph.degree(2) == 0


def test_nothing_beyond_the_bound_is_reached_and_a_hub_leads_nowhere() -> None:
    graph = Adjacency([(1, 2, 2.9), (2, 4, 0.2), *((3, node, 0.9) for node in range(10, 60_010))])

    assert set(shortest(graph, {1: 0.0})) == {1, 2}
    assert set(shortest(graph, {3: 0.0})) == {3}
