"""A small seeded sample of `mobimem eval drift`, and that its judge sees what is wrong."""

from __future__ import annotations

from collections import Counter

import pytest

from mobimem.evals.bounds import upper_bound
from mobimem.evals.drift import CONDITIONS, Truths, evaluate, run, shown
from mobimem.evals.drift_tasks import TASKS, DriftTask
from replay.checks import Check
from replay.recipe import Recipe

TEXT = next(task for task in TASKS if task.name == "text-someone")
SAMPLE = tuple(task for task in TASKS if task.name in ("text-someone", "screen-timeout", "delete-note"))


def test_nothing_is_done_wrong_in_a_sample_of_tasks_and_conditions() -> None:
    result = evaluate(1, tasks=SAMPLE)
    assert result["all"]["wrong"] == 0, result["wrong_runs"]
    assert result["by_condition"]["nothing changed"]["done"] == len(SAMPLE)
    assert set(result["by_condition"]) == {condition.name for condition in CONDITIONS}
    assert result["all"]["n"] > 30


def without_checks(recipe: Recipe) -> Recipe:
    from dataclasses import replace

    none: tuple[Check, ...] = ()
    return replace(recipe, steps=tuple(replace(step, before=none, after=none) for step in recipe.steps))


def test_the_judge_sees_what_a_recipe_without_checks_does_wrong() -> None:
    recipe = without_checks(shown(TEXT))
    condition = next(condition for condition in CONDITIONS if condition.name == "wrong contact")
    truths: Truths = {}
    verdicts = Counter(run(TEXT, recipe, condition, seed, truths).verdict for seed in range(12))
    assert verdicts["wrong"] > 0


@pytest.mark.parametrize("task", TASKS, ids=lambda task: str(task.name))
def test_every_task_works_undisturbed_with_other_values(task: DriftTask) -> None:
    condition = CONDITIONS[0]
    judged = run(task, shown(task), condition, 7, {})
    assert judged.verdict == "done", judged


@pytest.mark.parametrize(
    ("k", "n", "bound"), [(0, 0, None), (0, 3000, 0.000998), (0, 10, 0.258866), (1, 10, 0.394163), (5, 5, 1.0)]
)
def test_the_upper_bound_is_the_exact_one(k: int, n: int, bound: float | None) -> None:
    got = upper_bound(k, n)
    assert got == bound or (got is not None and bound is not None and got == pytest.approx(bound, abs=2e-6))
