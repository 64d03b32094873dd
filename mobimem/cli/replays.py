"""The commands around taught tasks: `do`, `replay …`, `stop`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mobimem.cli import debugging as more
from mobimem.cli import repairs
from mobimem.cli.output import Json

app = typer.Typer(no_args_is_help=True, help="List, show, run and verify taught tasks.")

Name = Annotated[str, typer.Argument(help="A recipe's name.")]
Sets = Annotated[
    list[str] | None, typer.Option("--set", "-s", metavar="SLOT=VALUE", help="A slot's value; may be given repeatedly.")
]
Serial = Annotated[str | None, typer.Option("--device", "-d", help="Serial; needed if there are several.")]
AdbPort = Annotated[
    int | None,
    typer.Option("--adb-port", help="Port of the adb server (default: $ANDROID_ADB_SERVER_PORT, else 5037)."),
]
Consent = Annotated[
    Path | None,
    typer.Option("--consent", help="Policy file (TOML or JSON) that answers instead of you; docs/cli.md shows one."),
]

Heal = Annotated[
    bool,
    typer.Option("--heal/--no-heal", help="Find again what an update renamed, reworded or moved (docs/healing.md)."),
]
Wait = Annotated[
    float | None,
    typer.Option(
        "--wait", metavar="SECONDS", min=0, max=86_400,
        help="How long a question or a consent waits for your answer, here or by `mobimem answer`. [300 at a terminal, "
        "else 0]",
    ),
]  # fmt: skip


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List what was taught, and lessons that were cut off."""
    from mobimem.cli.show import replay as show

    show.recipes(as_json=as_json)


@app.command("show")
def show_(
    name: Name,
    version: Annotated[int | None, typer.Option("--version", help="An older version.")] = None,
    timeline: Annotated[
        bool, typer.Option("--timeline", help="What its trace recorded: times, results, checks. Also of a run.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show a recipe, step by step; or a trace (by its path) as it went; or a lesson that was cut off."""
    from mobimem.cli.show import debugging, lessons
    from mobimem.cli.show import replay as show

    if name.startswith("lesson-") and lessons.show(name, as_json=as_json):
        return
    if timeline or Path(name).exists():
        debugging.trace(name, as_json=as_json)
        return
    show.recipe(name, version, as_json=as_json)


@app.command("run")
def run_(
    name: Name,
    sets: Sets = None,
    device: Serial = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Play it on the screens it was taught on, with the taught values; no phone."),
    ] = False,
    consent: Consent = None,
    first: Annotated[int | None, typer.Option("--from", help="Begin at this step; those before count as done.")] = None,
    last: Annotated[int | None, typer.Option("--to", help="End after this step.")] = None,
    stop_before: Annotated[int | None, typer.Option("--break", help="Stop before this step and hand over.")] = None,
    break_on: Annotated[
        str | None, typer.Option("--break-on", metavar="divergence", help="Hand over where it cannot go on.")
    ] = None,
    heal: Heal = True,
    adb_port: AdbPort = None,
    as_json: Json = False,
) -> None:
    """Run a recipe, with no model. Asks before each irreversible step, showing step and values."""
    from mobimem.cli.show import debugging
    from mobimem.cli.show import replay as show

    if break_on not in (None, "divergence"):
        raise typer.BadParameter("only divergence is known", param_hint="--break-on")
    if first or last or stop_before or break_on:
        debugging.ranged(
            name, sets or [], device, adb_port, consent, first=first, last=last, stop_before=stop_before,
            at_divergence=break_on is not None, dry=dry_run, as_json=as_json, heal=heal,
        )  # fmt: skip
    elif dry_run:
        show.dry_run(name, sets or [], as_json=as_json)
    else:
        show.run(name, sets or [], device, adb_port, consent, as_json=as_json, heal=heal)


@app.command()
def verify(
    what: Annotated[str, typer.Argument(metavar="PATH|NAME", help="A trace (folder or .zip), or a recipe's name.")],
    as_json: Json = False,
) -> None:
    """Hold a trace or a recipe against its hashes; names each damaged part."""
    from mobimem.cli.show import replay as show

    show.verify(what, as_json=as_json)


@app.command()
def pending(device: Serial = None, adb_port: AdbPort = None, as_json: Json = False) -> None:
    """Show what earlier runs left open, with what was on the screen; --device also reads what is there now."""
    from mobimem.cli.show import pending as show

    show.pending(device, adb_port, as_json=as_json)


def do(
    words: Annotated[str, typer.Argument(metavar="WORDS|NAME", help="What to do, in your words; or a recipe's name.")],
    sets: Sets = None,
    device: Serial = None,
    consent: Consent = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Only say how the words are understood, and why; do nothing.")
    ] = False,
    plan_only: Annotated[
        bool, typer.Option("--plan-only", help="Only show the sub-tasks and what flows between them; do nothing.")
    ] = False,
    heal: Heal = True,
    wait: Wait = None,
    adb_port: AdbPort = None,
    as_json: Json = False,
) -> None:
    """Do what the words say: mobimem do "tell Bob dinner is ready". Known tasks are replayed, also with other words and
    values than the taught ones; where models.toml names a decider, a model is asked for what memory lacks.
    """
    from mobimem.cli.show import doing as show

    if explain:
        show.explain(words, sets or [], as_json=as_json)
    elif plan_only:
        show.plan(words, sets or [], device, adb_port, as_json=as_json)
    else:
        show.run(words, sets or [], device, adb_port, consent, as_json=as_json, heal=heal, wait_s=wait)


def stop(as_json: Json = False) -> None:
    """Stop every run that is under way, within one step."""
    from mobimem.cli.show import pending as show

    show.stop(as_json=as_json)


app.add_typer(repairs.app, name="repairs")
more.register(app)
