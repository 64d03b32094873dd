"""What `mobimem do` shows: how the words are understood and why, then each task as it is done, then what was learnt."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from mobimem.cli.output import console, plain, print_json
from mobimem.cli.show import asking, tasks
from mobimem.cli.show import replay as one
from mobimem.cli.show.asking import asker_for
from mobimem.cli.show.learning import make_up, show_learnt
from mobimem.cli.show.models import at_hand
from mobimem.errors import BadInput, NotDone, OwnerNeeded
from mobimem.exit_codes import ExitCode
from mobimem.policy.reading import read_policy
from mobimem.service.agent import AgentDone
from mobimem.service.learning import LearnReport, learn_run
from mobimem.service.orders import Order, Orders, known_of, orders_for
from mobimem.service.plans.making import are_several
from mobimem.service.questions import StoredAsker, giving_back
from mobimem.service.recall import ReadyTasks, recall_words
from mobimem.service.replay import ReplayDone, refuse_meaning
from mobimem.service.unfinished import close, close_like, learning_of
from mobimem.tasks.asking import YES, YES_OR_NO, AskedOwner, Asker
from mobimem.tasks.words import refuse_no_words

if TYPE_CHECKING:
    from rich.console import Console

    from memory.recall import Recalled


def explain(words: str, sets: list[str], *, as_json: bool) -> None:
    """Shows what memory makes of the words; ends with NOT_DONE for a miss."""
    refuse_no_words(words)
    recalled = recall_words(words, one.values_of(sets))
    if as_json:
        print_json(recalled_data(recalled))
    else:
        show_recalled(console(), recalled)
    if not recalled.tasks:
        raise typer.Exit(ExitCode.NOT_DONE)


def run(
    words: str,
    sets: list[str],
    serial: str | None,
    adb_port: int | None,
    policy: Path | None,
    *,
    as_json: bool,
    heal: bool = True,
    wait_s: float | None = None,
) -> None:
    """Does what these words are, a known task or a plan of some, and learns from it; ends with its exit code."""
    from mobimem.cli.show import plans

    screen = console(stderr=as_json)
    client, broken = at_hand(screen)
    if client is not None:
        from mobimem.cli.show import deciding

        deciding.run(words, sets, serial, adb_port, policy, client, as_json=as_json, heal=heal, wait_s=wait_s)
        return
    at_terminal = sys.stdin.isatty() and sys.stderr.isatty()
    given = one.values_of(sets)
    asker = asker_for(screen, words, given, at_terminal=at_terminal and policy is None, wait_s=wait_s)
    make_up(screen)
    offered = tasks.Offer(serial, adb_port, policy, as_json=as_json, heal=heal, wait_s=wait_s)
    with giving_back(asker):
        if tasks.plan_taken_up_instead(words, offered, screen, ask=at_terminal and policy is None):
            return
        with _for_want_of(broken):
            orders = orders_for(words, given, asker, may_decide=False)
        if are_several(orders):
            plans.run(orders, plans.With(
                serial, adb_port, policy, screen, asker, None, at_terminal=at_terminal, as_json=as_json, heal=heal,
                wait_s=wait_s,
            ))  # fmt: skip
            return
        runs = _one_task(orders, offered, screen, asker, at_terminal=at_terminal)
    if runs is not None:
        _end(known_of(orders), runs, screen, as_json=as_json)


def _one_task(
    orders: Orders, use: tasks.Offer, screen: Console, asker: Asker, *, at_terminal: bool
) -> list[ReplayDone] | None:  # fmt: skip
    """Does the known task that these orders are: its run, or none where it was done by an earlier one; None where an
    unfinished one was gone on with instead."""
    found, ask = known_of(orders), at_terminal and use.policy is None
    [task] = found.tasks  # several are a plan
    if found.recalled is not None:
        show_recalled(screen, found.recalled)
    confirm(found, use.policy, screen, asker, at_terminal=at_terminal)
    order = Order(orders.words, task)
    if tasks.taken_up_instead(order, use, screen, ask=ask):
        return None
    consent = one.consent_for(task, use.policy, screen, at_terminal=at_terminal, wait_s=use.wait_s)
    done = one.run_once(
        task, consent, screen, use.serial, use.adb_port, ask=ask, heal=use.heal, asked=orders.asked
    )  # fmt: skip
    if done is None:
        return []
    if not use.as_json:
        one.show_done(screen, done)
    if done.outcome == "done":
        close_like(order)
    return [done]


def _end(found: ReadyTasks, runs: list[ReplayDone], screen: Console, *, as_json: bool) -> None:
    """Learns from the run, and ends with its exit code."""
    learnt = [_learnt(done) for done in runs]
    if as_json:
        print_json(runs_data(found, runs, learnt, []))
    else:
        show_learnt(screen, learnt)
    if runs and runs[-1].outcome != "done":
        raise typer.Exit(one.CODES[runs[-1].outcome])


def _learnt(done: ReplayDone) -> LearnReport:
    """Learns from a run, and notes that it was: the next command would learn it once more."""
    with learning_of(done.run) as mine:
        report = learn_run(done.trace) if mine else LearnReport()
        if done.done and not report.problem:
            close((done.run,))
    return report


@contextmanager
def _for_want_of(broken: BadInput | None) -> Iterator[None]:
    """Of words that memory does not know, the settings that name no model are the cause.

    Raises:
        BadInput: `broken`, in place of a miss.
    """
    try:
        yield
    except NotDone as miss:
        if broken is not None:
            raise broken from miss
        raise


def plan(words: str, sets: list[str], serial: str | None, adb_port: int | None, *, as_json: bool) -> None:
    """Shows the sub-tasks of words, and does nothing."""
    from mobimem.cli.show import plans

    screen = console(stderr=as_json)
    given = one.values_of(sets)
    asker = asker_for(screen, words, given, at_terminal=sys.stdin.isatty() and sys.stderr.isatty())
    with ExitStack() as stack:
        client, broken = at_hand(screen, "planner", "decider")
        if client is not None:
            stack.callback(client.close)
        with _for_want_of(broken):
            found = orders_for(words, given, asker, may_decide=client is not None)
        use = plans.With(serial, adb_port, None, console() if not as_json else screen, asker, client,
                         at_terminal=False, as_json=as_json)  # fmt: skip
        plans.show(found, use)


def show_recalled(screen: Console, recalled: Recalled) -> None:
    """How the words are understood, one line a task with its reasons below."""
    for task in recalled.tasks:
        state = "" if task.state == "verified" else f", {task.state}"
        screen.print(f"Understood: {_printable(task.reading)}", style="bold", markup=False, end="", soft_wrap=True)
        screen.print(
            f"  ({task.template}{state}, {int(100 * task.confidence)} % sure)",
            style="dim",
            markup=False,
            soft_wrap=True,
        )
        screen.print(f"  because {_printable('; '.join(task.reasons))}", style="dim", markup=False, soft_wrap=True)
        for left in task.open:
            among = f" ({_printable(' or '.join(left.choices))})" if left.choices else ""
            says = f"  will ask you: {_printable(left.asks)}{among}"
            screen.print(says, style="yellow", markup=False, soft_wrap=True)
    if not recalled.tasks:
        screen.print(
            f"Not understood: {_printable('; '.join(recalled.reasons))}", style="bold", markup=False, soft_wrap=True
        )
        if recalled.missed is not None and recalled.missed.pattern:
            closest = f"  closest is {recalled.missed.nearest}: “{recalled.missed.pattern}”"
            screen.print(closest, style="dim", markup=False, soft_wrap=True)
            for reading in recalled.missed.readings:
                screen.print(f"  it may be “{_printable(reading)}”", style="dim", markup=False, soft_wrap=True)


def _printable(text: str) -> str:
    """The text without what would steer the terminal."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)


def recalled_data(recalled: Recalled | None) -> dict[str, Any] | None:
    """The same as plain data, steps by what they say; None where memory was not asked."""
    if recalled is None:
        return None
    tasks = []
    for task in recalled.tasks:
        data: dict[str, Any] = plain(task)
        tasks.append({**data, "steps": [step.says for step in task.recipe_steps()]})
    return {
        "words": recalled.words, "confidence": recalled.confidence, "reasons": list(recalled.reasons), "tasks": tasks,
        "missed": plain(recalled.missed),
    }  # fmt: skip


def confirm(
    found: ReadyTasks, policy: Path | None, screen: Console, asker: Asker, *, at_terminal: bool
) -> None:  # fmt: skip
    """What cannot be undone and rests on more than the owner's own words is shown, and waits for a yes.

    Raises:
        NotDone: the person said no. OwnerNeeded: nobody can say yes, or does in time.
    """
    if not found.doubts:
        return
    if policy is not None:
        for doubt in found.doubts:
            screen.print(f"  careful: {asking.printable(doubt)}", style="yellow", markup=False, soft_wrap=True)
        for task in found.tasks:
            refuse_meaning(task, read_policy(policy))
        return
    answer = asker.ask(AskedOwner("meant", _whether_meant(found), YES_OR_NO))
    if answer is None:
        left = asker.left[-1:] if isinstance(asker, StoredAsker) else []
        how = "".join(f"Say mobimem answer {one.id} yes, and then it again (within an hour). Or run" for one in left)
        nobody = "nobody answered in time" if at_terminal else "nobody is at a terminal to confirm it"
        raise OwnerNeeded(
            f"this was understood as {_readings(found)!r}, and {nobody}",
            next_step=f"{how or 'Run'} it at a terminal, say it as it was taught, or allow it in a policy: "
            "by_meaning = true.",
        )
    if answer != YES:
        raise NotDone(f"{_readings(found)!r} was not confirmed; nothing was done", next_step="Say it in other words.")


def _whether_meant(found: ReadyTasks) -> str:
    """The question whether a reading is what is meant, with every value and doubt."""
    values = [f"{slot} = {value!r}" for task in found.tasks for slot, value in task.values.items()]
    doubts = [f"careful: {doubt}" for doubt in found.doubts]
    told = "; ".join((f"This was understood as {_readings(found)!r}", *values, *doubts))
    return f"{told}. Is this what you mean?"


def _readings(found: ReadyTasks) -> str:
    return "; ".join(str(task.recall.get("reading", task.recipe.name)) for task in found.tasks)


def runs_data(
    found: ReadyTasks | Orders, runs: Sequence[ReplayDone | AgentDone], learnt: Sequence[LearnReport],
    not_begun: Sequence[str],
) -> dict[str, Any]:  # fmt: skip
    """What words came to, as plain data; `not_begun` are the tasks that were not, because one before was not done.

    `results` is what was read off the screen, by name.
    """
    last = runs[-1] if runs else None
    return {
        "done": last is None or last.done,
        "outcome": "done" if last is None else last.outcome,
        "says": "done by an earlier run; not repeated" if last is None else last.says,
        "words": found.words,
        "recall": recalled_data(found.recalled),
        "results": {name: value for run in runs for name, value in run.results.items()},
        "runs": plain(runs),
        "not_begun": list(not_begun),
        "learnt": plain(learnt),
    }
