"""Use case: run a taught task. Consent is the caller's; the journal, the receipt and the refusal to repeat are here.

Every run is journalled as a trace in the data folder, one run at a time per device. Nothing is started while a question
about an earlier run stands in the way (`replay.resume`), or when an irreversible step would have nobody to answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from device.clock import Clock, SystemClock
from device.protocol import Device
from mobimem import folders
from mobimem.errors import OwnerNeeded
from mobimem.policy.consent import PolicyConsent
from mobimem.policy.matter import Work, deed_of
from mobimem.policy.rules import Policy
from mobimem.running import all_running, holding, should_stop
from mobimem.service.policy import guarded
from mobimem.service.recipes import Task, library
from mobimem.service.runs import header_of, last_line, note_recall, running_now
from replay.commands import Progress
from replay.healing import Healer, Mended
from replay.repairs import Repairs, recorder_of
from replay.resume import Question, blocking, open_questions, questions_of, settle
from replay.runner import Consent, Runner, RunResult
from replay.secrecy import Reveal
from replay.seeing import Eyes, reader_at_hand
from replay.slots import fill
from replay.trace import Header, Trace
from replay.trace_reader import read_trace
from replay.trace_writer import TraceWriter

Writer = Callable[[Path, Header], TraceWriter]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a run took, and what doing it the first time had taken. `saved_s` is None where that is not known.

    `taught_by` says how it was done then: shown by a "hand", or "done" - decided by a model, imported. `healed` are
    among `replayed`; `questions` are those the owner answered before it began.
    """

    steps: int
    replayed: int
    skipped: int
    reads: int
    acts: int
    seconds: float
    model_calls: int
    tokens: int
    taught_s: float | None
    saved_s: float | None
    taught_by: Literal["hand", "done"] = "hand"
    healed: int = 0
    questions: int = 0
    joules: float = 0.0  # of models: none was asked


@dataclass(frozen=True, slots=True)
class ReplayDone:
    """How a run ended. `done` is claimed only when every check held. `questions` wait for the owner's answer; `repairs`
    are the ids of what healing found again (`mobimem replay repairs`), `asks` those of what waits for a yes. `results`
    were read off the screen."""

    done: bool
    outcome: Literal["done", "stopped", "asked", "cancelled"]
    says: str
    run: str
    name: str
    task: str
    values: Mapping[str, str]
    serial: str
    receipt: Receipt
    questions: tuple[Question, ...]
    trace: Path
    repairs: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    results: Mapping[str, str] = field(default_factory=dict)


class QuestionsOpen(OwnerNeeded):
    """An earlier run left something open that only the owner knows; nothing was started."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self.questions = tuple(questions)
        first = self.questions[0]
        super().__init__(
            f"an earlier run was not finished: {first.says!r} ({first.doubt}, run {first.run})",
            next_step=f"Look at the phone, then say: mobimem answer {first.run} done|not-done|abandon"
            + (" - or go on with it: mobimem tasks" if first.doubt == "unfinished" else ""),
        )


def run_task(
    task: Task,
    consent: Consent,
    *,
    serial: str | None = None,
    adb_port: int | None = None,
    on_step: Callable[[Progress], None] | None = None,
    reveal: Reveal | None = None,
    heal: bool = True,
    asked: int = 0,
) -> ReplayDone:
    """Runs a task on a device over adb. With `heal`, what an update moved or renamed is found again (docs/healing.md).

    Args:
        asked: questions the owner has answered for it so far.

    Raises:
        QuestionsOpen: an earlier run has to be answered for first. OwnerNeeded: another run is on this device.
        DeviceError: as its next step says.
    """
    refuse_if_open(task)
    from device.open import open_device

    device = open_device(serial, adb_port=adb_port)
    try:
        return run_on(device, task, consent, on_step=on_step, reveal=reveal, heal=heal, asked=asked)
    finally:
        device.close()


def run_on(
    device: Device,
    task: Task,
    consent: Consent,
    *,
    clock: Clock | None = None,
    on_step: Callable[[Progress], None] | None = None,
    reveal: Reveal | None = None,
    writer: Writer = TraceWriter,
    heal: bool = True,
    asked: int = 0,
) -> ReplayDone:
    """Runs a task on a device that is open, under the owner's rules; `consent` answers what those leave open.

    Args:
        clock: of the run's times; None for the machine's.
        writer: makes the journal; an evaluation puts its own in.
        asked: as for `run_task`.

    Raises:
        QuestionsOpen, DeviceError: as for `run_task`. OwnerNeeded: another run is on this device, or a rule refuses.
        BadInput: the owner's rules cannot be read.
    """
    clock = clock or SystemClock()
    refuse_if_open(task)
    info = device.info()
    running = running_now(task.entry.name, fill(task.recipe.task, task.values), info, clock.now())
    recipe = task.recipe
    header = header_of(running, info, name=recipe.name, recipe_id=recipe.id, values=task.values)
    folder = folders.runs_folder() / running.run
    active = folders.running_folder()
    guard = guarded(work_of(task), consent, run=running.run, device=device, clock=clock)
    with holding(active, running):
        refuse_if_open(task)
        guard.before(task.values)
        with writer(folder / "trace", header) as journal:
            runner = Runner(
                device,
                guard,
                clock=clock,
                on_progress=guard.telling(on_step),
                reveal=reveal,
                should_stop=lambda: should_stop(active, running),
                healer=healer_for(task, device) if heal else None,
            )
            result = _journalled(runner, task, journal, clock, asked)
    questions = questions_of(read_trace(folder / "trace", lines_only=True), running.run)
    if not questions:
        settle(folder)
    return ReplayDone(
        done=result.outcome == "done", outcome=result.outcome, says=result.says, run=running.run,
        name=task.recipe.name, task=running.says, values=dict(task.values), serial=info.serial,
        receipt=_receipt(result, task, asked), repairs=keep_repairs(task, result.mended, folder / "trace", clock),
        questions=questions, asks=tuple(ask.id for ask in guard.asked), trace=folder / "trace",
        results=dict(result.results),
    )  # fmt: skip


def healer_for(task: Task, device: Device) -> Healer:
    """What finds a task's steps again on this device: by the tree, and by a picture where the tree does not tell."""
    return Healer(recorder_of(library(), task.entry), Eyes(device.picture, reader_at_hand))


def keep_repairs(task: Task, mended: Sequence[Mended], trace: Path, clock: Clock) -> tuple[str, ...]:
    """Keeps what was healed in a run that has ended, if anything was; the ids of the repairs.

    A recipe that is in no library is not repaired.
    """
    if not mended or not library().versions(task.entry.name):
        return ()
    return tuple(one.id for one in Repairs(library()).propose(task.entry, mended, trace, at=clock.now()))


def refuse_if_open(task: Task) -> None:
    """Makes sure no question about an earlier run stands in this task's way.

    Raises:
        QuestionsOpen: one does.
    """
    alive = [running.run for running in all_running(folders.running_folder())]
    asked = open_questions(folders.runs_folder(), alive=alive)
    if standing := blocking(asked, task.recipe.id, task.values):
        raise QuestionsOpen(standing)


def work_of(task: Task) -> Work:
    """A task as the owner's rules see it."""
    recall = task.recall
    filled = bool(recall.get("words")) and bool(set(task.values) - set(recall.get("said", ())))
    return Work.of(
        task.recipe, meant=filled or not recall.get("exact", True), read_off=tuple(recall.get("flows", ()))
    )  # fmt: skip


def refuse_unasked(task: Task, nobody: Consent) -> None:
    """Makes sure that the rules and yeses there are suffice, where nobody is there to be asked.

    Raises:
        OwnerNeeded: they do not; what needs a yes is stored, to be answered and said again. Nothing was started.
    """
    guarded(work_of(task), nobody, run="").before_nobody(task.values)


def consent_by_policy(task: Task, policy: Policy) -> PolicyConsent:
    """The consent a policy gives to this task.

    Raises:
        OwnerNeeded: it does not allow every irreversible step with these values; nothing was started.
    """
    consent = PolicyConsent(policy, task.recipe)
    for step in task.recipe.steps:
        says = fill(step.says, task.values)
        if not step.for_good:
            continue
        answer = policy.decide(deed_of(Work.of(task.recipe), step, task.values)).answer
        if answer == "refuse" or (answer == "ask" and not policy.reads_screens):
            raise OwnerNeeded(
                f"the policy does not allow {says!r} of {task.entry.name!r} with these values",
                next_step="Run it at a terminal, where it asks, or allow it in the policy (docs/cli.md, Consent).",
            )
    return consent


def refuse_meaning(task: Task, policy: Policy) -> None:
    """Makes sure the policy allows each irreversible step of a task that was understood, and not said as it was taught.

    Raises:
        OwnerNeeded: it does not; nothing was started.
    """
    consent = PolicyConsent(policy, task.recipe)
    for step in task.recipe.steps:
        if step.for_good and not consent.allows_meaning(step, task.values):
            raise OwnerNeeded(
                f"{fill(step.says, task.values)!r} of {task.entry.name!r} would rest on how the words were understood",
                next_step="Say it as it was taught, or allow it: by_meaning = true in the policy (docs/cli.md).",
            )


def _journalled(runner: Runner, task: Task, journal: TraceWriter, clock: Clock, asked: int) -> RunResult:
    """The run, with the journal's last line written however it ends; only a killed process leaves none."""
    note_recall(journal, task.recall, clock)
    with last_line(journal, clock):
        result = runner.run(task.recipe, task.values, journal)
    receipt = _receipt(result, task, asked)
    taken = {field: getattr(receipt, field) for field in Receipt.__slots__}
    journal.end(result.outcome, result.says, clock.now().isoformat(), taken)
    return result


def _receipt(result: RunResult, task: Task, asked: int) -> Receipt:
    taught_s, taught_by = _taught(task)
    skipped = sum(progress.result == "skipped" for progress in result.progress)
    return Receipt(
        steps=len(task.recipe.steps),
        replayed=len(result.progress) - skipped,
        skipped=skipped,
        reads=result.reads,
        acts=result.acts,
        seconds=round(result.duration_s, 3),
        model_calls=0,
        tokens=0,
        taught_s=taught_s,
        saved_s=None if taught_s is None or result.outcome != "done" else round(taught_s - result.duration_s, 3),
        taught_by=taught_by,
        healed=len(result.mended),
        questions=asked,
    )


def _taught(task: Task) -> tuple[float | None, Literal["hand", "done"]]:
    """How long it took when it was done first, None where that is not known; and how it was done."""
    if task.entry.trace is None:
        return None, "done"
    trace: Trace = read_trace(task.entry.trace, lines_only=True)
    by: Literal["hand", "done"] = "hand" if trace.header.source == "teach" else "done"
    if trace.end is None:
        return None, by
    taken = datetime.fromisoformat(trace.end.at) - datetime.fromisoformat(trace.header.started_at)
    return round(taken.total_seconds(), 3), by
