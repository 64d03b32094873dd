"""Values that only the words around them tell: people type words that tasks are made of, too.

"look for vegan restaurants close to York" for "find petrol stations near Leeds", "append call the bank to my note" for
"add bread to the note": the lexicon knows "restaurants" and "call", and still they are what is typed. Only a slot whose
value was typed has such values, and only where nothing of the task goes unsaid (`explain` holds them to that).
"""

from __future__ import annotations

from typing import Final

from memory.experience.compiled import Beside, Compiled, same
from memory.text.reading import Reading, Term

FRAMED: Final = -0.6  # a run of words that are nothing else comes first; more than explain.FAR, so that it does


def framed(goal: Reading, phrasing: Compiled, number: int) -> list[tuple[int, int]]:
    """What stands between the words that mean what stood around a typed value: people type words of tasks, too.

    "look for vegan restaurants close to York" for "find petrol stations near Leeds"; "append call the bank to …".
    """
    beside, lexicon = phrasing.beside[number], phrasing.lexicon
    if beside.left is None or (beside.left.kind == "link" and beside.right is None):
        return []
    terms = [term for term in goal.terms if term.kind != "mark"]
    made = []
    for place, term in enumerate(terms[:-1]):
        if not same(term, beside.left) and not (beside.left.act and term.act and term.ideas & beside.left.ideas):
            continue
        first = place + 1
        while first < len(terms) - 1 and terms[first].key in lexicon.articles | lexicon.ones and terms[first].free:
            first += 1
        led = terms[place + 1 : first]
        named = beside.left.act and any(idea.startswith("thing:") for idea in terms[first].entry.ideas)
        named = named and not any(
            t.entry.is_act for t in terms[first : first + 3]
        )  # "note Garden", but "windows to clean"
        there = any(
            t.key not in lexicon.ones for t in led
        )  # "the voice message" is one there is, "the note Garden" too
        if terms[first].free or named or there or terms[first].kind in ("not", "many", "number"):
            continue
        end = goal.stripped[1]
        if beside.right is not None and not (beside.right_idea and beside.right_idea.ideas & term.ideas):
            stops = [t for t in terms[first + 1 :] if _stops(t, beside.right, phrasing)]
            if not stops and not beside.right.free:
                continue
            end = stops[0].start if stops else end
        inside = list(goal.within(terms[first].start, end))
        while len(inside) > 1 and (inside[-1].free or inside[-1].kind == "mark"):
            inside.pop()  # "add boots | to the | wishlist"
        made += [(inside[0].start, inside[-1].end)] if inside else []
    return made


def _stops(term: Term, right: Term, phrasing: Compiled) -> bool:
    """Whether a value that something like `right` followed ends before this word."""
    if right.kind != "link":
        return same(term, right)
    return "link" in term.entry.kinds and any({term.key, right.key} <= alike for alike in phrasing.lexicon.alike)


def names_kind(goal: Reading, beside: Beside, end: int) -> bool:
    """Whether the thing that followed the slot follows here: "on my joint account" names no app."""
    if beside.right is None or beside.right.free or beside.right.act:
        return False
    after = next((term for term in goal.terms if term.start >= end), None)
    return after is not None and same(after, beside.right)
