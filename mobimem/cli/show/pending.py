"""What `mobimem replay pending`, `answer` and `stop` show, and the question `mobimem do` asks about an earlier run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import TYPE_CHECKING

import typer

from mobimem.cli.output import console, print_json
from mobimem.cli.show.asking import printable
from mobimem.errors import NotDone
from mobimem.exit_codes import ExitCode
from mobimem.policy.consent import answers_to
from mobimem.service import pending as service
from mobimem.service import policy as policies
from mobimem.service import questions
from mobimem.service.stop import stop_all
from replay.resume import ANSWERS, Answer, Question

if TYPE_CHECKING:
    from rich.console import Console

    from mobimem.policy.asks import Ask

_DOUBT = {
    "unclear": "it is not known whether this happened",
    "unfinished": "this happened, and the run did not get to its end",
    "unreadable": "its journal is damaged: what it did is not known",
}
_TEXTS_MAX = 12


def pending(serial: str | None, adb_port: int | None, *, as_json: bool) -> None:
    """`mobimem replay pending`; ends with OWNER_NEEDED while something is open."""
    if serial is None:
        result = service.list_pending()
    else:
        from device.open import open_device

        with closing(open_device(serial, adb_port=adb_port)) as device:
            result = service.list_pending(device)
    if as_json:
        print_json(result)
    else:
        _print(console(), result)
    if result.pending or result.asks:
        raise typer.Exit(ExitCode.OWNER_NEEDED)


def answer(run: str, said: str, step: int | None, *, as_json: bool) -> None:
    """Notes the owner's answer to a question about a step of a run."""
    resolution = service.answer_question(run, said, step=step)
    if as_json:
        print_json(resolution)
    else:
        console().print(f"Noted: {resolution.answer}, for step {resolution.index + 1} of run {run}.", markup=False)


def answer_ask(name: str, said: str, any_value: list[str], *, as_json: bool) -> None:
    """Notes the owner's answer to a step that waits for it.

    Args:
        any_value: slots that an "always" leaves free.
    """
    answered = policies.answer_ask(name, said, any_value=any_value)
    if as_json:
        print_json(answered)
        return
    screen = console()
    if answered.said == "no":
        screen.print(f"Noted: no. It is not done: {answered.ask.says}", markup=False, soft_wrap=True)
        return
    then = "It goes on now" if answered.ask.waits else "Now say the task again, or go on with it: mobimem tasks"
    if answered.standing is None:
        what = f"{answered.ask.says}, with {with_values(answered.ask.values)}"
        says = f"Noted: yes, once and until {answered.ask.until}: {what}. {then}."
        screen.print(printable(says), markup=False, soft_wrap=True)
        _show_beside(screen, answered.ask)
        return
    says = f"Noted: always {answered.ask.says}, with {with_values(answered.standing.values)}. {then}."
    screen.print(printable(says), markup=False, soft_wrap=True)
    screen.print(f"Take it back: mobimem policy revoke {answered.standing.id}", markup=False)


def answer_waiting(name: str, said: str, *, always: bool, as_json: bool) -> None:
    """Notes the owner's answer to a question of the agent, for good if `always`."""
    answered = questions.answer_waiting(name, said, always=always)
    if as_json:
        print_json(answered)
        return
    screen = console()
    screen.print(f"Noted: {answered.answer}", markup=False, soft_wrap=True)
    if answered.remembered:
        screen.print(f"Remembered: mobimem memory show {answered.remembered}", markup=False, soft_wrap=True)


def stop(*, as_json: bool) -> None:
    """`mobimem stop`; ends with NOT_DONE if a run did not end in time."""
    result = stop_all()
    if as_json:
        print_json(result)
    else:
        screen = console()
        if not result.stopped and not result.still_running:
            screen.print("Nothing is running.")
        for running in result.stopped:
            screen.print(
                f"stopped  {running.says}  on {running.serial}  (run {running.run})", markup=False, soft_wrap=True
            )
        for running in result.still_running:
            what = f"told to stop, not ended yet: {running.says} on {running.serial} (process {running.pid})"
            screen.print(what, style="yellow", markup=False, soft_wrap=True)
    if result.still_running:
        raise typer.Exit(ExitCode.NOT_DONE)


def ask_about(
    asked: Iterable[Question], recipe_id: str, values: Mapping[str, str], screen: Console, serial: str | None,
    adb_port: int | None,
) -> bool:  # fmt: skip
    """Asks the person at the terminal about each question. True if the task of this id and values may run now.

    Raises:
        NotDone: an answer was to leave it alone.
    """
    from device.open import open_device

    with closing(open_device(serial, adb_port=adb_port)) as device:
        result = service.list_pending(device)
    recorded = {(one.question.run, one.question.index): one.last_screen for one in result.pending}
    may_run = True
    for question in asked:
        _question(screen, question, recorded.get((question.run, question.index), ()))
        _texts(screen, "on the phone now", result.now_on_screen)
        said = _said(screen)
        service.answer_question(question.run, said, step=question.index + 1)
        match service.after_answer(question, said, recipe_id, values):
            case "leave":
                raise NotDone("left alone, as you said", next_step="Say it again to run it.")
            case "finished":
                screen.print("It was done, so nothing is repeated.", style="bold green")
                may_run = False
            case "run":
                pass
    return may_run


def _said(screen: Console) -> Answer:
    while True:
        try:
            said = screen.input("done, not-done or abandon? ", markup=False).strip().casefold()
        except EOFError:
            said = "abandon"
        for known in ANSWERS:
            if said == known:
                return known


def _print(screen: Console, result: service.PendingResult) -> None:
    if not result.pending and not result.asks:
        screen.print("Nothing waits for your answer.")
    for ask in result.asks:
        show_ask(screen, ask, title="May this be done? ")
        screen.print(f"  mobimem answer {ask.id} {answers_to(ask)}", markup=False, soft_wrap=True)
    for one in result.pending:
        _question(screen, one.question, one.last_screen)
        screen.print(f"  mobimem answer {one.question.run} done|not-done|abandon", markup=False, soft_wrap=True)
    _texts(screen, "on the phone now", result.now_on_screen)


def show_ask(screen: Console, ask: Ask, *, title: str) -> None:
    """A step that needs the owner's yes, with all they have to know to say it: nobody says yes to what they cannot
    see."""
    screen.print(f"{title}{printable(ask.says)}", style="bold yellow", markup=False, soft_wrap=True)
    why = "" if ask.waits else f"; because {printable(ask.why)}; no after {ask.until}"
    screen.print(f"  for {printable(ask.recipe)}{why}", markup=False, soft_wrap=True)
    for slot, value in ask.values.items():
        screen.print(f"  {printable(slot)} = {printable(repr(value))}", markup=False, soft_wrap=True)
    if not ask.values:
        screen.print("  with no values", markup=False)
    _show_beside(screen, ask)


def _show_beside(screen: Console, ask: Ask) -> None:
    beside = ask.beside
    if beside.changed:
        told = f"  The app has changed since this was taught: {printable(beside.changed)}."
        screen.print(told, style="bold yellow", markup=False, soft_wrap=True)
    if beside.words:
        told = f"  A model chose this step, for {printable(beside.words)!r}."
        screen.print(told, style="bold yellow", markup=False, soft_wrap=True)
        screen.print(f"  its reason, in its words: “{printable(beside.reason)}”", markup=False, soft_wrap=True)
        done = "; ".join(map(printable, beside.done)) or "nothing"
        screen.print(f"  done so far: {done}", style="dim", markup=False, soft_wrap=True)
    if beside.page or beside.shown:
        shown = " | ".join(map(printable, beside.shown))
        screen.print(f"  on the page {printable(beside.page)!r}: {shown}", markup=False, soft_wrap=True)
    for doubt in beside.doubts:
        screen.print(f"  careful: {printable(doubt)}", style="yellow", markup=False, soft_wrap=True)


def show_asks(screen: Console, asks: Iterable[str]) -> None:
    """What waits for the owner's yes after a run, and how it is given."""
    for name in asks:
        told = f"waits for your yes: {how_to_answer(policies.one_ask(name))}"
        screen.print(told, style="bold yellow", markup=False, soft_wrap=True)


def how_to_answer(ask: Ask) -> str:
    """The commands that say yes, once or for good where that is possible, and no."""
    always = " [--always]" if ask.lasting else ""
    return f"mobimem approve {ask.id}{always}   or: mobimem answer {ask.id} no"


def with_values(values: Mapping[str, str]) -> str:
    """What an act is done with, slot by slot: nobody says yes to what they cannot see."""
    return ", ".join(f"{slot} = {value!r}" for slot, value in values.items()) or "no values"


def _question(screen: Console, question: Question, last: tuple[str, ...]) -> None:
    screen.print(f"{question.says}", style="bold yellow", markup=False, soft_wrap=True)
    screen.print(f"  {_DOUBT[question.doubt]}: “{question.task}”, {question.at}", markup=False, soft_wrap=True)
    _texts(screen, "last seen by the run", last)


def _texts(screen: Console, title: str, texts: tuple[str, ...]) -> None:
    if texts:
        shown = " | ".join(texts[:_TEXTS_MAX]) + (" | …" if len(texts) > _TEXTS_MAX else "")
        screen.print(f"  {title}: {shown}", markup=False, soft_wrap=True)
