"""Two known tasks in one sentence: where it can be cut, and the answer for all parts together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from memory.experience.template import Joined, Match
from memory.text.lexicon import Lexicon
from memory.text.reading import Term, read
from memory.text.tokens import unspaced

PARTS_MAX = 4  # tasks in one sentence
CUTS_MAX = 6  # places where a sentence is tried to be cut
NAME_MAX = 6  # signs between the relation and its verb, in scripts without spaces


def parts_of(words: str, lexicon: Lexicon) -> Iterator[tuple[str, ...]]:
    """Ways to cut words into tasks: at sentence marks and connectives before an effect; first into few parts."""
    if len(words) > 1000:
        return
    places = list(cuts(words, lexicon))[:CUTS_MAX]
    if not places:
        return
    for left, right in places:
        yield _clean((words[:left], words[right:]))
    if 1 < len(places) < PARTS_MAX:
        edges = [0, *(place for cut in places for place in cut), len(words)]
        yield _clean(tuple(words[edges[i] : edges[i + 1]] for i in range(0, len(edges), 2)))


def joined(matches: Sequence[Match], *, sure: bool = True) -> Joined:
    """The answer for tasks that are to be done in this order; not `sure`: one with a long value could be meant."""
    confidence, reason = 1.0, "it could also be one task with a long value"
    if not sure:
        matches = [replace(match, exact=False, reasons=(*match.reasons, reason)) for match in matches]
    for match in matches:
        confidence *= match.confidence
    reasons = (f"{len(matches)} known tasks in one sentence", *(() if sure else (reason,)))
    return Joined(tuple(matches), confidence, reasons)


def cuts(words: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Where another task may begin: the places of the marks and connectives that stand before an effect."""
    terms = read(words, lexicon).terms
    keys = [term.key.replace(" ", "") for term in terms]
    for place in range(1, len(terms)):
        for phrase in sorted(lexicon.then, key=len, reverse=True):
            joined_keys = "".join(phrase)
            taken = _taken(keys, place, joined_keys)
            if taken and _effect_follows(terms, place + taken, lexicon):
                yield terms[place].start, terms[place + taken - 1].end
                break
        else:
            if keys[place] in (".", "。", ";", "；", "，", ",") and _effect_follows(terms, place + 1, lexicon):
                yield terms[place].start, terms[place].end


def tasks_in(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """The cuts of a text to somebody after which another task may begin; after a mere comma only where a name follows
    the effect: ", call Alice", but not ", see you soon"."""
    for left, right in cuts(text, lexicon):
        if left == 0:
            continue
        if text[left:right].strip(" ,，") or unspaced(text):
            yield left, right
            continue
        after = [term for term in read(text[right:], lexicon).terms if term.kind not in ("filler", "mark")]
        named = len(after) > 1 and text[right + after[1].start].isupper() and after[1].key not in lexicon.capitals
        if named and not lexicon.capital_nouns:
            yield left, right


def _taken(keys: Sequence[str], place: int, phrase: str) -> int:
    """How many terms from `place` on make up the phrase; 0 if they do not."""
    made = ""
    for count, key in enumerate(keys[place : place + 4], 1):
        made += key
        if made == phrase:
            return count
    return 0


def _effect_follows(terms: Sequence[Term], place: int, lexicon: Lexicon) -> bool:
    following = [term for term in terms[place : place + 4] if term.kind not in ("filler", "glue")]
    if not following or following[0].entry.is_act:
        return bool(following) and not lexicon.tells(following[0].key)
    if not unspaced(following[0].key) or following[0].key not in lexicon.toward:
        return False
    return any(term.act for term in terms[place + 2 : place + 2 + NAME_MAX])  # "给小明打电话"


def _clean(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part.strip(" ,，.。;；") for part in parts)
