"""One adb packet: 24 bytes of header, then the payload. Pure packing and unpacking, no I/O.

    command  arg0  arg1  payload length  payload sum  command ^ 0xffffffff        (six u32, little endian)

Source: AOSP `packages/modules/adb/protocol.txt`; checked against adb server 36.0.0.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

HEADER = struct.Struct("<6I")
PAYLOAD_MAX = 1024 * 1024  # what adb 36 offers and the most it takes
VERSION = 0x01000001  # the first that needs no payload sums

CNXN = 0x4E584E43
AUTH = 0x48545541
OPEN = 0x4E45504F
OKAY = 0x59414B4F
WRTE = 0x45545257
CLSE = 0x45534C43


class BadPacket(Exception):
    """What came is not the adb protocol. Nothing sensible can follow: close the connection."""


@dataclass(frozen=True, slots=True)
class Header:
    """The head of an adb packet."""

    command: int
    arg0: int
    arg1: int
    length: int
    payload_sum: int

    @property
    def name(self) -> str:
        """The command's four letters, for messages."""
        return self.command.to_bytes(4, "little").decode("ascii", "backslashreplace")


def pack(command: int, arg0: int, arg1: int, payload: bytes | memoryview = b"", *, with_sum: bool = False) -> bytes:
    """A whole packet. `with_sum` fills in the sum that peers older than `VERSION` want; newer ones ignore it."""
    payload_sum = sum(payload) & 0xFFFFFFFF if with_sum else 0
    return HEADER.pack(command, arg0, arg1, len(payload), payload_sum, command ^ 0xFFFFFFFF) + payload


def unpack_header(data: bytes, *, payload_max: int = PAYLOAD_MAX) -> Header:
    """Reads the 24 bytes before a payload.

    Raises:
        BadPacket: the magic does not fit the command, or the payload would be longer than `payload_max`.
    """
    command, arg0, arg1, length, payload_sum, magic = HEADER.unpack(data)
    if magic != command ^ 0xFFFFFFFF:
        raise BadPacket(f"bad magic in {data.hex(' ', 4)}")
    if length > payload_max:
        raise BadPacket(f"a payload of {length} bytes is announced; at most {payload_max} are allowed")
    return Header(command, arg0, arg1, length, payload_sum)
