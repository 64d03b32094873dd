"""The memory as a whole: move it elsewhere, count it, make its indexes anew, compare them with the truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from mobimem.owner import Call

if TYPE_CHECKING:
    from memory.opening import Memory


@dataclass(frozen=True, slots=True)
class Nothing:
    """A call that takes nothing."""


@dataclass(frozen=True, slots=True)
class ExportLines:
    """An export, as `memory.exchange` writes it; `withheld` counts what is left out because it speaks of secrets."""

    lines: tuple[str, ...]
    facts: int
    tasks: int
    withheld: int


@dataclass(frozen=True, slots=True)
class ImportAsked:
    """The lines of an export."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportDone:
    """What was new. `changed` is 0 where everything was known already."""

    facts: int
    entities: int
    sources: int
    closed: int
    tasks: int
    steps: int
    left_out: int
    changed: int


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts of what is remembered. `closed` are facts that hold no more, `tasks` is by state, `bytes` is the store."""

    facts: int
    closed: int
    entities: int
    names: int
    edges: int
    sources: int
    waiting_for_indexes: int
    tasks: Mapping[str, int]
    steps: int
    bytes: int
    embedder: str
    embedder_kind: str


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many facts the indexes were made anew from."""

    facts: int


@dataclass(frozen=True, slots=True)
class VerifyAsked:
    """`repair`: also mend what is wrong."""

    repair: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether the indexes say what the truth says. `wrong` says what did not; `mended` whether it does now."""

    sound: bool
    wrong: tuple[str, ...]
    mended: bool
    facts: int


def _export(memory: Memory, _: Nothing) -> ExportLines:
    from memory.exchange import export

    made = export(memory, datetime.now(UTC))
    return ExportLines(made.lines, made.facts, made.tasks, made.withheld)


def _import(memory: Memory, asked: ImportAsked) -> ImportDone:
    from memory.exchange import merge

    told = merge(memory, asked.lines)
    profile = told.profile
    return ImportDone(
        profile.facts, profile.entities, profile.sources, profile.closed, told.tasks, told.steps, told.left_out,
        told.changed,
    )  # fmt: skip


def _stats(memory: Memory, _: Nothing) -> Stats:
    counted: dict[str, Any] = memory.profile.stats()
    states: dict[str, int] = {}
    for template in memory.experience.templates():
        states[template.state] = states.get(template.state, 0) + 1
    return Stats(
        **counted, tasks=states, steps=len(memory.action.steps), embedder=memory.embedder.name,
        embedder_kind=memory.embedder.kind, bytes=sum(file.stat().st_size for file in memory.store.files()),
    )  # fmt: skip


def _rebuild(memory: Memory, _: Nothing) -> Rebuilt:
    return Rebuilt(memory.profile.rebuild())


def _verify(memory: Memory, asked: VerifyAsked) -> Checked:
    found = memory.profile.verify(repair=asked.repair, words=True)
    wrong = [
        f"the {index} index {what} {count} of the facts"
        for index, what, count in (
            ("lexical", "lacks", found.lexical_missing), ("vector", "lacks", found.vector_missing),
            ("lexical", "has other words for", found.lexical_wrong),
        )
        if count
    ] + [
        f"the {index} index has {count} that are no facts"
        for index, count in (("lexical", found.lexical_extra), ("vector", found.vector_extra))
        if count
    ]  # fmt: skip
    return Checked(not wrong, tuple(wrong), asked.repair and bool(wrong), int(memory.profile.stats()["facts"]))


EXPORT = Call("memory-export", Nothing, ExportLines, _export)
IMPORT = Call("memory-import", ImportAsked, ImportDone, _import)
STATS = Call("memory-stats", Nothing, Stats, _stats)
REBUILD = Call("memory-rebuild-index", Nothing, Rebuilt, _rebuild)
VERIFY = Call("memory-verify", VerifyAsked, Checked, _verify)
CALLS: Final = (EXPORT, IMPORT, STATS, REBUILD, VERIFY)
