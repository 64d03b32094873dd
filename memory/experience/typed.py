"""Typed values as the slot's own stood: a part of a longer one, of the same half of the day, not of the past."""

from __future__ import annotations

import re

from memory.experience.compiled import Compiled
from memory.experience.template import Slot
from memory.text.reading import Reading, Term
from memory.text.tokens import levelled, unspaced
from memory.text.values import Found


def same_half(phrasing: Compiled, slot: Slot, value: str) -> bool:
    """Whether a time is of the half of the day that the task says: "7 am" is no value where "6" of "6 pm" was."""
    around = phrasing.around(slot)
    if around is None:
        return True
    words, halves = phrasing.phrasing.words, phrasing.lexicon.times.get("half", {})
    fixed = words[around.start : slot.start] + " " + words[slot.end : around.end]

    def half(text: str) -> set[str]:
        keys = f" {levelled(text)} "
        return {
            name
            for name, said in halves.items()
            for word in said
            if (word in keys if unspaced(word) else re.search(rf"(?<!\w|\.){re.escape(word)}(?!\w)", keys))
        }

    return not half(fixed) or half(fixed) == half(value)


def is_past(reading: Reading, place: Found | Slot) -> bool:
    """Whether a date is told as one of the past: who asks for tomorrow's weather has not asked for yesterday's."""
    said = levelled(reading.text[place.start : place.end])
    days = [word for name, words in reading.lexicon.times.get("day", {}).items() if name[:1] == "-" for word in words]
    return said in days


def picks(phrasing: Compiled, slot: Slot) -> bool:
    """Whether the slot's value is one of the words that pick: "large"."""
    inside = phrasing.reading.within(slot.start, slot.end)
    return bool(inside) and all(is_pick(term) for term in inside)


def is_pick(term: Term) -> bool:
    return bool(term.entry.ideas) and all(idea.startswith("trait:") for idea in term.entry.ideas) and not term.free


def typed_span(goal: Reading, phrasing: Compiled, slot: Slot, value: Found) -> tuple[int, int]:
    """Where a typed value stands as the slot's did: "Friday" of "on Friday", where it was "Monday" of "on Monday",
    "7:15" of "7:15 Uhr", where it was "6:30" of "6:30 Uhr"."""
    words = phrasing.phrasing.words
    outer = phrasing.around(slot)
    if outer is None or outer.kind != value.kind:
        return value.start, value.end
    lead, terms = words[outer.start : slot.start].split(), goal.within(value.start, value.end)
    leads = [term for term in terms if "link" in term.entry.kinds][:1]
    start = terms[1].start if len(lead) == 1 and len(terms) > 1 and leads == [terms[0]] else value.start
    said, ahead = goal.text[start : value.end], levelled("".join(lead))
    if unspaced(said) and ahead and levelled(said).startswith(ahead) and len(said) > len(ahead):
        start, said = start + len(ahead), said[len(ahead) :]  # 早上七点: the morning is the task's
    tail = levelled(words[slot.end : outer.end]).strip()
    kept = said[: -len(tail)].rstrip() if tail and levelled(said).endswith(tail) else said
    return start, start + len(kept) if kept else value.end
