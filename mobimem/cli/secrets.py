"""`mobimem secrets`: names go in and out of the command line, secrets never do."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from mobimem.cli.output import Json, console, print_json

app = typer.Typer(no_args_is_help=True, help="Keep secrets that a task types as secret://NAME.")

Name = Annotated[str, typer.Argument(help="The secret's name: letters, digits, _ . -")]


@app.command()
def add(name: Name, as_json: Json = False) -> None:
    """Keep a secret; it is asked for without echo, or read from standard input (one line)."""
    from mobimem.service.secrets import add_secret

    if sys.stdin.isatty():
        from getpass import getpass

        secret = getpass(f"Secret {name} (not shown): ")
    else:
        secret = sys.stdin.readline().rstrip("\r\n")
    stored = add_secret(name, secret)
    if as_json:
        print_json(stored)
    else:
        where = "the OS keyring" if stored.kept_in == "keyring" else "a file only you can read"
        console().print(f"Kept in {where}. Write it as secret://{name} where it is to be typed.", soft_wrap=True)


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the names, never the secrets."""
    from mobimem.service.secrets import list_secrets

    result = list_secrets()
    if as_json:
        print_json(result)
    elif not result.secrets:
        console().print("No secrets. Keep one: mobimem secrets add NAME")
    else:
        for stored in result.secrets:
            console().print(f"{stored.name}  ({stored.kept_in})", markup=False)


@app.command()
def remove(name: Name, as_json: Json = False) -> None:
    """Forget a secret."""
    from mobimem.service.secrets import remove_secret

    remove_secret(name)
    if as_json:
        print_json({"removed": name})
    else:
        console().print(f"Forgotten: {name}", markup=False)
