"""Where a plan stands: its sub-tasks done, begun or new, by the journals of their runs.

A sub-task is done if its run's journal says so, with the results it was to report; those go on flowing. What is done
about a plan that is not over is `mobimem.service.plans.taking_up`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from mobimem import folders
from mobimem.service.agent import AgentDone
from mobimem.service.learning import LearnReport
from mobimem.service.plans.kept import HowEnded, KeptPiece, KeptPlan, PlanBook
from mobimem.service.runs import ended_with
from mobimem.service.unfinished import Unfinished, standing_of
from mobimem.tasks.receipt import Receipt
from replay.errors import ReplayError
from replay.resume import Question
from replay.slots import fill
from replay.trace import Intent, StepDone, Trace
from replay.trace_reader import read_trace


@dataclass(frozen=True, slots=True)
class PartStands:
    """Where a sub-task stands: done (`run` tells how), begun (`told`), or new - not begun, or nothing came of it.

    `runs` are all its runs; `for_good` what they did that cannot be undone, in words; `took` what those took that came
    to an end of their own before it was done. `lost`: its journal does not tell any more how far it came, or what it
    read.
    """

    state: Literal["done", "begun", "new"] = "new"
    run: AgentDone | None = None
    told: Unfinished | None = None
    runs: tuple[str, ...] = ()
    for_good: tuple[str, ...] = ()
    took: tuple[Receipt, ...] = ()
    abandoned: bool = False
    lost: bool = False
    began_at: str = ""  # of its newest run


@dataclass(frozen=True, slots=True)
class PlanStands:
    """Where a plan stands, sub-task by sub-task. `ended` is None where its process was killed."""

    kept: KeptPlan
    parts: Mapping[str, PartStands]
    ended: HowEnded | None

    @property
    def results(self) -> dict[str, str]:
        """What the sub-tasks that are done have read off the screen, as the plan calls it."""
        found: dict[str, str] = {}
        for piece in self.kept.pieces:
            run = self.parts[piece.part.name].run
            found |= {} if run is None else results_of(piece.part.results, piece.results, run)
        return found

    @property
    def runs(self) -> tuple[str, ...]:
        return tuple(run for part in self.parts.values() for run in part.runs)

    @property
    def last_at(self) -> str:
        """When it was last begun or gone on with."""
        return max((self.kept.began_at, *(part.began_at for part in self.parts.values())))

    @property
    def done(self) -> bool:
        return all(part.state == "done" for part in self.parts.values())

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(one for part in self.parts.values() if part.told is not None for one in part.told.questions)

    @property
    def for_good(self) -> tuple[str, ...]:
        """What was done that cannot be undone, in words."""
        results = self.results
        return tuple(
            f"{words_of(piece, results)} ({says})"
            for piece in self.kept.pieces
            for says in self.parts[piece.part.name].for_good
        )


def results_of(named: Iterable[str], own: Mapping[str, str], run: AgentDone) -> dict[str, str]:
    """What a run has read, by the names the plan gives; those it lacks are left out.

    Args:
        own: the plan's name -> what the task's own steps call it, where that differs.
    """
    called = {name: own.get(name, name) for name in named}
    return {name: run.results[one] for name, one in called.items() if one in run.results}


def stands_of(kept: KeptPlan, book: PlanBook | None = None) -> PlanStands:
    """Where a plan stands, by the journals of its sub-tasks."""
    book = book or PlanBook()
    parts = {piece.part.name: _part(piece, book.runs(kept.id, piece.part.name)) for piece in kept.pieces}
    return PlanStands(kept, parts, book.how_ended(kept.id))


def _part(piece: KeptPiece, runs: tuple[str, ...]) -> PartStands:
    told = {run: journal_of(run) for run in runs}
    traces = {run: trace for run, trace in told.items() if isinstance(trace, Trace)}
    if len(traces) < sum(trace is not None for trace in told.values()):
        return PartStands("begun", runs=runs, lost=True)
    if not traces:
        return PartStands(runs=runs)
    last = list(traces)[-1]
    began_at = traces[last].header.started_at
    for_good = tuple(says for trace in traces.values() for says in _for_good(trace))
    done = _done(last, traces[last])
    if done is not None:
        lost = len(results_of(piece.part.results, piece.results, done)) < len(piece.part.results)
        took = _took(traces, but=last)
        return PartStands("done", done, runs=runs, for_good=for_good, took=took, lost=lost, began_at=began_at)
    standing, took = standing_of(last), _took(traces)
    if standing is None or not (standing.told.did or standing.told.questions):
        state: Literal["begun", "new"] = "begun" if for_good else "new"  # it was closed, and is not to be done again
        return PartStands(state, runs=runs, for_good=for_good, took=took, lost=bool(for_good), began_at=began_at)
    return PartStands(
        "begun", None, standing.told, runs, for_good, took, abandoned=standing.abandoned, began_at=began_at
    )  # fmt: skip


def journal_of(run: str) -> Trace | Literal["gone"] | None:
    """A journal of ours; "gone" where it was redacted or damaged; None where not even its first line was written."""
    file = folders.runs_folder() / run / "trace" / "trace.jsonl"
    if not file.exists() or b"\n" not in file.read_bytes():
        return None
    try:
        trace = read_trace(file.parent, lines_only=True)
    except ReplayError:
        return "gone"
    return trace if trace.header.source == "run" else "gone"


def _done(run: str, trace: Trace) -> AgentDone | None:
    """A run that was done, as its journal tells it; None for one that was not."""
    told = ended_with(trace)
    if told is None or trace.end is None or trace.end.outcome != "done":
        return None
    receipt, how = told
    header = trace.header
    return AgentDone(
        done=True, outcome="done", says=trace.end.reason, next_step="", proof=how.proof, run=run, name=header.name,
        task=header.task, values=dict(header.values), serial=str(header.device.get("serial", "")), receipt=receipt,
        did=tuple(fill(str(one.step.get("says", "")), header.values) for one in trace.steps() if one.result == "done"),
        questions=(), trace=folders.runs_folder() / run / "trace", repairs=(), asks=(), learnt_as=how.learnt_as,
        not_learnt=how.not_learnt, learnt=LearnReport(), results=dict(how.results),
    )  # fmt: skip


def _took(traces: Mapping[str, Trace], *, but: str = "") -> tuple[Receipt, ...]:
    ended = [ended_with(trace) for run, trace in traces.items() if run != but]
    return tuple(one[0] for one in ended if one is not None)


def _for_good(trace: Trace) -> list[str]:
    """What a run did that cannot be undone."""
    done = {one.index for one in trace.events if isinstance(one, StepDone) and one.result == "done"}
    return [one.says for one in trace.events if isinstance(one, Intent) and one.index in done]


def words_of(piece: KeptPiece, results: Mapping[str, str]) -> str:
    """The sub-task's words, with the results that are there in place."""
    return fill(piece.part.words, {name: results.get(name, f"{{{name}}}") for name in piece.part.uses})
