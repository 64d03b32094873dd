"""Several tasks explain the same words: which of them say more, and which a message may not keep out."""

from __future__ import annotations

from collections.abc import Sequence

from memory.experience.compiled import Compiled
from memory.experience.literal import Span
from memory.text.reading import Reading


def says_more(ours: Sequence[Span], theirs: Sequence[Span]) -> bool:
    """Whether the one has values where the other has a single value of all of them: "restaurants near York"."""
    if len(ours) <= len(theirs):
        return False
    return all(any(a <= start and end <= b for a, b in theirs) for start, end in ours)


def says_what(reading: Reading, compiled: Compiled) -> bool:
    """Whether the words name a thing of the task's own that no message is: "write oil on the note Shopping"."""
    said = frozenset(idea for term in reading.terms if not term.act for idea in term.ideas)
    things = frozenset(i for t in compiled.required if not t.act for i in t.ideas if i.startswith("thing:"))
    return bool(things & said - compiled.lexicon.channels)
