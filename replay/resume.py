"""What a run that was cut off leaves to be answered, and the answers.

An intent without its step means: it is not known whether something irreversible happened. Only the owner can say, by
what is on the screen. A run that did something irreversible and did not get to its end is asked about as well: to run
it again would do it twice. Until it is answered the same recipe is not run again (`blocking`).

    <runs>/<run id>/trace/             the journal: evidence, never edited
                    answer-<n>.json    what the owner said about the step with index n, written once
                    settled            empty: nothing of this run is open (so that it need not be read again)

A run's process that still lives is not "cut off"; who knows which do passes them in.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from replay.errors import ReplayError, TraceDamaged, TraceError
from replay.private_files import private_folder, write_private
from replay.trace import Header, Intent, StepDone, Trace
from replay.trace_reader import read_trace

Answer = Literal["done", "not-done", "abandon"]
ANSWERS: tuple[Answer, ...] = ("done", "not-done", "abandon")
Doubt = Literal["unclear", "unfinished", "unreadable"]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing only the owner knows.

    `doubt` is "unclear" (it may or may not have happened), "unfinished" (it happened; the run did not get to its end)
    or "unreadable" (the journal is damaged: nothing is known). `screen` is the number of the last screen recorded.
    """

    run: str
    recipe_id: str
    name: str
    task: str
    values: dict[str, str]
    serial: str
    doubt: Doubt
    index: int
    says: str
    at: str
    screen: int | None


@dataclass(frozen=True, slots=True)
class Resolution:
    """The owner's answer to one question. `trace_hash` is the evidence it was given on."""

    run: str
    index: int
    answer: Answer
    says: str
    at: str
    trace_hash: str


def questions_of(trace: Trace, run: str) -> tuple[Question, ...]:
    """What is open in one run's journal, whatever has been answered."""
    asked = [_question(trace, run, "unclear", intent) for intent in trace.open_intents()]
    if not asked and (trace.end is None or trace.end.outcome != "done"):
        done = {event.index for event in trace.events if isinstance(event, StepDone) and event.result == "done"}
        last = [event for event in trace.events if isinstance(event, Intent) and event.index in done][-1:]
        asked = [_question(trace, run, "unfinished", intent) for intent in last]
    return tuple(asked)


def open_questions(runs: Path, *, alive: Collection[str] = ()) -> tuple[Question, ...]:
    """Everything that waits for the owner's answer, oldest run first. Marks runs that leave nothing open as settled."""
    found: list[Question] = []
    folders = sorted(folder for folder in runs.iterdir() if folder.is_dir()) if runs.is_dir() else []
    for folder in folders:
        if folder.name in alive or (folder / "settled").exists() or not (folder / "trace").is_dir():
            continue
        answered = {resolution.index for resolution in resolutions(folder)}
        left = [question for question in _asked(folder) if question.index not in answered]
        found += left
        if not left:
            settle(folder)
    return tuple(found)


def blocking(questions: Iterable[Question], recipe_id: str, values: Mapping[str, str]) -> tuple[Question, ...]:
    """The questions that have to be answered before this recipe may run with these values.

    What is known to have happened stands only in the way of the same again; what is unclear, in the way of the recipe;
    an unreadable journal may be of any.
    """
    return tuple(
        question
        for question in questions
        if question.doubt == "unreadable"
        or (question.recipe_id == recipe_id and (question.doubt == "unclear" or question.values == dict(values)))
    )


def answer(runs: Path, question: Question, said: Answer, *, at: datetime, says: str = "") -> Resolution:
    """Records the owner's answer beside the journal.

    Raises:
        ReplayError: it was answered before; the first answer stands.
    """
    folder = runs / question.run
    trace_hash = "" if question.doubt == "unreadable" else read_trace(folder / "trace", lines_only=True).content_hash
    resolution = Resolution(question.run, question.index, said, says, at.isoformat(), trace_hash)
    try:
        write_private(_answer_file(folder, question.index), json.dumps(asdict(resolution), ensure_ascii=False) + "\n")
    except FileExistsError as error:
        raise ReplayError(
            f"this step of run {question.run} was answered before", next_step="The first answer stands."
        ) from error
    return resolution


def resolutions(folder: Path) -> tuple[Resolution, ...]:
    """The answers given about one run.

    Raises:
        ReplayError: an answer's file is not what was written there.
    """
    found = []
    for file in sorted(folder.glob("answer-*.json")):
        try:
            data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            found.append(Resolution(**data))
        except (OSError, ValueError, TypeError) as error:
            raise ReplayError(f"{file} cannot be read ({error})", next_step="Remove it and answer again.") from error
    return tuple(found)


def settle(folder: Path) -> None:
    """Marks a run of which nothing is open."""
    (private_folder(folder) / "settled").touch(mode=0o600)


def _asked(folder: Path) -> tuple[Question, ...]:
    try:
        return questions_of(read_trace(folder / "trace", lines_only=True), folder.name)
    except TraceDamaged:
        return () if _never_began(folder / "trace") else (_unreadable(folder),)
    except TraceError:
        return (_unreadable(folder),)


def _never_began(trace: Path) -> bool:
    """Whether not even the first line was written: then nothing was done, because it is on the disk before any act."""
    file = trace / "trace.jsonl"
    return not file.exists() or b"\n" not in file.read_bytes()


def _question(trace: Trace, run: str, doubt: Doubt, intent: Intent) -> Question:
    header: Header = trace.header
    return Question(
        run=run,
        recipe_id=header.recipe_id,
        name=header.name,
        task=header.task,
        values=dict(header.values),
        serial=str(header.device.get("serial", "")),
        doubt=doubt,
        index=intent.index,
        says=intent.says,
        at=intent.at,
        screen=trace.last_screen,
    )


def _unreadable(folder: Path) -> Question:
    """The question about a run whose journal is damaged. Its recipe is unknown, so it stands for any."""
    return Question(
        run=folder.name,
        recipe_id="",
        name="",
        task="",
        values={},
        serial="",
        doubt="unreadable",
        index=-1,
        says="what this run did",
        at="",
        screen=None,
    )


def _answer_file(folder: Path, index: int) -> Path:
    return folder / f"answer-{index}.json"
