"""Use cases: which known tasks these words are - and those tasks, with recipe and values, ready to run.

    recall_words("tell mum dinner is ready")   what memory makes of the words, with reasons; nothing is decided
    tasks_for("tell mum dinner is ready", {})  the same as tasks to run; raises where the owner has to say more

No model, no network. The steps are those of action memory: a repaired step is replayed by every task that has it.
Without the extra `memory` a task is found by its name only.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mobimem import folders
from mobimem.errors import BadInput, NotDone, OwnerNeeded
from mobimem.owner import Call, through_owner
from mobimem.service.learning import learn_shelf
from mobimem.service.recipes import Task, library, named_task, refuse_unknown
from replay.library import Entry, Library
from replay.recipe import Recipe, Step

if TYPE_CHECKING:
    from memory.opening import Memory
    from memory.recall import Recalled, RecalledTask


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: words, or a recipe's `name`. `at` is the owner's local time. `template` and `meant`: the reading
    that the owner chose of several."""

    words: str
    name: str
    given: dict[str, str]
    at: datetime
    template: str = ""
    meant: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadyTasks:
    """Tasks to run, one after the other.

    `recalled` is None where memory was not asked. `doubts` say why the reading has to be shown and confirmed before
    anything starts: something that cannot be undone rests on more than the owner's own words.
    """

    words: str
    tasks: tuple[Task, ...]
    recalled: Recalled | None = None
    doubts: tuple[str, ...] = ()


def recall_words(words: str, given: Mapping[str, str] | None = None, *, name: str = "") -> Recalled:
    """What memory makes of the words now; what was taught since is learnt first.

    Raises:
        MemoryFault: the memory cannot be asked.
    """
    return through_owner(recall_call(), Asked(words, name, dict(given or {}), datetime.now(UTC).astimezone()))


def recall_reading(recalled: Recalled, number: int, given: Mapping[str, str] | None = None) -> Recalled:
    """The task that words with several readings are, by the owner's choice among `recalled.missed.readings`.

    Raises:
        MemoryFault: the memory cannot be asked.
    """
    if (miss := recalled.missed) is None:
        raise ValueError("these words are known tasks, and leave no reading open")
    at = datetime.now(UTC).astimezone()
    return through_owner(
        recall_call(), Asked(recalled.words, "", dict(given or {}), at, miss.nearest, dict(miss.meant[number]))
    )


def tasks_for(words: str, given: Mapping[str, str]) -> ReadyTasks:
    """The tasks these words, or this recipe's name, ask for.

    Args:
        given: values by slot; they go before those in the words.

    Raises:
        NotDone: no known task, with the word that nothing explains. OwnerNeeded: a value or a task is open, or what
            is known does not work any more. SlotMissing: a slot has no value. BadInput: a value for a slot it has not.
        MemoryFault: the memory cannot be asked.
    """
    from memory.errors import ExtraMissing

    entry = library().named(words)
    try:
        recalled = recall_words(words, given, name="" if entry is None else entry.name)
    except ExtraMissing as missing:
        if entry is None:
            raise NotDone(
                f"no recipe is called {words!r}, and for words {missing.cause}", next_step=missing.next_step
            ) from missing
        return ReadyTasks(words, (named_task(words, given),))
    if entry is not None and not recalled.tasks:  # memory refused to learn it; it can still be done by name
        return ReadyTasks(words, (named_task(words, given),))
    return ready(recalled, given, named=entry is not None)


def ready(recalled: Recalled, given: Mapping[str, str], *, named: bool = False) -> ReadyTasks:
    """What was recalled, as tasks that can be run.

    Args:
        named: it was asked for by its name; then what failed lately may be tried.

    Raises:
        As `tasks_for`.
    """
    if not recalled.tasks:
        raise missed(recalled)
    if given and len(recalled.tasks) > 1:
        raise BadInput(
            "these words are several tasks, and --set does not say of which", next_step="Say them one by one."
        )
    if not named:
        _refuse_stale(recalled)
    tasks = tuple(_task(recalled, one, given) for one in recalled.tasks)
    doubts = [doubt for one, task in zip(recalled.tasks, tasks, strict=True) for doubt in _doubts(one, task.recipe)]
    return ReadyTasks(recalled.words, tasks, recalled, tuple(dict.fromkeys(doubts)))


def missed(recalled: Recalled) -> NotDone:
    """The error that says why words are no known task, what came closest, and what to do."""
    miss = recalled.missed
    why = "; ".join(recalled.reasons)
    if miss is None or not miss.pattern:
        return NotDone(
            f"nothing that was taught fits {recalled.words!r}: {why}",
            next_step="`mobimem replay list` shows what was taught; `mobimem teach NAME --task WORDS` teaches more.",
        )
    if miss.readings:
        said = " or ".join(f"“{reading}”" for reading in miss.readings)
        return NotDone(
            f"{recalled.words!r} can be read in more than one way: {why}",
            next_step=f"Say it so, if this is meant: {said}",
        )
    return NotDone(
        f"{recalled.words!r} is not understood: {why}. Closest is {miss.nearest!r}: “{miss.pattern}”",
        next_step=f"Say it in those words, name it (mobimem do {miss.nearest} --set SLOT=VALUE), or teach what is new: "
        "mobimem teach NAME --task WORDS",
    )


def _recall(memory: Memory, asked: Asked) -> Recalled:
    from memory.recall import Recalled, Where, recall, recall_meant, recall_named

    learn_shelf(memory, Library(memory.folder / "recipes"))
    where = Where(asked.at)
    if asked.name:
        task = recall_named(memory, asked.name, given=asked.given, where=where)
        tasks = () if task is None else (task,)
        return Recalled(asked.words, tasks, float(len(tasks)), ("asked for by name",))
    if asked.template:
        return recall_meant(memory, asked.words, asked.template, asked.meant, given=asked.given, where=where)
    return recall(memory, asked.words, given=asked.given, where=where)


def recall_call() -> Call[Asked, Recalled]:
    """How the owner of the data folder recalls.

    Raises:
        ExtraMissing: what memory needs is not installed.
    """
    try:
        from memory.recall import Recalled
    except ModuleNotFoundError as error:
        from memory.errors import ExtraMissing

        raise ExtraMissing(error.name or "sqlalchemy", "memory") from error
    return Call("recall", Asked, Recalled, _recall)


def _refuse_stale(recalled: Recalled) -> None:
    for one in recalled.tasks:
        if one.state == "stale":
            sets = " ".join(f"--set {slot}=…" for slot in one.slots)
            raise OwnerNeeded(
                f"{one.template!r} failed the last times it was done and is not done for words any more",
                next_step=f"Teach it again, or try it by its name: mobimem do {one.template} {sets}".rstrip(),
            )


def _task(recalled: Recalled, one: RecalledTask, given: Mapping[str, str]) -> Task:
    entry = _entry(one)
    refuse_unknown(entry.recipe, given)
    for left in one.open:
        if left.choices:
            raise OwnerNeeded(
                f"{left.said or left.slot!r} may be {' or '.join(left.choices)}",
                next_step=f"Say which: --set {left.slot}={shlex.quote(left.choices[0])}",
            )
        if left.said:
            raise OwnerNeeded(f"{one.reading!r} leaves open: {left.asks}", next_step=f"Say it: --set {left.slot}=…")
    entry.recipe.require(one.values)
    note = {
        "words": recalled.words if len(recalled.tasks) == 1 and not given and one.said else "",
        "said": dict(one.said), "reading": one.reading, "template": one.template, "confidence": one.confidence,
        "exact": one.exact, "reasons": list(one.reasons),
    }  # fmt: skip
    return Task(entry, one.values, note)


def _entry(one: RecalledTask) -> Entry:
    """The recipe of the library with the steps as memory has them; one of memory alone where the library lost it."""
    kept, steps = library().named(one.template), one.recipe_steps()
    if kept is None:
        recipe = Recipe(id=one.template, name=one.template, task=one.task, steps=steps, slots=one.slots)
        return Entry(recipe, 0, "", folders.recipes_folder() / one.template, None)
    if len(steps) != len(kept.recipe.steps):
        return replace(kept, recipe=replace(kept.recipe, steps=steps))
    return replace(kept, recipe=replace(kept.recipe, steps=tuple(map(_own_or_repaired, kept.recipe.steps, steps))))


def _own_or_repaired(own: Step, book: Step) -> Step:
    """The step as it was recorded for this recipe, unless it was repaired since and its file does not know that yet."""
    named = replace(book, id=own.id, revision=own.revision)
    return own if book.revision == 1 or named == own else replace(named, revision=own.revision + 1)


def _doubts(one: RecalledTask, recipe: Recipe) -> tuple[str, ...]:
    """Why the owner should see this reading first; nothing where every step can be undone."""
    if not recipe.for_good:
        return ()
    meant = () if one.exact else ("it is not said in the words, or with values of the kind, that it was taught with",)
    return (*meant, *(f"{filled.slot} = {filled.value!r} is from memory ({filled.reason})" for filled in one.filled))
