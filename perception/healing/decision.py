"""`heal`: the element of now that a recorded one has become; or that it cannot be told. Asked after `locate` said no.

`locate` has only the selector and is strict. Here both whole screens are held side by side (`healing.alignment`), which
tells what kind of change this was, and one of the recorded element's pieces has to single it out:
 - *id*: the very id, single then and now; or, where ids were renamed, the only one made of the same words;
 - *meaning*: the same words, or a common word for the same, said by one such element then and now;
 - *neighbour*: the only one of its kind beside the same words, or in the same group, which is proved itself;
 - *structure*: the only one of its build on a page that is built as it was;
 - *picture*: it looks as the recorded one did, at one place only (`perception.healing.picture`, if it was asked).
Wrong is worse than not found. So nothing may contradict (`_ruled_out`): it was another element, says the opposite,
lacks a slot's value, can do something else, or stands in a list and says something else - lists go by content and never
by place. And it has to be the best for the recorded element, the recorded one the best for it, both with a margin.
Pure and deterministic; about 20 to 150 ms a page, so never on the way of a replay that finds its target.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, log2
from typing import Final

from perception.element import ACTIONABLE, CHECKABLE, SCROLLABLE, Element
from perception.evidence import Reason, Verdict
from perception.healing.alignment import Alignment, Level, Weighed, align, ids_alike
from perception.healing.answers import Healed, Healing, Proof, Unhealed
from perception.healing.outline import Outline, outline
from perception.healing.pages import World, judged
from perception.meanings import contradicts, means_same, opposes
from perception.screen import Screen
from perception.selector import Selector
from perception.words import contains, has_letters, normal, plain

BITS_MIN: Final = 1.0  # of weight: more speaks for it than against it; what singles it out are the proofs
MARGIN_BITS: Final = 3.0  # to the runner-up, and to any other recorded element it could be
VALUE_SAID: Final = 0.95  # how often the element meant says the value as it was given
LOOK_KEPT: Final = 0.95  # how often what has the recorded look, alone on both pictures, is the element meant
PAGE_BUILT_AS_IT_WAS: Final = 0.75  # of the page matched, for structure to prove anything
_VERDICTS: Final[dict[Level, Verdict]] = {"same": "agrees", "close": "close", "differs": "differs", "silent": "missing"}


def heal(
    then: Screen,
    target: Element,
    now: Screen,
    *,
    values: tuple[str, ...] = (),
    selector: Selector | None = None,
    seen: Element | None = None,
) -> Healing:
    """Finds the recorded element again on the screen of now.

    Args:
        then: the screen the step was recorded on, complete.
        target: the recorded element, of `then`.
        values: what the slots of the step stand for in this run; by default what the selector was filled with. Where
            the recorded element or its list row said a slot, the element of now has to say its value, literally.
        selector: the step's, filled. Needed where it holds slots: what was recorded says another run's values.
        seen: the element of now that looks as the recorded one did (`perception.healing.picture.seen_at`). It is a
            proof for that element, and speaks against any other.

    Raises:
        ValueError: the target is of another screen, or the selector still holds slots.
    """
    if not (0 <= target.index < len(then.elements)) or then.elements[target.index] is not target:
        raise ValueError("the target is of another screen: take it from the recorded screen's elements")
    if selector is not None and selector.slots:
        raise ValueError(f"the selector still holds {', '.join(selector.slots)}: fill it first")
    old, new = outline(then), outline(now)
    if target.index not in old.of_page:
        return Unhealed("it was no visible part of the recorded page", "not found", None, (), 0.0)
    aligned = align(old, new)
    wanted = _Wanted.of(old, target, values or (selector.filled_with if selector else ()), selector)
    return _Search(aligned, wanted, judged(aligned, target.index), seen).answer()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is sought: the recorded element, with this run's words where slots stand. `own` values have to be said by
    the element itself, `row` values by its list row, `near` values beside it, if that told it from others."""

    index: int
    name: str
    own: tuple[str, ...]
    row: tuple[str, ...]
    near: tuple[str, ...]

    @classmethod
    def of(cls, page: Outline, target: Element, values: tuple[str, ...], selector: Selector | None) -> _Wanted:
        derived = page.derived
        name, full = derived.name(target), derived.full(target)
        row, near = derived.row(target), (derived.near(target),)
        if selector is not None and selector.filled_with:
            name = normal(plain(selector.name))
            full = tuple(normal(plain(t)) for t in (selector.text, selector.description, *selector.label))
            row, near = tuple(normal(plain(t)) for t in selector.row), (normal(plain(selector.near)),)
        asked = tuple(dict.fromkeys(normal(value) for value in values if normal(value)))
        own = tuple(value for value in asked if _says((name, *full), value))
        rest = tuple(value for value in asked if value not in own)
        in_row = tuple(value for value in rest if _says(row, value))
        told_by_near = selector is None or "near" in selector.needs  # else what stood beside it only happened to
        in_near = tuple(value for value in rest if told_by_near and value not in in_row and _says(near, value))
        return cls(target.index, name, own, in_row, in_near)

    @property
    def valued(self) -> bool:
        return bool(self.own or self.row or self.near)


def _says(texts: tuple[str, ...], value: str) -> bool:
    return any(contains(text, value) for text in texts)


@dataclass(frozen=True, slots=True)
class _Candidate:
    element: Element
    weighed: Weighed
    ruled_out: str


class _Search:
    """One target sought on one aligned pair of pages."""

    def __init__(self, aligned: Alignment, wanted: _Wanted, world: World, seen: Element | None = None) -> None:
        self.seen = seen
        self._saying: list[int] | None = None
        self.aligned, self.then, self.now = aligned, aligned.then, aligned.now
        self.wanted, self.world = wanted, world
        self.target = self.then.screen.elements[wanted.index]
        self.listed = wanted.index in self.then.listed

    def answer(self) -> Healing:
        ranked = sorted(map(self._candidate, self.now.nodes), key=lambda one: (-one.weighed.bits, one.element.index))
        closest = ranked[0] if ranked else None
        if self.world.why_not:
            return self._not(self.world.why_not, closest, another_page=True)
        possible = [one for one in ranked if not one.ruled_out and one.weighed.bits >= BITS_MIN]
        if not possible:
            return self._not((closest and closest.ruled_out) or "too little agrees", closest)
        best, second = possible[0], possible[1] if len(possible) > 1 else None
        behind = best.weighed.bits - second.weighed.bits if second else inf
        by = self._proofs(best)
        if not by:
            return self._not("nothing singles it out: neither id, meaning, neighbour nor build", best)
        if behind < MARGIN_BITS:
            return self._ambiguous(f"{_called(self.now, best)} and another one fit about equally well", best)
        if self.seen is not None and self.seen.index != best.element.index:
            return self._not("the picture shows it elsewhere", best)
        if rival := self._rival(best):
            return self._not(rival, best)
        bits = best.weighed.bits
        return Healed(best.element, _odds(bits), 1 - 2**-behind, by, self._reasons(best), self.world.page)

    def _candidate(self, index: int) -> _Candidate:
        wanted = self.wanted
        weighed = self.aligned.weigh(wanted.index, index, lone=wanted.valued, says=not wanted.own)
        if wanted.valued:
            weighed = self._with_values(weighed, self.now.screen.elements[index])
        if self.seen is not None and self.seen.index == index:
            bits = log2(LOOK_KEPT * max(2, len(self.now.nodes)))
            weighed = replace(weighed, bits=weighed.bits + bits, pieces=(*weighed.pieces, ("picture", "same", bits)))
        return _Candidate(self.now.screen.elements[index], weighed, self._ruled_out(index, weighed))

    def _with_values(self, weighed: Weighed, element: Element) -> Weighed:
        """Weighed with what the slots stand for: the fewer say it, the more it says."""
        if self._lacks_a_value(element):
            return weighed
        bits = log2(VALUE_SAID * len(self.now.nodes) / len(self._sayers()))
        return replace(weighed, bits=weighed.bits + bits, pieces=(*weighed.pieces, ("value", "same", bits)))

    def _sayers(self) -> list[int]:
        """The elements that say what the slots stand for."""
        if self._saying is None:
            elements = self.now.screen.elements
            self._saying = [index for index in self.now.nodes if not self._lacks_a_value(elements[index])]
        return self._saying

    # -- what contradicts

    def _ruled_out(self, index: int, weighed: Weighed) -> str:
        element = self.now.screen.elements[index]
        return (
            self._lacks_a_value(element)
            or self._can_do_something_else(element)
            or self._is_another(index)
            or self._says_something_else(index, weighed)
            or self._is_listed_otherwise(index)
        )

    def _lacks_a_value(self, element: Element) -> str:
        derived, wanted = self.now.derived, self.wanted
        said = (derived.name(element), *derived.full(element))
        missing = [value for value in wanted.own if not _says(said, value)]
        if wanted.row:
            row = derived.row(element)
            missing += [value for value in wanted.row if not _says(row, value)]
        if wanted.near:
            near = (derived.near(element), *derived.row(element))
            missing += [value for value in wanted.near if not _says(near, value)]
        return f"what a slot stands for, {missing[0]!r}, is not said by it" if missing else ""

    def _can_do_something_else(self, element: Element) -> str:
        then = self.target
        if then.editable != element.editable:
            return "one of the two is a field to type into, and the other is not"
        if then.password != element.password:
            return "one of the two is a password field"
        if (then.flags ^ element.flags) & (CHECKABLE | SCROLLABLE):
            return "one of the two can be switched or scrolled, and the other cannot"
        if (then.flags & ACTIONABLE) and not (element.flags & ACTIONABLE):
            return "it could be acted on, and this cannot"
        if not (then.flags & ACTIONABLE) and (element.flags & ACTIONABLE) and element.children:
            return "it was a part of a thing to act on, and this is the whole"
        return ""

    def _is_another(self, index: int) -> str:
        """It was there when the step was recorded, as something else: by its id or by its words."""
        then, now, wanted = self.then, self.now, self.wanted.index
        mine, theirs = then.entry[wanted], now.entry[index]
        if theirs != mine and self.world.ids_kept:
            if then.entries[theirs] and theirs:
                return f"its id {theirs!r} was another element's when this was recorded"
            if mine and now.entries[mine]:
                return f"the id {mine!r} is another element's"
            if mine and not (theirs and ids_alike(mine, theirs)):
                return f"the ids of this page are what they were, and its id {mine!r} is gone"
        if self.wanted.own:
            return ""
        name = now.names_of(index)
        if name[0] and name[0] != self.wanted.name and has_letters(name[0]) and then.names[name]:
            return f"what it says, {name[0]!r}, was said by another element"
        return ""

    def _says_something_else(self, index: int, weighed: Weighed) -> str:
        if self.wanted.own:
            return ""
        mine, theirs = self.wanted.name, self.now.name[index]
        more = self.world.words_kept and (contains(theirs, mine) or contains(mine, theirs))  # "Clear", "Clear all"
        if mine == theirs or (means_same(mine, theirs) and not more):
            return ""
        if opposes(mine, theirs):
            return f"it says the opposite: {theirs!r} and not {mine!r}"
        same_place = self._same_own_id(index) and self._as_before(weighed)
        if contradicts(mine, theirs) and not same_place:
            return f"it says something else: {theirs!r} is not {mine!r}"
        if mine and theirs and self.world.words_kept:  # a word more, too: "Send" is not "Send all"
            scrolls = self.then.derived.in_flow(self.target)  # content comes and goes there, in the same clothes
            if scrolls or not same_place:
                return f"the words of this page are what they were, and it says {theirs!r}"
        if bool(mine) != bool(theirs) and has_letters(mine or theirs) and not self._same_single_id(index):
            return "one of the two says something, and the other nothing"
        return ""

    def _is_listed_otherwise(self, index: int) -> str:
        """In a list, only content tells which: its own words, or those of its row, as they were or their meaning."""
        if not (self.listed or index in self.now.listed) or self.wanted.own or self.wanted.row:
            return ""
        if self._same_single_id(index):
            return ""
        mine, theirs = self.wanted.name, self.now.name[index]
        if mine and (mine == theirs or means_same(mine, theirs)):
            return ""
        if not mine and not theirs and self._row(self.then, self.wanted.index) == self._row(self.now, index) != ():
            return ""
        return "it stands in a list, and says something else"

    def _row(self, page: Outline, index: int) -> tuple[str, ...]:
        return page.derived.row(page.screen.elements[index])[:1]

    def _same_single_id(self, index: int) -> bool:
        mine, theirs = self.then.entry[self.wanted.index], self.now.entry[index]
        return bool(mine) and mine == theirs and self.then.entries[mine] == 1 and self.now.entries[mine] == 1

    def _same_own_id(self, index: int) -> bool:
        """The same single id, of the app's own: Android's (`android:id/button1`) are on any dialog."""
        return self._same_single_id(index) and not self.target.resource_id.startswith("android:")

    @staticmethod
    def _as_before(weighed: Weighed) -> bool:
        """Of the same build, in the same group or beside the same things."""
        around = (weighed.level("group"), weighed.level("before"), weighed.level("after"))
        return weighed.level("form") == "same" and "same" in around

    # -- what proves

    def _proofs(self, best: _Candidate) -> tuple[Proof, ...]:
        index = best.element.index
        found: list[Proof] = []
        if self._same_single_id(index) or self._same_id_renamed(best):
            found.append("id")
        if self._by_meaning(best):
            found.append("meaning")
        if self._by_neighbour(best):
            found.append("neighbour")
        if self._by_structure(best):
            found.append("structure")
        if self.seen is not None and self.seen.index == index:
            found.append("picture")
        return tuple(found)

    def _same_id_renamed(self, best: _Candidate) -> bool:
        """An update gave its id another form of the same words, and no other id has these words, then or now."""
        mine = self.then.entry[self.wanted.index]
        if self.world.ids_kept or best.weighed.level("id") != "close" or best.weighed.level("form") == "differs":
            return False
        alike = ([e for e in page.entries.elements() if ids_alike(e, mine)] for page in (self.then, self.now))
        return all(len(found) == 1 for found in alike)

    def _by_meaning(self, best: _Candidate) -> bool:
        """Its words (or their meaning) are said by one such element only, and one thing more is as it was."""
        index = best.element.index
        if self.wanted.own:
            elements = self.now.screen.elements
            return [i for i in self._sayers() if not self._can_do_something_else(elements[i])] == [index]
        mine = self.wanted.name
        if not has_letters(mine):
            return False
        theirs = self.now.name[index]
        literal = mine == theirs
        if not literal and (not means_same(mine, theirs) or best.weighed.level("form") == "differs"):
            return False
        acted = bool(self.target.flags & ACTIONABLE)
        then = sum(1 for i in self.then.nodes if self._means(self.then, i, acted=acted, literal=literal))
        now = sum(1 for i in self.now.nodes if self._means(self.now, i, acted=acted, literal=False))
        return then == 1 and now == 1 and self._one_thing_more(best)

    def _means(self, page: Outline, index: int, *, acted: bool, literal: bool) -> bool:
        if bool(page.screen.elements[index].flags & ACTIONABLE) != acted:
            return False
        said = page.name[index]
        return said == self.wanted.name or (not literal and means_same(said, self.wanted.name))

    def _one_thing_more(self, best: _Candidate) -> bool:
        pieces = ("id", "group", "before", "after", "inside")
        if any(best.weighed.level(piece) == "same" for piece in pieces) or best.weighed.level("id") == "close":
            return True
        form = self.then.form[self.wanted.index]
        return self.then.forms[form] == 1 and self.now.forms[form] == 1 and best.weighed.level("form") == "same"

    def _by_neighbour(self, best: _Candidate) -> bool:
        """The only one of its kind beside the same words, or in the same proved group."""
        if self.then.kind[self.wanted.index] != self.now.kind[best.element.index]:
            return False
        return self._beside_the_same_words(best) or self._alone_in_its_group(best)

    def _beside_the_same_words(self, best: _Candidate) -> bool:
        """In the smallest group in which something else speaks, it is alone of its kind, and one of what speaks there
        is proved by its words: they are said once on each page, the same or a word for the same."""
        index = best.element.index
        if self.wanted.row or self.wanted.near:
            return [i for i in self._sayers() if self.now.kind[i] == self.now.kind[index]] == [index]
        mine, theirs = self.then.speaking_around(self.wanted.index), self.now.speaking_around(index)
        return any(
            self._said_once(self.then, self.then.said[one]) and self._said_once(self.now, self.then.said[one])
            for one in mine
            if any(self._same_words(self.then.said[one], self.now.said[other]) for other in theirs)
        )

    def _said_once(self, page: Outline, words: str) -> bool:
        return sum(count for said, count in page.saids.items() if self._same_words(words, said)) == 1

    def _same_words(self, one: str, other: str) -> bool:
        return bool(one) and (one == other or means_same(one, other))

    def _alone_in_its_group(self, best: _Candidate) -> bool:
        """Its group is told by a single id or by its words alone, and holds nothing else of this kind, then or now."""
        then, now = self.then, self.now
        a, b = then.up[self.wanted.index], now.up[best.element.index]
        if a < 0 or self.aligned.pairs.get(a) != b:
            return False
        same_id = then.entry[a] != "" and then.entry[a] == now.entry[b]
        by_id = same_id and then.entries[then.entry[a]] == 1 == now.entries[now.entry[b]]
        same_name = has_letters(then.name[a]) and then.name[a] == now.name[b]
        by_name = same_name and then.names[then.names_of(a)] == 1 == now.names[now.names_of(b)]
        if not (by_id or by_name):
            return False
        return then.kinds_in(a, self.wanted.index) == 1 == now.kinds_in(b, best.element.index)

    def _by_structure(self, best: _Candidate) -> bool:
        """The only one of its build, then and now, on a page built as it was; never in a list.

        Where neither words nor ids changed, nothing explains why the strict way did not find it: it is another one.
        """
        index = best.element.index
        if self.world.words_kept and (self.world.ids is None or self.world.ids_kept):
            return False
        if self.listed or index in self.now.listed or self.world.page < PAGE_BUILT_AS_IT_WAS:
            return False
        form = self.then.form[self.wanted.index]
        if self.now.form[index] != form or self.then.forms[form] != 1 or self.now.forms[form] != 1:
            return False
        return best.weighed.level("group") == "same"

    # -- who else

    def _rival(self, best: _Candidate) -> str:
        """A recorded element that this is more likely, or as likely; "" if there is none."""
        if self.wanted.valued:
            return ""
        index = best.element.index
        for other in self.then.nodes:
            if other == self.wanted.index or self.then.kind[other] != self.then.kind[self.wanted.index]:
                continue
            if self.aligned.weigh(other, index).bits > best.weighed.bits - MARGIN_BITS:
                return f"it may as well be what {_called(self.then, other)} was"
        return ""

    # -- in words

    def _reasons(self, candidate: _Candidate) -> tuple[Reason, ...]:
        a, b = self.wanted.index, candidate.element.index
        held_then, held_now = self.then.derived.label(self.target), self.now.derived.label(candidate.element)
        told = {
            "id": (self.then.entry[a], self.now.entry[b]),
            "says": (self.wanted.name, self.now.name[b]),
            "holds": (" | ".join(held_then), " | ".join(held_now)),
            "form": (self.target.short_cls, candidate.element.short_cls),
            "group": (_called(self.then, self.then.up[a]), _called(self.now, self.now.up[b])),
            "before": (_called(self.then, self.then.before[a]), _called(self.now, self.now.before[b])),
            "after": (_called(self.then, self.then.after[a]), _called(self.now, self.now.after[b])),
            "inside": ("", ""),
            "picture": ("", ""),
            "value": (" | ".join((*self.wanted.own, *self.wanted.row, *self.wanted.near)),) * 2,
        }  # fmt: skip
        return tuple(Reason(piece, _VERDICTS[level], *told[piece]) for piece, level, _ in candidate.weighed.pieces)

    def _not(self, why: str, closest: _Candidate | None, *, another_page: bool = False) -> Unhealed:
        kind: Final = "another page" if another_page else "not found"
        element, reasons = (closest.element, self._reasons(closest)) if closest else (None, ())
        return Unhealed(why, kind, element, reasons, self.world.page)

    def _ambiguous(self, why: str, best: _Candidate) -> Unhealed:
        return Unhealed(why, "ambiguous", best.element, self._reasons(best), self.world.page)


def _called(page: Outline, index: object) -> str:
    if isinstance(index, _Candidate):
        index = index.element.index
    if not isinstance(index, int) or index < 0:
        return ""
    return page.name[index] or page.entry[index] or page.screen.elements[index].short_cls


def _odds(bits: float) -> float:
    return round(2**bits / (1 + 2**bits), 4)
