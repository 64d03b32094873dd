"""`mobimem replay repairs`: what healing changed of taught tasks, and the owner's word on it."""

from __future__ import annotations

from typing import Annotated

import typer

from mobimem.cli.output import Json

app = typer.Typer(no_args_is_help=True, help="List, show, accept and revert what healing changed.")

Id = Annotated[str, typer.Argument(metavar="REPAIR", help="A repair's id, as `repairs list` shows it.")]


@app.command("list")
def list_(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Only those of this recipe.")] = None,
    as_json: Json = False,
) -> None:
    """List the repairs, oldest first: what was found again, by what, and whether it is accepted."""
    from mobimem.cli.show import repairs as show

    show.listed(name, as_json=as_json)


@app.command("show")
def show_(repair: Id, as_json: Json = False) -> None:
    """Show one repair: old beside new, the evidence, and what both screens said."""
    from mobimem.cli.show import repairs as show

    show.one(repair, as_json=as_json)


@app.command()
def accept(repair: Id, as_json: Json = False) -> None:
    """Make a repair a new version of its recipe."""
    from mobimem.cli.show import repairs as show

    show.accepted(repair, as_json=as_json)


@app.command()
def revert(repair: Id, as_json: Json = False) -> None:
    """Bring the step back to what it was before a repair, as a new version of its recipe."""
    from mobimem.cli.show import repairs as show

    show.reverted(repair, as_json=as_json)
