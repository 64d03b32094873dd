"""Use cases: tasks that are not done - cut off by a kill, or ended before their end - and how they go on.

    list_unfinished()     each with what was done, what is missing, and what only the owner knows about it
    take_up(run)          what an agent needs to go on from the screen as it is (`mobimem.service.agent.resume_run`)
    discard_task(run)     it is not to be taken up
    finish_learning()     what a killed process did not get to: lessons of runs that were done are learnt now

A task that is taken up is a new run, whose journal's header names the content hash of the one it goes on from; so the
journals of a task are a chain, none is ever edited, and nobody takes up the same run twice.

    <runs>/<run>/closed    empty: nothing is left to do for this run - it was learnt from, discarded, or replaced
"""

from __future__ import annotations

import fcntl
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from device.clock import Clock, SystemClock
from mobimem import folders
from mobimem.errors import BadInput, NotDone
from mobimem.running import all_running
from mobimem.service.plans.kept import is_kept, runs_of_plans
from mobimem.service.runs import recall_of, task_of
from mobimem.tasks.past import Segment
from replay.errors import ReplayError
from replay.private_files import private_folder
from replay.resume import Question, questions_of, resolutions, settle
from replay.slots import fill
from replay.trace import End, Note, StepDone, Trace
from replay.trace_reader import read_trace

if TYPE_CHECKING:
    from mobimem.service.orders import Order

KEPT: Final = timedelta(days=7)  # after that a phone tells nothing of what was begun on it
CLOSED: Final = "closed"
_HINT: Final = "`mobimem tasks` shows what can be taken up."


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A task that is not done.

    `state`: "interrupted" (its process was killed) or "unfinished" (it ended; `why`). `did` and `missing` are steps in
    words; of a task nobody taught nothing is known of those to come. `questions` stand in the way. `can_go_on`: it can
    be taken up; else it has to be said again.
    """

    run: str
    state: Literal["interrupted", "unfinished"]
    words: str
    name: str
    values: Mapping[str, str]
    serial: str
    began_at: str
    why: str
    known: bool
    did: tuple[str, ...]
    missing: tuple[str, ...]
    questions: tuple[Question, ...]
    can_go_on: bool


@dataclass(frozen=True, slots=True)
class TakenUp:
    """A task with all its runs so far, oldest first."""

    run: str
    order: Order
    segments: tuple[Segment, ...]
    runs: tuple[str, ...]

    @property
    def parent(self) -> str:
        return self.segments[-1].trace.content_hash


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one task stands, and all its runs, oldest first. `abandoned`: the owner said so of one of its steps."""

    told: Unfinished
    runs: tuple[str, ...]
    abandoned: bool


@dataclass(slots=True)
class _Chains:
    """The journals that are open, and which goes on from which."""

    traces: dict[str, Trace] = field(default_factory=dict)

    def of(self, run: str) -> tuple[str, ...]:
        """The runs of a task up to this one, oldest first."""
        by_hash = {trace.content_hash: name for name, trace in self.traces.items()}
        chain = [run]
        while (before := by_hash.get(self.traces[chain[0]].header.parent)) and before not in chain:
            chain.insert(0, before)
        return tuple(chain)

    def tips(self) -> tuple[str, ...]:
        parents = {trace.header.parent for trace in self.traces.values()}
        return tuple(name for name, trace in self.traces.items() if trace.content_hash not in parents)


def list_unfinished(*, clock: Clock | None = None) -> tuple[Unfinished, ...]:
    """Every task that is not done, oldest first; those under way, and the sub-tasks of plans that can go on
    (`mobimem.service.plans.taking_up`), are not among them."""
    at = (clock or SystemClock()).now()
    chains, planned = _open_chains(), runs_of_plans()
    found: list[Unfinished] = []
    for tip in chains.tips():
        trace = chains.traces[tip]
        if _is_done(trace) or tip in _alive() or tip in planned:
            continue
        if any("abandon" in _answers(run).values() for run in chains.of(tip)):
            close(chains.of(tip))
            continue
        began = trace.header.started_at
        old = bool(began) and at - datetime.fromisoformat(began) > KEPT
        told = _told(chains, tip)
        nothing = trace.end is not None and not told.did and not told.questions
        if (old or nothing) and not told.questions:
            close(chains.of(tip))
            continue
        found.append(told)
    return tuple(sorted(found, key=lambda one: one.began_at))


def unfinished_like(order: Order, *, clock: Clock | None = None) -> Unfinished | None:
    """The newest task that is not done and is this very order, to be offered; None if there is none."""
    chains = _open_chains()
    like = [
        one for one in list_unfinished(clock=clock)
        if one.can_go_on and chains.traces[one.run].header.recipe_id == order.id
        and dict(one.values) == dict(order.values)
    ]  # fmt: skip
    return like[-1] if like else None


def take_up(run: str, *, in_plan: str = "") -> TakenUp:
    """A task that is not done, ready to go on with.

    Args:
        in_plan: the plan that is taken up, of which it is a sub-task.

    Raises:
        BadInput: there is none of this name. NotDone: it is under way, or can only be said again. OwnerNeeded: it is
        not known whether a step happened: that has to be answered first (`mobimem answer`).
    """
    from mobimem.service.orders import order_again
    from mobimem.service.replay import QuestionsOpen

    chains = _open_chains()
    if run not in chains.traces or _is_done(chains.traces[run]):
        raise BadInput(f"there is no unfinished task {run!r}", next_step=_HINT)
    if run in _alive():
        raise NotDone(f"{run} is under way", next_step="Wait until it ends, or end it: mobimem stop")
    if run not in chains.tips():
        raise NotDone(f"{run} was taken up before", next_step=_HINT)
    if not in_plan and run in runs_of_plans():
        plan = plan_of(chains.traces[run]) or "a plan"
        raise NotDone(f"{run} is a part of {plan}", next_step=f"Go on with the whole: mobimem tasks resume {plan}")
    told = _told(chains, run)
    if unclear := [one for one in told.questions if one.doubt != "unfinished"]:
        raise QuestionsOpen(unclear)
    if not told.can_go_on and not in_plan:
        raise NotDone(f"nothing is known of how far {run} came", next_step=f"Say it again: mobimem do {told.words!r}")
    runs = chains.of(run)
    if any("abandon" in _answers(name).values() for name in runs):
        raise NotDone(f"{run} was abandoned, as you said", next_step=f"Say it again: mobimem do {told.words!r}")
    whole = {name: read_trace(folders.runs_folder() / name / "trace") for name in runs}
    order = order_again(whole[run].header, recall_of(whole[runs[0]]), told.words)
    steps = () if order.task is None else order.task.recipe.steps
    known = () if order.task is None else whole.values()  # a new task has no steps of its own that could be others now
    for one in (step for trace in known for step in trace.steps() if _remembered(step)):
        if one.index >= len(steps) or steps[one.index].id != one.step.get("id"):
            raise NotDone(
                f"{told.name!r} was taught anew since {run} was begun", next_step=f"Say it: mobimem do {told.words!r}"
            )
    return TakenUp(run, order, tuple(Segment(whole[name], _answers(name)) for name in runs), runs)


def discard_task(run: str, *, clock: Clock | None = None) -> Unfinished:
    """Takes a task off the list, with all its runs; the journals stay. What it was.

    Raises:
        BadInput: there is none of this name. NotDone: it is under way, or a question about it is open.
    """
    chains = _open_chains()
    told = next((one for one in list_unfinished(clock=clock) if one.run == run), None)
    if told is None:
        raise BadInput(f"there is no unfinished task {run!r}", next_step=_HINT)
    refuse_unanswered(told)
    close(chains.of(run))
    return told


def refuse_unanswered(told: Unfinished) -> None:
    """Makes sure that what is taken off the list leaves nothing unclear.

    Raises:
        NotDone: a step that cannot be undone may have been done.
    """
    if told.questions:
        raise NotDone(
            f"a step of {told.run} cannot be undone, and it may have been done",
            next_step=f"Say so first: mobimem answer {told.questions[0].run} done|not-done|abandon",
        )


def standing_of(run: str) -> Standing | None:
    """Where the task of this run stands; None where its journal was never begun, or has been closed or replaced."""
    chains = _open_chains()
    if run not in chains.traces:
        return None
    runs = chains.of(run)
    abandoned = any("abandon" in _answers(name).values() for name in runs)
    return Standing(_told(chains, run), runs, abandoned=abandoned)


def close_like(order: Order) -> None:
    """The order was done: what earlier runs of the very same left undone is not to be taken up any more."""
    chains, planned = _open_chains(), runs_of_plans()
    for tip in chains.tips():
        header = chains.traces[tip].header
        same = header.recipe_id == order.id and dict(header.values) == dict(order.values)
        over = _is_done(chains.traces[tip]) or tip in _alive() or tip in planned
        if same and not over and not _told(chains, tip).questions:
            close(chains.of(tip))


def close(runs: Collection[str]) -> None:
    """Nothing is left to do for these runs."""
    for run in runs:
        folder = folders.runs_folder() / run
        settle(folder)
        (private_folder(folder) / CLOSED).touch(mode=0o600)


def was_taken_up(trace_hash: str, *, but: str = "") -> bool:
    """Whether a run goes on from the one with this content hash."""
    return any(
        trace.header.parent == trace_hash for name, trace in _open_chains().traces.items() if name != but
    )  # fmt: skip


@contextmanager
def learning_of(run: str) -> Iterator[bool]:
    """Holds what a run teaches for the block, so that it is kept once; False where another process does."""
    file = private_folder(folders.runs_folder() / run) / "learning"
    with file.open("a") as opened:
        file.chmod(0o600)
        try:
            fcntl.flock(opened.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield not (file.parent / CLOSED).exists()


def plan_of(trace: Trace) -> str:
    """The plan whose sub-task a run is of; "" for none."""
    task = task_of(trace)
    return "" if task is None else str(task.data.get("plan", ""))


def done_unlearnt() -> tuple[tuple[str, ...], ...]:
    """The runs of each task that is done, and of which nobody has noted yet that it was learnt from."""
    chains = _open_chains()
    return tuple(chains.of(run) for run, trace in chains.traces.items() if _is_done(trace) and run not in _alive())


# --- inside ----------------------------------------------------------------------------------------------------------


def _open_chains() -> _Chains:
    """The journals of runs that are not closed. What cannot be read is a question of `replay.resume`'s."""
    chains = _Chains()
    for folder in sorted(folders.runs_folder().iterdir()):
        if not (folder / "trace").is_dir() or (folder / CLOSED).exists():
            continue
        try:
            trace = read_trace(folder / "trace", lines_only=True)
        except ReplayError:
            continue
        if trace.header.source == "run":
            chains.traces[folder.name] = trace
    return chains


def _told(chains: _Chains, tip: str) -> Unfinished:
    runs = chains.of(tip)
    traces = [chains.traces[run] for run in runs]
    last, first = traces[-1], traces[0]
    did: list[str] = []
    for trace in traces:
        did += [
            fill(str(one.step.get("says", "")), trace.header.values) for one in trace.steps() if one.result == "done"
        ]
    questions = [one for run, trace in zip(runs, traces, strict=True) for one in _open_questions(run, trace)]
    task = task_of(first)
    known, missing = _missing(traces)
    return Unfinished(
        run=tip, state="unfinished" if last.end is not None else "interrupted",
        words=first.header.task if task is None else task.says, name=last.header.name,
        values=dict(last.header.values), serial=str(last.header.device.get("serial", "")),
        began_at=first.header.started_at, why=_why(last, task),
        known=known, did=tuple(did), missing=missing, questions=tuple(questions),
        can_go_on=(task is not None and not task.data.get("part")) or (task is None and known),
    )  # fmt: skip


def _why(last: Trace, task: Note | None) -> str:
    why = "its process was killed" if last.end is None else last.end.reason
    alone = task is not None and task.data.get("part") and not is_kept(plan_of(last))
    return f"{why}; it is a part of a plan: say the whole again" if alone else why


def _missing(traces: list[Trace]) -> tuple[bool, tuple[str, ...]]:
    """Whether the task is a known one; and which of its steps are not known to be done."""
    from mobimem.service.recipes import library

    header = traces[-1].header
    entry = None if header.recipe_id.startswith("words-") else library().named(header.name)
    if entry is None:
        return False, ()
    done = [one.index for trace in traces for one in trace.steps() if _remembered(one) and one.result != "failed"]
    left = entry.recipe.steps[max(done, default=-1) + 1 :]
    return True, tuple(fill(step.says, header.values) for step in left)


def _remembered(step: StepDone) -> bool:
    return step.level != "decided"


def _open_questions(run: str, trace: Trace) -> tuple[Question, ...]:
    answered = _answers(run)
    return tuple(one for one in questions_of(trace, run) if one.index not in answered)


def _answers(run: str) -> dict[int, Any]:
    return {one.index: one.answer for one in resolutions(folders.runs_folder() / run)}


def _is_done(trace: Trace) -> bool:
    return isinstance(trace.end, End) and trace.end.outcome == "done"


def _alive() -> set[str]:
    return {running.run for running in all_running(folders.running_folder())}
