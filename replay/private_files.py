"""Files that only their owner may read, written whole or not at all.

Folders 0700, files 0600. A file appears under its name once all of it is on the disk, so that a crash leaves the old
one, the new one or none, never half of one. Nothing is overwritten unless it is asked for.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def private_folder(folder: Path) -> Path:
    """Makes a folder (and what is missing above it) that only its owner may enter, and returns it.

    A folder that is there already and is open to others is closed; the ones above it are left as they are.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)
    return folder


def write_private(file: Path, text: str, *, replace: bool = False) -> None:
    """Writes a file of mode 0600, on the disk when this returns.

    Raises:
        FileExistsError: the file exists and `replace` is False; it was not touched.
    """
    temporary = file.with_name(f".{file.name}.{secrets.token_hex(4)}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        if replace:
            temporary.replace(file)
        else:
            os.link(temporary, file)  # unlike a rename, this fails where something is
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(file.parent)


def leave_mark(file: Path) -> bool:
    """Makes an empty file of mode 0600, on the disk when this returns; False if it was there, whoever made it."""
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return False
    sync_folder(file.parent)
    return True


def sync_folder(folder: Path) -> None:
    """Forces a folder's entries to the disk, where the system can (Windows cannot)."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
