"""`mobimem eval crash --agent`: an agent's tasks killed at every write, and by real SIGKILLs; then they resume or ask.

A message that must not be sent twice, and a plan of a price that is read, sent to one, and a message to another. Each
once new - a scripted model server, which is no model, plans and decides - and once known and replayed. Inside one
process the kill is an exception no handler knows, raised before, within and after each write of a journal, and before
and after everything else that goes to the disk: stored questions and plans, the recipes that are learnt, the memory's
transactions. The phone survives. After each kill the next start must go on from the screen as it is, ask where only the
owner knows, or learn what was not learnt yet; the owner answers by what the phone holds. In the end every message was
sent once, and everything learnt before or by the task is known.

`with` blocks are left on such a kill as on any exception: what only a process's death shows is for the real SIGKILLs of
`mobimem.evals.crash_agent_kills`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final
from unittest.mock import patch

from device.clock import ManualClock
from device.virtual.apps import address_book
from device.virtual.apps.messages import inbox
from device.virtual.direct import DirectDevice
from device.virtual.phone import VirtualPhone
from device.virtual.window.layout import FixedMeasure
from mobimem import folders
from mobimem.evals.about import about
from mobimem.evals.crash import Fuse, FusedWriter, Killed
from mobimem.evals.crash_agent_errands import BEFORE, ERRANDS, KINDS, Errand, Kind, script
from mobimem.evals.payment import NAME, data_folder, now, taught_payment
from mobimem.llm.client import ModelClient
from mobimem.llm.scripted import ScriptedModel
from mobimem.llm.settings import Models
from mobimem.service.agent import AgentDone, Means, run_order_on
from mobimem.service.agent_learning import finish_learning
from mobimem.service.learning import learn_taught
from mobimem.service.memories import list_memories
from mobimem.service.orders import orders_for
from mobimem.service.pending import answer_question
from mobimem.service.plans.doing import PlanDone, resume_plan, run_plan
from mobimem.service.plans.kept import is_plan
from mobimem.service.plans.making import are_several, known_plan, model_plan
from mobimem.service.plans.taking_up import take_up_plan
from mobimem.service.recall import recall_words
from mobimem.service.tasks import list_tasks
from mobimem.service.unfinished import take_up
from mobimem.tasks.asking import NobodyThere
from mobimem.tasks.hand import Proposal
from replay.commands import Decision
from replay.library import Library
from replay.recipe import Step
from replay.resume import Question

ROUNDS_MAX: Final = 6  # starts after a kill: more would be going round in circles


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one kill led to. `went` are the ways it took: resumed, asked, said again, learnt later."""

    point: int
    moment: str
    sent_at_kill: int
    went: tuple[str, ...]
    done: bool
    sent: int
    learnt: bool
    wrong: tuple[str, ...]


class Yes:
    """The owner, who wants the messages sent, also with a price that was read off a screen."""

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        return "run"

    def decide_decided(self, step: Step, says: str, proposal: Proposal) -> Decision:
        return "run" if all("was read off a screen" in doubt for doubt in proposal.doubts) else "refuse"


@dataclass
class World:
    """A phone that survives, and a data folder; a model server that is no model."""

    kind: Kind
    client: ModelClient
    clock: ManualClock = field(default_factory=ManualClock)

    def __post_init__(self) -> None:
        self.phone = VirtualPhone(clock=self.clock, measure=FixedMeasure())
        self._first = len(self._messages())

    @property
    def errand(self) -> Errand:
        return ERRANDS[self.kind]

    @property
    def sent(self) -> int:
        """How often the message was sent that was sent most; 0 while one of them was not."""
        times = [self.sent_to(who) for who in self.errand.texts]
        return 0 if 0 in times else max(times)

    def sent_to(self, who: str) -> int:
        """How often somebody was sent the text that is meant."""
        [number] = [row["phone"] for row in self.phone.store.table(address_book.TABLE).rows() if row["name"] == who]
        new, text = self._messages()[self._first :], self.errand.texts[who]
        return sum(row["body"] == text and inbox.same_address(row["address"], number) for row in new)

    @property
    def others(self) -> int:
        """How many messages were sent that nobody asked for."""
        return len(self._messages()) - self._first - sum(map(self.sent_to, self.errand.texts))

    def _messages(self) -> list[Any]:
        return self.phone.store.table("sms").rows(lambda row: row["type"] == 2)

    def do(self, *, writer: Any = None) -> AgentDone | PlanDone:
        """The task as its words say it, from its beginning."""
        device, means = DirectDevice(self.phone), self.means(writer)
        found = orders_for(self.errand.words, {}, NobodyThere(), may_decide=means.client is not None)
        if not are_several(found):
            return run_order_on(device, found.orders[0], means)
        if found.ready is not None:
            return run_plan(device, known_plan(found.ready), means)
        return run_plan(device, model_plan(found.words, self.client, device, NobodyThere()), means)

    def resume(self, run: str) -> AgentDone | PlanDone:
        device, means = DirectDevice(self.phone), self.means(None)
        if is_plan(run):
            return resume_plan(device, take_up_plan(run), means)
        earlier = take_up(run)
        return run_order_on(device, earlier.order, means, earlier=earlier)

    def happened(self, question: Question) -> bool:
        """Whether the message of a question was sent, as its owner sees on the phone."""
        return any(self.sent_to(who) for who in self.errand.texts if who in question.task)

    def means(self, writer: Any) -> Means:
        more = {} if writer is None else {"writer": writer}
        return Means(
            Yes(), NobodyThere(), self.client if self.kind.startswith("new") else None, clock=self.clock, **more
        )  # fmt: skip


def evaluate(
    *, points: int | None = None, kills: int = 0, seed: int = 1, kinds: Sequence[Kind] = KINDS
) -> dict[str, Any]:  # fmt: skip
    """Runs the evaluation.

    Args:
        points: how many of the enumerated points of each kind, drawn by `seed`; None for all.
        kills: how many real SIGKILLs.
    """
    result: dict[str, Any] = {"about": about(), "seed": seed, "model": "scripted, no model"}
    with ExitStack() as stack:
        server = stack.enter_context(ScriptedModel(script))
        client = ModelClient(Models({"planner": server.model(), "decider": server.model()}))
        stack.callback(client.close)
        prepared = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mobimem-crash-")))
        for kind in kinds:
            result[kind] = _injected(kind, prepared / kind, client, points, seed)
    if kills:
        from mobimem.evals.crash_agent_kills import evaluate_kills

        result["sigkill"] = evaluate_kills(kills, seed)
    return result


def _injected(kind: Kind, prepared: Path, client: ModelClient, points: int | None, seed: int) -> dict[str, Any]:
    with data_folder(prepared):
        Library(folders.recipes_folder()).save(taught_payment(), at=now())
        for before in BEFORE[kind]:
            if not World(before, client).do().learnt_as:
                raise AssertionError(f"{ERRANDS[before].words!r} cannot be learnt undisturbed")
        learn_taught()
    whole = Fuse()
    with _home(prepared):
        reference = _run(World(kind, client), whole)
    if reference is None or not reference.done:
        raise AssertionError(f"{ERRANDS[kind].words!r} cannot be done undisturbed: {reference}")
    chosen = list(range(len(whole.passed)))
    if points is not None and points < len(chosen):
        chosen = sorted(Random(seed).sample(chosen, points))
    verdicts = [one for point in chosen if (one := _kill_at(point, kind, prepared, client)) is not None]
    return {
        "points_in_all": len(whole.passed),
        "not_reached": len(chosen) - len(verdicts),
        "by_kind": dict(sorted(Counter(what.partition(" ")[2] for what in whole.passed).items())),
        **summary([(one.went, one.done, one.sent, one.learnt, one.wrong) for one in verdicts]),
        "wrong": [
            {"point": one.point, "moment": one.moment, "sent_at_kill": one.sent_at_kill, "what": list(one.wrong)}
            for one in verdicts
            if one.wrong
        ],
    }


def summary(outcomes: list[tuple[tuple[str, ...], bool, int, bool, tuple[str, ...]]]) -> dict[str, Any]:
    """Counts of (the ways taken, done, messages sent, everything learnt is known, promises broken)."""
    ways = Counter(way for went, *_ in outcomes for way in dict.fromkeys(went))
    return {
        "n": len(outcomes),
        **{way.replace(" ", "_"): ways[way] for way in ("resumed", "asked", "said again", "learnt later")},
        "done": sum(done for _, done, *_ in outcomes),
        "sent_exactly_once": sum(sent == 1 for _, _, sent, _, _ in outcomes),
        "twice": sum(sent > 1 for _, _, sent, _, _ in outcomes),
        "lost_lessons": sum(not learnt for *_, learnt, _ in outcomes),
        "promises_broken": sum(bool(wrong) for *_, wrong in outcomes),
    }


@contextmanager
def _home(prepared: Path) -> Iterator[None]:
    """A copy of the prepared data folder as the owner's own."""
    with tempfile.TemporaryDirectory(prefix="mobimem-crash-") as place:
        home = Path(shutil.copytree(prepared, Path(place) / "home"))
        with data_folder(home):
            yield


def _run(world: World, fuse: Fuse) -> AgentDone | PlanDone | None:
    """The task with a fuse at everything it writes; None if that burnt."""
    try:
        with _fused(fuse):
            return world.do(writer=lambda folder, header: FusedWriter(folder, header, fuse))
    except Killed:
        return None


@contextmanager
def _fused(fuse: Fuse) -> Iterator[None]:
    """Moments before and after what this thread brings to the disk beside the journal's lines."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    thread = threading.get_ident()

    def moment(what: str) -> None:
        if threading.get_ident() == thread:
            fuse.moment(what)

    def wrapped(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **more: Any) -> Any:
            moment(f"before {name}")
            result = real(*given, **more)
            moment(f"after {name}")
            return result

        return call

    def commits(_connection: Any) -> None:
        moment("before commit")

    event.listen(Engine, "commit", commits)
    try:
        with ExitStack() as stack:
            for name in ("link", "replace", "rename", "unlink", "rmdir"):
                stack.enter_context(patch.object(os, name, wrapped(name, getattr(os, name))))
            yield
    finally:
        event.remove(Engine, "commit", commits)


def _kill_at(point: int, kind: Kind, prepared: Path, client: ModelClient) -> Verdict | None:
    """None where the run came to its end before this point: threads may write a little less than the other time."""
    with _home(prepared):
        world, fuse = World(kind, client), Fuse(at=point)
        if _run(world, fuse) is not None:
            return None
        sent_at_kill = world.sent
        went: list[str] = []
        wrong: list[str] = []
        done = _afterwards(world, went, wrong)
        learnt = _known(kind)
        if not done:
            wrong.append("it was not done in the end")
        wrong += [f"{world.others} messages nobody asked for"] if world.others else []
        wrong += [f"{who} was sent it {n} times" for who in world.errand.texts if (n := world.sent_to(who)) != 1]
        if not learnt:
            wrong.append("something that was learnt is not known any more")
        return Verdict(point, fuse.passed[point], sent_at_kill, tuple(went), done, world.sent, learnt, tuple(wrong))


def _afterwards(world: World, went: list[str], wrong: list[str]) -> bool:
    """The next starts: what is not learnt is learnt, what is not done goes on. True once it is done."""
    for report in finish_learning(clock=world.clock):
        went.append("learnt later")
        wrong += [report.problem] if report.problem else []
    for _ in range(ROUNDS_MAX):
        left = list_tasks(clock=world.clock).unfinished
        if not left:
            if world.sent:
                return True
            went.append("said again")
            world.do()
            continue
        for question in left[-1].questions:
            if question.doubt == "unclear":
                went.append("asked")
                said = "done" if world.happened(question) else "not-done"
                answer_question(question.run, said, step=question.index + 1)
        if left[-1].can_go_on:
            went.append("resumed")
            done = world.resume(left[-1].run)
        else:
            went.append("said again")
            done = world.do()
        if done.done:
            return True
        wrong.append(f"{went[-1]}: {done.says}")
    return False


def _known(kind: Kind) -> bool:
    """Whether what was known before is known, and the same can be done for somebody else without a model."""
    tasks = {task.id for task in list_memories(what="tasks").tasks}
    recalled = recall_words(ERRANDS[kind].teaches).tasks
    return NAME in tasks and bool(recalled)
