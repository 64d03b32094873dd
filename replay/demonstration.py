"""A scripted demonstration: a task done once on a device, each touch named in words, and kept for `replay.distill`.

For demos, examples and tests that have to show a task without a person. What to touch is named by what it says
("Start chat"); two elements that say the same are an error, nothing is guessed. After each move the screen is read
until two readings in a row are equal.
"""

from __future__ import annotations

from device.actions import InputText, OpenApp, PressKey, Tap
from device.clock import Clock, SystemClock
from device.protocol import Device
from perception.element import Element
from perception.screen import Screen
from perception.words import normal
from replay.distill import Done, Tapped, Typed
from replay.errors import ReplayError

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
        action = OpenApp(package)
        before = self.screen
        self._device.perform(action)
        self._keep(before, action)

    def press(self, key: PressKey) -> None:
        before = self.screen
        self._device.perform(key)
        self._keep(before, key)

    def tap(self, says: str) -> None:
        """Taps what says this: its text, its description or its hint, as a whole."""
        before, element = self.screen, self.find(says)
        self._tap(element)
        self._keep(before, Tapped(element))

    def type(self, says: str, text: str) -> None:
        """Replaces what the field that says this holds, tapping it first unless it has the focus."""
        before, element = self.screen, self.find(says)
        if not element.focused:
            self._tap(element)
            self.screen = self._settled()
        self._device.perform(InputText(text, replace=True))
        self._keep(before, Typed(element, text))

    def find(self, says: str) -> Element:
        """The one visible element that says this; of a label in something that can be tapped, that thing."""
        wanted = normal(says)
        found: dict[int, Element] = {}
        for element in self.screen.visible_elements():
            if wanted in (normal(element.text), normal(element.description), normal(element.hint)):
                touched = self._touchable(element)
                found[touched.index] = touched
        if len(found) != 1:
            what = "nothing says" if not found else f"{len(found)} things say"
            raise ReplayError(
                f"{what} {says!r} on this screen", next_step="Name what to touch by words that it alone says."
            )
        return next(iter(found.values()))

    def _touchable(self, element: Element) -> Element:
        if element.clickable or element.editable:
            return element
        return next((above for above in self.screen.ancestors(element) if above.clickable), element)

    def _tap(self, element: Element) -> None:
        point = self.screen.point_on(element)
        if point is None:
            raise ReplayError("what to touch lies outside of the screen", next_step="Scroll it into view first.")
        self._device.perform(Tap(point))

    def _keep(self, before: Screen, did: Tapped | Typed | PressKey | OpenApp) -> None:
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
