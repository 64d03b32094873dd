"""What `mobimem eval …` prints: one JSON document, on standard output and, if asked, in a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typer

from mobimem.errors import BadInput
from mobimem.exit_codes import ExitCode


def screen(folder: Path, out: Path | None) -> None:
    """`mobimem eval screen FOLDER`."""
    if not folder.is_dir() or not any(folder.glob("*.xml")):
        raise BadInput(f"{folder} holds no *.xml hierarchies", next_step="Give a folder with dumped hierarchies.")
    from mobimem.evals.screen import evaluate

    _write(evaluate(folder), out)


def upstream(src: Path, out: Path | None) -> None:
    """`mobimem eval upstream --src FOLDER`; ends with NOT_DONE when a test failed that does not need USB."""
    from mobimem.evals.upstream import evaluate

    result = evaluate(src)
    _write(result, out)
    if any(set(suite["failed"]) - set(suite["failed_for_want_of_usb"]) for suite in result["suites"]):
        raise typer.Exit(ExitCode.NOT_DONE)


def _write(result: dict[str, Any], out: Path | None) -> None:
    text = json.dumps(result, indent=1, ensure_ascii=False)
    typer.echo(text)
    if out is not None:
        out.write_text(text + "\n", encoding="utf-8")
