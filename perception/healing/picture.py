"""What a picture says about where an element is: the recorded look, or its words, sought on the picture of now.

One piece of evidence and never a reason to act alone (docs/vision.md: where a sign's own place is gone, another app may
show the very same sign). `seen_at` gives the element of now whose box agrees with the only place the look was found at;
`heal(..., seen=...)` counts it as the proof *picture*, with everything else that speaks against an element in force.
Where the tree is silent there is no element to agree with: `sign_in` gives the place of a wordless look there, and
`words_in` that of words a reader has read; both only where it is the only one, then and now.
A look that is on its own recorded page more than once ("more" beside each row) tells nothing, wherever it is now.
Needs the extra `vision`; nothing here is imported by the rest of healing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from perception.element import ACTIONABLE, Bounds, Element
from perception.healing.outline import outline
from perception.meanings import means_same
from perception.screen import Screen
from perception.vision.errors import PatchUnusable
from perception.vision.find import SCALES, PatchAmbiguous, PatchFound, find_patch
from perception.vision.image import Image
from perception.vision.patch import Patch, cut_patch
from perception.vision.reader import CONFIDENCE_MIN, Line
from perception.words import normal

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
    place = _found(then, target, picture, None)
    if isinstance(place, str):
        return place
    agreeing = [now.elements[index] for index in outline(now).nodes if _agrees(now.elements[index], place)]
    acted = [element for element in agreeing if bool(element.flags & ACTIONABLE) == bool(target.flags & ACTIONABLE)]
    if not acted:
        return "its look is there, and no element of its kind has that place"
    return min(acted, key=lambda element: (_apart(element.bounds, place), element.index))


def sign_in(then: Image, target: Element, picture: Image, within: Bounds) -> Bounds | str:
    """Where the recorded element's box would be in a silent part of the picture; or in words why that is not told.

    Raises:
        ValueError: `within` lies outside of the picture.
        PackageMissing: OpenCV is not installed.
    """
    return _found(then, target, picture, within)


def words_in(lines: Iterable[Line], words: str) -> Bounds | str:
    """The box of the only line that says these words, or a common word for the same; or why that is not told.

    Args:
        lines: as a reader read them. Those it is not sure of count too: they may be what makes it unclear.
    """
    wanted = normal(words)
    saying = [line for line in lines if (said := normal(line.text)) and (said == wanted or means_same(said, wanted))]
    if len(saying) > 1:
        return f"{len(saying)} lines of the picture say {words!r}"
    if not saying or saying[0].confidence < CONFIDENCE_MIN:
        return f"no line of the picture says {words!r}"
    return saying[0].box


def _found(then: Image, target: Element, picture: Image, within: Bounds | None) -> Bounds | str:
    try:
        patch = cut_patch(then, target.bounds)
    except PatchUnusable as error:
        return f"its look cannot be sought: {error.cause}"
    if not _alone(then, patch):
        return "its look was on the recorded page more than once"
    match find_patch(picture, patch, within=within, scales=SCALES):
        case PatchFound(place):
            return place.box
        case PatchAmbiguous(places):
            return f"its look is there {len(places)} times"
        case _:
            return "its look is not there"


def _alone(then: Image, patch: Patch) -> bool:
    answer = find_patch(then, patch, scales=(1.0,))
    return isinstance(answer, PatchFound) and _agree(patch.box, answer.place.box)


def _agrees(element: Element, box: Bounds) -> bool:
    return _agree(element.bounds, box)


def _agree(one: Bounds, other: Bounds) -> bool:
    areas = sorted((one.area_px, other.area_px))
    return areas[0] > 0 and areas[1] <= AREAS_MAX * areas[0] and one.meet(other).area_px >= AGREES_MIN * areas[0]


def _apart(one: Bounds, other: Bounds) -> int:
    return sum(abs(edge - twin) for edge, twin in zip(one, other, strict=True))
