"""A small seeded sample of `mobimem eval drift`, and that its judge sees what is wrong."""

from __future__ import annotations

from collections import Counter

import pytest

from device.clock import ManualClock
from device.virtual.phone import PhoneConfig, VirtualPhone
from mobimem.evals import drift
from mobimem.evals.bounds import upper_bound
from mobimem.evals.drift import CONDITIONS, CRASHING, Truths, Unjudged, evaluate, run, shown
from mobimem.evals.drift_tasks import TASKS, Change, DriftTask
from replay.checks import Check
from replay.recipe import Recipe
from replay.runner import RunResult

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


@pytest.fixture
def phone() -> VirtualPhone:
    return drift._phone(PhoneConfig(), ManualClock())


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("call_log", {"number": "+1 202 555 0110", "type": 2, "date_ms": 5, "duration_s": 3}),
        ("payments", {"recipient": "Alice", "amount_cents": 1250, "note": "", "at_ms": 5}),
        ("calendar_events", {"title": "Dinner"}),
        ("a.table.nobody.named", {"any": "thing"}),
    ],
)
def test_a_row_in_any_table_is_a_difference_and_wrong(phone: VirtualPhone, table: str, row: dict[str, object]) -> None:
    before = drift._state(phone)
    phone.store.table(table).insert(**row)
    changed = drift._difference(before, drift._state(phone))
    assert len(changed) == 1
    assert changed[0].startswith(f"+ {table}: ")
    assert drift._judged(Change(), ended("stopped"), "", changed).verdict == "wrong"


def test_documents_and_granted_permissions_are_compared_and_refused_ones_are_not(phone: VirtualPhone) -> None:
    before = drift._state(phone)
    phone.store.put("any.document", {})
    phone.packages.revoke("com.android.contacts", "android.permission.CAMERA")
    assert drift._difference(before, drift._state(phone)) == ()
    phone.store.put("any.document", {"on": {"deep": 1}})
    phone.packages.grant("com.android.contacts", "android.permission.CAMERA")
    assert drift._difference(before, drift._state(phone)) == (
        "+ any.document.on.deep=1",
        "+ packages.permissions.com.android.contacts.android.permission.CAMERA=True",
    )


@pytest.mark.parametrize("outcome", ["stopped", "asked", "done"])
def test_a_wrong_value_of_an_asked_setting_is_wrong(phone: VirtualPhone, outcome: str) -> None:
    asked = Change(settings={"system.screen_off_timeout": "120000"})
    before = drift._state(phone)
    phone.settings.put("system", "screen_off_timeout", "300000")
    changed = drift._difference(before, drift._state(phone))
    assert drift._judged(asked, ended(outcome), "", changed).verdict == "wrong"
    phone.settings.put("system", "screen_off_timeout", "120000")
    changed = drift._difference(before, drift._state(phone))
    assert drift._judged(asked, ended(outcome), "", changed).verdict == outcome
    phone.settings.delete("system", "screen_off_timeout")
    changed = drift._difference(before, drift._state(phone))
    assert drift._judged(asked, ended(outcome), "", changed).verdict == "wrong"


def test_a_draft_may_be_left_where_it_belongs_by_a_run_that_ended_early_and_nowhere_else() -> None:
    asked = TEXT.change({"contact": "Bob", "message": "hello"})
    left, elsewhere = (f"+ com.android.messaging.drafts.to{n}.words='hello'" for n in ("+12025550125", "+12025550110"))
    assert drift._judged(asked, ended("stopped"), "", (left,)).verdict == "stopped"
    assert drift._judged(asked, ended("stopped"), "", (elsewhere,)).verdict == "wrong"
    assert not drift._fits(asked, (left,), whole=True)


def test_a_touch_at_a_step_without_a_truth_is_not_passed_over() -> None:
    condition = CONDITIONS[0]
    task = next(task for task in TASKS if task.name == "dark-theme")
    recipe = shown(task)
    with pytest.raises(Unjudged, match="step 2 touched"):
        run(task, recipe, condition, 1, {(task.name, ()): {}})


def test_the_other_app_that_crashes_exists(phone: VirtualPhone) -> None:
    assert phone.packages.find(CRASHING) is not None


def ended(outcome: str) -> RunResult:
    return RunResult(outcome, "", None, (), 0, 0, 0.0)  # type: ignore[arg-type]


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
