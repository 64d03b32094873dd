"""What a picture says about which element it is: the recorded look sought on the screen's picture of now.

One piece of evidence and never a reason to act alone (docs/vision.md: where a sign's own place is gone, another app may
show the very same sign). `seen_at` gives the element of now whose box agrees with the only place the look was found at;
`heal(..., seen=...)` counts it as the proof *picture*, with everything else that speaks against an element in force.
Where the tree is silent there is no element to agree with: `perception.vision.read_screen` makes one of words.
Needs the extra `vision`; nothing here is imported by the rest of healing.
"""

from __future__ import annotations

from typing import Final

from perception.element import ACTIONABLE, Bounds, Element
from perception.healing.outline import outline
from perception.screen import Screen
from perception.vision.errors import PatchUnusable
from perception.vision.find import SCALES, PatchFound, find_patch
from perception.vision.image import Image
from perception.vision.patch import cut_patch

AGREES_MIN: Final = 0.5  # of the smaller of both boxes in common, and their areas no further apart than `AREAS_MAX`
AREAS_MAX: Final = 4.0


def seen_at(then: Image, target: Element, now: Screen, picture: Image) -> Element | str:
    """The element of now that looks as the recorded one did; or in words why the picture does not tell.

    Args:
        then: the picture of the recorded screen; the target's box is on it.
        picture: the picture of `now`, of its size.

    Raises:
        ValueError: the picture is of another size than its screen.
        PackageMissing: OpenCV is not installed.
    """
    if picture.size != now.size:
        raise ValueError(f"the picture is {picture.size}, and its screen {now.size}")
    try:
        patch = cut_patch(then, target.bounds)
    except PatchUnusable as error:
        return f"its look cannot be sought: {error.cause}"
    answer = find_patch(picture, patch, scales=SCALES)
    if not isinstance(answer, PatchFound):
        return "its look is not there, or there more than once"
    agreeing = [now.elements[index] for index in outline(now).nodes if _agrees(now.elements[index], answer.place.box)]
    acted = [element for element in agreeing if bool(element.flags & ACTIONABLE) == bool(target.flags & ACTIONABLE)]
    if not acted:
        return "its look is there, and no element of its kind has that place"
    return min(acted, key=lambda element: (_apart(element.bounds, answer.place.box), element.index))


def _agrees(element: Element, box: Bounds) -> bool:
    areas = sorted((element.bounds.area_px, box.area_px))
    common = element.bounds.meet(box).area_px
    return areas[0] > 0 and areas[1] <= AREAS_MAX * areas[0] and common >= AGREES_MIN * areas[0]


def _apart(one: Bounds, other: Bounds) -> int:
    return sum(abs(edge - twin) for edge, twin in zip(one, other, strict=True))
