"""A sample of the suite, each task done twice; the full counts are `mobimem eval tasks`."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest

from device.virtual.phone import VirtualPhone
from mobimem.evals.drift_task import Change, Values
from mobimem.evals.tasks import evaluate, table_line
from mobimem.evals.tasks_brain import Brain
from mobimem.evals.tasks_run import Ran
from mobimem.evals.tasks_suite import TASKS
from mobimem.evals.tasks_task import Task, Twist
from mobimem.llm.scripted import Asked

SAMPLE = ("buy-scarf", "order-the-usual", "text-someone", "star-contact", "set-alarm", "add-numbers", "answer-mail")
BY_NAME = {task.name: task for task in TASKS}


def some(*names: str) -> list[Task]:
    return [BY_NAME[name] for name in names]


def row(result: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in result["tasks"] if one["task"] == name)


def test_second_runs_are_served_by_memory_and_do_no_less_than_first_ones() -> None:
    lines: list[str] = []

    def told(task: Task, ran: Ran) -> None:
        lines.append(table_line(task, ran))

    result = evaluate(tasks=some(*SAMPLE), seed=7, on_run=told)

    first, second = result["first"], result["second"]
    assert first["success"] == second["success"] == len(SAMPLE), lines
    assert (second["model_calls"], second["tokens"], second["wrong"], second["decided"]) == (0, 0, 0, 0), lines
    assert first["model_calls"] > 0
    assert {row(result, name)["second"]["served_by"] for name in SAMPLE} == {"memory"}
    assert row(result, "add-numbers")["first"]["served_by"] == "teaching"
    assert row(result, "buy-scarf")["expected"] == "not done"
    assert result["model"] == "scripted, no model"
    assert result["policy"]
    assert len(lines) == 2 * len(SAMPLE)


def test_without_recall_nothing_is_served_by_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    import memory.recall
    from memory.recall import Recalled

    def nothing(memory: object, words: str, **more: object) -> Recalled:
        return Recalled(words, (), 0.0, ("nothing is recalled",))

    monkeypatch.setattr(memory.recall, "recall", nothing)
    result = evaluate(tasks=some("delete-note", "set-alarm"))

    assert result["first"]["success"] == 2
    assert result["second"]["with_model_calls"] == 2
    assert result["second"]["replayed"] == 0


def test_whatever_else_a_run_changes_is_wrong_though_it_says_done() -> None:
    def also_calls(phone: VirtualPhone, values: Values) -> None:
        phone.store.put("com.example.notes.extra", {"said": "before"})

    def nothing_asked(values: Values) -> Change:
        return Change()

    task = BY_NAME["new-note"]
    asked_nothing = dataclasses.replace(task, twist=Twist("nothing is asked", before=also_calls, change=nothing_asked))
    result = evaluate(tasks=[asked_nothing])
    second = row(result, "new-note")["second"]

    assert row(result, "new-note")["first"]["success"]
    assert (second["outcome"], second["success"], second["wrong"]) == ("done", False, True)
    assert "not asked for: + notes" in second["why"]


def test_a_run_that_is_to_fail_has_to_say_why() -> None:
    twist = BY_NAME["buy-scarf"].twist
    assert twist is not None
    other = dataclasses.replace(BY_NAME["buy-scarf"], twist=dataclasses.replace(twist, says="no such words"))
    second = row(evaluate(tasks=[other]), "buy-scarf")["second"]

    assert (second["outcome"], second["wrong"], second["success"]) == ("stopped", False, False)
    assert "Sold out" in second["says"]


def test_what_was_to_happen_and_did_not_counts_as_no_success() -> None:
    task = dataclasses.replace(BY_NAME["copy-note"], twist=Twist("never", at_read=10_000, then=lambda phone: None))
    second = row(evaluate(tasks=[task]), "copy-note")["second"]

    assert (second["outcome"], second["success"]) == ("done", False)
    assert "did not" in second["why"]


def test_the_scripted_model_knows_a_task_by_its_words_only_and_gives_up_on_others() -> None:
    brain = Brain(TASKS)
    asked = {"content": "The owner's words: paint the fence"}
    said = brain(Asked("scripted", (asked,), {"properties": {"apps": {}}}, ""))

    assert brain.unknown == ["paint the fence"]
    assert "none" in said.text


def test_the_suite_covers_every_app_and_the_states_that_trouble_them() -> None:
    states = {task.twist.name for task in TASKS if task.twist}
    assert len(TASKS) >= 40
    assert len({task.name for task in TASKS}) == len(TASKS)
    assert {task.app for task in TASKS} >= {
        "com.android.launcher3", "com.android.contacts", "com.android.messaging", "com.android.dialer",
        "com.android.settings", "com.android.deskclock", "com.example.notes", "com.example.wallet",
        "com.android.email", "com.android.calendar", "com.example.shop", "com.example.food",
    }  # fmt: skip
    assert states >= {
        "empty list", "error of the server", "error that passes", "offline", "out of stock", "payment with consent",
        "cart that holds something", "value that needs scrolling", "value in Chinese", "my usual",
        "said in other words", "said in Chinese", "permission dialog in between", "pop-up in between",
        "value from the profile",
    }  # fmt: skip


def test_the_second_run_of_a_task_asks_for_something_else_or_meets_something_else() -> None:
    same = [task.name for task in TASKS if task.first == task.second and task.twist is None]
    fixed = [name for name in same if re.search(r"\{\w+\}", BY_NAME[name].words)]

    assert fixed == []
