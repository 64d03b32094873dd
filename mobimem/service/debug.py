"""Use cases of the debugger: look at traces, hold them side by side, step through, export, and take things out.

WHAT is the path of a trace (a folder or a `.zip`), the name of a run, or that of a recipe - then its demonstration.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from device.clock import Clock, SystemClock
from device.protocol import Device
from mobimem import folders
from mobimem.errors import BadInput
from mobimem.running import holding, should_stop
from mobimem.service.policy import guarded
from mobimem.service.recipes import Task, library, refuse_untaught
from mobimem.service.replay import healer_for, keep_repairs, refuse_if_open, work_of
from mobimem.service.runs import header_of, running_now
from replay.bisecting import Parted, bisect
from replay.debugger import Debugger
from replay.diffing import Difference, diff
from replay.divergence import Parting, parting_in
from replay.export import plan, to_json, to_maestro, to_uiautomator2
from replay.private_files import write_private
from replay.recipe import Recipe
from replay.redaction import prune, redact
from replay.report import salvage, write_report
from replay.resume import questions_of, settle
from replay.runner import Consent
from replay.secrecy import Reveal
from replay.slots import fill
from replay.stages import DeviceStage, RecordedStage
from replay.timeline import Timeline, recipe_of, timeline
from replay.trace import Trace
from replay.trace_reader import read_trace
from replay.trace_writer import TraceWriter

Format = Literal["uiautomator2", "maestro", "json"]
FORMATS: tuple[Format, ...] = ("uiautomator2", "maestro", "json")


@dataclass(frozen=True, slots=True)
class Told:
    """A trace told. `problems` name what is missing of a damaged one."""

    timeline: Timeline
    problems: tuple[str, ...]
    parting: Parting | None


@dataclass(frozen=True, slots=True)
class Reported:
    """A report that was written: its file, its size in bytes, and what is missing from it."""

    report: Path
    steps: int
    bytes: int
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """An export. `left_out` names what the other tool cannot do."""

    text: str
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Copied:
    """A trace made from another."""

    trace: Path
    content_hash: str
    parent: str
    steps: int


def tell_trace(what: str) -> Told:
    """The timeline of a trace, damaged or not.

    Raises:
        BadInput: there is no such thing. TraceError: it cannot be read at all, or is hostile.
    """
    found = salvage(_path_of(what))
    told = timeline(found.trace)
    return Told(told, (*found.problems, *told.problems), parting_in(told, _taught_for(found.trace)))


def report_trace(what: str, out: Path | None, *, force: bool = False) -> Reported:
    """Writes the report of a trace, beside where it was called if no file is named.

    Raises:
        BadInput: there is no such thing, or the file cannot be written. ReplayError: the file exists.
        TraceError: as for `tell_trace`.
    """
    path = _path_of(what)
    target = out or Path(f"{(path.parent if path.name == 'trace' else path).stem}-report.html")
    if target.is_dir():
        raise BadInput(f"{target} is a folder", next_step="Name a file: --out report.html")
    taught = _taught_for(salvage(path).trace)
    try:
        salvaged = write_report(path, target, taught=None if taught is None else taught.trace, replace=force)
    except OSError as error:
        raise BadInput(f"{target} cannot be written ({error.strerror})") from error
    return Reported(target, len(salvaged.trace.steps()), target.stat().st_size, salvaged.problems)


def diff_traces(a: str, b: str) -> Difference:
    """How two traces differ.

    Raises:
        BadInput: there is no such thing. TraceError: one is damaged.
    """
    return diff(read_trace(_path_of(a)), read_trace(_path_of(b)))


def bisect_runs(good: str, bad: str) -> Parted:
    """The first step where a bad run parts from a good one.

    Raises:
        BadInput, TraceError: as for `diff_traces`.
    """
    return bisect(read_trace(_path_of(good)), read_trace(_path_of(bad)))


def export_task(what: str, to: str) -> Exported:
    """A recipe or the steps of a trace for another tool.

    Raises:
        BadInput: no such thing, or no such format. ReplayError: a step cannot be said in the other tool's terms.
    """
    recipe, trace = _recipe_and_trace(what)
    planned = plan(recipe, trace)
    match to:
        case "uiautomator2":
            return Exported(to_uiautomator2(planned), ())
        case "maestro":
            flow = to_maestro(planned)
            return Exported(flow.text, flow.left_out)
        case "json":
            return Exported(json.dumps(to_json(planned), ensure_ascii=False, indent=1) + "\n", ())
        case _:
            raise BadInput(f"{to!r} is no format", next_step=f"One of {', '.join(FORMATS)}.")


def write_export(exported: Exported, out: Path, *, force: bool = False) -> None:
    """Writes an export (mode 0600).

    Raises:
        BadInput: the file exists, or cannot be written.
    """
    try:
        write_private(out, exported.text, replace=force)
    except FileExistsError as error:
        raise BadInput(f"{out} exists already", next_step="Choose another name, or add --force.") from error
    except OSError as error:
        raise BadInput(f"{out} cannot be written ({error.strerror})") from error


def redact_trace(what: str, out: Path, words: tuple[str, ...], *, every_text: bool = False) -> Copied:
    """A copy of a trace that does not say these words.

    Raises:
        BadInput, TraceError: as for `diff_traces`. ReplayError: nothing to take out.
    """
    return _copied(redact(read_trace(_path_of(what)), out, words, every_text=every_text), out)


def prune_trace(what: str, out: Path, *, first: int = 1, last: int | None = None, pictures: bool = False) -> Copied:
    """A copy of a trace with only some of its steps.

    Raises:
        BadInput, TraceError: as for `diff_traces`. ReplayError: no step would be left.
    """
    return _copied(prune(read_trace(_path_of(what)), out, first=first, last=last, pictures=pictures), out)


def debug_on_record(what: str, values: Mapping[str, str]) -> Debugger:
    """A debugger on recorded screens: no phone, nothing is done.

    Raises:
        BadInput, ReplayError: there is no such thing, or it was kept without screens. OnlyTaughtValues: a value that
            the recorded screens do not show.
    """
    recipe, trace = _recipe_and_trace(what)
    if trace is None:
        raise BadInput(f"{what!r} was kept without screens", next_step="Step through it on a phone: --device SERIAL.")
    shown = dict(trace.header.values)
    refuse_untaught(recipe, shown, _known(recipe, values))
    return Debugger(recipe, dict(shown), RecordedStage(trace), taught=trace, keep=_keeper(what), shown=shown)


@contextmanager
def debug_on_device(
    task: Task,
    consent: Consent,
    *,
    serial: str | None = None,
    adb_port: int | None = None,
    reveal: Reveal | None = None,
    heal: bool = True,
) -> Iterator[Debugger]:
    """A debugger on a device over adb, journalled as a run is; the device is ours while inside, and `stop_all` ends it.

    Raises:
        QuestionsOpen: an earlier run has to be answered for first. OwnerNeeded: another run is on it. DeviceError.
    """
    refuse_if_open(task)
    from device.open import open_device

    device = open_device(serial, adb_port=adb_port)
    try:
        with debug_on(device, task, consent, reveal=reveal, heal=heal) as debugger:
            yield debugger
    finally:
        device.close()


@contextmanager
def debug_on(
    device: Device, task: Task, consent: Consent, *, clock: Clock | None = None, reveal: Reveal | None = None,
    heal: bool = True,
) -> Iterator[Debugger]:  # fmt: skip
    """The same on a device that is open. With `heal`, steps are found again as in a run, and repairs proposed."""
    clock = clock or SystemClock()
    refuse_if_open(task)
    info = device.info()
    running = running_now(task.entry.name, fill(task.recipe.task, task.values), info, clock.now())
    run = running.run
    folder = folders.runs_folder() / run
    guard = guarded(work_of(task), consent, run=run, device=device, clock=clock)
    header = header_of(running, info, name=task.recipe.name, recipe_id=task.recipe.id, values=task.values)
    guard.before(task.values)
    with holding(folders.running_folder(), running), TraceWriter(folder / "trace", header) as journal:
        stopped = partial(should_stop, folders.running_folder(), running)
        healer = healer_for(task, device) if heal else None
        stage = DeviceStage(
            device, guard, journal, clock=clock, reveal=reveal, should_stop=stopped, healer=healer
        )  # fmt: skip
        taught = None if task.entry.trace is None else read_trace(task.entry.trace)
        keep = _keeper(task.entry.name)
        debugger = Debugger(task.recipe, dict(task.values), stage, taught=taught, keep=keep, stopped=stopped)
        try:
            yield debugger
        finally:
            outcome: Literal["done", "stopped", "cancelled"] = "done" if debugger.at_end else "stopped"
            if stopped():
                outcome = "cancelled"
            journal.end(outcome, f"stepped by hand, left {debugger.prompt()}", clock.now().isoformat())
    keep_repairs(task, stage.mended, folder / "trace", clock)
    if not questions_of(read_trace(folder / "trace", lines_only=True), run):
        settle(folder)


def _path_of(what: str) -> Path:
    """The trace that `what` names."""
    path = Path(what)
    if path.exists():
        return path / "trace" if (path / "trace").is_dir() else path
    run = folders.runs_folder() / what
    if "/" not in what and run.is_dir():
        return run / "trace"
    kept = library()
    if kept.versions(what):
        entry = kept.load(what)
        if entry.trace is None:
            raise BadInput(f"recipe {what!r} was kept without a demonstration")
        return entry.trace
    raise BadInput(f"{what!r} is no trace, run or recipe", next_step="Give a trace's path, a run's or recipe's name.")


def _recipe_and_trace(what: str) -> tuple[Recipe, Trace | None]:
    kept = library()
    if not Path(what).exists() and kept.versions(what):
        entry = kept.load(what)
        return entry.recipe, None if entry.trace is None else read_trace(entry.trace)
    trace = read_trace(_path_of(what))
    return recipe_of(trace), trace


def _taught_for(trace: Trace) -> Timeline | None:
    """The demonstration of the recipe a run was of, if it is in the library."""
    kept = library()
    header = trace.header
    if header.source == "teach" or not isinstance(header.name, str) or not kept.versions(header.name):
        return None
    entry = kept.load(header.name)
    return None if entry.trace is None or entry.recipe.id != header.recipe_id else timeline(read_trace(entry.trace))


def _known(recipe: Recipe, values: Mapping[str, str]) -> Mapping[str, str]:
    if unknown := set(values) - set(recipe.slots):
        slots = ", ".join(recipe.slots) or "none"
        raise BadInput(f"it has no slot {', '.join(sorted(unknown))}", next_step=f"Its slots: {slots}.")
    return values


def _keeper(what: str) -> Callable[[Recipe], str] | None:
    """Saves an edited recipe as the newest version of its name, with the demonstration it had."""
    kept = library()
    if Path(what).exists() or not kept.versions(what):
        return None

    def keep(recipe: Recipe) -> str:
        entry = kept.save(recipe, kept.load(what).trace, at=SystemClock().now())
        return f"kept as version {entry.version} of {entry.name!r}"

    return keep


def _copied(trace: Trace, folder: Path) -> Copied:
    return Copied(folder, trace.content_hash, trace.header.parent, len(trace.steps()))
