"""What can still be read of a damaged trace, and what cannot. For looking only: nothing salvaged is ever replayed.

A whole trace is read by `replay.trace_reader` as it is. Of a damaged one every line that still fits its hash is taken,
those after an unreadable line unverified; parts that are missing or changed are left out. Each loss is said in words.
The limits of the reader hold here too, counted on what comes out and not on what an archive declares, and what is
hostile is refused all the same. A part is read once, however often it is named; one packed in a way that no trace is,
or that is no ordinary file, is not read at all.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from replay.compat import check_version
from replay.errors import TraceDamaged, TraceHostile
from replay.trace import End, Event, Header, ScreenSeen, Trace, decode, hierarchy_hash
from replay.trace_reader import DEFAULT_LIMITS, METHODS, UNREADABLE, Limits, read_trace

_SAID_MAX = 40  # lines or parts are named one by one up to here
_LOST_HEADER = Header(trace_id="", name="(its first line is lost)", task="", source="run", device={}, started_at="")
_PART = re.compile(r"trace\.jsonl|screens/[0-9a-f]{64}\.xml\.gz|pictures/[0-9a-f]{64}\.(jpg|png)")

Open = Callable[[str], IO[bytes]]


@dataclass(frozen=True, slots=True)
class Salvaged:
    """A trace, or what is left of one, and what is missing. `verified`: every hash fits."""

    trace: Trace
    problems: tuple[str, ...]
    verified: bool


def salvage(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> Salvaged:
    """Reads a trace as far as it can be read.

    Raises:
        TraceDamaged: there is no trace at all. TraceTooNew, TraceHostile: as for `read_trace`.
    """
    try:
        trace = read_trace(path, limits=limits)
    except TraceDamaged as error:
        damage = error.cause
    else:
        return Salvaged(trace, () if trace.complete else ("its writer was cut off: there is no last line",), True)
    if not path.exists():
        raise TraceDamaged(damage)
    with ExitStack() as stack:
        if path.is_dir():
            return _Salvage(lambda name: _plain(path / name), limits).run(damage)
        try:
            archive = stack.enter_context(zipfile.ZipFile(path))
        except UNREADABLE as error:
            raise TraceDamaged(damage) from error
        return _Salvage(lambda name: _opened(archive, name), limits).run(damage)


def _opened(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """A part of an archive, packed as parts of traces are: other packings unpack a piece whole, whatever its size."""
    method = archive.getinfo(name).compress_type
    if method not in METHODS:
        raise zipfile.BadZipFile(f"packed by method {method}")
    return archive.open(name)


def _plain(path: Path) -> IO[bytes]:
    """An ordinary file: a pipe or a device would never end."""
    if not path.is_file():
        raise FileNotFoundError(path)
    return path.open("rb")


class _Salvage:
    def __init__(self, open_part: Open, limits: Limits) -> None:
        self._open = open_part
        self._limits = limits
        self._left = limits.total_bytes
        self.problems: list[str] = []
        self._unsaid = 0
        self._tried: set[str] = set()  # parts that were looked for; what is bad stays bad

    def run(self, damage: str) -> Salvaged:
        header, events, digest = self._lines(damage)
        screens: dict[str, str] = {}
        pictures: dict[str, bytes] = {}
        for event in events:
            if isinstance(event, ScreenSeen):
                self._screen(event, screens)
                self._picture(event, pictures)
        complete = bool(events) and isinstance(events[-1], End)
        if not complete:
            self._say("its last line is missing")
        if self._unsaid:
            self.problems.append(f"and {self._unsaid} more")
        trace = Trace(header, tuple(events), digest, complete, screens, pictures)
        return Salvaged(trace, tuple(self.problems) or (damage,), False)

    def _say(self, what: str) -> None:
        if len(self.problems) < _SAID_MAX:
            self.problems.append(what)
        else:
            self._unsaid += 1

    def _lines(self, damage: str) -> tuple[Header, list[Event], str]:
        """The header, the events that can be had, and the last hash."""
        header, events, digest = _LOST_HEADER, [], ""
        chained, number = True, 0
        for number, line in self._numbered_lines():
            if not line:
                continue
            event: Header | Event | None
            try:
                event, digest = decode(check_version(line) if number == 1 else line, digest, number=number)
            except TraceDamaged as error:
                event, digest, chained = self._after(error, line, number, digest, chained=chained)
                if event is None:
                    continue
            if isinstance(event, Header):
                header = event
            else:
                events.append(event)
        if not number:
            raise TraceDamaged(damage)
        return header, events, digest

    def _numbered_lines(self) -> Iterator[tuple[int, str]]:
        """The lines, one at a time, as far as they can be read and are no longer than those of a trace."""
        limits = self._limits
        try:
            with self._open("trace.jsonl") as file:
                for number in range(1, limits.lines + 2):
                    raw = file.readline(limits.line_bytes + 1)
                    if not raw:
                        return
                    if number > limits.lines or len(raw) > limits.line_bytes:
                        self._say(f"line {number} goes beyond the limits of a trace: the rest is left out")
                        return
                    self._spend(len(raw), "trace.jsonl")
                    yield number, raw.decode("utf-8", "replace").rstrip("\n")
        except (KeyError, *UNREADABLE) as error:
            self._say(f"trace.jsonl cannot be read to its end ({error})")

    def _after(
        self, error: TraceDamaged, line: str, number: int, digest: str, *, chained: bool
    ) -> tuple[Header | Event | None, str, bool]:
        """What to do with a line that does not fit: left out; or taken unverified, if the one before was unreadable."""
        try:
            body = json.loads(line)
            claimed = str(body.pop("h"))
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
            self._say(error.cause)
            return None, digest, False
        if chained:
            self._say(error.cause + "; it is left out")
            return None, claimed, True
        try:
            canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            body["h"] = hashlib.sha256(f"\n{canonical}".encode("utf-8", "surrogatepass")).hexdigest()
            event, _ = decode(json.dumps(body), "", number=number)
        except TraceDamaged as worse:
            self._say(worse.cause)
            return None, claimed, True
        except RecursionError:
            self._say(f"line {number} is nested too deeply")
            return None, claimed, True
        self._say(f"line {number} stands after an unreadable one and cannot be verified")
        return event, claimed, True

    def _screen(self, event: ScreenSeen, screens: dict[str, str]) -> None:
        name = f"screens/{event.hierarchy}.xml.gz"
        if name in self._tried or not _PART.fullmatch(name):
            return
        self._tried.add(name)
        packed = self._part(name)
        if packed is None:
            self._say(f"{name} is missing (screen {event.number})")
            return
        try:
            unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
            data = unpacker.decompress(packed, self._limits.part_bytes + 1)
        except zlib.error as error:
            self._say(f"{name} cannot be unpacked ({error}; screen {event.number})")
            return
        self._spend(len(data), name)
        text = data.decode("utf-8", "surrogatepass" if _is_utf8(data) else "replace")
        if hierarchy_hash(text) != event.hierarchy:
            self._say(f"{name} is not the screen that was recorded (screen {event.number})")
            return
        screens[event.hierarchy] = text

    def _picture(self, event: ScreenSeen, pictures: dict[str, bytes]) -> None:
        if not event.picture or event.picture in self._tried:
            return
        self._tried.add(event.picture)
        names = [f"pictures/{event.picture}.{ending}" for ending in ("jpg", "png")]
        data = next((data for name in names if _PART.fullmatch(name) and (data := self._part(name)) is not None), None)
        if data is None:
            self._say(f"the picture of screen {event.number} is missing")
        elif hashlib.sha256(data).hexdigest() != event.picture:
            self._say(f"the picture of screen {event.number} is not the one that was taken")
        else:
            pictures[event.picture] = data

    def _part(self, name: str) -> bytes | None:
        try:
            with self._open(name) as file:
                data = file.read(self._limits.part_bytes + 1)
        except (KeyError, *UNREADABLE):
            return None
        self._spend(len(data), name)
        return data

    def _spend(self, count: int, name: str) -> None:
        self._left -= count
        if count > self._limits.part_bytes or self._left < 0:
            raise TraceHostile(f"{name} unpacks to more than is allowed")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True
