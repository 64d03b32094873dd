"""`locate`: the element a selector means, on the screen of now; or that it is not there; or that several could be it.

Wrong is worse than not found. So: first the page has to be the page (`perception.identity`), then candidates are
compared piece by piece (`perception.evidence`), those ruled out fall, and of the rest one has to stand out by what it
*is* - position never decides between two that are alike, except where nothing but their rank told them apart from the
beginning and just as many of them are still there.
Pure and deterministic: the same screen and selector give the same answer and the same reasons.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Final, TypeAlias

from perception.element import Element
from perception.errors import SlotUnfilled
from perception.evidence import Candidate, Comparison, Reason
from perception.features import LABEL_NODES_MAX, Features, features, token_of, without_initials
from perception.identity import SAME_MIN, Likeness, identity, likeness
from perception.screen import Screen
from perception.selector import Selector
from perception.words import normal, same_letters

FOUND_MIN: Final = 0.5  # chosen; the rules in `evidence` do the refusing, this only drops what barely agrees
NEAR_EQUAL: Final = 0.1  # essence; chosen so that one differing minor piece (near, role) tells nobody apart
BARE_MIN: Final = 0.85  # of page and shapes, for what has neither text nor id: only its surroundings name it
FEW: Final = 8  # candidates compared in full to name the closest, where none can be it


@dataclass(frozen=True, slots=True)
class Found:
    """The element. `margin` is how far (in essence, 0..1) the next candidate stands behind; 1 if none."""

    candidate: Candidate
    margin: float

    @property
    def element(self) -> Element:
        return self.candidate.element

    @property
    def score(self) -> float:
        """0..1, over everything that was compared."""
        return self.candidate.score

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return self.candidate.reasons


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several elements could be meant, the likeliest first. Not the same as not found: ask, or add evidence."""

    candidates: tuple[Candidate, ...]
    why: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """It is not on this screen as far as can be seen. `closest` is what came nearest, with what differed."""

    why: str
    closest: Candidate | None
    page: Likeness


Located: TypeAlias = Found | Ambiguous | NotFound


def locate(screen: Screen, selector: Selector) -> Located:
    """Finds the selector's element on the screen.

    Raises:
        SlotUnfilled: the selector still holds slots. Call `Selector.fill` first.
    """
    if selector.slots:
        raise SlotUnfilled(f"the selector still holds {', '.join(selector.slots)}")
    here = identity(screen)
    page = likeness(selector.page, here)
    derived = features(screen)
    comparison = Comparison(selector, derived, page)
    indices = _candidates(derived, selector, comparison)
    if not page.same:
        return _not_here(comparison, indices, page, f"this is another page (likeness {page.score:.2f} < {SAME_MIN})")
    if not selector.flow and not selector.page.shares_texts(here, besides=token_of(comparison.name)):
        return _not_here(comparison, indices, page, "this page is built alike, but says entirely other things")
    bare = not (comparison.name or selector.entry or selector.row)
    if bare and min(page.score, 1.0 if page.shapes is None else page.shapes) < BARE_MIN:
        return _not_here(comparison, indices, page, "nothing but its surroundings names it, and those have changed")
    if bare and selector.flow and selector.page.texts.flow != here.texts.flow:
        return _not_here(
            comparison, indices, page, "nothing but its place in a list names it, and the list has changed"
        )
    alike_now = _equal_in_themselves(comparison, indices)
    if len(indices) > 1:
        indices = [index for index in indices if comparison.may_be(derived.elements[index])] or indices[:FEW]
    if len(indices) > FEW and selector.twins == len(indices):
        return _ranked(comparison, indices, page)
    return _decide(comparison, [comparison.compare(derived.elements[index]) for index in indices], page, alike_now)


def _equal_in_themselves(comparison: Comparison, indices: list[int]) -> int:
    """How many say of themselves (and, where that is needed, in such a row) exactly what the element said."""
    selector = comparison.selector
    if comparison.values:
        return 0
    return comparison.derived.count_equal(indices, selector.own, comparison.row if "row" in selector.needs else None)


def _ranked(comparison: Comparison, indices: list[int], page: Likeness) -> Located:
    """Many twins, all of them still there: only the one of the right rank is compared in full."""
    chosen = comparison.compare(comparison.derived.elements[indices[comparison.selector.twin]])
    trail = comparison.derived.trail(chosen.element)
    if chosen.exact and trail == comparison.selector.trail:
        return _found(chosen, 0.0)
    return Ambiguous((chosen,), f"{len(indices)} elements fit equally well, and their order has changed")


def _decide(comparison: Comparison, compared: list[Candidate], page: Likeness, alike_now: int) -> Located:
    ranked = sorted(compared, key=lambda candidate: -candidate.score)
    possible = [candidate for candidate in ranked if not candidate.ruled_out and candidate.score >= FOUND_MIN]
    if not possible:
        closest = ranked[0] if ranked else None
        why = closest.ruled_out or "too little agrees" if closest else "nothing on this screen resembles it"
        return NotFound(why, closest, page)
    alike_then = comparison.selector.own_count
    if alike_now and (alike_now > alike_then or alike_now < alike_then != 1):
        return Ambiguous(tuple(possible), f"{alike_now} elements say the same of themselves, and then {alike_then} did")
    best = max(candidate.essence for candidate in possible)
    close = [candidate for candidate in possible if best - candidate.essence < NEAR_EQUAL]
    twins = comparison.selector.twins
    if len(close) == 1 and twins == 1:
        if comparison.only_beside(close[0].element):
            return Ambiguous(tuple(close), "others say the same, and only what stands beside it now told them apart")
        if any(_as_likely_still(comparison, close[0], candidate) for candidate in possible):
            return Ambiguous((close[0],), "its name was said once and is said twice, and one of these is where it was")
        behind = [candidate.essence for candidate in possible if candidate is not close[0]]
        return _found(close[0], best - max(behind) if behind else 1.0)
    exact = [candidate for candidate in close if candidate.exact]
    if len(exact) == twins:
        chosen = sorted(exact, key=lambda candidate: candidate.element.index)[comparison.selector.twin]
        if _unmoved(comparison, chosen) and (twins > 1 or not comparison.only_beside(chosen.element)):
            return _found(chosen, 0.0 if twins > 1 else best - max(c.essence for c in close if c is not chosen))
    if len(close) == 1:
        return Ambiguous(tuple(close), f"it was one of {twins} that only their position told apart; one is left")
    return Ambiguous(tuple(close), f"{len(close)} elements fit about equally well")


def _as_likely_still(comparison: Comparison, best: Candidate, other: Candidate) -> bool:
    """A name was enough to tell it, something else says that name now, too, and this other one has not moved.

    What else the best one says (a state) may have changed on the one that was meant.
    """
    needs = comparison.selector.needs
    if other is best or comparison.values or not comparison.name or not {"name", "id", "role"}.issuperset(needs):
        return False
    same = other.verdicts["name"] == other.verdicts["role"] == "agrees"
    return same and _unmoved(comparison, other) and not _unmoved(comparison, best)


def _unmoved(comparison: Comparison, candidate: Candidate) -> bool:
    """It is where it was, in every respect: an equal text elsewhere cannot be the moved one."""
    return comparison.derived.trail(candidate.element) == comparison.selector.trail


def _found(candidate: Candidate, margin: float) -> Found:
    return Found(candidate, max(0.0, min(1.0, margin)))


def _not_here(comparison: Comparison, indices: list[int], page: Likeness, why: str) -> NotFound:
    few = [comparison.compare(comparison.derived.elements[index]) for index in indices[:FEW]]
    return NotFound(why, max(few, key=lambda candidate: candidate.score, default=None), page)


def _candidates(derived: Features, selector: Selector, comparison: Comparison) -> list[int]:
    """The visible elements worth comparing, in document order: those that share its name or id, else its shape."""
    found: set[int] = set()
    if comparison.name:
        found.update(_named(derived, comparison))
    if selector.entry:
        same_id = derived.with_entry(selector.entry)
        if not found or len(same_id) <= FEW or selector.id_count == 1:
            found.update(same_id)
    if not found or (not comparison.name and comparison.adrift):
        shapes, wanted = derived.shapes, selector.shape
        alike_shape = [index for index, shape in enumerate(shapes) if shape == wanted]
        found.update(index for index in alike_shape if derived.elements[index].visible)
    return sorted(found)


def _named(derived: Features, comparison: Comparison) -> set[int]:
    """The elements that say the name, those it stands first in, and fields that hint at it."""
    said = derived.by_said()
    wanted = [comparison.name]
    if comparison.name not in said or comparison.values:
        wanted += [text for text in said if _resembles(text, comparison)]
    found: set[int] = set()
    for text in wanted:
        for index in said.get(text, ()):
            found.add(index)
            found.update(_groups_named(derived, index, anywhere=bool(comparison.values)))
    if comparison.selector.hint:
        hinting = (element for element in derived.elements if element.hint and element.visible)
        found.update(element.index for element in hinting if normal(element.hint) == comparison.name)
    return found


def _groups_named(derived: Features, index: int, *, anywhere: bool) -> list[int]:
    """The groups around an element that go by what stands first in them, which is this element.

    With `anywhere` it need not stand first: what a slot stands for names a group wherever it says it.
    """
    said, holders = derived.saying(index), derived.holders()
    place = bisect_left(holders, index)
    if place and without_initials((derived.saying(holders[place - 1]),), said) == ():
        place -= 1  # the initial on a contact's disc stands before the name and says nothing of its own
    before = holders[place - 1] if place and not anywhere else -1
    found: list[int] = []
    above = derived.elements[index].parent
    while above > before:  # from there up something else is said first
        element = derived.elements[above]
        if element.end - above > LABEL_NODES_MAX + 1:
            break
        if element.visible and (derived.name(element) == said or (anywhere and said in derived.label(element))):
            found.append(above)
        above = element.parent
    return found


def _resembles(text: str, comparison: Comparison) -> bool:
    if comparison.values:
        return any(value in text for value in comparison.values)
    return not comparison.selector.flow and same_letters(comparison.name, text)
