"""A scripted demonstration: a task done once on a device, each touch named in words, and kept for `replay.distill`.

For demos, examples and tests that have to show a task without a person. What to touch is named by what it says
("Start chat"), or given as an element where nothing says anything; two elements that say the same are an error, nothing
is guessed. After each move the screen is read until two readings in a row are equal. It acts through the device and
knows what it did; `mobimem.service.finger` is the hand that only touches the glass, so that a recorder has to tell.
"""

from __future__ import annotations

from device.actions import Direction, InputText, LongPress, OpenApp, Point, PressKey, Scroll, Tap
from device.clock import Clock, SystemClock
from device.protocol import Device
from perception.element import Element
from perception.screen import Screen
from perception.words import normal
from replay.distill import Done, Held, Scrolled, Tapped, Typed
from replay.errors import ReplayError

NAME_IT = "Name what to touch by words that it alone says."
SETTLE_READS_MAX = 40
_POLL_S = 0.05


class Demonstration:
    """Does things on a device and remembers them in `done`. Start it on the screen the task starts from.

    Raises (from every method):
        ReplayError: nothing, or more than one thing, says what was named; or the screen never comes to rest.
        DeviceError: as `Device.read` and `Device.perform`.
    """

    def __init__(self, device: Device, *, clock: Clock | None = None) -> None:
        self._device = device
        self._clock = clock or SystemClock()
        self.done: list[Done] = []
        self.screen = self._settled()

    def open(self, package: str) -> None:
        """Brings an app to the front, as its launcher icon would."""
        action = OpenApp(package)
        before = self.screen
        self._device.perform(action)
        self._keep(before, action)

    def press(self, key: PressKey) -> None:
        """Presses one key."""
        before = self.screen
        self._device.perform(key)
        self._keep(before, key)

    def tap(self, says: str) -> None:
        """Taps what says this: its text, its description or its hint, as a whole."""
        before, element = self.screen, self.find(says)
        self._tap(element)
        self._keep(before, Tapped(element))

    def touch(self, element: Element) -> None:
        """Taps an element of the screen as it is now, for what no words name."""
        before = self.screen
        self._tap(element)
        self._keep(before, Tapped(element))

    def hold(self, says: str, *, duration_s: float = 0.8) -> None:
        """Holds the finger on what says this."""
        before, element = self.screen, self.find(says)
        self._device.perform(LongPress(self._point(element), duration_s))
        self._keep(before, Held(element, duration_s))

    def scroll(self, direction: Direction = "down") -> None:
        """Scrolls the largest thing that scrolls once, to what lies further in this direction."""
        before = self.screen
        scrollers = [element for element in before.visible_elements() if element.scrollable]
        if not scrollers:
            raise ReplayError("nothing on this screen scrolls", next_step="Name what is on the screen.")
        element = max(scrollers, key=lambda one: one.bounds.area_px)
        box, size = element.bounds, before.size
        corners = Point(box.left, box.top, size), Point(box.right - 1, box.bottom - 1, size)
        self._device.perform(Scroll(direction, *corners))
        self._keep(before, Scrolled(direction, element))

    def type(self, says: str, text: str) -> None:
        """Replaces what the field that says this, or stands under a label that does, holds."""
        self.type_into(self.find(says, field=True), text)

    def type_into(self, element: Element, text: str) -> None:
        """Replaces what a field of the screen as it is now holds, tapping it first unless it has the focus."""
        before = self.screen
        if not element.focused:
            self._tap(element)
            self.screen = self._settled()
        self._device.perform(InputText(text, replace=True))
        self._keep(before, Typed(element, text))

    def find(self, says: str, *, field: bool = False) -> Element:
        """The one visible element that says this; of a label in something that can be tapped, that thing.

        Where a field and something else both say it, `field` tells which of them is meant.
        """
        found = named(self.screen, says)
        meant = [element for element in found if element.editable == field] or list(found)
        if len(meant) != 1:
            what = "nothing says" if not found else f"{len(meant)} things say"
            raise ReplayError(f"{what} {says!r} on this screen", next_step=NAME_IT)
        return meant[0]

    def _tap(self, element: Element) -> None:
        self._device.perform(Tap(self._point(element)))

    def _point(self, element: Element) -> Point:
        point = self.screen.point_on(element)
        if point is None:
            raise ReplayError("what to touch lies outside of the screen", next_step="Scroll it into view first.")
        return point

    def _keep(self, before: Screen, did: Tapped | Held | Typed | Scrolled | PressKey | OpenApp) -> None:
        self.screen = self._settled()
        self.done.append(Done(before, did, self.screen))

    def _settled(self) -> Screen:
        last = Screen.of(self._device.read())
        for _ in range(SETTLE_READS_MAX):
            now = Screen.of(self._device.read())
            if now.source_hash == last.source_hash:
                return now
            last = now
            self._clock.sleep(_POLL_S)
        raise ReplayError("the screen does not come to rest", next_step="Wait until nothing moves, then try again.")


def named(screen: Screen, says: str) -> tuple[Element, ...]:
    """What a hand may touch when told these words: each thing whose text, description or hint is just that.

    Of a label in something that can be tapped, that thing. With several, the words do not name any of them.
    """
    wanted = normal(says)
    found: dict[int, Element] = {}
    for element in screen.visible_elements():
        if wanted in (normal(element.text), normal(element.description), normal(element.hint)):
            touched = touchable(screen, element)
            found[touched.index] = touched
    return tuple(found.values())


def touchable(screen: Screen, element: Element) -> Element:
    """The thing that takes a tap on this element: itself, or what it is a label in."""
    if element.clickable or element.editable:
        return element
    return next((above for above in screen.ancestors(element) if above.clickable), element)
