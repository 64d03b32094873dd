"""What asking costs: tokens, seconds, energy; counted for the receipt, and held against a budget."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mobimem.llm.errors import BudgetSpent
from mobimem.llm.settings import Budget, Role

CHARS_PER_TOKEN: Final = 3.5  # for endpoints that do not count; between English (4) and code or Chinese (less)


@dataclass(frozen=True, slots=True)
class Spent:
    """What requests took. `estimated`: some of the tokens were not counted by the endpoint but guessed from the text.

    `joules` is None where the settings say nothing of the model's energy. `cached` are questions that a kept reply
    answered: they are no calls, and are told apart from what no model was needed for.
    """

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    joules: float | None = 0.0
    estimated: bool = False
    cached: int = 0

    def __add__(self, other: Spent) -> Spent:
        joules = None if self.joules is None or other.joules is None else self.joules + other.joules
        return Spent(
            self.calls + other.calls,
            self.tokens_in + other.tokens_in,
            self.tokens_out + other.tokens_out,
            self.seconds + other.seconds,
            joules,
            self.estimated or other.estimated,
            self.cached + other.cached,
        )

    @property
    def tokens(self) -> int:
        return self.tokens_in + self.tokens_out


def estimated_tokens(texts: Sequence[str]) -> int:
    """How many tokens these texts come to, by their length; at least 1."""
    return int(sum(len(text) for text in texts) / CHARS_PER_TOKEN) + 1


def counted(usage: Any, asked: Sequence[str], answer: str) -> tuple[int, int, bool]:
    """Tokens in and out as the endpoint counted them, else estimated from the texts; and whether it is an estimate."""
    tokens_in, tokens_out = getattr(usage, "prompt_tokens", None), getattr(usage, "completion_tokens", None)
    if isinstance(tokens_in, int) and isinstance(tokens_out, int) and tokens_in >= 0 and tokens_out >= 0:
        return tokens_in, tokens_out, False
    return estimated_tokens(asked), estimated_tokens([answer]), True


WHOLE: Final = 3  # budgets that the sub-tasks of one plan may use together, however many they are


@dataclass(slots=True)
class Account:
    """What one task has spent so far, by role. Safe to use from several threads.

    `before` is what the other sub-tasks of its plan have spent: it is no part of `total`.
    """

    spent: dict[Role, Spent] = field(default_factory=dict)
    before: Spent = field(default_factory=Spent)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, role: Role, spent: Spent) -> None:
        """Counts a request of this role."""
        with self._lock:
            self.spent[role] = self.spent.get(role, Spent()) + spent

    @property
    def total(self) -> Spent:
        with self._lock:
            return sum(self.spent.values(), start=Spent())

    def check(self, role: Role, budget: Budget, *, tokens_to_come: int) -> None:
        """Lets a request pass that the budget allows.

        Raises:
            BudgetSpent: it would go beyond; the message says which limit.
        """
        with self._lock:
            so_far = self.spent.get(role, Spent())
        whole = self.before + self.total
        if self.before.calls and (
            whole.calls >= WHOLE * budget.calls
            or whole.tokens + tokens_to_come > WHOLE * budget.tokens
            or whole.seconds >= WHOLE * budget.seconds
        ):
            raise BudgetSpent(
                f"the sub-tasks of the plan have asked models {whole.calls} times ({whole.tokens:,} tokens,"
                f" {whole.seconds:.0f} s); together they have {WHOLE} times the {role}'s budget"
            )
        if so_far.calls >= budget.calls:
            raise BudgetSpent(f"the task has asked the {role} {so_far.calls} times; {budget.calls} is its budget")
        if so_far.tokens + tokens_to_come > budget.tokens:
            raise BudgetSpent(
                f"the task has used {so_far.tokens:,} tokens of the {role}, this request takes about"
                f" {tokens_to_come:,} more, and {budget.tokens:,} is its budget"
            )
        if so_far.seconds >= budget.seconds:
            raise BudgetSpent(
                f"the task has waited {so_far.seconds:.0f} s for the {role}; {budget.seconds:.0f} s is its budget"
            )
