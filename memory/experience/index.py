"""Which phrasings may be meant: an inverted index over the ideas of their fixed words.

Rarest ideas first, within a budget of postings, so that the cost of a look-up hardly grows with the memory. What the
budget cuts off is a miss at worst: no answer rests on what stands here.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

POSTINGS_MAX: Final = 6_000  # postings read for one look-up, ~1 ms; benchmarks: docs of `mobimem.evals.experience`
SHORTLIST: Final = 64  # phrasings whose coverage is computed exactly


class PhrasingIndex:
    """Numbers of phrasings by idea. Not thread-safe: one owner."""

    def __init__(self) -> None:
        self._postings: dict[str, list[int]] = {}
        self._ideas: dict[int, tuple[frozenset[str], ...]] = {}

    def __len__(self) -> int:
        return len(self._ideas)

    def add(self, number: int, terms: Sequence[frozenset[str]]) -> None:
        """Files a phrasing under the ideas of each of its required terms."""
        self._ideas[number] = tuple(terms)
        for idea in {idea for term in terms for idea in term}:
            self._postings.setdefault(idea, []).append(number)

    def remove(self, number: int) -> None:
        """Takes a phrasing out; no effect if it is not there."""
        for idea in {idea for term in self._ideas.pop(number, ()) for idea in term}:
            self._postings[idea].remove(number)

    def nearest(self, ideas: Iterable[str], limit: int) -> list[int]:
        """Phrasings by the share of their terms that these ideas cover, best first."""
        said = frozenset(ideas)
        lists = sorted((found for idea in said if (found := self._postings.get(idea))), key=len)
        counts: Counter[int] = Counter()
        budget = POSTINGS_MAX
        for found in lists:
            counts.update(found if len(found) <= budget else found[-budget:])
            budget -= len(found)
            if budget <= 0:
                break
        short = heapq.nlargest(SHORTLIST, counts, key=counts.__getitem__)
        return sorted(short, key=lambda number: -self._share(number, said))[:limit]

    def _share(self, number: int, said: frozenset[str]) -> float:
        terms = self._ideas[number]
        covered = len(terms) - sum(map(said.isdisjoint, terms))
        return covered / (len(terms) + 1) + covered / 1000
