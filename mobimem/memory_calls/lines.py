"""Facts and tasks as one line each, and the one that the beginning of an id means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from memory.errors import NotRemembered

if TYPE_CHECKING:
    from memory.experience.template import Template
    from memory.opening import Memory
    from memory.profile.records import Fact

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


def fact_line(fact: Fact) -> FactLine:
    """A fact as it stands in a list."""
    about = " ".join(filter(None, (fact.subject, fact.relation)))
    return FactLine(
        fact.uid, fact.text, fact.kind, about, fact.value, ", ".join(filter(None, fact.situation.parts)),
        round(fact.confidence, 4), fact.count, fact.valid_from, fact.valid_to,
    )  # fmt: skip


def task_line(template: Template) -> TaskLine:
    """A task as it stands in a list."""
    return TaskLine(
        template.id, pattern(template), template.app, len(template.phrasings), len(template.steps), template.state,
        template.uses,
    )  # fmt: skip


def pattern(template: Template) -> str:
    """A task's first wording, its slots in braces; "" for one that has none."""
    return template.phrasings[0].pattern() if template.phrasings else ""


def resolved(memory: Memory, begin: str) -> tuple[Literal["fact", "task"], str]:
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
