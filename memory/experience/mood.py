"""Do the words ask for something, or do they say, ask or tell what is, was or might be?

"the note Garden says sow peas", "I called Alice", "did Bob text me", "she told me to delete it" hold every word of a
task and ask for none of it. What tells: who does it is said first ("I", "she"), a question opens the words, or a verb
in a form nobody orders in ("is", "says", "started") stands before anything that asks. Tasks that were taught in such
words ("Oliver is called Zoe from now on") are those words: they hold on to them, and nothing else does.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import pairwise
from typing import Final

from memory.experience.compiled import Compiled
from memory.experience.names import bare
from memory.text.reading import Reading, Term
from memory.text.tokens import unspaced

Spans = Sequence[tuple[int, int]]
_IDLE: Final = ("mark", "filler")


def not_asked(goal: Reading, wordings: Sequence[Compiled], values: Spans) -> str:
    """Why these words do not ask for the task; "" if they may.

    Args:
        wordings: the task's phrasings, the one that is compared first.
        values: where values stand: their words say nothing about the sentence.
    """
    lexicon, terms = goal.lexicon, [t for t in goal.terms if not _within(t, values)]
    first = next((term for term in goal.terms if term.kind not in _IDLE), None)
    asked = any(term.kind == "filler" for term in goal.terms[: goal.terms.index(first)]) if first else False
    if first is None or _within(first, values):
        first = None
    own = frozenset(term.key for wording in wordings for term in wording.fixed)
    if first is not None and first.key not in own:
        word = _first_word(first)
        if word in lexicon.speakers and not asked:
            return f"{_said(goal, first)!r} says who does it: nothing is asked for"
        if word in lexicon.conditions:
            return f"{_said(goal, first)!r} begins a condition, and the task has none"
        if word in lexicon.inquires and not any(_inquires(wording) or _does(wording, first) for wording in wordings):
            return f"{_said(goal, first)!r} begins a question, and the task is none"
    if any(_within_noun(goal, term, own) for term in terms):
        return "what is to be done only tells of something else"
    if clause := _clause(goal, values, own):
        return f"{_said(goal, clause)!r} makes one sentence of two values"
    return "" if asked else _stated(goal, terms, own)


def _first_word(term: Term) -> str:
    """The word, or the first of several; without spaces the whole."""
    return bare(term) if unspaced(term.key) else term.key.split()[0]


def _within_noun(goal: Reading, act: Term, own: Set[str]) -> bool:
    """Scripts without spaces: "打电话的时间" is a time, no call."""
    after = next((term for term in goal.terms if term.start >= act.end), None)
    if not act.act or after is None or not unspaced(act.key) or after.key in own:
        return False
    return after.start == act.end and after.key in goal.lexicon.relatives


def _clause(goal: Reading, values: Spans, own: Set[str]) -> Term | None:
    """A verb right between two values, that no phrasing has there: "note that Bob is late"."""
    for before, term, after in zip(goal.terms, goal.terms[1:], goal.terms[2:], strict=False):
        inside = [_within(one, values) for one in (before, term, after)]
        if inside == [True, False, True] and term.key in goal.lexicon.finite and term.key not in own:
            return term
    return None


def _stated(goal: Reading, terms: Sequence[Term], own: frozenset[str]) -> str:
    """The verb that makes a statement of the words, before anything that asks."""
    lexicon = goal.lexicon
    for place, term in enumerate(terms):
        if term.kind == "filler":
            return ""
        before = [other for other in terms[:place] if other.kind != "mark"]
        relative = bool(before) and bare(before[-1]) in lexicon.relatives
        if _first_word(term) in lexicon.finite and term.key not in own and not relative:
            return f"{_said(goal, term)!r} says how it is: nothing is asked for" if _led(goal, term) else ""
        if term.act and not term.free:
            inflected = term.key.endswith(lexicon.pasts) and lexicon.stem(term.key.split()[0]) != term.key
            done_by = any(t.end <= term.start and not t.free for t in goal.terms)
            if inflected and done_by and term.key not in own:
                return f"{_said(goal, term)!r} says what was done: nothing is asked for"
            return ""
    return ""


def _led(goal: Reading, verb: Term) -> bool:
    """Whether something stands before the verb that it can be said of."""
    return any(term.end <= verb.start and term.kind not in _IDLE for term in goal.terms)


def _inquires(wording: Compiled) -> bool:
    """Whether a phrasing asks to be told something: only then it may be put as a question."""
    lexicon = wording.lexicon
    opening = next((term for term in wording.fixed if term.kind not in _IDLE), None)
    if opening is not None and opening.key.split()[0] in lexicon.inquires:
        return True
    acts = [term for term in wording.required if term.act and term.key not in lexicon.names]
    return any(term.ideas & lexicon.asks for term in acts)


def _does(wording: Compiled, term: Term) -> bool:
    """Whether a question is how people ask for the task's own effect: "how do I get to", "where is my order"."""
    effects = frozenset(idea for t in wording.required if t.act for idea in t.ideas if idea.startswith("act:"))
    return " " in term.key and bool(term.ideas & effects - wording.lexicon.asks)


def loosely_anchored(goal: Reading, phrasing: Compiled, values: Spans) -> str:
    """Why words do not stand for a phrasing that orders nothing; "" if they do or it does.

    A phrasing without an effect ("{contact} is called {name} from now on") has only its small words to be known by:
    they have to be there, and between the same values.
    """
    if noun := _only_a_noun(goal, phrasing, values):
        return f"{_said(goal, noun)!r} is a thing there, and not what is to be done"
    if object_of := _bare_object(goal, phrasing, values):
        return f"{object_of.key!r} of the task is not said, and no other thing"
    if any(term.act for term in phrasing.required) or not phrasing.held:
        return ""
    terms = [term for term in goal.terms if not _within(term, values)]
    wanted = _gaps(phrasing.held, phrasing.spans)
    ordered = not phrasing.required and all(a[1] <= b[0] for a, b in pairwise(values))
    if not phrasing.required and not ordered:
        return "its values stand in another order"
    here = _gaps(terms, values) if ordered else [terms] * len(wanted)
    for there, said in zip(wanted, here, strict=True):
        keys = [term.key for term in said]
        missing = next((term for term in there if term.key not in keys), None)
        if missing is not None:
            return f"{missing.key!r} of the task is not said, and it has no firmer word"
    return ""


def _only_a_noun(goal: Reading, phrasing: Compiled, values: Spans) -> Term | None:
    """The word for the task's only effect, where it names a thing that is there: "forget the note …" notes nothing."""
    acts = [term for term in phrasing.required if term.act]
    if len(acts) != 1 or not _is_thing(acts[0]):
        return None
    said = [
        (a, b) for a, b in pairwise((None, *goal.terms)) if b and b.ideas & acts[0].ideas and not _within(b, values)
    ]
    there = goal.lexicon.articles - goal.lexicon.ones
    nouns = [term for before, term in said if before is not None and not term.act and before.key in there]
    return nouns[0] if nouns and len(nouns) == len(said) else None


def _bare_object(goal: Reading, phrasing: Compiled, values: Spans) -> Term | None:
    """The only thing an effect is said of, where it is a word that mostly announces ("name this phone …") and is
    not said: the effect alone may be said of anything."""
    if not phrasing.spans or any(idea.startswith("thing:") for term in phrasing.required for idea in term.ideas):
        return None
    said = frozenset(idea for term in goal.terms if not _within(term, values) for idea in term.ideas)
    end = max(stop for _, stop in phrasing.spans)
    things = (t for t in phrasing.fixed if t.kind == "weak" and t.end < end and _is_thing(t))
    return next((t for t in things if t.ideas.isdisjoint(said)), None)


def _is_thing(term: Term) -> bool:
    return any(idea.startswith("thing:") for idea in term.ideas)


def _gaps(terms: Sequence[Term], spans: Spans) -> list[list[Term]]:
    """The terms before, between and after the spans."""
    edges = [0, *(end for _, end in spans)], [*(start for start, _ in spans), 1 << 30]
    return [[t for t in terms if start <= t.start and t.end <= end] for start, end in zip(*edges, strict=True)]


def _within(term: Term, spans: Spans) -> bool:
    return any(start < term.end and term.start < end for start, end in spans)


def _said(goal: Reading, term: Term) -> str:
    return goal.text[term.start : term.end]
