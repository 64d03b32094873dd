"""Words that point at somebody without naming them: "mum", "my sister", "the boss", "meine Mutter", "我妈", "my usual".

Such words are no name to look for on a screen: who is meant stands in the profile, or only the owner knows. A name
stays a name ("Zoe", "Uncle Joe", "王老板"), also where a relation is part of it.

Kinds of lines in `words/*.txt`: `one` / `many` relations, and `kin`, in whatever language the task was taught;
`role` relations in a task of that language only ("chef" is somebody else in English and in French); `mine` and
`theirs` words that say it is the owner's, or somebody else's; `elided` articles that are written onto the noun; `usual`
words for what recurs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from memory.profile.entities import BEINGS
from memory.profile.vocabulary import keys_of, lines_of, plain, vocabulary
from memory.text.lexicon import EMPTY, lexicons
from memory.text.tokens import folded, tokenize, unspaced

PEOPLE: Final = BEINGS - {"pet", "dog", "cat"}
LANGUAGES: Final = ("de", "en", "es", "fr", "zh")
_OF: Final = "的"
_SOMEBODYS: Final = "他"  # whoever it is that a 的 leads from
_SOMEONE: Final = frozenset(("contact", "person", "friend", "recipient", "someone", "联系人", "朋友", "人"))


@dataclass(frozen=True, slots=True)
class Pointing:
    """What words point at. `relation`: the owner's relation by its canonical name ("mother", else the noun that was
    said); "" where it is not the owner's ("his mother") or none. `usual`: whoever it usually is. `rest` is what
    stands behind "my" or "the"."""

    relation: str
    rest: str
    usual: bool = False


@dataclass(frozen=True, slots=True)
class _Taken:
    """A text without the small words before its noun; `lead` are those, folded."""

    lead: tuple[str, ...]
    rest: str
    lower: bool  # they are written small

    @property
    def is_theirs(self) -> bool:
        return any(word in _theirs() for word in self.lead)

    @property
    def is_mine(self) -> bool:
        return not self.is_theirs and any(word in _mine() for word in self.lead)


def points_at(said: str, language: str) -> Pointing | None:
    """What the words point at, None where they name somebody.

    Args:
        language: the code of the language that the task was taught in.
    """
    taken = _taken(said)
    if _is_usual(taken):
        return Pointing("", taken.rest, usual=True)
    if relation := _relation(taken, language):
        return Pointing("" if taken.is_theirs else relation, taken.rest)
    if _describes(taken) and not _ends_in_a_name(taken.rest, language):
        return Pointing(plain(taken.rest) if taken.is_mine else "", taken.rest)
    return None


def meant_by(said: str) -> str:
    """What is said for a value, as answers about it are kept: "my mum" and "mother" are one, "his mother" is not."""
    taken = _taken(said)
    if taken.is_theirs:
        return plain(said)
    found = _anywhere().get(keys_of(taken.rest), "")
    return found or (plain(taken.rest) if taken.lower or unspaced(said) else "") or plain(said)


def is_for_somebody(words: str) -> bool:
    """Whether a preference is one among people by its own words: "usual contact", "favourite colleague"."""
    keys = set(keys_of(words))
    return bool(keys & _SOMEONE) or any(
        idea is not None and idea.name in PEOPLE for _, idea in vocabulary().cut(keys_of(words), "one", "many")
    )


def _taken(said: str) -> _Taken:
    text = said.strip()
    if unspaced(text):
        return _taken_unspaced(text)
    for elided in sorted(_phrases("elided")):
        if folded(text).replace("’", "'").startswith(elided) and len(text) > len(elided):
            return _Taken((elided,), text[len(elided) :], lower=text[:1].islower())
    words = [token for token in tokenize(text) if token.kind != "mark"]
    count, small = 0, _mine() | _theirs() | _articles()
    while count < len(words) - 1 and words[count].key in small:
        count += 1
    if not count:
        return _Taken((), text, lower=False)
    lead = tuple(word.key for word in words[:count])
    return _Taken(lead, text[words[count].start :], lower=text[:1].islower())


def _taken_unspaced(text: str) -> _Taken:
    """ "我的姐姐" and "我姐" are 我 + 姐; "小红的妈妈" is somebody else's."""
    for word in sorted(_mine() | _theirs(), key=len, reverse=True):
        bare = word.removesuffix(_OF)
        for lead in (bare + _OF, bare):
            if text.startswith(lead) and len(text) > len(lead) and unspaced(bare):
                return _Taken((bare,), text[len(lead) :].strip(), lower=lead.endswith(_OF))
    whose, of, rest = text.partition(_OF)
    if of and whose and _anywhere().get(keys_of(rest)):
        return _Taken((_SOMEBODYS,), rest, lower=False)
    return _Taken((), text, lower=False)


def _is_usual(taken: _Taken) -> bool:
    keys, longest = keys_of(taken.rest), 0
    for phrase in _usual():
        if keys[: len(phrase)] == phrase:
            longest = max(longest, len(phrase))
    whole = longest == len(keys) and (longest > 1 or unspaced(taken.rest))
    return longest > 0 and (bool(taken.lead) or whole)


def _relation(taken: _Taken, language: str) -> str:
    keys = keys_of(taken.rest)
    if found := _anywhere().get(keys, ""):
        return found
    capitals = lexicons().get(language, EMPTY).capital_nouns
    alone = bool(taken.lead) or capitals or unspaced(taken.rest) or taken.rest[:1].islower()
    return _roles(language).get(keys, "") if alone else ""


def _describes(taken: _Taken) -> bool:
    """Whether small words lead to a noun that is in no list: "my plumber", "the neighbours upstairs"."""
    if not taken.lead or not taken.lower:
        return False
    return taken.is_mine or taken.is_theirs or taken.rest[:1].islower()


def _ends_in_a_name(rest: str, language: str) -> bool:
    """Whether a noun is followed by a name ("mum Zoe"), as far as capitals tell; "sister of Bob" is nobody's name."""
    if lexicons().get(language, EMPTY).capital_nouns:
        return False
    words = [token for token in tokenize(rest) if token.kind == "word"]
    before = len(words)
    while before and _is_written_as_a_name(rest[words[before - 1].start : words[before - 1].end]):
        before -= 1
    return before < len(words) and (before == 0 or not _leads_to_another(words[before - 1].key))


def _is_written_as_a_name(word: str) -> bool:
    return word[:1].isupper() and (len(word) == 1 or not word.isupper())  # "GP" and "HR" are what somebody is


def _leads_to_another(word: str) -> bool:
    """Whether it is a small word, like "of", that only relates what stands before it to what follows."""
    found = (lexicon.find((word,)) for lexicon in lexicons().values())
    return any(entry is not None and entry.kinds & {"link", "glue"} for entry in found)


@cache
def _anywhere() -> dict[tuple[str, ...], str]:
    """Words for somebody, whatever the language of the task -> their relation."""
    known = {keys: idea.name for keys, idea in vocabulary().phrases_of("one", "many").items() if idea.name in PEOPLE}
    return {**_listed("kin", LANGUAGES), **known}


@cache
def _roles(language: str) -> dict[tuple[str, ...], str]:
    return _listed("role", (language,) if language in LANGUAGES else ())


def _listed(kind: str, languages: Iterable[str]) -> dict[tuple[str, ...], str]:
    lines = [line for language in languages for line in lines_of(language) if line[0] == kind]
    return {keys_of(phrase): name for _, name, phrases in lines for phrase in phrases}


@cache
def _usual() -> frozenset[tuple[str, ...]]:
    return frozenset(_listed("usual", LANGUAGES))


@cache
def _mine() -> frozenset[str]:
    """Words that say a thing is the owner's, folded."""
    return _phrases("mine")


@cache
def _theirs() -> frozenset[str]:
    """Words that say a thing is somebody else's, folded."""
    return _phrases("theirs") - _mine()


def _phrases(kind: str) -> frozenset[str]:
    lines = [line for language in LANGUAGES for line in lines_of(language) if line[0] == kind]
    return frozenset(folded(phrase) for _, _, phrases in lines for phrase in phrases)


@cache
def _articles() -> frozenset[str]:
    return frozenset().union(*(lexicon.articles for lexicon in lexicons().values())) - _mine() - _theirs()
