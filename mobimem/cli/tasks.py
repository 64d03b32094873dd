"""`mobimem tasks`, `answer` and `approve`: what waits for the owner, what is not done, and how it goes on."""

from __future__ import annotations

from typing import Annotated

import typer

from mobimem.cli.output import Json
from mobimem.cli.replays import AdbPort, Consent, Heal, Serial, Wait
from mobimem.errors import BadInput

app = typer.Typer(help="What waits for you, what runs, and what was cut off; go on with it, or leave it.")

Run = Annotated[str, typer.Argument(metavar="RUN", help="The task's run, as `mobimem tasks` names it.")]
AnyValue = Annotated[
    list[str] | None,
    typer.Option("--any", metavar="SLOT", help="With always: this slot may hold anything; may be given repeatedly."),
]


@app.callback(invoke_without_command=True)
def tasks(context: typer.Context, as_json: Json = False) -> None:
    """What waits for you, what runs, and what was cut off; go on with it, or leave it. Alone it is `tasks list`."""
    from mobimem.cli.show import tasks as show

    if context.invoked_subcommand is None:
        show.listed(as_json=as_json)


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List questions and consents that wait for you, what runs, and tasks that are not done."""
    from mobimem.cli.show import tasks as show

    show.listed(as_json=as_json)


@app.command()
def resume(
    run: Run,
    device: Serial = None,
    consent: Consent = None,
    heal: Heal = True,
    wait: Wait = None,
    adb_port: AdbPort = None,
    as_json: Json = False,
) -> None:
    """Go on with a task that was cut off or not done, from the screen as it is: done steps are not repeated."""
    from mobimem.cli.show import tasks as show

    show.resume(run, device, adb_port, consent, as_json=as_json, heal=heal, wait_s=wait)


@app.command()
def discard(run: Run, as_json: Json = False) -> None:
    """Take a task off the list: it is not gone on with. Its journals stay."""
    from mobimem.cli.show import tasks as show

    show.discard(run, as_json=as_json)


def answer(
    what: Annotated[
        str, typer.Argument(metavar="RUN|ASK|QUESTION", help="What is asked, as `mobimem tasks` names it.")
    ],
    said: Annotated[
        str,
        typer.Argument(
            metavar="ANSWER",
            help="Of a run, what you see on the phone: done, not-done, abandon; of an ask: yes, no, always; "
            "of a question: what it asks for.",
        ),
    ],
    step: Annotated[int | None, typer.Option("--step", help="Its number, where several are open.", min=0)] = None,
    always: Annotated[
        bool, typer.Option("--always", help="Of a question about a value: remember it, and ask no more.")
    ] = False,
    any_value: AnyValue = None,
    as_json: Json = False,
) -> None:
    """Answer a question: which value is meant, whether a step that was cut off has happened, or whether one may be.

    A task that waits goes on at once; one that has ended takes the answer when it is said or taken up again. Of an
    ask, yes holds for one act with the values shown; always also for later ones (docs/policy.md).
    """
    from mobimem.cli.show import pending as show

    if what.startswith("q-"):
        show.answer_waiting(what, said, always=always, as_json=as_json)
    elif what.startswith("ask-"):
        show.answer_ask(what, "always" if always and said == "yes" else said, any_value or [], as_json=as_json)
    else:
        show.answer(what, said, step, as_json=as_json)


def approve(
    what: Annotated[str, typer.Argument(metavar="ASK", help="What is asked, as `mobimem tasks` names it.")],
    always: Annotated[bool, typer.Option("--always", help="Also from now on (docs/policy.md).")] = False,
    any_value: AnyValue = None,
    as_json: Json = False,
) -> None:
    """Say yes: to a step that waits for your consent, or to a question of yes or no. No is `mobimem answer ASK no`."""
    if not what.startswith(("q-", "ask-")):
        raise BadInput(f"there is no ask {what!r}", next_step="`mobimem tasks` shows what waits for your yes.")
    answer(what, "yes", None, always, any_value, as_json)
