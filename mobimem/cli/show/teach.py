"""What `mobimem teach` shows: each step as it is understood, what is unclear, the slots proposed, and what was kept."""

from __future__ import annotations

import select
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from mobimem.cli.output import console, print_json
from mobimem.cli.show.learning import show_learnt
from mobimem.errors import BadInput
from mobimem.service.learning import learn_taught
from mobimem.service.teach import Request, Shown, Taught, accept_all, teach
from replay.recorder import Noticed
from replay.teaching import Teaching

if TYPE_CHECKING:
    from rich.console import Console

_LOOK_S = 0.2
_MARKS = {
    "seen": "[green]seen[/]    ",
    "step": "[green]seen[/]    ",
    "unclear": "[yellow]unclear[/] ",
    "note": "[dim]note[/]    ",
}


def run(
    name: str,
    task: str,
    slots: list[str],
    serial: str | None,
    adb_port: int | None,
    *,
    view: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Runs one lesson and prints what was kept.

    Raises:
        NotDone: nothing was kept, with the reason.
    """
    screen = console(stderr=as_json)
    request = Request(name, task, values_of(slots))
    at_terminal = sys.stdin.isatty()
    asks = at_terminal and not yes

    def started(teaching: Teaching, url: str) -> None:
        _stops(teaching, at_terminal=at_terminal)
        screen.print(f"Show the task on [bold]{teaching.device.serial}[/] now, a step at a time. ", end="")
        screen.print("Enter ends the lesson." if at_terminal else "Ctrl-C ends the lesson.")
        if url:
            screen.print("  on this page: ", end="")
            screen.print(url, markup=False, soft_wrap=True)

    with _signals_kept():
        taught = teach(
            request,
            serial=serial,
            adb_port=adb_port,
            view=view,
            on_start=started,
            on_notice=_Teller(screen),
            confirm=(lambda shown: ask(screen, shown)) if asks else accept_all,
        )
    if as_json:
        print_json(taught)
    else:
        print_taught(screen, taught)
    show_learnt(screen, [learn_taught()])


def values_of(slots: list[str]) -> Mapping[str, str]:
    """The slots of --slot NAME=VALUE.

    Raises:
        BadInput: one is none.
    """
    values = {}
    for slot in slots:
        name, given, value = slot.partition("=")
        if not given:
            raise BadInput(f"{slot!r} is no slot", next_step="Give --slot NAME=VALUE, e.g. --slot contact=Alice.")
        values[name.strip()] = value
    return values


def _stops(teaching: Teaching, *, at_terminal: bool) -> None:
    """Enter, Ctrl-C and SIGTERM end the lesson."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: teaching.stop.set())
    if at_terminal:
        threading.Thread(target=_wait_for_enter, args=(teaching.stop,), name="enter", daemon=True).start()


def _wait_for_enter(stop: threading.Event) -> None:
    """Looks at the terminal without taking from it what is typed after the lesson."""
    while not stop.is_set():
        if select.select([sys.stdin], [], [], _LOOK_S)[0]:
            sys.stdin.readline()
            stop.set()


@contextmanager
def _signals_kept() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Teller:
    """Prints what is understood; a step that was seen to be one already is not printed again when it is certain."""

    def __init__(self, screen: Console) -> None:
        self._screen = screen
        self._seen = ""

    def __call__(self, notice: Noticed) -> None:
        if notice.kind == "step" and notice.says == self._seen:
            return
        if notice.kind == "seen":
            self._seen = notice.says
        self._screen.print(f"  {_MARKS[notice.kind]} ", end="")
        self._screen.print(notice.says, markup=False, soft_wrap=True)


def ask(screen: Console, shown: Shown) -> Mapping[str, str] | None:
    """The teacher's word on what is unclear, and on each slot that is proposed."""
    screen.print("\n[bold]The task, as it will be done:[/]")
    for number, says in enumerate(shown.steps, 1):
        screen.print(f"  {number:2}  {says}", markup=False, soft_wrap=True)
    for one in shown.unclear:
        where = "" if one.place is None else f" at {one.place[0]}, {one.place[1]} px"
        screen.print(f"  [yellow]unclear[/]  {one.what}{where}: {one.why}", soft_wrap=True)
    for note in shown.notes:
        screen.print(f"  note     {note}", style="yellow", markup=False, soft_wrap=True)
    if shown.unclear and not typer.confirm("Is the task complete without what is unclear?", default=False):
        return None
    accepted = {}
    for slot, value in shown.proposed.items():
        if typer.confirm(f"Does '{value}' change from time to time (slot {slot})?", default=True):
            accepted[slot] = value
    return accepted


def print_taught(screen: Console, taught: Taught) -> None:
    """What was kept, and how to do it again."""
    screen.print(f"\n[bold green]Taught[/]: {taught.name}, version {taught.version}", soft_wrap=True)
    screen.print(f"  task   {taught.task}", markup=False, soft_wrap=True)
    for slot, value in taught.slots.items():
        screen.print(f"  slot   {slot}  (shown with {value!r})", markup=False, soft_wrap=True)
    for number, step in enumerate(taught.steps, 1):
        asks = "  ASKS" if step.for_good else ""
        screen.print(f"  {number:2}  {step.says}{asks}", markup=False, soft_wrap=True)
    for secret in taught.secrets:
        name = secret.removeprefix("secret://")
        screen.print(f"  It types a secret; give it once: mobimem secrets add {name}", markup=False, soft_wrap=True)
    for note in taught.notes:
        screen.print(f"  note   {note}", style="yellow", markup=False, soft_wrap=True)
    sets = " ".join(f"--set {slot}=…" for slot in taught.slots)
    screen.print(f"Do it again: mobimem replay run {taught.name} {sets}".rstrip(), markup=False, soft_wrap=True)
