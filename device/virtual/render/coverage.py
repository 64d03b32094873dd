"""Which characters a font file holds: read from its `cmap` table, without a font library.

Pillow draws a box for a character a font lacks but does not say so beforehand; mixed text needs to know before it is
drawn. Formats 4 and 12 are read (every Unicode font has one of them), of single files and of collections (.ttc).
Source: the OpenType specification, chapter "cmap - Character to Glyph Index Mapping Table".
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


class UnreadableFont(Exception):
    """The file is not a TrueType or OpenType font with a Unicode character map."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Ranges of code points, sorted: `starts[i]` to `ends[i]` inclusive."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __contains__(self, code: int) -> bool:
        at = bisect_right(self.starts, code) - 1
        return at >= 0 and code <= self.ends[at]


def read_coverage(file: Path, index: int = 0) -> Coverage:
    """The characters of one face of a font file.

    Raises:
        UnreadableFont: no such face, no Unicode map, or no font at all.
    """
    try:
        with file.open("rb") as source:
            return _from_table(_cmap_table(source, index))
    except (OSError, struct.error) as error:
        raise UnreadableFont(f"{file}: {error}") from error


def _cmap_table(source: BinaryIO, index: int) -> bytes:
    start = 0
    if source.read(4) == b"ttcf":
        _, count = struct.unpack(">II", source.read(8))
        if index >= count:
            raise UnreadableFont(f"no face {index} among {count}")
        source.seek(12 + 4 * index)
        (start,) = struct.unpack(">I", source.read(4))
    source.seek(start + 4)
    tables, _, _, _ = struct.unpack(">HHHH", source.read(8))
    for tag, _, offset, length in struct.iter_unpack(">4sIII", source.read(16 * tables)):
        if tag == b"cmap":
            source.seek(offset)
            return source.read(length)
    raise UnreadableFont("no cmap table")


def _from_table(table: bytes) -> Coverage:
    """The ranges of the widest Unicode subtable."""
    (count,) = struct.unpack_from(">H", table, 2)
    best: tuple[int, int] | None = None
    for at in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", table, 4 + 8 * at)
        (form,) = struct.unpack_from(">H", table, offset)
        unicode = platform == 0 or (platform == 3 and encoding in (1, 10))
        if unicode and form in (4, 12) and (best is None or form > best[0]):
            best = (form, offset)
    if best is None:
        raise UnreadableFont("no Unicode character map of format 4 or 12")
    ranges = sorted(_format_4(table, best[1]) if best[0] == 4 else _format_12(table, best[1]))
    return Coverage(tuple(first for first, _ in ranges), tuple(last for _, last in ranges))


def _format_12(table: bytes, offset: int) -> list[tuple[int, int]]:
    (groups,) = struct.unpack_from(">I", table, offset + 12)
    data = table[offset + 16 : offset + 16 + 12 * groups]
    return [(first, last) for first, last, _ in struct.iter_unpack(">III", data)]


def _format_4(table: bytes, offset: int) -> list[tuple[int, int]]:
    (double,) = struct.unpack_from(">H", table, offset + 6)
    count = double // 2
    ends = struct.unpack_from(f">{count}H", table, offset + 14)
    starts = struct.unpack_from(f">{count}H", table, offset + 16 + double)
    return [(first, last) for first, last in zip(starts, ends, strict=True) if first <= last and first != 0xFFFF]
