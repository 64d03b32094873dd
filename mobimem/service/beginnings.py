"""Use case: how a task that nobody taught may begin, by what near known tasks all begin with. No model is asked.

Performed by whoever owns the data folder (`mobimem.owner`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mobimem.owner import Call, through_owner
from mobimem.tasks.prefix import Beginning

if TYPE_CHECKING:
    from memory.beginning import Begins
    from memory.opening import Memory


@dataclass(frozen=True, slots=True)
class Begun:
    """What is to be begun, and the apps it may be begun in."""

    words: str
    apps: tuple[str, ...]


def known_beginning(words: str, apps: Collection[str]) -> Beginning:
    """How these words may begin; nothing where memory is not installed, or knows nothing.

    Raises:
        MemoryFault: the memory cannot be asked.
    """
    from memory.errors import ExtraMissing

    try:
        found = through_owner(beginning_call(), Begun(words, tuple(sorted(apps))))
    except ExtraMissing:
        return Beginning()
    return Beginning(found.recipe_steps(), found.values, found.tasks)


def _begins(memory: Memory, asked: Begun) -> Begins:
    from memory.beginning import beginning

    return beginning(memory, asked.words, asked.apps)


def beginning_call() -> Call[Begun, Begins]:
    """How the owner of the data folder tells it.

    Raises:
        ExtraMissing: what memory needs is not installed.
    """
    try:
        from memory.beginning import Begins
    except ModuleNotFoundError as error:
        from memory.errors import ExtraMissing

        raise ExtraMissing(error.name or "sqlalchemy", "memory") from error
    return Call("beginning", Begun, Begins, _begins)
