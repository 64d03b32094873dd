"""Use case: every task there is now - running, waiting for the owner, or not done."""

from __future__ import annotations

from dataclasses import dataclass

from device.clock import Clock
from mobimem import folders
from mobimem.policy.asks import Ask
from mobimem.running import Running, all_running
from mobimem.service.plans.taking_up import list_plans
from mobimem.service.policy import list_asks
from mobimem.service.questions import list_questions
from mobimem.service.unfinished import Unfinished, list_unfinished
from mobimem.tasks.waiting import Waiting


@dataclass(frozen=True, slots=True)
class TasksResult:
    """`waiting` and `asks` wait for the owner's answer and time out; `unfinished` can be gone on with."""

    running: tuple[Running, ...]
    waiting: tuple[Waiting, ...]
    asks: tuple[Ask, ...]
    unfinished: tuple[Unfinished, ...]


def list_tasks(*, clock: Clock | None = None) -> TasksResult:
    """Everything that is not over, oldest first."""
    return TasksResult(
        all_running(folders.running_folder()),
        list_questions(clock=clock),
        tuple(asked.ask for asked in list_asks(clock=clock)),
        tuple(sorted((*list_unfinished(clock=clock), *list_plans(clock=clock)), key=lambda one: one.began_at)),
    )
