"""`mobimem policy`: the rules in force, what is allowed for good, and the log of every decision."""

from __future__ import annotations

from typing import Annotated

import typer

from mobimem.cli.output import Json, console, print_json
from mobimem.exit_codes import ExitCode

app = typer.Typer(no_args_is_help=True, help="What runs by itself, what is asked, what is refused; and the audit log.")


@app.command("show")
def show_(as_json: Json = False) -> None:
    """Show the rules in force and the standing yeses; both are yours alone to change (docs/policy.md)."""
    from mobimem.service.policy import show_policy

    shown = show_policy()
    if as_json:
        print_json(shown)
        return
    screen = console()
    screen.print(f"Rules: {shown.file}{'' if shown.exists else ' (not written yet)'}", markup=False, soft_wrap=True)
    for words in shown.words:
        screen.print(f"  {words}", markup=False, soft_wrap=True)
    for one in shown.standing:
        values = ", ".join(f"{slot} = {value!r}" for slot, value in one.values.items())
        state = f"taken back {one.revoked_at}" if one.revoked_at else f"since {one.at}"
        screen.print(f"{one.id}  {one.recipe}: {one.says}  ({values})  {state}", markup=False, soft_wrap=True)


@app.command()
def revoke(
    name: Annotated[str, typer.Argument(metavar="YES", help="The standing yes, as `mobimem policy show` names it.")],
    as_json: Json = False,
) -> None:
    """Take a standing yes back, at once: also for a run that is under way."""
    from mobimem.service.policy import revoke_yes

    revoked = revoke_yes(name)
    if as_json:
        print_json(revoked)
    else:
        console().print(f"Taken back: {revoked.recipe}: {revoked.says}", markup=False, soft_wrap=True)


@app.command()
def audit(
    last: Annotated[int, typer.Option("--last", help="How many lines to show; 0: all.", min=0)] = 50,
    as_json: Json = False,
) -> None:
    """Check the audit log and show its end. Ends with 5, and says where, if it was changed, damaged or cut off."""
    from mobimem.service.policy import read_audit

    shown = read_audit(last=last or None)
    if as_json:
        print_json(shown)
    else:
        screen = console()
        for entry in shown.entries:
            says = "  ".join(f"{key}={value}" for key, value in entry.data.items() if value)
            back = "  (the clock went back)" if entry.clock_back else ""
            screen.print(f"{entry.n:5}  {entry.at}  {entry.kind:8}  {says}{back}", markup=False, soft_wrap=True)
        screen.print(f"{shown.lines} lines, {shown.broken or 'whole'}", style="bold", markup=False, soft_wrap=True)
    if shown.broken:
        raise typer.Exit(ExitCode.BAD_DATA)
