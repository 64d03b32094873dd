"""What `mobimem do` shows of words that are several tasks: the plan, each sub-task as it is done, one receipt.

With `--plan-only` the plan alone: where each part comes from and what flows where; nothing is done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from mobimem.cli.output import plain, print_json
from mobimem.cli.show import asking, pending
from mobimem.cli.show import deciding as decided
from mobimem.cli.show import replay as one
from mobimem.cli.show.doing import confirm, recalled_data
from mobimem.cli.show.learning import show_learnt
from mobimem.cli.show.receipts import receipt_line
from mobimem.policy.consent import PolicyConsent
from mobimem.policy.reading import read_policy
from mobimem.service.agent import Means, private_terms
from mobimem.service.orders import Order
from mobimem.service.plans.attempts import only_planned, unless_begun
from mobimem.service.plans.doing import PartDone, PlanDone, order_of, resume_plan, run_plan
from mobimem.service.plans.making import Piece, ReadyPlan, are_several, known_plan, model_plan, unknown_plan
from mobimem.service.plans.standing import PlanStands
from mobimem.service.plans.taking_up import TakenPlan, take_up_plan
from mobimem.service.recall import ReadyTasks
from mobimem.service.replay import QuestionsOpen
from mobimem.service.secrets import store

if TYPE_CHECKING:
    from rich.console import Console

    from device.protocol import Device
    from mobimem.llm.client import ModelClient
    from mobimem.service.orders import Orders
    from mobimem.tasks.asking import Asker
    from replay.runner import Consent

_COLOURS = {"done": "green", "failed": "red", "cancelled": "red", "waiting": "yellow"}
_LEVELS = {"action": "replayed", "experience": "known, steps decided", "model": "decided", "": "not begun"}


@dataclass(frozen=True, slots=True)
class With:
    """How a plan is made and done: the options of the command, who is asked, and the model where there is one."""

    serial: str | None
    adb_port: int | None
    policy: Path | None
    screen: Console
    asker: Asker
    client: ModelClient | None
    at_terminal: bool
    as_json: bool
    heal: bool = True
    wait_s: float | None = None


def show(found: Orders, use: With) -> None:
    """`--plan-only`: the plan of these words, and nothing is done. A model is asked only if they may be several."""
    ready = _opened(use, lambda device: _looked_at(found, use, device)) if _asks_model(found) else _plan(
        found, use, None
    )  # fmt: skip
    if use.as_json:
        print_json({**plan_data(ready), "recall": recalled_data(found.recalled)})
    else:
        show_plan(use.screen, ready)


def run(found: Orders, use: With) -> None:
    """Plans, shows the plan, does it and learns it; ends with the exit code of the whole."""
    done = _opened(use, lambda device: _done(device, found, use))
    _end(done, {**_data(done), "recall": recalled_data(found.recalled)}, use)


def resume(taken: TakenPlan, use: With) -> None:
    """Goes on with a plan from its first sub-task that is not done; ends with the exit code of the whole."""
    stands = taken.stands
    for piece in taken.ready.pieces:
        state = stands.parts[piece.part.name].state
        told = {"done": "done before", "begun": "goes on", "new": "to do"}[state]
        line = f"  {told:12} {piece.part.name}: {asking.printable(piece.part.words)}"
        use.screen.print(line, markup=False, soft_wrap=True)
    use = replace(use, serial=use.serial or stands.kept.serial or None)
    done = _opened(use, lambda device: resume_plan(device, taken, _means(use), _consents(taken.ready, use, stands)))
    _end(done, _data(done), use)


def take_up(plan: str, use: With) -> TakenPlan:
    """As `take_up_plan`; a person who is there is asked what only the owner knows.

    Raises:
        As `take_up_plan`.
    """
    try:
        return take_up_plan(plan)
    except QuestionsOpen as error:
        if not use.at_terminal or use.policy is not None:
            raise
        first = error.questions[0]
        pending.ask_about(
            error.questions, first.recipe_id, first.values, use.screen, use.serial or first.serial, use.adb_port
        )
        return take_up_plan(plan)


def _end(done: PlanDone, data: dict[str, Any], use: With) -> None:
    if use.as_json:
        print_json(data)
    else:
        show_done(use.screen, done)
    if not done.done:
        raise typer.Exit(one.CODES[done.outcome])


def show_plan(screen: Console, ready: ReadyPlan) -> None:
    """The plan: a line for each sub-task, and below it what it takes and gives."""
    where = {"template": "a task that was done before", "composition": "known tasks put together", "model": "a model"}
    screen.print(f"Plan of {len(ready.pieces)} sub-tasks, from {where[ready.source]}:", style="bold")
    for number, piece in enumerate(ready.pieces, 1):
        part = piece.part
        known = f"known as {piece.task.entry.name}" if piece.task is not None else "not known: steps are decided"
        good = ", cannot be undone" if part.for_good else ""
        told = f"  {number}  {part.name}: {asking.printable(part.words)}"
        screen.print(told, markup=False, soft_wrap=True, end="")
        screen.print(f"  ({part.source}, {known}{good})", style="dim", markup=False, soft_wrap=True)
        waits = ready.plan.waits_for(part)
        flow = [f"waits for {', '.join(waits)}"] if waits else []
        flow += [f"takes {', '.join(part.uses)}"] if part.uses else []
        flow += [f"gives {', '.join(part.results)}"] if part.results else []
        flow += [f"in {part.app}"] if part.app else []
        flow += [f"on {part.device}"] if part.device else []
        screen.print(f"     {'; '.join(flow)}", style="dim", markup=False, soft_wrap=True)
    for doubt in ready.doubts:
        screen.print(f"  careful: {asking.printable(doubt)}", style="yellow", markup=False, soft_wrap=True)


def plan_data(ready: ReadyPlan) -> dict[str, Any]:
    """The plan as plain data."""
    parts = [
        {
            **plain(piece.part), "uses": list(piece.part.uses), "waits_for": list(ready.plan.waits_for(piece.part)),
            "known_as": "" if piece.task is None else piece.task.entry.name, "flows": dict(piece.flows),
        }
        for piece in ready.pieces
    ]  # fmt: skip
    return {
        "words": ready.plan.words, "source": ready.source, "name": ready.name, "parts": parts,
        "doubts": list(ready.doubts), "model_calls": ready.spent.calls,
    }  # fmt: skip


def show_done(screen: Console, done: PlanDone) -> None:
    """One receipt for the whole, with a line for each sub-task."""
    screen.print("")
    for part in done.parts:
        screen.print(f"  [{_COLOURS[part.state]}]{part.state:9}[/] ", end="")
        read = "".join(f"  {name} = {value!r}" for name, value in part.results.items())
        line = f"{part.name}: {asking.printable(part.words)}  ({_LEVELS[part.level]}){asking.printable(read)}"
        screen.print(line, markup=False, soft_wrap=True)
        if part.state != "done":
            screen.print(f"            {asking.printable(part.says)}", style="dim", markup=False, soft_wrap=True)
    if done.done:
        screen.print(f"Done: {done.says}.", style="bold green", markup=False, soft_wrap=True)
    else:
        screen.print(f"Not done: {asking.printable(done.says)}", style="bold red", markup=False, soft_wrap=True)
        if done.next_step:
            screen.print(f"  {done.next_step}", markup=False, soft_wrap=True)
        if done.plan:
            screen.print(f"Go on from there: mobimem tasks resume {done.plan}", style="bold", markup=False)
    screen.print(receipt_line(done.receipt), markup=False, soft_wrap=True)
    for part in done.parts:
        if part.run is not None:
            _show_left(screen, part)
    show_learnt(screen, [part.run.learnt for part in done.parts if part.run is not None])
    if done.learnt_as:
        screen.print(f"memory   learnt the whole as {done.learnt_as}", style="dim", markup=False, soft_wrap=True)
    elif done.not_learnt:
        screen.print(f"memory   did not learn the whole: {done.not_learnt}", style="dim", markup=False, soft_wrap=True)


def _show_left(screen: Console, part: PartDone) -> None:
    """What waits for the owner after a sub-task, and its journal."""
    run = part.run
    assert run is not None, "only of sub-tasks that have run"
    for question in run.questions:
        screen.print(
            f"Look at the phone: {question.says!r} - did it happen? mobimem answer {run.run} done|not-done|abandon",
            style="bold yellow", markup=False, soft_wrap=True,
        )  # fmt: skip
    pending.show_asks(screen, run.asks)
    screen.print(f"journal {part.name}: {run.trace}", style="dim", markup=False, soft_wrap=True)


def _asks_model(found: Orders) -> bool:
    return found.ready is None and are_several(found)


def _plan(found: Orders, use: With, device: Device | None) -> ReadyPlan:
    if found.ready is not None:
        return known_plan(found.ready, asked=found.asked)
    if device is None or use.client is None:
        return unknown_plan(found.words)
    return model_plan(found.words, use.client, device, use.asker, terms=private_terms())


def _looked_at(found: Orders, use: With, device: Device) -> ReadyPlan:
    ready = _plan(found, use, device)
    only_planned(found.words, device.info(), ready.spent, ready.asked)
    return ready


def _done(device: Device, found: Orders, use: With) -> PlanDone:
    ready = _plan(found, use, device)
    show_plan(use.screen, ready)
    tasks = tuple(piece.task for piece in ready.pieces if piece.task is not None)
    with unless_begun(found.words, device.info(), ready.spent, ready.asked):
        confirm(
            ReadyTasks(found.words, tasks, found.recalled, ready.doubts), use.policy, use.screen, use.asker,
            at_terminal=use.at_terminal,
        )  # fmt: skip
        consents = _consents(ready, use)
    return run_plan(device, ready, _means(use), consents)


def _means(use: With) -> Means:
    return Means(
        one.Nobody(), use.asker, use.client, on_step=one.show_step(use.screen), reveal=store().reveal, heal=use.heal,
        terms=private_terms() if use.client is not None else {},
    )  # fmt: skip


def _consents(ready: ReadyPlan, use: With, stands: PlanStands | None = None) -> Callable[[Piece], Consent]:
    """Who answers for each sub-task; told before anything is begun, so that a policy that lacks one is not found out
    in the middle.

    Args:
        stands: where a plan that is taken up stands; None for one that is begun.
    """
    consents = {
        piece.part.name: _consent(
            piece, ready, use, begun=stands is not None and stands.parts[piece.part.name].state != "new"
        )
        for piece in ready.pieces
    }
    return lambda piece: consents[piece.part.name]


def _consent(piece: Piece, ready: ReadyPlan, use: With, *, begun: bool) -> Consent:
    """Who answers for one sub-task. What it takes off a screen is not known yet: nothing can be said to it before; and
    of one that was begun, what it did needs no yes any more."""
    order = order_of(piece, ready, {}) if not piece.part.uses else None
    if piece.task is None or order is None or order.task is None:
        if use.policy is not None:
            recipe = decided.unknown(Order(piece.part.words)) if piece.task is None else piece.task.recipe
            return PolicyConsent(read_policy(use.policy), recipe)
        return one.person(use.screen, at_terminal=use.at_terminal, wait_s=use.wait_s)
    if begun and use.policy is None:
        return one.person(use.screen, at_terminal=use.at_terminal, wait_s=use.wait_s)
    return one.consent_for(order.task, use.policy, use.screen, at_terminal=use.at_terminal, wait_s=use.wait_s)


def _opened(use: With, work: Callable[[Device], Any]) -> Any:
    from device.open import open_device

    device = open_device(use.serial, adb_port=use.adb_port)
    try:
        return work(device)
    finally:
        device.close()


def _data(done: PlanDone) -> dict[str, Any]:
    return {
        **plain(done),
        "runs": plain([part.run for part in done.parts if part.run is not None]),
        "not_begun": [part.name for part in done.parts if part.state == "waiting"],
        "learnt": plain([part.run.learnt for part in done.parts if part.run is not None]),
    }
