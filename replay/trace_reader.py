"""Reading a trace, wherever it comes from. Nothing is executed and nothing is unpacked to the disk.

A file of a stranger is met with limits (`Limits`), counted on what really comes out of the decompressor, not on what
the archive declares. Hierarchies are kept as text; whoever parses them (perception) guards against hostile XML.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from replay import compat
from replay.errors import TraceDamaged, TraceHostile
from replay.trace import End, Event, Header, ScreenSeen, Trace, decode, hierarchy_hash


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a trace is believed. A day's recording of ours stays far below each."""

    lines: int = 200_000
    line_bytes: int = 4 << 20
    part_bytes: int = 64 << 20
    total_bytes: int = 1 << 30
    parts: int = 100_000


DEFAULT_LIMITS = Limits()
_PART = re.compile(r"(screens/[0-9a-f]{64}\.xml\.gz|pictures/[0-9a-f]{64}\.(jpg|png)|trace\.jsonl)")

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # bzip2 and LZMA unpack a piece whole, whatever its size
# What reading raises of damaged or hostile bytes; RuntimeError: encrypted; ValueError: text that is not UTF-8.
UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError)

Open = Callable[[str], IO[bytes]]


def read_trace(path: Path, *, limits: Limits = DEFAULT_LIMITS, lines_only: bool = False) -> Trace:
    """Reads and verifies a trace directory or `.zip`.

    Args:
        lines_only: leave screens and pictures where they are, unread and unverified: fast, and what can still be had
            of a trace whose machine lost power before they were on the disk. Intents always were.

    A last line that was cut off is dropped and `complete` is False, as after a crash.

    Raises:
        TraceDamaged: not a trace, or content that its hashes do not fit; names the part.
        TraceTooNew: a later version wrote it.
        TraceHostile: a name that leaves the archive, a link, or more data than `limits` allow.
    """
    if path.is_dir():
        names = {file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file()}
        if any(file.is_symlink() for file in path.rglob("*")):
            raise TraceHostile(f"{path} contains a link")
        return _read(lambda name: (path / name).open("rb"), _known(names, limits), limits, lines_only=lines_only)
    if not path.exists():
        raise TraceDamaged(f"{path} is not there", next_step="`mobimem replay list` shows what is.")
    try:
        archive = zipfile.ZipFile(path)
    except UNREADABLE as error:
        raise TraceDamaged(f"{path} is neither a trace directory nor a zip ({error})") from error
    with archive:
        _declared(archive.infolist(), limits)
        return _read(archive.open, _known(set(archive.namelist()), limits), limits, lines_only=lines_only)


def is_part(name: str) -> bool:
    """Whether a part of a trace may have this name."""
    return _PART.fullmatch(name) is not None


def _declared(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Refuses an archive by what its directory says, before anything of it is read.

    A small size that is declared is not believed either: what comes out is counted all the same.
    """
    total_bytes = 0
    seen: set[str] = set()
    for info in parts:
        if info.filename.endswith("/"):  # not `is_dir`, which fails at a part without a name
            continue
        if not is_part(info.filename) or (info.external_attr >> 28) == 0xA:
            raise TraceHostile(f"the archive holds {info.filename!r}, which is no part of a trace")
        if info.filename in seen:
            raise TraceHostile(f"the archive holds {info.filename!r} twice")
        seen.add(info.filename)
        allowed = limits.total_bytes if info.filename == "trace.jsonl" else limits.part_bytes
        if info.file_size > allowed:
            raise TraceHostile(f"{info.filename} is declared to have {info.file_size:,} bytes; {allowed:,} are allowed")
        total_bytes += info.file_size
        if info.compress_type not in METHODS:
            raise TraceDamaged(f"{info.filename} is packed in a way no trace is (method {info.compress_type})")
    if total_bytes > limits.total_bytes:
        raise TraceHostile(f"the parts are declared to have {total_bytes:,} bytes; {limits.total_bytes:,} are allowed")


def _known(names: set[str], limits: Limits) -> set[str]:
    kept = {name for name in names if _PART.fullmatch(name)}
    if len(kept) > limits.parts:
        raise TraceHostile(f"the trace has {len(kept)} parts; {limits.parts} are allowed")
    if "trace.jsonl" not in kept:
        raise TraceDamaged("there is no trace.jsonl")
    return kept


@contextmanager
def _opened(open_part: Open, name: str) -> Iterator[IO[bytes]]:
    """The part, open; whatever its bytes make reading raise comes out as `TraceDamaged`."""
    try:
        with open_part(name) as file:
            yield file
    except UNREADABLE as error:
        raise TraceDamaged(f"{name} cannot be read ({error})") from error


def _read(open_part: Open, names: set[str], limits: Limits, *, lines_only: bool) -> Trace:
    budget = _Budget(limits)
    header: Header | None = None
    events: list[Event] = []
    digest = ""
    whole = True
    with _opened(open_part, "trace.jsonl") as file:
        for number, (line, ended) in enumerate(_lines(file, limits, budget), 1):
            try:
                event, digest = decode(compat.check_version(line) if number == 1 else line, digest, number=number)
            except TraceDamaged:
                if ended or number == 1:
                    raise
                whole = False  # the writer was cut off within its last line
                break
            if number == 1 and isinstance(event, Header):
                header = event
            elif number == 1 or isinstance(event, Header):
                raise TraceDamaged(f"line {number}: a trace has one header, first")
            else:
                events.append(event)
    if header is None:
        raise TraceDamaged("the trace is empty")
    complete = whole and bool(events) and isinstance(events[-1], End)
    screens, pictures = ({}, {}) if lines_only else _parts(events, open_part, names, limits, budget)
    return Trace(header, tuple(events), digest, complete, screens, pictures)


def _parts(
    events: list[Event], open_part: Open, names: set[str], limits: Limits, budget: _Budget
) -> tuple[dict[str, str], dict[str, bytes]]:
    screens: dict[str, str] = {}
    pictures: dict[str, bytes] = {}
    for event in events:
        if not isinstance(event, ScreenSeen):
            continue
        if event.hierarchy not in screens:
            name = f"screens/{event.hierarchy}.xml.gz"
            _need(name, names)
            with _opened(open_part, name) as file:
                text = _gunzip(file, name, limits, budget).decode("utf-8", "surrogatepass")
            if hierarchy_hash(text) != event.hierarchy:
                raise TraceDamaged(f"{name} is not the screen that was recorded")
            screens[event.hierarchy] = text
        if event.picture and event.picture not in pictures:
            name = next((n for n in (f"pictures/{event.picture}.{e}" for e in ("jpg", "png")) if n in names), "")
            _need(name or f"pictures/{event.picture}", names)
            with _opened(open_part, name) as file:
                data = _take(iter(lambda: file.read(1 << 16), b""), name, limits, budget)
            if hashlib.sha256(data).hexdigest() != event.picture:
                raise TraceDamaged(f"{name} is not the picture that was taken")
            pictures[event.picture] = data
    return screens, pictures


def _need(name: str, names: set[str]) -> None:
    if name not in names:
        raise TraceDamaged(f"{name} is missing")


class _Budget:
    """What is left of the bytes a trace may have in all."""

    def __init__(self, limits: Limits) -> None:
        self.left = limits.total_bytes

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise TraceHostile("the trace unpacks to more than is allowed")


def _lines(file: IO[bytes], limits: Limits, budget: _Budget) -> Iterator[tuple[str, bool]]:
    """The lines, each with whether its newline was there."""
    for number in range(limits.lines + 1):
        raw = file.readline(limits.line_bytes + 1)
        if not raw:
            return
        if len(raw) > limits.line_bytes or number == limits.lines:
            raise TraceHostile(f"line {number + 1} goes beyond the limits of a trace")
        budget.spend(len(raw))
        try:
            text = raw.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            if raw.endswith(b"\n"):
                raise TraceDamaged(f"line {number + 1} is not UTF-8 ({error.reason})") from error
            text = ""
        yield text.rstrip("\n"), raw.endswith(b"\n")


def _gunzip(file: IO[bytes], name: str, limits: Limits, budget: _Budget) -> bytes:
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)

    def pieces() -> Iterator[bytes]:
        for packed in iter(lambda: file.read(1 << 14), b""):
            data = packed
            while data:
                yield unpacker.decompress(data, 1 << 20)
                data = unpacker.unconsumed_tail
        yield unpacker.flush()

    return _take(pieces(), name, limits, budget)


def _take(pieces: Iterator[bytes], name: str, limits: Limits, budget: _Budget) -> bytes:
    taken = bytearray()
    for piece in pieces:
        taken += piece
        budget.spend(len(piece))
        if len(taken) > limits.part_bytes:
            raise TraceHostile(f"{name} unpacks to more than {limits.part_bytes >> 20} MiB")
    return bytes(taken)
