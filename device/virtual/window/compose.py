"""Turns surfaces into laid-out windows, and remembers what a window keeps from frame to frame: scroll, focus, caret.

A window is laid out again only when its view object, its place or its own state changed, so a frame in which only a
list was scrolled costs one layout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from device.actions import Size
from device.virtual.window.frame import Box, Rect, Window
from device.virtual.window.layout import Path, Surroundings, TextMeasure, fitted_size, layout
from device.virtual.window.surface import Surface
from device.virtual.window.view import Edges, Length, View, frame

STATUS_BAR_DP = 24.0
NAVIGATION_BAR_DP = 48.0
DIALOG_MARGIN_DP = 24.0
DIALOG_WIDTH_DP = 400.0
TOAST_BOTTOM_DP = 64.0
CONTENT_ID = "android:id/content"


@dataclass(slots=True)
class WindowState:
    """What one window keeps. `touched` is called after each change."""

    bump: Callable[[], None]
    offsets_px: dict[Path, int] = field(default_factory=dict)
    focus: Path | None = None
    cursor: int = 0
    pressed: Path | None = None
    version: int = 0

    def touched(self) -> None:
        self.version += 1
        self.bump()

    def focus_on(self, path: Path | None, cursor: int = 0) -> None:
        self.focus, self.cursor = path, cursor
        self.touched()


@dataclass(frozen=True, slots=True)
class Screen:
    """The screen windows are laid out on."""

    size: Size
    density: float
    font_scale: float
    keyboard_px: int = 0

    def px(self, length_dp: float) -> int:
        return int(length_dp * self.density + 0.5)

    @property
    def whole(self) -> Rect:
        return Rect(0, 0, self.size.width_px, self.size.height_px)

    @property
    def between_bars(self) -> Rect:
        """Where pages and dialogs live: below the status bar, above the keyboard or the navigation bar."""
        bottom = self.size.height_px - self.px(NAVIGATION_BAR_DP) - self.keyboard_px
        return Rect(0, self.px(STATUS_BAR_DP), self.size.width_px, max(self.px(STATUS_BAR_DP), bottom))


@dataclass(slots=True)
class _Cached:
    surface: Surface
    screen: Screen
    version: int
    window: Window


class Compositor:
    """Lays surfaces out. Window states live here, by window name."""

    def __init__(self, measure: TextMeasure) -> None:
        self._measure = measure
        self._states: dict[str, WindowState] = {}
        self._cache: dict[str, _Cached] = {}
        self.version = 0  # grows with every change of any window's state

    def state(self, window: str) -> WindowState:
        """The state of a window, made on first use."""
        state = self._states.get(window)
        if state is None:
            state = self._states[window] = WindowState(self._bump)
        return state

    def _bump(self) -> None:
        self.version += 1

    def forget(self, window: str) -> None:
        self._states.pop(window, None)
        self._cache.pop(window, None)

    def window(self, surface: Surface, screen: Screen) -> Window:
        """The surface as a window."""
        state = self.state(surface.name)
        cached = self._cache.get(surface.name)
        unchanged = cached is not None and cached.version == state.version and cached.screen == screen
        if unchanged and cached is not None and cached.surface.looks_like(surface):
            return cached.window
        around = Surroundings(
            density=screen.density,
            measure=self._measure,
            font_scale=screen.font_scale,
            offsets_px=state.offsets_px,
            focus=state.focus,
            cursor=state.cursor,
            pressed=state.pressed,
        )
        view = _decorated(surface)
        bounds = self._bounds(surface, view, screen, around)
        root = layout(view, bounds, around, clip=bounds.meet(screen.whole))
        self._settle(root, state)
        window = Window(
            name=surface.name,
            kind=surface.kind,
            package=surface.package,
            activity=surface.activity,
            root=root,
            bounds=bounds,
            modal=surface.modal,
            dims_behind=surface.dims_behind,
            in_hierarchy=surface.in_hierarchy,
            secure=surface.secure,
        )
        self._cache[surface.name] = _Cached(surface, screen, state.version, window)
        return window

    def _settle(self, root: Box, state: WindowState) -> None:
        """Takes over what the layout clamped: an offset beyond the end would swallow the next drag.

        A list that begins at its end and stands there keeps no offset: it stays at its end when it grows or its room
        shrinks.
        """
        for box in root.walk():
            if box.scroll is None:
                continue
            if box.view.justify == "end" and box.scroll.offset_px == box.scroll.max_offset_px:
                state.offsets_px.pop(box.path, None)
            elif state.offsets_px.get(box.path, 0) != box.scroll.offset_px:
                state.offsets_px[box.path] = box.scroll.offset_px

    def _bounds(self, surface: Surface, view: View, screen: Screen, around: Surroundings) -> Rect:
        whole, between = screen.whole, screen.between_bars
        match surface.place:
            case "page":
                return between
            case "screen":
                return whole
            case "status":
                return replace(whole, bottom=screen.px(STATUS_BAR_DP))
            case "navigation":
                return replace(whole, top=whole.bottom - screen.px(NAVIGATION_BAR_DP))
            case "keyboard":
                bottom = whole.bottom - screen.px(NAVIGATION_BAR_DP)
                return replace(whole, top=bottom - screen.keyboard_px, bottom=bottom)
            case _:
                return self._fitted(surface, view, between, screen, around)

    def _fitted(self, surface: Surface, view: View, between: Rect, screen: Screen, around: Surroundings) -> Rect:
        """Windows that fit themselves to their content."""
        margin = screen.px(DIALOG_MARGIN_DP if surface.place == "dialog" else DIALOG_MARGIN_DP / 3)
        widest = max(1, min(between.width - 2 * margin, screen.px(DIALOG_WIDTH_DP)))
        width, height = fitted_size(view, widest, max(1, between.height - 2 * margin), around)
        left = between.left + (between.width - width) // 2
        if surface.place == "banner":
            top = between.top + margin
        elif surface.place == "toast":
            top = between.bottom - screen.px(TOAST_BOTTOM_DP) - height
        elif surface.place == "bottom_sheet":
            top = between.bottom - height - margin
        else:
            top = between.top + (between.height - height) // 2
        return Rect(left, top, left + width, top + height)


def _decorated(surface: Surface) -> View:
    """An app's page or dialog inside what Android puts around it: the decor view and `android:id/content`."""
    view = surface.view
    if surface.place not in ("page", "dialog", "bottom_sheet") or view.id == CONTENT_ID:
        return view
    if surface.place == "page":
        return _around(_around(view, "fill", "fill", CONTENT_ID), "fill", "fill")
    width: Length = "fill" if view.width == "wrap" else view.width
    return _around(_around(view, "fill", "wrap" if view.height == "wrap" else "fill", CONTENT_ID), width, view.height)


def _around(view: View, width: Length, height: Length, view_id: str = "") -> View:
    inner = replace(view, width="fill", height="wrap" if height == "wrap" else "fill", margin=Edges())
    return frame(inner, id=view_id, width=width, height=height)


def boxes(window: Window) -> Iterator[Box]:
    """All boxes of a window, each before those inside it."""
    return window.root.walk()


def find(window: Window, path: Path) -> Box | None:
    """The box with this path."""
    box = window.root
    if not path or path[0] != box.path[0]:
        return None
    for depth in range(2, len(path) + 1):
        wanted = path[:depth]
        for child in box.children:
            if child.path == wanted:
                box = child
                break
        else:
            return None
    return box


def chain(window: Window, path: Path) -> list[Box]:
    """The boxes from the root down to `path`; as far as they exist."""
    box, found = window.root, [window.root]
    for depth in range(2, len(path) + 1):
        step = next((child for child in box.children if child.path == path[:depth]), None)
        if step is None:
            break
        box = step
        found.append(box)
    return found


def hit(window: Window, x_px: float, y_px: float) -> list[Box]:
    """The boxes under a point from the root down; empty beside the window.

    Later siblings lie above, but one that would do nothing with a touch lets it through to those below, as on Android.
    """
    if not window.root.visible.contains(x_px, y_px):
        return []
    return _hit(window.root, x_px, y_px)[0]


def _hit(box: Box, x_px: float, y_px: float) -> tuple[list[Box], bool]:
    first: list[Box] | None = None
    for child in reversed(box.children):
        if child.visible.contains(x_px, y_px):
            below, takes = _hit(child, x_px, y_px)
            if takes:
                return [box, *below], True
            first = first or below
    return [box, *(first or ())], _takes_touch(box)


def _takes_touch(box: Box) -> bool:
    view = box.view
    handlers = (view.on_tap, view.on_long_press, view.on_double_tap, view.on_value, view.on_pinch)
    return view.kind == "edit" or view.is_clickable or box.scroll is not None or any(handlers)
