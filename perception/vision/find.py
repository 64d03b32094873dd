"""`find_patch`: where a recorded look is on another picture; or that it is not there; or that several could be it.

Wrong is worse than not found, as in `perception.locate`, and the answers have the same three forms. Two looks: a coarse
one over the whole picture at every scale, which only proposes places, and a fine one at each of the best, which judges
them on edges (blind to hue and theme, `perception.vision.edges`) and on brightness, as it is or turned around as a
whole (a dark theme). Found is what both say, at one place
only: a second one that fits makes it ambiguous, however much better the first one fits.
Pure and deterministic. Knows nothing of elements: a caller who has a tree asks which element lies under the place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final, TypeAlias

from perception.element import Bounds
from perception.vision.edges import agreement, edges
from perception.vision.image import Image, Pixels
from perception.vision.packages import numpy, opencv
from perception.vision.patch import Patch

SCALES: Final = tuple(round(2 ** (step / 4), 3) for step in range(-4, 5))  # 0.5 to 2: phones have 240 to 640 dpi
COARSE_PX: Final = 14  # longer side of the patch in the coarse look: a sign is still told from most others
FINE_PX: Final = 48  # and in the fine one, if it has so many
FINE_STEPS: Final = (1.09, 1.044, 1.022)  # of scale, tried up and down from a coarse one, each from the best so far
PROPOSED_MIN: Final = 0.55  # agreement in the coarse look
PROPOSED_MAX: Final = 24  # places looked at closely, at one scale each: a launcher has as many alike discs
JUDGED_MAX: Final = 8  # of these, none on another, at fine scales
FOUND_MIN: Final = 0.9  # score: look-alikes (a full and a fuller battery) reach 0.88, true finds 0.93 (docs/vision.md)
MARGIN_MIN: Final = 0.05  # of score, to the second place


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the picture. `box` is where the element's box would be, `ink` where the sign is, in px.

    `score` 0..1, of `edges` and `light` (brightness, as it is or turned around); `scale` against the recording.
    """

    box: Bounds
    ink: Bounds
    scale: float
    score: float
    edges: float
    light: float
    inverted: bool


@dataclass(frozen=True, slots=True)
class PatchFound:
    """The one place. `margin` is how far the second stands behind, 0..1; the whole score if there is none."""

    place: Place
    margin: float


@dataclass(frozen=True, slots=True)
class PatchAmbiguous:
    """Several places could be meant, the likeliest first. Ask, or use the tree."""

    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class PatchNotFound:
    """It is not on this picture as far as can be seen. `closest` is what came nearest."""

    why: str
    closest: Place | None


PatchAnswer: TypeAlias = PatchFound | PatchAmbiguous | PatchNotFound


def find_patch(
    screen: Image, patch: Patch, *, within: Bounds | None = None, scales: Sequence[float] = SCALES
) -> PatchAnswer:
    """Seeks the patch on the picture.

    Args:
        within: only here, in px of the picture; None is everywhere.
        scales: of the patch as it was recorded; the quotient of two densities, where both are known, is faster.

    Raises:
        ValueError: no scales, or `within` outside of the picture.
        PackageMissing: OpenCV is not installed.
    """
    if not scales or min(scales) <= 0:
        raise ValueError("give at least one scale, all above 0")
    area = screen.whole if within is None else within.meet(screen.whole)
    if not area.area_px:
        raise ValueError("`within` lies outside of the picture")
    proposals = _proposals(screen.crop(area).rgb, patch, scales)
    judge = _Judge(screen, patch)
    glances = _apart(judge.glance(area.left + x, area.top + y, scale) for x, y, scale in proposals)
    return _answer(_apart(judge.look(place) for place in glances[:JUDGED_MAX]))


def _answer(places: list[Place]) -> PatchAnswer:
    if not places:
        return PatchNotFound("nothing on the picture has such edges", None)
    best = places[0]
    if best.score < FOUND_MIN:
        return PatchNotFound(f"the closest agrees to {best.score:.2f} < {FOUND_MIN}", best)
    second = places[1].score if len(places) > 1 else 0.0
    if second >= FOUND_MIN or best.score - second < MARGIN_MIN:
        least = min(FOUND_MIN, best.score - MARGIN_MIN)
        return PatchAmbiguous(tuple(place for place in places if place.score >= least))
    return PatchFound(best, best.score - second)


def _proposals(rgb: Pixels, patch: Patch, scales: Sequence[float]) -> list[tuple[float, float, float]]:
    """(middle x, middle y, scale) of the places that agree in the coarse look, best first, in px of `rgb`."""
    pyramid = _Pyramid(rgb)
    height, width = rgb.shape[:2]
    shrink = min(1.0, COARSE_PX / max(patch.image.width_px, patch.image.height_px))
    sought = edges(_resized(patch.image.rgb, shrink))
    down, across = sought.shape[:2]
    found: list[tuple[float, float, float, float]] = []
    for scale in scales:
        factor = shrink / scale
        size = (max(1, round(width * factor)), max(1, round(height * factor)))
        if size[0] < across or size[1] < down:
            continue
        looked = pyramid.resized(factor, size)
        for score, x, y in _peaks(agreement(edges(looked), sought), max(down, across) // 2):
            found.append((score, (x + across / 2) / factor, (y + down / 2) / factor, scale))
    found.sort(key=lambda one: (-one[0], one[2], one[1]))
    kept: list[tuple[float, float, float]] = []
    for _, middle_x, middle_y, scale in found:
        near = max(patch.image.width_px, patch.image.height_px) * scale / 4
        same = (one for one in kept if abs(one[0] - middle_x) < near and abs(one[1] - middle_y) < near)
        if sum(1 for _ in same) < 3:  # scales for a place: the coarse look may be wrong by one
            kept.append((middle_x, middle_y, scale))
        if len(kept) == PROPOSED_MAX:
            break
    return kept


class _Pyramid:
    """A picture at many sizes: each is averaged from the smallest half, quarter ... that still is larger."""

    def __init__(self, rgb: Pixels) -> None:
        self.levels = [rgb]

    def resized(self, factor: float, size: tuple[int, int]) -> Pixels:
        cv2 = opencv()
        level = max(0, int(numpy().floor(-numpy().log2(factor))))
        while len(self.levels) <= level:
            last = self.levels[-1]
            half = (max(1, last.shape[1] // 2), max(1, last.shape[0] // 2))
            self.levels.append(cv2.resize(last, half, interpolation=cv2.INTER_AREA))
        return cv2.resize(self.levels[level], size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)


def _peaks(agrees: Pixels, apart: int) -> list[tuple[float, int, int]]:
    """(score, x, y) of the places that agree best in their neighbourhood, best first."""
    cv2, np = opencv(), numpy()
    highest = cv2.dilate(agrees, np.ones((2 * apart + 1, 2 * apart + 1), np.uint8))
    down, across = np.nonzero((agrees >= highest) & (agrees >= PROPOSED_MIN))
    scores = agrees[down, across]
    order = np.argsort(-scores, kind="stable")[:PROPOSED_MAX]
    return [(float(scores[at]), int(across[at]), int(down[at])) for at in order]


class _Judge:
    """The fine look at one place: how well the patch fits there, at its best scale and shift."""

    def __init__(self, screen: Image, patch: Patch) -> None:
        self.screen, self.patch = screen, patch
        longer = max(patch.image.width_px, patch.image.height_px)
        self.shrink = min(1.0, FINE_PX / longer)
        image = _resized(patch.image.rgb, self.shrink)
        self.sought, self.grey = edges(image), _grey(image)
        self.down, self.across = self.sought.shape[:2]
        self.slack = max(3, round(1.5 * self.shrink * longer / COARSE_PX) + 1)

    def look(self, best: Place) -> Place:
        """The best place around one; the scale is climbed up and down to, in ever smaller steps."""
        for step in FINE_STEPS:
            start = best
            for way in (step, 1 / step):
                tried = self._beside(start, way)
                while tried.score > best.score:
                    best, tried = tried, self._beside(tried, way)
        return best

    def _beside(self, place: Place, way: float) -> Place:
        ink = place.ink
        return self.glance((ink.left + ink.right) / 2, (ink.top + ink.bottom) / 2, place.scale * way)

    def glance(self, x: float, y: float, scale: float) -> Place:
        """How well the patch fits around a middle, at one scale and its best shift."""
        cv2 = opencv()
        factor = self.shrink / scale
        wide, high = self.across + 2 * self.slack, self.down + 2 * self.slack
        left, top = round(x - wide / 2 / factor), round(y - high / 2 / factor)
        window = _window(self.screen.rgb, left, top, factor, (wide, high))
        agrees = agreement(edges(window), self.sought)
        _, score, _, (at_x, at_y) = cv2.minMaxLoc(agrees)
        part = _grey(window)[at_y : at_y + self.down, at_x : at_x + self.across]
        light = float(cv2.matchTemplate(part, self.grey, cv2.TM_CCOEFF_NORMED)[0, 0])
        return self._place(left + at_x / factor, top + at_y / factor, scale, score, light)

    def _place(self, left: float, top: float, scale: float, agrees: float, light: float) -> Place:
        cut, box = self.patch.cut, self.patch.box

        def moved(one: Bounds) -> Bounds:
            return Bounds(
                round(left + (one.left - cut.left) * scale),
                round(top + (one.top - cut.top) * scale),
                round(left + (one.right - cut.left) * scale),
                round(top + (one.bottom - cut.top) * scale),
            )

        edge, bright = max(0.0, agrees), min(1.0, abs(light))
        return Place(moved(box), moved(cut), scale, min(edge, 0.5 * (edge + bright)), edge, bright, light < 0)


def _window(rgb: Pixels, left: int, top: int, factor: float, least: tuple[int, int]) -> Pixels:
    """The picture from (left, top) on, resized by `factor` to `least` or a little more; its borders are continued."""
    cv2 = opencv()
    right, bottom = left + ceil(least[0] / factor), top + ceil(least[1] / factor)
    height, width = rgb.shape[:2]
    x0, x1 = min(max(0, left), width - 1), min(max(1, right), width)
    y0, y1 = min(max(0, top), height - 1), min(max(1, bottom), height)
    inside = rgb[y0:y1, x0:x1]
    around = (max(0, y0 - top), max(0, bottom - y1), max(0, x0 - left), max(0, right - x1))
    if any(around):
        inside = cv2.copyMakeBorder(inside, *around, cv2.BORDER_REPLICATE)
    size = (max(least[0], round(inside.shape[1] * factor)), max(least[1], round(inside.shape[0] * factor)))
    return cv2.resize(inside, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)


def _apart(places: Iterable[Place]) -> list[Place]:
    """The best of those that lie on one another, best first."""
    kept: list[Place] = []
    for place in sorted(places, key=lambda one: (-one.score, one.ink)):
        if all(place.ink.meet(one.ink).area_px < 0.3 * min(place.ink.area_px, one.ink.area_px) for one in kept):
            kept.append(place)
    return kept


def _resized(rgb: Pixels, factor: float) -> Pixels:
    if factor == 1.0:
        return rgb
    size = (max(1, round(rgb.shape[1] * factor)), max(1, round(rgb.shape[0] * factor)))
    return opencv().resize(rgb, size, interpolation=opencv().INTER_AREA)


def _grey(rgb: Pixels) -> Pixels:
    return opencv().cvtColor(rgb, opencv().COLOR_RGB2GRAY)
