"""What a run took: steps by how they were served, model calls, tokens, seconds, questions, energy. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from mobimem.llm.spending import Spent
from replay.runner import RunResult
from replay.trace import Level


@dataclass(frozen=True, slots=True)
class Receipt:
    """`joules` is None where the settings say nothing of the model's energy: unknown, and not nothing.

    `healed` are steps that healing found again, among `replayed`; `tokens_estimated`: some of the tokens were not
    counted by the endpoint; `cached` questions were answered by kept replies, and are no calls. `reads` and `acts` are
    those of the device. `model_seconds` are among `seconds`.
    """

    steps: int
    replayed: int
    healed: int
    decided: int
    skipped: int
    questions: int
    reads: int
    acts: int
    seconds: float
    model_calls: int
    tokens: int
    tokens_estimated: bool
    model_seconds: float
    joules: float | None
    cached: int = 0

    def to_data(self) -> dict[str, Any]:
        return asdict(self)


def how_many(count: int, what: str) -> str:
    """A number of things in words: "1 question", "2 questions"."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def receipt_of(
    results: Iterable[tuple[Level, RunResult]], spent: Spent, *, looks: int, questions: int, seconds: float
) -> Receipt:
    """Adds up what a task's plays came to.

    Args:
        looks: readings beside those of the plays.
        seconds: of the whole task.
    """
    kept = list(results)
    by_level = {level: [one for name, one in kept if name == level] for level in ("replayed", "decided")}
    progress = {level: [line for one in found for line in one.progress] for level, found in by_level.items()}
    skipped = sum(line.result == "skipped" for lines in progress.values() for line in lines)
    replayed = sum(line.result == "done" for line in progress["replayed"])
    decided = sum(line.result == "done" for line in progress["decided"])
    return Receipt(
        steps=replayed + decided + skipped,
        replayed=replayed,
        healed=sum(len(one.mended) for _, one in kept),
        decided=decided,
        skipped=skipped,
        questions=questions,
        reads=looks + sum(one.reads for _, one in kept),
        acts=sum(one.acts for _, one in kept),
        seconds=round(seconds, 3),
        model_calls=spent.calls,
        tokens=spent.tokens,
        tokens_estimated=spent.estimated,
        model_seconds=round(spent.seconds, 3),
        joules=spent.joules,
        cached=spent.cached,
    )


def total_of(receipts: Iterable[Receipt], planning: Spent, *, asked: int) -> Receipt:
    """The receipt of a plan: what its sub-tasks took, and what planning did that none of their receipts bears.

    Args:
        asked: questions the owner has answered besides those.
    """
    kept = list(receipts)
    joules = [planning.joules, *(one.joules for one in kept)]
    return Receipt(
        steps=sum(one.steps for one in kept),
        replayed=sum(one.replayed for one in kept),
        healed=sum(one.healed for one in kept),
        decided=sum(one.decided for one in kept),
        skipped=sum(one.skipped for one in kept),
        questions=asked + sum(one.questions for one in kept),
        reads=sum(one.reads for one in kept),
        acts=sum(one.acts for one in kept),
        seconds=round(planning.seconds + sum(one.seconds for one in kept), 3),
        model_calls=planning.calls + sum(one.model_calls for one in kept),
        tokens=planning.tokens + sum(one.tokens for one in kept),
        tokens_estimated=planning.estimated or any(one.tokens_estimated for one in kept),
        model_seconds=round(planning.seconds + sum(one.model_seconds for one in kept), 3),
        joules=None if any(one is None for one in joules) else sum(one for one in joules if one is not None),
    )
