"""What an export is made of: each step with a plain query for its target, as tools without our locator can ask it.

A query is chosen on the screen the step was recorded on: the fewest attributes that fit the target and nothing else
there, or an element inside it that takes the same tap. Where nothing does, the rank among those that fit is kept, and
last the place. A slot's words always take part. Less than a selector: an export heals nothing. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NoReturn, TypeAlias

from perception.element import Element
from perception.errors import PerceptionError
from perception.locate import Found, locate
from perception.screen import Screen
from perception.selector import Selector
from perception.words import normal
from replay.errors import ReplayError
from replay.recipe import Recipe, Step
from replay.slots import fill
from replay.timeline import Timeline, timeline
from replay.trace import Trace

Attribute = Literal["resource_id", "text", "description", "cls"]
_SLOT = re.compile(r"\{\{|\}\}|\{([A-Za-z_][\w.]*)\}")
_ORDER: tuple[tuple[Attribute, ...], ...] = (
    ("resource_id",), ("description",), ("text",), ("resource_id", "text"), ("resource_id", "description"),
    ("cls", "text"), ("cls", "description"), ("cls",),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a text where the value of this slot goes."""

    name: str


Text: TypeAlias = tuple[str | Slot, ...]  # a template in pieces


@dataclass(frozen=True, slots=True)
class Query:
    """Attributes an element has to have, each a template in pieces. `instance`: its rank among those that fit."""

    attributes: tuple[tuple[Attribute, Text], ...]
    instance: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place as shares of the screen, where nothing else names the target. Fits no other screen."""

    across: float
    down: float


@dataclass(frozen=True, slots=True)
class Planned:
    """One step to export. `target` is None for what needs none; `landmark` is a resource id only the page after has."""

    number: int
    step: Step
    says: str
    target: Query | Place | None
    landmark: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A recipe to export, with the values it was shown with as defaults."""

    recipe: Recipe
    values: Mapping[str, str]
    steps: tuple[Planned, ...]

    @property
    def package(self) -> str:
        """The app it begins with; "" if it opens none."""
        opened = (getattr(one.step.move, "package", "") for one in self.steps)
        return next((str(package) for package in opened if package), "")


def plan(recipe: Recipe, trace: Trace | None = None) -> Plan:
    """Plans the export of a recipe.

    Args:
        trace: the demonstration or a run of it, whose screens prove the queries; without one they rest on the
            evidence alone, and may be ambiguous.
    """
    told = None if trace is None else timeline(trace)
    values = {} if trace is None else {str(slot): str(value) for slot, value in trace.header.values.items()}
    missing = {slot: f"<{slot}>" for slot in recipe.slots if slot not in values}
    return Plan(recipe, values | missing, tuple(_planned(recipe, values, told)))


def refuse_keys(one: Planned) -> NoReturn:
    """A keypad's keys are tapped by what the page shows after each, which no other tool looks at.

    Raises:
        ReplayError: always.
    """
    raise ReplayError(
        f"step {one.number} ({one.says}) is done on a keypad that the app draws, which this tool cannot do",
        next_step="Replay it here, or export it as json.",
    )


def refuse_reading(one: Planned) -> NoReturn:
    """What a step reads is for whoever asked for the task; another tool has nobody to give it to.

    Raises:
        ReplayError: always.
    """
    raise ReplayError(
        f"step {one.number} ({one.says}) reads a value off the screen, which this tool cannot hand on",
        next_step="Replay it here, or export it as json.",
    )


def pieces(template: str) -> Text:
    """A template as plain texts and slots."""
    found: list[str | Slot] = []
    end = 0
    for match in _SLOT.finditer(template):
        found.append(template[end : match.start()])
        found.append(Slot(match[1]) if match[1] else match[0][0])
        end = match.end()
    found.append(template[end:])
    joined: list[str | Slot] = []
    for piece in found:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        elif piece:
            joined.append(piece)
    return tuple(joined) or ("",)


def _planned(recipe: Recipe, values: Mapping[str, str], told: Timeline | None) -> Iterator[Planned]:
    moments = {} if told is None else {moment.step.id: moment for moment in told.moments if moment.step is not None}
    for number, step in enumerate(recipe.steps, 1):
        moment = moments.get(step.id)
        before = after = None
        if told is not None and moment is not None:
            before, after = told.screens.get(moment.before), told.screens.get(moment.after)
        target = None if step.target is None else _query(step.target, before, values)
        try:
            says = fill(step.says, values)
        except PerceptionError:
            says = step.says
        yield Planned(number, step, says, target, _landmark(before, after))


def _query(target: Selector, screen: Screen | None, values: Mapping[str, str]) -> Query | Place:
    element = None if screen is None else _found(screen, target, values)
    if screen is None or element is None:
        return _unproved(target)
    names_slot = any(_SLOT.search(text) for text in (target.name, target.text, target.description, *target.label))
    wanted: list[tuple[dict[Attribute, str], bool]] = [(_of(target), True)]
    wanted += [({"text": text}, False) for text in (target.name, *target.label) if text]
    ranked: list[Query] = []
    for attributes, own in wanted:
        for names in _ORDER:
            if not all(attributes.get(name) for name in names) or (not own and names != ("text",)):
                continue
            chosen = {name: attributes[name] for name in names}
            if names_slot and not any(_SLOT.search(text) for text in chosen.values()):
                continue
            fitting = _fitting(screen, chosen, values)
            inside = [one for one in fitting if element.index <= one.index < element.end]
            if inside and len(inside) == len(fitting):
                return _made(chosen)
            if inside:
                ranked.append(_made(chosen, fitting.index(inside[0])))
    if target.slots and not names_slot:
        raise ReplayError(
            f"which {target.name or target.entry!r} is meant hangs on {', '.join(target.slots)} beside it",
            next_step="A plain query cannot say that: keep the recipe, `mobimem do` can.",
        )
    if ranked:
        return ranked[0]
    point = screen.point_on(element)
    if point is None:
        raise ReplayError(f"{target.name or target.entry!r} cannot be named for other tools")
    return Place(round(point.x_px / screen.size.width_px, 4), round(point.y_px / screen.size.height_px, 4))


def _of(target: Selector) -> dict[Attribute, str]:
    return {
        "resource_id": target.resource_id.replace("{", "{{").replace("}", "}}"), "text": target.text,
        "description": target.description, "cls": target.cls,
    }  # fmt: skip


def _found(screen: Screen, target: Selector, values: Mapping[str, str]) -> Element | None:
    try:
        answer = locate(screen, target.fill(values))
    except PerceptionError:
        return None
    return answer.element if isinstance(answer, Found) else None


def _fitting(screen: Screen, attributes: Mapping[Attribute, str], values: Mapping[str, str]) -> list[Element]:
    filled = {name: fill(text, values) for name, text in attributes.items()}
    return [
        one for one in screen.visible_elements() if all(getattr(one, name) == text for name, text in filled.items())
    ]


def _made(attributes: Mapping[Attribute, str], instance: int | None = None) -> Query:
    return Query(tuple((name, pieces(text)) for name, text in attributes.items()), instance)


def _unproved(target: Selector) -> Query | Place:
    """The query that evidence alone suggests."""
    own = _of(target)
    texts = [text for text in (target.name, *target.label) if _SLOT.search(text)]
    if texts and not _SLOT.search(own["text"] + own["description"]):
        return _made({"text": texts[0]})
    if target.resource_id and target.id_count == 1 and not target.slots:
        return _made({"resource_id": own["resource_id"]})
    if target.description or target.text:
        return _made({"description": target.description} if target.description else {"text": target.text})
    if target.name:
        return _made({"text": target.name})
    if target.resource_id:
        return _made({"resource_id": own["resource_id"]}, target.twin if target.twins > 1 else None)
    box, size = target.bounds, target.size
    across, down = (box.left + box.right) / 2 / size.width_px, (box.top + box.bottom) / 2 / size.height_px
    return Place(round(across, 4), round(down, 4))


def _landmark(before: Screen | None, after: Screen | None) -> str:
    """A resource id that stands once on the page after a step and not on the one before."""
    if before is None or after is None:
        return ""
    known = {one.resource_id for one in before.elements}
    new = [one.resource_id for one in after.visible_elements() if one.resource_id and one.package == after.package]
    return next((one for one in new if one not in known and new.count(one) == 1 and normal(one)), "")
