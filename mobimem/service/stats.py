"""Use case: what all runs took together, and what remembering has saved, from the journals of the runs.

Saved is counted against the first run of each task: the one in which a model decided its steps (its journal says what
was learnt from it), else the demonstration it was taught by, which took time and no model. What later runs took is
taken off, and a run that failed or had to ask a model is counted with all it took: a fallback is never a hit. Runs of
tasks whose first run is not known save nothing that can be told. Journals are evidence and are only read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from mobimem import folders
from mobimem.service.orders import NEW
from mobimem.service.recipes import library
from replay.errors import ReplayError, TraceError
from replay.library import Entry
from replay.trace import StepDone, Trace
from replay.trace_reader import read_trace


@dataclass(frozen=True, slots=True)
class Cost:
    """What something took; as a saving, it may be negative."""

    model_calls: int = 0
    tokens: int = 0
    seconds: float = 0.0

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.model_calls + other.model_calls, self.tokens + other.tokens, round(self.seconds + other.seconds, 3)
        )

    def __sub__(self, other: Cost) -> Cost:
        return self + Cost(-other.model_calls, -other.tokens, -other.seconds)


@dataclass(frozen=True, slots=True)
class Stats:
    """All runs together. `steps` are counted by how they were served: replayed, repaired, decided, skipped.

    `joules` is None where it is unknown for a run that used a model. `saved` is net of everything the runs took that
    have a known first run (`compared` of them); `unread` are journals that are damaged.
    """

    runs: int
    outcomes: Mapping[str, int]
    without_model: int
    took: Cost
    tokens_estimated: bool
    joules: float | None
    steps: Mapping[str, int]
    questions: int
    compared: int
    saved: Cost
    unread: int


@dataclass(frozen=True, slots=True)
class _Run:
    """One run as its journal tells it."""

    name: str
    at: str
    outcome: str
    new: bool  # of words nobody had taught
    cost: Cost
    receipt: Mapping[str, Any]
    steps: Counter[str]


def total() -> Stats:
    """Adds up every run there is a journal of."""
    runs, unread = _runs(folders.runs_folder())
    runs.sort(key=lambda run: run.at)
    first: dict[str, Cost] = {}
    saved, compared = Cost(), 0
    for run in runs:
        learnt = str(run.receipt.get("learnt_as", ""))
        if learnt and run.new:
            first.setdefault(learnt, run.cost)  # the run it was learnt from: nothing is saved by that yet
            continue
        known = first[run.name] if run.name in first else _taught(run.name)
        if known is not None:
            first[run.name] = known
            compared += 1
            saved = saved + (known - run.cost if run.outcome == "done" else Cost() - run.cost)
    return Stats(
        runs=len(runs),
        outcomes=dict(Counter(run.outcome for run in runs)),
        without_model=sum(run.cost.model_calls == 0 for run in runs),
        took=sum((run.cost for run in runs), start=Cost()),
        tokens_estimated=any(run.receipt.get("tokens_estimated", False) for run in runs),
        joules=_joules(runs),
        steps=dict(sum((run.steps for run in runs), start=Counter[str]())),
        questions=sum(int(run.receipt.get("questions", 0)) for run in runs),
        compared=compared,
        saved=saved,
        unread=unread,
    )


def _runs(folder: Path) -> tuple[list[_Run], int]:
    found, unread = [], 0
    for journal in sorted(folder.glob("*/trace")):
        try:
            found.append(_told(read_trace(journal, lines_only=True)))
        except TraceError:
            unread += 1
    return found, unread


def _told(trace: Trace) -> _Run:
    receipt: Mapping[str, Any] = {} if trace.end is None else trace.end.receipt
    cost = Cost(
        int(receipt.get("model_calls", 0)), int(receipt.get("tokens", 0)), float(receipt.get("seconds", 0.0))
    )  # fmt: skip
    steps = Counter(
        "skipped" if event.result == "skipped" else event.level
        for event in trace.events
        if isinstance(event, StepDone) and event.result in ("done", "skipped")
    )
    outcome = "cut off" if trace.end is None else trace.end.outcome
    new = trace.header.recipe_id.startswith(NEW)
    return _Run(trace.header.name, trace.header.started_at, outcome, new, cost, receipt, steps)


def _taught(name: str) -> Cost | None:
    """What the demonstration of a task took; None where that is not known."""
    entry: Entry | None
    try:
        kept = library()
        versions = kept.versions(name)
        entry = kept.load(name, versions[0]) if versions else None
        trace = None if entry is None or entry.trace is None else read_trace(entry.trace, lines_only=True)
    except ReplayError:
        return None
    if trace is None or trace.end is None or trace.header.source == "run":
        return None
    taken = datetime.fromisoformat(trace.end.at) - datetime.fromisoformat(trace.header.started_at)
    return Cost(seconds=round(taken.total_seconds(), 3))


def _joules(runs: Iterable[_Run]) -> float | None:
    told = [run.receipt.get("joules") for run in runs if run.cost.model_calls]
    if any(one is None for one in told):
        return None
    return round(sum(float(one) for one in told if one is not None), 3)
