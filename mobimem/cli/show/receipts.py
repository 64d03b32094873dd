"""The receipt of a run in one line: the same whether a model could be asked or not."""

from __future__ import annotations

from typing import Final

from mobimem.service import replay
from mobimem.tasks.receipt import Receipt, how_many

_FIRST: Final = {"hand": "shown by hand", "done": "when it was first done"}


def receipt_line(took: Receipt, *, of: int | None = None) -> str:
    """Steps by how they were served, readings, what models took, questions, and seconds.

    Args:
        of: the steps the task has, where that is known.
    """
    replayed = how_many(took.replayed, "step") if of is None else f"{took.replayed} of {how_many(of, 'step')}"
    kept = f", {took.cached} answered by cached replies" if took.cached else ""
    return (
        f"{replayed} replayed ({took.healed} healed), {took.decided} decided, "
        f"{took.skipped} skipped; {how_many(took.reads, 'reading')}; {_model(took)}{kept}; "
        f"{how_many(took.questions, 'question')}; {took.seconds:.1f} s"
    )


def replay_line(took: replay.Receipt) -> str:
    """The same of a replay, and how long it took when it was first done."""
    line = receipt_line(Receipt(
        steps=took.steps, replayed=took.replayed, healed=took.healed, decided=0, skipped=took.skipped,
        questions=took.questions, reads=took.reads, acts=took.acts, seconds=took.seconds,
        model_calls=took.model_calls, tokens=took.tokens, tokens_estimated=False, model_seconds=0.0,
        joules=took.joules,
    ), of=took.steps)  # fmt: skip
    if took.saved_s is None:
        return line
    more = f", {took.saved_s:.1f} s more" if took.saved_s > 0 else ""
    return f"{line}; {_FIRST[took.taught_by]} it took {took.taught_s:.1f} s{more}"


def _model(took: Receipt) -> str:
    energy = "energy unknown" if took.joules is None else f"{took.joules:.0f} J"
    if not took.model_calls:
        return f"0 model calls (0 tokens, {energy})"
    about = "about " if took.tokens_estimated else ""
    calls = how_many(took.model_calls, "model call")
    return f"{calls} ({about}{took.tokens} tokens, {took.model_seconds:.1f} s, {energy})"
