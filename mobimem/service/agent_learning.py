"""What is learnt when the agent has done a task: a new recipe, a new version of a known one, or what a replay teaches.

Planned before the journal is closed, so that it says what became of the run; kept after that, beside the run's own
screens. The trace of what was learnt so names the run it came from.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from device.actions import Size
from device.clock import Clock
from device.protocol import DeviceInfo, Foreground, Reading
from mobimem.service.learning import LearnReport, learn_taught
from mobimem.service.recipes import Task, library
from mobimem.service.runs import device_facts
from mobimem.tasks.agent import Ended
from mobimem.tasks.distilling import Distilled, new_recipe, revised, why_not
from replay.distill import Done
from replay.errors import ReplayError
from replay.lesson_trace import write_lesson
from replay.opening import Starts
from replay.private_files import private_folder
from replay.recipe import Recipe, step_to_data
from replay.trace import Header, ScreenSeen, StepDone, Trace
from replay.trace_reader import read_trace
from replay.trace_writer import TraceWriter

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


def learn_new(new: Distilled, run: Path, info: DeviceInfo, clock: Clock) -> LearnReport:
    """Keeps a new recipe with the screens it came from, and learns its words."""
    source = read_trace(run, lines_only=True)
    header = _header(source, new.recipe, new.values, device_facts(info))
    notes = (DECIDED.format(run=source.header.trace_id), *filter(None, (new.note,)))
    with _workplace() as folder:
        trace = folder / "trace"
        write_lesson(trace, header, new.recipe, new.steps, notes=notes, serial=info.serial, clock=clock)
        library().save(new.recipe, trace, at=clock.now())
    return learn_taught()


def learn_revised(recipe: Recipe, run: Path, clock: Clock) -> LearnReport:
    """Keeps a known task as it went in this run, as a new version; the one before stays."""
    source = read_trace(run)
    done = [event for event in source.events if isinstance(event, StepDone) and event.result in ("done", "skipped")]
    if len(done) != len(recipe.steps):
        return LearnReport(problem="the run's journal holds other steps than were done; nothing was changed")
    with _workplace() as folder:
        trace = folder / "trace"
        header = _header(source, recipe, source.header.values, source.header.device)
        with TraceWriter(trace, header) as writer:
            for index, (event, step) in enumerate(zip(done, recipe.steps, strict=True)):
                before, after = (_copied(source, number, writer) for number in (event.before, event.after))
                writer.step(replace(event, index=index, step=step_to_data(step), before=before, after=after))
            writer.note("advice", DECIDED.format(run=source.header.trace_id), clock.now().isoformat())
            writer.end("done", f"{len(done)} steps", clock.now().isoformat(), {"steps": len(done)})
        library().save(recipe, trace, at=clock.now())
    return learn_taught()


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
    return writer.screen(_reading(seen, source.screens[seen.hierarchy], serial))


def _reading(seen: ScreenSeen, hierarchy: str, serial: str) -> Reading:
    return Reading(
        serial=serial, taken_at=datetime.fromisoformat(seen.taken_at), hierarchy=hierarchy,
        size=Size(seen.width_px, seen.height_px), rotation=seen.rotation,
        foreground=Foreground(seen.package, seen.activity), keyboard_shown=seen.keyboard_shown,
        screen_on=seen.screen_on, lock=seen.lock,  # type: ignore[arg-type]
    )  # fmt: skip
