"""What is learnt when the agent has done a task: a new recipe, a new version of a known one, or what a replay teaches.

Planned before the journal is closed, so that it says what became of the run; kept after that, beside the run's own
screens. The trace of what was learnt so names the run it came from.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from device.clock import Clock, SystemClock
from mobimem import folders
from mobimem.errors import MobimemError
from mobimem.service.learning import LearnReport, LearntLine, learn_run, learn_taught
from mobimem.service.orders import NEW, Order, order_again
from mobimem.service.recipes import Task, library
from mobimem.service.runs import recall_of, task_of
from mobimem.service.unfinished import close, done_unlearnt, learning_of
from mobimem.tasks.distilling import Distilled, new_recipe, revised, why_not
from mobimem.tasks.goal import PROOFS, Ended, Goal, Proof
from mobimem.tasks.past import Segment, past_of, reading_of
from mobimem.tasks.watching import Bounds, Watch
from perception.words import contains, normal
from replay.distill import Done
from replay.errors import ReplayError
from replay.lesson_trace import write_lesson
from replay.opening import Starts
from replay.private_files import private_folder
from replay.recipe import Recipe, step_to_data
from replay.slots import fill
from replay.trace import Header, Note, ScreenSeen, StepDone, Trace
from replay.trace_reader import read_trace
from replay.trace_writer import TraceWriter

STARTS: Final = "starts"  # the topic of a note that says which activity an app's icon starts
DECIDED = "its steps were chosen by a model, in run {run}: look at them before you rely on it (mobimem replay show)"


@dataclass(frozen=True, slots=True)
class Learnt:
    """What will be kept: a new recipe called `name`, a new version of it, or what a replay teaches (`as_replay`)."""

    name: str = ""
    why_not: str = ""
    new: Distilled | None = None
    revised: Recipe | None = None
    as_replay: bool = False


def plan_learning(words: str, task: Task | None, ended: Ended, *, starts: Starts) -> Learnt:
    """What is to be learnt from a task that has ended."""
    decided = any(isinstance(one, Done) for one in ended.path)
    if ended.excused:
        return Learnt(why_not="what stood in the way says nothing of the task")
    if task is not None and not decided:
        return Learnt(as_replay=True)
    if why := why_not(ended):
        return Learnt(why_not=why, as_replay=task is not None and ended.outcome != "done")
    try:
        if task is not None:
            made = revised(task.recipe, task.values, ended)
            return Learnt(made.name, revised=made)
        taken = [entry.name for entry in library().entries()]
        new = new_recipe(words, ended, starts=starts, taken=taken)
        return Learnt(new.recipe.name, new=new)
    except ReplayError as error:
        return Learnt(why_not=error.cause)


def learn(order: Order, plan: Learnt, runs: Sequence[str], about: Mapping[str, Any], clock: Clock) -> LearnReport:
    """Keeps what was planned to be learnt from a task that has ended.

    Args:
        runs: of the task, oldest first; more than one where it was taken up again.
        about: the device it was done on.
    """
    traces = [folders.runs_folder() / run / "trace" for run in runs]
    if plan.new is not None:
        return learn_new(plan.new, traces[-1], about, clock)
    if plan.revised is not None:
        return learn_revised(plan.revised, traces, clock)
    return learn_run(traces[-1]) if order.task is not None and plan.as_replay else LearnReport()


def finish_learning(*, clock: Clock | None = None) -> tuple[LearnReport, ...]:
    """Learns from runs and plans that were done and that a killed process did not get to; what was learnt is not
    learnt twice.

    Never raises for memory's or a journal's sake: it reports.
    """
    reports: list[LearnReport] = []
    for runs in done_unlearnt():
        with learning_of(runs[-1]) as mine:
            if not mine:
                continue
            report = _made_up(runs, clock or SystemClock())
            if report is not None:
                reports.append(report)
            if report is None or not report.problem:
                close(runs)
    from mobimem.service.plans.doing import finish_plans

    for whole in finish_plans():  # a whole is made of its parts: they are learnt first
        line = (LearntLine("learnt", whole.learnt_as, "the whole plan"),) if whole.learnt_as else ()
        reports.append(LearnReport(line, whole.not_learnt))
    return tuple(reports)


def _made_up(runs: Sequence[str], clock: Clock) -> LearnReport | None:
    """What these runs of a task that is done teach; None if it was learnt already, or is nothing to learn from."""
    try:
        traces = [read_trace(folders.runs_folder() / run / "trace") for run in runs]
        last = traces[-1]
        note, recall = task_of(traces[0]), recall_of(traces[0])
        if note is None:  # a replay without an agent: one by words teaches, one by its name only runs
            return learn_run(folders.runs_folder() / runs[-1] / "trace") if recall else None
        if _kept(last):
            return learn_taught()
        if last.end is None or not last.end.receipt.get("learnt_as"):  # nothing was to be kept; a replay teaches still
            replayed = all(step.level != "decided" for trace in traces for step in trace.steps())
            known = not last.header.recipe_id.startswith(NEW)
            return learn_run(folders.runs_folder() / runs[-1] / "trace") if known and replayed else None
        order = order_again(last.header, recall, note.says)
        goal = Goal(order.words) if order.task is None else goal_of(order.task)
        segments = [Segment(trace) for trace in traces]
        past = past_of(segments, goal.words, goal.recipe, goal.values, Watch(Bounds(), 0.0))
        proven = "" if last.end is None else last.end.receipt.get("proof", "")
        proof: Proof = next((one for one in PROOFS if one == proven), "")
        ended = Ended("done", "", proof, path=tuple(past.way.path), whole=past.way.whole)
        plan = plan_learning(order.words, order.task, ended, starts=_starts_of(traces))
        return learn(order, plan, runs, last.header.device, clock)
    except (ReplayError, MobimemError, ValueError, KeyError) as error:
        close(runs)  # it will not be another time either
        return LearnReport(problem=f"{runs[-1]} cannot be learnt from: {error}")


def _kept(run: Trace) -> bool:
    """Whether the library holds what this run taught."""
    name = str((run.end.receipt if run.end is not None else {}).get("learnt_as", ""))
    for version in library().versions(name) if name else ():
        entry = library().load(name, version)
        if entry.trace is not None and read_trace(entry.trace, lines_only=True).header.parent == run.content_hash:
            return True
    return False


def _starts_of(traces: Sequence[Trace]) -> Starts:
    """What the device told of its apps' icons when the task ended."""
    notes = [one for trace in traces for one in trace.events if isinstance(one, Note) and one.topic == STARTS]
    told = {note.says: str(note.data.get("activity", "")) for note in notes}
    return lambda package: told.get(package, "")


def goal_of(task: Task) -> Goal:
    """What a known task is to do, in the words it is known by."""
    words = str(task.recall.get("reading", "")) or fill(task.recipe.task, task.values)
    return Goal(words, task.recipe, task.values)


def learn_new(new: Distilled, run: Path, about: Mapping[str, Any], clock: Clock) -> LearnReport:
    """Keeps a new recipe with the screens it came from, and learns its words."""
    source = read_trace(run, lines_only=True)
    header = _header(source, new.recipe, new.values, about)
    notes = (DECIDED.format(run=source.header.trace_id), *filter(None, (new.note,)))
    with _workplace() as folder:
        trace = folder / "trace"
        write_lesson(
            trace, header, new.recipe, new.steps, notes=notes, read_off=_read_off(source, new.values),
            serial=str(about.get("serial", "")), clock=clock,
        )  # fmt: skip
        library().save(new.recipe, trace, at=clock.now())
    return learn_taught()


def _read_off(run: Trace, values: Mapping[str, str]) -> tuple[str, ...]:
    """The slots whose values hold a result of another sub-task: what a screen said is nobody's habit."""
    note = task_of(run)
    results = [] if note is None else [normal(str(one)) for one in note.data.get("given", {}).values()]
    return tuple(slot for slot, value in values.items() if any(contains(normal(value), one) for one in results))


def learn_revised(recipe: Recipe, runs: Sequence[Path], clock: Clock) -> LearnReport:
    """Keeps a known task as it went in these runs of it, as a new version; the one before stays."""
    traces = [read_trace(run) for run in runs]
    source = traces[-1]
    done = [(trace, step) for trace in traces for step in _done_in(trace)]
    if len(done) != len(recipe.steps):
        return LearnReport(problem="the run's journal holds other steps than were done; nothing was changed")
    with _workplace() as folder:
        trace = folder / "trace"
        header = _header(source, recipe, source.header.values, source.header.device)
        with TraceWriter(trace, header) as writer:
            for index, ((trace_of, event), step) in enumerate(zip(done, recipe.steps, strict=True)):
                before, after = (_copied(trace_of, number, writer) for number in (event.before, event.after))
                writer.step(replace(event, index=index, step=step_to_data(step), before=before, after=after))
            writer.note("advice", DECIDED.format(run=source.header.trace_id), clock.now().isoformat())
            writer.end("done", f"{len(done)} steps", clock.now().isoformat(), {"steps": len(done)})
        library().save(recipe, trace, at=clock.now())
    return learn_taught()


def _done_in(run: Trace) -> Iterator[StepDone]:
    """What was done in a run, in order. What a model reported did nothing to the device: only a note tells of it."""
    for event in run.events:
        if isinstance(event, StepDone) and event.result in ("done", "skipped"):
            yield event
        elif isinstance(event, Note) and event.topic == "result":
            screen = event.data.get("screen")
            yield StepDone(
                index=0, step={}, action=None, level="decided", result="done", before=screen, after=screen,
                started_at=event.at, duration_s=0.0,
            )  # fmt: skip


@contextmanager
def _workplace() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=private_folder(library().folder), prefix=".trace-") as folder:
        yield Path(folder)


def _header(source: Trace, recipe: Recipe, values: Mapping[str, str], about: Mapping[str, Any]) -> Header:
    return Header(
        trace_id=source.header.trace_id, name=recipe.name, task=recipe.task, source="run", device=dict(about),
        started_at=source.header.started_at, recipe_id=recipe.id, values=dict(values), parent=source.content_hash,
    )  # fmt: skip


def _copied(source: Trace, number: int | None, writer: TraceWriter) -> int | None:
    if number is None:
        return None
    seen: ScreenSeen = source.screen(number)
    serial = str(source.header.device.get("serial", ""))
    return writer.screen(reading_of(seen, source.screens[seen.hierarchy], serial))
