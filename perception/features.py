"""What is derived of a screen's elements once and used many times: shapes, rows, labels, neighbours, own tokens.

All of it is state-independent: focus, checks and selection never enter. Tokens are 32-bit hashes that stay the same
between processes and versions (CRC-32), so they may be stored; two screens are compared by sets of them.
Computed when first asked for and kept in `Screen.derived`; costs are per element asked about, not per screen, except
`shapes` and `own_tokens`, one pass each. Never decides anything: that is `perception.identity` and `perception.locate`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from typing import Final
from zlib import crc32

from perception.element import ACTIONABLE, SCROLLABLE, VISIBLE, Element
from perception.screen import Screen
from perception.words import normal

_LISTS: Final = ("RecyclerView", "ListView", "GridView", "ScrollView", "ViewPager", "ViewPager2", "LazyColumn")
_STATEFUL: Final = ("Switch", "SwitchCompat", "ToggleButton", "SeekBar", "ProgressBar")
LABEL_TEXTS_MAX: Final = 8  # a group with more texts is a part of the page, not a thing with a name
LABEL_NODES_MAX: Final = 60
MASK: Final = 0xFFFFFFFF
INSIDE: Final = 1
SCROLLER: Final = 2


def mix(one: int, other: int) -> int:
    """A 32-bit token of an ordered pair of tokens."""
    value = (one * 0x9E3779B1 + other + 0x7F4A7C15) & MASK
    return ((value ^ (value >> 15)) * 0x85EBCA77) & MASK


@lru_cache(maxsize=16384)
def token_of(text: str) -> int:
    """A 32-bit token of a text: the same in every process and on every machine."""
    return crc32(text.encode("utf-8", "replace"))


class Features:
    """The derived data of one screen. Get it with `features(screen)`."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.elements = screen.elements
        self.shapes, self.flowing = self._shapes()
        self._holders: list[int] | None = None
        self._own: dict[int, int] = {}
        self._labels: dict[int, tuple[str, ...]] = {}
        self._rows: dict[int, tuple[str, ...]] = {}
        self._by_said: dict[str, list[int]] | None = None
        self._own_tokens: frozenset[int] | None = None

    def _shapes(self) -> tuple[list[int], bytearray]:
        """Per element the token of the classes from its window's root down to it, and whether it lies in a scroller."""
        shapes: list[int] = []
        flowing = bytearray(len(self.elements))
        classes: dict[str, tuple[int, int]] = {}
        add = shapes.append
        for index, element in enumerate(self.elements):
            cls, parent = element[8], element[1]
            known = classes.get(cls)
            if known is None:
                known = classes[cls] = (token_of(cls), SCROLLER if cls.endswith(_LISTS) else 0)
            scrolls = SCROLLER if element[11] & SCROLLABLE else known[1]
            if parent < 0:
                add(mix(0, known[0]))
                if scrolls:
                    flowing[index] = scrolls
            else:
                value = (shapes[parent] * 0x9E3779B1 + known[0] + 0x7F4A7C15) & MASK  # mix(), inlined: the hot loop
                add(((value ^ (value >> 15)) * 0x85EBCA77) & MASK)
                if scrolls or flowing[parent]:
                    flowing[index] = scrolls | INSIDE if flowing[parent] else scrolls
        return shapes, flowing

    def in_flow(self, element: Element) -> bool:
        """It lies in something that scrolls, so it comes and goes."""
        return bool(self.flowing[element.index] & INSIDE)

    def own_token(self, element: Element) -> int:
        """What it says of itself: class, id, texts, what stands in it. Equal tokens are twins in themselves."""
        known = self._own.get(element.index)
        if known is None:
            said = "\0".join((element.cls, element.entry, *self.full(element)))
            known = self._own[element.index] = token_of(said)
        return known

    def name(self, element: Element) -> str:
        """The one text that names the element, normalised: what it says, or what stands first in it, or its hint.

        What someone typed and what a switch shows of its state name nothing.
        """
        if changes_text(element):
            return normal(element.description) or normal(element.hint)
        if said := self.saying(element.index):
            return said
        label = self.label(element)
        return label[0] if label else normal(element.hint)

    def spoken_name(self, element: Element) -> str:
        """The name as shown, not normalised: what a template is made of."""
        if changes_text(element):
            return element.description or element.hint
        return element.text or element.description or next(iter(self.label(element)), "") or element.hint

    def full(self, element: Element) -> tuple[str, ...]:
        """Everything that is said on, about and in the element."""
        text = "" if changes_text(element) else normal(element.text)
        return (text, normal(element.description), normal(element.hint), *self.label(element))

    def holders(self) -> list[int]:
        """The indices of the visible elements that say something, in document order."""
        if self._holders is None:
            self._holders = [
                element[0] for element in self.elements if (element[4] or element[5]) and element[11] & VISIBLE
            ]
        return self._holders

    def saying(self, index: int) -> str:
        """What an element says, normalised: its text, or else its description."""
        element = self.elements[index]
        return normal(element.text) or normal(element.description)

    def texts_in(self, start: int, end: int, limit: int) -> tuple[str, ...]:
        """What `elements[start:end]` say, in document order, without repetitions; at most `limit` of them."""
        holders = self.holders()
        found: dict[str, None] = {}
        for place in range(bisect_left(holders, start), len(holders)):
            if holders[place] >= end or len(found) >= limit:
                break
            if said := self.saying(holders[place]):
                found[said] = None
        return without_initials(tuple(found))

    def label(self, element: Element) -> tuple[str, ...]:
        """What stands inside an element that says nothing itself; () for parts of the page with many texts."""
        known = self._labels.get(element.index)
        if known is None:
            known = ()
            below = element.end - element.index - 1
            silent = not element.text and not element.description
            if silent and 0 < below <= LABEL_NODES_MAX and not self.flowing[element.index] & SCROLLER:
                known = self.texts_in(element.index + 1, element.end, LABEL_TEXTS_MAX + 1)
                known = known if len(known) <= LABEL_TEXTS_MAX else ()
            self._labels[element.index] = known
        return known

    def within(self, element: Element) -> int:
        """Token of what stands inside an element that says something itself; 0 where nothing does."""
        if element.end == element.index + 1 or not self.saying(element.index):
            return 0
        said = self.texts_in(element.index + 1, min(element.end, element.index + 1 + LABEL_NODES_MAX), LABEL_TEXTS_MAX)
        return token_of("\0".join(said)) if said else 0

    def item_of(self, element: Element) -> Element | None:
        """The list item the element lies in (or is): the child of the nearest scroller above it."""
        index = element.index
        if not self.flowing[index] & INSIDE:
            return None
        while True:
            parent = self.elements[index].parent
            if self.flowing[parent] & SCROLLER:
                item = self.elements[index]
                only = len(self.elements[parent].children) == 1 and item.children
                return self._inner_item(element, item) if only else item
            index = parent

    def _inner_item(self, element: Element, item: Element) -> Element | None:
        """A scroller with one child scrolls a column: the items are its children, however deep the wrapping."""
        while len(item.children) == 1 and item.index != element.index:
            item = self.elements[item.children[0]]
        for child in item.children:
            if child <= element.index < self.elements[child].end:
                return self.elements[child]
        return None

    def row(self, element: Element) -> tuple[str, ...]:
        """What the list item around the element says besides the element; () where it is in no list."""
        known = self._rows.get(element.index)
        if known is None:
            known = self._rows[element.index] = self._row(element)
        return known

    def _row(self, element: Element) -> tuple[str, ...]:
        item = self.item_of(element)
        if item is None or item.index == element.index:
            return ()
        before = self.texts_in(item.index, element.index, LABEL_TEXTS_MAX + 1)
        after = self.texts_in(element.end, item.end, LABEL_TEXTS_MAX + 1)
        said = without_initials(tuple(dict.fromkeys(before + after)), self.name(element))
        return said if len(said) <= LABEL_TEXTS_MAX else ()  # more is a page that scrolls, not a row

    def near(self, element: Element) -> str:
        """What is said closest to the element in the tree, outside of it; "" where nothing is."""
        holders = self.holders()
        place = bisect_left(holders, element.index)
        before = holders[place - 1] if place else -1
        place = bisect_left(holders, element.end)
        after = holders[place] if place < len(holders) else -1
        index = element.parent if before >= 0 or after >= 0 else -1
        while index >= 0:
            above = self.elements[index]
            low, high = above.index, above.end
            if before >= low and self.saying(before):
                return self.saying(before)
            if after < high and after >= 0 and self.saying(after):
                return self.saying(after)
            index = above.parent
        return ""

    def alone_beside(self, element: Element) -> bool:
        """Whether the smallest group that holds the element and something said outside of it holds no twin of it.

        Where it holds one, what is said beside the element only tells in which order they stand.
        """
        own = self.own_token(element)
        above = element.parent
        while above >= 0:
            group = self.elements[above]
            around = (*self.texts_in(above, element.index, 1), *self.texts_in(element.end, group.end, 1))
            if around:
                inside = self.elements[above : group.end]
                alike = (other for other in inside if other.cls == element.cls and other.visible)
                return sum(self.own_token(other) == own for other in alike) <= 1
            above = group.parent
        return False

    def by_said(self) -> dict[str, list[int]]:
        """The visible elements that say something themselves, by what they say."""
        if self._by_said is None:
            groups: dict[str, list[int]] = {}
            elements = self.elements
            for index in self.holders():
                element = elements[index]
                said = normal(element[4]) or normal(element[5])
                if said in groups:
                    groups[said].append(index)
                else:
                    groups[said] = [index]
            self._by_said = groups
        return self._by_said

    def with_entry(self, entry: str) -> list[int]:
        """The visible elements whose resource id has this entry, in document order; none for ""."""
        if not entry:
            return []
        return [
            element[0]
            for element in self.elements
            if element[7].endswith(entry) and element[11] & VISIBLE and element.entry == entry
        ]

    def own_tokens(self) -> frozenset[int]:
        """The own tokens of all visible elements."""
        if self._own_tokens is None:
            self._own_tokens = frozenset(self.own_token(element) for element in self.elements if element.visible)
        return self._own_tokens

    def count_equal(self, indices: Iterable[int], own: int, row: tuple[str, ...] | None) -> int:
        """How many of the elements have this own token; with `row`, how many of them in such a row."""
        return len(self.equal(indices, own, row))

    def equal(self, indices: Iterable[int], own: int, row: tuple[str, ...] | None) -> list[int]:
        """The elements with this own token; with `row`, those of them in such a row."""
        equal = [index for index in indices if self.own_token(self.elements[index]) == own]
        return equal if row is None else [index for index in equal if self.row(self.elements[index])[:1] == row[:1]]

    def rivals(self, element: Element) -> list[int]:
        """The visible elements one could take for it: all; for what has neither name nor id, those of its shape."""
        named = bool(element.resource_id or self.name(element))
        shape = self.shapes[element.index]
        return [
            other.index for other in self.elements if other.visible and (named or self.shapes[other.index] == shape)
        ]

    def siblings(self, element: Element) -> int:
        """How many share its parent, itself included; for a root, how many windows there are."""
        return len(self.elements[element.parent].children) if element.parent >= 0 else len(self.screen.roots)

    def inside(self, element: Element) -> int:
        """Token of the classes below it: of all of them in a small fixed group, else of its children as a set."""
        below = self.elements[element.index + 1 : element.end]
        if len(below) <= LABEL_NODES_MAX and not self.flowing[element.index] & SCROLLER:
            return token_of("\0".join(f"{part.cls}{len(part.children)}" for part in below))
        return token_of("\0".join(sorted({self.elements[child].cls for child in element.children})))

    def trail(self, element: Element, limit: int = 64) -> tuple[int, ...]:
        """Its position among its siblings, then its parent's, up to the root of the window."""
        found: list[int] = []
        while element.parent >= 0 and len(found) < limit:
            parent = self.elements[element.parent]
            found.append(parent.children.index(element.index))
            element = parent
        found.append(self.screen.roots.index(element.index) if element.parent < 0 else 0)
        return tuple(found)


def without_initials(texts: tuple[str, ...], beside: str = "") -> tuple[str, ...]:
    """The texts less a leading single character that only repeats how the next one, or `beside`, begins.

    The initial on a contact's disc says nothing of its own: two contacts share it, and another value has another.
    """
    if texts and len(texts[0]) == 1 and any(text.startswith(texts[0]) for text in (*texts[1:2], beside)):
        return texts[1:]
    return texts


def changes_text(element: Element) -> bool:
    """Its text is its state: what was typed, or on and off."""
    return element.editable or element.cls.endswith(_STATEFUL)


def role(element: Element) -> int:
    """What can be done with it, as bits: tapped, held, checked; scrolled; typed into."""
    return (element.flags & (ACTIONABLE | SCROLLABLE)) | (1 << 20 if element.editable else 0)


def features(screen: Screen) -> Features:
    """The screen's derived data, made at the first call."""
    known = screen.derived.get("features")
    if not isinstance(known, Features):
        known = screen.derived["features"] = Features(screen)
    return known
