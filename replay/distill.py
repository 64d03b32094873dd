"""From what was done to a recipe: selectors, slots, checks and side effects of each step, without any model.

What was done comes as a list of `Done`: the screen before, the move with the element it went to, the screen after. Slot
values (`{"contact": "Alice"}`) become slots wherever they stand in the evidence. The checks after a step are what the
next run must see: the page it led to, and every slot value that page newly says. Pure: no device, no file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from device.actions import Direction, OpenApp, PressKey
from perception.element import Element
from perception.features import features
from perception.identity import identity, same_page
from perception.screen import Screen
from perception.selector import make_selector
from perception.words import contains, normal, template
from replay.checks import AppIs, Check, PageIs, Says, SwitchIs
from replay.recipe import (
    DoubleTapOn,
    LongPressOn,
    Move,
    Recipe,
    ScrollIn,
    SetSwitch,
    Step,
    TapOn,
    TypeInto,
    slots_of,
)
from replay.side_effects import SideEffect, side_effect_of


@dataclass(frozen=True, slots=True)
class Tapped:
    element: Element
    times: int = 1


@dataclass(frozen=True, slots=True)
class Held:
    element: Element
    duration_s: float


@dataclass(frozen=True, slots=True)
class Typed:
    """The whole text the field held in the end."""

    element: Element
    text: str


@dataclass(frozen=True, slots=True)
class Scrolled:
    direction: Direction
    element: Element | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """One thing done: what was on the screen before, what was done, and what was there once it had settled."""

    before: Screen
    did: Tapped | Held | Typed | Scrolled | PressKey | OpenApp
    after: Screen


def distill(done: Sequence[Done], *, recipe_id: str, name: str, task: str, values: Mapping[str, str]) -> Recipe:
    """The recipe of a demonstration. `task` are its words; the values that stand in them become slots there too.

    Raises:
        RecipeInvalid: nothing was done.
    """
    steps: list[Step] = []
    used: set[str] = set()
    for index, one in enumerate(done, 1):
        move = _move(one, values)
        used |= slots_of(move)
        step = Step(
            id=f"{recipe_id}-{index:02}",
            says=template(_says(one), values),
            move=move,
            after=tuple(_after(one, move, {slot: values[slot] for slot in values if slot in used})),
            side_effect=_side_effect(one),
        )
        steps.append(step)
    return Recipe(id=recipe_id, name=name, task=template(task, values), steps=tuple(steps), slots=tuple(values))


def _move(one: Done, values: Mapping[str, str]) -> Move:
    match one.did:
        case PressKey() | OpenApp() as action:
            return action
        case Scrolled(direction, element):
            return ScrollIn(direction, None if element is None else make_selector(one.before, element, values))
        case Typed(element, text):
            return TypeInto(make_selector(one.before, element, values), template(text, values))
        case Held(element, duration_s):
            return LongPressOn(make_selector(one.before, element, values), duration_s)
        case Tapped(element, times):
            target = make_selector(one.before, element, values)
            if times == 2:
                return DoubleTapOn(target)
            return SetSwitch(target, not element.checked) if element.checkable else TapOn(target)
        case _:
            assert_never(one.did)


def _after(one: Done, move: Move, values: Mapping[str, str]) -> list[Check]:
    checks: list[Check] = []
    if isinstance(move, OpenApp):
        checks.append(AppIs(move.package))
    if isinstance(move, SetSwitch):
        checks.append(SwitchIs(move.target, move.on))
    if not same_page(identity(one.before), identity(one.after)):
        checks.append(PageIs(identity(one.after)))
    if not isinstance(one.did, Typed):
        for slot, value in values.items():
            checks += [Says(f"{{{slot}}}", entry) for entry in _newly_saying(value, one)]
    return checks


def _newly_saying(value: str, one: Done) -> list[str]:
    """The id of the element that says a value after the step and did not before: at most one, a still one first."""
    new = _sayers(value, one.after) - _sayers(value, one.before)
    return [entry for _, entry in sorted(new)[:1]]


def _sayers(value: str, screen: Screen) -> set[tuple[bool, str]]:
    """Who says a value: whether it scrolls, and its id. Fields do not count: what was typed there is not yet done."""
    needle = normal(value)
    derived = features(screen)
    return {
        (derived.in_flow(element), element.entry)
        for element in screen.visible_elements()
        if not element.editable
        and any(contains(normal(text), needle) for text in (element.text, element.description) if text)
    }


def _side_effect(one: Done) -> SideEffect:
    match one.did:
        case Tapped(element) | Held(element):
            derived = features(one.before)
            said = (element.text, element.description, *derived.label(element))
            return side_effect_of(said, entry=element.entry)
        case Scrolled():
            return "read"
        case _:
            return "reversible"


def _says(one: Done) -> str:
    match one.did:
        case OpenApp(package):
            return f"Open {package}"
        case PressKey(key):
            return f"Press {key}"
        case Scrolled(direction):
            return f"Scroll {direction}"
        case Typed(element, text):
            return f"Type {text!r} into {_name(one.before, element)}"
        case Held(element):
            return f"Hold {_name(one.before, element)}"
        case Tapped(element):
            verb = "Switch" if element.checkable else "Tap"
            return f"{verb} {_name(one.before, element)}"
        case _:
            assert_never(one.did)


def _name(screen: Screen, element: Element) -> str:
    derived = features(screen)
    said = element.description if element.editable else element.text or element.description
    inside = [text for text in derived.label(element) if len(text) > 1]
    label = said or element.hint or (inside[0] if inside else "")
    return f"'{label}'" if label else element.entry.replace("_", " ") or element.short_cls
