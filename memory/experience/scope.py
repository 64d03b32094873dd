"""Do two words that count, negate or order stand for the same thing?

"All" and "every" explain each other, and so do "don't start it" and "without starting it" - where what they are said of
is the same. Order-free matching would else take "do not set it, start it" for "set it, do not start it".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from memory.experience.compiled import Compiled
from memory.text.reading import Term

REACH: Final = 3  # content words a counting or negating word is said of: "all exact duplicate expenses"
ONE: Final = "number:1"
EACH: Final = ("many:all", "many:any")


def said_of(terms: Sequence[Term], place: int, reach: int = REACH) -> frozenset[str]:
    """Ideas of the content words after `terms[place]`, up to the next effect or the next word that counts or orders."""
    found: set[str] = set()
    left = reach
    for term in terms[place + 1 :]:
        if term.key in ".!?;。！？；" or left == 0:
            break
        if term.act and not term.free:
            if reach == 1:
                found |= term.ideas
            break
        counts = (term.strict or is_trait(term)) and not any(idea.startswith("thing:") for idea in term.ideas)
        if counts and (found or any(idea in EACH for idea in term.ideas)):  # "one of each"
            break
        if term.kind in ("idea", "word", "many") and not term.free and not counts:
            found |= term.ideas
            left -= 1
    return frozenset(found)


def is_trait(term: Term) -> bool:
    """Whether it picks one of several: first, newest, next."""
    return not term.free and not term.act and any(idea.startswith("trait:") for idea in term.ideas)


def agrees(goal: Sequence[Term], place: int, phrasing: Compiled, *, scoped: bool = True) -> bool:
    """Whether a strict word or trait of the goal is one of the phrasing's, said of the same (unless not `scoped`)."""
    term = goal[place]
    here = said_of(goal, place, 1 if term.kind == "not" else REACH)
    for there, other in enumerate(phrasing.fixed):
        if not _answers(term, other, phrasing):
            continue
        if not scoped or any(idea.startswith("thing:") for idea in term.ideas):  # "duplicates" names what it counts
            return True
        of = said_of(phrasing.fixed, there, 1 if term.kind == "not" else REACH)
        if here & of or not here or not of:
            return True
    return False


def acts_agree(goal: Sequence[Term], phrasing: Compiled) -> bool:
    """Whether each of several effects is said of what it was said of: "create the note, delete the folder"."""
    acts = [place for place, term in enumerate(phrasing.fixed) if term.act and not term.free]
    if len(acts) < 2:
        return True
    for place, term in enumerate(goal):
        if not term.act or term.free:
            continue
        here = said_of(goal, place, 1)
        same = [said_of(phrasing.fixed, there, 1) for there in acts if phrasing.fixed[there].ideas & term.ideas]
        others = [said_of(phrasing.fixed, there, 1) for there in acts if not phrasing.fixed[there].ideas & term.ideas]
        if here and same and all(same) and not any(here & of for of in same) and any(here & of for of in others):
            return False
    return True


def turned(goal: Sequence[Term], phrasing: Compiled) -> bool:
    """Whether a fixed word stands after the opposite relation: "from Work to Inbox" for "from Inbox to Work"."""
    here, there = _related(goal), _related(phrasing.fixed)
    return any(phrasing.lexicon.opposes(link.ideas, there[key].ideas) for key, link in here.items() if key in there)


def _related(terms: Sequence[Term]) -> dict[str, Term]:
    """Content words with the relation right before them."""
    found: dict[str, Term] = {}
    link: Term | None = None
    for term in terms:
        if term.kind == "link":
            link = term if link is None else replace(term, ideas=term.ideas | link.ideas)  # "out of"
        elif term.kind != "glue":
            if link is not None:
                found[term.key] = link
            link = None
    return found


def _answers(term: Term, other: Term, phrasing: Compiled) -> bool:
    if term.key == other.key or term.ideas & other.ideas:
        return True
    return ONE in term.ideas and other.key in phrasing.lexicon.ones
