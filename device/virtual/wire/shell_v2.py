"""The frames inside a `shell,v2` stream: u8 id, u32 length (little endian), data. Pure, no I/O.

Frames and the stream's writes are independent: one write may hold several frames, a frame may span several writes.
Source: AOSP `packages/modules/adb/shell_protocol.h`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from device.virtual.wire.packets import BadPacket

FRAME = struct.Struct("<BI")
FRAME_MAX = 1024 * 1024  # longer than anything adb sends in one frame

STDIN = 0
STDOUT = 1
STDERR = 2
EXIT = 3
CLOSE_STDIN = 4
WINDOW_SIZE = 5


@dataclass(frozen=True, slots=True)
class Frame:
    """One packet of the shell protocol."""

    kind: int
    data: bytes


def pack_frame(kind: int, data: bytes) -> bytes:
    """The packet as it goes over the wire."""
    return FRAME.pack(kind, len(data)) + data


def pack_exit(code: int) -> bytes:
    """The last frame of a command. Its exit code is one byte, as in Unix."""
    return pack_frame(EXIT, bytes([code & 0xFF]))


class FrameReader:
    """Puts frames together from pieces of any size."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """The frames that are whole now, in order.

        Raises:
            BadPacket: a frame announces more than `FRAME_MAX` bytes.
        """
        self._pending += data
        while len(self._pending) >= FRAME.size:
            kind, length = FRAME.unpack_from(self._pending)
            if length > FRAME_MAX:
                raise BadPacket(f"a shell frame of {length} bytes is announced; at most {FRAME_MAX} are allowed")
            end = FRAME.size + length
            if len(self._pending) < end:
                return
            frame = Frame(kind, bytes(self._pending[FRAME.size : end]))
            del self._pending[:end]
            yield frame
