"""`changes`: what moved between two pictures of a screen, as boxes.

Looked at small first: both pictures are averaged down to SMALL_PX on their shorter side and compared there, in all
three colours (a switch may change its hue and keep its brightness); only where something differs, the full pictures
are looked at, to make the boxes exact. The small form is kept beside the image, so a picture that is compared again
pays once. What the caller says to ignore (clock, battery: `perception.vision.restless`) is never looked at.
Idea: frame differencing; the numbers are ours, see docs/vision.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from perception.element import Bounds
from perception.vision.image import Image, Pixels
from perception.vision.packages import numpy, opencv

SMALL_PX: Final = 270  # a 1080 px wide screen by 4: a caret (2 dp = 5 px) still is more than one small pixel
CHANGED_MIN: Final = 10  # of 255, averaged over a small pixel; JPEG at quality 80 adds up to 6, at 60 up to 9
FINE_MIN: Final = 24  # of 255, of a single px; only shapes boxes that the small look has found
JOIN_PX: Final = 9  # small px (3 % of the width): letters of a word and parts of a widget are one change
BOXES_MAX: Final = 24  # more are one: the page as a whole has changed


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between two pictures. `boxes`, in px of the later one, largest first; `share` of the compared area.

    `resized`: the pictures have different sizes (rotation, another device), so everything has changed.
    """

    boxes: tuple[Bounds, ...]
    share: float
    resized: bool = False

    def __bool__(self) -> bool:
        return bool(self.boxes)


def changes(before: Image, after: Image, *, ignore: Iterable[Bounds] = ()) -> Changes:
    """What has changed from one picture to the next.

    Args:
        ignore: boxes in px in which nothing counts. A change that reaches out of them counts outside.

    Raises:
        PackageMissing: numpy or OpenCV is not installed.
    """
    if before.size != after.size:
        return Changes((after.whole,), 1.0, resized=True)
    cv2 = opencv()
    one, other = small(before), small(after)
    if one is other:
        return Changes((), 0.0)
    compared = _looked_at(after, one.shape[:2], ignore)
    differs = cv2.bitwise_and(_differing(one, other, CHANGED_MIN), compared)
    count = cv2.countNonZero(differs)
    if not count:
        return Changes((), 0.0)
    share = count / cv2.countNonZero(compared)
    scale = after.width_px / differs.shape[1], after.height_px / differs.shape[0]
    rough = [_scaled(box, scale).meet(after.whole) for box in _boxes(differs)]
    fine = (_fine(before, after, box) for box in rough)
    return Changes(tuple(sorted(fine, key=lambda box: -box.area_px)), share)


def small(image: Image) -> Pixels:
    """The picture averaged down to SMALL_PX on its shorter side (never enlarged), kept beside it."""
    known = image.derived.get("small")
    if known is None:
        factor = SMALL_PX / min(image.width_px, image.height_px)
        if factor >= 1:
            known = image.rgb
        else:
            size = (max(1, round(image.width_px * factor)), max(1, round(image.height_px * factor)))
            known = opencv().resize(image.rgb, size, interpolation=opencv().INTER_AREA)
        image.derived["small"] = known
    return known


def _looked_at(image: Image, shape: tuple[int, int], ignore: Iterable[Bounds]) -> Pixels:
    """255 where small pixels count. One that an ignored box only touches does not: its average holds some of it."""
    np = numpy()
    mask: Any = np.full(shape, 255, dtype=np.uint8)
    across, down = shape[1] / image.width_px, shape[0] / image.height_px
    for box in ignore:
        inside = box.meet(image.whole)
        if inside.area_px:
            top, bottom = int(inside.top * down), int(np.ceil(inside.bottom * down))
            mask[top:bottom, int(inside.left * across) : int(np.ceil(inside.right * across))] = 0
    return mask


def _differing(one: Pixels, other: Pixels, least: int) -> Pixels:
    """255 where any colour differs by at least that much."""
    cv2 = opencv()
    return cv2.bitwise_not(cv2.inRange(cv2.absdiff(one, other), (0, 0, 0), (least - 1,) * 3))


def _boxes(differs: Pixels) -> list[Bounds]:
    """Boxes of what differs, parts that lie near each other joined; in small px."""
    cv2, np = opencv(), numpy()
    joined = cv2.dilate(differs, np.ones((JOIN_PX, JOIN_PX), np.uint8))
    count, labels = cv2.connectedComponents(joined, connectivity=8)
    if count - 1 > BOXES_MAX:
        labels, count = (differs > 0).astype(np.int32), 2
    found = []
    for label in range(1, count):
        left, top, right, bottom = box_of(cv2.bitwise_and(differs, cv2.inRange(labels, label, label)))
        found.append(Bounds(left - 1, top - 1, right + 1, bottom + 1))  # an average may hide a thin edge
    return found


def box_of(mask: Pixels) -> Bounds:
    """The smallest box around all that is set in a mask, in px; an empty one where nothing is."""
    left, top, width, height = opencv().boundingRect(mask)
    return Bounds(left, top, left + width, top + height)


def _fine(before: Image, after: Image, box: Bounds) -> Bounds:
    """The box made exact on the full pictures; as it is where the change is spread too thinly for that."""
    inner = box_of(_differing(before.crop(box).rgb, after.crop(box).rgb, FINE_MIN))
    if not inner.area_px:
        return box
    left, top = max(0, box.left), max(0, box.top)
    return Bounds(left + inner.left, top + inner.top, left + inner.right, top + inner.bottom)


def _scaled(box: Bounds, scale: tuple[float, float]) -> Bounds:
    across, down = scale
    return Bounds(int(box.left * across), int(box.top * down), round(box.right * across), round(box.bottom * down))
