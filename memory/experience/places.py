"""Names that stand fast in a phrasing keep their place beside its slots: whoever is one is not the other."""

from __future__ import annotations

from collections.abc import Sequence

from memory.experience.candidates import Candidate
from memory.experience.compiled import Compiled
from memory.experience.template import Slot
from memory.text.reading import Term
from memory.text.tokens import unspaced


def misplaced(rest: Sequence[Term], phrasing: Compiled, chosen: Sequence[Candidate]) -> str:
    """Why the words cannot mean this: a name of the phrasing stands on the other side of a value that is one too.

    "text Alice the price and text Bob that it is late" is not "text {contact} the price and text Alice that ..." with
    Bob for the contact, though all its words are there. "" where nothing speaks against it.

    Args:
        rest: the terms outside of the values.
    """
    slots = [
        (slot, candidate) for slot, candidate in zip(phrasing.phrasing.slots, chosen, strict=False)
        if _may_be_name(phrasing, slot)
    ]  # fmt: skip
    if not slots:
        return ""
    for name in phrasing.fixed:
        here = [term for term in rest if term.key == name.key] if _is_name(phrasing, name) else []
        if _leads(phrasing.fixed, name) & frozenset(idea for term in here for idea in _leads(rest, term)):
            continue  # "on Amazon": what a relation leads to may stand anywhere
        for slot, candidate in slots:
            if here and all((name.start < slot.start) != (term.start < candidate.start) for term in here):
                return f"{phrasing.phrasing.words[name.start : name.end]!r} stands elsewhere"
    return ""


def swapped(rest: Sequence[Term], phrasing: Compiled, chosen: Sequence[Candidate]) -> bool:
    """Whether a value took the relation that led to the task's thing: "set the list to private" puts nothing on it."""
    things = [t for t in phrasing.fixed if not t.act and any(idea.startswith("thing:") for idea in t.ideas)]
    for thing in things:
        there = _leads(_no_articles(phrasing.fixed), thing)
        same = [term for term in rest if term.ideas & thing.ideas and not term.act]
        if not there or not same or any(_leads(_no_articles(rest), term) for term in same):
            continue
        for (start, _), candidate in zip(phrasing.spans, chosen, strict=False):
            own = _nearest(phrasing.fixed, start)
            if not own and _nearest(rest, candidate.outer_start) & there:
                return True
    return False


def _no_articles(terms: Sequence[Term]) -> list[Term]:
    return [term for term in terms if term.kind != "glue"]


def _nearest(terms: Sequence[Term], start: int) -> frozenset[str]:
    """The ideas of the relation right before a place."""
    before = [term for term in _no_articles(terms) if term.end <= start and term.kind != "mark"][-1:]
    return frozenset(idea for term in before if "link" in term.entry.kinds for idea in term.ideas)


def _leads(terms: Sequence[Term], name: Term) -> frozenset[str]:
    """The ideas of the relation right before a name."""
    before = [term for term in terms if term.end <= name.start and term.kind != "mark"][-1:]
    return frozenset(idea for term in before if "link" in term.entry.kinds for idea in term.ideas)


def _is_name(phrasing: Compiled, term: Term) -> bool:
    """Whether a word that stands fast may be somebody or something: unknown, and written or shown as a name."""
    if term.kind != "word" or term.entry.ideas or term.key in phrasing.own:
        return False
    words = phrasing.phrasing.words
    return (term.start > 0 and words[term.start].isupper()) or term.key in phrasing.shown_words or unspaced(term.key)


def _may_be_name(phrasing: Compiled, slot: Slot) -> bool:
    value = phrasing.phrasing.words[slot.start : slot.end]
    return slot.kind == "contact" or (slot.kind == "text" and value[:1].isupper() and not slot.opaque)
