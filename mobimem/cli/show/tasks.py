"""What `mobimem tasks` shows: what waits for the owner, what runs, what is not done; and a task that goes on."""

from __future__ import annotations

import sys
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mobimem.cli.output import console, print_json
from mobimem.cli.show import asking, pending
from mobimem.cli.show import replay as one
from mobimem.cli.show.models import at_hand
from mobimem.errors import NotDone
from mobimem.exit_codes import ExitCode
from mobimem.policy.consent import PolicyConsent
from mobimem.policy.reading import read_policy
from mobimem.service import unfinished
from mobimem.service.orders import Order
from mobimem.service.plans.kept import PlanBook, is_plan
from mobimem.service.plans.taking_up import discard_plan, plan_like
from mobimem.service.questions import answers_to, told
from mobimem.service.replay import QuestionsOpen, consent_by_policy
from mobimem.service.secrets import store
from mobimem.service.tasks import list_tasks
from mobimem.tasks.asking import YES, YES_OR_NO, AskedOwner

if TYPE_CHECKING:
    from rich.console import Console

    from mobimem.service.unfinished import TakenUp, Unfinished
    from replay.runner import Consent


@dataclass(frozen=True, slots=True)
class Offer:
    """How a task would be gone on with: the options of the command."""

    serial: str | None
    adb_port: int | None
    policy: Path | None
    as_json: bool
    heal: bool
    wait_s: float | None


def listed(*, as_json: bool) -> None:
    """`mobimem tasks list`; ends with OWNER_NEEDED while something waits for an answer."""
    result = list_tasks()
    if as_json:
        print_json(result)
    else:
        screen = console()
        for running in result.running:
            screen.print(f"running      {running.says}  on {running.serial}", markup=False, soft_wrap=True)
        for waiting in result.waiting:
            asked = waiting.question
            says = f"waiting      {asking.printable(told(asked))} {asking.printable(asked.quoted)}".rstrip()
            screen.print(says, style="bold yellow", markup=False, soft_wrap=True)
            choices = asking.printable(answers_to(asked))
            always = " [--always]" if asked.may_last else ""
            screen.print(
                f"  for {asking.printable(waiting.words)!r}; not done after {waiting.until}\n"
                f"  mobimem answer {waiting.id} {choices}{always}", markup=False, soft_wrap=True,
            )  # fmt: skip
        for ask in result.asks:
            pending.show_ask(screen, ask, title="may it?      ")
            screen.print(f"  {pending.how_to_answer(ask)}", markup=False, soft_wrap=True)
        for left in result.unfinished:
            _show(screen, left)
        if not (result.running or result.waiting or result.asks or result.unfinished):
            screen.print("Nothing waits, nothing runs, nothing is left undone.")
    if result.waiting or result.asks or any(left.questions for left in result.unfinished):
        raise typer.Exit(ExitCode.OWNER_NEEDED)


def discard(run: str, *, as_json: bool) -> None:
    """Takes a task or a plan that was left undone off the list."""
    told = discard_plan(run) if is_plan(run) else unfinished.discard_task(run)
    if as_json:
        print_json(told)
    else:
        console().print(f"Left: {asking.printable(told.words)}", markup=False, soft_wrap=True)


def resume(
    run: str, serial: str | None, adb_port: int | None, policy: Path | None, *, as_json: bool, heal: bool,
    wait_s: float | None,
) -> None:  # fmt: skip
    """`mobimem tasks resume`, of a task or of a plan; ends with the exit code of the outcome."""
    if is_plan(run):
        _resume_plan(run, Offer(serial, adb_port, policy, as_json=as_json, heal=heal, wait_s=wait_s))
        return
    from mobimem.cli.show.deciding import show_done
    from mobimem.cli.show.learning import make_up
    from mobimem.service.agent import Means, private_terms, resume_run

    screen = console(stderr=as_json)
    at_terminal = sys.stdin.isatty() and sys.stderr.isatty()
    make_up(screen)
    try:
        earlier = unfinished.take_up(run)
    except QuestionsOpen as error:
        if not at_terminal or policy is not None:
            raise
        first = error.questions[0]
        pending.ask_about(error.questions, first.recipe_id, first.values, screen, serial or first.serial, adb_port)
        earlier = unfinished.take_up(run)
    consent = _consent(earlier, policy, screen, at_terminal=at_terminal, wait_s=wait_s)
    words = earlier.order.words
    asker = asking.asker_for(screen, words, {}, at_terminal=at_terminal and policy is None, wait_s=wait_s)
    client, _ = at_hand(screen)
    with nullcontext() if client is None else closing(client):
        means = Means(
            consent, asker, client, on_step=one.show_step(screen), reveal=store().reveal, heal=heal,
            terms=private_terms() if client is not None else {},
        )  # fmt: skip
        done = resume_run(run, means, serial=serial, adb_port=adb_port)
    if as_json:
        print_json(done)
    else:
        show_done(screen, done)
    if not done.done:
        raise typer.Exit(one.CODES[done.outcome])


def _resume_plan(plan: str, offer: Offer) -> None:
    from mobimem.cli.show import plans
    from mobimem.cli.show.learning import make_up

    screen = console(stderr=offer.as_json)
    at_terminal = sys.stdin.isatty() and sys.stderr.isatty()
    make_up(screen)
    words = PlanBook().one(plan).words
    asker = asking.asker_for(
        screen, words, {}, at_terminal=at_terminal and offer.policy is None, wait_s=offer.wait_s
    )  # fmt: skip
    client, _ = at_hand(screen)
    with nullcontext() if client is None else closing(client):
        use = plans.With(
            offer.serial, offer.adb_port, offer.policy, screen, asker, client, at_terminal=at_terminal,
            as_json=offer.as_json, heal=offer.heal, wait_s=offer.wait_s,
        )  # fmt: skip
        plans.resume(plans.take_up(plan, use), use)


def plan_taken_up_instead(words: str, offer: Offer, screen: Console, *, ask: bool) -> bool:
    """Where a plan of these very words is not done yet: whether the person at the terminal had it gone on with, and it
    was. Without anybody to ask it is only said; whatever cannot be undone and was done then stands in the way.

    Raises:
        NotDone: the person wants neither to go on nor what was done for good to be done again.
    """
    left = plan_like(words)
    if left is None:
        return False
    _show(screen, left)
    if not ask:
        return False
    if left.can_go_on and _yes(screen, words, offer, _go_on(words)):
        _resume_plan(left.run, offer)
        return True
    again = AskedOwner("meant", f"{words!r}: leave it, and do all of it again?", YES_OR_NO)
    if not left.questions and _yes(screen, words, offer, again):
        discard_plan(left.run)
        return False
    raise NotDone(f"{left.run} was left as it is; nothing was done", next_step="`mobimem tasks` shows it.")


def _go_on(words: str) -> AskedOwner:
    return AskedOwner("again", f"{words!r} is not done yet. Go on with it?", YES_OR_NO)


def _yes(screen: Console, words: str, offer: Offer, question: AskedOwner) -> bool:
    """What the person answers, here or elsewhere.

    Raises:
        NotDone: nobody does in time.
    """
    answer = asking.asker_for(screen, words, {}, at_terminal=True, wait_s=offer.wait_s).ask(question)
    if answer is None:
        raise NotDone(f"nobody answered: {question.says}", next_step="`mobimem tasks` shows what is not done.")
    return answer == YES


def taken_up_instead(order: Order, offer: Offer, screen: Console, *, ask: bool) -> bool:
    """Where this very task is not done yet: whether the person at the terminal had it gone on with, and it was.

    Without anybody to ask it is only said, and the task begins anew.
    """
    left = unfinished.unfinished_like(order)
    if left is None or left.questions:  # what only the owner knows is asked first, whatever is to be done then
        return False
    _show(screen, left)
    if not ask:
        screen.print("This begins anew.", markup=False)
        return False
    if not _yes(screen, order.words, offer, _go_on(order.words)):
        return False
    resume(
        left.run, offer.serial, offer.adb_port, offer.policy, as_json=offer.as_json, heal=offer.heal,
        wait_s=offer.wait_s,
    )  # fmt: skip
    return True


def _consent(
    earlier: TakenUp, policy: Path | None, screen: Console, *, at_terminal: bool, wait_s: float | None
) -> Consent:  # fmt: skip
    """Who answers for what is still to come; what was done before needs no yes any more."""
    if policy is None:
        return one.person(screen, at_terminal=at_terminal, wait_s=wait_s)
    read = read_policy(policy)
    for words in read.words:
        screen.print(f"policy   {words}", markup=False, soft_wrap=True)
    if earlier.order.task is not None:
        return consent_by_policy(earlier.order.task, read)
    from mobimem.cli.show.deciding import unknown

    return PolicyConsent(read, unknown(earlier.order))


def _show(screen: Console, left: Unfinished) -> None:
    screen.print(f"{left.state:12} {asking.printable(left.words)}", style="bold", markup=False, soft_wrap=True)
    screen.print(
        f"  {asking.printable(left.why)}; begun {left.began_at} on {left.serial}", markup=False, soft_wrap=True
    )
    screen.print(f"  done: {'; '.join(map(asking.printable, left.did)) or 'nothing'}", markup=False, soft_wrap=True)
    if left.known:
        missing = "; ".join(map(asking.printable, left.missing)) or "nothing that is known"
        screen.print(f"  missing: {missing}", markup=False, soft_wrap=True)
    else:
        screen.print("  missing: not known, for nobody taught this task", markup=False, soft_wrap=True)
    for question in left.questions:
        says = f"  {question.says!r}: did it happen? mobimem answer {question.run} done|not-done|abandon"
        screen.print(says, style="bold yellow", markup=False, soft_wrap=True)
    if left.can_go_on:
        screen.print(f"  mobimem tasks resume {left.run}   or: mobimem tasks discard {left.run}", soft_wrap=True)
        if not left.known:
            screen.print("  or show how it is done: mobimem teach NAME --task WORDS", markup=False, soft_wrap=True)
    else:
        screen.print(f"  say it again: mobimem do {asking.printable(left.words)!r}", markup=False, soft_wrap=True)
