"""One candidate against one selector: what agrees, what differs, what is missing, and what rules it out.

`compare` weighs the pieces; a piece that few elements shared weighs more. Three kinds of differences rule a candidate
out whatever else agrees:
 - it was there when the selector was made, as *another* element (the same own token, id or text as then);
 - it says something else: content is never outvoted by place or path. A text may only have been reworded where the id
   is still the same and single and the element stands in no list, or where only its signs and spaces changed, in its
   old place;
 - a slot's value is not in it, literally.
Pure; no thresholds on sums here: deciding is `perception.locate`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, TypeAlias

from perception.element import ENABLED, Bounds, Element
from perception.features import Features, changes_text, role, token_of
from perception.identity import Likeness
from perception.meanings import opposes
from perception.selector import Selector
from perception.words import LIKE_MIN, alike, contains, has_letters, normal, parts, plain, same_letters

Verdict: TypeAlias = Literal["agrees", "close", "differs", "missing"]
WEIGHTS: Final = {  # chosen: content above structure above place; Similo's idea (Nass et al. 2023), not its numbers
    "name": 4.0, "full": 1.5, "id": 3.0, "role": 1.0, "row": 2.0, "line": 0.5, "within": 1.5, "near": 1.0,
    "shape": 1.5, "inside": 1.0, "place": 0.5, "enabled": 0.25,
}  # fmt: skip
CLOSE: Final = 0.7  # what an almost equal piece counts
ADRIFT_MAX: Final = 0.5  # ids in common: below it the app's ids were renamed, above it a differing id means something
PLACE_NEAR: Final = 0.08  # of the screen's extent, between the middles


class Reason(NamedTuple):
    """One piece of evidence: what the selector says, what the candidate has."""

    piece: str
    verdict: Verdict
    wanted: str
    found: str


Verdicts: TypeAlias = Mapping[str, Verdict]  # by the name of the piece
_POINTS: Final[Mapping[str, float]] = {"agrees": 1.0, "close": CLOSE, "differs": 0.0, "missing": 0.0}
_POSITION: Final = frozenset({"place", "enabled"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """An element compared with a selector. `score` is over everything, `essence` leaves its position out; both 0..1.

    `ruled_out` says in words why it cannot be the element; "" if it can. `exact`: nothing but position differs.
    """

    element: Element
    score: float
    essence: float
    exact: bool
    ruled_out: str
    verdicts: Verdicts
    comparison: Comparison = field(repr=False, compare=False)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Each piece in words. Made when asked for: most candidates are only weighed."""
        wanted, found = self.comparison.wanted(), self.comparison.said_by(self.element)
        worded = ((name, verdict, _words(wanted[name]), _words(found[name])) for name, verdict in self.verdicts.items())
        return tuple(
            Reason(*piece) for piece in worded if piece[2] or piece[3] or piece[0] in ("name", "shape", "within")
        )


def _words(value: object) -> str:
    if isinstance(value, Bounds):
        return str(tuple(value))
    if isinstance(value, tuple):
        return " | ".join(str(part) for part in value if part != "")
    return str(value)


class Comparison:
    """What comparing candidates of one screen with one selector needs, prepared once."""

    def __init__(self, selector: Selector, derived: Features, likeness: Likeness) -> None:
        self.selector = selector
        self.derived = derived
        self.adrift = likeness.ids is not None and likeness.ids < ADRIFT_MAX
        self.name = normal(plain(selector.name))
        self.full = tuple(
            normal(plain(text)) if text else ""
            for text in (selector.text, selector.description, selector.hint, *selector.label)
        )
        self.full_said = self.full if any(self.full) else ""
        self.label = self.full[3:]
        self.row = tuple(normal(plain(text)) for text in selector.row)
        self.near = normal(plain(selector.near))
        self.values = tuple(normal(value) for value in selector.filled_with)
        self.row_with_values = [text for text in self.row if any(contains(text, value) for value in self.values)]
        self.content_tells = "within" in selector.needs and not self.values
        self.texts = selector.page.texts
        self.ids = selector.page.ids

    def may_be(self, element: Element) -> bool:
        """A cheap look: False only for what `compare` would rule out for a needed piece nothing can excuse."""
        derived, needs = self.derived, self.selector.needs
        if "shape" in needs and derived.shapes[element.index] != self.selector.shape:
            return False
        if "role" in needs and (element.cls != self.selector.cls or role(element) != self.selector.role):
            return False
        name = derived.name(element)
        if name != self.name and (not self.name or (self.selector.flow and not self.values)):
            return False
        if "near" in needs and derived.near(element) != self.near:
            return False
        if self.content_tells and derived.within(element) != self.selector.within:
            return False
        return "row" not in needs or self._row(derived.row(element)) == "agrees"

    def compare(self, element: Element) -> Candidate:
        """Weighs every piece. One that neither then nor now says anything weighs nothing."""
        selector, derived = self.selector, self.derived
        name, full = derived.name(element), derived.full(element)
        row, near = derived.row(element), derived.near(element)
        entry = element.entry
        same_role = element.cls == selector.cls and role(element) == selector.role
        pieces: list[tuple[str, Verdict, object]] = [
            ("name", self._name(name, element), True),
            ("full", self._full(full), self.full_said or any(full)),
            ("id", _same(selector.entry, entry), selector.entry or entry),
            ("role", "agrees" if same_role else "differs", True),
            ("row", self._row(row), self.row or row),
            ("line", self._line(row), self.row or row),
            ("near", _same(self.near, near), self.near or near),
            ("shape", "agrees" if derived.shapes[element.index] == selector.shape else "differs", True),
        ]
        if self.content_tells:
            pieces.append(("within", "agrees" if derived.within(element) == selector.within else "differs", True))
        if not (self.name or selector.entry):
            pieces.append(("inside", "agrees" if derived.inside(element) == selector.inside else "differs", True))
        if not selector.filled_with:
            pieces.append(("place", self._place(element), True))
        enabled = bool(element.flags & ENABLED)
        pieces.append(("enabled", "agrees" if enabled == selector.enabled else "differs", True))
        return self._weighed(element, pieces)

    def _weighed(self, element: Element, pieces: list[tuple[str, Verdict, object]]) -> Candidate:
        total = essence_total = got = essence_got = 0.0
        exact = True
        near_counts = "near" in self.selector.needs
        for name, verdict, said in pieces:
            if not said:
                continue
            weight = WEIGHTS[name]
            if name == "id" and self.selector.id_count > 1:
                weight /= 2
            points = weight * _POINTS[verdict]
            total, got = total + weight, got + points
            if name not in _POSITION and (near_counts or name != "near"):
                essence_total, essence_got = essence_total + weight, essence_got + points
                exact = exact and verdict == "agrees"
        verdicts = {name: verdict for name, verdict, _ in pieces}
        ruled_out = self._unnamed(element, verdicts) if exact else self._ruled_out(element, verdicts)
        return Candidate(element, got / total, essence_got / essence_total, exact, ruled_out, verdicts, self)

    def wanted(self) -> Mapping[str, object]:
        """What the selector says, by piece."""
        selector = self.selector
        return {
            "name": self.name, "full": self.full_said, "id": selector.entry, "role": selector.cls,
            "row": self.row[:1], "line": self.row, "within": "", "near": self.near, "shape": "", "inside": "",
            "place": selector.bounds, "enabled": selector.enabled,
        }  # fmt: skip

    def said_by(self, element: Element) -> Mapping[str, object]:
        """What an element says, by piece."""
        derived = self.derived
        full, row = derived.full(element), derived.row(element)
        return {
            "name": derived.name(element), "full": full if any(full) else "", "id": element.entry, "role": element.cls,
            "row": row[:1], "line": row, "within": "", "near": derived.near(element), "shape": "", "inside": "",
            "place": element.bounds, "enabled": bool(element.flags & ENABLED),
        }  # fmt: skip

    def _ruled_out(self, element: Element, verdicts: Verdicts) -> str:
        selector = self.selector
        if self._lacks_a_value(element):
            return "what a slot stands for is not said by it"
        own = self.derived.own_token(element)
        if own != selector.own and own in selector.known and not self.values:
            return "it was another element when this was recorded"
        if other := self._another(element, verdicts):
            return other
        for piece in selector.needs:
            if verdicts.get(piece, "agrees") in ("agrees", "close"):
                continue
            if piece == "name" and self._may_be_reworded(element, verdicts):
                continue
            if piece == "full" and verdicts["name"] == "differs":
                continue  # judged as the name already
            if piece == "id" and self._may_be_renamed(element, verdicts):
                continue
            return f"its {piece} differs, and that told the element from others"
        return self._unnamed(element, verdicts) or self._alone(element, verdicts)

    def only_beside(self, element: Element) -> bool:
        """Only what is said beside it tells it from others that say the same, and in that group those are, too.

        Then the neighbour proves nothing by itself: in another order another of them stands there. The element has to
        hang as it did and be of the same rank among them.
        """
        selector, derived = self.selector, self.derived
        if "near" not in selector.needs or selector.own_count == 1 or self.values or derived.alone_beside(element):
            return False
        if derived.trail(element) != selector.trail:
            return True
        row = self.row if "row" in selector.needs else None
        equal = derived.equal(derived.rivals(element), selector.own, row)
        return selector.rank >= 0 and (element.index not in equal or equal.index(element.index) != selector.rank)

    def _lacks_a_value(self, element: Element) -> bool:
        """A value that stood in what the element said is not in what this one says."""
        wanted = [text for text in (self.name, *self.full) if text]
        said = (self.derived.name(element), *self.derived.full(element))
        return any(
            any(contains(text, value) for text in wanted) and not any(contains(text, value) for text in said)
            for value in self.values
        )

    def _alone(self, element: Element, verdicts: Verdicts) -> str:
        """A text alone names nothing: it may stand elsewhere too. Its kind and one more thing must be as they were."""
        identified = verdicts["id"] == "agrees" and self.selector.id_count == 1
        if verdicts["role"] != "agrees" and not identified:
            return "its kind is another, and no id says that it is the same"
        inside = not (self.selector.text or self.selector.description or self.selector.hint)
        said = element.description or element.hint or ("" if changes_text(element) else element.text)
        if self.name and inside == bool(said) and not identified:
            return "its text stood inside it and now stands on it, or the other way round"
        near = bool(self.near) and verdicts["full"] == "agrees"
        own = {"id": bool(self.selector.entry), "row": bool(self.row), "near": near, "shape": True}
        if any(counts and verdicts[piece] == "agrees" for piece, counts in own.items()):
            return ""
        return "only its text agrees: neither id, row, neighbour nor the way down to it does"

    def _another(self, element: Element, verdicts: Verdicts) -> str:
        """Why an id or a text known from then shows that this is something else; "" if nothing does."""
        if verdicts["id"] == "differs" and element.resource_id and token_of(element.entry) in self.ids:
            return f"its id {element.entry!r} was another element's when this was recorded"
        said = self.derived.name(element)
        if verdicts["name"] in ("differs", "missing") and said and token_of(said) in self.texts:
            return f"its text {said!r} was another element's when this was recorded"
        identified = verdicts["id"] == "agrees" and self.selector.id_count == 1
        return "" if identified else self._in_other_company(element)

    def _in_other_company(self, element: Element) -> str:
        """Why what is said with its name shows that the name has moved to another thing; "" if nothing does.

        Nothing of what was said with the name is left, and all that is said with it now was said elsewhere before:
        that other row says the name now. New words beside the name are only its news (a message, a state), and what
        other rows say as well ("off", "more") belongs to none of them.
        """
        if self.values or not self.name or not (self.label or self.row):
            return ""
        derived, said = self.derived, self.derived.by_said()
        then = {text for text in (*self.label, *self.row) if text != self.name and has_letters(text)}
        beside = {*derived.label(element), *derived.row(element)} - {self.name}
        if not (then and beside):
            return ""
        thing = derived.item_of(element) or element
        now = {
            text
            for text in beside
            if has_letters(text) and all(thing.index <= index < thing.end for index in said.get(text, ()))
        }
        if not now or then & now or any(token_of(text) not in self.texts for text in now):
            return ""
        return f"what is said with it, {min(now)!r}, was said with another element when this was recorded"

    def _unnamed(self, element: Element, verdicts: Verdicts) -> str:
        """What has no text needs an id, a row or its exact surroundings; what has none of them, its exact shape."""
        if verdicts["name"] == "differs" and not self._may_be_reworded(element, verdicts):
            return "it says something else"
        if self.name:
            return ""
        if verdicts["role"] != "agrees" and verdicts["id"] != "agrees":
            return "nothing names it, and its kind is another"
        if self.selector.entry and verdicts["id"] != "agrees" and not self._may_be_renamed(element, verdicts):
            return "nothing names it but its id, and that differs"
        around = ("shape", "inside", "near") if self.near else ("shape", "inside")
        if not self.selector.entry and any(verdicts[piece] != "agrees" for piece in around):
            return "nothing names it, and what is above, inside or next to it is not as it was"
        if not self.selector.entry and verdicts["full"] != "agrees" and not self.values:
            return "nothing names it, and what stands in it is not as it was"
        if self.selector.flow and self.row and verdicts["row"] != "agrees":
            return "nothing names it but its kind, and the list row is another"
        return ""

    def _may_be_reworded(self, element: Element, verdicts: Verdicts) -> bool:
        """The same element with another text: its id is the same, was and is single, and it is in no list."""
        if self.values or not self.name:
            return False
        single = self.selector.id_count == 1 and len(self.derived.with_entry(element.entry)) == 1
        return (
            bool(element.entry)
            and verdicts["id"] == "agrees"
            and single
            and verdicts["role"] == "agrees"
            and not self.selector.flow
            and not self.derived.in_flow(element)
            and not opposes(self.name, self.derived.name(element))
        )

    def _may_be_renamed(self, element: Element, verdicts: Verdicts) -> bool:
        """The same element under a new id: an update renamed them all, and everything else is as it was."""
        if verdicts["id"] != "agrees" and element.entry and token_of(element.entry) in self.ids:
            return False
        surroundings = all(verdicts[name] == "agrees" for name in ("name", "shape", "role"))
        kept = verdicts["near"] != "differs" or bool(self.name)
        return surroundings and kept and (self.adrift or bool(self.name)) and self._hangs_as_before(element)

    def _hangs_as_before(self, element: Element) -> bool:
        """Same positions all the way up, and as many siblings: none was taken away before it."""
        derived, selector = self.derived, self.selector
        return derived.trail(element) == selector.trail and derived.siblings(element) == selector.siblings

    def _name(self, name: str, element: Element) -> Verdict:
        wanted = self.name
        if name == wanted:
            return "agrees"
        if not wanted or not name:
            return "missing" if wanted else "differs"
        if self.values:
            return "close" if self._says_values(name, element) else "differs"
        if self.selector.flow or self.derived.in_flow(element):
            return "differs"
        same_id = self.selector.entry == element.entry != ""
        at_home = same_id or self.derived.shapes[element.index] == self.selector.shape
        return "close" if at_home and same_letters(wanted, name) else "differs"

    def _says_values(self, name: str, element: Element) -> bool:
        """A description that merges several things still says the slots' values, each as one of them."""
        inside = [value for value in self.values if contains(self.name, value)]
        if not inside:
            return False
        if self.name in inside:
            said = {name, *parts(element.text), *parts(element.description), *self.derived.label(element)}
            return all(value in said for value in inside)
        return all(contains(name, value) for value in inside) and alike(self.name, name) >= LIKE_MIN

    def _full(self, full: tuple[str, ...]) -> Verdict:
        if full == self.full:
            return "agrees"
        wanted = {text for text in self.full if text}
        if not wanted:
            return "differs"
        if self.values:
            return "agrees" if wanted <= set(full) else "differs"
        return "differs"

    def _row(self, row: tuple[str, ...]) -> Verdict:
        """What the list item says first; or, where a slot stood in it, the slot's value anywhere in it."""
        if self.row_with_values:
            return "agrees" if all(text in row for text in self.row_with_values) else "differs"
        if row[:1] == self.row[:1]:
            return "agrees"
        return "missing" if self.row and not row else "differs"

    def _line(self, row: tuple[str, ...]) -> Verdict:
        if row == self.row or (self.row_with_values and self._row(row) == "agrees"):
            return "agrees"
        return "missing" if self.row and not row else "differs"

    def _place(self, element: Element) -> Verdict:
        then, size, now = self.selector.bounds, self.selector.size, element.bounds
        here = self.derived.screen.size
        apart = max(
            abs((then.left + then.right) / (2 * size.width_px) - (now.left + now.right) / (2 * here.width_px)),
            abs((then.top + then.bottom) / (2 * size.height_px) - (now.top + now.bottom) / (2 * here.height_px)),
        )
        return "agrees" if apart <= PLACE_NEAR else "differs"


def _same(wanted: str, found: str) -> Verdict:
    if wanted == found:
        return "agrees"
    return "missing" if wanted and not found else "differs"
