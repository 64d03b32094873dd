"""Which parts of a demonstration may be slots: what was typed or chosen and also stands in the task's words. Pure.

Proposed, never decided: the teacher confirms. A button's label that happens to be among the words ("start") is not
proposed; what was typed and what was chosen from a list is. Names come from the ids of the fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from perception.element import Element
from perception.features import features
from perception.screen import Screen
from perception.words import contains, has_letters, normal
from replay.distill import Done, Held, Keyed, Tapped, Typed
from replay.keypads import FORMATTING, is_same_number
from replay.passwords import SECRET

NUMBER: Final = ("number",)  # what a number keyed in on a keypad is called
_PART: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_GENERIC: Final = frozenset(
    {"text", "view", "edit", "tv", "txt", "et", "field", "input", "name", "label", "title", "item", "row",
    "value", "compose", "id", "entry", "list", "content", "details", "src", "layout", "container", "box", "line",
    "main", "custom", "android", "the", "an", "your", "type", "enter"}
)  # fmt: skip


def propose_slots(task: str, done: Sequence[Done], given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Slot name -> value, in the order they were used, without what `given` names already."""
    known = {normal(value) for value in (given or {}).values()}
    proposed: dict[str, str] = {}
    for used, names in _values(done):
        value = _as_written(used, task) if names == NUMBER else used
        if normal(value) in known or not contains(normal(task), normal(value)):
            continue
        known.add(normal(value))
        proposed[_free(_slot_name(names), {*proposed, *(given or {})})] = value
    return proposed


def _as_written(number: str, task: str) -> str:
    """A number that was keyed in as the words write it, with their blanks and dashes; itself if they do not."""
    between = "[" + re.escape("".join(sorted(FORMATTING))) + "]*"
    said = re.search(rf"(?<!\d){between.join(map(re.escape, number))}(?!\d)", task)
    return said[0] if said is not None and is_same_number(said[0], number) else number


def _values(done: Sequence[Done]) -> Iterable[tuple[str, tuple[str, ...]]]:
    """What was typed or chosen, longest first within a step, with where its name may come from, best first."""
    for one in done:
        match one.did:
            case Typed(element, text) if text.strip() and not text.startswith(SECRET):
                yield text, (element.entry, element.hint, "text")
            case Keyed(text):
                yield text, NUMBER
            case Tapped(element) | Held(element) if not element.checkable and _is_content(one.before, element):
                parts = [part for part in one.before.subtree(element) if part.visible]
                said = [(part.text or part.description, part.entry) for part in parts]
                for text, entry in sorted(said, key=lambda pair: -len(pair[0])):
                    if _names_something(text):
                        yield text, (entry, element.entry, "choice")


def _is_content(screen: Screen, element: Element) -> bool:
    return features(screen).in_flow(element)


def _names_something(text: str) -> bool:
    """Not empty, no avatar's letter, and more than a number or a time."""
    return has_letters(normal(text)) and not (len(text) == 1 and text.isascii())


def _slot_name(sources: tuple[str, ...]) -> str:
    for source in sources:
        words: list[str] = [word.lower() for word in _PART.findall(source) if word.isascii()]
        telling = [word for word in words if word not in _GENERIC and len(word) > 1]
        if telling:
            return telling[-1]
    return sources[-1]


def _free(name: str, taken: set[str]) -> str:
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}{number}", number + 1
    return free
