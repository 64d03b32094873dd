"""What every painter needs beside the box it paints: the canvas, the theme and the length of a dp."""

from __future__ import annotations

from dataclasses import dataclass

from device.virtual.render import palette
from device.virtual.render.canvas import Canvas
from device.virtual.render.fonts import TextMeasure
from device.virtual.render.palette import Colour
from device.virtual.window.frame import Box, Rect
from device.virtual.window.view import Style

DISABLED_OPACITY = 0.38  # Material 3: content of what cannot be used
_QUIET_ALREADY = frozenset({"outline", "outline_variant"})  # apps that dim what is disabled themselves


@dataclass(frozen=True, slots=True)
class Brush:
    """One window's surroundings while it is painted.

    `dark` picks the half of the palette. On the wallpaper that is the dark half in both themes; `night` is the theme.
    """

    canvas: Canvas
    measure: TextMeasure
    density: float
    dark: bool
    night: bool
    font_scale: float = 1.0

    def px(self, length_dp: float) -> int:
        """At least one px for anything that has a length at all, as the layout rounds."""
        return max(1, int(length_dp * self.density + 0.5)) if length_dp > 0 else 0

    def text_px(self, style: Style) -> int:
        """The text size exactly as the layout measures it."""
        return max(1, round(style.text_sp * self.density * self.font_scale))

    def colour(self, name: str) -> Colour:
        return palette.colour(name, self.dark)

    def opacity(self, box: Box) -> float:
        """How strongly the content of this box is drawn."""
        return 1.0 if box.view.enabled or box.view.style.color in _QUIET_ALREADY else DISABLED_OPACITY

    def inner(self, box: Box) -> Rect:
        """The bounds without the padding."""
        pad, bounds = box.view.pad, box.bounds
        return Rect(
            bounds.left + self.px(pad.left), bounds.top + self.px(pad.top),
            bounds.right - self.px(pad.right), bounds.bottom - self.px(pad.bottom),
        )  # fmt: skip
