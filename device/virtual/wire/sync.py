"""The `sync:` service: file status, folders, push and pull, in the old forms (v1) and the new (v2).

    request  = id, u32 length, path;      SND2 and RCV2 are followed by a second record with the mode and flags
    v1       STAT LIST SEND RECV          what adbutils uses, always
    v2       STA2 LST2 LIS2 SND2 RCV2     what adb uses with a phone that claims stat_v2, ls_v2, sendrecv_v2

A stream serves request after request until QUIT or its end. A failed request is answered with FAIL and a text; an
unknown one ends the stream. Source: AOSP `packages/modules/adb/SYNC.TXT` and `file_sync_protocol.h`.
"""

from __future__ import annotations

import errno
import os
import stat
import struct
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

from device.virtual.wire.packets import BadPacket
from device.virtual.wire.stream import Stream

PATH_MAX = 1024
DATA_MAX = 64 * 1024
DRY_RUN = 0x80000000  # SND2: take the data and forget it

REQUEST = struct.Struct("<4sI")
STATUS_1 = struct.Struct("<4s3I")  # id, mode, size, mtime
STATUS_2 = struct.Struct("<4sIQQIIIIQqqq")  # id, error, dev, ino, mode, nlink, uid, gid, size, atime, mtime, ctime
SHELL_UID = 2000
SDCARD_GID = 9997


class SyncStatus(Protocol):
    """`mode` with its type bits; `mtime` in whole seconds since 1970."""

    @property
    def mode(self) -> int: ...
    @property
    def size(self) -> int: ...
    @property
    def mtime(self) -> int: ...


class SyncFiles(Protocol):
    """The files this service needs: those of `device.virtual.files.PhoneFiles`."""

    def stat(self, path: str) -> SyncStatus | None: ...
    def list(self, path: str) -> Iterable[tuple[str, SyncStatus]]: ...
    def read(self, path: str) -> bytes: ...
    def write(self, path: str, data: bytes, *, mode: int, mtime: int) -> None: ...


class SyncFailed(Exception):
    """A request that cannot be done; its text goes to the host."""


async def serve_sync(files: SyncFiles, stream: Stream) -> None:
    """Answers the requests of one stream until it ends.

    Raises:
        BadPacket: a request that no adb sends; the stream is of no use afterwards.
    """
    session = _Session(files, stream)
    while await session.serve_one():
        pass


class _Session:
    def __init__(self, files: SyncFiles, stream: Stream) -> None:
        self._files = files
        self._stream = stream
        self._requests: dict[bytes, Callable[[str], Awaitable[None]]] = {
            b"STAT": self._stat_1,
            b"STA2": lambda path: self._stat_2(b"STA2", path),
            b"LST2": lambda path: self._stat_2(b"LST2", path),
            b"LIST": self._list_1,
            b"LIS2": self._list_2,
            b"SEND": self._send_1,
            b"SND2": self._send_2,
            b"RECV": self._receive_1,
            b"RCV2": self._receive_2,
        }

    async def serve_one(self) -> bool:
        """Serves the next request; False if there is none."""
        try:
            request, length = REQUEST.unpack(await self._stream.read_exactly(REQUEST.size))
            if request == b"QUIT":
                return False
            if request not in self._requests:
                raise BadPacket(f"unknown sync request {request!r}")
            if length > PATH_MAX:
                raise BadPacket(f"a path of {length} bytes is announced; at most {PATH_MAX} are allowed")
            path = (await self._stream.read_exactly(length)).decode("utf-8", "surrogateescape")
            await self._requests[request](path)
        except EOFError:
            return False
        except SyncFailed as failure:
            await self._stream.write(_record(b"FAIL", str(failure).encode("utf-8", "surrogateescape")))
        return True

    async def _stat_1(self, path: str) -> None:
        await self._stream.write(_status_1(b"STAT", self._status(path)[0]))

    async def _stat_2(self, request: bytes, path: str) -> None:
        await self._stream.write(_status_2(request, *self._status(path)))

    async def _list_1(self, path: str) -> None:
        entries = (_status_1(b"DENT", status) + _name(name) for name, status in self._entries(path))
        await self._stream.write(b"".join(entries) + b"DONE" + bytes(16))

    async def _list_2(self, path: str) -> None:
        entries = (_status_2(b"DNT2", status, 0) + _name(name) for name, status in self._entries(path))
        await self._stream.write(b"".join(entries) + b"DONE" + bytes(72))

    async def _send_1(self, path_and_mode: str) -> None:
        path, comma, mode = path_and_mode.rpartition(",")
        if not comma or not mode.isdecimal():
            path, mode = path_and_mode, str(stat.S_IFREG | 0o644)
        await self._take(path, int(mode))

    async def _send_2(self, path: str) -> None:
        request, mode, flags = struct.unpack("<4sII", await self._stream.read_exactly(12))
        if request != b"SND2":
            raise BadPacket(f"{request!r} where the mode of SND2 belongs")
        await self._take(path, mode, flags)

    async def _take(self, path: str, mode: int, flags: int = 0) -> None:
        """Reads all of the file before anything is refused: adb reads our answer only after it has sent everything."""
        data, mtime = await self._file()
        if flags & ~DRY_RUN:
            raise SyncFailed("compression is not supported")
        if stat.S_ISLNK(mode):
            raise SyncFailed(f"couldn't create symlink '{path}': symbolic links are not supported")
        if not flags & DRY_RUN:
            try:
                self._files.write(path, data, mode=mode, mtime=mtime)
            except OSError as error:
                raise SyncFailed(f"couldn't create file: {_reason(error)}") from error
        await self._stream.write(REQUEST.pack(b"OKAY", 0))

    async def _file(self) -> tuple[bytes, int]:
        content = bytearray()
        while True:
            part, number = REQUEST.unpack(await self._stream.read_exactly(REQUEST.size))
            if part == b"DONE":
                return bytes(content), number
            if part != b"DATA" or number > DATA_MAX:
                raise BadPacket(f"{part!r} with {number} bytes inside a file that is being sent")
            content += await self._stream.read_exactly(number)

    async def _receive_1(self, path: str) -> None:
        await self._give(path)

    async def _receive_2(self, path: str) -> None:
        request, flags = REQUEST.unpack(await self._stream.read_exactly(REQUEST.size))
        if request != b"RCV2":
            raise BadPacket(f"{request!r} where the flags of RCV2 belong")
        if flags:
            raise SyncFailed("compression is not supported")
        await self._give(path)

    async def _give(self, path: str) -> None:
        try:
            content = self._files.read(path)
        except OSError as error:
            raise SyncFailed(f"failed to open '{path}': {_reason(error)}") from error
        per_write = max(1, self._stream.max_data // (DATA_MAX + REQUEST.size)) * DATA_MAX
        for start in range(0, len(content), per_write):
            several = content[start : start + per_write]
            pieces = (several[at : at + DATA_MAX] for at in range(0, len(several), DATA_MAX))
            await self._stream.write(b"".join(_record(b"DATA", piece) for piece in pieces))
        await self._stream.write(REQUEST.pack(b"DONE", 0))

    def _status(self, path: str) -> tuple[SyncStatus | None, int]:
        try:
            found = self._files.stat(path)
        except OSError as error:
            return None, error.errno or errno.EACCES
        return found, errno.ENOENT if found is None else 0

    def _entries(self, path: str) -> list[tuple[str, SyncStatus]]:
        """What `ls -a` shows; nothing for what cannot be listed, as in AOSP."""
        try:
            found = list(self._files.list(path))
        except OSError:
            return []
        dots = ((name, self._status(f"{path}/{name}")[0]) for name in (".", ".."))
        return [(name, status) for name, status in dots if status is not None] + found


def _record(kind: bytes, data: bytes) -> bytes:
    return REQUEST.pack(kind, len(data)) + data


def _name(name: str) -> bytes:
    spelled = name.encode("utf-8", "surrogateescape")
    return struct.pack("<I", len(spelled)) + spelled


def _status_1(kind: bytes, status: SyncStatus | None) -> bytes:
    if status is None:
        return STATUS_1.pack(kind, 0, 0, 0)
    return STATUS_1.pack(kind, status.mode, status.size & 0xFFFFFFFF, status.mtime & 0xFFFFFFFF)


def _status_2(kind: bytes, status: SyncStatus | None, error: int) -> bytes:
    if status is None:
        return STATUS_2.pack(kind, error, *[0] * 10)
    times = (status.mtime,) * 3
    return STATUS_2.pack(kind, error, 0, 0, status.mode, 1, SHELL_UID, SDCARD_GID, status.size, *times)


def _reason(error: OSError) -> str:
    """What Android would say, without the host's paths."""
    by_class = {
        FileNotFoundError: errno.ENOENT,
        PermissionError: errno.EACCES,
        IsADirectoryError: errno.EISDIR,
        NotADirectoryError: errno.ENOTDIR,
    }
    number = error.errno or by_class.get(type(error))
    return os.strerror(number) if number else "I/O error"
