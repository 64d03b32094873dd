"""Tasks of several known tasks: a template with parts, taken apart again when its words are said.

    "look up the price of {product} in the shop and text {contact} the price"
        look-up-the-price   product = {product}                      -> price
        text-that           contact = {contact}, message = {price}

A part refers to another template, so its repair is everybody's. A part that is gone or failed lately makes the whole a
miss with the reason: half of such a task is never done for words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from memory.action.forms import filled, slots_of
from memory.experience.induce import Shown
from memory.experience.template import Match, Part, Template

if TYPE_CHECKING:
    from memory.opening import Memory


_SLOT: Final = re.compile(r"\{\{|\}\}|\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class PartMatch:
    """One part of a task that was recalled. `flows`: slot -> a text in which `{name}` is a result that is not there
    yet; `results` as in `Part`.

    `whole` is the template it is a part of.
    """

    match: Match
    whole: str
    flows: Mapping[str, str] = field(default_factory=dict)
    results: Mapping[str, str] = field(default_factory=dict)


def taken_apart(memory: Memory, match: Match) -> tuple[PartMatch, ...] | str:
    """The parts of a match, each a match of its own; itself where its template has none; or why it cannot be done."""
    whole = memory.experience.template(match.template)
    if not whole.parts:
        return (PartMatch(match, ""),)
    known = {template.id: template for template in memory.experience.templates()}
    found: list[PartMatch] = []
    made: set[str] = set()
    for part in whole.parts:
        template = known.get(part.task)
        if template is None or template.parts or not template.steps:
            return f"{part.task!r}, which is a part of {whole.id!r}, is not known any more"
        if template.state == "stale":
            return f"{part.task!r}, which is a part of {whole.id!r}, failed the last times it was done"
        one = _part(part, match, whole.id, frozenset(made))
        if isinstance(one, str):
            return one
        found.append(one)
        made |= set(part.results)
    return tuple(found)


def _part(part: Part, match: Match, whole: str, made: frozenset[str]) -> PartMatch | str:
    values: dict[str, str] = {}
    flows: dict[str, str] = {}
    for slot, text in part.values.items():
        if made.intersection(slots_of(text)):
            flows[slot] = _but_for(made, text, match.values)
        elif (value := filled(text, match.values)) is not None:
            values[slot] = value
    needed = {name for text in part.values.values() for name in slots_of(text)}
    if missing := needed - made - set(match.values):
        return f"{whole!r} is not said with a value for {', '.join(sorted(missing))}"
    kinds = {slot: match.kinds[name] for slot, text in part.values.items() if (name := text.strip("{}")) in match.kinds}
    own = replace(match, template=part.task, phrasing=0, values=values, kinds=kinds, loops=())
    return PartMatch(own, whole, flows, dict(part.results))


def _but_for(left: Set[str], text: str, values: Mapping[str, str]) -> str:
    """The text with the values in place, but for these slots; braces of a value are doubled."""

    def put(found: re.Match[str]) -> str:
        value = None if found[1] in left else values.get(found[1] or "")
        return found[0] if value is None else value.replace("{", "{{").replace("}", "}}")

    return _SLOT.sub(put, text)


def learn_whole(
    memory: Memory, name: str, words: str, values: Mapping[str, str], parts: tuple[Part, ...], *, why: str
) -> Template | str:
    """Learns words as a task of these parts; the template, or why nothing was learnt.

    Args:
        values: slot of the whole -> what stands for it in the words.
    """
    experience = memory.experience
    known = {template.id: template for template in experience.templates()}
    if missing := [part.task for part in parts if part.task not in known]:
        return f"{missing[0]!r} is not in memory"
    if name in known and known[name].parts != parts:
        return f"{name!r} is another task"
    shown = [Shown(value, "typed", slot) for slot, value in values.items()]
    with memory.changing(why=why):
        made = experience.learn(name, words, shown, steps=())
        if set(made.slots) != set(values):
            if name in known:
                experience.put(known[name])
            else:
                experience.forget(name)
            return "the words do not show which part of them is which value"
        experience.put(replace(made, parts=parts))
    return experience.template(name)
