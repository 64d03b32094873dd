"""Who is told: the words that lead to a name, somebody known, and what is no name of anybody.

"send a quick text to Bob": all before "Bob" is the task's own or leads there; a name begins where something else does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from memory.experience.compiled import Compiled
from memory.experience.fits import HANDED
from memory.text.lexicon import Lexicon
from memory.text.reading import Reading, Term, read
from memory.text.tokens import unspaced
from memory.text.values import find_values

NAME_TERMS_MAX: Final = 5  # words of a name that somebody known may have
SIGNS_MAX: Final = 6  # signs of a name in a script without spaces
SEND: Final = "act:send"
MESSAGE: Final = "thing:message"
COMMAS: Final = (",", "，", "、")

Knows = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Head:
    """The words before the name, in words that may tell somebody something."""

    goal: Reading
    phrasing: Compiled
    ideas: frozenset[str]
    knows: Knows

    def name_at(self) -> int | None:
        """The index of the name's first term; None if the words before it are not all of the task."""
        lexicon, acted, pointed = self.phrasing.lexicon, False, False
        for place, term in enumerate(self.goal.terms):
            key = bare(term)
            if term.kind == "mark":
                if term.key not in COMMAS or acted:
                    return None
            elif key in lexicon.toward and (acted or unspaced(key)):
                pointed = True
            elif (acted or pointed) and known_end(self.goal, place, self.knows) is not None:
                return place
            elif term.act and self._is_ours(term):
                acted = True
            elif not acted and not pointed:
                if not term.free or term.act or {key, *term.key.split()} & (lexicon.toward | lexicon.clings):
                    return None
            elif not self._passes(place):
                return place if self._begins_name(term) else None
        return None

    def _is_ours(self, term: Term) -> bool:
        """Whether the verb tells, and as what the task tells it: no email where texts are sent."""
        channels = self.phrasing.lexicon.channels
        named = frozenset(idea for idea in term.ideas if idea.startswith("thing:")) & channels
        return SEND in term.ideas & self.ideas and (not named or bool(named & ((self.ideas & channels) or {MESSAGE})))

    def _passes(self, place: int) -> bool:
        """Whether a word between the effect and the name only leads there: "send a text to"."""
        lexicon, term = self.phrasing.lexicon, self.goal.terms[place]
        if bare(term) in lexicon.whose or (term.kind == "filler" and "link" not in term.entry.kinds):
            return True
        return bool(term.ideas & self.ideas & lexicon.channels) and not has_capital(self.goal, term)

    def _begins_name(self, term: Term) -> bool:
        lexicon, capital = self.phrasing.lexicon, has_capital(self.goal, term)
        if term.kind in ("not", "many") or bare(term) in lexicon.subjects:
            return False
        if any(idea.startswith("thing:") for idea in term.entry.ideas) and (not capital or lexicon.capital_nouns):
            return False  # "write a note": a thing is nobody
        if not term.free:
            return True
        return capital or (unspaced(term.key) and term.kind == "glue")  # 张 counts sheets, and is a name


def may_name(value: str, lexicon: Lexicon) -> bool:
    """Whether nothing in it speaks of when, where or how: "Bob later" is not the name of somebody."""
    if unspaced(value):
        return True
    words = [term for term in read(value, lexicon).terms[1:] if term.kind != "mark"]
    small = ("not", "many", "link", "glue")
    turning = any({term.key, term.key.split()[0]} & lexicon.clings or term.kind in small for term in words)
    return not turning and not any(found.kind in ("time", "date", "duration") for found in find_values(value, lexicon))


def bare(term: Term) -> str:
    """The word as it stands in the lists, without the blanks between signs."""
    return term.key.replace(" ", "") if unspaced(term.key) else term.key


def known_end(goal: Reading, place: int, knows: Knows) -> int | None:
    """The end of the longest known name that begins there, with something after it."""
    limit = SIGNS_MAX if unspaced(goal.text) else NAME_TERMS_MAX
    for end in range(min(place + limit, len(goal.terms) - 1), place, -1):
        last = goal.terms[end - 1]
        if last.kind == "mark" or (last.kind in ("glue", "link", "not", "filler") and not unspaced(last.key)):
            continue  # whoever looks "mum I'm" or "mum to" up may find mum
        if knows(goal.text[goal.terms[place].start : last.end]):
            return end
    return None


def has_capital(goal: Reading, term: Term) -> bool:
    return goal.text[term.start].isupper()


def is_handed(said: Sequence[Term], lexicon: Lexicon) -> bool:
    """Whether it is a thing there is, and no verb says anything of it: "the photo from yesterday", "the keys file"."""
    small = lexicon.articles | lexicon.ones | lexicon.whose
    first = next((n for n, term in enumerate(said) if bare(term) not in small), 0)
    if not first or unspaced(said[first].key):
        return False
    head = next((n for n, term in enumerate(said) if n >= first and term.kind == "link"), len(said)) - 1
    if not (said[first].entry.ideas | said[head].entry.ideas) & HANDED:
        return False
    return not any(t.act or t.key.split()[0] in lexicon.finite or bare(t) in lexicon.subjects for t in said[first:])
