"""What a task of `mobimem eval tasks` is: words to say twice, how it is done the first time, and what it changes.

A task's `change` and what it `tells` speak of the phone's tables, settings and documents only. Neither the agent nor
the scripted model sees them, or anything else of a task but its words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from device.virtual.phone import VirtualPhone
from mobimem.evals.drift_task import PASSING, Change, DriftTask, Setup, Show, Values
from mobimem.evals.drift_tasks import TASKS

Act: TypeAlias = Literal["open", "tap", "type", "back", "report", "done"]
Expected: TypeAlias = Literal["done", "not done"]


@dataclass(frozen=True, slots=True)
class Move:
    """One thing the scripted model does: an act on what is called `on`, with the values of the words filled in.

    `nth`: of several of that name, the how-many-th; 0 is the first. To report: the result `on` is the first text of the
    list that is of the form `text`, a regular expression.
    """

    act: Act
    on: str = ""
    text: str = ""
    nth: int = 0


def typed(field_name: str, text: str) -> Move:
    """Types into the field of this name."""
    return Move("type", field_name, text)


def nth(name: str, number: int) -> Move:
    """Taps the how-many-th thing of this name, from 0."""
    return Move("tap", name, nth=number)


def told(result: str, form: str) -> Move:
    """Reports the first text of this form (a regular expression) as the result of this name."""
    return Move("report", result, form)


def moves(package: str, *steps: str | Move) -> tuple[Move, ...]:
    """Opens an app and makes the moves; words alone are tapped."""
    made = (Move("tap", one) if isinstance(one, str) else one for one in steps)
    return (Move("open", package), *made, Move("done"))


@dataclass(frozen=True, slots=True)
class Twist:
    """What the second run meets that the first did not.

    Args:
        name: the state, as the result names it.
        before: makes it, on the phone of the second run.
        at_read, then: something that happens by itself, before the reading of this number.
        expected: how the run has to end. "not done" is right where the task cannot be done: saying so is the success.
        says: what the end of such a run has to say, as the reason.
        facts: statements the owner has told the memory before.
        change: what the task changes here, where that is something else than elsewhere.
    """

    name: str
    before: Setup | None = None
    at_read: int = 0
    then: Callable[[VirtualPhone], None] | None = None
    expected: Expected = "done"
    says: str = ""
    facts: tuple[str, ...] = ()
    change: Callable[[Values], Change] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task.

    Args:
        words: what the owner says, with the values in braces; `again`: said otherwise the second time.
        first, second: the values of the two runs.
        script: how the scripted model does it; empty where `show` teaches it by a demonstration.
        final: what is pressed for good, as the owner's words mean it: what the owner says yes to.
        fine: what the owner lets be switched or ticked although the words do not name it.
        said: for the second run, what is said for a value that memory has to fill in.
        tells: what the words ask to be told, by the phone's own account; None where they ask nothing.
    """

    name: str
    app: str
    words: str
    change: Callable[[Values], Change]
    first: Values = field(default_factory=dict)
    second: Values = field(default_factory=dict)
    script: tuple[Move, ...] = ()
    show: Show | None = None
    reach: tuple[str, ...] = ()
    final: tuple[str, ...] = ()
    fine: tuple[str, ...] = ()
    again: str = ""
    said: Values = field(default_factory=dict)
    prepare: Setup = lambda phone, values: None
    passing: frozenset[str] = PASSING
    twist: Twist | None = None
    tells: Callable[[VirtualPhone, Values], Mapping[str, str]] | None = None

    @property
    def first_words(self) -> str:
        return self.words.format(**self.first)

    @property
    def second_words(self) -> str:
        return (self.again or self.words).format(**{**self.second, **self.said})

    def values_in(self, words: str) -> Mapping[str, str] | None:
        """The values these words have of this task; None where they are of another one."""
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(self.words))
        found = re.fullmatch(pattern, words)
        return None if found is None else found.groupdict()


@dataclass(frozen=True, slots=True)
class Probe:
    """Words that are only recalled, never done: near to a task's own, or to none of them (`right` is then "").

    `values` are those a person hears in them.
    """

    words: str
    right: str
    values: tuple[str, ...]


_BY_NAME = {one.name: one for one in TASKS}


def judged_as(name: str) -> DriftTask:
    """The task of `mobimem eval drift` whose world and account are used."""
    return _BY_NAME[name]
