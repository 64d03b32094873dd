"""What an evaluation asks, put to the memories the agent uses. Translation only: no logic, threshold or index here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from memory.action.replay import ActionMemory, Did
from memory.experience.recall import ExperienceMemory
from memory.experience.template import Match


class ExperienceSystem:
    """`learn` and `match` of the experience evaluation."""

    def __init__(self, memory: ExperienceMemory | None = None) -> None:
        self._memory = memory or ExperienceMemory()

    def learn(self, group: str, goal: str, shown: Sequence[str]) -> None:
        self._memory.learn(group, goal, shown)

    def match(self, goal: str) -> tuple[str, list[str]] | None:
        found = self._memory.match(goal)
        return (found.template, list(found.values.values())) if isinstance(found, Match) else None


class ActionSystem:
    """`lookup`, `next_action`, `record` and `failed` of the action evaluation; "input X" types, "click <X>" taps X."""

    def __init__(self, memory: ActionMemory | None = None) -> None:
        self._memory = memory or ActionMemory()

    def lookup(self, task: str) -> list[str] | None:
        plan = self._memory.plan(task)
        return list(plan.actions) if plan else None

    def next_action(self, task: str, history: Sequence[str]) -> str | None:
        return self._memory.next_step(task, history)

    def record(self, task: str, trajectory: Sequence[str]) -> None:
        parts = [(action, *action.partition(" ")) for action in trajectory]
        self._memory.learn(task, [Did(action, text.strip("<>"), verb == "input") for action, verb, _, text in parts])

    def failed(self, task: str, history: Sequence[str]) -> None:
        self._memory.failed(task, history)


EXPERIENCE: Final[dict[str, Callable[[], ExperienceSystem]]] = {
    "whole": ExperienceSystem,
    "without lexicon": lambda: ExperienceSystem(ExperienceMemory({})),
    "without meaning": lambda: ExperienceSystem(ExperienceMemory(by_meaning=False)),
}
ACTION: Final[dict[str, Callable[[], ActionSystem]]] = {
    "whole": ActionSystem,
    "without tree": lambda: ActionSystem(ActionMemory(tree=False)),
    "without chains": lambda: ActionSystem(ActionMemory(chain=False)),
    "without tree and chains": lambda: ActionSystem(ActionMemory(tree=False, chain=False)),
}
