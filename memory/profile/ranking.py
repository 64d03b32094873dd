"""From two ranked lists to entries of the graph, and from distances to scores. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from memory.profile.presets import Preset
from memory.profile.records import Situation

Ranked = Sequence[tuple[int, float]]
"""(document, score), best first."""

CANDIDATES: Final = 100
"""Taken from each list. More changes recall@10 on dialogues of 400 to 700 turns by less than 0.001."""
RRF_K: Final = 60  # Cormack, Clarke and Buettcher 2009
DENSE_WEIGHT: Final = 1.0
"""Equal weight: 0.7 to 1.0 differ by less than 0.005 in recall@10, in sweeps over the development dialogues."""
HALF_LIFE_DAYS: Final = 180.0
STALEST: Final = 0.6
"""What is never used loses at most this much of its weight: it may still be the only answer."""


def fuse(lexical: Ranked, dense: Ranked, chosen: Preset) -> dict[int, float]:
    """Documents with a score of 0..1, the best one 1.

    A document that is in one list only gets, for the other, what that list's last one has: it cannot have more.
    """
    if chosen.fusion == "rank":
        joined: dict[int, float] = {}
        for ranked in (lexical, dense):
            for place, (document, _) in enumerate(ranked, start=1):
                joined[document] = joined.get(document, 0.0) + 1.0 / (RRF_K + place)
        return _over_best(joined)
    parts = [(_over_best(dict(lexical)), 1.0, 0.0)]
    meaning = _over_best({document: max(0.0, cosine) for document, cosine in dense})
    parts.append((meaning, DENSE_WEIGHT, min(meaning.values(), default=0.0)))
    documents = {document for part, _, _ in parts for document in part}
    return _over_best(
        {document: sum(weight * part.get(document, least) for part, weight, least in parts) for document in documents}
    )


def entries(scores: Mapping[int, float]) -> dict[int, float]:
    """Scores as distances: the best document is at 0."""
    return {document: max(0.0, -math.log(score)) for document, score in scores.items() if score > 0}


def freshness(idle_s: float) -> float:
    """1 for what was used just now, falling to STALEST: time lengthens distances, use shortens them."""
    return STALEST + (1 - STALEST) * math.pow(0.5, max(0.0, idle_s) / 86_400 / HALF_LIFE_DAYS)


def fits(fact: Situation, now: Situation) -> bool:
    """Whether something that holds in `fact` is of use `now`."""
    return fact.allows(now)


def _over_best(scores: dict[int, float]) -> dict[int, float]:
    best = max(scores.values(), default=0.0)
    return {document: score / best for document, score in scores.items()} if best > 0 else {}
