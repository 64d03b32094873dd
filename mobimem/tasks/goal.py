"""What a task is to come to, and what it came to. Data alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from mobimem.llm.spending import Spent
from mobimem.tasks.within import Within
from replay.distill import Done
from replay.recipe import Recipe
from replay.runner import RunResult

Outcome: TypeAlias = Literal["done", "stopped", "asked", "cancelled"]
Proof: TypeAlias = Literal["checked", "confirmed", "judged", ""]
PROOFS: Final[tuple[Proof, ...]] = ("checked", "confirmed", "judged")


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be done. `recipe` is the known task these words are; None for one nobody taught.

    `within` is there for a sub-task; `words` then have results of others in place.
    """

    words: str
    recipe: Recipe | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    within: Within | None = None

    @property
    def place(self) -> Within:
        """Its place in a plan; of a task by itself, one that gives it nothing and wants what its steps read."""
        return self.within or Within(self.words, self.words, () if self.recipe is None else self.recipe.results)

    @property
    def planning(self) -> Spent:
        """What planning took that this task's receipt bears."""
        return Spent() if self.within is None else self.within.spent


@dataclass(frozen=True, slots=True)
class Ended:
    """How a task ended. `proof` of one that is done: by checks, by the owner's word, or only by the model's judgement.

    `path` is what was done, in order: the index of a remembered step, or a decided thing. `whole`: nothing else was
    done, so the path is the way. `next_step` is for the owner, where something went wrong. `results` are what was read
    off the screen, by name. `excused`: what stood in the way was the app's or the network's.
    """

    outcome: Outcome
    says: str
    proof: Proof = ""
    next_step: str = ""
    path: tuple[int | Done, ...] = ()
    whole: bool = True
    result: RunResult | None = None
    results: Mapping[str, str] = field(default_factory=dict)
    excused: bool = False
