"""What the owner says is taken in or taken back: remember, settle which value is meant, forget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from memory.errors import NothingToRemember
from mobimem.memory_calls.lines import resolved
from mobimem.owner import Call

if TYPE_CHECKING:
    from memory.opening import Memory


@dataclass(frozen=True, slots=True)
class RememberAsked:
    """Something to be remembered, or with `alias_of` another name for somebody. `request` is the command's id."""

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
    """What to forget: these ids, or everything that speaks of `about`."""

    ids: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True)
class ForgottenInMemory:
    """What was taken out; `remains` names every place that still holds something of it, and empty is the proof.

    `runs`: the runs that forgotten facts came from, with what each of them said.
    """

    facts: tuple[str, ...]
    tasks: tuple[str, ...]
    changed_tasks: tuple[str, ...]
    removed: Mapping[str, int]
    remains: tuple[str, ...]
    runs: Mapping[str, tuple[str, ...]]


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
    named = [resolved(memory, one) for one in dict.fromkeys(asked.ids)]
    facts = [id_ for kind, id_ in named if kind == "fact"]
    runs: dict[str, tuple[str, ...]] = {}
    for uid in facts:
        fact = memory.profile.fact(uid)
        for source in memory.profile.sources(uid):
            if source.kind == "run" and source.ref:
                runs[source.ref] = (*runs.get(source.ref, ()), fact.value or fact.text)
    gone = forgetting.forget(memory, facts, [id_ for kind, id_ in named if kind == "task"])
    return ForgottenInMemory(gone.facts, gone.tasks, gone.changed_tasks, gone.removed, gone.remains, runs)


REMEMBER = Call("memory-remember", RememberAsked, RememberDone, _remember)
SETTLE = Call("memory-settle", SettleAsked, RememberDone, _settle)
FORGET = Call("memory-forget", ForgetAsked, ForgottenInMemory, _forget)
CALLS: Final = (REMEMBER, SETTLE, FORGET)
