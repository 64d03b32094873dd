"""How results get into other sub-tasks: found in words, put in place when they are there. Pure.

    "text Bob the price", after a task that reads a {price}     ->  message = {price}
    "text Bob that it costs {price}", recalled with a stand-in  ->  message = it costs {price}

A result stands in a value, never in the words that are recalled: what a screen says can neither become a task of its
own nor choose one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from perception.words import normal, slots_in
from replay.slots import fill

# What may stand before the name of a result that was just read: "the price", "der Preis". Words of no meaning.
_DETERMINERS: Final = frozenset(
    ("", "the", "that", "this", "its", "der", "die", "das", "den", "dem", "dessen", "deren", "le", "la", "les", "l'",
     "el", "los", "las", "il", "lo", "这个", "那个", "该")
)  # fmt: skip
_ODD: Final = 73_193  # a number nobody says, and no year or phone number
_BRACES: Final = re.compile(r"[{}]")


def named_result(value: str, results: Collection[str]) -> str:
    """The result that a value only names ("the price"); "" if it says anything else."""
    said = normal(value).strip(" .!?。！？")
    for name in results:
        called = name.replace("_", " ")
        if said.endswith(called) and said[: -len(called)].strip() in _DETERMINERS:
            return name
    return ""


def stand_ins(results: Collection[str]) -> tuple[dict[str, str], ...]:
    """What may stand for results while a sub-task's words are recalled, the first to be tried first: the name in
    braces, which no language knows, and a number, for values that have to be one."""
    return (
        {name: f"{{{name}}}" for name in results},
        {name: f"{_ODD + place}" for place, name in enumerate(results)},
    )


def put_in(words: str, stood: Mapping[str, str]) -> str:
    """The sub-task's words as plain text, with a stand-in for each result.

    Raises:
        SlotUnfilled: they name a result that has none.
    """
    return fill(words, stood)


def taken_out(value: str, stood: Mapping[str, str]) -> str:
    """A value with the results in braces where their stand-ins are; itself, as a template, where none is."""
    made = as_template(value)
    for name, word in stood.items():
        made = re.sub(re.escape(as_template(word)), f"{{{name}}}", made, flags=re.IGNORECASE)
    return made


def flows_in(values: Mapping[str, str], stood: Mapping[str, str]) -> dict[str, str]:
    """Slot -> text with results in braces, of the values that hold a stand-in."""
    made = {slot: taken_out(value, stood) for slot, value in values.items()}
    return {slot: text for slot, text in made.items() if slots_in(text)}


def fits_whole(words: str, flows: Mapping[str, str]) -> bool:
    """Whether every result that the words name stands in a value: one that was taken for a word of the task is lost."""
    return set(slots_in(words)) <= {name for text in flows.values() for name in slots_in(text)}


def with_results(values: Mapping[str, str], flows: Mapping[str, str], results: Mapping[str, str]) -> dict[str, str]:
    """The values with every result in place.

    Raises:
        SlotUnfilled: a result is not there.
    """
    return {**values, **{slot: fill(text, results) for slot, text in flows.items()}}


def as_template(text: str) -> str:
    """Plain text as a template that says it."""
    return _BRACES.sub(lambda found: found[0] * 2, text)
