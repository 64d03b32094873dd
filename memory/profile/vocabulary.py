"""The shipped words of everyday statements, per language (`words/*.txt`), and texts cut into them.

Kinds of lines: `one` / `many` a relation that has one value at a time, or several ("mother", "friend"); `best` what
singles a value out ("favourite", "usual"); `act` what somebody does habitually (`act -like` is the opposite of
`act like`); `weak` words that carry no fact; `self` the owner; `not` negations; `now` words that correct; `day` and
`place` situations; `number` and `alike` other spellings of one thing. `kin`, `role`, `mine`, `theirs`, `elided` and
`usual` serve `memory.profile.somebody`, and are there in more languages than statements are read in. The lists are
general: made for the world, not for any data set. A phrase may have several words; the longest one wins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from memory.text.tokens import folded, search_terms, tokenize

LANGUAGES = ("en", "zh")
PHRASE_MAX = 7


@dataclass(frozen=True, slots=True)
class Idea:
    """What a phrase stands for. `opposite` turns a statement round ("dislike" is not to like)."""

    kind: str
    name: str
    opposite: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Phrases by their keys (`keys_of`), each with all ideas it may stand for, in the order of the file."""

    phrases: Mapping[tuple[str, ...], tuple[Idea, ...]]

    def find(self, phrase: str, *kinds: str) -> Idea | None:
        """The first idea of these kinds that exactly this phrase stands for."""
        found = self.phrases.get(keys_of(phrase), ())
        return next((idea for idea in found if idea.kind in kinds), None)

    def phrases_of(self, *kinds: str) -> dict[tuple[str, ...], Idea]:
        """Every phrase of these kinds."""
        return {
            keys: idea for keys, ideas in self.phrases.items() for idea in reversed(ideas) if idea.kind in kinds
        }  # fmt: skip

    def cut(self, keys: Sequence[str], *kinds: str) -> list[tuple[tuple[str, ...], Idea | None]]:
        """The keys in order, grouped into the longest phrases of these kinds; a key of none stands alone."""
        cut: list[tuple[tuple[str, ...], Idea | None]] = []
        at = 0
        while at < len(keys):
            for length in range(min(PHRASE_MAX, len(keys) - at), 0, -1):
                part = tuple(keys[at : at + length])
                idea = next((one for one in self.phrases.get(part, ()) if one.kind in kinds), None)
                if idea is not None or length == 1:
                    cut.append((part, idea))
                    at += length
                    break
        return cut


def keys_of(text: str) -> tuple[str, ...]:
    """A text's words as phrases are compared; "mother's" is two, "don't" is one, a Chinese character is one."""
    keys: list[str] = []
    for token in tokenize(text):
        if token.kind == "mark":
            continue
        key = token.key.replace("’", "'")
        if key.endswith("'s") and len(key) > 2:
            keys += [key[:-2], "'s"]
        elif "'" in key and not key.endswith("n't"):
            head, _, tail = key.partition("'")
            keys += [part for part in (head, "'" + tail) if part]
        else:
            keys.append(key)
    return tuple(keys)


def plain(text: str) -> str:
    """A name or value as two writings of it are compared: folded, single spaces, no marks."""
    return " ".join(term for term in search_terms(folded(text)) if len(term) == 1 or not _is_bigram(term))


def _is_bigram(term: str) -> bool:
    return len(term) == 2 and all(token.kind == "sign" for token in tokenize(term))


@cache
def vocabulary() -> Vocabulary:
    """All languages in one: a statement may mix them, and their words hardly collide."""
    found: dict[tuple[str, ...], list[Idea]] = {}
    for language in LANGUAGES:
        for kind, name, phrases in lines_of(language):
            idea = Idea(kind, name.lstrip("-"), opposite=name.startswith("-"))
            for phrase in phrases:
                if "*" not in phrase and (keys := keys_of(phrase)):
                    found.setdefault(keys, []).append(idea)
    return Vocabulary({keys: tuple(ideas) for keys, ideas in found.items()})


def lines_of(language: str) -> Iterator[tuple[str, str, list[str]]]:
    """The lines of a language's file, in order: kind, name ("" for none), phrases."""
    file = resources.files("memory.profile") / "words" / f"{language}.txt"
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            head, _, words = line.partition(":")
            kind, _, name = head.strip().partition(" ")
            yield kind, name, [phrase.strip() for phrase in words.split(",")]
