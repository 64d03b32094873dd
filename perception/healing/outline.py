"""`Outline`: what the elements of one page say and are, laid out for holding two whole pages side by side.

Only what is visible of the page itself (no status bar, keyboard or toast). Wrappers that hold one thing are looked
through: `up` is the group an element stands in, whatever layouts were put around it. `listed` marks what a list
repeats: such an element is known by what it says and never by where it stands. Pure; derived once per screen.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from perception.element import ACTIONABLE, SCROLLABLE, Element
from perception.features import SCROLLER, Features, changes_text, features, role
from perception.identity import page_windows
from perception.meanings import concepts
from perception.screen import Screen
from perception.words import has_letters, normal

SPEAKING_MAX: Final = 8  # what says more than this is a page or a list, and what stands in it are no neighbours

Form = tuple[int, int]


class Outline:
    """One page. Get it with `outline(screen)`; everything is by the index of an element in its screen."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.derived: Features = features(screen)
        elements = screen.elements
        _, windows = page_windows(screen)
        self.nodes = [
            element.index
            for root in windows
            for element in elements[root : elements[root].end]
            if element.visible or element.index == root
        ]
        self.of_page = frozenset(self.nodes)
        self.up = {index: self._group(elements[index]) for index in self.nodes}
        self.entry = {index: elements[index].entry for index in self.nodes}
        self.name = {index: self.derived.name(elements[index]) for index in self.nodes}
        self.said = {index: self._said(elements[index]) for index in self.nodes}
        self.form: dict[int, Form] = {
            index: (self.derived.shapes[index], role(elements[index])) for index in self.nodes
        }
        self.kind = {index: (elements[index].cls, role(elements[index])) for index in self.nodes}
        self.entries = Counter(entry for entry in self.entry.values() if entry)
        self.names = Counter(self.names_of(index) for index in self.nodes if self.names_of(index)[0])
        self.forms = Counter(self.form.values())
        self.kinds = Counter(self.kind.values())
        self.saids = Counter(said for said in self.said.values() if said)
        self.groups = Counter(self.up.values())
        self.before, self.after = self._neighbours()
        self.listed = self._listed()

    def names_of(self, index: int) -> tuple[str, bool]:
        """Its name, and whether it can be acted on: a heading and a button of one name are told apart."""
        return self.name[index], bool(self.screen.elements[index].flags & ACTIONABLE)

    def meaning(self, index: int) -> frozenset[str]:
        """The concepts of the common interface words it goes by; empty where its name is no such word."""
        return concepts(self.name[index])

    def kinds_in(self, group: int, index: int) -> int:
        """How many of an element's kind (class and what can be done with it) stand in a group."""
        return sum(1 for other in self.nodes if self.up[other] == group and self.kind[other] == self.kind[index])

    def speaking_around(self, index: int) -> list[int]:
        """What speaks in the smallest group above an element in which something besides it does; [] where that group
        says too much to be one, or where another of the element's kind stands in it."""
        element = self.screen.elements[index]
        for above in self.screen.ancestors(element):
            inner = [i for i in range(above.index + 1, above.end) if i in self.of_page]
            found = [i for i in inner if self.said[i] and not index <= i < element.end]
            if found:
                alone = sum(self.kind[i] == self.kind[index] for i in (above.index, *inner)) == 1
                return found if alone and len(found) <= SPEAKING_MAX else []
        return []

    def _group(self, element: Element) -> int:
        """The nearest element above with more than one child; -1 where there is none."""
        elements, index = self.screen.elements, element.parent
        while index >= 0 and len(elements[index].children) < 2:
            index = elements[index].parent
        return index

    def _said(self, element: Element) -> str:
        """What it says of itself; of a field what it is for. A number alone says nothing that lasts."""
        if changes_text(element):
            own = normal(element.description) or normal(element.hint)
        else:
            own = normal(element.text) or normal(element.description) or normal(element.hint)
        return own if has_letters(own) else ""

    def _neighbours(self) -> tuple[dict[int, int], dict[int, int]]:
        """For each element the nearest one before and after it, outside of it, that has an id or says something."""
        telling = [index for index in self.nodes if self.said[index] or self.entry[index]]
        before: dict[int, int] = {}
        after: dict[int, int] = {}
        last = -1
        place = 0
        for index in self.nodes:
            while place < len(telling) and telling[place] < index:
                last = telling[place]
                place += 1
            before[index] = last
            end, ahead = self.screen.elements[index].end, place
            while ahead < len(telling) and telling[ahead] < max(end, index + 1):
                ahead += 1
            after[index] = telling[ahead] if ahead < len(telling) else -1
        return before, after

    def _listed(self) -> frozenset[int]:
        """The elements of which the same scroller holds another, in another item."""
        seen: dict[tuple[int, Form], set[int]] = {}
        where: dict[int, tuple[tuple[int, Form], int]] = {}
        for index in self.nodes:
            element = self.screen.elements[index]
            item = self.derived.item_of(element)
            if item is None:
                continue
            scroller = self._scroller(element)
            shape = self.derived.shapes[index], element.flags & (ACTIONABLE | SCROLLABLE)
            key = (scroller, shape)
            seen.setdefault(key, set()).add(item.index)
            where[index] = (key, item.index)
        return frozenset(index for index, (key, _) in where.items() if len(seen[key]) > 1)

    def _scroller(self, element: Element) -> int:
        index = element.parent
        while index >= 0 and not self.derived.flowing[index] & SCROLLER:
            index = self.screen.elements[index].parent
        return index


def outline(screen: Screen) -> Outline:
    """The page's outline, made at the first call."""
    known = screen.derived.get("outline")
    if not isinstance(known, Outline):
        known = screen.derived["outline"] = Outline(screen)
    return known
