"""Use case: do a plan on one device, sub-task by sub-task, and learn it as a task of its own.

Each sub-task is a run: its own journal, receipt and lesson. What one has read off the screen is put into the next one's
values when that begins, never into words that are understood anew, and whoever consents to a step for good with such a
value is told the value. Where a sub-task is not done, nothing more is begun: what waits for it is named, and so is what
does not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from device.protocol import Device, DeviceInfo
from mobimem import folders
from mobimem.errors import NotDone, OwnerNeeded
from mobimem.llm.spending import Spent
from mobimem.running import stop_word
from mobimem.service.agent import AgentDone, Means, run_order_on
from mobimem.service.orders import Order, refuse_order_if_open
from mobimem.service.plans.attempts import only_planned, unless_begun
from mobimem.service.plans.kept import PATIENCE_S, HowEnded, PlanBook
from mobimem.service.plans.lesson import learn_whole
from mobimem.service.plans.making import Piece, ReadyPlan
from mobimem.service.plans.standing import PartStands, PlanStands, results_of, stands_of
from mobimem.service.plans.taking_up import (
    TakenPlan,
    close_begun_anew,
    done_unlearnt_plans,
    drop_like,
    kept_of,
    refuse_again,
    taken_up,
)
from mobimem.service.recipes import Task
from mobimem.service.unfinished import TakenUp, take_up
from mobimem.tasks.flowing import with_results
from mobimem.tasks.goal import Outcome
from mobimem.tasks.plan import Plan, Source, State, next_ready
from mobimem.tasks.receipt import Receipt, total_of
from mobimem.tasks.scope import Scope
from mobimem.tasks.within import Within
from replay.runner import Consent
from replay.slots import fill

Level: TypeAlias = Literal["action", "experience", "model", ""]
ConsentOf: TypeAlias = Callable[[Piece], Consent]
STOPPED: Final = "stopped by the owner"
DoneHook: TypeAlias = Callable[["PartDone"], None]


@dataclass(frozen=True, slots=True)
class PartDone:
    """One line of the receipt. `level`: how it was served - replayed (action), known with steps decided (experience),
    decided (model) - "" if it was not begun; `says` then is why."""

    name: str
    words: str
    source: Source
    app: str
    uses: tuple[str, ...]
    results: Mapping[str, str]
    state: State
    level: Level
    says: str
    run: AgentDone | None = None


@dataclass(frozen=True, slots=True)
class PlanDone:
    """How a plan ended. `receipt` is of the whole, planning included; `parts` has a line for each sub-task.

    `learnt_as` is the task the whole was learnt as; `not_learnt` why it was not, "" where there was nothing to learn.
    `plan`: `mobimem tasks resume` takes it up by this name; "" where there is nothing to go on with.
    """

    done: bool
    outcome: Outcome
    says: str
    next_step: str
    words: str
    source: Source
    parts: tuple[PartDone, ...]
    results: Mapping[str, str]
    receipt: Receipt
    learnt_as: str = ""
    not_learnt: str = ""
    plan: str = ""


def run_plan(
    device: Device, ready: ReadyPlan, means: Means, consent_of: ConsentOf | None = None,
    on_part: DoneHook | None = None,
) -> PlanDone:  # fmt: skip
    """Does a plan whose doubts were confirmed, on a device that is open; and learns the whole where a model planned it.

    Until it is over the plan is kept, so that it can be taken up (`mobimem.service.plans.taking_up`).

    Args:
        consent_of: who answers for one sub-task; None: `means.consent` for all.
        on_part: is told each sub-task's end.

    Raises:
        QuestionsOpen: an earlier run of a sub-task has to be answered for; nothing was begun. OwnerNeeded: an earlier
        try did something that cannot be undone, and is not over. As `run_order_on`.
    """
    with unless_begun(ready.plan.words, device.info(), ready.spent, ready.asked, means.clock):
        _refuse_if_open(ready, "", ())
    book, at = PlanBook(), means.clock.now()
    kept = kept_of(ready, book.new_id(at), serial=device.info().serial, began_at=at.isoformat())
    book.put(kept)
    stands = PlanStands(kept, {piece.part.name: PartStands() for piece in kept.pieces}, None)
    with book.holding(kept.id, patience_s=PATIENCE_S) as mine:
        _refuse_other(kept.id, mine=mine)
        return _done(device, TakenPlan(kept.id, ready, stands), means, consent_of, on_part)


def resume_plan(
    device: Device, taken: TakenPlan, means: Means, consent_of: ConsentOf | None = None,
    on_part: DoneHook | None = None,
) -> PlanDone:  # fmt: skip
    """Goes on with a plan that was cut off or ended before its end: with its first sub-task that is not done.

    One that was begun goes on from the screen as it is, as any task that is taken up. Args and raises as `run_plan`.

    Raises:
        NotDone: another process took it up.
    """
    book = PlanBook()
    with book.holding(taken.id, patience_s=PATIENCE_S) as mine:
        _refuse_other(taken.id, mine=mine)
        now = taken_up(book.one(taken.id), book)  # somebody may have gone on with it since
        _refuse_if_open(now.ready, now.id, now.stands.runs)
        return _done(device, now, means, consent_of, on_part)


def finish_plans() -> tuple[PlanDone, ...]:
    """Learns from plans that were done and that a killed process did not get to, and closes them."""
    book, done = PlanBook(), list[PlanDone]()
    for name in done_unlearnt_plans():
        with book.holding(name) as mine:
            if not mine:
                continue
            try:
                going = _Going.of(taken_up(book.one(name), book))
            except NotDone:  # a task of it was forgotten since: there is nothing of the whole to learn
                book.drop(name)
                continue
            done.append(_over(going, book))
    return tuple(done)


@dataclass(slots=True)
class _Going:
    """A plan under way: which sub-tasks have ended, and what they have read."""

    taken: TakenPlan
    states: dict[str, State]
    ended: dict[str, PartDone]
    results: dict[str, str]

    @classmethod
    def of(cls, taken: TakenPlan) -> _Going:
        before = _ended_before(taken)
        return cls(taken, dict.fromkeys(before, "done"), before, dict(taken.stands.results))

    @property
    def ready(self) -> ReadyPlan:
        return self.taken.ready

    @property
    def took(self) -> tuple[Receipt, ...]:
        """The receipts of all runs that came to an end."""
        before = (one for part in self.taken.stands.parts.values() for one in part.took)
        return (*before, *(part.run.receipt for part in self.ended.values() if part.run is not None))

    @property
    def used(self) -> Spent:
        """What models were asked, of the plan's budget: whoever takes up one that ended of its own grants it anew."""
        before = self.taken.stands
        here = [
            part.run.receipt for name, part in self.ended.items()
            if part.run is not None and before.parts[name].state != "done"
        ]  # fmt: skip
        took = self.took if before.ended is None else here
        return Spent(
            sum(one.model_calls for one in took), sum(one.tokens for one in took),
            seconds=sum(one.model_seconds for one in took),
        )  # fmt: skip


def _done(
    device: Device, taken: TakenPlan, means: Means, consent_of: ConsentOf | None, on_part: DoneHook | None
) -> PlanDone:  # fmt: skip
    """Does what is left of a plan that is held."""
    book, going = PlanBook(), _Going.of(taken)
    book.taken_up(taken.id)
    before = stop_word(folders.running_folder())
    while names := next_ready(going.ready.plan, going.states):
        piece = going.ready.piece(names[0])
        going.states[names[0]] = "running"
        own = replace(means, consent=means.consent if consent_of is None else consent_of(piece))
        stopped = stop_word(folders.running_folder()) != before  # said while no sub-task was there to hear it
        one = _stopped(piece) if stopped else _run(device, piece, going, own, book)
        going.ended[names[0]], going.states[names[0]] = one, one.state
        going.results |= one.results
        if on_part is not None:
            on_part(one)
        if one.state != "done":
            break  # independent ones too: the owner said them as one task, and sees first what went wrong
    return _over(going, book, device.info())


def _refuse_other(plan: str, *, mine: bool) -> None:
    """Makes sure that the plan is held by nobody else, and not over.

    Raises:
        NotDone: it is not so.
    """
    if not mine:
        raise NotDone(f"{plan} was taken up by another process", next_step="`mobimem tasks` shows it.")


def _stopped(piece: Piece) -> PartDone:
    part = piece.part
    return PartDone(part.name, part.words, part.source, part.app, part.uses, {}, "cancelled", "", STOPPED)


def _refuse_if_open(ready: ReadyPlan, plan: str, runs: Collection[str]) -> None:
    """Makes sure that no earlier run, and no earlier try of the plan, stands in the way."""
    orders = [order_of(piece, ready, {}) for piece in ready.pieces if not piece.part.uses]
    for order in orders:
        refuse_order_if_open(order, but=runs)
    if not plan:
        refuse_again(ready.plan.words, orders, but="")


# -- one sub-task


def _run(device: Device, piece: Piece, going: _Going, means: Means, book: PlanBook) -> PartDone:
    part, first = piece.part, not going.took  # the first receipt bears what planning took
    order = order_of(piece, going.ready, going.results)
    assert order.within is not None, "a sub-task has its place"
    spent = going.ready.spent if first else Spent()
    order = replace(
        order, within=replace(order.within, spent=spent, used=going.used, plan=going.taken.id, name=part.name)
    )
    try:
        refuse_again("", (order,), but=going.taken.id)
        run = run_order_on(
            device, order, means, asked=going.ready.asked if first else 0, earlier=_earlier(part.name, order, going),
            began=lambda name: book.began(going.taken.id, part.name, name),
        )  # fmt: skip
    except OwnerNeeded as error:
        says = f"{error.cause}. {error.next_step}"
        return PartDone(part.name, order.words, part.source, part.app, part.uses, {}, "failed", "", says)
    return _part_done(piece, order, run, planning=spent.calls)


def _earlier(name: str, order: Order, going: _Going) -> TakenUp | None:
    """The runs of a sub-task that was begun before, for what it is to do now."""
    told = going.taken.stands.parts[name].told
    return None if told is None else replace(take_up(told.run, in_plan=going.taken.id), order=order)


def _part_done(piece: Piece, order: Order, run: AgentDone, *, planning: int) -> PartDone:
    """How a sub-task ended; `planning`: model calls of its receipt that were for the plan."""
    part = piece.part
    read = results_of(part.results, piece.results, run)
    missing = [name for name in part.results if name not in read]
    state: State = "done" if run.done and not missing else "cancelled" if run.outcome == "cancelled" else "failed"
    says = f"it ended without {', '.join(missing)}" if run.done and missing else run.says
    return PartDone(
        part.name, order.words, part.source, part.app, part.uses, read, state,
        _level(piece, run, planning=planning), says, run,
    )  # fmt: skip


def _ended_before(taken: TakenPlan) -> dict[str, PartDone]:
    """The sub-tasks that are done already, as their journals tell them."""
    ended: dict[str, PartDone] = {}
    planning = taken.stands.kept.spent.calls
    for piece in taken.ready.pieces:
        run = taken.stands.parts[piece.part.name].run
        if run is not None:
            order = order_of(piece, taken.ready, taken.stands.results)
            ended[piece.part.name] = _part_done(piece, order, run, planning=0 if ended else planning)
    return ended


def _level(piece: Piece, run: AgentDone, *, planning: int) -> Level:
    """How a sub-task was served; `planning`: model calls of its receipt that were for the plan."""
    if piece.task is None:
        return "model"
    return "experience" if run.receipt.decided or run.receipt.model_calls > planning else "action"


def order_of(piece: Piece, ready: ReadyPlan, results: Mapping[str, str]) -> Order:
    """What a sub-task asks for, with these results of others in place.

    Raises:
        SlotUnfilled: it takes one that is not there.
    """
    part = piece.part
    given = {name: results[name] for name in part.uses if name in results}
    scope = Scope(frozenset((part.app,)), part.for_good) if piece.task is None and part.app else None
    wanted = part.results if piece.task is None else piece.task.recipe.results
    within = Within(ready.plan.words, part.words, wanted, given, scope, part.check)
    if piece.task is None:
        return Order(fill(part.words, given), None, within)
    if not piece.flows and part.source == "composition":
        return Order(part.words, piece.task, within)
    return Order(part.words, _with_results(piece.task, piece, given, ready), within)


def _with_results(task: Task, piece: Piece, given: Mapping[str, str], ready: ReadyPlan) -> Task:
    """The task with results in its values. What is not all in the owner's words is noted as understood, not as said:
    the rules see that, and no phrasing is learnt from it."""
    values = with_results(task.values, piece.flows, given) if given else dict(task.values)
    exact = not piece.flows and ready.source != "model" and bool(task.recall.get("exact", True))
    recall = {**task.recall, "words": "", "exact": exact, "read_off": dict(given), "flows": sorted(piece.flows)}
    return replace(task, values=values, recall=recall)


# -- the end


def _told(going: _Going) -> PlanDone:
    ready, plan = going.ready, going.ready.plan
    parts = tuple(going.ended.get(part.name) or _not_begun(plan, part.name, going.ended) for part in plan.parts)
    failed = next((one for one in parts if one.state in ("failed", "cancelled") and one.name in going.ended), None)
    took = going.took
    planning, asked = (Spent(), 0) if took else (ready.spent, ready.asked)
    receipt, results = total_of(took, planning, asked=asked), dict(going.results)
    if failed is None:
        says = f"all {len(parts)} sub-tasks done"
        return PlanDone(True, "done", says, "", plan.words, ready.source, parts, results, receipt)
    run = failed.run
    outcome: Outcome = "asked" if run is None else "stopped" if run.outcome == "done" else run.outcome
    outcome = "cancelled" if failed.state == "cancelled" else outcome
    left = [one.name for one in parts if one.name not in going.ended]
    more = f"; not begun: {', '.join(left)}" if left else ""
    return PlanDone(
        False, outcome, f"{failed.name}: {failed.says}{more}", "" if run is None else run.next_step, plan.words,
        ready.source, parts, results, receipt,
    )  # fmt: skip


def _over(going: _Going, book: PlanBook, info: DeviceInfo | None = None) -> PlanDone:
    """How it ended. What was done is learnt from, and the plan is closed; else it is kept, if anything was done."""
    taken, done = going.taken, _told(going)
    if done.done:
        runs = {name: one.run for name, one in going.ended.items() if one.run is not None}
        learnt = learn_whole(taken.ready, runs, done.results)
        if not learnt.problem:
            close_begun_anew(stands_of(taken.stands.kept, book))
            book.drop(taken.id)
            drop_like(done.words)
        return replace(done, learnt_as=learnt.learnt_as, not_learnt=learnt.not_learnt)
    if all(part.state == "new" for part in stands_of(taken.stands.kept, book).parts.values()):
        book.drop(taken.id)
        if not going.took and info is not None:  # no receipt bears what planning took
            only_planned(done.words, info, taken.ready.spent, taken.ready.asked, says=done.says)
        return done
    book.ended(taken.id, HowEnded(done.outcome, done.says))
    return replace(done, plan=taken.id)


def _not_begun(plan: Plan, name: str, ended: Mapping[str, PartDone]) -> PartDone:
    part = plan.part(name)
    failed = next(one for one in ended if ended[one].state != "done")
    waits = name in plan.dependents(failed)
    why = f"it waits for {failed}" if waits else f"nothing more was begun after {failed}"
    return PartDone(name, part.words, part.source, part.app, part.uses, {}, "waiting", "", why)
