"""Which run is on which device now, and the owner's word that it should stop.

One file for each device, locked by the operating system while a run is on it: a run that dies frees its device by
itself, and two runs never share one. `mobimem stop` leaves a note beside it that names the run; the run looks for it
before every reading and act. Works between processes of one machine and data folder.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from mobimem.errors import OwnerNeeded
from replay.private_files import write_private

ALL = "all.stopped"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


@dataclass(frozen=True, slots=True)
class Running:
    """One run that is under way."""

    run: str
    name: str
    says: str
    serial: str
    pid: int
    started_at: str


@contextmanager
def holding(folder: Path, running: Running) -> Iterator[None]:
    """Takes the device for this run as long as the block lasts.

    Raises:
        OwnerNeeded: another run is on it.
    """
    with _opened(_file(folder, running.serial)) as file:
        while not _lock(file):
            if (other := _read(file)) is not None:  # else somebody only looks, for a moment, or has just begun
                raise OwnerNeeded(
                    f"run {other.run} ({other.says}) is on {running.serial} now",
                    next_step="Wait until it ends, or end it: mobimem stop",
                )
        stop = _stop_file(folder, running.serial)
        try:
            stop.unlink(missing_ok=True)  # meant for an earlier run
            file.truncate(0)
            file.write(json.dumps(asdict(running), ensure_ascii=False))
            file.flush()
            yield
        finally:
            file.truncate(0)
            stop.unlink(missing_ok=True)


def all_running(folder: Path) -> tuple[Running, ...]:
    """The runs that are under way, by device."""
    found = []
    for path in sorted(folder.glob("*.run")):
        with path.open("r+", encoding="utf-8") as file:
            if not _lock(file) and (running := _read(file)) is not None:
                found.append(running)
    return tuple(found)


def say_stop(folder: Path) -> None:
    """Tells whoever waits for an answer, within a run or before one, to wait no longer (`stop_word`)."""
    write_private(folder / ALL, secrets.token_hex(8), replace=True)


def stop_word(folder: Path) -> str:
    """Changes each time everything is told to stop; "" while nothing ever was."""
    try:
        return (folder / ALL).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def ask_to_stop(folder: Path, running: Running) -> None:
    """Tells a run to stop before its next reading or act."""
    write_private(_stop_file(folder, running.serial), running.run, replace=True)


def should_stop(folder: Path, running: Running) -> bool:
    """Whether this run was told to stop."""
    return _says(_stop_file(folder, running.serial), running.run)


def told_to_stop(folder: Path, run: str) -> bool:
    """As `should_stop`, for whoever knows a run only by its name; never for one without."""
    return bool(run) and any(_says(note, run) for note in folder.glob("*.stop"))


def _says(note: Path, run: str) -> bool:
    try:
        return note.read_text(encoding="utf-8") == run
    except FileNotFoundError:
        return False


def _file(folder: Path, serial: str) -> Path:
    return folder / f"{_UNSAFE.sub('_', serial)}.run"


def _stop_file(folder: Path, serial: str) -> Path:
    return _file(folder, serial).with_suffix(".stop")


def _opened(path: Path) -> IO[str]:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+", encoding="utf-8")


def _lock(file: IO[str]) -> bool:
    """Takes the lock; it goes with the open file. False if somebody has it."""
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(file: IO[str]) -> Running | None:
    file.seek(0)
    try:
        return Running(**json.loads(file.read()))
    except (ValueError, TypeError):
        return None  # it is being written: not a run yet, or not one any more
