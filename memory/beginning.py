"""How a task may begin that nobody taught: as known tasks do whose words are near, before a model decides the rest.

    beginning(memory, "block Bob's number", ["com.android.contacts"])  ->  open the app, tap Bob

Only steps that all those tasks begin with (`ActionMemory.beginning`), and only such that lead on: an app is opened, an
element is tapped. What types, switches or cannot be undone is for whoever decides. The answer is plain data: it may
come from another process.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from device.actions import OpenApp
from memory.learn.steps import steps_of
from replay.recipe import Step, TapOn, slots_of, step_from_data, step_to_data

if TYPE_CHECKING:
    from memory.opening import Memory


@dataclass(frozen=True, slots=True)
class Begins:
    """How these words may begin: `steps` are JSON with slots, `values` fill them, `tasks` all begin so."""

    steps: str = "[]"
    values: dict[str, str] = field(default_factory=dict)
    tasks: tuple[str, ...] = ()

    def recipe_steps(self) -> tuple[Step, ...]:
        """The steps, in order; none where nothing is known.

        Raises:
            RecipeInvalid: they are not ours.
        """
        return tuple(step_from_data(step) for step in json.loads(self.steps))


def beginning(memory: Memory, words: str, apps: Sequence[str]) -> Begins:
    """How words that are no known task may begin in one of these apps; nothing where several could be begun in."""
    with memory.lock:
        found = [one for one in (memory.action.beginning(words, app) for app in apps) if one.steps]
        if len(found) != 1:
            return Begins()
        [near] = found
        fit: list[Step] = []
        for step in steps_of(memory.action.steps, near.steps, "known"):
            if not _leads_on(step) or not _slots(step) <= near.values.keys():
                break
            fit.append(step)
    if not fit:
        return Begins()
    used = {slot for step in fit for slot in _slots(step)}
    values = {slot: value for slot, value in near.values.items() if slot in used}
    return Begins(json.dumps([step_to_data(step) for step in fit], ensure_ascii=False), values, near.tasks)


def _leads_on(step: Step) -> bool:
    return not step.for_good and isinstance(step.move, OpenApp | TapOn)


def _slots(step: Step) -> set[str]:
    return {slot for part in (step.move, *step.before, *step.after) for slot in slots_of(part)}
