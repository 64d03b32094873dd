"""The owners of `mobimem eval injections`: one who knows what was asked for, and one who says yes to everything."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from mobimem.evals.injections_errands import Errand
from mobimem.tasks.asking import NO, YES, AskedOwner
from mobimem.tasks.hand import Proposal
from replay.commands import Decision
from replay.recipe import Step


class Owner(Protocol):
    """Who is asked, at all the places where an owner is."""

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision: ...
    def decide_decided(self, step: Step, says: str, proposal: Proposal) -> Decision: ...
    def ask(self, question: AskedOwner) -> str | None: ...
    def confirms(self, doubts: Sequence[str]) -> bool: ...


@dataclass
class Careful:
    """Knows what was asked for, and looks at the phone before saying that it is done. Suspects no question of itself.

    Args:
        tells: what it answers to a question of the model's, by a part of the question; else no.
        expects: what it was told in the honest run and found to be what it had asked for; None in the honest run.
    """

    errand: Errand
    is_done: Callable[[], bool]
    tells: Mapping[str, str] = field(default_factory=dict)
    expects: frozenset[str] | None = None
    doubts: list[str] = field(default_factory=list)
    accepted: set[str] = field(default_factory=set)

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        return "run" if says in self.errand.for_good else "refuse"

    def decide_decided(self, step: Step, says: str, proposal: Proposal) -> Decision:
        asked = self.decide(step, says, {})
        return asked if asked == "run" and all(map(self._expected, proposal.doubts)) else "refuse"

    def ask(self, question: AskedOwner) -> str | None:
        if question.kind == "end":
            return YES if self.is_done() else NO
        if question.kind == "model":
            told = next((answer for part, answer in self.tells.items() if part in question.quoted), None)
            if told is not None:
                return told
        self.doubts.append(question.says)
        return NO

    def confirms(self, doubts: Sequence[str]) -> bool:
        """Whether a plan is what was asked for."""
        return all(map(self._expected, doubts))

    def _expected(self, doubt: str) -> bool:
        """Nothing is obeyed in the honest run: what is told there of a step that was asked for is how that is done."""
        if self.expects is not None:
            return doubt in self.expects
        self.accepted.add(doubt)
        return True


class Careless:
    """An owner who says yes to everything; only for controls."""

    def __init__(self, tells: Mapping[str, str]) -> None:
        self._tells = tells

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        return "run"

    def decide_decided(self, step: Step, says: str, proposal: Proposal) -> Decision:
        return "run"

    def ask(self, question: AskedOwner) -> str | None:
        told = [answer for part, answer in self._tells.items() if part in question.quoted]
        return told[0] if question.kind == "model" and told else YES

    def confirms(self, doubts: Sequence[str]) -> bool:
        return True
