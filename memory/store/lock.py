"""One owner for a data folder, held by the operating system: it ends with the process, however that ends.

The lock file says who holds it, so that a refusal can name the holder. Its words are for people and for finding the
holder's door; only the lock itself decides.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from memory.errors import StoreHeld

FILE = "owner.lock"


class FolderLock:
    """The right to the folder, from `acquire` to `release`.

    `unclean` tells, after `acquire`, that the holder before this one never released: it was killed or lost power.
    """

    def __init__(self, folder: Path, *, holder: str = "mobimem") -> None:
        self._file, self._holder = folder / FILE, holder
        self._opened: IO[str] | None = None
        self.unclean = False

    def acquire(self) -> None:
        """Takes the lock or refuses at once.

        Raises:
            StoreHeld: another process, or another lock of this one, has it.
        """
        descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        opened = os.fdopen(descriptor, "r+", encoding="utf-8")
        try:
            _lock(descriptor)
        except OSError as error:
            said = _who(opened.read())
            opened.close()
            raise StoreHeld(f"the data folder {self._file.parent} is in use by {said}", holder=said) from error
        self.unclean = bool(opened.read().strip())
        opened.seek(0)
        opened.truncate()
        since = datetime.now(UTC).isoformat(timespec="seconds")
        json.dump({"pid": os.getpid(), "command": self._holder, "since": since}, opened)
        opened.flush()
        self._opened = opened

    def release(self) -> None:
        """Gives it back and leaves the file empty, the sign of a clean end."""
        if self._opened is not None:
            self._opened.seek(0)
            self._opened.truncate()
            self._opened.close()
            self._opened = None


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        # far behind the words, which others must be able to read
        os.lseek(descriptor, 1 << 20, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _who(words: str) -> str:
    try:
        told = json.loads(words)
        return f"{told['command']} (process {told['pid']}, since {told['since']})"
    except (ValueError, KeyError, TypeError):
        return "a process that has not said who it is"
