"""What the debugger's commands show, and the loop that feeds it lines from a person or a file."""

from __future__ import annotations

import io
import select
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

import typer

from mobimem.cli.output import console, print_json
from mobimem.cli.show.replay import consent_for, values_of
from mobimem.errors import BadInput
from mobimem.exit_codes import ExitCode
from mobimem.service import debug as service
from mobimem.service import importing
from mobimem.service.recipes import named_task
from mobimem.service.secrets import store
from replay.debugger import Debugger, Reply
from replay.timeline import Moment

if TYPE_CHECKING:
    from rich.console import Console

STOP_LOOK_S: Final = 0.2  # between two looks whether `mobimem stop` was said, while a person is waited for
_HELD = {True: "holds", False: "FAILS", None: "?"}


def step(
    what: str, sets: list[str], script: Path | None, serial: str | None, adb_port: int | None, policy: Path | None,
    *, dry: bool, as_json: bool, heal: bool = True,
) -> None:  # fmt: skip
    """`mobimem replay step`; a script that fails ends with NOT_DONE."""
    lines = None if script is None else _lines_of(script)
    with ExitStack() as stack:
        debugger = _debugger(stack, what, sets, serial, adb_port, policy, dry=dry, heal=heal)
        drive(debugger, lines, as_json=as_json)


def ranged(
    what: str, sets: list[str], serial: str | None, adb_port: int | None, policy: Path | None, *, first: int | None,
    last: int | None, stop_before: int | None, at_divergence: bool, dry: bool, as_json: bool, heal: bool = True,
) -> None:  # fmt: skip
    """`mobimem replay run` from, to or up to a step: the debugger, told so; at a break a person takes over."""
    with ExitStack() as stack:
        debugger = _debugger(stack, what, sets, serial, adb_port, policy, dry=dry, heal=heal)
        total = len(debugger.recipe.steps)
        if any(not 1 <= number <= total for number in (first, last, stop_before) if number is not None):
            raise BadInput(f"the recipe has steps 1 to {total}", next_step="Give --from, --to and --break among them.")
        begin = first or 1
        ends = [end for end in (last, None if stop_before is None else stop_before - 1) if end is not None]
        end = min(ends, default=total)
        if end < begin:
            raise BadInput(f"nothing lies between step {begin} and step {end}", next_step="Give an end that is later.")
        replies = [debugger.do(f"goto {begin}"), debugger.do(f"next {end - begin + 1}")]
        screen = console(stderr=as_json)
        for reply in replies:
            _show(screen, reply)
        taken_over = stop_before is not None or (at_divergence and replies[-1].failed)
        if taken_over and not replies[-1].quit and _at_terminal():
            drive(debugger, None, as_json=as_json, before=replies)
            return
        if taken_over and not replies[-1].failed:
            says = f"stopped before step {debugger.index + 1}; nobody is at a terminal to take over"
            screen.print(f"{says}. Go on: --from {debugger.index + 1}", markup=False, soft_wrap=True)
        if as_json:
            print_json(_data(debugger, replies))
        if replies[-1].failed:
            raise typer.Exit(ExitCode.NOT_DONE)


def drive(debugger: Debugger, lines: Iterator[str] | None, *, as_json: bool, before: list[Reply] | None = None) -> None:
    """Feeds the debugger until it is left; from a script, until a line fails."""
    screen = console(stderr=as_json)
    replies = list(before or ())
    failed = False
    for line in _asked(debugger, screen) if lines is None else lines:
        if lines is not None:
            screen.print(f"> {line}", style="dim", markup=False, soft_wrap=True)
        reply = debugger.do(line)
        replies.append(reply)
        _show(screen, reply)
        failed = reply.failed and lines is not None
        if reply.quit or failed:
            failed = reply.failed
            break
    if as_json:
        print_json(_data(debugger, replies))
    if failed:
        raise typer.Exit(ExitCode.NOT_DONE)


def trace(what: str, *, as_json: bool) -> None:
    """`mobimem replay show --timeline`: every step with its checks and times."""
    told = service.tell_trace(what)
    moments, header = told.timeline.moments, told.timeline.trace.header
    if as_json:
        parting = None if told.parting is None else told.parting.to_data()
        steps = [_moment(moment) for moment in moments]
        print_json({"name": header.name, "source": header.source, "problems": told.problems, "steps": steps,
                    "divergence": parting})  # fmt: skip
        return
    screen = console()
    screen.print(f"{header.name} ({header.source}, {header.started_at})", style="bold", markup=False, soft_wrap=True)
    for problem in told.problems:
        screen.print(f"  missing  {problem}", style="yellow", markup=False, soft_wrap=True)
    for moment in moments:
        at = "" if moment.at_s is None else f"{moment.at_s:7.2f} s"
        says = f"{moment.number:3}  {at:>10} {moment.duration_s:6.2f} s  {moment.result:8} {moment.says}"
        screen.print(says, markup=False, soft_wrap=True)
        for check in moment.checks:
            line = f"{_HELD[check.holds]:>31}  {check.when}: {check.says} ({check.seen})"
            screen.print(line, style="red" if check.holds is False else "dim", markup=False, soft_wrap=True)
    if told.parting is not None:
        screen.print(told.parting.to_text(), markup=False, soft_wrap=True)


def report(what: str, out: Path | None, *, force: bool, as_json: bool) -> None:
    """Writes the report of a run or a recipe, and tells what is missing from it."""
    done = service.report_trace(what, out, force=force)
    if as_json:
        print_json(done)
        return
    screen = console()
    for problem in done.problems:
        screen.print(f"missing  {problem}", style="yellow", markup=False, soft_wrap=True)
    screen.print(f"{done.report}: {done.steps} steps, {done.bytes / 1e6:.2f} MB", markup=False, soft_wrap=True)


def diff(a: str, b: str, *, as_json: bool) -> None:
    """Prints where two recordings differ; ends with NOT_DONE if they do."""
    found = service.diff_traces(a, b)
    _found(found.to_data(), found.to_text(), as_json=as_json)
    if not found.same:
        raise typer.Exit(ExitCode.NOT_DONE)


def bisect(good: str, bad: str, *, as_json: bool) -> None:
    """Prints where two runs of one recipe part; ends with NOT_DONE if they do."""
    found = service.bisect_runs(good, bad)
    _found(found.to_data(), found.to_text(), as_json=as_json)
    if found.number:
        raise typer.Exit(ExitCode.NOT_DONE)


def export(what: str, to: str, out: Path | None, *, force: bool, as_json: bool) -> None:
    """Writes a task for another tool, to a file or to standard output. Says on standard error what it cannot do."""
    done = service.export_task(what, to)
    for one in done.left_out:
        console(stderr=True).print(f"left out  {one}", style="yellow", markup=False, soft_wrap=True)
    if out is not None:
        service.write_export(done, out, force=force)
    if as_json:
        print_json({"to": to, "text": done.text, "left_out": done.left_out, "file": None if out is None else str(out)})
    elif out is None:
        sys.stdout.write(done.text)
    else:
        console(stderr=True).print(f"written to {out}", markup=False, soft_wrap=True)


def import_(file: Path, name: str, sets: list[str], serial: str | None, adb_port: int | None, *, as_json: bool) -> None:
    """Asks at the terminal before what cannot be undone; without one, the answer is no."""
    screen = console(stderr=True)
    imported = importing.read_import(file)
    for one in imported.passed_over:
        screen.print(f"passed over  {one}", style="dim", markup=False, soft_wrap=True)

    def allow(says: str) -> bool:
        screen.print(f"This cannot be undone: {says}", style="bold yellow", markup=False, soft_wrap=True)
        return sys.stdin.isatty() and screen.input("Do it? [y/N] ", markup=False).strip().casefold() in ("y", "yes")

    entry = importing.import_task(imported, name, values_of(sets), allow, serial=serial, adb_port=adb_port)
    if as_json:
        steps, passed = len(entry.recipe.steps), imported.passed_over
        print_json({"name": entry.name, "version": entry.version, "steps": steps, "passed_over": passed})
        return
    says = f"{entry.name!r} is kept: {len(entry.recipe.steps)} steps, version {entry.version}"
    console().print(says, markup=False, soft_wrap=True)


def redact(what: str, out: Path, words: tuple[str, ...], *, every_text: bool, as_json: bool) -> None:
    """Copies a trace with these words masked, and with `every_text` everything its screens say."""
    _copied(service.redact_trace(what, out, words, every_text=every_text), as_json=as_json)


def prune(what: str, out: Path, first: int, last: int | None, *, pictures: bool, as_json: bool) -> None:
    """Copies the steps from `first` to `last` of a trace, counted from 1, with the screens they name."""
    _copied(service.prune_trace(what, out, first=first, last=last, pictures=pictures), as_json=as_json)


def _debugger(
    stack: ExitStack, what: str, sets: list[str], serial: str | None, adb_port: int | None, policy: Path | None,
    *, dry: bool, heal: bool,
) -> Debugger:  # fmt: skip
    if dry:
        return service.debug_on_record(what, values_of(sets))
    task = named_task(what, values_of(sets))
    consent = consent_for(task, policy, console(stderr=True))
    return stack.enter_context(
        service.debug_on_device(task, consent, serial=serial, adb_port=adb_port, reveal=store().reveal, heal=heal)
    )


def _lines_of(script: Path) -> Iterator[str]:
    try:
        return iter(script.read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{script} cannot be read ({error})") from error


def _asked(debugger: Debugger, screen: Console) -> Iterator[str]:
    screen.print(debugger.prompt(), markup=False, soft_wrap=True)
    while True:
        screen.print("(replay) ", end="", markup=False)
        line = next_line(sys.stdin, debugger.stopped)
        if not line:
            return
        yield line


def next_line(typed: TextIO, stopped: Callable[[], bool]) -> str:
    """The next line a person types; "" at the end. A comment as soon as all is to stop: then the prompt is left."""
    while typed.isatty() and _has_number(typed):
        if select.select([typed], [], [], STOP_LOOK_S)[0]:
            break
        if stopped():
            return "# stopped\n"
    return typed.readline()


def _has_number(typed: TextIO) -> bool:
    """Whether the system can be asked if a line is there."""
    try:
        typed.fileno()
    except io.UnsupportedOperation:
        return False
    return True


def _at_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _show(screen: Console, reply: Reply) -> None:
    for line in reply.says:
        screen.print(line, style="red" if reply.failed else None, markup=False, soft_wrap=True)


def _data(debugger: Debugger, replies: list[Reply]) -> dict[str, Any]:
    return {
        "step": debugger.index + 1,
        "at_end": debugger.at_end,
        "outcome": _outcome(debugger, replies),
        "failed": any(reply.failed for reply in replies),
        "replies": [{"says": reply.says, "failed": reply.failed} for reply in replies],
    }


def _outcome(debugger: Debugger, replies: list[Reply]) -> str:
    """How it ended: "done" (at the last step's end), "cancelled" (`mobimem stop`), "stopped" (it could not go on), or
    "break" (steps are left, because it was told so)."""
    if debugger.stopped():
        return "cancelled"
    if replies and replies[-1].failed:
        return "stopped"
    return "done" if debugger.at_end else "break"


def _moment(moment: Moment) -> dict[str, Any]:
    return {
        "number": moment.number, "says": moment.says, "result": moment.result, "level": moment.level,
        "at_s": moment.at_s, "duration_s": moment.duration_s, "irreversible": moment.irreversible,
        "target": moment.target, "checks": moment.checks, "reasons": moment.reasons,
    }  # fmt: skip


def _found(data: dict[str, Any], text: str, *, as_json: bool) -> None:
    if as_json:
        print_json(data)
    else:
        console().print(text, markup=False, soft_wrap=True)


def _copied(done: service.Copied, *, as_json: bool) -> None:
    if as_json:
        print_json(done)
        return
    says = f"{done.trace}: {done.steps} steps, content hash {done.content_hash}, made from {done.parent}"
    console().print(says, markup=False, soft_wrap=True)
