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
    counted by the endpoint. `reads` and `acts` are those of the device. `model_seconds` are among `seconds`.
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

    def to_data(self) -> dict[str, Any]:
        return asdict(self)


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
    )
