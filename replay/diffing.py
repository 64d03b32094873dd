"""Two traces held side by side: aligned steps that are the same, changed, or only in one of them. Pure.

Steps are aligned by what they do and to what, in order, so one that was put in moves no other. A changed step says what
changed: the evidence, the checks, the words, what came of it. Traces of two different apps have nothing to align: the
answer says so first. Values are those the traces hold; a secret is only ever its reference there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from perception.selector import Selector
from replay.recipe import Step, step_to_data
from replay.timeline import Moment, Timeline, timeline
from replay.trace import Trace

Kind = Literal["same", "changed", "only_a", "only_b"]
_SAID = ("name", "text", "description", "hint", "label", "row", "near", "resource_id", "cls", "enabled")
_SIGNS = {"same": " ", "changed": "~", "only_a": "-", "only_b": "+"}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs between two aligned steps, in words."""

    what: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two aligned steps, or one alone. `a` and `b` are their numbers, from 1."""

    kind: Kind
    says: str
    a: int | None
    b: int | None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """How two traces differ. `apps` is set when they are of different apps; then nothing else is to be compared."""

    apps: tuple[tuple[str, ...], tuple[str, ...]] | None
    header: tuple[Change, ...]
    pairs: tuple[Pair, ...]
    notes: tuple[str, ...] = ()  # what could not be read of either, and so is not compared

    @property
    def same(self) -> bool:
        """Every step is the same. What may differ from run to run (values, times, device) does not count."""
        return self.apps is None and all(pair.kind == "same" for pair in self.pairs)

    def to_data(self) -> dict[str, Any]:
        """As plain JSON data."""
        apps = None if self.apps is None else {"a": list(self.apps[0]), "b": list(self.apps[1])}
        steps, header = ([dataclasses.asdict(one) for one in many] for many in (self.pairs, self.header))
        return {"same": self.same, "two_apps": apps, "header": header, "steps": steps, "notes": list(self.notes)}

    def to_text(self) -> str:
        """For a terminal, as diffs are read."""
        lines = [f"note: {note}" for note in self.notes]
        if self.apps is not None:
            names = [", ".join(apps) or "no app" for apps in self.apps]
            lines.append(f"These are traces of two apps: A is of {names[0]}, B of {names[1]}. No step is comparable.")
        lines += [f"  {change.what}: {change.a!r} -> {change.b!r}" for change in self.header]
        for pair in self.pairs:
            numbers = f"{'' if pair.a is None else pair.a:>3} {'' if pair.b is None else pair.b:>3}"
            lines.append(f"{_SIGNS[pair.kind]} {numbers}  {pair.says}")
            lines += [f"             {change.what}: {change.a!r} -> {change.b!r}" for change in pair.changes]
        counts = {kind: sum(pair.kind == kind for pair in self.pairs) for kind in _SIGNS}
        lines.append(
            f"{counts['same']} the same, {counts['changed']} changed, {counts['only_a']} only in A, "
            f"{counts['only_b']} only in B"
        )
        return "\n".join(lines)


def diff(one: Trace, other: Trace) -> Difference:
    """Compares two traces."""
    a, b = timeline(one), timeline(other)
    apps = apps_of(a), apps_of(b)
    notes = tuple(f"{name}: {problem}" for name, told in (("A", a), ("B", b)) for problem in told.problems)
    if apps[0] and apps[1] and not set(apps[0]) & set(apps[1]):
        alone = [_alone("only_a", moment) for moment in a.moments] + [_alone("only_b", moment) for moment in b.moments]
        return Difference(apps, _header(one, other), tuple(alone), notes)
    return Difference(None, _header(one, other), tuple(_pairs(a.moments, b.moments)), notes)


def apps_of(told: Timeline) -> tuple[str, ...]:
    """The packages a trace acted in, in order of their first appearance."""
    opened = [str(moment.action.get("package", "")) for moment in told.moments if moment.action is not None]
    inside = [seen.package for moment in told.moments if (seen := told.screens.seen(moment.after)) is not None]
    launched = [package for package in opened if package]
    return tuple(dict.fromkeys(launched or [package for package in inside if package]))


def signature(moment: Moment) -> str:
    """What a step does and to what, without values: equal for the same step of two runs."""
    step = moment.step
    if step is None:
        action = moment.action or {}
        return f"{action.get('action', '?')} {action.get('package') or action.get('key') or moment.says}"
    move = type(step.move).__name__
    if step.target is not None:
        return f"{move} {step.target.name or step.target.entry or step.target.near or step.says}"
    return f"{move} {step.says}"


def changes_between(a: Moment, b: Moment) -> tuple[Change, ...]:
    """What differs between two recordings of a step."""
    found = [Change("result", a.result, b.result)] if a.result != b.result and {a.result, b.result} != _FINE else []
    if a.step is not None and b.step is not None:
        found += _steps(a.step, b.step)
    held = {(check.when, check.says): check for check in a.checks}
    for check in b.checks:
        other = held.get((check.when, check.says))
        if other is not None and other.holds != check.holds:
            found.append(Change(f"check {check.when}: {check.says}", other.seen, check.seen))
    return tuple(found)


_FINE = {"done", "skipped"}  # both are a step whose effect held


def _pairs(a: Sequence[Moment], b: Sequence[Moment]) -> list[Pair]:
    matcher = SequenceMatcher(None, [signature(one) for one in a], [signature(one) for one in b], autojunk=False)
    pairs: list[Pair] = []
    for what, a1, a2, b1, b2 in matcher.get_opcodes():
        left, right = list(a[a1:a2]), list(b[b1:b2])
        if what == "replace":
            left, right = _by_id(left, right, pairs)
        elif what == "equal":
            pairs += [_pair(one, other) for one, other in zip(left, right, strict=True)]
            continue
        pairs += [_alone("only_a", one) for one in left] + [_alone("only_b", one) for one in right]
    return pairs


def _by_id(left: list[Moment], right: list[Moment], pairs: list[Pair]) -> tuple[list[Moment], list[Moment]]:
    """Of steps that look different, those that are revisions of one another become pairs; the others are left."""
    ids = {one.step.id: one for one in right if one.step is not None}
    kept: list[Moment] = []
    for one in left:
        other = ids.pop(one.step.id, None) if one.step is not None else None
        if other is not None and one.step is not None and other.step is not None and _alike(one.step, other.step):
            pairs.append(_pair(one, other))
            right.remove(other)
        else:
            kept.append(one)
    return kept, right


def _alike(one: Step, other: Step) -> bool:
    return type(one.move) is type(other.move)


def _pair(a: Moment, b: Moment) -> Pair:
    changes = changes_between(a, b)
    return Pair("changed" if changes else "same", b.says, a.number, b.number, changes)


def _alone(kind: Literal["only_a", "only_b"], moment: Moment) -> Pair:
    numbers = (moment.number, None) if kind == "only_a" else (None, moment.number)
    return Pair(kind, moment.says, *numbers)


def _steps(a: Step, b: Step) -> list[Change]:
    found = []
    if a.says != b.says:
        found.append(Change("says", a.says, b.says))
    if a.target is not None and b.target is not None:
        found += _evidence(a.target, b.target)
    one, other = step_to_data(a), step_to_data(b)
    for key in one["move"].keys() | other["move"].keys():
        left, right = one["move"].get(key), other["move"].get(key)
        if key != "target" and left != right:
            found.append(Change(key, str(left), str(right)))
    for when in ("before", "after"):
        if one[when] != other[when]:
            found.append(Change(f"checks {when}", _counted(one[when]), _counted(other[when])))
    if a.side_effect != b.side_effect:
        found.append(Change("side effect", a.side_effect, b.side_effect))
    return found


def _evidence(a: Selector, b: Selector) -> list[Change]:
    pieces = ((name, getattr(a, name), getattr(b, name)) for name in _SAID)
    return [Change(f"evidence: {name}", _words(left), _words(right)) for name, left, right in pieces if left != right]


def _words(value: object) -> str:
    return " | ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _counted(checks: Sequence[dict[str, Any]]) -> str:
    said = (f"{check['is']} {check.get('text') or check.get('package') or ''}".strip() for check in checks)
    return ", ".join(said) or "none"


def _header(one: Trace, other: Trace) -> tuple[Change, ...]:
    a, b = one.header, other.header
    found = [Change("task", a.task, b.task)] if a.task != b.task else []
    found += [
        Change(f"slot {slot}", str(a.values.get(slot, "")), str(b.values.get(slot, "")))
        for slot in dict.fromkeys((*a.values, *b.values))
        if a.values.get(slot) != b.values.get(slot)
    ]
    ends = ["cut off" if trace.end is None else str(trace.end.outcome) for trace in (one, other)]
    return (*found, Change("outcome", *ends)) if ends[0] != ends[1] else tuple(found)
