"""Use cases: plans that are not done - cut off by a kill, or ended before their end - and how they go on.

    list_plans()        each with the sub-tasks that are done, those that are not, and what only the owner knows
    take_up_plan(id)    what is needed to go on from the first sub-task that is not done (`plans.doing.resume_plan`)
    discard_plan(id)    it is not to be taken up

Nothing that was done is done again, and nothing that cannot be undone is begun anew where an earlier try of the same
plan did it. Where each plan stands is `mobimem.service.plans.standing`'s to say.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from device.clock import Clock, SystemClock
from mobimem import folders
from mobimem.errors import BadInput, NotDone, OwnerNeeded
from mobimem.service.orders import Order
from mobimem.service.plans.kept import KeptPiece, KeptPlan, KeptTask, PlanBook
from mobimem.service.plans.making import Piece, ReadyPlan
from mobimem.service.plans.standing import PlanStands, journal_of, stands_of, words_of
from mobimem.service.recipes import Task, library
from mobimem.service.replay import QuestionsOpen
from mobimem.service.unfinished import KEPT, Unfinished, close, refuse_unanswered, was_taken_up
from perception.words import normal
from replay.trace import Trace

_WAIT: Final = "Wait until it ends, or end it: mobimem stop"
AGAIN: Final = "Say it again: mobimem do {words!r}"


@dataclass(frozen=True, slots=True)
class TakenPlan:
    """A plan that is not done, ready to go on with."""

    id: str
    ready: ReadyPlan
    stands: PlanStands


def list_plans(*, clock: Clock | None = None) -> tuple[Unfinished, ...]:
    """Every plan that is not done, oldest first; those under way are not among them."""
    at, book = (clock or SystemClock()).now(), PlanBook()
    book.sweep()
    told = [unread for name in book.names() if (unread := _unreadable(name)) is not None]
    for stands in _open():
        if not stands.done and not drop_plan(stands.kept, lambda now: _is_over(now, at)):
            told.append(_told(stands))
    return tuple(told)


def plan_like(words: str, *, clock: Clock | None = None) -> Unfinished | None:
    """The newest plan of these words that is not done, to be offered; None if there is none."""
    like = [one for one in list_plans(clock=clock) if normal(one.words) == normal(words)]
    return like[-1] if like else None


def take_up_plan(plan: str) -> TakenPlan:
    """A plan that is not done, ready to go on with.

    Raises:
        BadInput: there is none of this name. QuestionsOpen: it is not known whether a step happened: that has to be
        answered first (`mobimem answer`). NotDone: it is under way, or can only be said again.
    """
    book = PlanBook()
    kept = book.one(plan)
    with book.holding(plan) as mine:
        if not mine:
            raise NotDone(f"{plan} is under way", next_step=_WAIT)
    return taken_up(kept, book)


def taken_up(kept: KeptPlan, book: PlanBook) -> TakenPlan:
    """As `take_up_plan`, of a plan that is held."""
    plan = kept.id
    stands = stands_of(kept, book)
    if unclear := [one for one in stands.questions if one.doubt != "unfinished"]:
        raise QuestionsOpen(unclear)
    again = AGAIN.format(words=kept.words)
    if any(part.abandoned for part in stands.parts.values()):
        raise NotDone(f"{plan} was abandoned, as you said", next_step=again)
    if lost := next((name for name, part in stands.parts.items() if part.lost), ""):
        raise NotDone(
            f"what {lost} did or read is not known any more",
            next_step=f"Look at the phone, say what is left, and leave the plan: mobimem tasks discard {plan}",
        )
    return TakenPlan(plan, _ready(kept, stands, again), stands)


def discard_plan(plan: str, *, clock: Clock | None = None) -> Unfinished:
    """Takes a plan off the list; the journals of its sub-tasks stay. What it was.

    Raises:
        BadInput: there is none of this name. NotDone: it is under way, or a question about it is open.
    """
    told = next((one for one in list_plans(clock=clock) if one.run == plan), None)
    if told is not None and _unreadable(plan) is not None:
        PlanBook().drop(plan)
        return told
    if told is None:
        PlanBook().one(plan)  # says so where there is none
        raise NotDone(f"{plan} is under way, or done", next_step="`mobimem tasks` shows what can be left.")
    refuse_unanswered(told)
    if not drop_plan(PlanBook().one(plan), lambda now: not now.questions and not now.done):
        raise NotDone(f"{plan} has just been taken up", next_step="`mobimem tasks` shows how it ends.")
    return told


def drop_plan(kept: KeptPlan, may: Callable[[PlanStands], bool]) -> bool:
    """The plan is over, if that holds of how it stands now: none of its runs is gone on with. False where it does not,
    or another process does the plan."""
    book = PlanBook()
    with book.holding(kept.id) as mine:
        if not mine or not may(stands := stands_of(kept, book)):
            return False
        close([run for run in stands.runs if (folders.runs_folder() / run).is_dir()])
        book.drop(kept.id)
    return True


def close_begun_anew(stands: PlanStands) -> None:
    """The plan is done: runs of its sub-tasks that came to nothing and were begun anew are not to be taken up."""
    for part in stands.parts.values():
        for run in part.runs:
            trace = None if part.run is None or run == part.run.run else journal_of(run)
            if isinstance(trace, Trace) and not was_taken_up(trace.content_hash):
                close([run])


def refuse_again(words: str, orders: Iterable[Order], *, but: str) -> None:
    """Makes sure that nothing that cannot be undone was done by an earlier try of the same that is not over.

    Args:
        orders: what is about to be done.
        but: the plan that is taken up.

    Raises:
        OwnerNeeded: something was.
    """
    wanted = [(order.id, dict(order.values)) for order in orders]
    for stands, going in _all():
        plan = stands.kept.id
        if plan == but or stands.done:
            continue
        same = bool(words) and normal(stands.kept.words) == normal(words)
        if going and same:
            raise OwnerNeeded(f"{plan} is of the same words and under way", next_step=_WAIT)
        if stands.for_good and (same or any(_did(stands, name, wanted) for name in stands.parts)):
            raise OwnerNeeded(
                f"an earlier try of {stands.kept.words!r} is not over and did this: {'; '.join(stands.for_good)}",
                next_step=f"Go on with it: mobimem tasks resume {plan} - or leave it, and say it again: "
                f"mobimem tasks discard {plan}",
            )


def unsay_plans(
    says: Callable[[str], bool], runs: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:  # fmt: skip
    """Leaves every plan that says it, or one of whose runs was redacted: it cannot be gone on with any more.

    Returns the plans that are over by that; and, in words, those that still say it: under way, or waiting for an
    answer.
    """
    book, over, left = PlanBook(), list[str](), list[str]()
    for name in book.names():
        touched = any(run in runs for part in book.parts(name) for run in book.runs(name, part))
        if not touched and not says(book.text(name)):
            continue
        with book.holding(name) as mine:
            waits = mine and _unreadable(name) is None and stands_of(book.one(name), book).questions
            if mine and not waits:
                book.drop(name)
                over.append(name)
            else:
                left.append(f"{name}: it is under way or waits for an answer")
    return tuple(over), tuple(left)


def drop_like(words: str) -> None:
    """The plan was done: earlier tries of the same words are not to be taken up any more."""
    for stands in _open():
        if normal(stands.kept.words) == normal(words):
            drop_plan(stands.kept, lambda now: not now.done and not now.questions)


def done_unlearnt_plans() -> tuple[str, ...]:
    """Plans whose sub-tasks are all done, and of which nobody has noted yet that the whole was learnt from."""
    return tuple(stands.kept.id for stands in _open() if stands.done)


def _open() -> Iterable[PlanStands]:
    """The plans that are not over and not under way."""
    return (stands for stands, going in _all() if not going)


def _all() -> Iterable[tuple[PlanStands, bool]]:
    """The plans that are not over, and whether a process does them now. One that cannot be read is passed by: whoever
    names it is told."""
    book = PlanBook()
    for name in book.names():
        with book.holding(name) as mine:
            going = not mine
        try:
            kept = book.one(name)
        except BadInput:
            continue
        yield stands_of(kept, book), going


def _unreadable(plan: str) -> Unfinished | None:
    """What can be told of a plan of which nothing can be read; None where it can."""
    try:
        PlanBook().one(plan)
    except BadInput as error:
        return Unfinished(
            run=plan, state="interrupted", words=plan, name=plan, values={}, serial="", began_at="", why=error.cause,
            known=True, did=(), missing=(), questions=(), can_go_on=False,
        )  # fmt: skip
    return None


def _did(stands: PlanStands, name: str, wanted: list[tuple[str, dict[str, str]]]) -> bool:
    """Whether a sub-task that did something for good is one of these orders."""
    part = stands.parts[name]
    traces = map(journal_of, part.runs if part.for_good else ())
    return any(isinstance(one, Trace) and (one.header.recipe_id, dict(one.header.values)) in wanted for one in traces)


def _is_over(stands: PlanStands, at: datetime) -> bool:
    """Whether nobody will want to go on with it: abandoned, old, or ended with nothing done."""
    if any(part.abandoned for part in stands.parts.values()):
        return True
    if stands.questions:
        return False
    nothing = stands.ended is not None and all(part.state == "new" for part in stands.parts.values())
    return nothing or at - datetime.fromisoformat(stands.last_at) > KEPT


def _told(stands: PlanStands) -> Unfinished:
    kept, results = stands.kept, stands.results
    did: list[str] = []
    missing: list[str] = []
    for piece in kept.pieces:
        part = stands.parts[piece.part.name]
        says = words_of(piece, results)
        if part.state == "done":
            read = "".join(f", {name} = {results[name]!r}" for name in piece.part.results if name in results)
            did.append(f"{says}{read}")
        else:
            did += [] if part.told is None else [f"{says}: {one}" for one in part.told.did]
            missing.append(f"{says} (begun)" if part.state == "begun" else says)
    state, why = _why(stands)
    return Unfinished(
        run=kept.id, state=state, words=kept.words, name=kept.name or kept.id, values={}, serial=kept.serial,
        began_at=kept.began_at, why=why, known=True,
        did=tuple(did), missing=tuple(missing), questions=stands.questions,
        can_go_on=not any(part.lost for part in stands.parts.values()),
    )  # fmt: skip


def _why(stands: PlanStands) -> tuple[Literal["interrupted", "unfinished"], str]:
    """How it came that the plan is not done: its own end, else that of the sub-task it was in (a lost device)."""
    if stands.ended is not None:
        return "unfinished", stands.ended.says
    begun = next((part.told for part in stands.parts.values() if part.told is not None), None)
    return ("interrupted", "its process was killed") if begun is None else (begun.state, begun.why)


def kept_of(ready: ReadyPlan, name: str, *, serial: str, began_at: str) -> KeptPlan:
    """A plan as it is kept under this name."""
    pieces = tuple(
        KeptPiece(
            piece.part, None if piece.task is None else _known_as(piece.task), dict(piece.flows), dict(piece.results),
            dict(piece.said),
        )
        for piece in ready.pieces
    )  # fmt: skip
    return KeptPlan(
        name, ready.plan.words, ready.source, ready.name, ready.asked, ready.spent, pieces, serial, began_at
    )  # fmt: skip


def _known_as(task: Task) -> KeptTask:
    return KeptTask(task.entry.name, task.recipe.id, dict(task.values), dict(task.recall))


def _ready(kept: KeptPlan, stands: PlanStands, again: str) -> ReadyPlan:
    """The plan as it was, with what its sub-tasks are known as now."""
    pieces = tuple(_piece(piece, again) for piece in kept.pieces)
    ran = any(part.run is not None or part.took for part in stands.parts.values())  # a receipt bears what planning took
    spent = {} if ran else {"asked": kept.asked, "spent": kept.spent}
    return ReadyPlan(kept.plan, pieces, kept.source, name=kept.name, **spent)  # type: ignore[arg-type]


def _piece(piece: KeptPiece, again: str) -> Piece:
    task = piece.task
    if task is None:
        return Piece(piece.part, None, piece.flows, piece.results, piece.said)
    entry = library().named(task.name)
    if entry is None or entry.recipe.id != task.recipe_id or set(entry.recipe.slots) != set(task.values):
        raise NotDone(f"{task.name!r} was forgotten or taught anew since", next_step=again)
    return Piece(piece.part, Task(entry, task.values, task.recall), piece.flows, piece.results, piece.said)
