"""Use cases: what healing changed of taught tasks - list it, look at it, accept it, take it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from device.clock import Clock, SystemClock
from mobimem.service.recipes import library
from perception.selector import Selector
from replay.repairs import Repair, Repairs
from replay.slots import fill


@dataclass(frozen=True, slots=True)
class RepairLine:
    """One repair in a list. `needs_owner` says why it is not accepted by itself; `version` the recipe's since."""

    id: str
    name: str
    step: str
    says: str
    status: str
    by: tuple[str, ...]
    needs_owner: str
    version: int
    at: str


@dataclass(frozen=True, slots=True)
class Differing:
    """One thing that is otherwise: what it was, and what it is."""

    piece: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class RepairShown:
    """A repair with its evidence: old beside new, and what the two screens said."""

    line: RepairLine
    run: str
    values: Mapping[str, str]
    revisions: tuple[int, int]
    differs: tuple[Differing, ...]
    evidence: tuple[Mapping[str, Any], ...]
    screen_then: tuple[str, ...]
    screen_now: tuple[str, ...]
    history: tuple[str, ...]


def list_repairs(name: str | None = None) -> tuple[RepairLine, ...]:
    """Every repair, oldest first; of one recipe, if it is named.

    Raises:
        ReplayError: there is no such recipe. RecipeInvalid: a repair's file is damaged.
    """
    return tuple(map(_line, _repairs().all(name)))


def show_repair(repair_id: str) -> RepairShown:
    """One repair.

    Raises:
        ReplayError: there is none. RecipeInvalid, TraceDamaged: it is damaged.
    """
    repair = _repairs().load(repair_id)
    return RepairShown(
        line=_line(repair),
        run=repair.run,
        values=dict(repair.values),
        revisions=(repair.old.revision, repair.new.revision),
        differs=_differing(repair),
        evidence=repair.evidence,
        screen_then=_texts(repair, "then"),
        screen_now=_texts(repair, "now"),
        history=tuple(f"{one.at}  {one.status} by {one.by}" for one in repair.history),
    )


def accept_repair(repair_id: str, *, clock: Clock | None = None) -> RepairLine:
    """Makes the repair a new version of its recipe; nothing happens if it is already.

    Raises:
        ReplayError: there is none, or its step was changed since.
    """
    return _line(_repairs().accept(repair_id, at=(clock or SystemClock()).now()))


def revert_repair(repair_id: str, *, clock: Clock | None = None) -> RepairLine:
    """Brings the step back to what it was, as a new version; nothing happens if it is already.

    Raises:
        ReplayError: there is none, or a later repair stands on it.
    """
    return _line(_repairs().revert(repair_id, at=(clock or SystemClock()).now()))


def _repairs() -> Repairs:
    return Repairs(library())


def _line(repair: Repair) -> RepairLine:
    by = tuple(dict.fromkeys(str(proof) for one in repair.evidence for proof in one.get("by", ())))
    return RepairLine(
        id=repair.id,
        name=repair.name,
        step=repair.old.id,
        says=fill(repair.old.says, repair.values),
        status=repair.status,
        by=by,
        needs_owner=repair.needs_owner if repair.status == "proposed" else "",
        version=repair.history[-1].version,
        at=repair.at,
    )


def _differing(repair: Repair) -> tuple[Differing, ...]:
    """What of the step is otherwise, in words; that a page check was made anew, too."""
    found = []
    old, new = repair.old.target, repair.new.target
    if old is not None and new is not None:
        rows = ((piece, _words(old, piece), _words(new, piece)) for piece in _PIECES)
        found = [Differing(piece, was, now) for piece, was, now in rows if was != now]
    for part in ("before", "after"):
        pairs = zip(getattr(repair.old, part), getattr(repair.new, part), strict=True)
        changed = sum(one != other for one, other in pairs)
        if changed:
            found.append(Differing(f"checks {part}", "as recorded", f"{changed} made anew on the page of now"))
    return tuple(found)


_PIECES = ("name", "text", "description", "hint", "label", "resource_id", "cls", "row", "near", "bounds")


def _words(target: Selector, piece: str) -> str:
    value = getattr(target, piece)
    return " | ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _texts(repair: Repair, which: str) -> tuple[str, ...]:
    screen = repair.screen(which)
    if screen is None:
        return ()
    said = (element.text or element.description for element in screen.visible_elements())
    return tuple(dict.fromkeys(text for text in said if text))
