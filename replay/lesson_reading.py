"""The journal of a lesson that never ended, read back: what is whole of it is a lesson again.

A lesson that was killed leaves its journal (`replay.lesson_trace.Journal`): each thing done that was certain by then,
with its screens. Elements are found again by their number on the very screen that was recorded. A lesson whose process
died in the middle may lack its last touches; nobody knows whether it does, so the teacher has to look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, get_args

from device.actions import Direction, Key, OpenApp, PressKey
from perception.element import Element
from perception.screen import Screen
from replay.distill import Done, Held, Keyed, Noted, Scrolled, Tapped, Typed
from replay.errors import TraceDamaged
from replay.opening import with_opening
from replay.recorder import Recording, Unclear, What
from replay.recorder_tidy import tidy
from replay.teaching import Lesson
from replay.timeline import Screens
from replay.trace import Header, Note, Trace
from replay.trace_reader import read_trace

_DIRECTIONS: Final[dict[str, Direction]] = {one: one for one in get_args(Direction)}
_KEYS: Final[dict[str, Key]] = {one: one for one in get_args(Key)}
_WHAT: Final[dict[str, What]] = {one: one for one in get_args(What)}


@dataclass(frozen=True, slots=True)
class Journalled:
    """What a lesson's journal tells. `lines` are what was done, in words; `unclear` what was not understood."""

    header: Header
    lines: tuple[str, ...]
    unclear: tuple[str, ...]


def tell_journal(folder: Path) -> Journalled:
    """What was done in a lesson, up to its last whole line; no screen is read.

    Raises:
        TraceError: it cannot be read.
    """
    trace = read_trace(folder, lines_only=True)
    notes = [event for event in trace.events if isinstance(event, Note)]
    return Journalled(
        trace.header,
        tuple(note.says for note in notes if note.topic == "taught"),
        tuple(note.says for note in notes if note.topic == "unclear"),
    )


def read_journal(folder: Path) -> Lesson:
    """The lesson a journal holds, up to its last whole step.

    Raises:
        TraceError: it cannot be read, or does not say enough to make steps of it.
    """
    trace = read_trace(folder)
    screens = Screens(trace)
    done: list[Done] = []
    unclear: list[Unclear] = []
    starts: dict[str, str] = {}
    for note in (event for event in trace.events if isinstance(event, Note)):
        try:
            match note.topic:
                case "taught":
                    done.append(_done(note.data, screens))
                case "unclear":
                    what = _WHAT[note.data["what"]]
                    unclear.append(Unclear(what, None, 0.0, str(note.data["why"])))
                case "began":
                    starts[str(note.data["package"])] = str(note.data["start_activity"])
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise TraceDamaged(
                f"what the lesson says of {note.says!r} cannot be used ({error!r})",
                next_step="Teach the task again; `mobimem replay discard` removes this lesson.",
            ) from error
    steps, advice = with_opening(tidy(done), lambda package: starts.get(package, ""))
    return Lesson(Recording(tuple(done), tuple(unclear), ()), steps, _duration_s(trace), watched=True, note=advice)


def _done(data: Mapping[str, Any], screens: Screens) -> Done:
    before, after = screens.get(data["before"]), screens.get(data["after"])
    if before is None or after is None:
        raise ValueError("a screen of it is missing")
    did = data["did"]
    return Done(before, _did(did, before), after, called=str(did.get("called", "")))


def _did(
    did: Mapping[str, Any], before: Screen
) -> Tapped | Held | Typed | Keyed | Scrolled | Noted | PressKey | OpenApp:
    match did["is"]:
        case "tapped":
            return Tapped(_element(did, before), int(did["times"]))
        case "held":
            return Held(_element(did, before), float(did["duration_s"]))
        case "typed":
            return Typed(_element(did, before), str(did["text"]))
        case "keyed":
            return Keyed(str(did["text"]), str(did["shows"]), str(did["blank"]))
        case "scrolled":
            return Scrolled(_DIRECTIONS[did["direction"]], None if did["element"] is None else _element(did, before))
        case "noted":
            return Noted(_element(did, before), str(did["name"]))
        case "pressed":
            return PressKey(_KEYS[did["key"]])
        case "opened":
            return OpenApp(str(did["package"]))
        case other:
            raise ValueError(f"{other!r} is nothing that can be done")


def _element(did: Mapping[str, Any], before: Screen) -> Element:
    index = did["element"]
    if not isinstance(index, int) or index < 0:
        raise ValueError(f"{index!r} is no element")
    return before.elements[index]


def _duration_s(trace: Trace) -> float:
    """From the start to the last thing that is known of it."""
    times = [event.at for event in trace.events if isinstance(event, Note)]
    if not times:
        return 0.0
    taken = datetime.fromisoformat(times[-1]) - datetime.fromisoformat(trace.header.started_at)
    return max(0.0, taken.total_seconds())
