"""When two wordings say the same: the guard against near-duplicates. It never merges on a similarity.

A wording is reduced to what it asserts: everyday synonyms become one word, words that carry no fact go, negations
become a sign, numbers keep their order. Two wordings say the same if nothing is left over on either side and nobody
changed places ("I owe Bob" is not "Bob owes me"): any word that differs - an entity, a number, a date - keeps them
apart, however close their vectors are. In scripts without spaces the order of the characters counts too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from memory.index.analysis import stem
from memory.profile.vocabulary import keys_of, vocabulary
from memory.text.tokens import tokenize, unspaced

SELF = "§self"
READ_CHARS = 2_000
"""Longer texts are compared by all their letters only: two long texts that say the same are rare and cost much."""
_KINDS = ("day", "place", "not", "self", "number", "alike", "best", "one", "many", "act", "weak")
_SAME = {"home": "live", "workplace": "work", "employer": "work", "job": "work", "prefer": "favourite", "own": ""}
"""Relations and acts that everyday wordings exchange: "her home is in Rome", "she lives in Rome"."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a wording asserts, without its wording. `names` stand in the order of the text."""

    words: tuple[str, ...]
    numbers: tuple[str, ...]
    positive: bool
    names: tuple[str, ...]

    def key(self, speaker: str) -> bytes:
        """16 bytes, equal for wordings that say the same but for who does what (see `same_roles`)."""
        whose = speaker if SELF in self.words else ""
        told = "\x1f".join((whose, "+" if self.positive else "-", *self.words, "", *self.numbers))
        return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).digest()


@lru_cache(maxsize=4_096)
def shape(text: str) -> Shape:
    """The shape of a statement."""
    if len(text) > READ_CHARS:
        return Shape((" ".join(text.split()),), (), True, ())
    words: list[str] = []
    numbers: list[str] = []
    positive = True
    for keys, idea in vocabulary().cut(keys_of(text), *_KINDS):
        kind = idea.kind if idea is not None else ""
        if kind == "not" or (idea is not None and idea.opposite):
            positive = not positive
        if kind in {"weak", "not"}:
            continue
        if kind == "self":
            words.append(SELF)
        elif kind == "number" or keys[0][0].isdigit():
            numbers.append(idea.name if idea is not None else _figure(keys[0]))
        elif idea is not None:
            words.append(_SAME.get(idea.name, idea.name))
        else:
            words += [stem(key) for key in keys if not key.startswith("'")]
    said = [word for word in words if word]
    if not unspaced(text):
        said = sorted(set(said))
    if not said and not numbers:  # nothing but weak words or pictures: only the same text is the same
        said = [" ".join(text.split())]
    return Shape(tuple(said), tuple(numbers), positive, _names(text))


def same_roles(one: Shape, other: Shape) -> bool:
    """Whether the names that both texts hold stand in the same order (fewer than two: there is nothing to change)."""
    shared = set(one.names) & set(other.names)
    if len(shared) < 2:
        return True
    return [name for name in one.names if name in shared] == [name for name in other.names if name in shared]


def _figure(key: str) -> str:
    """ "1,000" and "1000", "3rd" and "3" are one figure."""
    bare = key.replace(",", "")
    return bare.rstrip("stndrh") if bare[:-2].isdigit() and not bare.isdigit() else bare


def _names(text: str) -> tuple[str, ...]:
    names: dict[str, None] = {}
    found = vocabulary()
    for token in tokenize(text):
        key = token.key.removesuffix("'s").removesuffix("’s")
        idea = found.find(token.key, "self")
        if idea is not None:
            names[SELF] = None
        elif (
            token.kind == "word"
            and text[token.start].isupper()
            and found.find(key, "weak", "not", "alike", "number") is None
        ):
            names[key] = None
    return tuple(names)
