"""Which page a screen shows, whatever it says at the moment: `identity` and how alike two of them are.

An identity is three sets of tokens, each split into what stands still and what scrolls: *shapes* (chains of classes and
what can be done there), *ids*, and *texts* (labels with letters in them). Sets, so a list item more changes nothing;
what scrolls counts little, so scrolling changes little. Status bar, keyboard and toasts are left out. What lies *over*
the page (a dialog in the same tree, a sheet, a menu) is a part of the identity of its own and must be equal.
Two independent views have to agree: an update that renames every id, or a page with all texts changed, is still the
same page; another page of the same app shares its frame, and neither enough shapes nor enough ids or texts.
Never sees a picture. Tokens are stable between versions and may be stored (`to_data`).
Idea: AndroidEnv / DroidBot state abstraction by structure; weights and thresholds are ours, chosen on 42
real dumps and checked by tests/perception/test_identity.py and `mobimem eval screen`.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from perception.element import ACTIONABLE, SCROLLABLE, VISIBLE, Bounds, Element
from perception.errors import SelectorMalformed
from perception.features import INSIDE, Features, features, mix, token_of
from perception.screen import Screen
from perception.words import has_letters, normal

SAME_MIN: Final = 0.7  # 17 pairs of pages of one package in 42 real dumps: <= .55 but for Chrome's (.83)
FLOW_WEIGHT: Final = 0.3  # of what scrolls, against what stands still
VIEW_MIN: Final = 4  # tokens; a view with fewer says nothing
RICH: Final = 12  # shapes; with fewer, shapes alone name no page
EQUAL_MIN: Final = 0.95  # shapes in common of a page that was only renamed
RENAMED_MAX: Final = 0.2  # ids in common after an update that renamed them: the system's own stay
OVERLAY_MIN: Final = 0.12  # of the screen's area: less is a badge, a bar or a button that floats
LAYERS_MAX: Final = 16  # large parts side by side that are looked at for being covered
LANDMARK_MIN: Final = 0.25  # of the smaller set: pages filled with other things keep some of their labels
BAR_MAX: Final = 0.15  # of the screen's area: a system window up to here is a bar
_KEYBOARDS: Final = ("inputmethod", "keyboard", ".ime", "swiftkey", "honeyboard", "gboard", "sogou", "pinyin")


@dataclass(frozen=True, slots=True)
class Tokens:
    """One view of a page: tokens of what stands still, and of what scrolls only. No token is in both."""

    still: frozenset[int]
    flow: frozenset[int]

    @property
    def all(self) -> frozenset[int]:
        return self.still | self.flow

    def likeness(self, other: Tokens, *, part: bool = False) -> float | None:
        """Weighted share of common tokens, 0..1; None where there are too few to say.

        With `part`, a page that shows less of the other (a keyboard covers the rest) is not held against it.
        """
        if part:
            return self._likeness_in_part(other)
        both_still = len(self.still & other.still)
        one_still = len(self.still & other.flow) + len(self.flow & other.still)
        common = both_still + one_still + len(self.flow & other.flow)
        union = len(self.still) + len(self.flow) + len(other.still) + len(other.flow) - common
        if union < VIEW_MIN:
            return None
        still = len(self.still) + len(other.still) - both_still
        shared = FLOW_WEIGHT * common + (1 - FLOW_WEIGHT) * (both_still + one_still)
        return shared / (FLOW_WEIGHT * union + (1 - FLOW_WEIGHT) * still)

    def _likeness_in_part(self, other: Tokens) -> float | None:
        mine, theirs = self.all, other.all
        common = mine & theirs
        if len(mine | theirs) < VIEW_MIN:
            return None
        fewer = min(mine, theirs, key=len)
        still = self.still | other.still
        shared = FLOW_WEIGHT * len(common) + (1 - FLOW_WEIGHT) * len(common & still)
        return shared / (FLOW_WEIGHT * len(fewer) + (1 - FLOW_WEIGHT) * len(still & fewer))

    def __contains__(self, token: object) -> bool:
        return token in self.still or token in self.flow


@dataclass(frozen=True, slots=True)
class ScreenIdentity:
    """What names a page. Hashable; `key` is equal for equal identities and fit for an exact index, `sketch` (the
    smallest tokens, a bottom-k MinHash) for a coarse one."""

    package: str
    activity: str
    shapes: Tokens
    ids: Tokens
    texts: Tokens
    over: frozenset[int]
    keyboard: bool = False

    @property
    def key(self) -> str:
        """Digest of what stands still, without texts: the same for the page in another language or scroll position."""
        parts = [self.package, self.activity, *map(str, sorted(self.shapes.still | self.ids.still | self.over))]
        return hashlib.blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()

    @property
    def sketch(self) -> tuple[int, ...]:
        return tuple(sorted(self.shapes.still | self.ids.still)[:16])

    def shares_texts(self, other: ScreenIdentity, *, besides: int = 0) -> bool:
        """Whether what both say agrees in places: what stands still with what stands still, else what scrolls.

        True where either says too little to tell. `besides` is the token of a text that shall not count.
        """
        pairs = ((self.texts.still, other.texts.still), (self.texts.flow, other.texts.flow))
        told = False
        for mine, theirs in pairs:
            fewer = min(len(mine - {besides}), len(theirs - {besides}))
            if fewer >= VIEW_MIN:
                told = True
                if len((mine & theirs) - {besides}) >= LANDMARK_MIN * fewer:
                    return True
        return not told

    def to_data(self) -> dict[str, Any]:
        """Plain JSON data; `from_data` is its inverse."""
        views = {name: [packed(view.still), packed(view.flow)] for name, view in self._views()}
        return {
            "package": self.package,
            "activity": self.activity,
            "keyboard": self.keyboard,
            "over": packed(self.over),
            **views,
        }

    def _views(self) -> Iterable[tuple[str, Tokens]]:
        return (("shapes", self.shapes), ("ids", self.ids), ("texts", self.texts))

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> ScreenIdentity:
        """Reads what `to_data` wrote.

        Raises:
            SelectorMalformed: fields are missing or of another form.
        """
        try:
            views = {name: _tokens(*(unpacked(part) for part in data[name])) for name in ("shapes", "ids", "texts")}
            return cls(
                package=str(data["package"]),
                activity=str(data["activity"]),
                keyboard=bool(data["keyboard"]),
                over=unpacked(data["over"]),
                **views,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise SelectorMalformed(f"no screen identity: {error!r}") from error


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two pages are, 0..1, and each view's word; None where a view has too little to say."""

    score: float
    shapes: float | None
    ids: float | None
    texts: float | None

    @property
    def same(self) -> bool:
        return self.score >= SAME_MIN


def identity(screen: Screen) -> ScreenIdentity:
    """The identity of the page on the screen. Computed once per screen."""
    known = screen.derived.get("identity")
    if not isinstance(known, ScreenIdentity):
        known = screen.derived["identity"] = _identity(screen)
    return known


def same_page(one: ScreenIdentity, other: ScreenIdentity) -> bool:
    """Whether both are the same page; other texts, scroll position, an item more, keyboard or toast do not matter."""
    return likeness(one, other).same


def likeness(one: ScreenIdentity, other: ScreenIdentity) -> Likeness:
    """How alike two pages are. Another package, activity or overlay is another page (0)."""
    if one.package != other.package or one.over != other.over:
        return Likeness(0.0, None, None, None)
    if one.activity and other.activity and one.activity != other.activity:
        return Likeness(0.0, None, None, None)
    part = one.keyboard != other.keyboard
    shapes = one.shapes.likeness(other.shapes, part=part)
    ids = one.ids.likeness(other.ids, part=part)
    texts = one.texts.likeness(other.texts, part=part)
    views = sorted((view for view in (shapes, ids, texts) if view is not None), reverse=True)
    if not views:
        alike = one.shapes == other.shapes and one.ids == other.ids and one.texts == other.texts
        score = float(alike)
    elif len(views) == 1:
        score = views[0]
    else:
        score = (views[0] + views[1]) / 2
        rich = min(len(one.shapes.all), len(other.shapes.all)) >= RICH
        if shapes is not None and rich and (ids is None or (ids <= RENAMED_MAX and shapes >= EQUAL_MIN)):
            score = max(score, shapes)  # no ids, or all of them renamed: many equal shapes are a page
    return Likeness(score, shapes, ids, texts)


def _identity(screen: Screen) -> ScreenIdentity:
    derived = features(screen)
    package, windows = page_windows(screen)
    shapes: tuple[set[int], set[int]] = (set(), set())
    ids: tuple[set[str], set[str]] = (set(), set())
    texts: tuple[set[str], set[str]] = (set(), set())
    mask = ACTIONABLE | SCROLLABLE
    tapped: list[int] = []
    flowing, shape_of = derived.flowing, derived.shapes
    for root in windows:
        for element in screen.elements[root : screen.elements[root].end]:
            flags = element[11]
            if not flags & VISIBLE:
                continue
            index = element[0]
            flow = flowing[index] & INSIDE
            if flags & ACTIONABLE:
                tapped.append(index)
            shapes[flow].add(shape_of[index] ^ (flags & mask))
            if element[7]:
                ids[flow].add(element[7])
            said = element[4] or element[5]
            if said and not element.editable:
                texts[flow].add(said)
    return ScreenIdentity(
        package=package,
        activity=screen.activity,
        shapes=_tokens(*shapes),
        ids=_tokens(*(map(_entry, resource_ids) for resource_ids in ids)),
        texts=_tokens(*(filter(None, map(_landmark, said)) for said in texts)),
        over=frozenset(_overlays(screen, derived, windows, tapped)),
        keyboard=screen.keyboard_shown,
    )


@lru_cache(maxsize=16384)
def _entry(resource_id: str) -> int:
    return token_of(resource_id.rpartition("/")[2])


@lru_cache(maxsize=16384)
def _landmark(text: str) -> int:
    """The token of what a text says; 0 for numbers, times and signs. Kept: a page is read again and again."""
    said = normal(text)
    return token_of(said) if has_letters(said) else 0


def _tokens(still: Iterable[int], flow: Iterable[int]) -> Tokens:
    fixed = frozenset(still)
    return Tokens(fixed, frozenset(flow) - fixed)


def page_windows(screen: Screen) -> tuple[str, tuple[int, ...]]:
    """The package in front and the roots of its page: without keyboard, status bar, navigation bar and toasts."""
    area = screen.size.width_px * screen.size.height_px
    kept: list[Element] = []
    for index in screen.roots:
        root = screen.elements[index]
        mine = root.package == screen.package and bool(screen.package)
        thin = root.bounds.area_px <= BAR_MAX * area
        bar = root.package == "com.android.systemui" and thin
        keyboard = any(word in root.package.lower() for word in _KEYBOARDS)
        if mine or not (bar or keyboard or _is_toast(screen, root, thin)):
            kept.append(root)
    kept = kept or [screen.elements[index] for index in screen.roots]
    if screen.package and any(root.package == screen.package for root in kept):
        package = screen.package
    else:
        package = max(kept, key=lambda root: root.bounds.area_px).package or screen.package
    return package, tuple(root.index for root in kept)


def _is_toast(screen: Screen, root: Element, thin: bool) -> bool:
    if "Toast" in root.cls:
        return True
    inside = screen.elements[root.index : root.end]
    return thin and len(inside) <= 4 and len(screen.roots) > 1 and not any(part.flags & ACTIONABLE for part in inside)


def _overlays(screen: Screen, derived: Features, windows: tuple[int, ...], tapped: list[int]) -> Iterable[int]:
    """Tokens of the parts that lie over others and take taps: dialogs, sheets, menus, a second page in the same tree.

    `tapped` are the indices of what takes taps, ascending.
    """
    for root in windows[1:]:
        yield mix(1, derived.shapes[root])
    least = OVERLAY_MIN * screen.size.width_px * screen.size.height_px
    for root in windows:
        for element in screen.elements[root : screen.elements[root].end]:
            if len(element[3]) > 1 and not derived.flowing[element[0]] and element.flags & VISIBLE:
                yield from _lying_over(screen, derived, element, tapped, least)


def _lying_over(screen: Screen, derived: Features, element: Element, tapped: list[int], least: float) -> Iterable[int]:
    """Tokens of the children that take taps and cover an earlier child that says something or takes taps."""
    holders, elements = derived.holders(), screen.elements
    below: list[Bounds] = []
    for index in element.children:
        part = elements[index]
        box = part.bounds
        left, top, right, bottom = box
        area = (right - left) * (bottom - top)
        if area < least or not part.flags & VISIBLE:
            continue
        taken = _any_in(tapped, index, part.end)
        if taken and any(under.meet(box).area_px >= 0.5 * area for under in below):
            yield derived.shapes[index]
        if (taken or _any_in(holders, index, part.end)) and len(below) < LAYERS_MAX:
            below.append(box)


def _any_in(ascending: list[int], start: int, end: int) -> bool:
    place = bisect_left(ascending, start)
    return place < len(ascending) and ascending[place] < end


def packed(tokens: frozenset[int]) -> str:
    """The tokens as text, 8 hexadecimal digits each, in ascending order."""
    return "".join(f"{token & 0xFFFFFFFF:08x}" for token in sorted(tokens))


def unpacked(packed: str) -> frozenset[int]:
    """The tokens of a text that `packed` made.

    Raises:
        ValueError: it is none.
    """
    if len(packed) % 8:
        raise ValueError("tokens are 8 hexadecimal digits each")
    return frozenset(int(packed[at : at + 8], 16) for at in range(0, len(packed), 8))
