"""The words that the changer of `mobimem eval drift`'s cases puts in place of others.

`cases_words.json` was written for this evaluation: one concept a line, in five languages. No word stands for two of
them, so a rewording never gives one label another one's meaning. No locator may read the file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

from perception.words import normal

FILE: Final = Path(__file__).with_name("cases_words.json")
LANGUAGES: Final = ("en", "de", "es", "fr", "zh")

Concept = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Words:
    """The concepts, and which of them a word stands for."""

    concepts: tuple[Concept, ...]
    found: dict[str, int]

    def concept(self, text: str) -> int | None:
        return self.found.get(normal(text))

    def language(self, text: str) -> str:
        """The language a word of the table is of; "en" for a word of no concept."""
        number = self.concept(text)
        if number is None:
            return "en"
        wanted = normal(text)
        return next(name for name, words in self.concepts[number].items() if wanted in map(normal, words))

    def other(self, text: str, rng: Random) -> str | None:
        """Another word of its language for the same thing; None where the table knows none."""
        number = self.concept(text)
        if number is None:
            return None
        words = self.concepts[number].get(self.language(text), [])
        return _one([word for word in words if normal(word) != normal(text)], rng)

    def translated(self, text: str, language: str, rng: Random) -> str | None:
        """The word in another language; None where the table knows none, or it is the same there."""
        number = self.concept(text)
        if number is None:
            return None
        return _one([word for word in self.concepts[number].get(language, []) if normal(word) != normal(text)], rng)


def _one(words: list[str], rng: Random) -> str | None:
    return rng.choice(words) if words else None


@cache
def words() -> Words:
    """The table of the file.

    Raises:
        ValueError: a word stands for two concepts.
    """
    concepts = tuple(json.loads(FILE.read_text(encoding="utf-8")))
    found: dict[str, int] = {}
    for number, concept in enumerate(concepts):
        for word in (word for language in concept.values() for word in language):
            if found.setdefault(normal(word), number) != number:
                raise ValueError(f"{word!r} stands for two concepts: {concepts[found[normal(word)]]} and {concept}")
    return Words(concepts, found)
