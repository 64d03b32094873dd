"""What a task is told by the plan it is a part of. Pure data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mobimem.llm.spending import Spent
from mobimem.tasks.grounding import Said
from mobimem.tasks.scope import Scope
from perception.words import contains, normal


@dataclass(frozen=True, slots=True)
class Within:
    """A sub-task's place in a plan.

    `said` are the owner's words for the whole: what stands in them is the owner's, what the sub-task's words say may be
    a model's. `words` are the sub-task's, with results of others in braces; `given` are those results: they were read
    off a screen. `wanted` are the results it is to report. `scope` is what the plan lets it touch; None: not said.
    `check` is what the screen should say in the end, as far as the plan knew; "" for nothing. `spent` is what planning
    took, of the sub-task whose receipt bears it; `used` what the sub-tasks before this one asked of models. `plan` is
    the plan's id where it is kept, `name` the sub-task's.
    """

    said: str
    words: str
    wanted: tuple[str, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    scope: Scope | None = None
    check: str = ""
    spent: Spent = field(default_factory=Spent)
    used: Spent = field(default_factory=Spent)
    plan: str = ""
    name: str = ""

    def said_with(self, values: Mapping[str, str]) -> Said:
        """What the owner said of it, values by slot among that; those that hold a result are the result's."""
        held = tuple(value for value in values.values() if self.read_off([value]))
        own = tuple(value for value in values.values() if value not in held)
        return Said(self.said, own, (*self.given.values(), *held))

    def read_off(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Which of these texts hold what was read off a screen, each with a sentence that says so."""
        told = []
        for text in texts:
            names = [name for name, value in self.given.items() if contains(normal(text), normal(value))]
            told += [f"{text!r} was read off a screen ({', '.join(names)})"] if names else []
        return tuple(told)
