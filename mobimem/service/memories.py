"""Use cases: what is remembered - list it, show it, search it, say why, remember, forget, and move it elsewhere.

Each is performed here if the data folder is free, else by the process that holds it (`mobimem.owner`,
`mobimem.memory_calls`). Only files of the caller's - an export, the traces of runs - are read and written here.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mobimem import folders
from mobimem.errors import BadInput
from mobimem.memory_calls.keeping import (
    EXPORT,
    IMPORT,
    REBUILD,
    STATS,
    VERIFY,
    Checked,
    ImportAsked,
    ImportDone,
    Nothing,
    Rebuilt,
    Stats,
    VerifyAsked,
)
from mobimem.memory_calls.looking import (
    EXPLAIN,
    LIST,
    SEARCH,
    SHOW,
    ExplainAsked,
    Explained,
    Found,
    IdAsked,
    ListAsked,
    Listed,
    SearchAsked,
    Shown,
    What,
)
from mobimem.memory_calls.telling import FORGET, REMEMBER, ForgetAsked, ForgottenInMemory, RememberAsked, RememberDone
from mobimem.owner import through_owner
from replay.private_files import write_private

_IMPORT_MAX: Final = 200 * 1024 * 1024  # bytes of an export that is read at once


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run whose trace was replaced by a redacted copy that names its `parent`'s content hash."""

    run: str
    parent: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class ForgetDone:
    """What was taken out where. `remains` is the proof: every place that still holds something of it. `kept` are files
    that say it and that nobody edits: the log of what was done for good, and questions, which go after a day."""

    facts: tuple[str, ...]
    tasks: tuple[str, ...]
    changed_tasks: tuple[str, ...]
    removed: Mapping[str, int]
    runs: tuple[RunLine, ...]
    remains: tuple[str, ...]
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportDone:
    """`withheld`: facts and tasks that speak of secrets, which no export holds."""

    file: Path
    facts: int
    tasks: int
    withheld: int


def list_memories(*, what: What = "all", history: bool = False, limit: int = 100) -> Listed:
    """What is remembered, in the order it came: facts, then tasks."""
    return through_owner(LIST, ListAsked(what, history, limit))


def show_memory(id_: str) -> Shown:
    """One fact or task, by its id or the beginning of it.

    Raises:
        NotRemembered: there is none; or several begin so.
    """
    return through_owner(SHOW, IdAsked(id_))


def search_memories(question: str, *, limit: int = 10, by: str = "disgraph", history: bool = False) -> Found:
    """The facts that answer best, each with the path that led to it.

    Raises:
        NoSuchPreset: `by` names no way to search.
    """
    return through_owner(SEARCH, SearchAsked(question, limit, by, history))


def explain_memory(words: str, id_: str = "") -> Explained:
    """Why words lead where they lead: to a task, with its values, or to none; and to which facts. With an id: how
    these words lead to that fact.

    Raises:
        NotRemembered: there is no such fact.
    """
    return through_owner(EXPLAIN, ExplainAsked(words, id_))


def remember(text: str, *, alias_of: str = "") -> RememberDone:
    """Remembers a statement; or, with `alias_of`, that somebody also goes by this name.

    Raises:
        NothingToRemember: it holds no words, or far too many.
    """
    return through_owner(REMEMBER, RememberAsked(text, secrets.token_hex(8), alias_of))


def forget(ids: tuple[str, ...] = (), *, about: str = "") -> ForgetDone:
    """Forgets facts and tasks by id, or a name everywhere: in the memory, its indexes, the traces of runs, and plans
    that are not over.

    Raises:
        NotRemembered: it is not there; nothing was forgotten. BadInput: neither ids nor a name were given.
    """
    from memory.errors import NotRemembered

    if bool(ids) == bool(about.strip()):
        raise BadInput("forgetting needs ids, or a name", next_step="Give ids, or --about NAME.")
    unknown: NotRemembered | None = None
    try:
        gone = through_owner(FORGET, ForgetAsked(ids, about))
    except NotRemembered as error:  # runs and plans may still say the name
        unknown, gone = error, ForgottenInMemory((), (), (), {}, (), {})
    runs, left, plans = _unsaid(gone, about)
    remains = (*gone.remains, *left)
    if unknown is not None and not runs and not remains and not plans:
        raise unknown
    return ForgetDone(gone.facts, gone.tasks, gone.changed_tasks, gone.removed, runs, remains, _files_that_say(about))


def export_memory(file: Path, *, replace: bool = False) -> ExportDone:
    """Writes everything as JSON lines, private to the user; secrets are withheld.

    Raises:
        BadInput: the file exists, or cannot be written.
    """
    if file.exists() and not replace:
        raise BadInput(f"{file} exists", next_step="Name another file, or say --replace.")
    made = through_owner(EXPORT, Nothing())
    try:
        write_private(file, "".join(f"{line}\n" for line in made.lines), replace=replace)
    except OSError as error:
        raise BadInput(f"{file} cannot be written ({error.strerror})") from error
    return ExportDone(file, made.facts, made.tasks, made.withheld)


def import_memory(file: Path) -> ImportDone:
    """Merges an export; importing it again changes nothing.

    Raises:
        BadInput: the file cannot be read. NotAnExport: it is none; nothing was changed.
    """
    try:
        if file.stat().st_size > _IMPORT_MAX:
            raise BadInput(f"{file} is larger than an export can be ({_IMPORT_MAX:,} bytes)")
        lines = tuple(file.read_text(encoding="utf-8").split("\n"))
    except OSError as error:
        raise BadInput(f"{file} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{file} is no text in UTF-8") from error
    return through_owner(IMPORT, ImportAsked(lines))


def memory_stats() -> Stats:
    """Counts, sizes, and which embedder is in use."""
    return through_owner(STATS, Nothing())


def rebuild_index() -> Rebuilt:
    """Makes the lexical and the vector index anew from the truth."""
    return through_owner(REBUILD, Nothing())


def verify_memory(*, repair: bool = False) -> Checked:
    """Compares the indexes with the truth and says what differs; with `repair`, mends it."""
    return through_owner(VERIFY, VerifyAsked(repair))


def _unsaid(gone: ForgottenInMemory, about: str) -> tuple[tuple[RunLine, ...], tuple[str, ...], tuple[str, ...]]:
    """The runs that said it, redacted; what still says it; the plans that said it, and are over by that."""
    from memory.forgetting import speaking_of
    from mobimem.running import all_running
    from mobimem.service.plans.taking_up import unsay_plans
    from mobimem.unsaying import recipes_that_say, unsay, without_name
    from replay.resume import open_questions

    if not about and not gone.runs:
        return (), (), ()
    alive = {running.run for running in all_running(folders.running_folder())}
    runs = folders.runs_folder()
    of_run = {without_name(run): words for run, words in gone.runs.items()}  # it may have lost its name since
    done = unsay(
        runs,
        lambda run: (about,) if about else of_run.get(without_name(run), ()),
        lambda words: lambda text: any(speaking_of(word)(text) for word in words),
        busy=alive | {question.run for question in open_questions(runs, alive=alive)},
    )
    said = speaking_of(about) if about else lambda _: False
    taught = recipes_that_say(folders.recipes_folder(), said) if about else ()
    plans, still = unsay_plans(said, [one.was for one in done.runs])
    left = (*done.left, *(f"recipe {name}" for name in taught), *still)
    return tuple(RunLine(one.run, one.parent, one.content_hash) for one in done.runs), left, plans


def _files_that_say(about: str) -> tuple[str, ...]:
    """Questions, consents and the log of what was done that say a name."""
    from memory.forgetting import speaking_of

    says = speaking_of(about)
    places = (folders.questions_folder(), folders.policy_folder())
    files = [file for place in places for file in sorted(place.rglob("*.json*")) if file.is_file()]
    return tuple(
        f"{file.parent.name}/{file.name}" for file in files if says(file.read_text(encoding="utf-8", errors="replace"))
    )
