"""`mobimem eval cache` counts what the model client would serve, and falls to nothing with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from memory.embedding.lexical import LexicalEmbedder
from mobimem.evals import cache
from mobimem.evals.cache import FALSE_MAX, evaluate, halves, read_pairs, served
from mobimem.llm.replies import Finding


def test_the_pairs_are_as_many_as_their_first_line_says_and_each_differs() -> None:
    pairs = read_pairs()

    assert sum(pair["same"] for pair in pairs) == 403
    assert sum(not pair["same"] for pair in pairs) == 1_660
    assert all(pair["cached"] != pair["asked"] for pair in pairs)
    assert len({pair["id"] for pair in pairs}) == len(pairs)


def test_the_halves_share_no_group_and_leave_no_pair_out() -> None:
    pairs = read_pairs()
    choosing, held = halves(pairs)

    assert len(choosing) + len(held) == len(pairs)
    assert {one["group"] for one in choosing}.isdisjoint(one["group"] for one in held)
    assert min(len(choosing), len(held)) > len(pairs) * 0.4


def test_near_misses_of_the_choosing_half_are_not_served_and_some_other_wordings_are() -> None:
    choosing, _ = halves(read_pairs())
    other = [pair for pair in choosing if not pair["same"]]

    assert sum(map(served, other)) <= FALSE_MAX * len(other)
    assert sum(served(pair) for pair in choosing if pair["same"]) >= 30


def test_without_the_production_decision_nothing_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "find", lambda *_, **__: Finding(None, ()))

    rows = evaluate(LexicalEmbedder())["choosing"]["rows"]
    assert rows["guard"]["hits"] == rows["guard_and_cosine"]["hits"] == rows["guard"]["false_hits"] == 0


def test_a_row_counts_hits_and_false_hits_apart() -> None:
    made: list[dict[str, Any]] = [
        {"same": same, "kind": "k", "lang": "en", "cached": side, "asked": side}
        for same, side in ((True, {"question": "a b", "chain": [], "screen": ""}),) * 3
        + ((False, {"question": "c d", "chain": [], "screen": ""}),) * 2
    ]
    measured = cache._Measured(made, np.ones(5), np.ones(5))

    row = measured.row(np.array([True, True, False, True, False]))
    assert (row["hits"], row["hit_rate"], row["false_hits"], row["false_rate"]) == (2, 0.6667, 1, 0.5)
    assert row["precision"] == 0.6667
    assert row["false_upper_95"] > 0.9
    assert measured.lowest(measured.always, np.array([0.9, 0.8, 0.7, 0.75, 0.6])) == 0.755
