"""The trace file: what a run recorded. Self-contained, immutable evidence.

A trace is a directory, or the same as one `.zip`:

    trace.jsonl            one JSON object a line: a header, then events in the order they happened
    screens/<sha256>.xml.gz    hierarchies as the device sent them, named by the hash of their text
    pictures/<sha256>.<jpg|png>    optional

Every line carries `h`, the SHA-256 over the previous line's `h` and its own content, so a change anywhere shows and the
last `h` is the trace's content hash. Readable with `head`; playing or reading it needs no memory, model or network. It
is inert when it comes from a stranger: nothing is executed or unpacked, names cannot leave the archive, and declared
sizes are not believed. Any change of form moves TRACE_VERSION by one, together with one converter in `replay.compat`
and one recorded sample in tests/fixtures/traces. `docs/trace-format.md` is the specification.

Source: AgentRR (arXiv 2505.17716), section on multi-level experience; the hash chain is simonw/llm's content hash.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import Any, ClassVar, Literal, TypeAlias, get_args, get_origin, get_type_hints

from replay.errors import TraceDamaged

TRACE_VERSION = 1
READ_OFF = "read_off"  # the topic of a note that names the slots whose values a screen had said, and no person

Source = Literal["teach", "run", "import", "redacted", "pruned"]
Level = Literal["taught", "replayed", "repaired", "decided"]
Result = Literal["done", "skipped", "failed", "unclear"]
Outcome = Literal["done", "stopped", "asked", "failed", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The first line. Times are ISO 8601 in UTC; `values` never holds a secret, only its `secret://` reference."""

    kind: ClassVar[str] = "header"
    trace_id: str
    name: str
    task: str
    source: Source
    device: Mapping[str, Any]
    started_at: str
    recipe_id: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    parent: str = ""  # content hash of the trace this one was made from
    version: int = TRACE_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenSeen:
    """One reading. `number` counts from 0; `hierarchy` and `picture` are hashes into screens/ and pictures/."""

    kind: ClassVar[str] = "screen"
    number: int
    hierarchy: str
    width_px: int
    height_px: int
    rotation: int
    package: str
    activity: str
    keyboard_shown: bool
    screen_on: bool
    lock: str
    taken_at: str
    picture: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """An irreversible step is about to be done: on disk *before* the act. It is open until its `StepDone` follows."""

    kind: ClassVar[str] = "intent"
    index: int
    step_id: str
    says: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDone:
    """One step: what was to be done, what was done, on which screens, and why that element."""

    kind: ClassVar[str] = "step"
    index: int
    step: Mapping[str, Any]  # the recipe's step as data, or {} while teaching
    action: Mapping[str, Any] | None  # as `device.actions.to_dict`; None when nothing was sent
    level: Level
    result: Result
    before: int | None  # numbers of screens
    after: int | None
    started_at: str
    duration_s: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Anything else worth keeping: a dismissed dialog, a question and its answer, an unclear touch, a decision."""

    kind: ClassVar[str] = "note"
    topic: str
    says: str
    at: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """The last line of a whole trace."""

    kind: ClassVar[str] = "end"
    outcome: Outcome
    reason: str
    at: str
    receipt: Mapping[str, Any] = field(default_factory=dict)


Event: TypeAlias = ScreenSeen | Intent | StepDone | Note | End
_KINDS: dict[str, type] = {cls.kind: cls for cls in (Header, ScreenSeen, Intent, StepDone, Note, End)}
_FIELDS: dict[type, dict[str, Any]] = {cls: get_type_hints(cls) for cls in _KINDS.values()}


@dataclass(frozen=True, slots=True)
class Trace:
    """A trace that was read. `complete` is False when its writer was cut off; `content_hash` is its identity."""

    header: Header
    events: tuple[Event, ...]
    content_hash: str
    complete: bool
    screens: Mapping[str, str] = field(repr=False)  # hash -> hierarchy XML
    pictures: Mapping[str, bytes] = field(repr=False)  # hash -> PNG or JPEG

    def steps(self) -> tuple[StepDone, ...]:
        """What was done, in order."""
        return tuple(event for event in self.events if isinstance(event, StepDone))

    def screen(self, number: int) -> ScreenSeen:
        """The reading with this number.

        Raises:
            KeyError: the trace has no such reading.
        """
        for event in self.events:
            if isinstance(event, ScreenSeen) and event.number == number:
                return event
        raise KeyError(f"trace {self.header.name!r} has no screen {number}")

    def open_intents(self) -> tuple[Intent, ...]:
        """Irreversible steps that were begun and of which nothing more is known."""
        closed = {event.index for event in self.events if isinstance(event, StepDone)}
        return tuple(event for event in self.events if isinstance(event, Intent) and event.index not in closed)

    @property
    def last_screen(self) -> int | None:
        """The number of the last reading; None if there is none."""
        return next((event.number for event in reversed(self.events) if isinstance(event, ScreenSeen)), None)

    @property
    def end(self) -> End | None:
        """Its last line; None where its writer was cut off."""
        return next((event for event in reversed(self.events) if isinstance(event, End)), None)


def encode(event: Header | Event, previous_hash: str) -> tuple[str, str]:
    """One line (without the newline) and its hash.

    The hash covers the previous hash and this line's content in canonical form (sorted keys, no blanks, UTF-8).
    """
    body = {"kind": event.kind, **dataclasses.asdict(event)}
    digest = _digest(body, previous_hash)
    return json.dumps({**body, "h": digest}, ensure_ascii=False, separators=(",", ":")), digest


def decode(line: str, previous_hash: str, *, number: int) -> tuple[Header | Event, str]:
    """Reads one line and checks its hash.

    Raises:
        TraceDamaged: not JSON, not an event we know, fields missing or of another type, or a hash that does not fit;
            names the line.
    """
    try:
        body = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise TraceDamaged(f"line {number} is not JSON ({error})") from error
    if not isinstance(body, dict) or not isinstance(body.get("kind"), str) or body["kind"] not in _KINDS:
        raise TraceDamaged(f"line {number} is no event of a trace")
    claimed = body.pop("h", None)
    try:
        digest = _digest(body, previous_hash)
    except RecursionError as error:
        raise TraceDamaged(f"line {number} is nested too deeply") from error
    if claimed != digest:
        raise TraceDamaged(f"line {number} was changed after it was written: its hash does not fit")
    cls = _KINDS[body.pop("kind")]
    try:
        event = cls(**{key: tuple(value) if isinstance(value, list) else value for key, value in body.items()})
    except TypeError as error:
        raise TraceDamaged(f"line {number}: {error}") from error
    for name in body:
        if not _fits(getattr(event, name), _FIELDS[cls][name]):
            raise TraceDamaged(f"line {number}: {name!r} of a {event.kind} cannot be {str(body[name])[:40]!r}")
    return event, digest


def hierarchy_hash(hierarchy: str) -> str:
    """The name a hierarchy is stored under."""
    return hashlib.sha256(hierarchy.encode("utf-8", "surrogatepass")).hexdigest()


def _fits(value: object, hint: Any) -> bool:
    """Whether a value from JSON is of the type its field declares."""
    origin, inner = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if origin is Literal:
        return value in inner
    if origin is UnionType:
        return any(_fits(value, one) for one in inner)
    if origin is Mapping:
        return isinstance(value, dict) and all(_fits(one, inner[1]) for one in value.values())
    if origin is tuple:
        return isinstance(value, tuple) and all(_fits(one, inner[0]) for one in value)
    if hint in (int, float):
        return isinstance(value, int if hint is int else (int, float)) and not isinstance(value, bool)
    return isinstance(value, hint)


def _digest(body: Mapping[str, Any], previous_hash: str) -> str:
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous_hash}\n{canonical}".encode("utf-8", "surrogatepass")).hexdigest()
