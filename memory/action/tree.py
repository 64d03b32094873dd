"""ActTree: per app, the steps tasks took, shared prefixes stored once.

A node is the prefix of steps that leads to it; an edge is a step (by reference) with the tasks that took it. `walk`
follows what was done and tells where that may lead, with the values read off the way.
Source: AgentRR (arXiv 2505.17716); there an edge matches by an embedding >= 0.8, here by the step's form alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from memory.action.forms import read_off


@dataclass(slots=True)
class Node:
    """`edges`: step id -> the node it leads to. `tasks`: templates that came through here; `ends`: that end here."""

    edges: dict[str, Node] = field(default_factory=dict)
    tasks: set[str] = field(default_factory=set)
    ends: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Place:
    """A node that fits what was done, and the values that were read off."""

    node: Node
    values: Mapping[str, str]


class ActTree:
    """Prefix trees by app. `form_of` gives a step's current form."""

    def __init__(self, form_of: Callable[[str], str]) -> None:
        self._roots: dict[str, Node] = {}
        self._form_of = form_of

    def add(self, app: str, steps: Sequence[str], task: str) -> None:
        """Adds a task's steps; equal prefixes are shared. Adding it twice changes nothing."""
        node = self._roots.setdefault(app, Node())
        node.tasks.add(task)
        for step in steps:
            node = node.edges.setdefault(step, Node())
            node.tasks.add(task)
        node.ends.add(task)

    def remove(self, app: str, task: str) -> None:
        """Takes a task out, with every edge only it took."""
        if app in self._roots:
            _without(self._roots[app], task)
            if not self._roots[app].tasks:
                del self._roots[app]

    def walk(self, app: str, done: Sequence[str]) -> list[Place]:
        """All places of the tree that these actions lead to."""
        places = [Place(self._roots[app], {})] if app in self._roots else []
        for action in done:
            places = [
                Place(node, values)
                for place in places
                for step, node in place.node.edges.items()
                if (values := read_off(self._form_of(step), action, place.values)) is not None
            ]
        return places

    def size(self) -> int:
        """Edges stored."""
        return sum(1 for root in self._roots.values() for _ in _edges(root))


def _edges(node: Node) -> Iterator[str]:
    for step, following in node.edges.items():
        yield step
        yield from _edges(following)


def _without(node: Node, task: str) -> None:
    node.tasks.discard(task)
    node.ends.discard(task)
    for step, following in list(node.edges.items()):
        if task in following.tasks:
            _without(following, task)
            if not following.tasks:
                del node.edges[step]
