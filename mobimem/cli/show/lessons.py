"""What `mobimem replay keep`, `discard`, `list` and `show` say of lessons that were cut off."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from mobimem.cli.output import console, print_json
from mobimem.cli.show.teach import ask, print_taught, values_of
from mobimem.service import lessons as service
from mobimem.service.teach import accept_all

if TYPE_CHECKING:
    from rich.console import Console


def keep(lesson: str, name: str | None, task: str | None, slots: list[str] | None, *, yes: bool, as_json: bool) -> None:
    """Makes a recipe of a lesson that was cut off, and prints what was kept.

    Raises:
        NotDone: nothing was kept, with the reason.
    """
    screen = console(stderr=as_json)
    asks = sys.stdin.isatty() and not yes
    taught = service.keep_lesson(
        lesson,
        name=name,
        task=task,
        slots=None if slots is None else values_of(slots),
        confirm=(lambda shown: ask(screen, shown)) if asks else accept_all,
    )
    if as_json:
        print_json(taught)
    else:
        print_taught(screen, taught)


def discard(lesson: str, *, as_json: bool) -> None:
    """Removes what a lesson that was cut off has left."""
    removed = service.discard_lesson(lesson)
    if as_json:
        print_json(removed)
    else:
        console().print(f"Removed {lesson}: {len(removed.steps)} things shown for {removed.name!r}", markup=False)


def show(lesson: str, *, as_json: bool) -> bool:
    """Tells a lesson that was cut off; False if there is none of that name."""
    if lesson not in {one.lesson for one in service.cut_off_lessons()}:
        return False
    told = service.show_lesson(lesson)
    if as_json:
        print_json(told)
        return True
    screen = console()
    cut_off_line(screen, told)
    for number, says in enumerate(told.steps, 1):
        screen.print(f"  {number:2}  {says}", markup=False, soft_wrap=True)
    for says in told.unclear:
        screen.print(f"  unclear  {says}", style="yellow", markup=False, soft_wrap=True)
    return True


def cut_off_line(screen: Console, one: service.CutOff) -> None:
    """One lesson that was cut off, and what can be done with it."""
    screen.print("cut off", style="yellow", end="  ")
    if one.damage:
        screen.print(f"{one.lesson}: {one.damage}; mobimem replay discard {one.lesson}", markup=False, soft_wrap=True)
        return
    begun = one.started_at[:16].replace("T", " ")
    unclear = f" ({len(one.unclear)} unclear)" if one.unclear else ""
    screen.print(
        f"{one.lesson}: the lesson {one.name!r} of {begun} UTC, {len(one.steps)} things shown{unclear}; "
        f"mobimem replay keep {one.lesson}, or discard",
        markup=False,
        soft_wrap=True,
    )
