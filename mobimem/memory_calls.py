"""What the owner of the data folder does with the memory for whoever asks: requests, results, and the work.

`mobimem.service.memories` offers these as use cases. Everything here is plain data to its caller, for it may have come
from another process (`mobimem.owner`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from memory.errors import NothingToRemember, NotRemembered
from mobimem.owner import Call

if TYPE_CHECKING:
    from memory.experience.template import Template
    from memory.opening import Memory
    from memory.profile.records import Fact

What = Literal["all", "facts", "tasks"]
PREFIX_MIN: Final = 4  # characters of an id that are enough, where they are unique


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact in a list. `about` is the place it has (subject and relation), `until` is set once it is over."""

    id: str
    text: str
    kind: str
    about: str
    value: str
    situation: str
    confidence: float
    count: int
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task in a list: its first wording with its slots, how many wordings and steps it has, and its state."""

    id: str
    words: str
    app: str
    wordings: int
    steps: int
    state: str
    uses: int


@dataclass(frozen=True, slots=True)
class ListAsked:
    what: What = "all"
    history: bool = False
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Listed:
    """`more`: there are others that the limit cut off."""

    facts: tuple[FactLine, ...]
    tasks: tuple[TaskLine, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class SourceLine:
    kind: str
    ref: str
    text: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class StepLine:
    id: str
    revision: int
    says: str
    source: str


@dataclass(frozen=True, slots=True)
class IdAsked:
    id: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing remembered: a fact with its sources and what it replaced, or a task with its wordings and steps."""

    fact: FactLine | None
    sources: tuple[SourceLine, ...]
    replaced: tuple[FactLine, ...]
    task: TaskLine | None
    wordings: tuple[str, ...]
    values: Mapping[str, tuple[str, ...]]
    steps: tuple[StepLine, ...]
    earlier: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchAsked:
    question: str
    limit: int = 10
    by: str = "disgraph"
    history: bool = False


@dataclass(frozen=True, slots=True)
class FoundFact:
    fact: FactLine
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """`embedder` names what meaning was compared with; of kind `lexical` it only saw letters."""

    facts: tuple[FoundFact, ...]
    embedder: str
    embedder_kind: str


@dataclass(frozen=True, slots=True)
class ExplainAsked:
    words: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """Why these words lead where they lead: the task they are or nearly are, and the facts, each with its path."""

    answer: Literal["task", "tasks", "miss", "fact"]
    tasks: tuple[str, ...]
    values: Mapping[str, str]
    confidence: float
    reasons: tuple[str, ...]
    unexplained: tuple[str, ...]
    facts: tuple[FoundFact, ...]


@dataclass(frozen=True, slots=True)
class RememberAsked:
    text: str
    request: str
    alias_of: str = ""


@dataclass(frozen=True, slots=True)
class SettleAsked:
    """The owner's answer to which value is meant, for good. `said` is what stood for it, "" for nothing; `app` the
    package it holds in; `request` the question's id."""

    slot: str
    said: str
    value: str
    app: str
    request: str


@dataclass(frozen=True, slots=True)
class RememberDone:
    """What became of it: new, one more source of something known (merged), or in place of `replaced`."""

    id: str
    outcome: str
    replaced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ForgetAsked:
    ids: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True)
class ForgottenInMemory:
    facts: tuple[str, ...]
    tasks: tuple[str, ...]
    changed_tasks: tuple[str, ...]
    removed: Mapping[str, int]
    remains: tuple[str, ...]
    runs: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Nothing:
    """A call that takes nothing."""


@dataclass(frozen=True, slots=True)
class ExportLines:
    lines: tuple[str, ...]
    facts: int
    tasks: int
    withheld: int


@dataclass(frozen=True, slots=True)
class ImportAsked:
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
    facts: int


@dataclass(frozen=True, slots=True)
class VerifyAsked:
    repair: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether the indexes say what the truth says. `wrong` says what did not; `mended` whether it does now."""

    sound: bool
    wrong: tuple[str, ...]
    mended: bool
    facts: int


# --- performed by the owner ------------------------------------------------------------------------------------------


def _list(memory: Memory, asked: ListAsked) -> Listed:
    facts: list[Fact] = []
    if asked.what != "tasks":
        facts = memory.profile.facts(history=asked.history, limit=asked.limit + 1)
    tasks = memory.experience.templates()[: asked.limit + 1] if asked.what != "facts" else ()
    return Listed(
        tuple(map(_fact_line, facts[: asked.limit])), tuple(map(_task_line, tasks[: asked.limit])),
        len(facts) > asked.limit or len(tasks) > asked.limit,
    )  # fmt: skip


def _show(memory: Memory, asked: IdAsked) -> Shown:
    kind, id_ = _resolved(memory, asked.id)
    if kind == "fact":
        sources = tuple(SourceLine(s.kind, s.ref, s.text, s.recorded_at) for s in memory.profile.sources(id_))
        first, *replaced = memory.profile.history(id_)
        return Shown(_fact_line(first), sources, tuple(map(_fact_line, replaced)), None, (), {}, (), ())
    template = memory.experience.template(id_)
    steps = tuple(
        StepLine(one.id, one.revision, one.form, one.source)
        for one in map(memory.action.steps.current, template.steps)
    )  # fmt: skip
    earlier = tuple(f"{one.state}: {_pattern(one)}" for one in memory.template_history(id_))
    wordings = tuple(phrasing.pattern() for phrasing in template.phrasings)
    return Shown(None, (), (), _task_line(template), wordings, dict(template.values), steps, earlier)


def _search(memory: Memory, asked: SearchAsked) -> Found:
    facts = _found(memory, asked.question, limit=asked.limit, by=asked.by, history=asked.history)
    return Found(facts, memory.embedder.name, memory.embedder.kind)


def _explain(memory: Memory, asked: ExplainAsked) -> Explained:
    from memory.experience.template import Joined, Match

    if asked.id:
        kind, id_ = _resolved(memory, asked.id)
        if kind != "fact":
            raise NotRemembered(f"{asked.id!r} is a task, and its reasons need no id")
        return Explained("fact", (), {}, 0.0, (memory.profile.explain(asked.words, id_),), (), ())
    facts = _found(memory, asked.words, limit=5, by="disgraph", history=False)
    match = memory.experience.match(asked.words)
    if isinstance(match, Match):
        return Explained("task", (match.template,), dict(match.values), match.confidence, match.reasons, (), facts)
    if isinstance(match, Joined):
        values = {name: value for part in match.parts for name, value in part.values.items()}
        tasks = tuple(part.template for part in match.parts)
        return Explained("tasks", tasks, values, match.confidence, match.reasons, (), facts)
    near = (match.nearest,) if match.nearest else ()
    return Explained("miss", near, {}, match.score, match.reasons, match.unexplained, facts)


def _remember(memory: Memory, asked: RememberAsked) -> RememberDone:
    from memory.profile.records import Source

    if asked.alias_of:
        if not asked.text.strip() or not asked.alias_of.strip():
            raise NothingToRemember("a name is empty")
        memory.profile.add_alias(asked.alias_of, asked.text)
        return RememberDone("", "alias", ())
    source = Source("said", f"command {asked.request}")
    if (known := memory.profile.fact_of(source)) is not None:  # asked again, for the first answer was lost
        return RememberDone(known.uid, "merged" if known.count > 1 else "new", ())
    told = memory.profile.remember(asked.text, source=source)
    return RememberDone(told.uid, told.outcome, told.closed)


def _settle(memory: Memory, asked: SettleAsked) -> RememberDone:
    from memory.profile.records import Situation, Source

    source = Source("said", f"question {asked.request}")
    if (known := memory.profile.fact_of(source)) is not None:
        return RememberDone(known.uid, "merged" if known.count > 1 else "new", ())
    told = memory.profile.settle(asked.slot, asked.said, asked.value, situation=Situation(app=asked.app), source=source)
    return RememberDone(told.uid, told.outcome, told.closed)


def _forget(memory: Memory, asked: ForgetAsked) -> ForgottenInMemory:
    from memory import forgetting

    if asked.about:
        gone = forgetting.forget_name(memory, asked.about)
        return ForgottenInMemory(gone.facts, gone.tasks, gone.changed_tasks, gone.removed, gone.remains, {})
    named = [_resolved(memory, one) for one in dict.fromkeys(asked.ids)]
    facts = [id_ for kind, id_ in named if kind == "fact"]
    runs: dict[str, tuple[str, ...]] = {}
    for uid in facts:
        fact = memory.profile.fact(uid)
        for source in memory.profile.sources(uid):
            if source.kind == "run" and source.ref:
                runs[source.ref] = (*runs.get(source.ref, ()), fact.value or fact.text)
    gone = forgetting.forget(memory, facts, [id_ for kind, id_ in named if kind == "task"])
    return ForgottenInMemory(gone.facts, gone.tasks, gone.changed_tasks, gone.removed, gone.remains, runs)


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


LIST = Call("memory-list", ListAsked, Listed, _list)
SHOW = Call("memory-show", IdAsked, Shown, _show)
SEARCH = Call("memory-search", SearchAsked, Found, _search)
EXPLAIN = Call("memory-explain", ExplainAsked, Explained, _explain)
REMEMBER = Call("memory-remember", RememberAsked, RememberDone, _remember)
SETTLE = Call("memory-settle", SettleAsked, RememberDone, _settle)
FORGET = Call("memory-forget", ForgetAsked, ForgottenInMemory, _forget)
EXPORT = Call("memory-export", Nothing, ExportLines, _export)
IMPORT = Call("memory-import", ImportAsked, ImportDone, _import)
STATS = Call("memory-stats", Nothing, Stats, _stats)
REBUILD = Call("memory-rebuild-index", Nothing, Rebuilt, _rebuild)
VERIFY = Call("memory-verify", VerifyAsked, Checked, _verify)
CALLS: Final = (
    LIST, SHOW, SEARCH, EXPLAIN, REMEMBER, SETTLE, FORGET, EXPORT, IMPORT, STATS, REBUILD, VERIFY,
)  # fmt: skip


# --- inside ----------------------------------------------------------------------------------------------------------


def _found(memory: Memory, question: str, *, limit: int, by: str, history: bool) -> tuple[FoundFact, ...]:
    found = memory.profile.recall(question, k=limit, by=by, history=history)
    return tuple(FoundFact(_fact_line(one.fact), round(one.score, 4), one.explain()) for one in found)


def _resolved(memory: Memory, begin: str) -> tuple[Literal["fact", "task"], str]:
    """The one fact or task whose id begins so.

    Raises:
        NotRemembered: there is none, or several.
    """
    facts = memory.profile.uids(begin) if len(begin) >= PREFIX_MIN else []
    tasks = [one.id for one in memory.experience.templates() if one.id == begin] or [
        one.id for one in memory.experience.templates() if len(begin) >= PREFIX_MIN and one.id.startswith(begin)
    ]
    named: list[tuple[Literal["fact", "task"], str]] = [("fact", uid) for uid in facts]
    named += [("task", key) for key in tasks]
    if len(named) > 1:
        raise NotRemembered(f"{len(named)} ids begin with {begin!r}", next_step="Give more of the id.")
    if not named:
        raise NotRemembered(f"nothing is remembered under {begin[:80]!r}")
    return named[0]


def _fact_line(fact: Fact) -> FactLine:
    about = " ".join(filter(None, (fact.subject, fact.relation)))
    return FactLine(
        fact.uid, fact.text, fact.kind, about, fact.value, ", ".join(filter(None, fact.situation.parts)),
        round(fact.confidence, 4), fact.count, fact.valid_from, fact.valid_to,
    )  # fmt: skip


def _task_line(template: Template) -> TaskLine:
    return TaskLine(
        template.id, _pattern(template), template.app, len(template.phrasings), len(template.steps), template.state,
        template.uses,
    )  # fmt: skip


def _pattern(template: Template) -> str:
    return template.phrasings[0].pattern() if template.phrasings else ""
