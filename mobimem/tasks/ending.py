"""Whether a task that a model calls done is done: by what the screen shows, where that can tell. Pure.

What can be looked for are the values in the owner's words: what was typed or chosen and stands there. The task is
*checked* if all of them are shown in the end by something that is no field, and that is news: said by something that
did not say it before the last act for good (else the last step), or on another page than the one that act was done on.
A name that the words give and nothing on the way says is no such value, and nothing is checked without it.
It is *denied* while nothing was done, or a value still stands in a field, unsent. Anything else is the model's word
alone: *judged*.
A check can be met by a page that only previews; so what was checked once is a candidate, and not yet verified.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from mobimem.tasks.reporting import deeds, proven, says_somewhere, shown
from mobimem.tasks.values import values_in
from mobimem.tasks.way import Way
from perception.identity import identity, same_page
from perception.screen import Screen
from perception.words import contains, normal, template
from replay.distill import Done
from replay.side_effects import is_for_good

_NAME: Final = re.compile(r"(?<=[\w,}] )[A-ZÀ-ÖØ-Þ][^\W_]+")
_SLOT: Final = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Ending:
    """`says` is for the owner; `hint` for the model, in our words without a text of the screen."""

    kind: Literal["checked", "judged", "denied"]
    says: str
    hint: str = ""


def end_of(
    words: str, way: Way, reported: Mapping[str, str], now: Screen, *, check: str = ""
) -> Ending:  # fmt: skip
    """What the screen says about a task that is called done, whose results are in.

    Args:
        way: what was done and noted.
        reported: by name, what the task was to read.
        now: the last screen.
        check: what a plan expected the screen to say; "" for nothing.
    """
    done, final = deeds(way.decided, way.for_good)
    values = values_in(words, way.decided)
    told = ending(words, done, final, values, now)
    if told.kind == "denied" and reported and not done:
        told = Ending("judged", f"{', '.join(reported)} was read, and nothing else was done")
    if told.kind == "judged" and not any(final) and proven(reported.values(), values, now):
        told = Ending("checked", f"{', '.join(reported)}: read where {', '.join(values.values())} stands")
    if told.kind == "checked" and check and not says_somewhere(now, check):
        told = Ending("judged", f"{check!r}, which the plan expected in the end, is not shown")
    return told


def ending(
    words: str, done: Sequence[Done], for_good: Sequence[bool], values: Mapping[str, str], now: Screen
) -> Ending:
    """What the screen says about a task that is called done.

    Args:
        for_good: of each thing done, whether it was irreversible.
        values: by slot, what was typed or chosen and stands in the words.
        now: the last screen.
    """
    if not done:
        return Ending("denied", "nothing was done", "nothing was done yet: open the app, and see that the task is done")
    if stuck := [value for value in values.values() if _in_field(value, now) and not _sayers(value, now)]:
        return Ending(
            "denied", f"{stuck[0]!r} still stands in a field", "what was typed still stands in a field: it was not used"
        )
    if not values:
        return Ending("judged", "nothing of your words can be looked for on the screen")
    if missing := [value for value in values.values() if not _sayers(value, now)]:
        return Ending("judged", f"{missing[0]!r} is not shown in the end")
    if unmet := names_not_met(template(words, values), [*(one.before for one in done), now]):
        return Ending("judged", f"your words name {', '.join(map(repr, unmet))}, and nothing on the way did")
    if is_for_good([template(words, values)]) and not any(for_good):
        return Ending("judged", "your words name something that is done for good, and no such step was done")
    act = max((at for at, final in enumerate(for_good) if final), default=len(done) - 1)
    before = done[act].before
    news = any(_sayers(value, now) - _sayers(value, before) for value in values.values())
    led_on = for_good[act] and not same_page(identity(before), identity(now))
    if news or led_on:
        return Ending("checked", f"{', '.join(map(repr, values.values()))}: shown in the end")
    return Ending("judged", "what is shown in the end was shown before the last step too")


def names_not_met(words: str, way: Sequence[Screen]) -> tuple[str, ...]:
    """Words written as names - a capital inside a sentence - that no screen of the way and no app on it says.

    Args:
        words: the owner's, with slots in braces for what was typed or chosen.
    """
    names = [one[0] for one in _NAME.finditer(_SLOT.sub("{}", words))]
    texts = [
        normal(text) for screen in way for element in screen.elements
        for text in (element.text, element.description) if text
    ]  # fmt: skip
    packages = {screen.package.casefold() for screen in way}
    return tuple(
        name
        for name in dict.fromkeys(names)
        if not any(name.casefold() in package for package in packages)
        and not any(contains(text, normal(name)) for text in texts)
    )


def _sayers(value: str, screen: Screen) -> set[tuple[str, str, str]]:
    """Who, fields apart, says a value: class, id and text."""
    wanted = normal(value)
    return {
        (element.cls, element.entry, normal(text))
        for element in shown(screen)
        if not element.editable
        for text in (element.text, element.description)
        if text and contains(normal(text), wanted)
    }


def _in_field(value: str, screen: Screen) -> bool:
    return any(element.editable and normal(element.text) == normal(value) for element in shown(screen))
