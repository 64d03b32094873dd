"""Whether a piece of text may be the value of a slot, and what its structure is.

A slot that held "Big Mac" does not swallow "Big Mac from Burger King": the word `from` is no value but an argument the
phrasing does not explain. Values that are set off (quotes, a colon) are nobody's words and may hold anything.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from functools import lru_cache
from itertools import pairwise
from typing import Final

from memory.experience.template import Slot
from memory.text.lexicon import Lexicon
from memory.text.reading import Term, read
from memory.text.tokens import OPENING, unspaced
from memory.text.values import ValueKind, find_values, kind_of

REJECT: Final = 9  # a penalty no answer survives
UNSURE: Final = 1
INNER_MAX: Final = 4  # words of a bare value with a relation in it ("dinner with old friends")
WORDS_BARE: Final = 8  # tokens a value may have that is not set off; the longest bare one of the dev data has 5
AROUND: Final = (
    *("leading one", "leading word", "leading pronoun", "leading thing", "leading clause", "adverb"),
)  # what is around a name
_TYPED: Final[frozenset[ValueKind]] = frozenset(("number", "phone", "email", "url", "amount", "duration"))
_RELATED: Final = frozenset((("number", "amount"), ("number", "phone"), ("phone", "number"), ("amount", "number")))
HANDED: Final = frozenset(("thing:photo", "thing:video", "thing:file", "thing:contact", "thing:screenshot"))
KEPT: Final = HANDED | frozenset(
    f"thing:{name}"
    for name in ("message", "email", "note", "event", "alarm", "task", "reminder", "notification", "call")
)  # what a phone keeps: asked for by these words alone, it is the thing itself
OFTEN: Final = frozenset(
    f"trait:{name}"
    for name in ("hourly", "daily", "nightly", "weekly", "monthly", "yearly", "weekdays", "weekends", "mornings")
)
ACTS: Final = frozenset(("act",))  # what is typed may be something to do: "call the bank" on a list
_SENTENCE: Final = frozenset(".!?。！？;；")


@lru_cache(maxsize=8192)
def features(value: str, lexicon: Lexicon) -> frozenset[str]:
    """Structures in a value: comma, sentence, relation, several, quantifier, negation, act, newline, one sign."""
    reading = read(value, lexicon)
    found: set[str] = set()
    terms = reading.terms
    for place, term in enumerate(terms):
        if term.kind == "mark":
            if term.key in ",，、":
                found.add("comma")
            elif (
                term.key in _SENTENCE
                and (not term.key.isascii() or value[term.end : term.end + 1].isspace())
                and place + 1 < len(terms)
                and not _abbreviates(terms[place - 1], place)
            ):
                found.add("sentence")
            elif term.key in ":：":
                found.add("colon")
            elif term.key in '"“”「」':
                found.add("quote")
        elif term.key.replace(" ", "") in lexicon.splits:
            found.add(f"split:{term.key}")
        elif term.key.replace(" ", "") in lexicon.joins:
            found.add("join")
        elif term.kind in ("many", "not") and not unspaced(value):
            found.add(term.kind)
        elif term.act and place == 0 and " " in value and not unspaced(value) and not value[:1].isupper():
            found.add("act")
    found |= _around(value, terms, lexicon)
    if terms and terms[0].kind in ("many", "not"):
        found.add(f"leading {terms[0].kind}")
    if len(value) == 1 and unspaced(value):
        found.add("single sign")
    if "\n" in value:
        found.add("newline")
    if len(terms) > WORDS_BARE and "comma" not in found and not unspaced(value):
        found.add("long")
    return frozenset(found)


def _is_handed(said: Sequence[Term], lexicon: Lexicon) -> bool:
    """Whether it is "a picture", "the video" or "photos": things there are, and no words for them."""
    if len(said) == 2 and said[0].key in lexicon.articles | lexicon.ones:
        return bool(said[1].entry.ideas & KEPT)
    return (
        len(said) == 1 and bool(said[0].entry.ideas & KEPT) and said[0].key.endswith(tuple(lexicon.plurals) or ("s",))
    )


def _around(value: str, terms: Sequence[Term], lexicon: Lexicon) -> frozenset[str]:
    """What stands around a name and is no part of it: "a taxi" and "who" are nobody, "Bob later" is Bob, "Ann or Bob"
    are two."""
    said = [term for term in terms if term.kind != "mark"]
    if unspaced(value):  # "虹桥机场要多少钱"
        asks = any(len(term.key) > 1 and term.entry.ideas & lexicon.asks for term in said)
        return frozenset(("question",)) if asks else frozenset()
    if not said:
        return frozenset()
    found = {"a thing"} if _is_handed(said, lexicon) else set[str]()
    small = value[said[0].start].islower()
    if _is_more(said, value, small=small):
        found.add("more")
    if len(said) > 1 and _is_led(said, value, lexicon):
        found.add("leading word")
    if not small and value[said[-1].start].islower() and any(term.key in lexicon.owners for term in said[1:]):
        found.add("leading word")  # "Zoe my live": something of somebody's begins there
    if small and {said[0].key, said[0].key.split()[0]} & (lexicon.speakers | lexicon.inquires):
        found.add("leading pronoun")
    if len(said) < 2:
        return frozenset(found | ({"adverb"} if small and said[0].key in lexicon.adverbs else set()))
    if any(term.key in lexicon.finite and value[term.start].islower() for term in said[1:]):
        found.add("leading clause")
    if small and said[0].key in lexicon.articles and _is_kind(said[1]) and value[said[1].start].islower():
        named = said[0].key in lexicon.ones or len(said) == 2  # "the price" is what was read before
        found.add("leading thing" if named else "more")
    found |= {
        f"split:{term.key}" for term in said[1:] if term.key in lexicon.conditions and value[term.start].islower()
    }
    two = (a for b, a in pairwise(said) if b.kind not in ("link", "glue"))
    if value[said[-1].start].islower() and any(t.key in lexicon.ones and value[t.start].islower() for t in two):
        found.add("split:a")  # "Maria a sandwich"
    if small and said[0].key in lexicon.ones:
        found.add("leading one")
    if any(term.key in lexicon.both and value[term.start].islower() for term in said[1:-1]):
        found.add("join")
    if not value[said[-1].start].islower():
        return frozenset(found)
    timed = any(v.end == len(value) and v.start and v.kind in ("time", "date", "duration")
                for v in find_values(value, lexicon))  # fmt: skip
    counted = len(said) > 2 and said[-2].kind in ("many", "number")  # "Bob every day", "Bob three times"
    if timed or counted or {said[-1].key, said[-1].key.split()[-1]} & lexicon.adverbs:
        found.add("adverb")
    return frozenset(found)


def _is_more(said: Sequence[Term], value: str, *, small: bool) -> bool:
    """Whether it says how often it is to be done ("pizza every month"), or is a part ("reviews of the hotel"). "Garden
    Weekly" is a name."""
    if any(term.entry.ideas & OFTEN and not value[term.start].isupper() for term in said[1:]):
        return True
    return small and len(said) > 2 and said[1].kind == "link" and _is_kind(said[0])


def _is_led(said: Sequence[Term], value: str, lexicon: Lexicon) -> bool:
    """Whether a word in small letters leads to a name: "ask Eva". "uncle Joe" and "the Smiths" are named so."""
    if said[0].kind == "filler" and value[said[0].start].islower() and value[said[1].start].isupper():
        return True  # "ruf mal Heike"
    if lexicon.capital_nouns or not value[said[0].start].islower() or not value[said[1].start].isupper():
        return False
    return said[0].key not in lexicon.titles | lexicon.whose | lexicon.articles and said[0].kind in ("word", "idea")


def _is_kind(term: Term) -> bool:
    """Whether it says what kind of thing something is: "the restaurant Lake" is told of, not named."""
    return any(idea.startswith("thing:") for idea in term.entry.ideas)


def _is_around(item: str, slot: Slot, value: str) -> bool:
    """Whether what stands around it speaks against it: where a name is held; "write more" is no name."""
    if item.startswith("leading"):
        return slot.kind == "contact"
    return item != "adverb" or slot.kind == "contact" or len(value.split()) <= 2 or value[:1].isupper()


def penalty(
    slot: Slot, value: str, lexicon: Lexicon, *, known: bool = False, edges: Set[str] = frozenset(), inner: bool = False
) -> int:
    """How badly a value fits: 0 well, UNSURE, or REJECT.

    Args:
        known: this whole value was seen in a slot before.
        inner: fixed words follow the slot, so that a relation inside the value hardly begins another argument.
        edges: fixed words of known phrasings; one at the edge of a value may be the phrasing's, not the value's.
    """
    if not value.strip():
        return REJECT
    if slot.kind in _TYPED:
        kind = kind_of(value, lexicon)
        return 0 if kind == slot.kind else UNSURE if (slot.kind, kind) in _RELATED else REJECT
    if slot.opaque or _is_quoted(value):
        return 0
    if known:
        return 0
    fresh = frozenset(item for item in features(value, lexicon) - slot.features if item not in AROUND
                      or _is_around(item, slot, value))  # fmt: skip
    if unspaced(value):  # there a relation is one sign, as common inside names as between values: never taken as usual
        fresh |= {item for item in features(value, lexicon) if item.startswith("split:")}
    if "comma" in slot.features:  # a list: what stands in its items is theirs
        fresh = frozenset(item for item in fresh if not item.startswith("split") and item not in ("long", "join"))
    cost = 0
    if fresh and (
        slot.kind != kind_of(value, lexicon) or slot.kind in ("text", "contact") or fresh & {"sentence", "newline"}
    ):
        first = next((term for term in read(value, lexicon).terms if term.kind != "mark"), None)
        led = first is not None and first.key in lexicon.splits and value[first.start].islower()  # "a Ana"
        if not inner or led or len(fresh) > 1 or len(value.split()) > INNER_MAX or not min(fresh).startswith("split:"):
            return REJECT
        cost = UNSURE
    if slot.kind in ("time", "date", "file"):
        return 0 if kind_of(value, lexicon) == slot.kind else _untyped(slot, value, lexicon)
    return max(cost, _fixedness(value, lexicon, edges, inner))


def may_be_whole(slot: Slot, value: str, lexicon: Lexicon) -> bool:
    """Whether nothing but a relation inside it speaks against a bare name: the owner can say whether it is one."""
    fresh = features(value, lexicon) - slot.features
    named = slot.kind in ("text", "contact") and value[:1].isupper() and len(value.split()) <= INNER_MAX
    return named and bool(fresh) and all(item.startswith("split:") for item in fresh)


def _is_quoted(value: str) -> bool:
    """Whether it stands in one pair of quotes: what is inside is nobody's words."""
    closes = OPENING.get(value[0], "") if len(value) > 2 and value[0] not in "'’" else ""
    return bool(closes) and value[-1] in closes and not any(mark in value[1:-1] for mark in (value[0], *closes))


def reason(slot: Slot, value: str, lexicon: Lexicon) -> str:
    """Why `penalty` turned a value down, in words."""
    fresh = sorted(features(value, lexicon) - slot.features)
    if slot.kind in _TYPED and kind_of(value, lexicon) != slot.kind:
        return f"{value[:60]!r} is no {slot.kind}"
    return f"{value[:60]!r} in {{{slot.name}}} has {', '.join(fresh) or 'words of the task itself'}, which it never had"


def _abbreviates(term: Term, place: int) -> bool:
    """Whether the full stop after this term is an abbreviation's ("Dr. Jones")."""
    return place > 0 and term.end - term.start <= 3 and term.kind != "number"


def _untyped(slot: Slot, value: str, lexicon: Lexicon) -> int:
    """A date or file that is not recognised as one: short ones may be ("the long weekend"), sentences are not, nor is
    a time with more to it ("6:00 on weekends")."""
    if slot.kind == "time" and any(found.kind == "time" for found in find_values(value, lexicon)):
        return REJECT
    return UNSURE if len(value.split()) <= (4 if slot.kind != "file" else 1) else REJECT


def _fixedness(value: str, lexicon: Lexicon, edges: Set[str], inner: bool) -> int:
    """REJECT a value that is nothing but words of tasks; UNSURE or REJECT one with a known fixed word at its edge."""
    terms = [term for term in read(value, lexicon).terms if term.kind != "mark"]
    if not terms:
        return 0
    if all(term.free or term.kind in ("many", "not") for term in terms):
        return 0 if value.istitle() else REJECT
    if unspaced(value):
        if len(terms) == 1 and any(idea.startswith("thing:") for idea in terms[0].ideas):
            return REJECT
        ends = [t for t in (terms[0], terms[-1]) if len(t.key) > 1 and any(i.startswith("thing:") for i in t.ideas)]
        return REJECT if any(len(terms) == 1 or t.ideas & edges for t in ends) else 0
    last = terms[-1]
    if (
        len(terms) > 1
        and last.ideas <= edges
        and all(i.startswith("thing:") for i in last.ideas)
        and value[last.start].islower()
    ):
        return UNSURE if inner else REJECT
    return 0
