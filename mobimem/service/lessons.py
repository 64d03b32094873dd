"""Use cases: lessons that were cut off - list them, look at one, make a recipe of it, or remove it.

While a lesson goes on, what was shown is journalled in the library's folder; a process that is killed, a phone that is
lost, or a slot that was refused leaves the journal there. It is whole up to its last whole step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from device.clock import Clock, SystemClock
from mobimem import folders
from mobimem.errors import BadInput
from mobimem.running import all_running
from mobimem.service.recipes import library
from mobimem.service.teach import LESSON, Confirm, Request, Taught, accept_all, check, forget, keep
from replay.errors import TraceError
from replay.lesson_reading import read_journal, tell_journal
from replay.library import Library
from replay.trace_reader import read_trace

CUT_OFF = "the lesson was cut off: look whether its last step is there, before you rely on it"
_HINT = "`mobimem replay list` shows the lessons that were cut off."


@dataclass(frozen=True, slots=True)
class CutOff:
    """A lesson that never became a recipe. `steps` are what was shown, in words, as raw as it was recorded.

    `damage` says why nothing of it can be read; "" if it can be.
    """

    lesson: str
    name: str
    task: str
    slots: Mapping[str, str]
    started_at: str
    steps: tuple[str, ...]
    unclear: tuple[str, ...]
    damage: str


def cut_off_lessons() -> tuple[CutOff, ...]:
    """Every lesson that was cut off, oldest first; those that go on now are not among them."""
    found = [_told(folder) for folder in _journals(library())]
    return tuple(sorted(found, key=lambda one: one.started_at))


def show_lesson(lesson: str) -> CutOff:
    """One of them.

    Raises:
        BadInput: there is none of that name, or it goes on now.
    """
    return _told(_journal(lesson))


def keep_lesson(
    lesson: str,
    *,
    name: str | None = None,
    task: str | None = None,
    slots: Mapping[str, str] | None = None,
    confirm: Confirm = accept_all,
    clock: Clock | None = None,
) -> Taught:
    """Makes a recipe of a lesson that was cut off, up to its last whole step, and removes the lesson.

    Args:
        name, task, slots: instead of those the lesson was begun with.
        confirm: as for `teach`.

    Raises:
        BadInput: there is no such lesson, or the slots do not fit. TraceError: it is damaged. RecipeInvalid: a slot no
        step uses. NotDone: nothing is in it, or nothing was kept. The lesson stays where it is.
    """
    journal = _journal(lesson)
    header = read_trace(journal, lines_only=True).header
    request = Request(
        header.name if name is None else name,
        header.task if task is None else task,
        dict(header.values) if slots is None else slots,
    )
    check(request)
    clock = clock or SystemClock()
    taught = keep(
        read_journal(journal), request, library(), about=header.device, clock=clock,
        started_at=datetime.fromisoformat(header.started_at), confirm=confirm, notes=(CUT_OFF,), workplace=journal,
    )  # fmt: skip
    forget(journal)
    return taught


def discard_lesson(lesson: str) -> CutOff:
    """Removes a lesson that was cut off; what it was.

    Raises:
        BadInput: there is none of that name, or it goes on now. NotDone: it cannot be removed.
    """
    journal = _journal(lesson)
    told = _told(journal)
    forget(journal)
    return told


def _told(journal: Path) -> CutOff:
    lesson = _name(journal)
    try:
        told = tell_journal(journal)
    except TraceError as error:
        return CutOff(lesson, "", "", {}, "", (), (), error.cause)
    header = told.header
    return CutOff(lesson, header.name, header.task, header.values, header.started_at, told.lines, told.unclear, "")


def _journals(kept: Library) -> list[Path]:
    if not kept.folder.is_dir():
        return []
    going_on = {running.run for running in all_running(folders.running_folder())}
    found = (folder for folder in kept.folder.glob(f"{LESSON}*") if folder.is_dir() and not folder.is_symlink())
    return sorted(folder for folder in found if folder.name.removeprefix(LESSON) not in going_on)


def _journal(lesson: str) -> Path:
    for folder in _journals(library()):
        if _name(folder) == lesson:
            return folder
    raise BadInput(f"there is no lesson {lesson!r} that was cut off", next_step=_HINT)


def _name(journal: Path) -> str:
    return journal.name.removeprefix(".")
