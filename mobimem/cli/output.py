"""What every command shares: where it prints, `--json`, and how an error becomes a message and an exit code.

Standard output carries the result and nothing else; progress and errors go to standard error. With `--json` the result
is one JSON document, and so is an error: `{"error": {"kind", "message", "next_step"}, "exit_code"}`. Errors are
translated here, once; commands let them rise.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
import traceback
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from device.errors import AskOwner, DeviceError, ReadAgain, Reconnect
from memory.errors import (
    MemoryFault,
    NoSuchPreset,
    NotAnExport,
    NothingToRemember,
    NotRemembered,
    StoreDamaged,
    StoreTooNew,
)
from mobimem.errors import BadInput, MobimemError, NotDone, OnlyTaughtValues, OwnerNeeded, PartMissing, short_quotes
from mobimem.exit_codes import ExitCode
from mobimem.llm.errors import ModelError
from perception.errors import HierarchyRefused, PerceptionError
from replay.errors import RecipeInvalid, ReplayError, SlotMissing, TraceError

if TYPE_CHECKING:
    from rich.console import Console

Json = Annotated[bool, typer.Option("--json", help="Print the result as one JSON document.")]


def file_to_write(path: Path | None) -> Path | None:
    """The path, looked at before the work that fills it begins.

    Raises:
        BadInput: nothing can be written there.
    """
    if path is not None and (path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK)):
        raise BadInput(f"nothing can be written to {path}: name a file in a folder that exists and is yours to write")
    return path


Out = Annotated[Path | None, typer.Option("--out", help="Also write the JSON to this file.", callback=file_to_write)]


def save_json(path: Path, result: Any) -> None:
    """Writes one JSON document to a file."""
    path.write_text(json.dumps(plain(result), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def console(*, stderr: bool = False) -> Console:
    """A Rich console; made when needed, because Rich costs a tenth of a second."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False)


def print_json(result: Any) -> None:
    """Writes one JSON document: dataclasses by their fields, times in ISO 8601, paths and enumerations as text."""
    json.dump(plain(result), sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def plain(value: Any) -> Any:
    """`value` as data that JSON knows."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    return value


Ours: TypeAlias = DeviceError | PerceptionError | ReplayError | MobimemError | MemoryFault


def exit_code_of(error: Ours) -> ExitCode:
    """Which exit code an error of ours ends with."""
    match error:
        case Reconnect():
            return ExitCode.UNREACHABLE
        case AskOwner() | OwnerNeeded():
            return ExitCode.OWNER_NEEDED
        case ReadAgain():
            return ExitCode.READ_AGAIN
        case BadInput() | TraceError() | RecipeInvalid() | HierarchyRefused():
            return ExitCode.BAD_DATA
        case NothingToRemember() | NotRemembered() | NoSuchPreset() | NotAnExport() | StoreDamaged() | StoreTooNew():
            return ExitCode.BAD_DATA
        case SlotMissing() | OnlyTaughtValues():
            return ExitCode.USAGE
        case PartMissing() | NotDone() | ModelError() | ReplayError() | MemoryFault():
            return ExitCode.NOT_DONE
        case _:
            return ExitCode.BUG


def report(error: Ours, *, as_json: bool) -> ExitCode:
    """Tells the reader what happened and what to do next, and returns the exit code."""
    code = exit_code_of(error)
    serial = getattr(error, "serial", None)
    cause, next_step = short_quotes(error.cause), short_quotes(error.next_step)
    cause = f"[{serial}] {cause}" if serial else cause
    if as_json:
        body = {"kind": type(error).__name__, "message": cause, "next_step": next_step}
        print_json({"error": body, "exit_code": int(code)})
    else:
        screen = console(stderr=True)
        screen.print(f"[bold red]{type(error).__name__}[/]: ", end="")
        screen.print(cause, markup=False)
        screen.print("Next: ", style="bold", end="")
        screen.print(next_step, markup=False)
    return code


def report_bug(error: Exception, *, as_json: bool) -> ExitCode:
    """Tells of an error nobody foresaw: the traceback on standard error, and where to send it."""
    traceback.print_exception(error, file=sys.stderr)
    next_step = "Please report this with the output of `mobimem doctor --json`."
    if as_json:
        body = {"kind": type(error).__name__, "message": str(error), "next_step": next_step}
        print_json({"error": body, "exit_code": int(ExitCode.BUG)})
    else:
        console(stderr=True).print(f"[bold]Next:[/] {next_step}")
    return ExitCode.BUG
