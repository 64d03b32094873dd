"""A trace with less in it: words taken out (`redact`), or steps and pictures left out (`prune`).

Evidence is never edited: both write a new trace whose header names the content hash of the one it was made from. A
redacted trace has no pictures - nobody can vouch for what is on them - and no hashes of texts in its steps' evidence,
from which words could be guessed; so its steps can be read, and no longer replayed.
"""

from __future__ import annotations

import dataclasses
import html
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from device.protocol import Picture
from perception.words import normal
from replay.errors import ReplayError
from replay.timeline import reading_of_seen
from replay.trace import End, Intent, Note, ScreenSeen, Source, StepDone, Trace
from replay.trace_reader import read_trace
from replay.trace_writer import TraceWriter

MASK: Final = "███"
_ATTRIBUTE: Final = re.compile(r"""\b(text|content-desc|hint)=("[^"]*"|'[^']*')""")
_GUESSABLE: Final = ("known", "own", "page", "texts")  # hashes of what was said

Change = Callable[[str], str]


def redact(trace: Trace, folder: Path, words: Iterable[str], *, every_text: bool = False, called: str = "") -> Trace:
    """Writes a copy at `folder` that says none of these words, in any case or spacing; returns it.

    Args:
        every_text: mask everything that screens say, besides.
        called: the copy's id; without it the trace's own, masked like the rest.

    Raises:
        ReplayError: there is nothing to take out. TraceError: `folder` exists; nothing was changed.
    """
    wanted = [word for word in dict.fromkeys(words) if normal(word)]
    if not wanted and not every_text:
        raise ReplayError("nothing to redact was given", next_step="Give words: --word TEXT, or --every-text.")
    change = _masking(wanted)
    text = (lambda said: MASK if said.strip() else said) if every_text else change
    named = dataclasses.replace(trace.header, trace_id=called or change(trace.header.trace_id))
    trace = dataclasses.replace(trace, header=named)
    return _copy(trace, folder, "redacted", change, lambda tree: _masked_tree(tree, text), pictures=False)


def prune(trace: Trace, folder: Path, *, first: int = 1, last: int | None = None, pictures: bool = False) -> Trace:
    """Writes a copy at `folder` with only the steps from `first` to `last` (from 1) and the screens they name.

    Raises:
        ReplayError: no step is left. TraceError: `folder` exists; nothing was changed.
    """
    numbered = {id(step): number for number, step in enumerate(trace.steps(), 1)}
    end = len(numbered) if last is None else last
    kept = [step for step in trace.steps() if first <= numbered[id(step)] <= end]
    if not kept:
        raise ReplayError(f"no step from {first} to {end} is in it", next_step=f"It has {len(numbered)} steps.")
    named = {number for step in kept for number in (step.before, step.after)}
    indices = {step.index for step in kept}
    events = tuple(
        event
        for event in trace.events
        if isinstance(event, End)
        or (isinstance(event, StepDone) and id(event) in {id(step) for step in kept})
        or (isinstance(event, Intent) and event.index in indices)
        or (isinstance(event, ScreenSeen) and event.number in named)
    )
    left = dataclasses.replace(trace, events=events)
    return _copy(left, folder, "pruned", lambda said: said, lambda tree: tree, pictures=pictures, evidence=True)


def _copy(
    trace: Trace, folder: Path, source: Source, change: Change, tree: Change, *, pictures: bool, evidence: bool = False
) -> Trace:
    header = dataclasses.replace(
        trace.header, source=source, parent=trace.content_hash, name=change(trace.header.name),
        task=change(trace.header.task), values=_changed(dict(trace.header.values), change),
    )  # fmt: skip
    numbers: dict[int, int] = {}
    with TraceWriter(folder, header) as writer:
        for event in trace.events:
            match event:
                case ScreenSeen():
                    reading = reading_of_seen(trace.screens, event)
                    reading = dataclasses.replace(reading, hierarchy=tree(reading.hierarchy))
                    picture = _picture(trace, event, reading.taken_at) if pictures else None
                    numbers[event.number] = writer.screen(reading, picture)
                case Intent():
                    writer.intent(dataclasses.replace(event, says=change(event.says)))
                case StepDone():
                    writer.step(_step(event, numbers, change, evidence=evidence))
                case Note():
                    data = _changed(dict(event.data), change)
                    if isinstance(data.get("screen"), int):
                        data["screen"] = numbers.get(data["screen"])
                    writer.note(event.topic, change(event.says), event.at, data)
                case End():
                    writer.end(event.outcome, change(event.reason), event.at, _changed(dict(event.receipt), change))
    return read_trace(folder)


def _step(event: StepDone, numbers: Mapping[int, int], change: Change, *, evidence: bool) -> StepDone:
    step = dict(event.step) if evidence else _without_hashes(_changed(dict(event.step), change))
    return dataclasses.replace(
        event, step=step, action=None if event.action is None else _changed(dict(event.action), change),
        before=None if event.before is None else numbers.get(event.before),
        after=None if event.after is None else numbers.get(event.after),
        reasons=tuple(change(str(reason)) for reason in event.reasons),
    )  # fmt: skip


def _picture(trace: Trace, event: ScreenSeen, taken_at: Any) -> Picture | None:
    data = trace.pictures.get(event.picture)
    if data is None:
        return None
    return Picture(data, "image/png" if data.startswith(b"\x89PNG") else "image/jpeg", taken_at)


def _changed(value: Any, change: Change) -> Any:
    """The same data with every text changed; names of fields stay."""
    match value:
        case str():
            return change(value)
        case Mapping():
            return {key: _changed(one, change) for key, one in value.items()}
        case list() | tuple():
            return [_changed(one, change) for one in value]
        case _:
            return value


def _without_hashes(value: Any) -> Any:
    match value:
        case Mapping():
            return {key: _without_hashes(one) for key, one in value.items() if key not in _GUESSABLE}
        case list():
            return [_without_hashes(one) for one in value]
        case _:
            return value


def _masking(words: list[str]) -> Change:
    """Masks each word wherever it stands, whatever its case and blanks; the longest first."""
    patterns = [
        re.compile(r"\s*".join(re.escape(character) for character in "".join(word.split())), re.IGNORECASE)
        for word in sorted(words, key=len, reverse=True)
    ]

    def change(said: str) -> str:
        for pattern in patterns:
            said = pattern.sub(MASK, said)
        return said

    return change


def _masked_tree(tree: str, change: Change) -> str:
    def masked(match: re.Match[str]) -> str:
        said = html.unescape(match[2][1:-1])
        return f'{match[1]}="{html.escape(change(said))}"'

    return _ATTRIBUTE.sub(masked, tree)
