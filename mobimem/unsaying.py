"""Taking words out of what runs recorded: each trace that says them is replaced by a redacted copy.

A trace is evidence and never edited: the copy names the content hash of the one it was made from (`replay.redaction`),
and the old one is deleted. A run whose own name says them - what a task is called is made of its words - gets a name
without any. Runs that are under way or wait for the owner's answer are left, and named. A recipe keeps
its values; it is named too, for it is the owner's to keep or to teach anew.
"""

from __future__ import annotations

import dataclasses
import html
import re
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from replay.errors import ReplayError
from replay.library import Library
from replay.recipe import to_data
from replay.redaction import redact
from replay.trace import Trace
from replay.trace_reader import read_trace

NEW: Final = ".redacted"  # beside `trace`, until it takes its place
_RUN: Final = re.compile(r"(\d{8}T\d{6})-.*-([0-9a-f]{6})")
_JOINED: Final = re.compile(r"[-_]+")


@dataclass(frozen=True, slots=True)
class RedactedRun:
    """A run whose trace was replaced; `parent` is the content hash of the one that is gone, `was` what the run was
    called."""

    run: str
    was: str
    parent: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Unsaid:
    """`left`: runs that still say it, and why."""

    runs: tuple[RedactedRun, ...]
    left: tuple[str, ...]


def unsay(
    runs: Path,
    words_of: Callable[[str], Sequence[str]],
    says: Callable[[Sequence[str]], Callable[[str], bool]],
    *,
    busy: Collection[str] = (),
) -> Unsaid:
    """Takes words out of the traces of runs.

    Args:
        words_of: what to mask in the run of this name, in any case and spacing; nothing leaves the run alone.
        says: makes of words the test whether a text says one of them.
        busy: runs that are under way or wait for an answer.
    """
    done: list[RedactedRun] = []
    left: list[str] = []
    for folder in sorted(one for one in runs.iterdir() if one.is_dir()) if runs.is_dir() else []:
        _finish(folder)
        words = words_of(folder.name)
        if not words or not (folder / "trace").is_dir():
            continue
        try:
            trace = read_trace(folder / "trace")
        except ReplayError as error:
            left.append(f"run {folder.name}: {error.cause}")
            continue
        said = says(words)
        named = _names(folder.name, said)
        if not named and not trace_says(trace, said):
            continue
        if folder.name in busy:
            left.append(f"run {folder.name}: it is under way or waits for an answer")
            continue
        run = without_name(folder.name) if named else folder.name
        copy = redact(trace, folder / NEW, words, called=run)
        if trace_says(copy, said):
            left.append(f"run {run}: its redacted copy still says it")
        _replace(folder)
        if run != folder.name:
            folder.rename(folder.with_name(run))
        done.append(RedactedRun(run, folder.name, trace.content_hash, copy.content_hash))
    return Unsaid(tuple(done), tuple(left))


def without_name(run: str) -> str:
    """A run's name without the task's in it: its time and its own number, by which it is still told from all others."""
    parts = _RUN.fullmatch(run)
    return run if parts is None else f"{parts[1]}-redacted-{parts[2]}"


def _names(run: str, says: Callable[[str], bool]) -> bool:
    """Whether a run's name says it, in which blanks are joined."""
    return without_name(run) != run and (says(run) or says(_JOINED.sub(" ", run)))


def recipes_that_say(recipes: Path, says: Callable[[str], bool]) -> tuple[str, ...]:
    """The names of the recipes whose words, values or steps say it, or whose demonstration does."""
    found = []
    for entry in Library(recipes).entries():
        said = any(map(says, _strings(to_data(entry.recipe))))
        if said or (entry.trace is not None and trace_says(read_trace(entry.trace), says)):
            found.append(entry.name)
    return tuple(found)


def trace_says(trace: Trace, says: Callable[[str], bool]) -> bool:
    """Whether a trace's lines or one of its screens do."""
    lines = [*_strings(dataclasses.asdict(trace.header)), *(text for one in trace.events for text in _strings(
        dataclasses.asdict(one)))]  # fmt: skip
    return any(map(says, lines)) or any(says(html.unescape(tree)) for tree in trace.screens.values())


def _replace(folder: Path) -> None:
    """The copy takes the trace's place; cut off anywhere, `_finish` does the rest."""
    (folder / NEW).rename(folder / f"{NEW}-whole")
    shutil.rmtree(folder / "trace")
    (folder / f"{NEW}-whole").rename(folder / "trace")


def _finish(folder: Path) -> None:
    """What an interrupted replacement left: half a copy goes, a whole one takes its place."""
    shutil.rmtree(folder / NEW, ignore_errors=True)
    if (folder / f"{NEW}-whole").is_dir():
        shutil.rmtree(folder / "trace", ignore_errors=True)
        (folder / f"{NEW}-whole").rename(folder / "trace")


def _strings(value: Any) -> list[str]:
    match value:
        case str():
            return [value]
        case Mapping():
            return [text for item in (*value.keys(), *value.values()) for text in _strings(item)]
        case list() | tuple():
            return [text for item in value for text in _strings(item)]
        case _:
            return []
