"""What `mobimem do` shows where a model is configured: the steps it decides, what the owner is asked, the receipt.

A model's words are shown in quotation marks and as what they are: never as ours, and never as the owner's.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from device.actions import PressKey
from mobimem.cli.output import console, print_json
from mobimem.cli.show import asking, tasks
from mobimem.cli.show import replay as one
from mobimem.cli.show.doing import confirm, runs_data, show_recalled
from mobimem.cli.show.learning import make_up, show_learnt
from mobimem.cli.show.pending import ask_about, show_asks
from mobimem.cli.show.receipts import receipt_line
from mobimem.llm.client import ModelClient
from mobimem.policy.consent import PolicyConsent
from mobimem.policy.reading import read_policy
from mobimem.service.agent import AgentDone, Means, private_terms, run_order
from mobimem.service.orders import Order, Orders, orders_for, refuse_order_if_open
from mobimem.service.plans.making import are_several
from mobimem.service.questions import giving_back
from mobimem.service.replay import QuestionsOpen
from mobimem.service.secrets import store
from replay.recipe import Recipe, Step

if TYPE_CHECKING:
    from rich.console import Console

    from mobimem.tasks.asking import Asker
    from replay.runner import Consent

_PROOF: Final[dict[str, str]] = {
    "checked": "Done and checked. ", "confirmed": "Done, as you said. ",
    "judged": "Done by the model's judgement, with no check: look at the phone. ",
}  # fmt: skip


def run(
    words: str, sets: list[str], serial: str | None, adb_port: int | None, policy: Path | None, client: ModelClient,
    *, as_json: bool, heal: bool, wait_s: float | None = None,
) -> None:  # fmt: skip
    """Does what the words say, with a model for what memory lacks; ends with the exit code of the last task."""
    from mobimem.cli.show import plans

    screen = console(stderr=as_json)
    at_terminal = sys.stdin.isatty() and sys.stderr.isatty()
    given = one.values_of(sets)
    asker = asking.asker_for(screen, words, given, at_terminal=at_terminal and policy is None, wait_s=wait_s)
    with ExitStack() as stack:
        stack.callback(client.close)
        stack.enter_context(giving_back(asker))
        make_up(screen)
        offered = tasks.Offer(serial, adb_port, policy, as_json=as_json, heal=heal, wait_s=wait_s)
        at_hand = at_terminal and policy is None
        if tasks.plan_taken_up_instead(words, offered, screen, ask=at_hand):
            return
        found = orders_for(words, given, asker, may_decide=True)
        if are_several(found):
            plans.run(found, plans.With(
                serial, adb_port, policy, screen, asker, client, at_terminal=at_terminal, as_json=as_json, heal=heal,
                wait_s=wait_s,
            ))  # fmt: skip
            return
        _understood(found, policy, screen, asker, at_terminal=at_terminal)
        if len(found.orders) == 1 and tasks.taken_up_instead(found.orders[0], offered, screen, ask=at_hand):
            return
        done: list[AgentDone] = []
        for order in found.orders:
            consent = _consent(order, policy, screen, at_terminal=at_terminal, wait_s=wait_s)
            means = Means(
                consent, asker, client, on_step=one.show_step(screen), reveal=store().reveal, heal=heal,
                terms=private_terms(),
            )  # fmt: skip
            if not _may_begin(order, screen, serial, adb_port, ask=at_hand):
                continue
            done.append(run_order(order, means, serial=serial, adb_port=adb_port, asked=found.asked))
            if not as_json:
                show_done(screen, done[-1])
            if not done[-1].done:
                break
    not_begun = [order.words for order in found.orders[len(done) :]] if done and not done[-1].done else []
    if as_json:
        print_json(runs_data(found, done, [run.learnt for run in done], not_begun))
    else:
        for left in not_begun:
            screen.print(f"Not begun: {left}", style="bold yellow", markup=False, soft_wrap=True)
    if done and not done[-1].done:
        raise typer.Exit(one.CODES[done[-1].outcome])


def show_done(screen: Console, done: AgentDone) -> None:
    """How a task ended, what was done, what it took, what waits for the owner, and what was learnt."""
    screen.print(
        _PROOF[done.proof] if done.done else "Not done: ", style="bold green" if done.done else "bold red", end=""
    )
    screen.print("" if done.proof == "checked" else asking.printable(done.says), markup=False, soft_wrap=True)
    one.show_results(screen, done.results)
    if not done.done:
        told = "; ".join(map(asking.printable, done.did)) or "nothing"
        screen.print(f"  done so far: {told}", markup=False, soft_wrap=True)
        if done.next_step:
            screen.print(f"  {done.next_step}", markup=False, soft_wrap=True)
    screen.print(receipt_line(done.receipt), markup=False, soft_wrap=True)
    for question in done.questions:
        screen.print(
            f"Look at the phone: {question.says!r} - did it happen? mobimem answer {done.run} done|not-done|abandon",
            style="bold yellow", markup=False, soft_wrap=True,
        )  # fmt: skip
    if done.can_go_on:
        screen.print(f"Go on from there: mobimem tasks resume {done.run}", style="bold", markup=False, soft_wrap=True)
    show_asks(screen, done.asks)
    for repair in done.repairs:
        screen.print(f"found again and kept as a repair: mobimem replay repairs show {repair}", soft_wrap=True)
    if done.not_learnt:
        screen.print(f"memory   learnt nothing: {done.not_learnt}", style="dim", markup=False, soft_wrap=True)
    show_learnt(screen, [done.learnt])
    screen.print(f"journal {done.trace}", style="dim", markup=False, soft_wrap=True)


def _understood(found: Orders, policy: Path | None, screen: Console, asker: Asker, *, at_terminal: bool) -> None:
    if found.ready is not None:
        if found.ready.recalled is not None:
            show_recalled(screen, found.ready.recalled)
        confirm(found.ready, policy, screen, asker, at_terminal=at_terminal)
        return
    if found.recalled is not None:
        show_recalled(screen, found.recalled)
    screen.print("Not known yet: a model decides each step, within what these words say.", soft_wrap=True)


def _consent(
    order: Order, policy: Path | None, screen: Console, *, at_terminal: bool, wait_s: float | None
) -> Consent:  # fmt: skip
    if order.task is not None:
        return one.consent_for(order.task, policy, screen, at_terminal=at_terminal, wait_s=wait_s)
    if policy is not None:
        read = read_policy(policy)
        for words in read.words:
            screen.print(f"policy   {words}", markup=False, soft_wrap=True)
        return PolicyConsent(read, unknown(order))
    return one.person(screen, at_terminal=at_terminal, wait_s=wait_s)


def unknown(order: Order) -> Recipe:
    """What a policy file is told of a task whose steps are not known: nothing that one of its entries could name."""
    return Recipe(id=order.id, name=order.id, task="", steps=(Step(id="new", says="", move=PressKey("home")),))


def _may_begin(order: Order, screen: Console, serial: str | None, adb_port: int | None, *, ask: bool) -> bool:
    """Whether nothing of an earlier run stands in the way; a person who is there is asked about it."""
    try:
        refuse_order_if_open(order)
    except QuestionsOpen as error:
        if not ask:
            raise
        return ask_about(error.questions, order.id, order.values, screen, serial, adb_port)
    return True
