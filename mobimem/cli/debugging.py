"""The commands of the debugger, under `mobimem replay`: step, report, diff, bisect, export, import, redact, prune."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mobimem.cli.output import Json

What = Annotated[str, typer.Argument(metavar="WHAT", help="A trace's path, a run's name, or a recipe's name.")]
Sets = Annotated[
    list[str] | None, typer.Option("--set", "-s", metavar="SLOT=VALUE", help="A slot's value; may be given repeatedly.")
]
Serial = Annotated[str | None, typer.Option("--device", "-d", help="Serial; needed if there are several.")]
AdbPort = Annotated[
    int | None,
    typer.Option("--adb-port", help="Port of the adb server (default: $ANDROID_ADB_SERVER_PORT, else 5037)."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")]
Consent = Annotated[
    Path | None,
    typer.Option("--consent", help="Policy file (TOML or JSON) that answers instead of you; docs/cli.md shows one."),
]
Heal = Annotated[
    bool,
    typer.Option("--heal/--no-heal", help="Find again what an update renamed, reworded or moved (docs/healing.md)."),
]


def step(
    what: What,
    sets: Sets = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="On the recorded screens: no phone.")] = False,
    script: Annotated[
        Path | None, typer.Option("--script", help="Take the commands from this file; stops at the first that fails.")
    ] = None,
    device: Serial = None,
    consent: Consent = None,
    adb_port: AdbPort = None,
    heal: Heal = True,
    as_json: Json = False,
) -> None:
    """Step through a recipe, on a phone or (--dry-run) on its recorded screens; `help` lists the commands."""
    from mobimem.cli.show import debugging as show

    show.step(what, sets or [], script, device, adb_port, consent, dry=dry_run, as_json=as_json, heal=heal)


def report(
    what: What,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="The file (default: NAME-report.html here).")] = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Write a trace as one HTML file: every step with its screens, target and checks. Opens with no network."""
    from mobimem.cli.show import debugging as show

    show.report(what, out, force=force, as_json=as_json)


def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="A trace, run or recipe.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Another.")],
    as_json: Json = False,
) -> None:
    """Hold two traces side by side: steps the same, changed, only in A, only in B. Ends with 1 if they differ."""
    from mobimem.cli.show import debugging as show

    show.diff(a, b, as_json=as_json)


def bisect(
    good: Annotated[str, typer.Argument(metavar="GOOD", help="A run or demonstration that was right.")],
    bad: Annotated[str, typer.Argument(metavar="BAD", help="One that was not.")],
    as_json: Json = False,
) -> None:
    """Find the first step where a bad run parts from a good one. Ends with 1 if they part."""
    from mobimem.cli.show import debugging as show

    show.bisect(good, bad, as_json=as_json)


def export(
    what: What,
    to: Annotated[str, typer.Option("--to", metavar="uiautomator2|maestro|json", help="For which tool.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="The file (default: standard output).")] = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Write a task as a plain uiautomator2 script, a Maestro flow or JSON."""
    from mobimem.cli.show import debugging as show

    show.export(what, to, out, force=force, as_json=as_json)


def redact(
    what: What,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the new trace; must not exist.")],
    words: Annotated[
        list[str] | None, typer.Option("--word", metavar="TEXT", help="What must not be said; may be given repeatedly.")
    ] = None,
    every_text: Annotated[bool, typer.Option("--every-text", help="Mask all that screens say.")] = False,
    as_json: Json = False,
) -> None:
    """Make a copy of a trace without given words and without pictures. It names the trace it was made from."""
    from mobimem.cli.show import debugging as show

    show.redact(what, out, tuple(words or ()), every_text=every_text, as_json=as_json)


def prune(
    what: What,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the new trace; must not exist.")],
    first: Annotated[int, typer.Option("--from", help="First step that is kept.", min=1)] = 1,
    last: Annotated[int | None, typer.Option("--to", help="Last step that is kept.", min=1)] = None,
    pictures: Annotated[bool, typer.Option("--pictures", help="Keep the pictures.")] = False,
    as_json: Json = False,
) -> None:
    """Make a copy of a trace with only some of its steps, without notes. It names the trace it was made from."""
    from mobimem.cli.show import debugging as show

    show.prune(what, out, first, last, pictures=pictures, as_json=as_json)


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Maestro flow (.yaml), else uiautomator2 calls.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the recipe is to be called.")],
    sets: Sets = None,
    device: Serial = None,
    adb_port: AdbPort = None,
    as_json: Json = False,
) -> None:
    """Do what a log or flow says once on a phone, and keep it as a recipe. --set names what will change (its slots)."""
    from mobimem.cli.show import debugging as show

    show.import_(file, name, sets or [], device, adb_port, as_json=as_json)


def register(app: typer.Typer) -> None:
    """Adds these commands to `mobimem replay`."""
    for command in (step, report, diff, bisect, export, redact, prune):
        app.command()(command)
    app.command("import")(import_)
