"""DisGraph's core: nodes, distances, and bounded shortest paths from several entries at once.

An edge says only how far its end is from its start, in nats: a fact at distance d from what was asked counts exp(-d).
So distances add up where relevances multiply, and the shortest path is the strongest chain of reasons. The paper
(arXiv 2512.15784) names the structure and publishes no definition; this one is ours.

The search stops at a bound on the distance and on the number of nodes it takes up, and leaving a node that has many
neighbours costs the logarithm of their number: what stands next to everything tells nothing. So the cost of a question
follows the neighbourhood of its entries, not the size of the graph.

Edges loaded at the start lie in three arrays (12 bytes an edge); changes since lie in dictionaries on top.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

BOUND: Final = 3.0
"""Nats: what is farther counts under 5 % of the best, and never reached the first ten (docs/benchmarks: profile)."""
TAKEN_MAX: Final = 600  # nodes one search takes up; about 1 ms
CHANGED_MAX: Final = 16_384  # nodes whose edges lie in dictionaries; then they are folded into the arrays
HUB_FREE: Final = (
    4  # a node with this many ways out is left for nothing: a saying has one before, one after, its speaker
)
HUB_COST: Final = 0.5  # nats for each factor e of more neighbours: an entity of 30 facts costs 1.0, of 1,000 facts 2.8


def fact_node(fact: int) -> int:
    """The node of a fact's id: facts are even, entities odd."""
    return 2 * fact


def entity_node(entity: int) -> int:
    """The node of an entity's id."""
    return 2 * entity + 1


class Adjacency:
    """The edges in memory. Not locked: the owner of the profile calls it from one thread at a time."""

    def __init__(self, edges: Iterable[tuple[int, int, float]] = ()) -> None:
        """Takes all edges (start, stop, distance); of two between the same nodes the shorter one counts."""
        self._load(edges)

    def _load(self, edges: Iterable[tuple[int, int, float]]) -> None:
        rows = np.array(sorted(edges), dtype=[("start", "i8"), ("stop", "i8"), ("far", "f4")])
        size = int(rows["start"].max()) + 2 if len(rows) else 1
        offsets: NDArray[np.int64] = np.searchsorted(rows["start"], np.arange(size)).astype(np.int64)
        self._offsets = offsets.data  # one number out of it costs half as much as out of the array
        self._stops: NDArray[np.int32] = rows["stop"].astype(np.int32)
        self._far: NDArray[np.float32] = rows["far"].astype(np.float32)
        self._more: dict[int, dict[int, float]] = {}
        self._gone: set[int] = set()

    def put(self, start: int, stop: int, distance: float) -> None:
        """Adds an edge, or gives it a new distance."""
        self._more.setdefault(start, dict(self._loaded(start)))[stop] = distance
        self._gone.discard(start)
        if len(self._more) > CHANGED_MAX:
            self._fold()

    def _fold(self) -> None:
        """Writes the changes into new arrays: 12 bytes an edge instead of about 200."""
        nodes = set(range(len(self._offsets) - 1)) | self._more.keys()
        self._load([(node, stop, far) for node in nodes for stop, far in self.neighbours(node).items()])

    def remove(self, node: int, before: Iterable[int] = ()) -> None:
        """Takes a node out. `before` are the nodes with an edge to it."""
        self._more.pop(node, None)
        self._gone.add(node)
        for start in before:
            self._more.setdefault(start, dict(self._loaded(start))).pop(node, None)

    def neighbours(self, node: int) -> Mapping[int, float]:
        """Where an edge leads from here, with its distance."""
        changed = self._more.get(node)
        return changed if changed is not None else dict(self._loaded(node))

    def degree(self, node: int) -> int:
        """How many edges lead from here; 0 for a node that is not there."""
        changed = self._more.get(node)
        if changed is not None:
            return len(changed)
        if node in self._gone or node + 1 >= len(self._offsets):
            return 0
        return int(self._offsets[node + 1] - self._offsets[node])

    def ways(self, node: int) -> Iterable[tuple[int, float]]:
        """The same as `neighbours`, where a pair may come twice: the shorter one of both counts."""
        changed = self._more.get(node)
        return self._loaded(node) if changed is None else changed.items()

    def _loaded(self, node: int) -> Iterator[tuple[int, float]]:
        if node in self._gone or not 0 <= node < len(self._offsets) - 1:
            return
        span = slice(self._offsets[node], self._offsets[node + 1])
        # backwards, so that of two edges the shorter one, which is sorted first, stays
        yield from zip(self._stops[span].tolist()[::-1], self._far[span].tolist()[::-1], strict=True)


class Ways(Protocol):
    """More edges, beside a graph's own: they do not count towards what leaving a node costs."""

    def ways(self, node: int) -> Iterable[tuple[int, float]]:
        """Where more edges lead from here, each with its distance in nats."""
        ...


def shortest(
    graph: Adjacency,
    entries: Mapping[int, float],
    *,
    beside: Ways | None = None,
    bound: float = BOUND,
    taken_max: int = TAKEN_MAX,
    facts_max: int = TAKEN_MAX,
) -> dict[int, tuple[float, int]]:
    """Nodes within the bound of any entry: {node: (distance, the node before it)}; an entry is before itself.

    Dijkstra from all entries at once, each starting at its own distance. Nearest first, so that a search cut off at
    `taken_max` nodes, or at `facts_max` of them that are facts, has the nearest ones; of what lies farther some may be
    there, at a distance that is not yet the shortest.
    """
    best: dict[int, tuple[float, int]] = {node: (far, node) for node, far in entries.items() if far <= bound}
    queue = [(far, node) for node, (far, _) in best.items()]
    heapq.heapify(queue)
    taken: set[int] = set()
    facts = 0
    while queue and len(taken) < taken_max and facts < facts_max:
        far, node = heapq.heappop(queue)
        if node in taken:
            continue
        taken.add(node)
        facts += node % 2 == 0
        degree = graph.degree(node)
        leaving = far if degree <= HUB_FREE else far + HUB_COST * math.log(degree / HUB_FREE)
        if leaving >= bound:
            continue
        ways = graph.ways(node) if beside is None else chain(graph.ways(node), beside.ways(node))
        for other, distance in ways:
            reached = leaving + distance
            if reached <= bound and (other not in best or reached < best[other][0]):
                best[other] = (reached, node)
                heapq.heappush(queue, (reached, other))
    return best


def path_to(reached: Mapping[int, tuple[float, int]], node: int) -> list[tuple[int, float]]:
    """The way to a node that was reached: (node, distance from the one before), the entry first."""
    way: list[tuple[int, float]] = []
    while True:
        far, before = reached[node]
        if before == node:
            return [(node, far), *reversed(way)]
        way.append((node, far - reached[before][0]))
        node = before
