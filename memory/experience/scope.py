"""Do two words that count, negate or order stand for the same thing?

"All" and "every" explain each other, and so do "don't start it" and "without starting it" - where what they are said of
is the same. Order-free matching would else take "do not set it, start it" for "set it, do not start it".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from memory.experience.compiled import Compiled
from memory.text.lexicon import Lexicon
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
        same = _beside(goal, place, phrasing) == _beside(phrasing.fixed, there, phrasing)
        if here & of or (same and not (here and of)):
            return True
    return False


def _beside(terms: Sequence[Term], place: int, phrasing: Compiled) -> str:
    """The word that mostly announces right after one that counts: all "tabs" are not all "apps"."""
    following = next((term for term in terms[place + 1 :] if term.kind not in ("glue", "mark")), None)
    if terms[place].kind != "many" or following is None or following.kind != "weak":
        return ""
    return phrasing.lexicon.stem(following.key)


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
    return any(
        link.ideas != there[key].ideas and phrasing.lexicon.opposes(link.ideas, there[key].ideas)
        for key, link in here.items()
        if key in there
    )


def put_into(goal: Sequence[Term], phrasing: Compiled) -> bool:
    """Whether something is put into the thing that was to be made ("add ten minutes to the timer"), or the thing is
    made that something was to be put into ("add a list called Milk")."""
    lexicon = phrasing.lexicon
    making = [term for term in phrasing.required if term.act]
    if not making or not all(term.ideas & lexicon.makes for term in making):
        return False
    for place, thing in enumerate(phrasing.fixed):
        ideas = frozenset(idea for idea in thing.ideas if idea.startswith("thing:"))
        if thing.act or not ideas:
            continue
        there = leads_to(phrasing.fixed, place, lexicon)
        for number, term in enumerate(goal):
            if term.act or not term.ideas & ideas:
                continue
            here = leads_to(goal, number, lexicon)
            if (here and not there) or (there and not here and _is_one(goal, number, lexicon)):
                return True
    return False


def leads_to(terms: Sequence[Term], place: int, lexicon: Lexicon) -> bool:
    """Whether a word before the thing says that something is put into it."""
    before = place - 1
    while (
        before >= 0 and (terms[before].key in lexicon.articles | lexicon.ones) and terms[before].key not in lexicon.into
    ):
        before -= 1
    return before >= 0 and terms[before].key in lexicon.into


def _is_one(terms: Sequence[Term], place: int, lexicon: Lexicon) -> bool:
    return place > 0 and terms[place - 1].key in lexicon.ones


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
