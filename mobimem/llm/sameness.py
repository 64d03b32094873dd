"""Whether two requests ask the same thing: the guard of the reply cache. Pure; it needs no vectors and no model.

A sentence encoder puts "turn the light on" beside "turn the light off": near in meaning is not the same. Here every
word of each request has to be answered by one of the other: by the same word, by a word that shares an idea of the
shipped lexicon, or not at all where it is politeness or grammar. Numbers, units, dates, times, negations, quantifiers,
names and other words the lexicon does not know are answered by themselves only; their order counts ("Rome to Oslo"),
and so do who gives and who gets. What is doubtful is not the same: that costs a call, and a wrong reply costs more.
MeanCache (arXiv 2403.02694), whose cache this follows, has no such guard.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from memory.text.lexicon import EMPTY, Lexicon, language_of, lexicons
from memory.text.reading import Term
from memory.text.tokens import folded
from mobimem.llm.request_reading import ASK, HOW_MUCH, Request, Value, read_request

_TELLING_APART: Final = frozenset(("from", "about", "with"))  # relations that another wording may not leave out
_TOLD: Final = frozenset(("told before", "told after"))
REQUEST_MAX: Final = 2_000  # characters; what is longer is a text with a request in it, and is never the same


@dataclass(frozen=True, slots=True)
class Verdict:
    """`same`, and why; where it is not, the first difference, in words."""

    same: bool
    reason: str


def compare(one: str, other: str) -> Verdict:
    """Whether whoever answers the one has answered the other. The order of the two does not matter."""
    if _written(one) == _written(other):
        return Verdict(True, "the same words")
    if max(len(one), len(other)) > REQUEST_MAX:
        return Verdict(False, f"longer than {REQUEST_MAX} characters, and not the same words")
    known = lexicons()
    lexicon = known.get(language_of("\n".join(sorted((one, other))), known), EMPTY)
    for difference in _differences(read_request(one, lexicon), read_request(other, lexicon), lexicon):
        return Verdict(False, difference)
    return Verdict(True, "every word of each is answered by the other")


def _written(text: str) -> str:
    return " ".join(folded(text).split()).rstrip(" .!。！")


def _differences(a: Request, b: Request, lexicon: Lexicon) -> Iterator[str]:
    """What tells them apart."""
    if not a.content or not b.content:
        yield "one of them has no word that says what is asked"
        return
    for what, mine, theirs in (
        ("negation or quantity", a.strict, b.strict), ("relation", a.links, b.links), ("signs", a.signs, b.signs),
    ):  # fmt: skip
        if mine != theirs:
            yield f"{what}: {_said(mine - theirs)} / {_said(theirs - mine)}"
    yield from _value_differences(a.values, b.values)
    if a.quoted != b.quoted:
        yield "what is quoted"
    if a.exact != b.exact:
        yield f"words that stand for themselves: {_said(a.exact - b.exact)} / {_said(b.exact - a.exact)}"
    if a.past != b.past:
        yield "what was, and what is"
    yield from _other_mood(a, b)
    yield from _unanswered(a, b, lexicon)
    yield from _unanswered(b, a, lexicon)
    yield from _opposites(a, b, lexicon)
    yield from _order(a, b, lexicon)


def _said(words: object) -> str:
    return ", ".join(sorted(words)) or "none"  # type: ignore[call-overload]


def _value_differences(a: Sequence[Value], b: Sequence[Value]) -> Iterator[str]:
    for kind in dict.fromkeys(value.kind for value in (*a, *b)):
        mine = [value.normal for value in a if value.kind == kind]
        theirs = [value.normal for value in b if value.kind == kind]
        if mine != theirs:
            yield f"{kind}: {', '.join(mine) or 'none'} / {', '.join(theirs) or 'none'}"


def _other_mood(a: Request, b: Request) -> Iterator[str]:
    """A question whether something is so, or how it is done, is no order to do it."""
    for one, other in ((a, b), (b, a)):
        if one.questions and not other.questions and not one.asks_what and not one.polite:
            yield "a question and an order"
        if one.asks_what and not other.asks_what and other.orders:
            yield "a question and an order"


def _unanswered(a: Request, b: Request, lexicon: Lexicon) -> Iterator[str]:
    for term in a.content:
        if term in a.asking and ASK in term.ideas and (b.asks_what or not b.orders):
            continue  # "what is the weather", "the weather"
        if not any(_answers(term, given, a, b, lexicon) for given in b.content):
            yield f"nothing answers {term.key!r}"
    kinds = a.question_kinds - b.question_kinds
    if kinds and b.question_kinds - a.question_kinds:
        yield f"another question: {_said(kinds)}"
    if a.channels and b.channels and not a.channels & b.channels:
        yield f"{_said(a.channels)} / {_said(b.channels)}"
    if a.weak and b.weak and not a.weak & b.weak:
        yield f"{_said(a.weak)} / {_said(b.weak)}"


def _answers(term: Term, given: Term, a: Request, b: Request, lexicon: Lexicon) -> bool:
    if term.key == given.key:
        return term.ideas == given.ideas or bool(term.ideas & given.ideas)  # "turn * up" and "turn * down" are "turn"
    if term in a.names or given in b.names:
        return False
    if HOW_MUCH in term.ideas and ASK in given.ideas:
        return True
    if _plural(term, lexicon) != _plural(given, lexicon):
        return False
    return bool(term.ideas & given.ideas)


def _plural(term: Term, lexicon: Lexicon) -> bool:
    thing = any(idea.startswith("thing:") for idea in term.ideas) and not term.act
    return thing and bool(lexicon.plurals) and term.key.endswith(tuple(lexicon.plurals)) and not term.key.endswith("ss")


def _opposites(a: Request, b: Request, lexicon: Lexicon) -> Iterator[str]:
    for term in a.content:
        for given in b.content:
            if term.ideas != given.ideas and lexicon.opposes(term.ideas, given.ideas):
                yield f"opposites: {term.key!r} / {given.key!r}"
    for key in sorted(a.relations.keys() | b.relations.keys()):
        mine, theirs = a.relations.get(key, ""), b.relations.get(key, "")
        if mine != theirs and (key in a.relations.keys() & b.relations.keys() or (mine or theirs) in _TELLING_APART):
            yield f"relation: {mine or 'none'} / {theirs or 'none'} {key}"


def _order(a: Request, b: Request, lexicon: Lexicon) -> Iterator[str]:
    mine, theirs = ([term.key for term in one.content if term in one.names] for one in (a, b))
    if mine != theirs:
        yield f"order: {' '.join(mine)} / {' '.join(theirs)}"
    for acts in (False, True):
        ones, others = ([term for term in one.content if _only_acts(term) == acts] for one in (a, b))
        places = [[at for at, given in enumerate(others) if _answers(term, given, a, b, lexicon)] for term in ones]
        if not _can_rise([one for one in places if one]):
            yield "order of what is named"
    told = (a.self_sides & _TOLD, b.self_sides & _TOLD)
    does = (a.self_sides - _TOLD, b.self_sides - _TOLD)
    if any(mine and theirs and not mine & theirs for mine, theirs in (told, does)):
        yield "who does it, and to whom"
    if bool(does[0]) != bool(does[1]) and any(told):
        yield "who is told, and who does it"


def _only_acts(term: Term) -> bool:
    return all(idea.startswith("act:") for idea in term.ideas)


def _can_rise(choices: Sequence[Sequence[int]]) -> bool:
    """Whether one can be taken of each so that none is smaller than the one before."""
    least = -1
    for places in choices:
        if not (left := [place for place in places if place >= least]):
            return False
        least = min(left)
    return True
