"""Values in scripts without spaces: where they begin and end, and what is none.

Nothing but the words around a value says where it ends there, so a value that goes on to the end of the sentence may
swallow a question ("虹桥机场要多少钱") or what leads to it ("帮我把再见"). Source: the reading by longest match.
"""

from __future__ import annotations

import re
from typing import Final

from memory.experience.compiled import Compiled
from memory.experience.names import bare
from memory.experience.template import Slot
from memory.text.reading import Reading, Term
from memory.text.tokens import unspaced
from memory.text.values import find_values

SIGNS_MIN: Final = 2  # signs of a value that only stands between other words
STRETCH_MAX: Final = 12
_LATIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.@/_-]*")
_LEADS: Final = frozenset("把将跟给在用去到")  # at the very beginning of the words they lead to a value
TURNS: Final = frozenset("把将跟给")  # at the very beginning they only say that a value follows
_EDGES: Final = frozenset("的从到给把将跟用在去")  # between two values they belong to neither


def trimmed(goal: Reading, start: int, end: int) -> tuple[int, int]:
    """The run without the politeness and the relations that open the sentence."""
    inside = goal.within(start, end)
    if start > goal.stripped[0] or not inside:
        return start, end
    first = next((n for n, t in enumerate(inside) if not _leads(t)), 0)
    return inside[first].start, end


def _leads(term: Term) -> bool:
    return (term.kind == "filler" and len(bare(term)) > 1) or bare(term) in _LEADS


def is_value(goal: Reading, phrasing: Compiled, slot: Slot, start: int, end: int) -> bool:
    """Whether nothing asks inside it, and it does not end in an effect: neither is part of a name."""
    asks, value = goal.lexicon.asks, phrasing.reading.within(slot.start, slot.end)
    usual = frozenset(idea for term in value for idea in term.entry.ideas)
    words = [term for term in goal.within(start, end) if len(bare(term)) > 1 and not term.entry.ideas <= usual]
    if any(term.entry.ideas & asks for term in words):
        return False
    return not words or words[-1].end < end or not words[-1].entry.is_act


def is_doer(goal: Reading, left: Term | None, start: int) -> bool:
    """Whether who stands there does it, and another is given or told something: "小刚给我转了钱"."""
    toward = goal.lexicon.toward
    if left is None or bare(left) not in toward:
        return False
    before = [term for term in goal.terms if term.end <= start and term.kind != "mark"]
    after = [term for term in goal.terms if term.start >= start]
    return not before and any(bare(term)[:1] in toward for term in after[1:])


def stretches(goal: Reading, phrasing: Compiled, number: int, ideas: frozenset[str]) -> list[tuple[int, int]]:
    """Stretches of signs that are no words of the task, of the language's tasks or of its times; for a value in
    letters the runs of letters."""
    value = phrasing.phrasing.words[slice(*phrasing.spans[number])]
    if not unspaced(value):
        return [match.span() for match in _LATIN.finditer(goal.text)] if _LATIN.fullmatch(value) else []
    typed = [(found.start, found.end) for found in find_values(goal.text, goal.lexicon)]
    made: list[tuple[int, int]] = []
    begun: int | None = None
    counted = False
    for term in goal.terms:
        known = len(bare(term)) > 1 and bool(term.entry.ideas or term.entry.kinds)
        timed = any(a < term.end and term.start < b for a, b in typed)
        own = term.act and bool(term.ideas & ideas)
        measure, counted = counted and term.kind == "glue", term.kind == "number"
        if term.kind == "mark" or known or timed or own or measure or counted or bare(term) in _EDGES:
            if begun is not None:
                made.append((begun, term.start))
            begun = None
        elif begun is None:
            begun = term.start
    if begun is not None:
        made.append((begun, goal.terms[-1].end))
    return [(a, b) for a, b in made if SIGNS_MIN <= b - a <= STRETCH_MAX]
