"""What `mobimem replay repairs …` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mobimem.cli.output import console, print_json
from mobimem.service import repairs as service

if TYPE_CHECKING:
    from rich.console import Console

_COLORS = {"proposed": "yellow", "accepted": "green", "reverted": "dim"}
TEXTS_MAX = 20


def listed(name: str | None, *, as_json: bool) -> None:
    """Prints what was repaired, of one recipe or of all."""
    found = service.list_repairs(name)
    if as_json:
        print_json({"repairs": found})
        return
    screen = console()
    if not found:
        screen.print("Nothing was repaired.")
    for line in found:
        _print(screen, line)


def one(repair_id: str, *, as_json: bool) -> None:
    """Prints a repair with its evidence and the screens then and now."""
    shown = service.show_repair(repair_id)
    if as_json:
        print_json(shown)
        return
    screen = console()
    _print(screen, shown.line)
    was, now = shown.revisions
    screen.print(f"  run {shown.run}, revision {was} -> {now}", markup=False, soft_wrap=True)
    for differing in shown.differs:
        said = f"  {differing.piece:12} {differing.was!r} -> {differing.now!r}"
        screen.print(said, markup=False, soft_wrap=True)
    for evidence in shown.evidence:
        screen.print(f"  because {evidence.get('says', '')}", markup=False, style="dim", soft_wrap=True)
    for called, texts in (("then", shown.screen_then), ("now", shown.screen_now)):
        said = " | ".join(texts[:TEXTS_MAX]) or "not recorded"
        screen.print(f"  screen {called}: {said}", markup=False, style="dim", soft_wrap=True)
    for line in shown.history:
        screen.print(f"  {line}", markup=False, style="dim", soft_wrap=True)


def accepted(repair_id: str, *, as_json: bool) -> None:
    """Takes a repair into a new version of its recipe."""
    _done(service.accept_repair(repair_id), as_json=as_json)


def reverted(repair_id: str, *, as_json: bool) -> None:
    """Brings the step back to what it was before a repair, in a new version of its recipe."""
    _done(service.revert_repair(repair_id), as_json=as_json)


def _done(line: service.RepairLine, *, as_json: bool) -> None:
    if as_json:
        print_json(line)
    else:
        _print(console(), line)


def _print(screen: Console, line: service.RepairLine) -> None:
    screen.print(f"[{_COLORS[line.status]}]{line.status:9}[/]", end=" ")
    version = f", version {line.version}" if line.version else ""
    by = ", ".join(line.by)
    screen.print(f"{line.id}  {line.name}: {line.says} (by {by}{version})", markup=False, soft_wrap=True)
    if line.needs_owner:
        said = f"          waits for you, because {line.needs_owner}: mobimem replay repairs accept|revert {line.id}"
        screen.print(said, markup=False, style="yellow", soft_wrap=True)
