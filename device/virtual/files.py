"""The phone's file system: absolute POSIX paths that live in one directory of the host.

A path is normalised first ("..", "//" and the names Android has for the shared storage), and what it leads to on the
host must lie inside the root even after every symbolic link is followed: nothing here can read or write outside. As
for Android's shell user, only the places in `WRITABLE` can be changed. Safe to use from several threads: a file is
replaced in one step, so a reader sees the old or the new content.
"""

from __future__ import annotations

import os
import posixpath
import shutil
import stat
import tempfile
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from device.clock import Clock

WRITABLE = ("/sdcard", "/data/local/tmp")
FOLDERS = (
    "/sdcard/Alarms",
    "/sdcard/Android/data",
    "/sdcard/DCIM/Camera",
    "/sdcard/Documents",
    "/sdcard/Download",
    "/sdcard/Movies",
    "/sdcard/Music",
    "/sdcard/Pictures/Screenshots",
    "/data/app",
    "/data/local/tmp",
    "/dev",
    "/proc",
    "/storage",
    "/system/bin",
    "/system/fonts",
    "/vendor",
)
_SHARED_STORAGE = ("/storage/emulated/0", "/storage/self/primary", "/mnt/sdcard", "/mnt/user/0/primary")
_UNFINISHED = ".writing-"
NAME_BYTES_MAX = 255


@dataclass(frozen=True, slots=True)
class FileStat:
    """`mode` has the type bits (S_IFDIR or S_IFREG); `mtime` is whole seconds since 1970."""

    mode: int
    size: int
    mtime: int

    @property
    def is_dir(self) -> bool:
        return stat.S_ISDIR(self.mode)

    @property
    def modified(self) -> datetime:
        return datetime.fromtimestamp(self.mtime, UTC)


class PhoneFiles:
    """Files of one phone.

    Every method except `stat` raises `PermissionError` for a path that leads out of the root. Nothing outside WRITABLE
    is changed.

    Args:
        root: the host's directory that is the phone's "/"; made, with Android's usual folders, if missing.
        clock: stamps what is written without an `mtime`.
    """

    def __init__(self, root: Path, clock: Clock) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self._root = root.resolve()
        self._clock = clock
        self._lock = threading.RLock()
        for folder in FOLDERS:
            self._host(folder).mkdir(parents=True, exist_ok=True)

    def normalise(self, path: str, cwd: str = "/") -> str:
        """The one absolute spelling of a path, relative ones taken from `cwd`."""
        whole = posixpath.normpath(posixpath.join("/", cwd, path))
        whole = "/" + whole.lstrip("/")
        for alias in _SHARED_STORAGE:
            if whole == alias or whole.startswith(alias + "/"):
                return "/sdcard" + whole[len(alias) :]
        return whole

    def stat(self, path: str) -> FileStat | None:
        """What is there, or None; None, too, for what lies outside the root."""
        try:
            found = self._host(path).stat()
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            return None
        kind = stat.S_IFDIR if stat.S_ISDIR(found.st_mode) else stat.S_IFREG
        size = 4096 if kind == stat.S_IFDIR else found.st_size
        return FileStat(kind | stat.S_IMODE(found.st_mode), size, int(found.st_mtime))

    def list(self, path: str) -> list[tuple[str, FileStat]]:
        """Names in a folder, sorted, without "." and "..".

        Raises:
            FileNotFoundError: nothing is there.
            NotADirectoryError: a file is there.
        """
        names = sorted(os.listdir(self._host(path)))  # noqa: PTH208 - names, not host paths
        base = self.normalise(path)
        kept = (name for name in names if not name.startswith(_UNFINISHED))
        found = ((name, self.stat(posixpath.join(base, name))) for name in kept)
        return [(name, info) for name, info in found if info is not None]

    def read(self, path: str) -> bytes:
        """The whole content.

        Raises:
            FileNotFoundError, IsADirectoryError: as Python's own.
        """
        return self._host(path).read_bytes()

    def write(
        self, path: str, data: bytes, *, mode: int = 0o644, mtime: int | None = None, parents: bool = True
    ) -> None:
        """Replaces or makes a file in one step. Only the permission bits of `mode` count.

        Raises:
            FileNotFoundError: the folder is missing and `parents` is False.
            IsADirectoryError: a folder is there.
        """
        target = self._changeable(path)
        with self._lock:
            if target.is_dir():
                raise IsADirectoryError(path)
            if parents:
                target.parent.mkdir(parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=_UNFINISHED)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            Path(temporary).chmod((mode & 0o777) | 0o600)
            self._stamp(Path(temporary), mtime)
            Path(temporary).replace(target)

    def append(self, path: str, data: bytes) -> None:
        """Adds to a file's end; makes it if missing (not its folder)."""
        target = self._changeable(path)
        with target.open("ab") as file:
            file.write(data)
        self._stamp(target)

    def mkdir(self, path: str, *, parents: bool = True) -> None:
        """Makes a folder; with `parents`, an existing one is fine.

        Raises:
            FileExistsError: something is there (with `parents`: a file).
            FileNotFoundError: the parent is missing and `parents` is False.
        """
        target = self._changeable(path)
        fresh = not target.exists()
        target.mkdir(parents=parents, exist_ok=parents)
        if fresh:
            self._stamp(target)

    def chmod(self, path: str, mode: int) -> None:
        self._changeable(path).chmod((mode & 0o777) | 0o600)

    def touch(self, path: str, mtime: int | None = None) -> None:
        """Sets the time of what is there; makes an empty file if nothing is (not its folder)."""
        target = self._changeable(path)
        if not target.exists():
            self.write(path, b"", mtime=mtime, parents=False)
            return
        self._stamp(target, mtime)

    def remove(self, path: str, *, recursive: bool = False) -> None:
        """Removes a file or an empty folder; with `recursive`, a folder with all in it.

        Raises:
            FileNotFoundError: nothing is there.
            OSError: the folder is not empty and `recursive` is False.
        """
        target = self._changeable(path)
        if self.normalise(path) in WRITABLE:
            raise PermissionError(path)
        with self._lock:
            if not target.is_dir():
                target.unlink()
            elif recursive:
                shutil.rmtree(target)
            else:
                target.rmdir()

    def move(self, source: str, target: str) -> None:
        """Renames a file or folder, replacing a file in its place.

        Raises:
            FileNotFoundError: the source, or the folder it should go to, is missing.
        """
        self._changeable(source).replace(self._changeable(target))

    def _stamp(self, target: Path, mtime: int | None = None) -> None:
        seconds = self._clock.now().timestamp() if mtime is None else mtime
        os.utime(target, (seconds, seconds))

    def _changeable(self, path: str) -> Path:
        whole = self.normalise(path)
        if not any(whole == place or whole.startswith(place + "/") for place in WRITABLE):
            raise PermissionError(path)
        return self._host(whole)

    def _host(self, path: str) -> Path:
        if "\0" in path or any(len(os.fsencode(name)) > NAME_BYTES_MAX for name in path.split("/")):
            raise FileNotFoundError(path)
        place = self._root.joinpath(*self.normalise(path).split("/")[1:])
        if not place.resolve().is_relative_to(self._root):
            raise PermissionError(path)
        return place
