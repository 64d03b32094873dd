"""What of a request counts when it is compared with another: the data `mobimem.llm.sameness` decides on.

Made from the reading of `memory.text` (ideas of the shipped lexicon, typed values); what that leaves out of account for
matching templates - pronouns, tense, relations, questions - is kept here where a reply may hang on it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from memory.text.lexicon import Lexicon
from memory.text.normal import normalise
from memory.text.reading import Term, read
from memory.text.tokens import folded
from memory.text.values import Found, find_values

ASK: Final = "act:ask"
HOW_MUCH: Final = "act:how_much"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SELF: Final = _words(
    "i me my mine myself i'm i've i'll i'd we us our ich mich mir mein meine meinen meinem meiner wir uns"
    " yo mi mis me nosotros je moi mon ma mes nous 我 我的 我们"
)
_TELLING: Final = _words("show tell give get read let make order book bring remind wake send find")
_EXACT: Final = _words(
    "he him his she her hers they their theirs er ihn ihm ihr ihre ihren él ella ellos ellas su sus il elle ils elles"
    " 他 她 他们 她们"
    " should must may might need soll sollte muss darf debo debe debería puedo dois doit 应该 必须 可以"
    " again already still yet also too else more less even ever almost up down noch schon auch wieder mehr weniger fast"
    " ya aún también más menos casi encore déjà aussi plus moins 再 又 还 也 更 已经 过 曾"
)
_PAST: Final = _words("did was were had didn't wasn't war waren hatte wurde fue era estaba fui")
_RELATIONS: Final = {
    word: relation
    for relation, words in (
        ("to", "to into onto toward towards zu zum zur nach an ans ins a al hacia à vers 到 给 往 至 向"),
        ("from", "from von vom aus ab desde 从"),
        ("about", "about over über sobre 关于 对"),
        ("with", "with mit con avec 跟 同"),
        ("for", "for für para pour"),
    )
    for word in words.split()
}
_PLAIN_LINKS: Final = _words(
    "of in on at by as per im am um bei auf ins por en del sur dans de du des 的 由 于 以 用 在"
)
"""Relations that another wording may lack or word otherwise. Those of `_RELATIONS` count for the word they stand
before; all others ("before", "under", "until") count wherever they stand."""
_CHANNELS: Final = frozenset(("thing:message", "thing:email", "act:call", "act:video_call"))
_QUESTION_ENDS: Final = ("?", "？", "吗", "么", "呢")
_QUOTED: Final = re.compile(r"[\"“”„«「『‘']([^\"“”„«»」』’']{1,200})[\"“”»」』’'](?!\w)")
_SIGNS: Final = frozenset("+-*/=<>#@&%^|~$€£¥°")


@dataclass(frozen=True, slots=True)
class Value:
    """A typed value: its kind, and what it means (21:15, 2023-10-24, PT45M)."""

    kind: str
    normal: str


@dataclass(frozen=True, slots=True)
class Request:
    """What of a request counts.

    `content` are the words that say what is asked; of these `names` are answered by themselves only. `strict` are
    negations and quantifiers, `links` relations that count, `exact` small words that stand for themselves.
    `relations` says for a word what stands before it ("from", "to", "with"), `self_sides` whether the owner stands
    before or after the first name (else the first act), and is "told" ("remind me"). `channels` are ways to reach
    somebody that are named (message, email, call).
    """

    values: tuple[Value, ...]
    content: tuple[Term, ...]
    names: frozenset[Term]
    strict: Counter[str]
    links: Counter[str]
    signs: Counter[str]
    quoted: tuple[str, ...]
    exact: frozenset[str]
    past: bool
    weak: frozenset[str]
    relations: Mapping[str, str]
    self_sides: frozenset[str]
    questions: bool
    polite: bool
    asks_what: bool
    orders: bool
    asking: frozenset[Term]
    question_kinds: frozenset[str]
    channels: frozenset[str]


@lru_cache(maxsize=2_048)
def read_request(text: str, lexicon: Lexicon) -> Request:
    """Reads a request with the words of its language."""
    reading = read(text, lexicon)
    found = find_values(text, lexicon)
    start, end = reading.stripped
    whole = tuple(term for term in reading.terms if not _inside(term, found))
    terms = tuple(term for term in whole if start <= term.start and term.end <= end)
    content = tuple(term for term in terms if _counts(term))
    names = frozenset(term for place, term in enumerate(content) if _is_name(term, place, text, lexicon))
    keys = frozenset(part for term in terms if term.kind != "filler" for part in term.key.split())
    asks = lexicon.asks | {ASK}
    asking = [term for term in content if term.ideas <= asks]
    acts = [term for term in content if term.act and term not in asking]
    return Request(
        values=tuple(Value(one.kind, folded(_normal(text, one, lexicon))) for one in found),
        content=content, names=names,
        strict=Counter(_strictly(term) for term in terms if term.kind in ("not", "many")),
        links=Counter(_links(terms)),
        signs=Counter(term.key for term in terms if term.kind == "mark" and term.key in _SIGNS),
        quoted=tuple(folded(match[1]) for match in _QUOTED.finditer(text)),
        exact=(keys & _EXACT) - frozenset(part for term in content for part in term.key.split()),
        past=bool(keys & _PAST),
        weak=frozenset(term.key for term in terms if term.kind == "weak"),
        relations=_relations(terms, found, text), self_sides=_self_sides(terms, names, acts),
        questions=text.rstrip(" .!。！").endswith(_QUESTION_ENDS), polite=start > len(text) - len(text.lstrip()),
        asks_what=bool(asking), orders=bool(acts) or bool(terms and terms[0].kind == "filler"),
        asking=frozenset(asking), question_kinds=frozenset(i for one in asking for i in one.ideas) - {ASK, HOW_MUCH},
        channels=frozenset(idea for term in content for idea in term.ideas & _CHANNELS),
    )  # fmt: skip


def _inside(term: Term, found: Sequence[Found]) -> bool:
    return any(one.start <= term.start and term.end <= one.end for one in found)


def _counts(term: Term) -> bool:
    return term.kind in ("idea", "word", "number") or (term.act and term.kind != "mark")


def _is_name(term: Term, place: int, text: str, lexicon: Lexicon) -> bool:
    """Whether a word is answered by itself only: unknown ones, numbers, and what is written with a capital inside."""
    if term.kind in ("word", "number"):
        return True
    capital = place > 0 and text[term.start : term.start + 1].isupper()
    return capital and not lexicon.capital_nouns and term.key not in lexicon.capitals


def _strictly(term: Term) -> str:
    if term.kind == "many":
        named = sorted(idea for idea in term.ideas if idea.startswith("many:") and idea != f"many:{term.key}")
        return named[0] if named else f"many:{term.key}"
    return "not:except" if "not:except" in term.ideas else "not"


def _links(terms: Sequence[Term]) -> list[str]:
    free = _PLAIN_LINKS | _RELATIONS.keys()
    return [term.key for term in terms if term.kind == "link" and not term.act and term.key not in free]


def _normal(text: str, found: Found, lexicon: Lexicon) -> str:
    return normalise(text[found.start : found.end], found.kind, lexicon)


def _relations(terms: Sequence[Term], found: Sequence[Found], text: str) -> dict[str, str]:
    """For words and values that a relation stands before: which one. Of a word said twice, both."""
    made: dict[str, str] = {}
    side = ""
    places = [(term.start, term.key, term) for term in terms]
    places += [(one.start, folded(text[one.start : one.end]), None) for one in found]  # type: ignore[misc]
    for _, key, term in sorted(places, key=lambda one: one[0]):
        if key in _RELATIONS and (term is None or not term.act):
            side = _RELATIONS[key]
        elif term is None or _counts(term):
            if side:
                made[key] = f"{made[key]} {side}" if key in made else side
            side = ""
    return made


def _self_sides(terms: Sequence[Term], names: frozenset[Term], acts: Sequence[Term]) -> frozenset[str]:
    """Where the owner is named: before or after the first name, or as who is told ("tell me")."""
    about = [term.start for term in terms if term in names] or [term.start for term in acts]
    if not about:
        return frozenset()
    sides = set()
    for place, term in enumerate(terms):
        side = "before" if term.start < about[0] else "after"
        if term.key in _SELF:
            sides.add(f"told {side}" if place and terms[place - 1].key in _TELLING else side)
        elif _SELF & set(term.key.split()[1:]) and term.kind != "filler":
            sides.add(f"told {side}")  # "call me" is one term
    return frozenset(sides)
