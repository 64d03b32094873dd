"""The reference part of `docs/cli.md`, made from the commands: `python -m mobimem.cli.reference docs/cli.md`.

What stands between the two marks in the file is replaced; the rest is written by hand. A test holds file and commands
together, so a new command or exit code is not forgotten there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mobimem.exit_codes import MEANING

BEGIN = "<!-- made by `python -m mobimem.cli.reference docs/cli.md`: do not edit by hand -->"
END = "<!-- end of what is made -->"


def reference() -> str:
    """Exit codes and every command with its arguments and options, as Markdown."""
    codes = "\n".join(f"| {int(code)} | {code.name} | {meaning} |" for code, meaning in MEANING.items())
    parts = [f"## Exit codes\n\n| code | name | meaning |\n|---|---|---|\n{codes}\n\n## Commands\n"]
    for path, command in commands():
        rows = "\n".join(_row(one) for one in command.params if one.name != "help")
        table = f"\n\n| | |\n|---|---|\n{rows}" if rows else ""
        parts.append(f"### `{path}{_arguments(command)}`\n\n{' '.join((command.help or '').split())}{table}\n")
    return "\n".join(parts)


def commands() -> Iterator[tuple[str, Any]]:
    """Every command that can be run: its words, and Typer's object of it."""
    import typer

    from mobimem.cli import app

    def walk(command: Any, path: str) -> Iterator[tuple[str, Any]]:
        below = getattr(command, "commands", None)
        if below is None:
            yield path, command
        else:
            for name, one in below.items():
                yield from walk(one, f"{path} {name}")

    yield from walk(typer.main.get_command(app), "mobimem")


def with_reference(text: str) -> str:
    """The document with its reference part made anew.

    Raises:
        ValueError: it has not the two marks.
    """
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the document needs the marks {BEGIN!r} and {END!r}")
    return f"{head}{BEGIN}\n\n{reference()}\n{END}{tail}"


def _arguments(command: Any) -> str:
    return "".join(f" {_shown(one)}" for one in command.params if one.param_type_name == "argument")


def _row(one: Any) -> str:
    if one.param_type_name == "argument":
        return f"| `{_cell(_shown(one))}` | {_cell(getattr(one, 'help', ''))} |"
    names = ", ".join(f"`{name}`" for name in (*one.opts, *one.secondary_opts))
    default = one.default
    plain = default is not None and default is not False and default != "" and not callable(default)
    value = "" if one.is_flag else f" {_cell(one.metavar or 'VALUE')}"
    said = _cell(one.help or "") + (f" Default: {default}." if plain and not one.is_flag else "")
    return f"| {names}{value} | {said} |"


def _shown(one: Any) -> str:
    return str(one.metavar or one.name.upper())


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main() -> None:
    """Writes the reference into the file that the command line names."""
    file = Path(sys.argv[1])
    file.write_text(with_reference(file.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
