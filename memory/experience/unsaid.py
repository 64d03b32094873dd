"""What of a phrasing need not be said.

Every effect, negation, quantifier, number and thing of a phrasing has to stand in the new words, with these exceptions:
a noun that only announces a slot ("the note {title}"), a word of the app's name where the app is named, the verb that
makes a thing where the thing is named alone ("a timer for 5 minutes"), what a text is sent as ("tell Bob …"), and what
another phrasing of the same task leaves out - if that one says something else instead, then only where the new words
say that. So each wording that is learnt shows which words of the others carry the task, and which do not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from memory.experience.compiled import Compiled
from memory.experience.scope import ONE
from memory.text.lexicon import Lexicon
from memory.text.reading import Reading, Term
from memory.text.tokens import levelled

ANNOUNCERS_MAX: Final = 1
ASK: Final = "act:ask"
PUTTING: Final = frozenset(("act:create", "act:insert"))
MAKING: Final = frozenset(("act:create", "act:insert", "act:log", "act:save"))  # effects many a noun is a verb of


@dataclass(frozen=True, slots=True)
class Between:
    """Two phrasings of one task: what only the one says, and what the other says instead."""

    only_here: frozenset[Term]
    instead: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What is not said: `light` costs confidence, `shown` another phrasing leaves out too."""

    light: tuple[Term, ...]
    shown: tuple[Term, ...]


def between(phrasing: Compiled, other: Compiled) -> Between:
    """Compares the required words of two phrasings by their ideas."""
    return Between(
        frozenset(term for term in phrasing.required if not term.ideas & other.ideas),
        tuple(term for term in other.required if not term.ideas & phrasing.ideas),
    )


def missing(rest: Sequence[Term], phrasing: Compiled) -> list[Term]:
    """Required words whose idea is not said."""
    said = frozenset(idea for term in rest for idea in term.ideas)
    if any(term.key in phrasing.lexicon.ones for term in rest):
        said |= {ONE}
    lexicon = phrasing.lexicon
    said |= frozenset(part for act, parts in lexicon.within.items() if act in said & phrasing.ideas for part in parts)
    if said & phrasing.ideas & lexicon.asks:
        said |= {ASK}
    if said & phrasing.ideas & PUTTING:
        said |= {holder for holder, held in lexicon.holds.items() if said & held}
    return [term for term in phrasing.required if not _wanted(term, lexicon) & said]


def _wanted(term: Term, lexicon: Lexicon) -> frozenset[str]:
    """The ideas of which one has to be said: a noun that names a channel ("email") is not said by a verb ("text"), nor
    is a thing that is made ("the note") by a verb of making ("record")."""
    if term.act:
        return term.ideas
    things = frozenset(idea for idea in term.ideas if idea.startswith("thing:"))
    return term.ideas & lexicon.channels or (term.ideas - MAKING if things else term.ideas)


def allowed(
    gone: Sequence[Term], rest: Sequence[Term], phrasing: Compiled, others: Sequence[Compiled]
) -> Unsaid | None:
    """How the missing words may be missing; None if they may not."""
    if not gone:
        return Unsaid((), ())
    if any(term.kind == "not" for term in gone) or _by_another_channel(gone, rest, phrasing):
        return None
    plain = not _other_thing(rest, phrasing)
    light = [
        term
        for term in gone
        if (plain and _announces(term, phrasing))
        or _of_the_app(term, rest, phrasing)
        or _by_telling(term, rest, phrasing)
    ]
    light += [term for term in gone if term not in light and _asked_for(term, rest, phrasing)]
    if _only_makes(light, phrasing):
        return None
    heavy = [term for term in gone if term not in light]
    if not heavy and sum(_announces(term, phrasing) for term in light) <= ANNOUNCERS_MAX:
        return Unsaid(tuple(light), ())
    said = frozenset(idea for term in rest for idea in term.ideas)
    for other in others:
        both = between(phrasing, other)
        instead = sum(bool(term.ideas & said) for term in both.instead)
        if both.only_here.issuperset(heavy) and (not both.instead or len(heavy) <= instead):
            return Unsaid(tuple(light), tuple(heavy))
    return None


def _announces(term: Term, phrasing: Compiled) -> bool:
    """Whether it is a thing right before a slot, with nothing but small words between: "the note named {title}"."""
    if term.act or term.strict or not any(idea.startswith("thing:") for idea in term.ideas):
        return False
    if term.ideas & phrasing.lexicon.containers and any(
        not phrasing.phrasing.words[end : term.start].strip() for _, end in phrasing.spans if end <= term.start
    ):
        return True  # "in the {name} folder"
    after = min((start for start, _ in phrasing.spans if start >= term.end), default=None)
    if after is None:
        return False
    inside = [other for other in phrasing.fixed if term.end <= other.start < after]
    if not any(other.act for other in phrasing.required):
        return False
    for place, other in enumerate(inside):
        to_app = other.kind == "link" and inside[place + 1 : place + 2] and inside[place + 1].kind == "app"
        if not to_app and (other.kind not in ("weak", "glue", "mark", "app") or other.key in (",", ".")):
            return False
    return True


def _only_makes(light: Sequence[Term], phrasing: Compiled) -> bool:
    """Whether nothing would be left of the task but that something is made: "make 23" is no playlist called 23."""
    kept = [term for term in phrasing.required if term not in light]
    things = any(not term.act for term in light)
    makes = phrasing.lexicon.makes
    return things and bool(kept) and all(term.act and term.ideas & makes for term in kept)


def _by_another_channel(gone: Sequence[Term], rest: Sequence[Term], phrasing: Compiled) -> bool:
    """Whether a channel goes unsaid, and a verb names another one: "text back" is not "answer the mail"."""
    lexicon = phrasing.lexicon
    if not any(term.ideas & lexicon.channels for term in gone):
        return False
    firsts = [lexicon.find((term.key.split()[0],)) for term in rest if term.act and " " in term.key]
    named = {idea for entry in firsts if entry is not None for idea in entry.ideas & lexicon.channels}
    return bool(named - phrasing.ideas)


def _other_thing(rest: Sequence[Term], phrasing: Compiled) -> bool:
    """Whether a thing is named that is none of the phrasing's: "the text Garden" is not "the note Garden"."""
    return any(
        not other.act
        and other.key not in phrasing.keys
        and any(idea.startswith("thing:") for idea in other.ideas)
        and other.ideas.isdisjoint(phrasing.ideas)
        for other in rest
    )


def strange(
    reading: Reading, phrasing: Compiled, spans: Sequence[tuple[int, int]],
    *, seen: Mapping[str, Sequence[str]], known: Set[str], near: Sequence[tuple[str, Compiled]],
) -> str:  # fmt: skip
    """Why a value is hardly one: other tasks had it where this one's kind of thing is not named, or it is made of
    another task's own words. "" if nothing speaks against it.

    Args:
        seen: the values of the task by slot.
        known: the values of all tasks, levelled.
        near: other tasks, and phrasings of theirs that are near the words.
    """
    rest = [t for t in reading.terms if not any(a < t.end and t.start < b for a, b in spans)]
    for number, (start, end) in enumerate(spans):
        slot, value = phrasing.phrasing.slots[number], reading.text[start:end]
        if slot.opaque or levelled(value) in map(levelled, seen.get(slot.name, ())):
            continue
        if levelled(value) in known and _unannounced(phrasing, number, rest):
            return f"{value[:60]!r} is known, but not as what {{{slot.name}}} is"
        words = [term for term in reading.within(start, end) if not term.free]
        if len(words) < 2 or not value[:1].islower():
            continue
        for task, other in near:
            ideas = frozenset(idea for term in other.required for idea in term.ideas)
            if all(term.ideas & ideas for term in words):
                return f"{value[:60]!r} are words of {task}"
    return ""


def _unannounced(phrasing: Compiled, number: int, rest: Sequence[Term]) -> bool:
    """Whether the slot's value was announced as a thing or an app, and these words name it alone."""
    start = phrasing.spans[number][0]
    before = [term for term in phrasing.fixed if term.end <= start and term.kind != "glue"][-1:]
    said = frozenset(idea for term in rest for idea in term.ideas)
    return any(
        not term.act
        and term.ideas.isdisjoint(said)
        and (term.key in phrasing.lexicon.app_names or any(idea.startswith("thing:") for idea in term.ideas))
        for term in before
    )


def _by_telling(term: Term, rest: Sequence[Term], phrasing: Compiled) -> bool:
    """Whether it is what a text is sent as, and nothing else is named: "tell Bob …" for "send Bob a message …"."""
    channels = phrasing.lexicon.channels
    if phrasing.pair is None or term.act or not term.ideas & channels:
        return False
    return not any(other.ideas & channels for other in rest)


def _asked_for(term: Term, rest: Sequence[Term], phrasing: Compiled) -> bool:
    """Whether it is to make what is named alone, as if it were there to be had: "a timer for 5 minutes, please"."""
    lexicon = phrasing.lexicon
    things = frozenset(idea for other in phrasing.required for idea in other.ideas if idea.startswith("thing:"))
    if not term.act or not term.ideas & lexicon.makes:
        return False
    if any(other.act and not other.free and not other.ideas & things for other in rest):  # "a note" may be the verb
        return False
    named = [other for other in rest if other.kind not in ("filler", "mark", "number", "weak")]
    first = named[1:] if named and named[0].key in lexicon.ones else named
    return bool(first) and bool(first[0].ideas & things)


def _of_the_app(term: Term, rest: Sequence[Term], phrasing: Compiled) -> bool:
    """Whether it is a thing of the app's own name, and the app is named: "calendar" in Simple Calendar."""
    if term.act or term.strict:
        return False
    return term.key in phrasing.own and any(other.kind == "app" for other in rest)
