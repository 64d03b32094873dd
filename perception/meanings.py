"""Common words of interfaces and what they mean: "Send", "Senden", "发送" are one concept, "Accept" and "Decline" two.

The lexicon (`meanings.json`) holds what buttons, menus, tabs and settings are called on most phones, in six languages;
each concept may name its opposites. It proposes and rules out, and never proves alone: a text that is in no concept has
no meaning here, and longer texts are not taken apart. Pure.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from importlib import resources

from perception.opposites import only_change, reverses
from perception.words import normal

_TRIM = ".…:!?*→›»>+ "


@lru_cache(maxsize=16384)
def concepts(text: str) -> frozenset[str]:
    """The concepts a text (normalised or not) stands for, as a whole; empty if it is no common word."""
    words, _ = _lexicon()
    plain = normal(text).strip(_TRIM)
    return words.get(plain, frozenset())


def means_same(one: str, other: str) -> bool:
    """Whether both are words for one concept."""
    return bool(concepts(one) & concepts(other))


def contradicts(one: str, other: str) -> bool:
    """Whether both are common words, and for different things."""
    mine, theirs = concepts(one), concepts(other)
    return bool(mine) and bool(theirs) and not mine & theirs


def opposes(one: str, other: str) -> bool:
    """Whether one says the opposite of the other: accept and decline, on and off, add to and remove from."""
    if _opposed(one, other):
        return True
    if means_same(one, other):
        return False
    mine, theirs = normal(one).strip(_TRIM), normal(other).strip(_TRIM)
    changed = only_change(mine, theirs)  # "Start timer", "Stop timer"
    return (changed is not None and _opposed(*changed)) or reverses(mine, theirs)


def _opposed(one: str, other: str) -> bool:
    """Whether both are common words as a whole, for concepts that are opposites."""
    _, opposites = _lexicon()
    theirs = concepts(other)
    return any(opposites.get(concept, frozenset()) & theirs for concept in concepts(one))


@cache
def _lexicon() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Words to concepts, and concepts to their opposites, both ways."""
    data = json.loads((resources.files("perception") / "meanings.json").read_text(encoding="utf-8"))
    found: dict[str, set[str]] = {}
    for concept, words in data["concepts"].items():
        for word in words:
            found.setdefault(normal(word).strip(_TRIM), set()).add(concept)
    against: dict[str, set[str]] = {}
    for one, other in data["opposites"]:
        against.setdefault(one, set()).add(other)
        against.setdefault(other, set()).add(one)
    return (
        {word: frozenset(names) for word, names in found.items()},
        {concept: frozenset(names) for concept, names in against.items()},
    )
