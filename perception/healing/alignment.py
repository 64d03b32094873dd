"""`align`: which element of one page is which of another, judged over both pages as a whole.

Record linkage: a pair is weighed by what agrees and differs, each piece in bits: log2 of how often it agrees among
elements that *are* the same, over how often it would by chance. How often is not fixed: it is counted on the pairs this
very screen has already shown to be the same. So where an update renamed all ids a differing id says nothing, and where
none was renamed it says much. Pairs that surely match (much better than any other pair of either element) come first
and then speak for their neighbours: the group they stand in, what is said before and after them.
Pure and deterministic. Decides about pages, not about what may be tapped: that is `perception.healing.decision`.

Source: Fellegi & Sunter, "A Theory for Record Linkage" (1969), with the rates estimated from the data; anchors that
pull their neighbours as in GumTree (Falleri et al., 2014).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import log2
from typing import Final, Literal, TypeAlias

from perception.healing.outline import Outline
from perception.meanings import contradicts, means_same
from perception.words import alike

Level: TypeAlias = Literal["same", "close", "differs", "silent"]
ROUNDS: Final = 4
SURE_BITS: Final = 5.0  # of weight: a pair that stands for itself; on a page of fewer than 32 elements, fewer will do
APART_BITS: Final = 2.0  # in front of any other pair of either of the two
GROUP_MAX: Final = 60  # elements that share one trait: more pairs of them tell nothing and cost much
LIKE_MIN: Final = 0.75
Prior: TypeAlias = dict[str, tuple[float, float, float]]
_KEPT: Final[Prior] = {  # same, close, differs: counts put in before any are seen
    "id": (5.0, 0.5, 0.8),
    "says": (5.0, 0.6, 0.8),
    "holds": (3.0, 1.5, 0.8),
    "form": (5.0, 1.5, 0.3),
    "group": (5.0, 0.1, 0.9),
    "before": (4.0, 0.1, 1.8),
    "after": (4.0, 0.1, 1.8),
    "inside": (5.0, 0.1, 0.6),
}
_CHANGED: Final = (0.6, 0.9, 4.5)
_PRIORS: Final = (  # what is supposed at first: nothing changed much; all words did; all words and ids did
    _KEPT,
    {**_KEPT, "says": _CHANGED, "holds": _CHANGED},
    {**_KEPT, "says": _CHANGED, "holds": _CHANGED, "id": _CHANGED},
)
ENOUGH: Final = 0.6  # of the smaller page's elements in sure pairs: no other supposition is tried
CLOSE_BY_CHANCE: Final = 0.03  # share of pairs of any two elements whose words or ids are close
_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_EMPTY_WORDS: Final = frozenset(  # what ids say about the kind of view, and what updates append: names nothing
    ("id", "btn", "button", "view", "text", "tv", "iv", "img", "image", "layout", "container", "widget", "new")
)


@dataclass(frozen=True, slots=True)
class Weighed:
    """One pair. `bits` is the weight of all pieces; `pieces` say for each its level and its share of the bits."""

    then: int
    now: int
    bits: float
    pieces: tuple[tuple[str, Level, float], ...]

    def level(self, piece: str) -> Level:
        return next((level for name, level, _ in self.pieces if name == piece), "silent")


class Alignment:
    """Two pages held side by side. `pairs` are the sure ones, then -> now."""

    def __init__(self, then: Outline, now: Outline, *, prior: Prior) -> None:
        self.then, self.now = then, now
        self.pairs: dict[int, int] = {}
        self.back: dict[int, int] = {}
        self._prior = prior
        self._sure_bits = min(SURE_BITS, log2(max(4, len(now.nodes))))
        self._rates = _rates({}, prior)
        candidates = self._candidates()
        for _ in range(ROUNDS):
            known = dict(self.pairs)
            self._settle(candidates)
            if self.pairs == known:
                break

    def weigh(self, a: int, b: int, *, lone: bool = False, says: bool = True) -> Weighed:
        """The pair weighed. `lone`: not by what is around the two; without `says`, not by what they say either."""
        left_out: tuple[str, ...] = ("group", "before", "after") if lone else ()
        left_out += () if says else ("says", "holds", "inside")
        levels = {piece: level for piece, level in self._levels(a, b).items() if piece not in left_out}
        pieces = []
        for piece, (level, chance) in levels.items():
            same, close, differs = self._rates[piece]
            if level == "same":
                bits = log2(same / max(chance, 1e-4))
            elif level == "close":
                bits = log2(close / CLOSE_BY_CHANCE)
            elif level == "differs":
                bits = log2(differs)
            else:
                continue
            pieces.append((piece, level, bits))
        return Weighed(a, b, sum(bits for _, _, bits in pieces), tuple(pieces))

    def rate(self, piece: str) -> float:
        """How often a piece agrees among the pairs that are sure, 0..1."""
        return self._rates[piece][0]

    # -- settling

    def _settle(self, candidates: list[tuple[int, int]]) -> None:
        """One round: weighs all pairs with what is known so far, and takes the sure ones."""
        best_of: dict[int, list[tuple[float, int]]] = defaultdict(list)
        best_for: dict[int, list[tuple[float, int]]] = defaultdict(list)
        pairs = candidates + self._called_for()
        weighed: dict[tuple[int, int], Weighed] = {}
        for a, b in dict.fromkeys(pairs):
            pair = self.weigh(a, b)
            if pair.bits > 0:
                weighed[a, b] = pair
                best_of[a].append((pair.bits, b))
                best_for[b].append((pair.bits, a))
        for ranked in (*best_of.values(), *best_for.values()):
            ranked.sort(key=lambda one: (-one[0], one[1]))
        sure: dict[int, int] = {}
        taken: dict[tuple[int, int], Weighed] = {}
        for (a, b), pair in weighed.items():
            mine, theirs = best_of[a], best_for[b]
            if pair.bits < self._sure_bits or mine[0][1] != b or theirs[0][1] != a:
                continue
            if all(len(rank) < 2 or rank[0][0] - rank[1][0] >= APART_BITS for rank in (mine, theirs)):
                sure[a] = b
                taken[a, b] = pair
        self.pairs, self.back = sure, {b: a for a, b in sure.items()}
        self._rates = _rates(taken, self._prior)

    def _candidates(self) -> list[tuple[int, int]]:
        """Pairs that share an id, words, a meaning or a form; of traits that many share, those in the same place."""
        found: dict[tuple[int, int], None] = {}
        for trait in (_by_id, _by_words, _by_meaning, _by_form):
            mine, theirs = trait(self.then), trait(self.now)
            for key, group in mine.items():
                other = theirs.get(key, ())
                if len(group) * len(other) > GROUP_MAX**2:
                    found.update(dict.fromkeys(zip(group, other, strict=False)))
                    continue
                for a in group:
                    found.update(dict.fromkeys((a, b) for b in other))
        return list(found)

    def _called_for(self) -> list[tuple[int, int]]:
        """Pairs that sure pairs speak for: groups around them, and what else stands in the same groups."""
        asked: dict[tuple[int, int], None] = {}
        for a, b in self.pairs.items():
            up_a, up_b = self.then.up[a], self.now.up[b]
            while up_a in self.then.of_page and up_b in self.now.of_page:
                asked[up_a, up_b] = None
                up_a, up_b = self.then.up[up_a], self.now.up[up_b]
        members = _members(self.now)
        for group_a, inner in _members(self.then).items():
            group_b = self.pairs.get(group_a)
            others = members.get(group_b, ()) if group_b is not None else ()
            if len(inner) * len(others) <= GROUP_MAX**2:
                asked.update(dict.fromkeys((a, b) for a in inner for b in others))
        return list(asked)

    # -- levels

    def _levels(self, a: int, b: int) -> dict[str, tuple[Level, float]]:
        then, now = self.then, self.now
        n = max(1, len(now.nodes))
        found: dict[str, tuple[Level, float]] = {
            "id": (_id_level(then.entry[a], now.entry[b]), now.entries[now.entry[b]] / n),
            "says": (words_level(then.said[a], now.said[b]), now.saids[now.said[b]] / n),
            "form": self._form(a, b, n),
            "group": self._group(a, b, n),
            "before": self._beside(then.before[a], now.before[b], n),
            "after": self._beside(then.after[a], now.after[b], n),
        }
        if not then.said[a] and not now.said[b]:
            found["holds"] = self._holds(a, b, n)
            found["inside"] = self._contains(a, b, n)
        return found

    def _form(self, a: int, b: int, n: int) -> tuple[Level, float]:
        if self.then.form[a] == self.now.form[b]:
            return "same", self.now.forms[self.now.form[b]] / n
        return ("close" if self.then.kind[a] == self.now.kind[b] else "differs"), 1.0

    def _group(self, a: int, b: int, n: int) -> tuple[Level, float]:
        up_a, up_b = self.then.up[a], self.now.up[b]
        image = self.pairs.get(up_a)
        if up_a < 0 and up_b < 0:
            return "same", self.now.groups[-1] / n
        if image is None and up_b not in self.back:
            return "silent", 1.0
        return ("same" if image == up_b else "differs"), self.now.groups[up_b] / n

    def _beside(self, a: int, b: int, n: int) -> tuple[Level, float]:
        if a < 0 or b < 0:
            return ("same", 0.5) if a == b else ("silent", 1.0)
        image = self.pairs.get(a)
        if image is None and b not in self.back:
            return "silent", 1.0
        return ("same" if image == b else "differs"), 2.0 / n

    def _holds(self, a: int, b: int, n: int) -> tuple[Level, float]:
        """What stands inside a small group: its words are its own."""
        mine = [text for text in self.then.derived.label(self.then.screen.elements[a]) if text]
        theirs = [text for text in self.now.derived.label(self.now.screen.elements[b]) if text]
        if not mine or not theirs:
            return "silent", 1.0
        common = sum(1 for text in mine if text in theirs)
        if common * 2 > max(len(mine), len(theirs)) or (common and mine[0] == theirs[0]):
            return "same", max(1.0, self.now.names[self.now.names_of(b)]) / n
        told = any(means_same(mine[0], text) for text in theirs[:1])
        return ("close" if common or told else "differs"), 1.0

    def _contains(self, a: int, b: int, n: int) -> tuple[Level, float]:
        """Whether the sure pairs inside the one lie inside the other."""
        end_a, end_b = self.then.screen.elements[a].end, self.now.screen.elements[b].end
        images = [self.pairs[index] for index in range(a + 1, end_a) if index in self.pairs]
        origins = [self.back[index] for index in range(b + 1, end_b) if index in self.back]
        if not images and not origins:
            return "silent", 1.0
        held = sum(b < image < end_b for image in images) + sum(a < origin < end_a for origin in origins)
        share = held / (len(images) + len(origins))
        return ("same" if share >= 0.6 else "differs"), max(1, end_b - b) / n


def align(then: Outline, now: Outline) -> Alignment:
    """The alignment of two pages; the same screens give the same answer.

    What is supposed at first matters where nothing but structure is left: then the supposition is kept under which most
    elements find a sure partner.
    """
    best = Alignment(then, now, prior=_PRIORS[0])
    for prior in _PRIORS[1:]:
        if len(best.pairs) >= ENOUGH * min(len(then.nodes), len(now.nodes)):
            break
        other = Alignment(then, now, prior=prior)
        if len(other.pairs) > len(best.pairs):
            best = other
    return best


def words_level(one: str, other: str) -> Level:
    """How what two elements say compares; common words of another concept differ however alike they look."""
    if not one and not other:
        return "silent"
    if one == other:
        return "same"
    if not one or not other or contradicts(one, other):
        return "differs"
    if means_same(one, other) or alike(one, other) >= LIKE_MIN or _share_words(one, other):
        return "close"
    return "differs"


def _share_words(one: str, other: str) -> bool:
    """Half of the longer one's words stand in the other."""
    mine, theirs = set(one.split()), set(other.split())
    return len(mine & theirs) * 2 >= max(len(mine), len(theirs)) and bool(mine & theirs)


def ids_alike(one: str, other: str) -> bool:
    """Whether two ids are made of the same words, in any order, but for what names nothing ("btn", "v2").

    A word more names something else: `send_all` is not `send`.
    """
    mine = _id_words(one)
    return bool(mine) and mine == _id_words(other)


def _id_words(entry: str) -> frozenset[str]:
    words = (word.lower() for word in _WORDS.findall(entry))
    return frozenset(word for word in words if len(word) > 1 and not word.isdigit()) - _EMPTY_WORDS


def _id_level(one: str, other: str) -> Level:
    if not one and not other:
        return "silent"
    if one == other:
        return "same"
    return "close" if one and other and ids_alike(one, other) else "differs"


def _rates(taken: dict[tuple[int, int], Weighed], prior: Prior) -> dict[str, tuple[float, float, float]]:
    """How often each piece is the same, close and different among pairs that are the same."""
    counts = {piece: list(before) for piece, before in prior.items()}
    place = {"same": 0, "close": 1, "differs": 2}
    for pair in taken.values():
        for piece, level, _ in pair.pieces:
            counts[piece][place[level]] += 1.0
    return {
        piece: (same / (same + close + differs), close / (same + close + differs), differs / (same + close + differs))
        for piece, (same, close, differs) in counts.items()
    }


def _members(page: Outline) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for index, group in page.up.items():
        found[group].append(index)
    return found


def _grouped(pairs: Iterable[tuple[object, int]]) -> dict[object, list[int]]:
    found: dict[object, list[int]] = defaultdict(list)
    for key, index in pairs:
        found[key].append(index)
    return found


def _by_id(page: Outline) -> dict[object, list[int]]:
    return _grouped((entry, index) for index, entry in page.entry.items() if entry)


def _by_words(page: Outline) -> dict[object, list[int]]:
    return _grouped((name, index) for index, name in page.name.items() if name)


def _by_meaning(page: Outline) -> dict[object, list[int]]:
    return _grouped((concept, index) for index in page.nodes for concept in sorted(page.meaning(index)))


def _by_form(page: Outline) -> dict[object, list[int]]:
    return _grouped((form, index) for index, form in page.form.items())
