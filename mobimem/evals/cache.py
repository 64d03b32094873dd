"""`mobimem eval cache`: which kept replies would be served to other wordings, and which to near misses.

The pairs (`data/cache_pairs.jsonl`, written before the cache) are halved by a seed, all of a group on one side.
Thresholds are chosen on the one half; the other is held back, and run with what was chosen there. What is evaluated is
what the model client does: `asked_of` says what a reply is kept under, `find` whether it is served. Beside it stand
plain cosine over the question, cosine over the question and each one before it (MeanCache), the guard with a threshold
on top, and the guard without the lexicon.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, Final
from unittest import mock

import numpy as np

from memory.embedding.embedder import Embedder
from mobimem.evals.about import about
from mobimem.evals.bounds import upper_bound
from mobimem.llm.prompt import Prompt, Question, Untrusted
from mobimem.llm.replies import Asked, Held, asked_of, find
from mobimem.llm.settings import Model

FALSE_MAX: Final = 0.005  # false hits of near misses
SEED: Final = 6
GRID: Final = tuple(round(0.5 + 0.005 * step, 3) for step in range(100))  # thresholds that are tried
_MODEL: Final = Model("http://127.0.0.1/v1", "evaluation")
_MADE: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
_SORTS: Final = ("hand-hit", "hand-miss", "chain", "screen")

Pair = Mapping[str, Any]


def read_pairs() -> list[dict[str, Any]]:
    """The pairs: `cached` and `asked` (question, chain, screen), and whether one reply answers both (`same`)."""
    lines = (files("mobimem.evals") / "data" / "cache_pairs.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines[1:]]


def halves(pairs: Sequence[Pair], seed: int = SEED) -> tuple[list[Pair], list[Pair]]:
    """The pairs that choose thresholds, and those held back: no group on both sides, each sort of group halved."""
    by_sort: dict[str, list[str]] = defaultdict(list)
    for group in sorted({pair["group"] for pair in pairs}):
        by_sort[next((sort for sort in _SORTS if group.startswith(sort)), "family")].append(group)
    chance, chosen = random.Random(seed), set[str]()
    for sort in sorted(by_sort):
        chance.shuffle(by_sort[sort])
        chosen.update(by_sort[sort][: (len(by_sort[sort]) + 1) // 2])
    return [one for one in pairs if one["group"] in chosen], [one for one in pairs if one["group"] not in chosen]


def served(pair: Pair) -> bool:
    """Whether the reply kept for `cached` is served to `asked`: the model client's own decision, on the same day."""
    kept, asked = _asked(pair["cached"]), _asked(pair["asked"])
    if kept is None or asked is None or kept.key != asked.key:
        return False
    held = Held(1, kept.chain, kept.question, "{}", _MODEL.model, _MADE)
    return find(asked, [held], today=_MADE.astimezone().date()).held is not None


def _asked(side: Mapping[str, Any]) -> Asked | None:
    parts = [Question("The owner's words: ", text) for text in (*side["chain"], side["question"])]
    screen = [Untrusted("screen", side["screen"])] if side["screen"] else []
    return asked_of("planner", _MODEL, Prompt("You plan.", (*parts, *screen)), {})


def evaluate(embedder: Embedder, *, held_back: bool = False) -> dict[str, Any]:
    """All figures as JSON data.

    Args:
        held_back: also run the half that chose nothing.
    """
    choosing, held = halves(read_pairs())
    measured = _Measured.of(choosing, embedder)
    chosen = {
        "guard_and_cosine": measured.lowest(measured.guard, measured.cosine),
        "cosine": measured.lowest(measured.always, measured.cosine),
        "cosine_f1": measured.best_f1(measured.cosine),
        "cosine_chain": measured.lowest(measured.always, measured.chained),
        "cosine_chain_f1": measured.best_f1(measured.chained),
    }
    result: dict[str, Any] = {
        "eval": "cache", **about(), "seed": SEED, "embedder": {"name": embedder.name, "kind": embedder.kind},
        "false_max": FALSE_MAX, "thresholds": chosen, "choosing": _figures(measured, chosen),
    }  # fmt: skip
    if held_back:
        result["held_back"] = _figures(_Measured.of(held, embedder), chosen)
    return result


class _Measured:
    """A half with what each side says of each pair: arrays of one entry a pair."""

    def __init__(self, pairs: Sequence[Pair], cosine: np.ndarray, chained: np.ndarray) -> None:
        self.pairs = pairs
        self.same = np.array([bool(pair["same"]) for pair in pairs])
        self.cosine, self.chained = cosine, chained
        self.always = np.ones(len(pairs), dtype=bool)
        self.guard = np.array([served(pair) for pair in pairs])
        with mock.patch("mobimem.llm.sameness.lexicons", dict):
            self.wordless = np.array([served(pair) for pair in pairs])

    @classmethod
    def of(cls, pairs: Sequence[Pair], embedder: Embedder) -> _Measured:
        def near(one: Sequence[str], other: Sequence[str]) -> np.ndarray:
            nearness: np.ndarray = np.einsum("ij,ij->i", embedder.embed(one), embedder.embed(other))
            return nearness

        cosine = near([p["cached"]["question"] for p in pairs], [p["asked"]["question"] for p in pairs])
        chained = cosine.copy()
        for place, pair in enumerate(pairs):
            mine, theirs = pair["asked"]["chain"], pair["cached"]["chain"]
            if len(mine) != len(theirs):
                chained[place] = -1.0
            elif mine:
                chained[place] = min(float(cosine[place]), *map(float, near(mine, theirs)))
        return cls(pairs, cosine, chained)

    def lowest(self, allowed: np.ndarray, score: np.ndarray) -> float | None:
        """The threshold with the most hits among those with few enough false ones; None if there is none."""
        fits = [at for at in GRID if (allowed & (score >= at))[~self.same].mean() <= FALSE_MAX]
        return min(fits, default=None)

    def best_f1(self, score: np.ndarray) -> float:
        def f1(at: float) -> float:
            hits = int((score >= at)[self.same].sum())
            false = int((score >= at)[~self.same].sum())
            return 2 * hits / (hits + false + int(self.same.sum()))

        return max(GRID, key=f1)

    def row(self, says: np.ndarray) -> dict[str, Any]:
        """Hits of the same, false hits of the others with the 95 % upper bound, and what is right of what is served."""
        same, other = int(self.same.sum()), int((~self.same).sum())
        hits, false = int(says[self.same].sum()), int(says[~self.same].sum())
        return {
            "hits": hits, "hit_rate": round(hits / same, 4),
            "false_hits": false, "false_rate": round(false / other, 4), "false_upper_95": upper_bound(false, other),
            "precision": round(hits / (hits + false), 4) if hits + false else None,
        }  # fmt: skip

    def by(self, name: str) -> dict[str, Any]:
        """Of each kind or language: served of how many, the same and the others apart."""
        told: dict[str, dict[str, list[int]]] = {"same": {}, "other": {}}
        for pair, says in zip(self.pairs, self.guard, strict=True):
            counted = told["same" if pair["same"] else "other"].setdefault(pair[name], [0, 0])
            counted[0] += int(says)
            counted[1] += 1
        return told


def _figures(of: _Measured, chosen: Mapping[str, float | None]) -> dict[str, Any]:
    """Each way's row; the first is what the model client does."""

    def at(name: str, score: np.ndarray, allowed: np.ndarray) -> dict[str, Any]:
        threshold = chosen[name]
        says = np.zeros_like(of.guard) if threshold is None else allowed & (score >= threshold)
        return {"threshold": threshold, **of.row(says)}

    rows: dict[str, Any] = {
        "guard": of.row(of.guard),
        "guard_and_cosine": at("guard_and_cosine", of.cosine, of.guard),
        "guard_without_lexicon": of.row(of.wordless),
        "cosine_same_threshold": at("guard_and_cosine", of.cosine, of.always),
        "cosine_best_within_bound": at("cosine", of.cosine, of.always),
        "cosine_best_f1": at("cosine_f1", of.cosine, of.always),
        "cosine_chain_best_within_bound": at("cosine_chain", of.chained, of.always),
        "cosine_chain_best_f1": at("cosine_chain_f1", of.chained, of.always),
    }
    n = {"same": int(of.same.sum()), "other": int((~of.same).sum())}
    return {"n": n, "rows": rows, "served_by_kind": of.by("kind"), "served_by_language": of.by("lang")}
