"""`Patch`: what an element looked like, cut out of the picture it stood on, ready to be sought on another one.

Cut to what can be seen of it (its ink) with some of the ground around, because an element's box is often much larger
than its sign, and because the ground is what tells a whole sign from a part of another one. Where the ink lies in the
element's box is kept, so that a find gives back the box.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from device.actions import Size
from perception.element import Bounds
from perception.vision.changes import box_of
from perception.vision.edges import EDGE_MIN, edges, heights
from perception.vision.errors import PatchUnusable
from perception.vision.image import Image
from perception.vision.packages import numpy

GROUND: Final = 0.18  # of the ink's longer side, on each side: tells a sign from a part of a larger one
INK_MIN_PX: Final = 8  # the shorter side of what can be sought; a comma has less
SIDE_MAX_SHARE: Final = 0.5  # of the screen's shorter side: larger parts are pages, not signs


@dataclass(frozen=True, slots=True)
class Patch:
    """A recorded look. `image` is the ink with its ground; `box` the element's on a screen of `size`, `cut` where the
    image was cut out of it, both in px."""

    image: Image
    box: Bounds
    cut: Bounds
    size: Size


def cut_patch(screen: Image, box: Bounds) -> Patch:
    """The look of the element in `box`.

    Raises:
        PatchUnusable: the box is plain, tiny, larger than a sign, or not on the picture.
        PackageMissing: OpenCV is not installed.
    """
    inside = box.meet(screen.whole)
    shorter = min(screen.width_px, screen.height_px)
    if inside.area_px < INK_MIN_PX**2:
        raise PatchUnusable(f"{tuple(box)} has no part on the picture that is large enough")
    ink = _ink(screen, inside)
    if min(ink.width_px, ink.height_px) > SIDE_MAX_SHARE * shorter:
        raise PatchUnusable(f"{ink.width_px} x {ink.height_px} px is a part of the page, not a sign")
    if max(ink.width_px, ink.height_px) < INK_MIN_PX:
        raise PatchUnusable(f"nothing stands out in {tuple(box)}")
    ground = max(2, round(GROUND * max(ink.width_px, ink.height_px)))
    cut = Bounds(ink.left - ground, ink.top - ground, ink.right + ground, ink.bottom + ground).meet(screen.whole)
    return Patch(screen.crop(cut), inside, cut, screen.size)


def _ink(screen: Image, box: Bounds) -> Bounds:
    """The part of the box in which edges stand out, in px of the screen."""
    form = heights(edges(screen.crop(box).rgb))
    inner = box_of((form >= EDGE_MIN).astype(numpy().uint8))
    return Bounds(box.left + inner.left, box.top + inner.top, box.left + inner.right, box.top + inner.bottom)
