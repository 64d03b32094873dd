"""`mobimem eval action`: how much of tasks is replayed, and is it right?

Tasks arrive in a seeded order (uniform: each once; power law: 20 % of the tasks make 80 % of the draws); the true
steps stand in for the model; a replayed step that differs makes the task wrong; wrong tasks are not learnt. The final
"done" counts as a step. `net_replay` is replayed steps of correct tasks over all steps. After the protocol of the
AgentRR experiment; the accounting is that of the reference evaluator, to the digit (a test holds it).
"""

from __future__ import annotations

import json
import math
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from memory.action.replay import DONE
from mobimem.evals.about import about
from mobimem.evals.systems import ACTION

Truth = Mapping[str, Sequence[str]]
DISTRIBUTIONS: Final = ("uniform", "power_law")
OFTEN: Final = 16  # draws of a frequent task for one of a rare task: 20 % of the tasks make 80 % of the draws
LOST: Final = 20  # steps beyond the true ones after which a replay is given up


class System(Protocol):
    """What is evaluated."""

    def lookup(self, task: str) -> list[str] | None:
        """The actions of a whole task that is known; None for one that is not."""
        ...

    def next_action(self, task: str, history: Sequence[str]) -> str | None:
        """What comes after this history; None where that is not known."""
        ...

    def record(self, task: str, trajectory: Sequence[str]) -> None:
        """Learns how a task was done."""
        ...

    def failed(self, task: str, history: Sequence[str]) -> None:
        """Learns that the action last given was the wrong one here."""
        ...


@dataclass(slots=True)
class Tally:
    """Counts over tasks."""

    tasks: int = 0
    correct: int = 0
    steps: int = 0  # of correct tasks
    asked: int = 0  # of correct tasks
    true_steps: int = 0  # of all tasks
    whole: int = 0  # tasks replayed without asking
    seconds: float = 0.0

    def rates(self) -> dict[str, float]:
        """The figures of the report; all but `ms_per_task` are shares of 0 to 1."""
        return {
            "correct_rate": self.correct / self.tasks,
            "replay_rate": 1 - self.asked / self.steps if self.steps else 0.0,
            "net_replay": (self.steps - self.asked) / self.true_steps,
            "full_replay_tasks": self.whole / self.tasks,
            "ms_per_task": 1e3 * self.seconds / self.tasks,
        }


def read_apps(*paths: Path) -> dict[str, dict[str, list[str]]]:
    """app -> task -> true steps; a task's words stand once for each app."""
    apps: dict[str, dict[str, list[str]]] = {}
    for path in paths:
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            apps.setdefault(row["app"], {})[row["task"]] = row["trajectory"]
    return apps


def evaluate(*paths: Path, distributions: Sequence[str] = DISTRIBUTIONS, seeds: int = 5) -> dict[str, Any]:
    """All figures as JSON data: for each distribution the whole system and without each part."""
    apps = read_apps(*paths)
    return {
        "data": [path.name for path in paths],
        "n": {"apps": len(apps), "tasks": sum(map(len, apps.values()))},
        "seeds": seeds,
        "rows": {
            distribution: {name: figures(make, apps, distribution, seeds) for name, make in ACTION.items()}
            for distribution in distributions
        },
        **about(),
    }


def figures(
    make: Callable[[], System], apps: Mapping[str, Truth], distribution: str, seeds: int
) -> dict[str, dict[str, float]]:
    """Mean and spread of every rate over the seeds; a new system for each app."""
    runs = []
    for seed in range(seeds):
        tally = Tally()
        for app, truth in apps.items():
            run(make(), order(list(truth), distribution, random.Random(f"{app}|{seed}")), truth, tally)
        runs.append(tally.rates())
    return {
        name: {
            "mean": round(statistics.mean(run[name] for run in runs), 4),
            "spread": round(statistics.pstdev(run[name] for run in runs), 4),
        }
        for name in runs[0]
    }


def order(tasks: list[str], distribution: str, rng: random.Random) -> list[str]:
    """The tasks in the order they arrive.

    Raises:
        ValueError: the distribution is none of DISTRIBUTIONS.
    """
    if distribution not in DISTRIBUTIONS:
        raise ValueError(f"{distribution!r} is none of {', '.join(DISTRIBUTIONS)}")
    rng.shuffle(tasks)
    if distribution == "uniform":
        return tasks
    frequent = math.ceil(0.2 * len(tasks))
    drawn = tasks[:frequent] * OFTEN + tasks[frequent:]
    rng.shuffle(drawn)
    return rng.sample(drawn, len(tasks))


def run(system: System, arriving: Sequence[str], truth: Truth, tally: Tally) -> None:
    """Lets the tasks arrive and adds what happened to the tally."""
    for task in arriving:
        steps = truth[task]
        done, asked, right = _one(system, task, steps, tally)
        tally.tasks += 1
        tally.true_steps += len(steps) + 1
        if right:
            tally.correct += 1
            tally.steps += len(steps) + 1
            tally.asked += asked
            tally.whole += asked == 0
            system.record(task, list(steps))
        else:
            system.failed(task, done)


def _one(system: System, task: str, steps: Sequence[str], tally: Tally) -> tuple[list[str], int, bool]:
    """What was done, how many steps had to be asked, and whether all were the true ones."""
    begun = time.perf_counter()
    plan = system.lookup(task)
    tally.seconds += time.perf_counter() - begun
    done: list[str] = []
    asked, right = 0, True
    while True:
        place = len(done)
        true = steps[place] if place < len(steps) else DONE
        action: str | None
        if plan is not None:
            action = plan[place] if place < len(plan) else DONE
        else:
            begun = time.perf_counter()
            action = system.next_action(task, list(done))
            tally.seconds += time.perf_counter() - begun
        if action is None:
            asked += 1
            action = true
        right = right and action == true
        if action == DONE or place >= len(steps) + LOST:
            return done, asked, right
        done.append(action)
