"""Whether a step's effect is on the screen: after it was done, or already before, so that it need not be done. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from device.actions import OpenApp
from perception.locate import Found, locate
from perception.screen import Screen
from perception.words import normal
from replay.again import cannot_tell
from replay.checks import Check, PageIs, judge
from replay.interruptions import is_permission_page
from replay.keypads import is_keyed_in
from replay.progress import Attempt
from replay.readout import located
from replay.recipe import KeyIn, Recipe, ScrollIn, SetSwitch, Step, TapOn, TypeInto
from replay.slots import fill

KNOWN_BY_MORE: Final = (OpenApp, SetSwitch, TypeInto, KeyIn)  # their effect is seen by more than that something changed


def unseen(
    recipe: Recipe, index: int, screen: Screen, values: Mapping[str, str], attempt: Attempt, *, unchanged: bool
) -> str:
    """What an attempt at a step has not led to yet, or why nothing tells; "" if its effect is there.

    `unchanged`: the screen is what it was when the step was done.
    """
    must_change = unchanged and not attempt.selected
    missing = missing_effect(recipe, index, screen, values, unchanged=must_change)
    return missing or cannot_tell(recipe.steps[index], attempt, unchanged=unchanged)


def may_still_come(step: Step, attempt: Attempt, *, unchanged: bool, soon: bool) -> str:
    """Why a step that nothing is missing of is waited for: nothing at all has changed, and only that would tell."""
    silent = unchanged and (soon or bool(attempt.mended)) and not isinstance(step.move, KNOWN_BY_MORE)
    return "nothing has changed yet" if silent else ""


def missing_effect(recipe: Recipe, index: int, screen: Screen, values: Mapping[str, str], *, unchanged: bool) -> str:
    """What a step that was done has not led to yet, in words; "" if all of it is there."""
    step = recipe.steps[index]
    if isinstance(step.move, TypeInto) and not _typed(step.move, screen, values, done=True):
        return "the field does not hold the text"
    if isinstance(step.move, KeyIn) and not is_keyed_in(step.move, screen, values):
        return "the keypad does not show what was to be keyed in"
    for check in step.after:
        verdict = judge(check, screen, values, unchanged=unchanged)
        if not verdict.holds and not _request_passed(check, recipe, index, screen, values):
            return verdict.says
    return ""


def holds_already(recipe: Recipe, index: int, screen: Screen, values: Mapping[str, str]) -> str:
    """Why a step need not be done: a switch that stands right, a field that is filled. "" if it has to be."""
    step = recipe.steps[index]
    match step.move:
        case SetSwitch(target, on):
            found = locate(screen, target.fill(values))
            right = isinstance(found, Found) and found.element.checkable and found.element.checked == on
            return f"it is {'on' if on else 'off'} already" if right else ""
        case TypeInto() as move:
            held = _typed(move, screen, values, done=False) and _all_after(step, screen, values)
            return "the field holds the text already" if held else ""
        case KeyIn() as move:
            there = is_keyed_in(move, screen, values) and all(judge(one, screen, values).holds for one in step.before)
            return "the keypad shows it already" if there else ""
        case OpenApp():
            there = any(isinstance(check, PageIs) for check in step.after) and _all_after(step, screen, values)
            return "the app is in front already, on this page" if there else ""
        case ScrollIn():
            after = _after_scrolling(recipe, index)
            return "what comes next is shown already" if _is_there(recipe, after, screen, values) else ""
        case TapOn(target) if is_permission_page(target.page):
            return "the request does not come any more" if _is_there(recipe, index + 1, screen, values) else ""
        case _:
            return ""


def _after_scrolling(recipe: Recipe, index: int) -> int:
    """The first step from here on that is no scroll: the list itself is there for the next scroll at all times."""
    while index < len(recipe.steps) and isinstance(recipe.steps[index].move, ScrollIn):
        index += 1
    return index


def _request_passed(check: Check, recipe: Recipe, index: int, screen: Screen, values: Mapping[str, str]) -> bool:
    """The permission request of the demonstration does not come any more: it was answered for good."""
    asked = isinstance(check, PageIs) and is_permission_page(check.page)
    return asked and _is_there(recipe, index + 2, screen, values)


def _is_there(recipe: Recipe, index: int, screen: Screen, values: Mapping[str, str]) -> bool:
    """Whether the target of a step is on the screen; False for a step that does not exist or has none."""
    return index < len(recipe.steps) and isinstance(located(recipe.steps[index], screen, values), Found)


def _all_after(step: Step, screen: Screen, values: Mapping[str, str]) -> bool:
    return all(judge(check, screen, values).holds for check in step.after)


def _typed(move: TypeInto, screen: Screen, values: Mapping[str, str], *, done: bool) -> bool:
    found = locate(screen, move.target.fill(values))
    wanted = normal(fill(move.text, values))
    if not isinstance(found, Found):  # filled, a field may look like another: it was found when it was typed into
        return done and any(one.focused and one.editable and normal(one.text) == wanted for one in screen.elements)
    if found.element.password:  # shows bullets: what was typed cannot be read back
        return done and bool(found.element.text)
    return normal(found.element.text) == wanted
