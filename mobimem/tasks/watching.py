"""When to stop deciding: going round in circles, getting nowhere, or having used up what one task may use. Pure.

A page and an act on it are known by numbers the caller gives; a repeated act is told to the model once, then the task
ends. Scrolling and waiting repeat themselves by nature: for them what the page says counts, and not only which it is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one task may use where a model decides. Tokens and calls are held by the model's own budget."""

    steps: int = 30  # decided ones
    seconds: float = 900.0  # from its beginning to the last decision
    same: int = 2  # times the same may be done on the same page
    still: int = 6  # decided steps in a row that show nothing new
    refused: int = 4  # choices in a row that were not carried out
    waits: int = 5  # in one task
    questions: int = 5  # of the model to the owner, in one task
    denials: int = 1  # of the owner's consent, in one task: what comes after is the end of it


@dataclass(slots=True)
class Watch:
    """The history of one task. Times are the caller's clock's."""

    bounds: Bounds
    began_s: float
    steps: int = 0
    refused: int = 0
    waits: int = 0
    questions: int = 0
    denials: int = 0
    _still: int = 0
    _seen: set[object] = field(default_factory=set)
    _done: Counter[tuple[object, str]] = field(default_factory=Counter)

    def saw(self, content: object) -> None:
        """Takes in what a screen shows; one that was there before is no progress."""
        self._still = self._still + 1 if content in self._seen else 0
        self._seen.add(content)

    def over(self, at_s: float) -> str:
        """Why nothing more is decided; "" while there may be."""
        bounds = self.bounds
        if self.steps >= bounds.steps:
            return f"{self.steps} steps were decided, and no more are allowed"
        if at_s - self.began_s >= bounds.seconds:
            return f"it has taken {at_s - self.began_s:.0f} s, and {bounds.seconds:.0f} s is the limit"
        if self._still >= bounds.still:
            return f"the last {self._still} steps showed nothing new"
        if self.refused >= bounds.refused:
            return f"{self.refused} choices in a row could not be carried out"
        if self.waits > bounds.waits:
            return f"it only waited, {self.waits} times"
        if self.questions > bounds.questions:
            return f"the model asked {self.questions} questions"
        return ""

    def repeats(self, page: object, act: str) -> bool:
        """Whether this was done on this page as often as it may be."""
        return self._done[page, act] >= self.bounds.same

    def did(self, page: object, act: str) -> None:
        """A choice was carried out."""
        self._done[page, act] += 1
        self.steps += 1
        self.refused = 0

    def not_done(self) -> None:
        """A choice was refused or failed."""
        self.refused += 1
