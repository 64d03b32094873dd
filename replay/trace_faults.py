"""What is wrong with a trace whose hashes all fit: screens nobody can read, steps on screens it has not, stray parts.

A hash says that nothing was changed, not that what was written makes sense: whoever writes a trace can hash anything.
So each screen is parsed as a replay would, within the same limits, and each number a step names is looked up. Nothing
raises for the content of a trace; each fault is said in words.
"""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from typing import Final

from perception.errors import PerceptionError
from perception.screen import Screen
from replay.errors import TraceDamaged
from replay.timeline import reading_of_seen
from replay.trace import ScreenSeen, Trace
from replay.trace_reader import DEFAULT_LIMITS, UNREADABLE, Open, is_part, read_trace

FAULTS_MAX: Final = 40  # named one by one up to here


def read_sound(path: Path) -> Trace:
    """Reads a trace that can be used in every part.

    Raises:
        TraceDamaged: one part cannot be; each is named. TraceTooNew, TraceHostile: as for `read_trace`.
    """
    trace = read_trace(path)
    if faults := (*content_faults(trace), *stray_parts(path, trace)):
        more = f"; and {len(faults) - FAULTS_MAX} more" if len(faults) > FAULTS_MAX else ""
        raise TraceDamaged("; ".join(faults[:FAULTS_MAX]) + more, next_step="Get the trace again from where it came.")
    return trace


def content_faults(trace: Trace) -> tuple[str, ...]:
    """Screens that cannot be read, numbers given twice, and steps on screens that are not there."""
    faults: list[str] = []
    numbers: set[int] = set()
    read: set[tuple[str, int, int]] = set()  # a hierarchy that was read once at this size needs no second look
    for event in trace.events:
        if not isinstance(event, ScreenSeen):
            continue
        if event.number in numbers:
            faults.append(f"screen {event.number} was recorded twice")
        numbers.add(event.number)
        try:
            reading = reading_of_seen(trace.screens, event)
            if (key := (event.hierarchy, event.width_px, event.height_px)) not in read:
                Screen.of(reading)
                read.add(key)
        except PerceptionError as error:
            faults.append(f"screen {event.number} cannot be read ({error.cause})")
        except (ValueError, TypeError, KeyError) as error:
            faults.append(f"screen {event.number} cannot be used ({error})")
    for count, step in enumerate(trace.steps(), 1):
        for when, number in (("before", step.before), ("after", step.after)):
            if number is not None and number not in numbers:
                faults.append(f"step {count} names screen {number} {when} it, which was not recorded")
    return tuple(faults)


def stray_parts(path: Path, trace: Trace) -> tuple[str, ...]:
    """Parts no line names, and files that are no parts.

    A trace that was cut off may have parts whose lines were lost; of those only the name is held against the content.
    """
    named = {"trace.jsonl"}
    for event in trace.events:
        if isinstance(event, ScreenSeen):
            named.add(f"screens/{event.hierarchy}.xml.gz")
            named |= {f"pictures/{event.picture}.{ending}" for ending in ("jpg", "png") if event.picture}
    if path.is_dir():
        files = (file for file in path.rglob("*") if file.is_file())
        names = {file.relative_to(path).as_posix() for file in files if not file.name.startswith(".")}
        return _stray(names, named, lambda name: (path / name).open("rb"), complete=trace.complete)
    with zipfile.ZipFile(path) as archive:
        names = {info.filename for info in archive.infolist() if not info.filename.endswith("/")}
        return _stray(names, named, archive.open, complete=trace.complete)


def _stray(names: set[str], named: set[str], open_part: Open, *, complete: bool) -> tuple[str, ...]:
    faults: list[str] = []
    for name in sorted(names - named):
        if not is_part(name):
            faults.append(f"{name} is no part of a trace")
        elif name.startswith("pictures/") and not _own(name, open_part):
            faults.append(f"{name} is named by no line, and its name is not its hash")
        elif complete:
            faults.append(f"{name} is named by no line")
    return tuple(faults)


def _own(picture: str, open_part: Open) -> bool:
    try:
        with open_part(picture) as file:
            data = file.read(DEFAULT_LIMITS.part_bytes + 1)
    except UNREADABLE:
        return False
    return hashlib.sha256(data).hexdigest() == picture.partition("/")[2].partition(".")[0]
