"""Use case: do a plan on one device, sub-task by sub-task, and learn it as a task of its own.

Each sub-task is a run: its own journal, receipt and lesson. What one has read off the screen is put into the next one's
values when that begins, never into words that are understood anew, and whoever consents to a step for good with such a
value is told the value. Where a sub-task is not done, nothing more is begun: what waits for it is named, and so is what
does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from device.protocol import Device
from mobimem.errors import OwnerNeeded
from mobimem.llm.spending import Spent
from mobimem.owner import through_owner
from mobimem.service.agent import AgentDone, Means, run_order_on
from mobimem.service.orders import Order, refuse_order_if_open
from mobimem.service.plan_calls import LEARN_WHOLE, WholeLesson, WholePart
from mobimem.service.plans import Piece, ReadyPlan, free_name
from mobimem.service.recipes import Task, library
from mobimem.tasks.distilling import name_of
from mobimem.tasks.flowing import as_template, with_results
from mobimem.tasks.goal import Outcome
from mobimem.tasks.grounding import Said, stands_in
from mobimem.tasks.plan import Plan, Source, State, next_ready
from mobimem.tasks.receipt import Receipt, total_of
from mobimem.tasks.scope import Scope
from mobimem.tasks.within import Within
from perception.words import contains, normal
from replay.errors import ReplayError
from replay.runner import Consent
from replay.slots import fill

Level: TypeAlias = Literal["action", "experience", "model", ""]
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


def run_plan(
    device: Device, ready: ReadyPlan, means: Means, consent_of: Callable[[Piece], Consent] | None = None,
    on_part: DoneHook | None = None,
) -> PlanDone:  # fmt: skip
    """Does a plan whose doubts were confirmed, on a device that is open.

    Args:
        consent_of: who answers for one sub-task; None: `means.consent` for all.
        on_part: is told each sub-task's end.

    Raises:
        QuestionsOpen: an earlier run of a sub-task has to be answered for; nothing was begun. As `run_order_on`.
    """
    for piece in ready.pieces:
        if not piece.part.uses:
            refuse_order_if_open(order_of(piece, ready, {}))
    states: dict[str, State] = {}
    ended: dict[str, PartDone] = {}
    results: dict[str, str] = {}
    while names := next_ready(ready.plan, states):
        piece = ready.piece(names[0])
        states[names[0]] = "running"
        own = replace(means, consent=means.consent if consent_of is None else consent_of(piece))
        first = not any(part.run for part in ended.values())  # its receipt bears what planning took
        one = _run(device, piece, ready, own, results, first=first)
        ended[names[0]], states[names[0]] = one, one.state
        results |= one.results
        if on_part is not None:
            on_part(one)
        if one.state != "done":
            break  # independent ones too: the owner said them as one task, and sees first what went wrong
    return _told(ready, ended, results)


def learn_plan(ready: ReadyPlan, done: PlanDone) -> PlanDone:
    """Learns the whole as a task of its parts, where a model had planned it; the same with what became of that.

    Never raises for memory's sake: the task itself has ended well by now.
    """
    if ready.source != "model" or not done.done or len(done.parts) < 2:
        return done
    made = _lesson(ready, done)
    if isinstance(made, str):
        return replace(done, not_learnt=made)
    from memory.errors import MemoryFault

    try:
        learnt = through_owner(LEARN_WHOLE, made)
    except MemoryFault as error:
        return replace(done, not_learnt=f"{error.cause}. {error.next_step}")
    return replace(done, learnt_as=learnt.name, not_learnt=learnt.why)


# -- one sub-task


def _run(
    device: Device, piece: Piece, ready: ReadyPlan, means: Means, results: Mapping[str, str], *, first: bool
) -> PartDone:  # fmt: skip
    part = piece.part
    order = order_of(piece, ready, results)
    if first and order.within is not None:
        order = replace(order, within=replace(order.within, spent=ready.spent))
    try:
        run = run_order_on(device, order, means, asked=ready.asked if first else 0)
    except OwnerNeeded as error:
        return PartDone(
            part.name, order.words, part.source, part.app, part.uses, {}, "failed", "",
            f"{error.cause}. {error.next_step}",
        )  # fmt: skip
    planning = ready.spent.calls if first else 0
    own = {name: piece.results.get(name, name) for name in part.results}
    read = {name: run.results[called] for name, called in own.items() if called in run.results}
    missing = [name for name in part.results if name not in read]
    state: State = "done" if run.done and not missing else "cancelled" if run.outcome == "cancelled" else "failed"
    says = f"it ended without {', '.join(missing)}" if run.done and missing else run.says
    return PartDone(
        part.name, order.words, part.source, part.app, part.uses, read, state,
        _level(piece, run, planning=planning), says, run,
    )  # fmt: skip


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


def _told(ready: ReadyPlan, ended: Mapping[str, PartDone], results: Mapping[str, str]) -> PlanDone:
    plan = ready.plan
    parts = [ended.get(part.name) or _not_begun(plan, part.name, ended) for part in plan.parts]
    failed = next((one for one in parts if one.state in ("failed", "cancelled") and one.name in ended), None)
    runs = [one.run for one in parts if one.run is not None]
    planning, asked = (Spent(), 0) if runs else (ready.spent, ready.asked)
    receipt = total_of([run.receipt for run in runs], planning, asked=asked)
    if failed is None:
        says = f"all {len(parts)} sub-tasks done"
        return PlanDone(True, "done", says, "", plan.words, ready.source, tuple(parts), dict(results), receipt)
    run = failed.run
    outcome: Outcome = "asked" if run is None else "stopped" if run.outcome == "done" else run.outcome
    left = [one.name for one in parts if one.name not in ended]
    more = f"; not begun: {', '.join(left)}" if left else ""
    return PlanDone(
        False, outcome, f"{failed.name}: {failed.says}{more}", "" if run is None else run.next_step, plan.words,
        ready.source, tuple(parts), dict(results), receipt,
    )  # fmt: skip


def _not_begun(plan: Plan, name: str, ended: Mapping[str, PartDone]) -> PartDone:
    part = plan.part(name)
    failed = next(one for one in ended if ended[one].state != "done")
    waits = name in plan.dependents(failed)
    why = f"it waits for {failed}" if waits else f"nothing more was begun after {failed}"
    return PartDone(name, part.words, part.source, part.app, part.uses, {}, "waiting", "", why)


# -- learning the whole


def _lesson(ready: ReadyPlan, done: PlanDone) -> WholeLesson | str:
    """What there is to learn of a plan that was done; else why nothing."""
    whole: dict[str, str] = {}
    parts: list[WholePart] = []
    for piece, one in zip(ready.pieces, done.parts, strict=True):
        assert one.run is not None, "every sub-task of a plan that was done has run"
        if one.run.proof == "judged":
            return f"only the model says that {one.name!r} is done"
        if piece.task is None and not one.run.learnt_as:
            return f"{one.name!r} was not learnt: {one.run.not_learnt}"
        values = _values(piece, one.run)
        if values is None:
            return f"what was learnt of {one.name!r} is damaged"
        uses = {name: done.results[name] for name in piece.part.uses}
        made = {
            slot: piece.flows.get(slot) or _pattern(slot, value, ready.plan.words, uses, whole)
            for slot, value in values.items()
        }
        own = {name: piece.results.get(name, name) for name in piece.part.results}
        parts.append(WholePart(one.run.learnt_as or one.run.name, made, own))
    taken = [entry.name for entry in library().entries()]
    return WholeLesson(name_of(ready.plan.words, whole, taken), ready.plan.words, whole, tuple(parts))


def _values(piece: Piece, run: AgentDone) -> Mapping[str, str] | None:
    """The values of a sub-task as the words had them: what the owner filled in otherwise is found again next time."""
    if piece.task is not None:
        return {**piece.said, **{slot: run.values[slot] for slot in piece.flows}}
    try:
        trace = library().trace_of(run.learnt_as)
    except ReplayError:
        return None
    return trace.header.values


def _pattern(slot: str, value: str, words: str, uses: Mapping[str, str], whole: dict[str, str]) -> str:
    """What stands in a slot, for any words of the kind: results and slots of the whole in braces, else itself."""
    for name, result in uses.items():
        if contains(normal(value), normal(result)):
            return as_template(value).replace(as_template(result), f"{{{name}}}")
    if not stands_in(value, Said(words)):
        return as_template(value)
    known = next((name for name, said in whole.items() if normal(said) == normal(value)), None)
    name = known or free_name(slot, {*whole, *uses})
    whole[name] = value
    return f"{{{name}}}"
