"""The pen icons are drawn with: shapes with round ends on a 24 x 24 grid.

Drawn four times too large and reduced once, which is what makes the edges smooth.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL import Image, ImageDraw

GRID = 24
_OVERSAMPLING = 4
_LINE = 2.0

Spot = tuple[float, float]


class Pen:
    """Draws on a mask in units of the grid. `ink=0` takes away what was drawn before."""

    def __init__(self, size_px: int) -> None:
        self._unit = size_px * _OVERSAMPLING / GRID
        self._image = Image.new("L", (size_px * _OVERSAMPLING,) * 2, 0)
        self._draw = ImageDraw.Draw(self._image)
        self._size = size_px

    def mask(self) -> Image.Image:
        return self._image.resize((self._size, self._size), Image.Resampling.BOX)

    def line(self, *spots: Spot, width: float = _LINE, closed: bool = False, ink: int = 255) -> None:
        """A line with round ends and corners."""
        track = [*spots, spots[0]] if closed else list(spots)
        self._draw.line([self._at(spot) for spot in track], fill=ink, width=max(1, round(width * self._unit)))
        for spot in track:
            self.disc(spot, width / 2, ink=ink)

    def shape(self, *spots: Spot, ink: int = 255) -> None:
        self._draw.polygon([self._at(spot) for spot in spots], fill=ink)

    def disc(self, centre: Spot, radius: float, *, ink: int = 255) -> None:
        self._draw.ellipse(self._around(centre, radius), fill=ink)

    def ring(self, centre: Spot, radius: float, *, width: float = _LINE, start: float = 0, end: float = 360) -> None:
        """A circle, or a part of it from `start` to `end` degrees (0: to the right, 90: down); round ends."""
        self._draw.arc(self._around(centre, radius + width / 2), start, end, 255, max(1, round(width * self._unit)))
        if end - start < 360:
            for angle in (start, end):
                self.disc(on_circle(centre, radius, angle), width / 2)

    def pie(self, centre: Spot, radius: float, start: float, end: float, *, ink: int = 255) -> None:
        self._draw.pieslice(self._around(centre, radius), start, end, fill=ink)

    def box(self, left: float, top: float, right: float, bottom: float, radius: float = 0, *, ink: int = 255) -> None:
        """A filled rectangle with round corners."""
        self._draw.rounded_rectangle(
            (*self._at((left, top)), *self._at((right, bottom))), radius * self._unit, fill=ink
        )

    def outline(self, left: float, top: float, right: float, bottom: float, radius: float = 2) -> None:
        """The line of a rectangle with round corners; its middle runs through the given edges."""
        half = _LINE / 2
        corners = (*self._at((left - half, top - half)), *self._at((right + half, bottom + half)))
        self._draw.rounded_rectangle(
            corners, (radius + half) * self._unit, outline=255, width=round(_LINE * self._unit)
        )

    def _at(self, spot: Spot) -> Spot:
        return spot[0] * self._unit, spot[1] * self._unit

    def _around(self, centre: Spot, radius: float) -> tuple[float, float, float, float]:
        left, top = self._at((centre[0] - radius, centre[1] - radius))
        right, bottom = self._at((centre[0] + radius, centre[1] + radius))
        return left, top, right, bottom


def on_circle(centre: Spot, radius: float, angle: float) -> Spot:
    """The spot on a circle at this angle, in degrees clockwise from the right."""
    turn = math.radians(angle)
    return centre[0] + radius * math.cos(turn), centre[1] + radius * math.sin(turn)


def polar(centre: Spot, *polar: tuple[float, float]) -> Sequence[Spot]:
    """The spots at these (radius, angle) from a centre; angles as for `on_circle`."""
    return [on_circle(centre, radius, angle) for radius, angle in polar]
