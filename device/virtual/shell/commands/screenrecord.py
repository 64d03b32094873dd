"""`screenrecord`: a recording that ends when it is told to, and whose file then exists.

No video is encoded: the file is the smallest MP4 there is, with the right name. Whoever needs the pictures takes them.
"""

from __future__ import annotations

import asyncio
import struct

from device.virtual.shell.call import COMMANDS, Call, CommandFailed
from device.virtual.shell.interpreter import reason
from device.virtual.shell.options import read_options

LONGEST_S = 180


@COMMANDS.add("screenrecord")
async def screenrecord(call: Call) -> int:
    """Runs until SIGINT, or `--time-limit` seconds."""
    options = read_options(call.arguments, valued=("--size", "--bit-rate", "--time-limit", "--display-id", "--rotate"))
    if not options.words:
        raise CommandFailed("Must specify output file (see --help).\n", 2)
    path = call.path(options.words[0])
    try:
        call.phone.files.write(path, b"", parents=False)
    except OSError as error:
        raise CommandFailed(f"Unable to open '{options.words[0]}': {reason(error)}\n") from error
    try:
        limit_s = options.number("--time-limit", LONGEST_S)
        await asyncio.sleep(min(limit_s, LONGEST_S) if limit_s > 0 else LONGEST_S)
    finally:
        call.phone.files.write(path, EMPTY_MP4, parents=False)
    return 0


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


_MOVIE_HEADER = struct.pack(">5I", 0, 0, 0, 1000, 0) + struct.pack(">IHH2I", 0x00010000, 0x0100, 0, 0, 0)
_UNITY = struct.pack(">9I", 0x00010000, 0, 0, 0, 0x00010000, 0, 0, 0, 0x40000000)
EMPTY_MP4 = (
    _box(b"ftyp", b"isom" + struct.pack(">I", 512) + b"isomiso2mp41")
    + _box(b"moov", _box(b"mvhd", _MOVIE_HEADER + _UNITY + bytes(24) + struct.pack(">I", 1)))
    + _box(b"mdat", b"")
)
