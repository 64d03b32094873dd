"""Hand-built frames: one view laid out on a screen, with the parts of the phone that are not under test left out."""

from __future__ import annotations

from collections.abc import Mapping

from device.actions import Size
from device.virtual.render.fonts import TextMeasure
from device.virtual.window.frame import Box, Frame, Rect, Window, WindowKind
from device.virtual.window.layout import Path, Surroundings, layout
from device.virtual.window.view import View

DENSITY = 2.0
SCREEN = Rect(0, 0, 400, 800)


def window(
    view: View,
    bounds: Rect = SCREEN,
    *,
    kind: WindowKind = "app",
    secure: bool = False,
    dims_behind: bool = False,
    offsets_px: Mapping[Path, int] | None = None,
    focus: str = "",
    pressed: str = "",
    cursor: int | None = None,
) -> Window:
    """`focus` and `pressed` are ids of views."""
    plain = layout(view, bounds, Surroundings(DENSITY, TextMeasure()))
    around = Surroundings(
        DENSITY, TextMeasure(), offsets_px=offsets_px or {}, cursor=cursor,
        focus=_path(plain, focus), pressed=_path(plain, pressed),
    )  # fmt: skip
    root = layout(view, bounds, around)
    return Window(kind, kind, "com.example", ".Main", root, bounds, secure=secure, dims_behind=dims_behind)


def screen(*windows: Window, dark: bool = False, number: int = 1, on: bool = True) -> Frame:
    return Frame(number, Size(SCREEN.width, SCREEN.height), DENSITY, 0, dark, "en", on, windows)


def find(frame: Frame, view_id: str) -> Box:
    return next(box for window in frame.windows for box in window.root.walk() if box.view.id == view_id)


def _path(root: Box, view_id: str) -> Path | None:
    return next(box.path for box in root.walk() if box.view.id == view_id) if view_id else None
