"""Fields that held nothing when a step was shown, and hold somebody's words today.

A form of the same build in front may be another object's: a contact that a notification opened, a draft that was kept.
Typing into it writes over what nobody has looked at. So a step that typed into a blank field types into a blank field
only, or into one that already holds what it is to hold; and where the whole form was begun empty, so are its other
fields. What a field held that was *not* blank when it was shown says the contrary: there, replacing is what was shown.
A field to search by is left out: what it holds is a question to the app, nobody's record, and is lost without harm. So
is a password field: what it holds cannot be read. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from perception.element import Element
from perception.meanings import concepts
from perception.screen import Screen
from perception.words import normal
from replay.recipe import Recipe, TypeInto
from replay.slots import fill

_WRITTEN: Final = re.compile(
    r"[^\W0_]"
)  # a letter, or a digit that is no zero: "+", "$ " and "0.00" are nobody's words
_PARTS_OF_ID: Final = re.compile(r"[a-z]+|[A-Z][a-z]*")
_TO_SEARCH: Final = frozenset(("search", "query", "filter", "find"))


def was_blank(field: Element) -> bool:
    """Whether a step that types into this field was shown on an empty one, and that says anything of the next time."""
    return _matters(field) and field.text in ("", field.hint)


def blank_beside(screen: Screen, field: Element, typed: Collection[str]) -> tuple[str, ...]:
    """Of a form that was begun empty, the ids of the other fields that still are; () for any other form.

    Begun empty is a form in which nothing stands but what was typed so far (`typed`): a new object's. In the form of an
    object that was there before, which fields are filled says nothing of the next object.
    """
    if not was_blank(field):
        return ()
    fields = [one for one in screen.visible_elements() if one.editable and one.index != field.index and _matters(one)]
    ours = {normal(text) for text in typed}
    if not all(was_blank(one) or normal(one.text) in ours for one in fields):
        return ()
    entries = [one.entry for one in fields]
    return tuple(one.entry for one in fields if one.entry and entries.count(one.entry) == 1 and was_blank(one))


def filled_by_others(recipe: Recipe, move: TypeInto, field: Element, screen: Screen, values: Mapping[str, str]) -> str:
    """What stands in a field of the page that was blank when the step was shown, in words; "" if nothing does.

    What the recipe itself types, in this run or an earlier one, is nobody else's.
    """
    if not (move.fresh or move.blank):
        return ""
    ours = {normal(fill(step.move.text, values)) for step in recipe.steps if isinstance(step.move, TypeInto)}
    beside = [one for one in screen.visible_elements() if one.editable and one.entry in move.blank]
    once = [one for one in beside if [other.entry for other in beside].count(one.entry) == 1]
    for one in ([field] if move.fresh else []) + once:
        if _matters(one) and _is_written(one) and normal(one.text) not in ours:
            return (
                f"{_called(one)} holds {one.text!r} and held nothing when this was shown: this may be another's page, "
                "or a draft; save it, discard it or leave the page, then run again"
            )
    return ""


def _is_written(field: Element) -> bool:
    """Whether it holds more than its hint, or signs and zeros that are put there for a start."""
    return field.text != field.hint and _WRITTEN.search(field.text) is not None


def _called(field: Element) -> str:
    name = field.hint or field.description or field.entry.replace("_", " ")
    return f"the field {name!r}" if name else "the field"


def _matters(field: Element) -> bool:
    return not field.password and not _searches(field)


def _searches(field: Element) -> bool:
    words = {word.lower() for word in _PARTS_OF_ID.findall(f"{field.entry} {field.short_cls}")}
    said = (concept for text in (field.hint, field.description) for concept in concepts(text))
    return bool(words & _TO_SEARCH) or any(concept.partition("_")[0] == "search" for concept in said)
