"""`mobimem eval crash`: a payment replay killed at every write of its journal, and by real SIGKILLs at random moments.

Inside one process the kill is an exception no handler knows, raised before, in the middle of (half a line is on the
disk) and after each write; the phone survives. After each kill: the journal must read back to its last whole line,
nothing may be repeated until the owner has answered where it is unclear, and - the owner answering by what the phone
shows - the payment must have been made exactly once in the end. `mobimem.evals.crash_kills` does it with processes.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from device.clock import ManualClock
from device.virtual.direct import DirectDevice
from device.virtual.phone import VirtualPhone
from device.virtual.window.layout import FixedMeasure
from mobimem import folders
from mobimem.evals.about import about
from mobimem.evals.payment import NAME, POLICY, VALUES, WALLET, data_folder, now, taught_payment
from mobimem.service.pending import after_answer, answer_question
from mobimem.service.recipes import Task
from mobimem.service.replay import QuestionsOpen, ReplayDone, Writer, consent_by_policy, run_on
from replay.errors import TraceDamaged
from replay.library import Library
from replay.resume import Answer, open_questions
from replay.trace import End, Event, Header, encode
from replay.trace_reader import read_trace
from replay.trace_writer import TraceWriter


class Killed(BaseException):
    """The process is gone. No handler of ours catches it."""


@dataclass(slots=True)
class Fuse:
    """Counts the moments a run can be killed at, and kills at one of them."""

    at: int | None = None
    passed: list[str] = field(default_factory=list)
    lines: int = 0  # whole lines on the disk

    def burns(self, what: str) -> bool:
        self.passed.append(what)
        return len(self.passed) - 1 == self.at

    def moment(self, what: str) -> None:
        if self.burns(what):
            raise Killed(what)


class FusedWriter(TraceWriter):
    """A journal whose writer can be killed before, within and after each write."""

    def __init__(self, folder: Path, header: Header, fuse: Fuse) -> None:
        self._fuse = fuse
        try:
            super().__init__(folder, header)
        except Killed:  # a process that dies closes its files
            if self._file is not None:
                self._file.close()
            raise

    def _store(self, part: str, name: str, data: bytes) -> None:
        self._fuse.moment(f"before {part}")
        if self._fuse.burns(f"torn {part}"):
            folder = self.folder / part
            folder.mkdir(exist_ok=True, mode=0o700)
            (folder / f".{name}.new").write_bytes(data[: len(data) // 2])
            raise Killed
        super()._store(part, name, data)
        self._fuse.moment(f"after {part}")

    def _write(self, event: Header | Event, *, durable: bool = False) -> None:
        kind = event.kind
        self._fuse.moment(f"before {kind}")
        if self._fuse.burns(f"torn {kind}"):
            line, _ = encode(event, self._hash)
            assert self._file is not None
            self._file.write(line[: len(line) // 2])
            self._file.flush()
            raise Killed
        super()._write(event, durable=durable)
        self._fuse.lines += 1
        self._fuse.moment(f"after {kind}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one kill led to. `wrong` names every promise that was broken; empty is good."""

    point: int
    moment: str
    paid_at_kill: int
    asked: str
    paid_in_the_end: int
    wrong: tuple[str, ...]


class World:
    """A phone that survives, a recipe, and a data folder of our own."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.phone = VirtualPhone(clock=self.clock, measure=FixedMeasure())
        entry = Library(folders.recipes_folder()).save(taught_payment(), at=now())
        self.task = Task(entry, VALUES)

    @property
    def paid(self) -> int:
        return len(self.phone.store.table("payments").rows())

    def fresh(self) -> None:
        """As before any run: no payments, no wallet open."""
        self.phone.store.table("payments").delete(lambda _: True)
        self.leave_app()

    def leave_app(self) -> None:
        self.phone.windows.force_stop(WALLET)
        self.phone.windows.key("home")

    def run(self, writer: Writer = TraceWriter) -> ReplayDone:
        device = DirectDevice(self.phone)
        return run_on(device, self.task, consent_by_policy(self.task, POLICY), clock=self.clock, writer=writer)


def evaluate(*, points: int | None = None, kills: int = 0, seed: int = 1) -> dict[str, Any]:
    """Runs the evaluation.

    Args:
        points: how many of the enumerated points, drawn by `seed`; None for all.
        kills: how many real SIGKILLs.
    """
    with tempfile.TemporaryDirectory(prefix="mobimem-crash-") as home, data_folder(Path(home)):
        injected = _injected(points, seed)
    result: dict[str, Any] = {"about": about(), "seed": seed, "policy": list(POLICY.words), "injected": injected}
    if kills:
        from mobimem.evals.crash_kills import evaluate_kills

        result["sigkill"] = evaluate_kills(kills, seed)
    return result


def _injected(points: int | None, seed: int) -> dict[str, Any]:
    world = World()
    whole = Fuse()
    reference = world.run(lambda folder, header: FusedWriter(folder, header, whole))
    if not reference.done or world.paid != 1:
        raise AssertionError(f"the payment does not work undisturbed: {reference.says}")
    chosen = list(range(len(whole.passed)))
    if points is not None and points < len(chosen):
        chosen = sorted(Random(seed).sample(chosen, points))
    verdicts = [_kill_at(point, world) for point in chosen]
    return {
        "points_in_all": len(whole.passed),
        "n": len(verdicts),
        "by_kind": dict(sorted(Counter(what.partition(" ")[2] for what in whole.passed).items())),
        **summary([(one.asked, one.paid_in_the_end, one.wrong) for one in verdicts]),
        "wrong": [
            {"point": one.point, "moment": one.moment, "paid_at_kill": one.paid_at_kill, "what": list(one.wrong)}
            for one in verdicts
            if one.wrong
        ],
    }


def summary(outcomes: list[tuple[str, int, tuple[str, ...]]]) -> dict[str, Any]:
    """Counts of (what was asked, payments in the end, promises broken)."""
    return {
        "asked": dict(sorted(Counter(asked or "nothing to ask" for asked, _, _ in outcomes).items())),
        "paid_exactly_once": sum(paid == 1 for _, paid, _ in outcomes),
        "paid_more_than_once": sum(paid > 1 for _, paid, _ in outcomes),
        "promises_broken": sum(bool(wrong) for _, _, wrong in outcomes),
    }


def _kill_at(point: int, world: World) -> Verdict:
    world.fresh()
    fuse = Fuse(at=point)
    folder: list[Path] = []

    def writer(path: Path, header: Header) -> TraceWriter:
        folder.append(path)
        return FusedWriter(path, header, fuse)

    try:
        world.run(writer)
        wrong = ["it was not killed"]
    except Killed:
        wrong = []
    paid_at_kill = world.paid
    wrong += _journal_kept(folder[0], fuse, paid_at_kill)
    asked, more = _afterwards(world, paid_at_kill, ended=_ended(folder[0]))
    return Verdict(point, fuse.passed[point], paid_at_kill, asked, world.paid, tuple(wrong + more))


def _journal_kept(trace: Path, fuse: Fuse, paid: int) -> list[str]:
    """What of the journal is not as promised."""
    try:
        events = read_trace(trace).events
    except TraceDamaged as error:
        return [f"the journal cannot be read: {error.cause}"] if fuse.lines else (["paid unrecorded"] if paid else [])
    if len(events) + 1 != fuse.lines:
        return [f"{fuse.lines} lines were written, {len(events) + 1} are read"]
    return []


def _ended(trace: Path) -> bool:
    try:
        events = read_trace(trace).events
    except TraceDamaged:
        return False
    return bool(events) and isinstance(events[-1], End) and events[-1].outcome == "done"


def _afterwards(world: World, paid: int, *, ended: bool) -> tuple[str, list[str]]:
    """The next start: asked where it has to be, answered by what the phone shows, and done if it was not."""
    questions = open_questions(folders.runs_folder())
    wrong = []
    if not questions:
        if paid and not ended:
            wrong.append("paid, not ended, and nobody is asked")
        if not ended:
            world.leave_app()
            world.run()
        return "", wrong
    try:
        world.run()
        wrong.append("it ran again before the owner answered")
    except QuestionsOpen:
        pass
    if world.paid != paid:
        wrong.append("something was paid while the question was open")
    said: Answer = "done" if paid else "not-done"
    for question in questions:
        answer_question(question.run, said, clock=world.clock)
    if after_answer(questions[0], said, NAME, VALUES) == "run":
        world.leave_app()
        world.run()
    return questions[0].doubt, wrong
