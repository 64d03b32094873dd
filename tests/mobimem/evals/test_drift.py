"""A small seeded sample of `mobimem eval drift`, that its judge sees what is wrong, and that each kind is met."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from device.clock import ManualClock
from device.virtual.apps import INSTALLED
from device.virtual.apps.settings.screens import SCREENS, Link, Section
from device.virtual.phone import PhoneConfig, VirtualPhone
from mobimem.evals.bounds import upper_bound
from mobimem.evals.drift import (
    UNTOUCHED,
    Lesson,
    Truths,
    Unjudged,
    _outcomes,
    evaluate,
    fresh_phone,
    run,
    shown,
)
from mobimem.evals.drift_account import Difference, Fact, difference, facts, trouble
from mobimem.evals.drift_conditions import CONDITIONS, CRASHING, Condition
from mobimem.evals.drift_people import NUMBERS
from mobimem.evals.drift_task import ANY, Change, DriftTask
from mobimem.evals.drift_tasks import NOT_COVERED, TASKS
from mobimem.evals.drift_watch import Truth
from replay.checks import Check

SAMPLE = tuple(
    task for task in TASKS if task.name in ("text-someone", "display-screen-timeout", "delete-note", "pay-without-note")
)

SEED = 7
SHARE = random.Random(SEED).sample(TASKS, 30)  # all of them run in `mobimem eval drift`


def named(name: str) -> DriftTask:
    (task,) = (task for task in TASKS if task.name == name)
    return task


def under(name: str) -> Condition:
    (condition,) = (condition for condition in CONDITIONS if condition.name == name)
    return condition


TEXT = named("text-someone")


def test_nothing_is_done_wrong_in_a_sample_of_tasks_and_conditions() -> None:
    result = evaluate(1, tasks=SAMPLE)
    assert result["all"]["wrong"] == 0, result["wrong_runs"]
    assert result["by_condition"]["nothing changed"]["done"] == len(SAMPLE)
    assert set(result["by_condition"]) == {condition.name for condition in CONDITIONS}
    assert result["all"]["n"] > 30


def test_two_processes_count_what_one_does() -> None:
    tasks = (named("wallet-help"), named("open-app"))
    one, two = (evaluate(1, tasks=tasks, jobs=jobs) for jobs in (1, 2))
    same = ("all", "by_condition", "by_app", "by_task", "does_not_apply", "reasons", "wrong_runs")
    assert [one[key] for key in same] == [two[key] for key in same]


def test_every_app_and_every_item_of_the_settings_has_a_task() -> None:
    packages = {task.package for task in TASKS}
    apps = {app.package for app in INSTALLED if app.in_launcher}
    assert apps <= packages
    items = [item for screen in SCREENS.values() for item in screen.items if not isinstance(item, Link | Section)]
    assert len([task for task in TASKS if task.package == "com.android.settings"]) >= len(items)
    assert len({task.name for task in TASKS}) == len(TASKS)
    assert all(NOT_COVERED.values())


def without_checks(lesson: Lesson) -> Lesson:
    none: tuple[Check, ...] = ()
    steps = tuple(replace(step, before=none, after=none) for step in lesson.recipe.steps)
    return replace(lesson, recipe=replace(lesson.recipe, steps=steps))


def test_the_judge_sees_what_a_recipe_without_checks_does_wrong() -> None:
    truths: Truths = {}
    lesson = without_checks(shown(TEXT))
    verdicts = Counter(run(TEXT, lesson, under("wrong contact"), seed, truths).verdict for seed in range(12))
    assert verdicts["wrong"] > 0


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: str(condition.name))
def test_every_kind_is_met_by_a_task_with_people_texts_and_lists(condition: Condition) -> None:
    verdicts = seen_under(condition, "text-someone", seeds=3)
    assert verdicts.total() > verdicts[UNTOUCHED]


@pytest.mark.parametrize(
    ("condition", "task"),
    [
        ("reworded", "count-up"),  # its app has no table of words
        ("ids renamed", "open-app"),  # the launcher is none of the apps that are updated
        ("re-ordered", "wallet-help"),  # no list
    ],
)
def test_a_kind_that_leaves_a_tasks_screens_as_they_are_counts_as_untouched(condition: str, task: str) -> None:
    assert set(seen_under(under(condition), task, seeds=1)) == {UNTOUCHED}


def seen_under(condition: Condition, task: str, *, seeds: int) -> Counter[str]:
    truths: Truths = {}
    lesson = shown(named(task))
    return Counter(run(named(task), lesson, condition, seed, truths).verdict for seed in range(seeds))


def test_a_double_is_not_taken_for_the_button_that_the_keyboard_hides() -> None:
    task, truths = named("call-number"), Truths()
    lesson = shown(task)
    judged = [run(task, lesson, under("duplicate label"), seed, truths) for seed in (0, 2, 5)]
    assert [one.why for one in judged] == ["", "", ""]
    assert any(detour.kind == "keyboard" for one in judged for detour in one.result.detours)


# -- the judge


@pytest.fixture
def phone() -> VirtualPhone:
    return fresh_phone(PhoneConfig(), ManualClock())


Judge = Callable[..., str]


@pytest.fixture
def judge(phone: VirtualPhone) -> Judge:
    """What is wrong with what was changed since the phone was fresh."""
    before = facts(phone)

    def judged(change: Change, *, whole: bool) -> str:
        return trouble(change, difference(before, facts(phone)), phone, whole=whole)

    return judged


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("call_log", {"number": "+1 202 555 0110", "type": 2, "date_ms": 5, "duration_s": 3}),
        ("payments", {"recipient": "Alice", "amount_cents": 1250, "note": "", "at_ms": 5}),
        ("calendar_events", {"title": "Dinner"}),
        ("a.table.nobody.named", {"any": "thing"}),
    ],
)
def test_a_row_in_any_table_is_a_difference_and_wrong(
    phone: VirtualPhone, judge: Judge, table: str, row: dict[str, object]
) -> None:
    phone.store.table(table).insert(**row)
    assert f"+ {table}: " in judge(Change(), whole=False)
    assert f"+ {table}: " in judge(Change(), whole=True)


def test_documents_and_granted_permissions_are_compared_and_refused_ones_are_not(phone: VirtualPhone) -> None:
    before = facts(phone)
    phone.store.put("any.document", {})
    phone.packages.revoke("com.android.contacts", "android.permission.CAMERA")
    assert difference(before, facts(phone)) == Difference()
    phone.store.put("any.document", {"on": {"deep": 1}})
    phone.packages.grant("com.android.contacts", "android.permission.CAMERA")
    assert str(difference(before, facts(phone))) == (
        "+ any.document.on.deep=1; + packages.permissions.com.android.contacts.android.permission.CAMERA=True"
    )


@pytest.mark.parametrize("whole", [True, False])
def test_a_wrong_value_of_an_asked_setting_is_wrong(phone: VirtualPhone, judge: Judge, whole: bool) -> None:
    asked = Change(settings={"system.screen_off_timeout": "120000"})
    phone.settings.put("system", "screen_off_timeout", "300000")
    assert judge(asked, whole=whole)
    phone.settings.put("system", "screen_off_timeout", "120000")
    assert not judge(asked, whole=whole)
    phone.settings.delete("system", "screen_off_timeout")
    assert judge(asked, whole=whole)


@pytest.mark.parametrize("whole", [True, False])
def test_a_row_with_one_other_column_is_wrong(phone: VirtualPhone, judge: Judge, whole: bool) -> None:
    row = {"recipient": "Alice", "amount_cents": 1250, "note": "Lunch"}
    asked = Change(added=(("payments", row),))
    phone.store.table("payments").insert(**row, at_ms=7)
    assert not judge(asked, whole=whole)
    assert not judge(Change(added=(("payments", row | {"note": ANY}),)), whole=whole)
    for other in ({"note": ""}, {"amount_cents": 125}, {"recipient": "alice"}):
        assert judge(Change(added=(("payments", row | other),)), whole=whole)
    phone.store.table("payments").insert(**row, at_ms=8)
    assert judge(asked, whole=whole), "paid twice"


def test_what_is_not_done_is_wrong_only_where_a_run_says_that_it_is_done(judge: Judge) -> None:
    for asked in (
        Change(added=(("payments", {"recipient": "Alice"}),)),
        Change(settings={"global.low_power": "1"}),
        Change(documents={"com.android.settings.muted": lambda document: document == ["a"]}),
        Change(front="com.example.notes"),
        Change(shown={"result": "42"}),
    ):
        assert judge(asked, whole=True)
        assert not judge(asked, whole=False)


@pytest.mark.parametrize("whole", [True, False])
def test_another_document_than_the_asked_one_is_wrong(phone: VirtualPhone, judge: Judge, whole: bool) -> None:
    asked = Change(documents={"com.android.settings.muted": lambda document: document == ["a"]})
    phone.store.put("com.android.settings.muted", ["b"])
    assert judge(asked, whole=whole)
    phone.store.put("com.android.settings.muted", ["a"])
    assert not judge(asked, whole=whole)


def test_a_draft_may_be_left_where_it_belongs_by_a_run_that_ended_early_and_nowhere_else(phone: VirtualPhone) -> None:
    asked = TEXT.change({"contact": "Bob", "message": "hello"})
    left, elsewhere = (
        Difference(more=(Fact(f"com.android.messaging.drafts.to{number.replace(' ', '')}.words", (("", "'hello'"),)),))
        for number in (NUMBERS["Bob"], NUMBERS["Alice"])
    )
    assert not trouble(asked, left, phone, whole=False)
    assert trouble(asked, elsewhere, phone, whole=False)
    assert trouble(asked, left, phone, whole=True)


def test_a_touch_at_a_step_without_a_truth_is_not_passed_over() -> None:
    task = named("display-dark-theme-on")
    with pytest.raises(Unjudged, match="step 2 touched"):
        run(task, shown(task), CONDITIONS[0], 1, {(task.name, ()): Truth()})


def test_the_other_app_that_crashes_exists(phone: VirtualPhone) -> None:
    assert phone.packages.find(CRASHING) is not None


def test_the_figures_of_a_task_are_the_same_again() -> None:
    task = named("wallet-help")
    assert list(_outcomes(task, 1, heal=False)) == list(_outcomes(task, 1, heal=False))


@pytest.mark.parametrize("task", SHARE, ids=lambda task: str(task.name))
def test_a_task_works_undisturbed_with_other_values(task: DriftTask) -> None:
    judged = run(task, shown(task), CONDITIONS[0], SEED, {})
    assert judged.verdict == "done", judged


@pytest.mark.parametrize(
    ("k", "n", "bound"), [(0, 0, None), (0, 3000, 0.000998), (0, 10, 0.258866), (1, 10, 0.394163), (5, 5, 1.0)]
)
def test_the_upper_bound_is_the_exact_one(k: int, n: int, bound: float | None) -> None:
    got = upper_bound(k, n)
    assert got == bound or (got is not None and bound is not None and got == pytest.approx(bound, abs=2e-6))
