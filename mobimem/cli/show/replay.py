"""What `mobimem replay …` shows: recipes, each step as it happens, questions, and the receipt."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mobimem.cli.output import console, print_json
from mobimem.cli.show import asking
from mobimem.cli.show.asking import ANSWER_S, printable, waits_for
from mobimem.cli.show.lessons import cut_off_line
from mobimem.cli.show.pending import ask_about, how_to_answer, show_ask, show_asks
from mobimem.cli.show.receipts import replay_line
from mobimem.errors import BadInput
from mobimem.exit_codes import ExitCode
from mobimem.policy.reading import read_policy
from mobimem.service import lessons
from mobimem.service import recipes as service
from mobimem.service.policy import Awaited
from mobimem.service.replay import (
    QuestionsOpen,
    ReplayDone,
    consent_by_policy,
    refuse_if_open,
    refuse_unasked,
    run_task,
)
from mobimem.service.secrets import store
from replay.commands import Decision, Progress
from replay.recipe import Step
from replay.runner import Consent

if TYPE_CHECKING:
    from rich.console import Console

    from mobimem.policy.asks import Ask

YES = ("y", "yes", "j", "ja", "是")
CODES = {
    "done": ExitCode.DONE,
    "stopped": ExitCode.NOT_DONE,
    "cancelled": ExitCode.NOT_DONE,
    "asked": ExitCode.OWNER_NEEDED,
}


def recipes(*, as_json: bool) -> None:
    """Prints the recipes, those that are damaged, and lessons that were cut off."""
    result = service.list_recipes()
    cut_off = lessons.cut_off_lessons()
    if as_json:
        print_json({"recipes": result.recipes, "damaged": result.damaged, "cut_off": cut_off})
        return
    screen = console()
    if not result.recipes:
        screen.print("Nothing was taught yet. Teach a task: [bold]mobimem teach NAME[/]")
    for line in result.recipes:
        screen.print(line.name, style="bold", markup=False, end="  ")
        asks = f", asks {line.irreversible} times" if line.irreversible else ""
        screen.print(f"“{line.task}”  {line.steps} steps{asks}, version {line.version}", markup=False, soft_wrap=True)
    for name in result.damaged:
        screen.print(f"[red]damaged[/]  {name}: mobimem replay verify {name}")
    for one in cut_off:
        cut_off_line(screen, one)


def recipe(name: str, version: int | None, *, as_json: bool) -> None:
    """Prints one recipe, step by step."""
    shown = service.show_recipe(name, version=version)
    if as_json:
        print_json(shown)
        return
    screen = console()
    line = shown.recipe
    screen.print(f"{line.name}, version {line.version} of {len(shown.versions)}", style="bold", markup=False)
    screen.print(f"  task   {line.task}", markup=False, soft_wrap=True)
    for slot in line.slots:
        screen.print(
            f"  slot   {slot}  (shown with {shown.taught_with.get(slot, '?')!r})", markup=False, soft_wrap=True
        )
    for note in shown.notes:
        screen.print(f"  note   {note}", style="yellow", markup=False, soft_wrap=True)
    for step in shown.steps:
        mark = "  ASKS" if step.for_good else ""
        checks = f"{step.checks_before} checks before, {step.checks_after} after"
        screen.print(f"  {step.number:2}  {step.says}{mark}  ({checks})", markup=False, soft_wrap=True)


def verify(what: str, *, as_json: bool) -> None:
    """Prints whether a recipe or a trace is what its hashes say."""
    verified = service.verify(what)
    if as_json:
        print_json(verified)
        return
    end = "" if verified.complete else "; its writer was cut off, and up to there it is whole"
    console().print(f"{verified.what}: as it was written, {verified.steps} steps{end}", markup=False, soft_wrap=True)
    console().print(f"content hash {verified.content_hash}", markup=False, soft_wrap=True)


def dry_run(name: str, sets: list[str], *, as_json: bool) -> None:
    """Ends with NOT_DONE when the recipe does not find its way on its own screens."""
    result = service.dry_run_recipe(name, values_of(sets))
    screen = console(stderr=as_json)
    for progress in result.progress:
        _step(screen, progress)
    for says in result.asks:
        screen.print(f"would ask before: {says}", markup=False, soft_wrap=True)
    if as_json:
        steps = [{"says": progress.says, "result": progress.result} for progress in result.progress]
        print_json({"outcome": result.outcome, "says": result.says, "steps": steps, "asks": result.asks})
    else:
        screen.print(f"On the taught screens: {result.says}. Nothing was done.", markup=False, soft_wrap=True)
    if result.outcome != "done":
        raise typer.Exit(ExitCode.NOT_DONE)


def run(
    name: str,
    sets: list[str],
    serial: str | None,
    adb_port: int | None,
    policy: Path | None,
    *,
    as_json: bool,
    heal: bool = True,
) -> None:
    """`mobimem replay run`: a recipe as it stands in its file; ends with the exit code of the outcome."""
    screen = console(stderr=as_json)
    task = service.named_task(name, values_of(sets))
    at_terminal = sys.stdin.isatty() and sys.stderr.isatty()
    consent = consent_for(task, policy, screen, at_terminal=at_terminal)
    done = run_once(task, consent, screen, serial, adb_port, ask=at_terminal and policy is None, heal=heal)
    if done is None:
        if as_json:
            print_json({"done": True, "outcome": "done", "says": "done by an earlier run; not repeated"})
        return
    if as_json:
        print_json(done)
    else:
        show_done(screen, done)
    if done.outcome != "done":
        raise typer.Exit(CODES[done.outcome])


def run_once(
    task: service.Task,
    consent: Consent,
    screen: Console,
    serial: str | None,
    adb_port: int | None,
    *,
    ask: bool,
    heal: bool = True,
    asked: int = 0,
) -> ReplayDone | None:
    """Runs one task and prints its steps; None if a person said that an earlier run did it.

    Args:
        ask: a person is there to say what became of an earlier run that was cut off.
        asked: questions the owner has answered for it so far.

    Raises:
        QuestionsOpen: an earlier run is open, and nobody is there. As `run_task`.
    """
    try:
        refuse_if_open(task)
    except QuestionsOpen as error:
        if not ask:
            raise
        if not ask_about(error.questions, task.recipe.id, task.values, screen, serial, adb_port):
            return None
    return run_task(
        task,
        consent,
        serial=serial,
        adb_port=adb_port,
        on_step=lambda progress: _step(screen, progress),
        reveal=store().reveal,
        heal=heal,
        asked=asked,
    )


class TerminalConsent:
    """The person at the terminal, who is shown the step, every value and every doubt, and is waited for."""

    def __init__(self, screen: Console, wait_s: float = ANSWER_S) -> None:
        self._screen, self._wait_s = screen, wait_s

    @property
    def wait_s(self) -> float:
        """How long a question waits, in seconds; 0: it is stored, and the run ends."""
        return self._wait_s

    def wait(self, ask: Ask, elsewhere: Callable[[], str | None]) -> str | None:
        """As `mobimem.policy.consent.ConsentThatWaits.wait`."""
        self._screen.print("")
        show_ask(self._screen, ask, title="This cannot be undone: ")
        typed = asking.line(self._screen, "Do it? [y/N] ", elsewhere, self._wait_s)
        if typed is None:
            return None
        return "yes" if typed.casefold() in YES else "no"

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        return "ask"


class Nobody:
    """Nobody can answer."""

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        return "ask"


def person(screen: Console, *, at_terminal: bool, wait_s: float | None = None) -> Consent:
    """Who answers where no policy does: the person at the terminal, else whoever answers from elsewhere in time.

    Args:
        wait_s: how long each consent waits; None: five minutes at a terminal, else not at all.
    """
    long_s = waits_for(at_terminal=at_terminal, wait_s=wait_s)
    if at_terminal:
        return TerminalConsent(screen, long_s)
    return Awaited(long_s, partial(_tell, screen)) if long_s > 0 else Nobody()


def consent_for(
    task: service.Task, policy: Path | None, screen: Console, *, at_terminal: bool | None = None,
    wait_s: float | None = None,
) -> Consent:  # fmt: skip
    """Who answers in this call: the policy, else `person`.

    Raises:
        OwnerNeeded: somebody will have to answer, and nobody can.
    """
    if at_terminal is None:
        at_terminal = sys.stdin.isatty() and sys.stderr.isatty()
    if policy is not None:
        read = read_policy(policy)
        for words in read.words:
            screen.print(f"policy   {words}", markup=False, soft_wrap=True)
        return consent_by_policy(task, read)
    there = person(screen, at_terminal=at_terminal, wait_s=wait_s)
    if isinstance(there, Nobody):
        refuse_unasked(task, there)
    return there


def _tell(screen: Console, ask: Ask) -> None:
    """Says that a run waits for a consent, and how it is given from elsewhere."""
    show_ask(screen, ask, title="Waiting: may it? ")
    screen.print(f"  {how_to_answer(ask)}", markup=False, soft_wrap=True)


def values_of(sets: list[str]) -> dict[str, str]:
    """The values of `--set SLOT=VALUE`, by slot.

    Raises:
        BadInput: one is not written so.
    """
    values = {}
    for given in sets:
        slot, equals, value = given.partition("=")
        if not equals or not slot or not value:
            raise BadInput(
                f"{given!r} is no slot and value", next_step="Write --set SLOT=VALUE, e.g. --set contact=Bob."
            )
        values[slot] = value
    return values


def show_step(screen: Console) -> Callable[[Progress], None]:
    """What prints each step as it is done."""
    return partial(_step, screen)


def _step(screen: Console, progress: Progress) -> None:
    color = "green" if progress.result == "done" else "cyan"
    screen.print(f"  [{color}]{progress.result:7}[/]  ", end="")
    screen.print(progress.says, markup=False, end="  ", soft_wrap=True)
    screen.print("; ".join(progress.reasons), style="dim", markup=False, soft_wrap=True)


def show_results(screen: Console, results: Mapping[str, str]) -> None:
    """What was read off the screen, for whoever asked for it."""
    for name, value in results.items():
        screen.print(f"{name}: {printable(value)}", style="bold", markup=False, soft_wrap=True)


def show_done(screen: Console, done: ReplayDone) -> None:
    """Prints how a replay ended and its receipt."""
    screen.print(
        "Done and checked. " if done.done else "Not done: ", style="bold green" if done.done else "bold red", end=""
    )
    screen.print("" if done.done else done.says, markup=False, soft_wrap=True)
    show_results(screen, done.results)
    screen.print(replay_line(done.receipt), markup=False, soft_wrap=True)
    for question in done.questions:
        screen.print(
            f"Look at the phone: {question.says!r} - did it happen? mobimem answer {done.run} done|not-done|abandon",
            style="bold yellow",
            markup=False,
            soft_wrap=True,
        )
    show_asks(screen, done.asks)
    for repair in done.repairs:
        screen.print(f"found again and kept as a repair: mobimem replay repairs show {repair}", soft_wrap=True)
    screen.print(f"journal {done.trace}", style="dim", markup=False, soft_wrap=True)
