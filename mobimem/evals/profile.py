"""`mobimem eval profile FOLDER`: does a question bring back the turns of a dialogue that answer it?

Translation only: every turn is remembered as it comes (`ProfileMemory.remember_all`), every question is recalled
(`ProfileMemory.recall`), and what comes back is counted by the rules of the LoCoMo evaluator that fixes the accounting:
recall@k is the mean share of the evidence in the first k, hit@k any of it, all@k all of it; a question counts in `all`,
in its category, and in `adversarial` or `1-4`. Rows are the named presets, so BM25, plain vectors and RRF of the same
run stand beside ours, and each ablation too.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from memory.embedding.embedder import Embedder
from memory.profile.memory import ProfileMemory, in_memory_vectors
from memory.profile.presets import DEFAULT, PRESETS
from memory.profile.records import Saying, Source
from memory.store.store import Store
from mobimem.errors import BadInput
from mobimem.evals.about import about

DEPTHS = (5, 10)
_DATE = "%I:%M %p on %d %B, %Y"  # "1:56 pm on 8 May, 2023"


class Dialogue:
    """One dialogue remembered, behind the evaluator's protocol: `index` takes turns, `search` gives turn ids."""

    def __init__(self, embedder: Embedder | None, *, by: str = DEFAULT) -> None:
        self._embedder, self.by = embedder, by
        self._folder = tempfile.TemporaryDirectory(prefix="mobimem-eval-", ignore_cleanup_errors=True)
        self._store = Store.open(Path(self._folder.name), holder="mobimem eval profile")
        vectors = in_memory_vectors(embedder) if embedder is not None else None
        self._memory = ProfileMemory(self._store, embedder=embedder, vectors=vectors)
        self._turns: dict[str, list[str]] = defaultdict(list)

    def index(self, turns: Sequence[dict[str, Any]]) -> None:
        """Remembers every turn as it comes; turns that say the same become one fact with several sources."""
        told = self._memory.remember_all(_saying(turn) for turn in turns)
        for turn, remembered in zip(turns, told, strict=True):
            self._turns[remembered.uid].append(turn["turn_id"])
        self._memory.flush()

    def search(self, question: str, k: int) -> list[str]:
        """The ids of the k turns that answer best."""
        found = self._memory.recall(question, k=k, by=self.by, history=True)
        return [turn for one in found for turn in self._turns[one.fact.uid]][:k]

    def close(self) -> None:
        self._memory.close()
        self._store.close()
        self._folder.cleanup()


def evaluate(folder: Path, embedder: Embedder, *, lexical_allowed: bool = False) -> dict[str, Any]:
    """All presets over all dialogues.

    Args:
        lexical_allowed: go on without the semantic encoder; its rows are then called lexical.

    Returns:
        JSON data: per preset and category recall, hit and all at 5 and 10 with n, spread over the dialogues, times.

    Raises:
        BadInput: a file is missing, or the embedder is the lexical one.
    """
    turns, questions = (_read(folder / f"locomo_{name}.jsonl") for name in ("turns", "questions"))
    if embedder.kind != "semantic" and not lexical_allowed:
        raise BadInput(
            f"the embedder is {embedder.name}: these figures would not be about meaning",
            next_step="Run `mobimem setup`, or allow the lexical embedder in words.",
        )
    counted: dict[str, dict[str, dict[str, list[float]]]] = {name: _empty() for name in PRESETS}
    took: dict[str, list[float]] = {name: [] for name in PRESETS}
    index_s = 0.0
    for talk in sorted({turn["conv"] for turn in turns}):
        start = time.perf_counter()
        dialogue = Dialogue(embedder)
        dialogue.index([turn for turn in turns if turn["conv"] == talk])
        index_s += time.perf_counter() - start
        for name in PRESETS:
            dialogue.by = name
            _ask(dialogue, [one for one in questions if one["conv"] == talk], counted[name], took[name])
        dialogue.close()
    suffix = "" if embedder.kind == "semantic" else " (lexical)"
    return {
        "eval": "profile",
        **about(),
        "embedder": {"name": embedder.name, "kind": embedder.kind, "dim": embedder.dim},
        "n": {"dialogues": len({turn["conv"] for turn in turns}), "turns": len(turns), "questions": len(questions)},
        "index_s": round(index_s, 2),
        "rows": {name + suffix: _summary(counted[name], took[name]) for name in PRESETS},
    }


def _ask(
    dialogue: Dialogue,
    questions: Sequence[dict[str, Any]],
    groups: dict[str, dict[str, list[float]]],
    took: list[float],
) -> None:
    for asked in questions:
        start = time.perf_counter()
        found = dialogue.search(asked["question"], max(DEPTHS))
        took.append(1e3 * (time.perf_counter() - start))
        evidence = set(asked["evidence"])
        kind = asked["category"]
        for group in {"all", "adversarial" if kind == "adversarial" else "1-4", kind, asked["conv"]}:
            for depth in DEPTHS:
                hits = len(evidence & set(found[:depth]))
                groups[group][f"recall@{depth}"].append(hits / len(evidence))
                groups[group][f"hit@{depth}"].append(hits > 0)
                groups[group][f"all@{depth}"].append(hits == len(evidence))


def _summary(groups: dict[str, dict[str, list[float]]], took: list[float]) -> dict[str, Any]:
    figures: dict[str, Any] = {
        group: {"n": len(next(iter(marks.values()))), **{name: statistics.mean(row) for name, row in marks.items()}}
        for group, marks in groups.items()
        if not group.startswith("conv")
    }
    per_dialogue = [statistics.mean(marks["recall@10"]) for group, marks in groups.items() if group.startswith("conv")]
    figures["recall@10 over dialogues"] = {
        "mean": statistics.mean(per_dialogue), "spread": statistics.pstdev(per_dialogue), "least": min(per_dialogue),
    }  # fmt: skip
    ordered = sorted(took)
    figures["query_ms"] = {"p50": ordered[len(ordered) // 2], "p95": ordered[int(0.95 * len(ordered))]}
    return figures


def _empty() -> dict[str, dict[str, list[float]]]:
    return defaultdict(lambda: defaultdict(list))


def _saying(turn: dict[str, Any]) -> Saying:
    caption = f" [image: {turn['image_caption']}]" if turn["image_caption"] else ""
    source = Source("said", f"{turn['conv']}/{turn['session']}")
    return Saying(turn["text"] + caption, speaker=turn["speaker"], source=source, at=_date(turn["date"]))


def _date(said: str) -> datetime | None:
    try:
        return datetime.strptime(said, _DATE).replace(tzinfo=UTC)
    except ValueError:
        return None


def _read(file: Path) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise BadInput(f"{file} cannot be read ({error})", next_step="Give the folder that holds it.") from error
