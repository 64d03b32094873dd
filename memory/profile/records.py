"""What profile memory takes and gives: plain data, without a database or an index behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

SourceKind = Literal["said", "run", "observed", "imported", "model"]
Outcome = Literal["new", "merged", "replaced"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where something comes from. `ref` names the conversation, run or file; `text` are the words as they were."""

    kind: SourceKind = "said"
    ref: str = ""
    text: str = ""
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """When and where something holds; an empty part holds always. `time_of_day`: morning afternoon evening night."""

    time_of_day: str = ""
    place: str = ""
    app: str = ""

    @property
    def parts(self) -> tuple[str, str, str]:
        return self.time_of_day, self.place, self.app

    def allows(self, other: Situation) -> bool:
        """Whether what holds in `other` is of use in this one: no part of both contradicts."""
        return all(
            not mine or not theirs or mine == theirs for mine, theirs in zip(self.parts, other.parts, strict=True)
        )

    def or_else(self, other: Situation) -> Situation:
        """This one, its empty parts filled from the other."""
        return Situation(*(mine or theirs for mine, theirs in zip(self.parts, other.parts, strict=True)))


ANYTIME = Situation()
UNNAMED = Source()


@dataclass(frozen=True, slots=True)
class Saying:
    """Something to remember. `at` is when it was said or seen; `speaker` "" is the owner.

    Sayings of one source with the same `ref` follow one another: what comes next is near to what came before.
    """

    text: str
    speaker: str = ""
    source: Source = Source()
    situation: Situation = Situation()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing known. Valid in the world in [valid_from, valid_to); known to us since `recorded_at`. Times are UTC."""

    id: int
    uid: str
    kind: str
    text: str
    speaker: str
    subject: str
    relation: str
    value: str
    positive: bool
    situation: Situation
    confidence: float
    count: int
    valid_from: datetime | None
    valid_to: datetime | None
    recorded_at: datetime
    used_at: datetime
    uses: int
    replaced_by: int | None = None


@dataclass(frozen=True, slots=True)
class Remembered:
    """What became of a saying: a new fact, one more source of a known fact, or a fact that closed `closed`."""

    uid: str
    outcome: Outcome
    closed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PathStep:
    """One stop on the way to a fact: what it is, and how far it is from the stop before (0 near, in nats)."""

    what: str
    by: str
    distance: float


@dataclass(frozen=True, slots=True)
class Recalled:
    """A fact found. `score` 0..1, higher is better: nearness x confidence x freshness."""

    fact: Fact
    score: float
    path: tuple[PathStep, ...]

    def explain(self) -> str:
        """The path in one line, from the question to the fact."""
        steps = [f"{step.what} ({step.by}, {step.distance:.2f})" for step in self.path]
        return " -> ".join(steps)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A value for words the owner uses ("mum", "my usual"), and the reasons. `confidence` 0..1."""

    value: str
    confidence: float
    reasons: tuple[str, ...]
    uids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The proof's first half: what was taken out, and how much of it where. `ProfileMemory.remains` is the second.

    `texts` are the words the facts and their sources had: to look for them, and then to let go of them.
    """

    uids: tuple[str, ...]
    ids: tuple[int, ...]
    entities: tuple[int, ...]
    removed: dict[str, int]
    texts: tuple[str, ...] = ()
