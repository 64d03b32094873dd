"""How sure an answer is: thresholds, and the confidence that stands beside it.

Confidence is meant to be calibrated: of answers given with p, about p are right. The constants were set on the
self-written classes of tests/memory/experience/data; `mobimem eval experience` prints confidence against correctness.
"""

from __future__ import annotations

from typing import Final

MATCH_MIN: Final = 0.60  # below it too little of the phrasing is said; tests/memory/experience/test_traps.py
LEAD_MIN: Final = 0.02  # another task that is explained about as well means: ask
LITERAL: Final = 0.995
UNSURE_VALUE: Final = 0.9  # per value that is of no known form
BY_MEANING: Final = 0.97  # the most an answer is worth that rests on lexicon or filler


def literal(penalties: int) -> float:
    """Confidence of words that stand as learnt, with so many unsure values."""
    return float(LITERAL * UNSURE_VALUE**penalties)


def meant(explained: float) -> float:
    """Confidence of words explained by meaning."""
    return BY_MEANING * explained
