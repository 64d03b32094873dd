"""Use case: what words ask for, as orders to carry out: known tasks, or words that a model has to work out.

What only the owner knows - which of several readings is meant, a value nothing gives, one of two that fit - is asked of
the owner before anything starts; no model is asked for it. Without a model only known tasks are orders, and a miss is
an error that says what is missing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from mobimem import folders
from mobimem.errors import NotDone
from mobimem.running import all_running
from mobimem.service.questions import StoredAsker
from mobimem.service.recall import ReadyTasks, missed, ready, recall_reading, recall_words, tasks_for
from mobimem.service.recipes import Task, library
from mobimem.service.replay import QuestionsOpen
from mobimem.tasks.asking import NONE_OF_THESE, AskedOwner, Asker, NobodyThere
from mobimem.tasks.within import Within
from mobimem.tasks.words import refuse_no_words
from replay.resume import blocking, open_questions
from replay.trace import Header

if TYPE_CHECKING:
    from memory.recall import Recalled, RecalledTask
    from mobimem.llm.client import ModelClient
    from mobimem.llm.settings import Role


NEW: Final = "words-"  # how the id of a task begins that nobody taught


@dataclass(frozen=True, slots=True)
class Order:
    """One thing to do: a known task, or words nobody taught anything for (`task` is None). `within` is there for a
    sub-task of a plan."""

    words: str
    task: Task | None = None
    within: Within | None = None

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
    from mobimem.service.replies import OwnedReplies
    from mobimem.service.secrets import store

    if not (folders.home() / FILE).exists():
        return None
    secrets = store()

    def secret(name: str) -> str | None:
        return secrets.reveal(name) if name in {one.name for one in secrets.names()} else None

    models = read_models(folders.home() / FILE, secret)
    return ModelClient(models, replies=OwnedReplies()) if models.by_role.keys() & (roles or ("decider",)) else None


def orders_for(
    words: str, given: Mapping[str, str], asker: Asker, *, may_decide: bool, from_owner: bool = True
) -> Orders:
    """What these words, or this recipe's name, ask for. The owner is asked which reading is meant, and what is open.

    Args:
        may_decide: there is a model for what memory does not know.
        from_owner: the words are the owner's; which reading of a model's words is meant nobody can be asked.

    Raises:
        BadInput: they can be no task's words; nothing was asked of memory, the owner or a model. As
        `mobimem.service.recall.tasks_for`; a miss only where there is no model, or nobody says which reading is meant.
    """
    from memory.errors import ExtraMissing

    refuse_no_words(words)
    entry = library().named(words)
    try:
        recalled = recall_words(words, given, name="" if entry is None else entry.name)
    except ExtraMissing:
        if entry is None and may_decide:
            return Orders(words, (Order(words),), None, None)
        return _known(words, tasks_for(words, given), None, 0)
    chosen = False
    if from_owner and entry is None and recalled.missed is not None and recalled.missed.readings:
        recalled, chosen = _as_meant(recalled, given, asker, may_decide=may_decide), True
    if not recalled.tasks and entry is None:
        if may_decide:
            return Orders(words, (Order(words),), None, recalled, int(chosen))
        raise _missed(recalled)
    if not recalled.tasks:
        return _known(words, tasks_for(words, given), recalled, 0)
    if entry is not None and isinstance(asker, StoredAsker) and asker.wait_s <= 0:
        asker = NobodyThere()  # a name with --set is a command line, and what it lacks is told as such
    answered, asked, meant = _answered(recalled, asker)
    if isinstance(asker, StoredAsker) and asker.left:
        raise asker.unanswered()
    found = ready(answered, given)
    if meant:  # kept in the runs' journals: what recurs is learnt from there
        tasks = [replace(task, recall={**task.recall, "answered": meant}) for task in found.tasks]
        found = replace(found, tasks=tuple(tasks))
    return _known(words, found, answered, asked + chosen)


def _missed(recalled: Recalled) -> NotDone:
    """The miss of a command without a model that decides, and that models are named for other roles only, if so."""
    from mobimem.llm.settings import FILE, roles_in

    miss, roles = missed(recalled), roles_in(folders.home() / FILE)
    if not roles or "decider" in roles:
        return miss
    named = ", ".join(sorted(roles))
    return NotDone(
        f"{miss.cause}; and {FILE} names no decider ({named} only), so no model decides its steps",
        next_step=f"{miss.next_step} Or add [decider], or a whole [default], to {folders.home() / FILE}.",
    )


def _as_meant(recalled: Recalled, given: Mapping[str, str], asker: Asker, *, may_decide: bool) -> Recalled:
    """What was recalled by the reading that the owner says is meant; as it was where none is and a model may decide.

    Raises:
        OwnerNeeded: the question is stored, and waits. NotDone: nobody answers; or none is meant and there is no model.
    """
    assert recalled.missed is not None, "only words that are no known task have readings left open"
    readings = recalled.missed.readings
    says = f"{recalled.words!r}: {'; '.join(recalled.reasons)}. Which is meant?"
    answer = asker.ask(AskedOwner("reading", says, (*readings, NONE_OF_THESE)))
    if answer is None and isinstance(asker, StoredAsker) and asker.left:
        raise asker.unanswered()
    if answer is None:
        raise missed(recalled)
    if answer in readings:
        return recall_reading(recalled, readings.index(answer), given)
    if not may_decide:
        raise NotDone(
            f"{recalled.words!r} is not understood: it is none of what was known to fit",
            next_step="Say it in other words, or teach it: mobimem teach NAME --task WORDS",
        )
    return recalled


def _known(words: str, found: ReadyTasks, recalled: Recalled | None, asked: int) -> Orders:
    return Orders(words, tuple(Order(words, task) for task in found.tasks), found, recalled, asked)


def _answered(recalled: Recalled, asker: Asker) -> tuple[Recalled, int, dict[str, str]]:
    """What was recalled, with the values the owner gave for what was open; how many answers; and what was meant by
    what was said. What nobody answers stays open."""
    asked, meant = 0, dict[str, str]()
    tasks: list[RecalledTask] = []
    for task in recalled.tasks:
        left, values = [], dict(task.values)
        for one in task.open:
            says = f"{task.reading}: {one.asks}"
            kind: Literal["tie", "slot"] = "tie" if one.choices else "slot"
            answer = asker.ask(AskedOwner(kind, says, one.choices, slot=one.slot, said=one.said, app=one.app))
            asked += 1
            if answer is None or not answer.strip():
                left.append(one)
                continue
            values[one.slot] = answer.strip()
            if one.said and (one.choices or one.person):
                meant[one.said] = values[one.slot]
        tasks.append(task.answered(values, tuple(left)))
    return replace(recalled, tasks=tuple(tasks)), asked, meant


def order_again(header: Header, recall: Mapping[str, Any], words: str) -> Order:
    """The order an earlier run was of, with the recipe as it is now.

    Args:
        recall: how the words were understood then.

    Raises:
        As `mobimem.service.recall.tasks_for`.
    """
    if header.recipe_id.startswith(NEW):
        return Order(words)
    [task] = tasks_for(header.name, header.values).tasks
    return Order(words, replace(task, recall=recall or task.recall))


def refuse_order_if_open(order: Order, *, but: Collection[str] = ()) -> None:
    """Makes sure no question about an earlier run stands in this order's way.

    Args:
        but: runs that this order takes up.

    Raises:
        QuestionsOpen: one does.
    """
    alive = [running.run for running in all_running(folders.running_folder())]
    asked = [one for one in open_questions(folders.runs_folder(), alive=alive) if one.run not in but]
    if standing := blocking(asked, order.id, order.values):
        raise QuestionsOpen(standing)


def known_of(found: Orders) -> ReadyTasks:
    """The known tasks of orders that were made without a model."""
    if found.ready is None:
        raise RuntimeError("orders without a model are known tasks")
    return found.ready
