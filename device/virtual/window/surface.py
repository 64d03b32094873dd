"""A window before it is laid out: what it shows, where it belongs, and what it does with back, outside and swipes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from device.actions import Direction
from device.virtual.window.frame import WindowKind
from device.virtual.window.layout import Path
from device.virtual.window.view import View

Place = Literal["page", "dialog", "bottom_sheet", "keyboard", "status", "navigation", "banner", "screen", "toast"]

SYSTEM_UI = "com.android.systemui"


@dataclass(frozen=True, slots=True)
class Swipe:
    """A finger drawn over a window without scrolling anything. `path` names the view it started on."""

    direction: Direction
    distance_px: int
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """One window's content and manners. `name` stays the same from frame to frame: scroll and focus hang on it."""

    name: str
    kind: WindowKind
    package: str
    activity: str = ""
    view: View
    place: Place
    modal: bool = False
    dims_behind: bool = False
    in_hierarchy: bool = True
    secure: bool = False
    on_cancel: Callable[[], None] | None = None  # a touch beside it
    on_back: Callable[[], bool] | None = None  # True: used up
    on_swipe: Callable[[Swipe], bool] | None = None  # True: used up

    @property
    def takes_keys(self) -> bool:
        """Whether it is a window that keys, focus and text go to when it is uppermost."""
        return self.kind in ("app", "dialog", "lock", "shade")

    def looks_like(self, other: Surface) -> bool:
        """Whether both make the same window: the very same view, in the same place, marked the same."""
        return self.view is other.view and _outside(self) == _outside(other)


def _outside(surface: Surface) -> tuple[object, ...]:
    one = surface
    marks = (one.modal, one.dims_behind, one.in_hierarchy, one.secure)
    return (one.name, one.kind, one.package, one.activity, one.place, *marks)
