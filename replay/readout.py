"""Reading a value off the screen: what a `ReadOut` step does. Pure.

The element is found by everything but what it says, for that is what is to be read: by its id, its kind, its list item,
its surroundings, on its page. So both the screen it was recorded on and the screen of now are looked at with the texts
of that kind of element left out (`unsaid`), and located strictly: nothing is healed here. An element without an id of
its own is not read again - only what it says would tell it from others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from perception.element import Element
from perception.locate import Found, Located, locate
from perception.screen import Screen
from perception.selector import Selector, make_selector
from replay.errors import RecipeInvalid
from replay.passwords import SECRET
from replay.recipe import ReadOut, Step, ValueType

VALUE_MAX: Final = 500  # characters: a longer text is a page, and no value that another task takes
NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")  # what a result may be called: it stands as {name} in other words
_DIGIT: Final = re.compile(r"\d")


def is_name(name: str) -> bool:
    """Whether a result may be called this."""
    return NAME.fullmatch(name) is not None


def value_of(element: Element) -> str:
    """What an element says, as one line; "" for nothing, and for what is never told (a password field)."""
    if element.password:
        return ""
    return " ".join((element.text or element.description).split())


def type_of(value: str) -> ValueType:
    """What a value read once must be the next time: with a figure in it, or any text."""
    return "number" if _DIGIT.search(value) else "text"


def unfit(value: str, kind: ValueType) -> str:
    """Why a text on the screen is not the value that was to be read; "" if it may be."""
    if not value:
        return "it says nothing yet"
    if len(value) > VALUE_MAX:
        return f"it says {len(value)} characters, and a value has at most {VALUE_MAX}"
    if SECRET in value:
        return "it names a secret of the owner's, and no text on a screen may"
    if kind == "number" and not _DIGIT.search(value):
        return f"it says {value[:80]!r}, and there was a number when it was recorded"
    return ""


def selector_for(screen: Screen, element: Element, values: Mapping[str, str]) -> Selector:
    """How to find the element again whatever it says then.

    Raises:
        RecipeInvalid: it has no id, so that nothing but its text would name it.
    """
    if not element.entry:
        raise RecipeInvalid("what was read has no id: nothing but what it says would find it again")
    bare = unsaid(screen, element.cls, element.entry)
    return make_selector(bare, bare.elements[element.index], values)


def find(screen: Screen, target: Selector) -> Located:
    """Where what `selector_for` described is now; the elements of the answer are without their texts (see `read`)."""
    return locate(unsaid(screen, target.cls, target.entry), target)


def located(step: Step, screen: Screen, values: Mapping[str, str]) -> Located | None:
    """Where the target of a step is, of whatever kind; None for a step that has none.

    Raises:
        SlotUnfilled: a slot has no value.
    """
    if step.target is None:
        return None
    target = step.target.fill(values)
    return find(screen, target) if isinstance(step.move, ReadOut) else locate(screen, target)


def read(screen: Screen, found: Found) -> str:
    """What the element that was found says on the screen."""
    return value_of(screen.elements[found.element.index])


def unsaid(screen: Screen, cls: str, entry: str) -> Screen:
    """The screen as if no element of this class and id said anything."""
    elements = tuple(
        one._replace(text="", description="") if one.cls == cls and one.entry == entry else one
        for one in screen.elements
    )
    return replace(screen, elements=elements, derived={})
