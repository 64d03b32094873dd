"""What is remembered: list it, show one, search it, and say why words lead where they lead. Nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from memory.errors import NotRemembered
from mobimem.memory_calls.lines import FactLine, TaskLine, fact_line, pattern, resolved, task_line
from mobimem.owner import Call

if TYPE_CHECKING:
    from memory.opening import Memory
    from memory.profile.records import Fact

What = Literal["all", "facts", "tasks"]


@dataclass(frozen=True, slots=True)
class ListAsked:
    """Which things, and how many of each at the most; with `history` also facts that hold no more."""

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
    """Where a fact comes from; `at` is when it was recorded."""

    kind: str
    ref: str
    text: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of a task at its newest revision, and what that revision comes from."""

    id: str
    revision: int
    says: str
    source: str


@dataclass(frozen=True, slots=True)
class IdAsked:
    """One thing by its id."""

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
    """A question to the facts; `by` names a preset, with `history` facts that hold no more are searched too."""

    question: str
    limit: int = 10
    by: str = "disgraph"
    history: bool = False


@dataclass(frozen=True, slots=True)
class FoundFact:
    """A fact with its score, 0..1, higher is better, and the path that led to it."""

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
    """Words to be explained; with the id of a fact, how it answers them."""

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


def _list(memory: Memory, asked: ListAsked) -> Listed:
    facts: list[Fact] = []
    if asked.what != "tasks":
        facts = memory.profile.facts(history=asked.history, limit=asked.limit + 1)
    tasks = memory.experience.templates()[: asked.limit + 1] if asked.what != "facts" else ()
    return Listed(
        tuple(map(fact_line, facts[: asked.limit])), tuple(map(task_line, tasks[: asked.limit])),
        len(facts) > asked.limit or len(tasks) > asked.limit,
    )  # fmt: skip


def _show(memory: Memory, asked: IdAsked) -> Shown:
    kind, id_ = resolved(memory, asked.id)
    if kind == "fact":
        sources = tuple(SourceLine(s.kind, s.ref, s.text, s.recorded_at) for s in memory.profile.sources(id_))
        first, *replaced = memory.profile.history(id_)
        return Shown(fact_line(first), sources, tuple(map(fact_line, replaced)), None, (), {}, (), ())
    template = memory.experience.template(id_)
    steps = tuple(
        StepLine(one.id, one.revision, one.form, one.source)
        for one in map(memory.action.steps.current, template.steps)
    )  # fmt: skip
    earlier = tuple(f"{one.state}: {pattern(one)}" for one in memory.template_history(id_))
    wordings = tuple(phrasing.pattern() for phrasing in template.phrasings)
    return Shown(None, (), (), task_line(template), wordings, dict(template.values), steps, earlier)


def _search(memory: Memory, asked: SearchAsked) -> Found:
    facts = _found(memory, asked.question, limit=asked.limit, by=asked.by, history=asked.history)
    return Found(facts, memory.embedder.name, memory.embedder.kind)


def _explain(memory: Memory, asked: ExplainAsked) -> Explained:
    from memory.experience.template import Joined, Match

    if asked.id:
        kind, id_ = resolved(memory, asked.id)
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


def _found(memory: Memory, question: str, *, limit: int, by: str, history: bool) -> tuple[FoundFact, ...]:
    found = memory.profile.recall(question, k=limit, by=by, history=history)
    return tuple(FoundFact(fact_line(one.fact), round(one.score, 4), one.explain()) for one in found)


LIST = Call("memory-list", ListAsked, Listed, _list)
SHOW = Call("memory-show", IdAsked, Shown, _show)
SEARCH = Call("memory-search", SearchAsked, Found, _search)
EXPLAIN = Call("memory-explain", ExplainAsked, Explained, _explain)
CALLS: Final = (LIST, SHOW, SEARCH, EXPLAIN)
