"""What `mobimem doctor` shows."""

from __future__ import annotations

from pathlib import Path

import typer

from mobimem.cli.output import console, print_json, save_json
from mobimem.exit_codes import ExitCode
from mobimem.service.doctor import DoctorResult, accept, examine

_MARK = {"ok": "[green]ok[/]     ", "warning": "[yellow]warning[/]", "problem": "[red]problem[/]"}
_CHECK = {"pass": "[green]pass[/]", "fail": "[red]fail[/]", "skip": "[yellow]skip[/]"}


def findings(adb_port: int | None, *, as_json: bool) -> None:
    """Prints the findings; ends with NOT_DONE when one is a problem."""
    result = examine(adb_port=adb_port)
    if as_json:
        print_json(result)
    else:
        _print(result)
    if not result.well:
        raise typer.Exit(ExitCode.NOT_DONE)


def acceptance(serial: str | None, adb_port: int | None, report: Path | None, *, as_json: bool) -> None:
    """Runs the acceptance checks, prints each as it ends, and writes the report."""
    screen = console(stderr=as_json)

    def show(result: object) -> None:
        name, outcome = getattr(result, "name", ""), getattr(result, "outcome", "")
        screen.print(f"{_CHECK[outcome]}  {name}: ", end="")
        screen.print(str(getattr(result, "evidence", "")), markup=False, soft_wrap=True)

    body = accept(serial, adb_port=adb_port, on_result=show)
    if as_json:
        print_json(body)
    target = report or (None if as_json else Path("mobimem-acceptance.json"))
    if target is not None:
        save_json(target, body)
        screen.print(f"Report: {target}. Please send it in: it holds no texts of yours.", soft_wrap=True)
    if not body["accepted"]:
        raise typer.Exit(ExitCode.NOT_DONE)


def _print(result: DoctorResult) -> None:
    screen = console()
    for finding in result.findings:
        screen.print(f"{_MARK[finding.severity]}  [bold]{finding.name}[/]  ", end="")
        screen.print(finding.what, markup=False, soft_wrap=True)
        if finding.fix:
            screen.print("         fix: ", end="")
            screen.print(finding.fix, markup=False, soft_wrap=True)
    known = result.embedder
    screen.print(f"{_MARK['ok' if known.ready else 'warning']}  [bold]embedder[/]  ", end="")
    screen.print(f"{known.name} ({known.kind}): {known.detail}", markup=False, soft_wrap=True)
    if known.fix:
        screen.print(f"         fix: {known.fix}", markup=False, soft_wrap=True)
    packages = ", ".join(f"{name} {version}" for name, version in result.versions.items())
    screen.print(f"[dim]Python {result.python}, {result.system}; {packages}[/]", soft_wrap=True)
