"""A model's choice as a step of a recipe: a selector, a side-effect class and checks, as of a taught step. Pure.

The step is made by `replay.distill` from the screen the choice was made on, so what it is found by and what it does to
the world are judged as for any demonstration. What it should lead to is not known yet; that is seen afterwards, and the
recipe that is learnt in the end (`mobimem.tasks.distilling`) has it in its checks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

from device.actions import OpenApp, PressKey
from mobimem.tasks.forms import Choice
from mobimem.tasks.view import Seen
from perception.features import features
from perception.identity import identity
from perception.words import template
from replay.checks import AppIs
from replay.demonstration import touchable
from replay.distill import Done, Held, Keyed, Scrolled, Tapped, Typed, distill
from replay.recipe import Step
from replay.scrolling import content, largest_scroller

HOLD_S = 0.8
Did: TypeAlias = Tapped | Held | Typed | Keyed | Scrolled | PressKey | OpenApp


def did_of(choice: Choice, seen: Seen) -> Did | None:
    """What the choice does to the device; None for what does nothing there, or names nothing that is shown."""
    element = seen.element(choice.element)
    match choice.act:
        case "back":
            return PressKey("back")
        case "open_app" if choice.app:
            return OpenApp(choice.app)
        case "scroll" if choice.direction:
            scroller = element if element is not None and element.scrollable else largest_scroller(seen.screen)
            return Scrolled(choice.direction, scroller)
        case "tap" if element is not None:
            return Tapped(element if element.checkable else touchable(seen.screen, element))
        case "hold" if element is not None:
            return Held(element, HOLD_S)
        case "type" if element is not None and choice.text:
            return Typed(element, choice.text)
        case _:
            return None


def step_of(did: Did, seen: Seen, step_id: str) -> Step:
    """The step that does this, found by what is on this screen; literal, without slots."""
    if isinstance(did, OpenApp):
        says = f"Open {template(did.package, {})}"
        return Step(id=step_id, says=says, move=did, after=(AppIs(did.package),))
    done = Done(seen.screen, did, seen.screen)
    made = distill([done], recipe_id=step_id, name="decided", task="", values={}).steps[0]
    return replace(made, id=step_id)


def page_key(seen: Seen, did: Did | None) -> object:
    """The page a choice is made on. For what repeats itself by nature, what the page says too."""
    if isinstance(did, Scrolled | PressKey | OpenApp | Keyed):
        return content(seen.screen)
    return identity(seen.screen).key


def act_key(choice: Choice, seen: Seen) -> str:
    """The same for the same thing done to the same element, wherever that stands in the list."""
    element = seen.element(choice.element)
    if element is None:
        return choice.key
    return f"{choice.act}\0{choice.text}\0{features(seen.screen).own_token(element)}"
