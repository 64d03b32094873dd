"""`mobimem eval overhead`: what the agent adds to a replay, step by step, over the bare runner.

A known task of 20 steps on a virtual phone in this process, in pairs whose order alternates. `bare` is the runner with
a journal on the disk and a consent that says yes. `agent` is the way `mobimem do` goes once the words are recalled:
owner's rules, audit log, running list, goal, healer, receipt, the journal's last line. `learning` is what comes after
the last line: the lesson is read from the journal and learnt. The phone's own time is in both; it waits on a clock that
is turned by hand, so that only work is timed. The owner's rules are the ones a fresh folder has, and nothing in the
task is for good.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from device.actions import PressKey
from device.clock import ManualClock
from device.virtual.direct import DirectDevice
from device.virtual.phone import PhoneConfig, VirtualPhone
from mobimem.evals.about import about
from mobimem.evals.replay import APPS, STEPS
from mobimem.service.agent import Means, run_order_on
from mobimem.service.orders import Order
from mobimem.service.recall import tasks_for
from mobimem.service.recipes import library
from mobimem.tasks.asking import AskedOwner
from mobimem.tasks.hand import Proposal
from replay.commands import Decision
from replay.demonstration import Demonstration
from replay.distill import distill
from replay.recipe import Recipe, Step
from replay.runner import Runner
from replay.trace import Header, Outcome
from replay.trace_writer import TraceWriter

NAME: Final = "tour"
AT: Final = datetime(2026, 3, 4, 18, 0, tzinfo=UTC)


def evaluate(runs: int) -> dict[str, Any]:
    """Runs `runs` pairs after one that warms up.

    Returns:
        JSON data: ms per step of both (median, least, most), of what the agent adds (per pair, in the same pair), and
        ms per task of learning.
    """
    with tempfile.TemporaryDirectory(prefix="mobimem-overhead-") as name, _home(Path(name)):
        bench = _Bench(Path(name) / "bare")
        bench.pair(agent_first=True)
        pairs = [bench.pair(agent_first=bool(number % 2)) for number in range(runs)]
    steps = len(STEPS)
    per_step = 1e3 / steps
    return {
        "eval": "overhead", **about(), "steps": steps, "pairs": runs,
        "bare_ms_per_step": _spread([bare * per_step for bare, _, _ in pairs]),
        "agent_ms_per_step": _spread([agent * per_step for _, agent, _ in pairs]),
        "added_ms_per_step": _spread([(agent - bare) * per_step for bare, agent, _ in pairs]),
        "learning_ms_per_task": _spread([1e3 * learning for _, _, learning in pairs]),
    }  # fmt: skip


def _spread(numbers: list[float]) -> dict[str, float]:
    return {
        "p50": round(statistics.median(numbers), 3), "least": round(min(numbers), 3), "most": round(max(numbers), 3),
    }  # fmt: skip


def toured() -> Recipe:
    """The 20 steps as a recipe, shown on a phone of its own."""
    clock = ManualClock()
    return _shown(DirectDevice(VirtualPhone(PhoneConfig(), clock=clock)), clock)


def _shown(device: DirectDevice, clock: ManualClock) -> Recipe:
    hand = Demonstration(device, clock=clock)
    for kind, *words in STEPS:
        getattr(hand, kind)(*words)
    return distill(hand.done, recipe_id=NAME, name=NAME, task="show me around", values={})


@contextmanager
def _home(folder: Path) -> Iterator[None]:
    """The data folder is this one, for the length of the block."""
    before = os.environ.get("MOBIMEM_HOME")
    os.environ["MOBIMEM_HOME"] = str(folder / "home")
    try:
        yield
    finally:
        if before is None:
            del os.environ["MOBIMEM_HOME"]
        else:
            os.environ["MOBIMEM_HOME"] = before


class _Yes:
    """The policy of this evaluation: what the 20 steps do may be done, and nothing is asked."""

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        return "run"

    def decide_decided(self, step: Step, says: str, proposal: Proposal) -> Decision:
        return "refuse"

    def ask(self, question: AskedOwner) -> str | None:
        raise AssertionError(f"nothing is open in this task, and it was asked: {question.says}")


class _Timed(TraceWriter):
    """Remembers when the journal's last line was written."""

    ended_s = 0.0

    def end(self, outcome: Outcome, reason: str, at: str, receipt: Mapping[str, Any] | None = None) -> str:
        content = super().end(outcome, reason, at, receipt)
        _Timed.ended_s = time.perf_counter()
        return content


@dataclass
class _Bench:
    """One phone and one taught task, run by both in turn."""

    folder: Path
    clock: ManualClock = field(default_factory=ManualClock)
    journals: int = 0

    def __post_init__(self) -> None:
        self.phone = VirtualPhone(PhoneConfig(), clock=self.clock)
        self.device = DirectDevice(self.phone)
        library().save(_shown(self.device, self.clock), at=AT)
        self.reset()
        [self.task] = tasks_for(NAME, {}).tasks

    def reset(self) -> None:
        """The apps as after a restart, the settings as from the factory."""
        for app in APPS:
            self.phone.windows.force_stop(app)
        self.phone.settings.put("global", "zen_mode", "0")
        self.device.perform(PressKey("home"))

    def pair(self, *, agent_first: bool) -> tuple[float, float, float]:
        """Seconds of the bare runner, of the agent, and of learning."""
        took: dict[bool, tuple[float, float]] = {}
        for agent in (agent_first, not agent_first):
            self.reset()
            took[agent] = self._by_agent() if agent else (self._bare(), 0.0)
        return took[False][0], *took[True]

    def _bare(self) -> float:
        self.journals += 1
        now = self.clock.now().isoformat()
        header = Header(trace_id="t", name=NAME, task=NAME, source="run", device={}, started_at=now)
        start_s = time.perf_counter()
        with TraceWriter(self.folder / str(self.journals), header) as journal:
            result = Runner(self.device, _Yes(), clock=self.clock).run(self.task.recipe, {}, journal)
            journal.end(result.outcome, result.says, self.clock.now().isoformat())
        took_s = time.perf_counter() - start_s
        _same_work(result.outcome, result.says)
        return took_s

    def _by_agent(self) -> tuple[float, float]:
        means = Means(_Yes(), _Yes(), clock=self.clock, writer=_Timed)
        start_s = time.perf_counter()
        done = run_order_on(self.device, Order("show me around", self.task), means)
        end_s = time.perf_counter()
        _same_work(done.outcome, done.says)
        return _Timed.ended_s - start_s, end_s - _Timed.ended_s


def _same_work(outcome: str, says: str) -> None:
    if outcome != "done":
        raise AssertionError(f"the replay did not do all steps: {outcome}, {says}")
