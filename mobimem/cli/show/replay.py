"""What `mobimem do` and `mobimem replay …` show: recipes, each step as it happens, questions, and the receipt."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mobimem.cli.output import console, print_json
from mobimem.cli.show.pending import ask_about
from mobimem.consent import read_policy
from mobimem.errors import BadInput, OwnerNeeded
from mobimem.exit_codes import ExitCode
from mobimem.service import recipes as service
from mobimem.service.replay import (
    QuestionsOpen,
    ReplayDone,
    consent_by_policy,
    needs_consent,
    refuse_if_open,
    run_task,
)
from mobimem.service.secrets import store
from replay.player import Decision, Progress
from replay.recipe import Step
from replay.runner import Consent

if TYPE_CHECKING:
    from rich.console import Console

_CODES = {
    "done": ExitCode.DONE,
    "stopped": ExitCode.NOT_DONE,
    "cancelled": ExitCode.NOT_DONE,
    "asked": ExitCode.OWNER_NEEDED,
}


def recipes(*, as_json: bool) -> None:
    result = service.list_recipes()
    if as_json:
        print_json(result)
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


def recipe(name: str, version: int | None, *, as_json: bool) -> None:
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
    for step in shown.steps:
        mark = "  ASKS" if step.side_effect == "irreversible" else ""
        checks = f"{step.checks_before} checks before, {step.checks_after} after"
        screen.print(f"  {step.number:2}  {step.says}{mark}  ({checks})", markup=False, soft_wrap=True)


def verify(what: str, *, as_json: bool) -> None:
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
    words: str, sets: list[str], serial: str | None, adb_port: int | None, policy: Path | None, *, as_json: bool
) -> None:
    """`mobimem do` and `mobimem replay run`; ends with the exit code of the outcome."""
    screen = console(stderr=as_json)
    task = service.find_task(words, values_of(sets))
    at_terminal = sys.stdin.isatty() and sys.stderr.isatty()
    consent = consent_for(task, policy, screen, at_terminal=at_terminal)
    try:
        refuse_if_open(task)
    except QuestionsOpen as error:
        if not at_terminal or policy is not None:
            raise
        if not ask_about(error.questions, task, screen, serial, adb_port):
            if as_json:
                print_json({"done": True, "outcome": "done", "says": "done by an earlier run; not repeated"})
            return
    done = run_task(
        task,
        consent,
        serial=serial,
        adb_port=adb_port,
        on_step=lambda progress: _step(screen, progress),
        reveal=store().reveal,
    )
    if as_json:
        print_json(done)
    else:
        _print(screen, done)
    if done.outcome != "done":
        raise typer.Exit(_CODES[done.outcome])


class TerminalConsent:
    """Asks the person at the terminal, showing the step and every value."""

    def __init__(self, screen: Console) -> None:
        self._screen = screen

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        self._screen.print(f"\nThis cannot be undone: {says}", style="bold yellow", markup=False, soft_wrap=True)
        for slot, value in values.items():
            self._screen.print(f"  {slot} = {value!r}", markup=False, soft_wrap=True)
        try:
            said = self._screen.input("Do it? [y/N] ", markup=False)
        except EOFError:
            return "ask"
        return "run" if said.strip().casefold() in ("y", "yes", "j", "ja", "是") else "refuse"


class Nobody:
    """Nobody can answer."""

    def decide(self, step: Step, says: str, values: Mapping[str, str]) -> Decision:
        return "ask"


def consent_for(
    task: service.Task, policy: Path | None, screen: Console, *, at_terminal: bool | None = None
) -> Consent:
    """Who answers in this call: the policy, else the person at the terminal, else nobody.

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
    if at_terminal:
        return TerminalConsent(screen)
    if asks := needs_consent(task):
        raise OwnerNeeded(
            f"this task does something that cannot be undone ({'; '.join(asks)}), and nobody is at a terminal to ask",
            next_step="Run it at a terminal, or allow it in a policy: --consent FILE (docs/cli.md, Consent).",
        )
    return Nobody()


def values_of(sets: list[str]) -> dict[str, str]:
    values = {}
    for given in sets:
        slot, equals, value = given.partition("=")
        if not equals or not slot or not value:
            raise BadInput(
                f"{given!r} is no slot and value", next_step="Write --set SLOT=VALUE, e.g. --set contact=Bob."
            )
        values[slot] = value
    return values


def _step(screen: Console, progress: Progress) -> None:
    color = "green" if progress.result == "done" else "cyan"
    screen.print(f"  [{color}]{progress.result:7}[/]  ", end="")
    screen.print(progress.says, markup=False, end="  ", soft_wrap=True)
    screen.print("; ".join(progress.reasons), style="dim", markup=False, soft_wrap=True)


def _print(screen: Console, done: ReplayDone) -> None:
    receipt = done.receipt
    screen.print(
        "Done and checked. " if done.done else "Not done: ", style="bold green" if done.done else "bold red", end=""
    )
    screen.print("" if done.done else done.says, markup=False, soft_wrap=True)
    saved = ""
    if receipt.saved_s is not None:
        saved = f"; shown by hand it took {receipt.taught_s:.1f} s, {receipt.saved_s:.1f} s more"
    screen.print(
        f"{receipt.replayed} of {receipt.steps} steps replayed, {receipt.skipped} skipped, {receipt.reads} readings, "
        f"{receipt.seconds:.1f} s, {receipt.model_calls} model calls{saved}",
        markup=False,
        soft_wrap=True,
    )
    for question in done.questions:
        screen.print(
            f"Look at the phone: {question.says!r} - did it happen? mobimem answer {done.run} done|not-done|abandon",
            style="bold yellow",
            markup=False,
            soft_wrap=True,
        )
    screen.print(f"journal {done.trace}", style="dim", markup=False, soft_wrap=True)
