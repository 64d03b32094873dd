"""What never keeps still on a phone and says nothing about the page: clock, battery, a blinking caret.

Three sources, each a pure function or a value: `bars` takes the system's bars from the element tree, `status_strip`
guesses where the tree does not show them, and `Blinks` learns small places that go back and forth between two looks.
A spinner has many looks and stays a change: something is still being loaded.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from device.actions import Size
from perception.element import Bounds
from perception.identity import BAR_MAX
from perception.screen import Screen
from perception.vision.changes import changes
from perception.vision.image import Image
from perception.vision.packages import numpy

STATUS_SHARE: Final = 0.035  # of the longer side: Android's 24 dp are 2.6 to 3.8 % of 640 to 915 dp
BLINK_AREA_MAX: Final = 0.005  # of the screen: a caret has 0.02 %, a seconds display 0.3 %
BLINK_RETURNS: Final = 2  # times a place came back to a look it had: once may be a press and its release
LOOKS_MAX: Final = 2  # on and off
PLACES_MAX: Final = 32  # remembered at most, the latest
LOOK_EQUAL: Final = 4.0  # of 255, mean difference of two looks that are the same
_SYSTEM_UI: Final = "com.android.systemui"
_CLOCKS: Final = ("TextClock", "DigitalClock", "AnalogClock", "Chronometer")


def bars(screen: Screen) -> tuple[Bounds, ...]:
    """The boxes of the status and navigation bar and of clocks, as the element tree tells them; often none."""
    area = screen.size.width_px * screen.size.height_px
    thin = (
        screen.elements[index].bounds
        for index in screen.roots
        if screen.elements[index].package == _SYSTEM_UI and screen.elements[index].bounds.area_px <= BAR_MAX * area
    )
    clocks = (element.bounds for element in screen.visible_elements() if element.cls.endswith(_CLOCKS))
    return tuple(dict.fromkeys(box for box in (*thin, *clocks) if box.area_px))


def status_strip(size: Size) -> Bounds:
    """Where the status bar most likely is, for a screen whose tree does not show it (most dumps do not)."""
    return Bounds(0, 0, size.width_px, round(STATUS_SHARE * max(size.width_px, size.height_px)))


@dataclass(frozen=True, slots=True)
class _Place:
    box: Bounds
    looks: tuple[Image, ...]
    returns: int = 0


@dataclass(frozen=True, slots=True)
class Blinks:
    """Small places seen to change, and how often each came back to a look it had. `seen` makes the next value."""

    places: tuple[_Place, ...] = ()
    last: Image | None = field(default=None, repr=False)

    @property
    def boxes(self) -> tuple[Bounds, ...]:
        """The places known to blink, to be ignored by `changes`."""
        return tuple(
            place.box for place in self.places if place.returns >= BLINK_RETURNS and len(place.looks) <= LOOKS_MAX
        )

    def seen(self, image: Image) -> Blinks:
        """What is known after this picture."""
        before = self.last
        if before is None or before.size != image.size:
            return Blinks(last=image)
        places = list(self.places)
        for box in changes(before, image).boxes:
            if box.area_px <= BLINK_AREA_MAX * image.width_px * image.height_px:
                at = next((i for i, place in enumerate(places) if place.box.meet(box).area_px), None)
                if at is None:
                    places.append(_Place(box, (_look(before, box), _look(image, box))))
                else:
                    places[at] = _changed(places[at], before, image, box)
        return Blinks(tuple(places[-PLACES_MAX:]), image)


def _changed(place: _Place, before: Image, image: Image, box: Bounds) -> _Place:
    """The place after one more change; one that grew starts over, with the box that holds both."""
    grown = Bounds(
        min(place.box.left, box.left),
        min(place.box.top, box.top),
        max(place.box.right, box.right),
        max(place.box.bottom, box.bottom),
    )
    if grown != place.box:
        return _Place(grown, (_look(before, grown), _look(image, grown)))
    look = _look(image, place.box)
    if any(_alike(look, known) for known in place.looks):
        return replace(place, returns=place.returns + 1)
    return replace(place, looks=(*place.looks[-LOOKS_MAX:], look))


def _look(image: Image, box: Bounds) -> Image:
    return Image(image.crop(box).rgb.copy())


def _alike(one: Image, other: Image) -> bool:
    np = numpy()
    if one.size != other.size:
        return False
    return float(np.abs(one.rgb.astype(np.int16) - other.rgb).mean()) <= LOOK_EQUAL
