"""What is on the virtual screen at one moment: laid-out windows, immutable, in px.

The hierarchy dump, the picture, the u2 selectors and the touch routing all read this and nothing else, so they cannot
disagree about what is on the screen. A frame may be handed to another thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from device.actions import Size
from device.virtual.window.view import View

WindowKind = Literal["app", "dialog", "keyboard", "status_bar", "navigation_bar", "heads_up", "shade", "toast", "lock"]


@dataclass(frozen=True, slots=True)
class Rect:
    """Pixels from (left, top) up to but not including (right, bottom)."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return max(0, self.right - self.left)

    @property
    def height(self) -> int:
        return max(0, self.bottom - self.top)

    @property
    def empty(self) -> bool:
        return self.right <= self.left or self.bottom <= self.top

    @property
    def center(self) -> tuple[int, int]:
        return (self.left + self.right) // 2, (self.top + self.bottom) // 2

    def contains(self, x_px: float, y_px: float) -> bool:
        return self.left <= x_px < self.right and self.top <= y_px < self.bottom

    def meet(self, other: Rect) -> Rect:
        """What both have in common; empty when they do not touch."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        return Rect(left, top, max(left, min(self.right, other.right)), max(top, min(self.bottom, other.bottom)))


@dataclass(frozen=True, slots=True)
class ScrollExtent:
    """How far a scrolling view is, in px along its axis."""

    offset_px: int
    content_px: int
    viewport_px: int

    @property
    def max_offset_px(self) -> int:
        return max(0, self.content_px - self.viewport_px)


@dataclass(frozen=True, slots=True)
class Box:
    """A view with a place. `bounds` may reach beyond what is seen; `visible` is clipped to ancestors and screen.

    `path` is the keys from the window's root; it names the same view in the next frame. `cursor` is the caret's place
    in the text of a focused field.
    """

    view: View
    path: tuple[str, ...]
    index: int
    bounds: Rect
    visible: Rect
    children: tuple[Box, ...] = ()
    scroll: ScrollExtent | None = None
    lines: tuple[str, ...] = ()  # text as it was broken into lines
    focused: bool = False
    pressed: bool = False
    cursor: int | None = None

    def walk(self) -> Iterator[Box]:
        """This box and all below it, parents before children."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Window:
    """One window: an app's page, a dialog, the keyboard, a system bar. `package` owns it (for ids and the dump)."""

    name: str
    kind: WindowKind
    package: str
    activity: str
    root: Box
    bounds: Rect
    modal: bool = False  # takes every touch, also those outside its bounds
    dims_behind: bool = False
    in_hierarchy: bool = True
    secure: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything on the screen, bottom window first."""

    number: int
    size: Size
    density: float  # px per dp
    rotation: int
    dark: bool
    locale: str
    screen_on: bool
    windows: tuple[Window, ...]
    font_scale: float = 1.0  # the texts were laid out this much larger; the picture must draw them so

    @property
    def secure(self) -> bool:
        return any(window.secure for window in self.windows)

    def window_at(self, x_px: float, y_px: float) -> Window | None:
        """The window a touch at this place goes to."""
        for window in reversed(self.windows):
            if window.kind != "toast" and (window.modal or window.bounds.contains(x_px, y_px)):
                return window
        return None
