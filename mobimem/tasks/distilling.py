"""What is learnt from a task that was decided: a recipe as of a demonstration, so that next time no model is asked.

Nothing is learnt from a task whose end only the model vouches for, or in which something was done that is not among the
steps. The rest is `replay.distill`'s: slots are what stands both in the owner's words and in what was typed or chosen.
Going somewhere and back again is left out where nothing was changed on the way. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from device.actions import OpenApp, PressKey
from mobimem.tasks.goal import Ended
from mobimem.tasks.values import values_in
from perception.words import contains, normal, slots_in, template
from replay.distill import Done, Held, Noted, Scrolled, Tapped, Typed, distill, idle_slots, spoken
from replay.errors import RecipeInvalid
from replay.opening import Starts, with_opening
from replay.readout import selector_for
from replay.recipe import ReadOut, Recipe, Step
from replay.recorder_effect import content_key
from replay.recorder_tidy import tidy
from replay.side_effects import is_for_good

NAME_MAX: Final = 40
_WORD: Final = re.compile(r"[^\W_]+")
_PROVEN: Final = ("checked", "confirmed")


@dataclass(frozen=True, slots=True)
class Distilled:
    """A new recipe with what it was distilled from. `note` is what whoever replays it should know; "" for nothing."""

    recipe: Recipe
    steps: tuple[Done, ...]
    values: Mapping[str, str]
    note: str


def why_not(ended: Ended) -> str:
    """Why nothing is learnt from a task; "" if something may be."""
    if ended.outcome != "done":
        return "it was not done"
    if ended.proof not in _PROVEN:
        return "only the model says that it is done"
    return "" if ended.whole else "something was done in between that is not known well enough, or was not wanted"


def new_recipe(words: str, ended: Ended, *, starts: Starts, taken: Collection[str]) -> Distilled:
    """The recipe of a task nobody had taught.

    Args:
        starts: the activity an app's icon starts.
        taken: names of recipes that are there.

    Raises:
        RecipeInvalid: the steps make no recipe.
    """
    done = [one for one in ended.path if isinstance(one, Done)]
    steps, note = with_opening(tidy(without_detours(done)), starts)
    values = values_in(words, steps)
    name = name_of(words, values, taken)
    recipe = distill(steps, recipe_id=name, name=name, task=words, values=values)
    _refuse_idle_acts(recipe, steps)
    return Distilled(recipe, steps, values, note)


def _refuse_idle_acts(recipe: Recipe, done: Sequence[Done]) -> None:
    """Makes sure that no act for good is repeated which came to nothing when it was done: next time it may not.

    Raises:
        RecipeInvalid: there is one, and what the task was for came after it.
    """
    final = [at for at, step in enumerate(recipe.steps) if step.for_good]
    for at in final[:-1]:
        if content_key(done[at].before) == content_key(done[at].after):
            raise RecipeInvalid(f"{recipe.steps[at].says!r} came to nothing, and was done again later")


def revised(recipe: Recipe, values: Mapping[str, str], ended: Ended) -> Recipe:
    """A known task as it went this time: its own steps, with the decided ones where those were.

    Raises:
        RecipeInvalid: a value is carried by no step any more, or the steps make no recipe; or the model went back on
            the way, from where the task need not go and something on the screen may have led to.
    """
    decided = [one for one in ended.path if isinstance(one, Done)]
    if any(one.did == PressKey("back") for one in decided):
        raise RecipeInvalid("the model went somewhere and back again on the way")
    used = {slot: value for slot, value in values.items() if any(_names(one, value) for one in decided)}
    made = iter(distill(decided, recipe_id=f"{recipe.id}-new", name=recipe.name, task="", values=used).steps)
    taken = {step.id for step in recipe.steps}
    steps: list[Step] = []
    for one in ended.path:
        if isinstance(one, Done):
            step = _read_anywhere(next(made), one, values)
            while step.id in taken:
                step = replace(step, id=f"{step.id}x")
            taken.add(step.id)
            steps.append(step)
        else:
            steps.append(recipe.steps[one])
    if idle := idle_slots(values, steps):
        raise RecipeInvalid(f"no step types or chooses {', '.join(idle)} any more")
    return replace(recipe, steps=tuple(steps))


def _read_anywhere(step: Step, one: Done, values: Mapping[str, str]) -> Step:
    """A step that reads something, found on the page of any values and not only of these; other steps as they are."""
    if not isinstance(step.move, ReadOut) or not isinstance(one.did, Noted):
        return step
    return replace(step, move=replace(step.move, target=selector_for(one.before, one.did.element, values)))


def without_detours(done: Sequence[Done]) -> tuple[Done, ...]:
    """The steps without those that led away and, by going back, to a page that looks as before, and changed nothing."""
    kept: list[Done] = []
    for one in done:
        kept.append(one)
        if not isinstance(one.did, PressKey | Scrolled | OpenApp):
            continue  # a tap that ends on the page it came from has done something there, as a menu's entry does
        after = content_key(one.after)
        for start in range(len(kept)):
            if content_key(kept[start].before) == after and all(_changes_nothing(each) for each in kept[start:]):
                del kept[start:]
                break
    return tuple(kept)


def _changes_nothing(one: Done) -> bool:
    match one.did:
        case PressKey("back") | Scrolled() | OpenApp():
            return True
        case Tapped(element):
            said = (element.text, element.description, spoken(one.before, element))
            return not element.checkable and not is_for_good(filter(None, said), entry=element.entry)
        case _:
            return False


def _names(one: Done, value: str) -> bool:
    match one.did:
        case Typed(_, text):
            return contains(normal(text), normal(value))
        case Tapped(element) | Held(element):
            return contains(normal(spoken(one.before, element, {"": value})), normal(value))
        case _:
            return False


def name_of(words: str, values: Mapping[str, str], taken: Iterable[str]) -> str:
    """A name for a task: its words without the values, and a number where that is taken."""
    bare = template(words, values)
    for slot in slots_in(bare):
        bare = bare.replace(f"{{{slot}}}", " ")
    name = "-".join(_WORD.findall(normal(bare)))[:NAME_MAX].strip("-") or "task"
    known, number, free = set(map(normal, taken)), 2, name
    while normal(free) in known:
        free, number = f"{name}-{number}", number + 1
    return free
