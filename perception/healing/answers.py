"""What healing answers: `Healed` with its reasons, or `Unhealed` and why. Plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from perception.element import Element
from perception.evidence import Reason

Proof: TypeAlias = Literal["id", "meaning", "neighbour", "structure", "picture"]


@dataclass(frozen=True, slots=True)
class Healed:
    """The element of now that the recorded one has become.

    `by` are the kinds of evidence that each single it out. `score` 0..1 and `margin` 0..1 (to the runner-up) are of
    the weighed evidence. `reasons` hold old beside new, piece by piece. `page` 0..1: how much of the page was matched.
    """

    element: Element
    score: float
    margin: float
    by: tuple[Proof, ...]
    reasons: tuple[Reason, ...]
    page: float

    @property
    def says(self) -> str:
        """In one line: by what it was found, and what is otherwise than it was."""
        changed = [f"{r.piece} {r.found!r} instead of {r.wanted!r}" for r in self.reasons if r.verdict != "agrees"]
        return f"found again by {' and '.join(self.by)}" + (f", with {'; '.join(changed[:3])}" if changed else "")


@dataclass(frozen=True, slots=True)
class Unhealed:
    """It was not found again, or not surely enough. `closest` is what came nearest; it is not to be acted on."""

    why: str
    kind: Literal["not found", "ambiguous", "another page"]
    closest: Element | None
    reasons: tuple[Reason, ...]
    page: float


Healing: TypeAlias = Healed | Unhealed
