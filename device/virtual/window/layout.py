"""Gives every view of a tree a place: a pure function from views, bounds and scroll offsets to boxes.

Sizes are settled bottom-up in one pass (each container offers its children what is left, as Android's measure specs
do), places top-down in a second. The rules where Android's own are surprising follow CSS flex: a child that fills its
container's main axis shares what is left by weight 1, and a container with weighted children takes all it is offered.
Invisible views take no room and give no box. Children scrolled or pushed out of sight keep their bounds and have an
empty `visible`. What scrolls is seen under the padding too, as in Android's lists with clipToPadding="false". Nothing
here knows of windows, touches or pictures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from device.virtual.window.frame import Box, Rect, ScrollExtent
from device.virtual.window.measure import FixedMeasure, TextMeasure
from device.virtual.window.view import FILL, Edges, Length, View

__all__ = ["BULLET", "SLIDER_INSET_DP", "FixedMeasure", "Path", "Surroundings", "TextMeasure", "fitted_size", "layout"]

UNBOUNDED_PX = 1 << 24  # what a scrolling container offers along its axis
BULLET = "\u2022"
SLIDER_INSET_DP = 16.0  # the track of a slider starts and ends this far inside its box
LABEL_GAP_DP = 8.0  # between a switch, checkbox or radio button, or a text's icon, and the words

_WIDGET_DP: dict[str, tuple[float, float]] = {
    "switch": (52, 40),
    "checkbox": (32, 40),
    "radio": (32, 40),
    "slider": (200, 40),
    "progress": (200, 4),
}

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a layout depends on beside the views themselves. Offsets and focus are named by path."""

    density: float
    measure: TextMeasure
    font_scale: float = 1.0
    offsets_px: Mapping[Path, int] = field(default_factory=dict)
    focus: Path | None = None
    cursor: int | None = None
    pressed: Path | None = None


def layout(view: View, bounds: Rect, around: Surroundings, *, clip: Rect | None = None) -> Box:
    """Lays `view` out to fill `bounds` exactly; what lies outside `clip` (default: the bounds) is not visible."""
    pass_ = _Pass(around)
    node = pass_.measure(view, (_key(view, 0),), 0, _Offer(bounds.width, True, bounds.height, True))
    return pass_.place(node, bounds.left, bounds.top, bounds if clip is None else clip)


def fitted_size(view: View, width_px: int, max_height_px: int, around: Surroundings) -> tuple[int, int]:
    """The (width, height) a view takes when it is `width_px` wide, or narrower if it wants no more, and fits its
    content in height."""
    pass_ = _Pass(around)
    width, exact_width = pass_.length(view.width, width_px, False)
    height, exact_height = pass_.length(view.height, max_height_px, False)
    offer = _Offer(min(width, width_px), exact_width, min(height, max_height_px), exact_height)
    node = pass_.measure(view, (_key(view, 0),), 0, offer)
    return node.width, node.height


class _Offer(NamedTuple):
    """The room a view is given; where exact it must take it, else it may take less."""

    width: int
    exact_width: bool
    height: int
    exact_height: bool


class _Node:
    """A view with its size, and its children with their places relative to its own upper left corner."""

    __slots__ = ("children", "content_px", "height", "index", "lines", "path", "view", "viewport_px", "width")

    def __init__(self, view: View, path: Path, index: int, width: int, height: int) -> None:
        self.view = view
        self.path = path
        self.index = index
        self.width = width
        self.height = height
        self.children: list[tuple[_Node, int, int]] = []
        self.lines: tuple[str, ...] = ()
        self.content_px = 0
        self.viewport_px = 0


class _Pass:
    """One layout run. Lengths are in px from here on."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._density = around.density
        self._text = around.measure

    def px(self, length_dp: float) -> int:
        return max(1, int(length_dp * self._density + 0.5)) if length_dp > 0 else int(length_dp * self._density)

    def edges(self, edges: Edges) -> tuple[int, int, int, int]:
        if edges is _NO_EDGES or edges == _NO_EDGES:
            return 0, 0, 0, 0
        return self.px(edges.left), self.px(edges.top), self.px(edges.right), self.px(edges.bottom)

    def measure(self, view: View, path: Path, index: int, offer: _Offer) -> _Node:
        """Settles the size of a view and all below it."""
        kind = view.kind
        if kind in ("column", "scroll", "row", "hscroll"):
            return self._linear(view, path, index, offer)
        if kind == "frame":
            return self._frame(view, path, index, offer)
        return self._leaf(view, path, index, offer)

    # ---- containers

    def _linear(self, view: View, path: Path, index: int, offer: _Offer) -> _Node:
        horizontal = view.kind in ("row", "hscroll")
        scrolls = view.kind in ("scroll", "hscroll")
        left, top, right, bottom = self.edges(view.pad)
        width, exact_width, height, exact_height = offer
        if horizontal:
            along, exact, pad, pad_along = width, exact_width, left, left + right
            across, exact_across, pad_side, pad_across = height, exact_height, top, top + bottom
        else:
            along, exact, pad, pad_along = height, exact_height, top, top + bottom
            across, exact_across, pad_side, pad_across = width, exact_width, left, left + right

        line = _Line(self, view, path, horizontal)
        used = line.measure(
            UNBOUNDED_PX if scrolls else _less(along, pad_along), _less(across, pad_across), exact_across
        )
        takes_all = exact or (line.grows and along < UNBOUNDED_PX)
        extent = along if takes_all else min(used + pad_along, along)
        breadth = across if exact_across else min(line.biggest_across() + pad_across, across)
        if view.align == "stretch" and not exact_across:
            line.stretch_to(breadth - pad_across)

        node = _Node(view, path, index, *((extent, breadth) if horizontal else (breadth, extent)))
        inner = max(0, extent - pad_along)
        node.children = line.placed(pad, used if scrolls else inner, used, pad_side, breadth - pad_across)
        node.content_px, node.viewport_px = used, inner
        return node

    def _frame(self, view: View, path: Path, index: int, offer: _Offer) -> _Node:
        width, exact_width, height, exact_height = offer
        left, top, right, bottom = self.edges(view.pad)
        inner_width, inner_height = _less(width, left + right), _less(height, top + bottom)
        stretch = view.align == "stretch"
        measured: list[tuple[_Node, tuple[int, int, int, int]]] = []
        widest = highest = 0
        for position, key, child in _shown(view):
            margin = self.edges(child.margin)
            child_width, fixed_width = self.length(
                child.width, _less(inner_width, margin[0] + margin[2]), stretch and exact_width
            )
            child_height, fixed_height = self.length(
                child.height, _less(inner_height, margin[1] + margin[3]), stretch and exact_height
            )
            node = self.measure(
                child, (*path, key), position, _Offer(child_width, fixed_width, child_height, fixed_height)
            )
            measured.append((node, margin))
            widest = max(widest, node.width + margin[0] + margin[2])
            highest = max(highest, node.height + margin[1] + margin[3])
        own = _Node(
            view,
            path,
            index,
            width if exact_width else min(widest + left + right, width),
            height if exact_height else min(highest + top + bottom, height),
        )
        room_x, room_y = own.width - left - right, own.height - top - bottom
        for node, margin in measured:
            x = left + margin[0] + _aligned(view.align, room_x - node.width - margin[0] - margin[2])
            y = top + margin[1] + _aligned(view.align, room_y - node.height - margin[1] - margin[3])
            own.children.append((node, x, y))
        return own

    def length(self, length: Length, offered: int, stretch: bool) -> tuple[int, bool]:
        """(px, exact) for a child that wants `length` of what is offered."""
        if length == "wrap":
            return offered, stretch and offered < UNBOUNDED_PX
        if length == "fill":
            return offered, offered < UNBOUNDED_PX
        return self.px(float(length)), True

    # ---- leaves

    def _leaf(self, view: View, path: Path, index: int, offer: _Offer) -> _Node:
        width, exact_width, height, exact_height = offer
        left, top, right, bottom = self.edges(view.pad)
        room = _less(width, left + right)
        lines: tuple[str, ...] = ()
        kind = view.kind
        if kind == "text" and view.style.icon:
            before = self.px(view.style.icon_dp) + self.px(LABEL_GAP_DP)
            lines, content_width, content_height = self._words(view, _less(room, before))
            content_width, content_height = content_width + before, max(content_height, self.px(view.style.icon_dp))
        elif kind in ("text", "edit"):
            lines, content_width, content_height = self._words(view, room)
        elif kind == "image":
            content_width = content_height = self.px(view.style.icon_dp)
        elif kind in _WIDGET_DP:
            wide, high = _WIDGET_DP[kind]
            content_width, content_height = self.px(wide), self.px(high)
            if view.text:
                gap = self.px(LABEL_GAP_DP)
                lines, words_width, words_height = self._words(view, _less(room, content_width + gap))
                content_width += gap + words_width
                content_height = max(content_height, words_height)
        else:
            content_width = content_height = 0
        node = _Node(
            view,
            path,
            index,
            width if exact_width else min(content_width + left + right, width),
            height if exact_height else min(content_height + top + bottom, height),
        )
        node.lines = lines
        return node

    def _words(self, view: View, room: int) -> tuple[tuple[str, ...], int, int]:
        """(lines, width, height) of a view's words: a field's hint stands in for its text while it is empty."""
        style = view.style
        size = max(1, round(style.text_sp * self._density * self._around.font_scale))
        words = view.text
        if view.kind == "edit":
            words = BULLET * len(words) if view.input == "password" else words
            words = words or view.hint
            if view.input != "multiline":
                width = math.ceil(self._text.width(words, size, style.bold)) if words else 0
                return ((words,) if words else ()), min(width, room), self._text.line_height(size)
        if not words:
            return (), 0, self._text.line_height(size)
        if "\n" not in words:
            width = math.ceil(self._text.width(words, size, style.bold))
            if width <= room:
                return (words,), width, self._text.line_height(size)
        if room >= UNBOUNDED_PX:
            lines = tuple(words.split("\n"))
            lines = lines[: style.max_lines] if style.max_lines else lines
        else:
            lines = self._text.wrap(words, size, style.bold, max(1, room), style.max_lines)
        widest = max((math.ceil(self._text.width(line, size, style.bold)) for line in lines), default=0)
        return lines, min(widest, room), self._text.line_height(size) * len(lines)

    # ---- places

    def place(self, node: _Node, left: int, top: int, clip: Rect) -> Box:
        """The box of a measured view whose upper left corner stands at (left, top)."""
        view, around = node.view, self._around
        bounds = Rect(left, top, left + node.width, top + node.height)
        visible = bounds.meet(clip)
        extent, shift_x, shift_y = None, 0, 0
        if view.kind in ("scroll", "hscroll"):
            furthest = max(0, node.content_px - node.viewport_px)
            offset = min(max(0, around.offsets_px.get(node.path, furthest if view.justify == "end" else 0)), furthest)
            extent = ScrollExtent(offset, node.content_px, node.viewport_px)
            shift_x, shift_y = (-offset, 0) if view.kind == "hscroll" else (0, -offset)
        children = tuple(
            self.place(child, left + x + shift_x, top + y + shift_y, visible) for child, x, y in node.children
        )
        focused = node.path == around.focus
        return Box(
            view,
            node.path,
            node.index,
            bounds,
            visible,
            children,
            extent,
            node.lines,
            focused,
            around.pressed is not None and node.path == around.pressed,
            min(len(view.text), max(0, around.cursor or 0)) if focused and view.kind == "edit" else None,
        )


class _Line:
    """The children of one row or column while it is measured; "along" is its main axis."""

    def __init__(self, owner: _Pass, view: View, path: Path, horizontal: bool) -> None:
        self._owner = owner
        self._view = view
        self._horizontal = horizontal
        self._offered = self._side = 0
        self._stretch = False
        self.grows = False
        self._gap = owner.px(view.gap) if view.gap else 0
        self._items: list[_Item] = []
        for position, key, child in _shown(view):
            left, top, right, bottom = owner.edges(child.margin)
            item = _Item(child, (*path, key), position)
            item.before, item.after = (left, right) if horizontal else (top, bottom)
            item.side_before, item.side_after = (top, bottom) if horizontal else (left, right)
            main = child.width if horizontal else child.height
            item.weight = child.weight or (1.0 if main == FILL else 0.0)
            self._items.append(item)

    def measure(self, offered: int, side: int, exact_side: bool) -> int:
        """Measures all and returns the length they take together, gaps and margins included."""
        self._offered, self._side = offered, side
        self._stretch = self._view.align == "stretch" and exact_side
        self.grows = offered < UNBOUNDED_PX and any(item.weight > 0 for item in self._items)
        used = self._gap * max(0, len(self._items) - 1) + sum(item.before + item.after for item in self._items)
        for item in self._items:
            if not (self.grows and item.weight > 0):
                main = item.view.width if self._horizontal else item.view.height
                offered = self._offered if self._offered >= UNBOUNDED_PX else max(0, self._offered - used)
                self._measure(item, *self._owner.length(main, offered, False))
                used += self._along(item)
        if self.grows:
            left, weights = max(0, self._offered - used), sum(item.weight for item in self._items)
            for item in self._items:
                if item.weight > 0:
                    share = round(left * item.weight / weights)
                    left, weights = left - share, weights - item.weight
                    self._measure(item, share, True)
                    used += share
        return used

    def biggest_across(self) -> int:
        return max(
            (
                (item.node.height if self._horizontal else item.node.width) + item.side_before + item.side_after
                for item in self._items
            ),
            default=0,
        )

    def stretch_to(self, side: int) -> None:
        """Measures the children again, as broad as the container turned out to be."""
        self._side, self._stretch = side, True
        for item in self._items:
            self._measure(item, self._along(item), True)

    def placed(self, start: int, room: int, used: int, side_start: int, side: int) -> list[tuple[_Node, int, int]]:
        justify, spare = self._view.justify, max(0, room - used)
        gap = float(self._gap)
        position = float(start)
        if justify == "between" and len(self._items) > 1:
            gap += spare / (len(self._items) - 1)
        elif justify in ("center", "end"):
            position += spare if justify == "end" else spare / 2
        places: list[tuple[_Node, int, int]] = []
        for item in self._items:
            position += item.before
            node = item.node
            breadth = node.height if self._horizontal else node.width
            spare_side = side - breadth - item.side_before - item.side_after
            across = side_start + item.side_before + _aligned(self._view.align, spare_side)
            here = int(position)
            places.append((node, here, across) if self._horizontal else (node, across, here))
            position += self._along(item) + item.after + gap
        return places

    def _along(self, item: _Item) -> int:
        return item.node.width if self._horizontal else item.node.height

    def _measure(self, item: _Item, along: int, exact: bool) -> None:
        view = item.view
        side = _less(self._side, item.side_before + item.side_after)
        across, exact_across = self._owner.length(view.height if self._horizontal else view.width, side, self._stretch)
        if self._horizontal:
            offer = _Offer(along, exact, across, exact_across)
        else:
            offer = _Offer(across, exact_across, along, exact)
        item.node = self._owner.measure(view, item.path, item.index, offer)


class _Item:
    __slots__ = ("after", "before", "index", "node", "path", "side_after", "side_before", "view", "weight")

    node: _Node

    def __init__(self, view: View, path: Path, index: int) -> None:
        self.view = view
        self.path = path
        self.index = index
        self.before = self.after = self.side_before = self.side_after = 0
        self.weight = 0.0


_NO_EDGES = Edges()


def _less(offered: int, taken: int) -> int:
    return offered if offered >= UNBOUNDED_PX else max(0, offered - taken)


def _aligned(align: str, spare: int) -> int:
    if align == "center":
        return spare // 2
    return spare if align == "end" else 0


def _key(view: View, index: int) -> str:
    return view.key or view.id or str(index)


def _shown(view: View) -> list[tuple[int, str, View]]:
    """(index, key, child) of the children that take room; siblings never share a key."""
    shown: list[tuple[int, str, View]] = []
    taken: set[str] = set()
    for index, child in enumerate(view.children):
        if child.visible:
            key = _key(child, index)
            if key in taken:
                key = f"{key}#{index}"
            taken.add(key)
            shown.append((index, key, child))
    return shown
