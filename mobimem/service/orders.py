"""Use case: what words ask for, as orders to carry out: known tasks, or words that a model has to work out.

What only the owner knows - a value nothing gives, one of two that fit - is asked of the owner before anything starts;
no model is asked for it. Without a model only known tasks are orders, and a miss is an error that says what is missing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from mobimem import folders
from mobimem.running import all_running
from mobimem.service.recall import ReadyTasks, missed, ready, recall_words, tasks_for
from mobimem.service.recipes import Task, library
from mobimem.service.replay import QuestionsOpen, refuse_if_open
from mobimem.tasks.asking import AskedOwner, Asker
from replay.resume import blocking, open_questions

if TYPE_CHECKING:
    from memory.recall import Recalled, RecalledTask
    from mobimem.llm.client import ModelClient
    from mobimem.llm.settings import Role


NEW: Final = "words-"  # how the id of a task begins that nobody taught


@dataclass(frozen=True, slots=True)
class Order:
    """One thing to do: a known task, or words nobody taught anything for (`task` is None)."""

    words: str
    task: Task | None = None

    @property
    def id(self) -> str:
        """What its runs are known by, for the questions that one of them may leave."""
        if self.task is not None:
            return self.task.recipe.id
        return NEW + hashlib.sha256(self.words.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    @property
    def values(self) -> Mapping[str, str]:
        return {} if self.task is None else self.task.values


@dataclass(frozen=True, slots=True)
class Orders:
    """What words ask for. `ready` is None where they are no known task; `asked` counts the owner's answers."""

    words: str
    orders: tuple[Order, ...]
    ready: ReadyTasks | None
    recalled: Recalled | None
    asked: int = 0


def open_client(*roles: Role) -> ModelClient | None:
    """The models of `models.toml`; None where none is named for any of these roles, or for deciding. Close it.

    Raises:
        BadInput: the file says something that is not understood.
    """
    from mobimem.llm.client import ModelClient
    from mobimem.llm.settings import FILE, read_models
    from mobimem.service.secrets import store

    if not (folders.home() / FILE).exists():
        return None
    secrets = store()

    def secret(name: str) -> str | None:
        return secrets.reveal(name) if name in {one.name for one in secrets.names()} else None

    models = read_models(folders.home() / FILE, secret)
    return ModelClient(models) if models.by_role.keys() & (roles or ("decider",)) else None


def orders_for(words: str, given: Mapping[str, str], asker: Asker, *, may_decide: bool) -> Orders:
    """What these words, or this recipe's name, ask for. Open values are asked of the owner.

    Args:
        may_decide: there is a model for what memory does not know.

    Raises:
        As `mobimem.service.recall.tasks_for`; a miss only where there is no model.
    """
    from memory.errors import ExtraMissing

    entry = library().named(words)
    try:
        recalled = recall_words(words, given, name="" if entry is None else entry.name)
    except ExtraMissing:
        if entry is None and may_decide:
            return Orders(words, (Order(words),), None, None)
        return _known(words, tasks_for(words, given), None, 0)
    if not recalled.tasks and entry is None:
        if may_decide:
            return Orders(words, (Order(words),), None, recalled)
        raise missed(recalled)
    if not recalled.tasks:
        return _known(words, tasks_for(words, given), recalled, 0)
    answered, asked = _answered(recalled, given, asker)
    return _known(words, ready(answered, given), answered, asked)


def _known(words: str, found: ReadyTasks, recalled: Recalled | None, asked: int) -> Orders:
    return Orders(words, tuple(Order(words, task) for task in found.tasks), found, recalled, asked)


def _answered(recalled: Recalled, given: Mapping[str, str], asker: Asker) -> tuple[Recalled, int]:
    """What was recalled, with the values the owner gave for what was open; what nobody answers stays open."""
    asked = 0
    tasks: list[RecalledTask] = []
    for task in recalled.tasks:
        left, values = [], dict(task.values)
        for one in task.open:
            says = f"{task.reading}: which {one.slot} is meant?" if one.choices else f"{task.reading}: {one.slot}?"
            kind = "tie" if one.choices else "slot"
            answer = asker.ask(AskedOwner("tie" if kind == "tie" else "slot", says, one.choices, slot=one.slot))
            asked += 1
            if answer is None or not answer.strip():
                left.append(one)
            else:
                values[one.slot] = answer.strip()
        tasks.append(replace(task, values=values, open=tuple(left)))
    return replace(recalled, tasks=tuple(tasks)), asked


def refuse_order_if_open(order: Order) -> None:
    """Makes sure no question about an earlier run stands in this order's way.

    Raises:
        QuestionsOpen: one does.
    """
    if order.task is not None:
        refuse_if_open(order.task)
        return
    alive = [running.run for running in all_running(folders.running_folder())]
    if standing := blocking(open_questions(folders.runs_folder(), alive=alive), order.id, order.values):
        raise QuestionsOpen(standing)


def known_tasks(words: str, given: Mapping[str, str], asker: Asker) -> ReadyTasks:
    """The known tasks these words, or this recipe's name, are; open values are asked of the owner.

    Raises:
        As `mobimem.service.recall.tasks_for`.
    """
    found = orders_for(words, given, asker, may_decide=False).ready
    if found is None:
        raise RuntimeError("orders without a model are known tasks")
    return found
