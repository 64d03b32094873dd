"""Use case: do what words say - recall, then the known steps, then a model for what memory lacks; then learn from it.

    Agent(device, Means(consent, asker, client)).run("text Bob that dinner is ready")

`mobimem.service.orders` makes orders of words, `run_order` carries one out. One order is one run: one journal, one
receipt, one lesson. Irreversible steps go through the owner's rules (`mobimem.policy`), decided ones included.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, NamedTuple, Protocol, runtime_checkable

from device.clock import Clock, SystemClock
from device.protocol import Device
from mobimem import folders
from mobimem.errors import NotDone, OwnerNeeded
from mobimem.llm.client import ModelClient
from mobimem.llm.redaction import Veil
from mobimem.llm.spending import Spent
from mobimem.policy.consent import Guard
from mobimem.policy.matter import Work
from mobimem.running import holding, should_stop
from mobimem.service.agent_learning import STARTS, Learnt, goal_of, plan_learning
from mobimem.service.agent_learning import learn as _learn
from mobimem.service.beginnings import known_beginning
from mobimem.service.learning import LearnReport
from mobimem.service.memories import list_memories
from mobimem.service.orders import Order, orders_for, refuse_order_if_open
from mobimem.service.policy import guarded
from mobimem.service.questions import StoredAsker, in_run
from mobimem.service.recall import ReadyTasks
from mobimem.service.replay import Writer, healer_for, keep_repairs, work_of
from mobimem.service.runs import (
    Polled,
    Told,
    device_facts,
    end_journal,
    header_of,
    last_line,
    note_recall,
    note_task,
    running_now,
)
from mobimem.service.unfinished import TakenUp, close, close_like, learning_of, take_up, was_taken_up
from mobimem.tasks.agent import TaskRun
from mobimem.tasks.asking import Asker
from mobimem.tasks.deciding import Decider
from mobimem.tasks.distilling import name_of
from mobimem.tasks.goal import Ended, Goal, Outcome, Proof
from mobimem.tasks.hand import Hand
from mobimem.tasks.past import past_of
from mobimem.tasks.prefix import Lead
from mobimem.tasks.receipt import Receipt, receipt_of
from mobimem.tasks.watching import Bounds, Watch
from replay.commands import Progress
from replay.healing import Healer, Mended
from replay.opening import Starts, starts_on
from replay.resume import Question, questions_of, settle
from replay.runner import Consent
from replay.secrecy import Reveal
from replay.slots import fill
from replay.trace import Header
from replay.trace_reader import read_trace
from replay.trace_writer import TraceWriter

TERMS_MAX: Final = 2_000  # values of the profile that are kept from a model, the newest


@dataclass(frozen=True, slots=True)
class Means:
    """What a run works with. `client` None: no model. `bounds`: what one task may use where a model decides."""

    consent: Consent
    asker: Asker
    client: ModelClient | None = None
    clock: Clock = field(default_factory=SystemClock)
    on_step: Callable[[Progress], None] | None = None
    reveal: Reveal | None = None
    heal: bool = True
    bounds: Bounds = field(default_factory=Bounds)
    writer: Writer = TraceWriter
    terms: Mapping[str, str] = field(default_factory=dict)


def refuse_doubts(found: ReadyTasks) -> None:
    """Lets through what was said as it was taught, and nothing else.

    Raises:
        OwnerNeeded: something for good rests on more than the owner's own words.
    """
    if found.doubts:
        raise OwnerNeeded(
            f"{found.words!r} was understood, and is not said as it was taught: {'; '.join(found.doubts)}",
            next_step="Say it as it was taught, or confirm it at a terminal.",
        )


@dataclass(frozen=True, slots=True)
class AgentDone:
    """How an order ended. `done` with what `proof`: checks, the owner's word, or only the model's judgement.

    `did` is what was done, in words; `learnt_as` the recipe that was made or revised, `not_learnt` why none was.
    `questions` and `asks` wait for the owner's answer, as after any replay. `results` were read off the screen.
    `waiting` are the ids of questions nobody has answered yet; `can_go_on`: `mobimem tasks resume` takes the run up.
    """

    done: bool
    outcome: Outcome
    says: str
    next_step: str
    proof: Proof
    run: str
    name: str
    task: str
    values: Mapping[str, str]
    serial: str
    receipt: Receipt
    did: tuple[str, ...]
    questions: tuple[Question, ...]
    trace: Path
    repairs: tuple[str, ...]
    asks: tuple[str, ...]
    learnt_as: str
    not_learnt: str
    learnt: LearnReport
    results: Mapping[str, str] = field(default_factory=dict)
    waiting: tuple[str, ...] = ()
    can_go_on: bool = False


@runtime_checkable
class TellsApps(Protocol):
    """A device that knows which apps it has."""

    def installed(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Agent:
    """Does what words say, on one device.

    Args:
        confirm: is shown a reading that rests on more than the owner's own words and does something for good; raises
            where the owner did not mean it.
    """

    device: Device
    means: Means
    confirm: Callable[[ReadyTasks], None] = refuse_doubts

    def run(self, words: str, given: Mapping[str, str] | None = None) -> tuple[AgentDone, ...]:
        """Recalls, asks what is open, does each task until one is not done, and learns.

        Several known tasks are a plan, one taking what another reads. Words nobody taught are decided as one task;
        `mobimem.service.plans.making.model_plan` divides them.

        Raises:
            As `orders_for` and `run_order`.
        """
        means = self.means
        found = orders_for(words, given or {}, means.asker, may_decide=means.client is not None)
        if found.ready is not None:
            self.confirm(found.ready)
            if len(found.orders) > 1:
                from mobimem.service.plans.doing import run_plan
                from mobimem.service.plans.making import known_plan

                done = run_plan(self.device, known_plan(found.ready, asked=found.asked), means)
                return tuple(part.run for part in done.parts if part.run is not None)
        ended: list[AgentDone] = []
        for order in found.orders:
            ended.append(run_order_on(self.device, order, means, asked=found.asked))
            if not ended[-1].done:
                break
        return tuple(ended)


def private_terms() -> dict[str, str]:
    """The values of the profile's newest facts, to be kept from models. None where memory is not installed."""
    from memory.errors import ExtraMissing

    try:
        facts = list_memories(what="facts", limit=1_000_000).facts[-TERMS_MAX:]
    except ExtraMissing:
        return {}
    return {fact.value: "private" for fact in facts if len(fact.value) > 1}


def run_order(
    order: Order, means: Means, *, serial: str | None = None, adb_port: int | None = None, asked: int = 0
) -> AgentDone:
    """Does an order on a device over adb, and learns from it.

    Args:
        asked: questions the owner has answered for it so far.

    Raises:
        QuestionsOpen: an earlier run has to be answered for first. OwnerNeeded: another run is on this device, or a
        rule refuses. BadInput: the owner's rules cannot be read. DeviceError: as its next step says.
    """
    refuse_order_if_open(order)
    from device.open import open_device

    device = open_device(serial, adb_port=adb_port)
    try:
        return run_order_on(device, order, means, asked=asked)
    finally:
        device.close()


def resume_run(
    run: str, means: Means, *, serial: str | None = None, adb_port: int | None = None
) -> AgentDone:  # fmt: skip
    """Goes on with a task that was cut off, or ended before it was done, from the screen as it is; and learns from it.

    Args:
        serial: the device; None for the one it was begun on.

    Raises:
        As `mobimem.service.unfinished.take_up` and `run_order`.
    """
    earlier = take_up(run)
    from device.open import open_device

    begun_on = str(earlier.segments[-1].trace.header.device.get("serial", ""))
    device = open_device(serial or begun_on or None, adb_port=adb_port)
    try:
        return run_order_on(device, earlier.order, means, earlier=earlier)
    finally:
        device.close()


def run_order_on(
    device: Device, order: Order, means: Means, *, asked: int = 0, earlier: TakenUp | None = None,
    began: Callable[[str], None] | None = None,
) -> AgentDone:  # fmt: skip
    """Does an order on a device that is open, and learns from it.

    Args:
        asked: questions the owner has answered for it so far.
        earlier: the runs it goes on from.
        began: is told the run's name before its first line is written.

    Raises:
        As `run_order`. NotDone: another process took the task up.
    """
    run = _Run(device, order, means, earlier)
    done = run.do(asked, began)
    questions = run.questions()
    return run.told(done, questions, run.learnt(done))


class _Done(NamedTuple):
    """What doing an order came to, before anything is learnt of it."""

    ended: Ended
    receipt: Receipt
    plan: Learnt
    did: tuple[str, ...]
    mended: tuple[Mended, ...]
    waiting: tuple[str, ...]
    asks: tuple[str, ...]


class _Run:
    """One order on one device: done and journalled, learnt from, told."""

    def __init__(self, device: Device, order: Order, means: Means, earlier: TakenUp | None) -> None:
        self._device, self._order, self._means, self._earlier = device, order, means, earlier
        self._info, self._clock = device.info(), means.clock
        self._began_s = self._clock.monotonic_s()
        task = order.task
        self._name = name_of(order.words, {}, ()) if task is None else task.entry.name
        self._says = order.words if task is None else fill(task.recipe.task, task.values)
        self._running = running_now(
            self._name, self._says, self._info, self._clock.now(), known=task is not None
        )  # fmt: skip
        self._before = () if earlier is None else earlier.runs
        self._folder = folders.runs_folder() / self._running.run

    @property
    def _trace(self) -> Path:
        return self._folder / "trace"

    # -- done

    def do(self, asked: int, began: Callable[[str], None] | None) -> _Done:
        """Does it, with a journal, on a device that is held."""
        order, means, running, earlier = self._order, self._means, self._running, self._earlier
        guard = guarded(
            _work(order, self._name), means.consent, run=running.run, device=self._device, clock=self._clock
        )
        with holding(folders.running_folder(), running):
            refuse_order_if_open(order, but=self._before)
            if earlier is not None and was_taken_up(earlier.parent):
                raise NotDone(f"{earlier.run} was taken up by another process", next_step="`mobimem tasks` shows it.")
            guard.before(order.values)
            if began is not None:
                began(running.run)
            with means.writer(self._trace, self._header()) as journal, last_line(journal, self._clock):
                return self._journalled(journal, guard, asked)

    def _header(self) -> Header:
        order = self._order
        called = self._name if order.task is None else order.task.recipe.name
        parent = "" if self._earlier is None else self._earlier.parent
        return header_of(self._running, self._info, name=called, recipe_id=order.id, values=order.values, parent=parent)

    def _journalled(self, journal: TraceWriter, guard: Guard, asked: int) -> _Done:
        order, means, clock = self._order, self._means, self._clock
        hand = Hand(
            self._device, guard, clock, journal, self._stopped, guard.telling(means.on_step), means.reveal,
            _healer(order, means, self._device),
        )  # fmt: skip
        decider = _decider(order, means, self._stopped)
        asker = in_run(means.asker, self._running.run)
        task = self._task(hand, decider, asker, guard)
        note_task(journal, order.words, clock, part=order.within)
        note_recall(journal, {} if order.task is None else order.task.recall, clock)
        ended = task.run()
        spent = (Spent() if decider is None else decider.account.total) + task.goal.planning
        receipt = receipt_of(
            hand.results, spent, looks=hand.looks, questions=asked + task.answers.asked,
            seconds=clock.monotonic_s() - self._began_s,
        )  # fmt: skip
        starts = _noted(starts_on(self._device), journal, clock)
        plan = plan_learning(order.words, order.task, ended, starts=starts)
        told = Told(ended.proof, plan.name, plan.why_not, ended.results)
        end_journal(journal, ended.outcome, ended.says, clock, receipt=receipt, told=told)
        return _Done(
            ended, receipt, plan, task.done_in_words(),
            tuple(one for _, result in hand.results for one in result.mended),
            tuple(one.id for one in asker.left) if isinstance(asker, StoredAsker) else (),
            tuple(ask.id for ask in guard.asked),
        )  # fmt: skip

    def _task(self, hand: Hand, decider: Decider | None, asker: Asker, guard: Guard) -> TaskRun:
        order, device, bounds = self._order, self._device, self._means.bounds
        new = order.task is None
        apps = device.installed() if new and decider is not None and isinstance(device, TellsApps) else ()
        goal = replace(Goal(order.words) if order.task is None else goal_of(order.task), within=order.within)
        past = None
        if self._earlier is not None:
            watch = Watch(bounds, self._began_s)
            past = past_of(self._earlier.segments, goal.words, goal.recipe, goal.values, watch)
            if decider is not None:
                decider.account.add("decider", past.spent)
        return TaskRun(
            goal, hand, decider, asker, tuple(filter(guard.may_touch, apps)), bounds, past=past,
            lead=Lead(known_beginning),
        )  # fmt: skip

    def _stopped(self) -> bool:
        return should_stop(folders.running_folder(), self._running)

    # -- learnt, told

    def questions(self) -> tuple[Question, ...]:
        """What only the owner knows about it now."""
        found = questions_of(read_trace(self._trace, lines_only=True), self._running.run)
        if not found:
            settle(self._folder)
        return found

    def learnt(self, done: _Done) -> LearnReport:
        """Keeps what it teaches, once, and closes what is over by it."""
        order, run, over = self._order, self._running.run, done.ended.outcome == "done"
        with learning_of(run) as mine:
            facts = device_facts(self._info)
            learnt = _learn(order, done.plan, (*self._before, run), facts, self._clock) if mine else LearnReport()
            if over and not learnt.problem:
                close((*self._before, run))
        if over and order.within is None:
            close_like(order)
        return learnt

    def told(self, done: _Done, questions: tuple[Question, ...], learnt: LearnReport) -> AgentDone:
        order, ended, run = self._order, done.ended, self._running.run
        mended = list(done.mended)
        return AgentDone(
            done=ended.outcome == "done", outcome=ended.outcome, says=ended.says, next_step=ended.next_step,
            proof=ended.proof, run=run, name=self._name, task=self._says, values=dict(order.values),
            serial=self._info.serial, receipt=done.receipt, did=done.did, questions=questions, trace=self._trace,
            repairs=() if order.task is None else keep_repairs(order.task, mended, self._trace, self._clock),
            asks=done.asks, learnt_as=done.plan.name, not_learnt=done.plan.why_not, learnt=learnt,
            results=dict(ended.results), waiting=done.waiting,
            can_go_on=ended.outcome != "done" and order.within is None and bool(done.did),
        )  # fmt: skip


def _work(order: Order, name: str) -> Work:
    """What the owner's rules see; of a new task only its name, for its steps are not known yet."""
    return Work(order.id, name) if order.task is None else work_of(order.task)


def _decider(order: Order, means: Means, stopped: Callable[[], bool]) -> Decider | None:
    if means.client is None:
        return None
    made = Decider(means.client, veil=Veil(means.terms), cancelled=Polled(stopped))
    made.account.before = Spent() if order.within is None else order.within.used
    return made


def _healer(order: Order, means: Means, device: Device) -> Healer | None:
    return healer_for(order.task, device) if order.task is not None and means.heal else None


def _noted(starts: Starts, journal: TraceWriter, clock: Clock) -> Starts:
    """The same, and the journal says what was told: learning that is made up for later has no device to ask."""

    def start_activity(package: str) -> str:
        told = starts(package)
        journal.note(STARTS, package, clock.now().isoformat(), {"activity": told})
        return told

    return start_activity
