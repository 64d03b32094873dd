"""Where a replay that met a miss, or was cut off, goes on: at the first remembered step that fits the screen. Pure.

A step fits if its target is found, strictly, what must hold before it holds, and the page names the values that the
step before it leads to. Steps on the way there are left out, and not every step may be: one that chose, typed or keyed
in a value is left out only if a decided step has carried that value, and one that does something for good only if a
decided step did so, with the owner's consent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from device.actions import OpenApp, PressKey
from perception.locate import Found
from perception.screen import Screen
from perception.words import contains, normal, slots_in
from replay.checks import Says, judge
from replay.distill import Held, Tapped, Typed, spoken
from replay.readout import located
from replay.recipe import KeyIn, ReadOut, Recipe, ScrollIn, Step, TypeInto
from replay.scrolling import content


@dataclass(slots=True)
class Carried:
    """What decided steps have done so far of what remembered ones would: texts typed or chosen, an act for good."""

    texts: list[str] = field(default_factory=list)
    for_good: bool = False

    def take(self, did: object, screen: Screen, values: Mapping[str, str], *, for_good: bool) -> None:
        """Takes in one decided step that was done on this screen."""
        self.for_good = self.for_good or for_good
        if isinstance(did, Typed):
            self.texts.append(did.text)
        elif isinstance(did, Tapped | Held):
            self.texts.append(spoken(screen, did.element, values))


def resume_at(
    recipe: Recipe, values: Mapping[str, str], missed: int, screen: Screen, carried: Carried, *, done: bool = False
) -> int | None:
    """The step to go on with; None if none fits yet.

    Args:
        missed: the step that could not be done.
        done: it was done, and only its effect was not seen: it is not done again.
    """
    for index in range(missed + done, len(recipe.steps)):
        step = recipe.steps[index]
        if fits(step, screen, values) and (index == missed or _led_here(recipe.steps[index - 1], screen, values)):
            return None if carried.for_good and _is_final(recipe, index) else index
        if not _may_be_left_out(step, values, carried):
            return None
    return None


def go_on_at(
    recipe: Recipe, values: Mapping[str, str], undone: int, screen: Screen, carried: Carried, *, rested: Screen | None
) -> int | None:
    """The step to go on with where a run was cut off; the number of steps where nothing is left; None if none fits.

    Args:
        undone: the first step that is not known to be done. It may have been: what can be undone counts as done where
            the screen has changed since and shows, value by value, what the step leads to.
        rested: the screen after the step before.
    """
    if undone >= len(recipe.steps):
        return len(recipe.steps)
    step = recipe.steps[undone]
    if undone == 0 or isinstance(step.move, OpenApp) or (rested is not None and content(rested) == content(screen)):
        return undone
    if not step.for_good and _shows_effect(step, screen, values):
        return undone + 1
    return resume_at(recipe, values, undone, screen, carried)


def _shows_effect(step: Step, screen: Screen, values: Mapping[str, str]) -> bool:
    """Whether what a step leads to is there, every value named that the step types or chooses."""
    named = {slot for check in step.after if isinstance(check, Says) for slot in slots_in(check.text)}
    held = all(judge(check, screen, values).holds for check in step.after)
    return bool(step.after) and _carries(step) <= named and held


def _is_final(recipe: Recipe, index: int) -> bool:
    """Whether something that cannot be undone is still to come. After such an act was decided it is not offered again:
    it may be the same one."""
    return any(step.for_good for step in recipe.steps[index:])


def at_the_end(
    recipe: Recipe, values: Mapping[str, str], missed: int, screen: Screen, carried: Carried, *, done: bool = False
) -> bool:
    """Whether what is left of the task is done: every step may be left out, and what the last one leads to is there."""
    last = recipe.steps[-1].after
    left = recipe.steps[missed + done :]
    return (
        bool(last)
        and all(_may_be_left_out(step, values, carried) for step in left)
        and all(judge(check, screen, values).holds for check in last)
    )


def fits(step: Step, screen: Screen, values: Mapping[str, str]) -> bool:
    """Whether a step can be done on this screen. Keys and scrolls fit anywhere, and so tell nothing."""
    if isinstance(step.move, PressKey | ScrollIn | OpenApp):
        return False
    if not all(judge(check, screen, values).holds for check in step.before):
        return False
    if isinstance(step.move, KeyIn):
        return bool(step.before)
    return isinstance(located(step, screen, values), Found)


def _led_here(before: Step, screen: Screen, values: Mapping[str, str]) -> bool:
    """Whether the page names the values that the step before leads to: the right page of somebody else is no fit."""
    return all(judge(check, screen, values).holds for check in before.after if isinstance(check, Says))


def _may_be_left_out(step: Step, values: Mapping[str, str], carried: Carried) -> bool:
    if (step.for_good and not carried.for_good) or isinstance(step.move, ReadOut):
        return False
    wanted = [normal(values.get(slot, "")) for slot in _carries(step)]
    return all(any(contains(normal(text), value) for text in carried.texts) for value in wanted)


def _carries(step: Step) -> set[str]:
    """The slots whose values a step types, keys in or chooses; what only stands beside its target is none of them."""
    if isinstance(step.move, TypeInto | KeyIn):
        return set(slots_in(step.move.text))
    target = step.target
    if target is None:
        return set()
    said = (target.name, target.text, target.description, *target.label)
    return {slot for text in said for slot in slots_in(text)}
