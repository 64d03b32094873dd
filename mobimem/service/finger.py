"""A scripted finger: a person who knows a task, finds what to touch by its words, and types on the soft keyboard.

For demonstrations of teaching, and to measure it. It touches the glass (`Glass`): on the virtual phone that is a
hardware touch, as a person's would be. It looks before each touch and never touches what it does not see; what words
name is what `replay.demonstration` takes them to name. That one acts through the device and keeps its own steps, this
one only touches, so that a recorder has to tell what was done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Protocol

from device.android.wire import Wire
from device.clock import Clock, SystemClock
from device.errors import ReadAgain
from device.protocol import Device
from device.virtual.phone import VirtualPhone
from mobimem.errors import NotDone
from perception.element import Element
from perception.screen import Screen
from replay.demonstration import NAME_IT, named
from replay.recorder_touch import is_keyboard

TAP_S: Final = 0.06
KEY_S: Final = 0.03
SWIPE_S: Final = 0.3
LOOKS_MAX: Final = 100
LOOK_AGAIN_S: Final = 0.05
_SYMBOLS: Final = frozenset("1234567890@#$_&-+()/*\"':;!?")
_SAME: Final = frozenset(" ,.")  # on every layer of the keyboard


class Glass(Protocol):
    """Where a finger touches."""

    def touch(self, x_px: int, y_px: int, duration_s: float) -> None:
        """A finger down on this place for `duration_s` seconds, then up."""
        ...

    def swipe(self, x1: int, y1: int, x2: int, y2: int, duration_s: float) -> None:
        """A finger drawn from one place (px) to another in `duration_s` seconds."""
        ...


class WireGlass:
    """The virtual phone's glass, reached through adb: hardware touches that its `getevent` tells."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def touch(self, x_px: int, y_px: int, duration_s: float) -> None:
        self._wire.run(f"cmd vphone touch {x_px} {y_px} {round(duration_s * 1000)}")

    def swipe(self, x1: int, y1: int, x2: int, y2: int, duration_s: float) -> None:
        self._wire.run(f"cmd vphone swipe {x1} {y1} {x2} {y2} {round(duration_s * 1000)}")


class DirectGlass:
    """The glass of a virtual phone in this process; time is its clock's."""

    def __init__(self, phone: VirtualPhone) -> None:
        self._phone = phone

    def touch(self, x_px: int, y_px: int, duration_s: float) -> None:
        windows = self._phone.windows
        windows.pointer("down", x_px, y_px, hardware=True)
        self._phone.clock.sleep(duration_s)
        windows.frame()
        windows.pointer("up", x_px, y_px, hardware=True)

    def swipe(self, x1: int, y1: int, x2: int, y2: int, duration_s: float) -> None:
        windows, moves = self._phone.windows, 10
        windows.pointer("down", x1, y1, hardware=True)
        for move in range(1, moves + 1):
            self._phone.clock.sleep(duration_s / moves)
            windows.pointer("move", x1 + (x2 - x1) * move // moves, y1 + (y2 - y1) * move // moves, hardware=True)
        self._phone.clock.sleep(duration_s)  # it rests before it leaves: nothing is flung
        windows.pointer("up", x2, y2, hardware=True)


class Finger:
    """One hand at one device.

    Args:
        touched: called after each touch that is not on the keyboard, and when a text has been typed, with how many
            touches there were: waits until the teacher would go on.

    Raises (from every method):
        NotDone: what is to be touched is not on the screen, or several things are called so.
        DeviceError: as `Device.read`; over adb, as the wire.
    """

    def __init__(
        self, device: Device, glass: Glass, touched: Callable[[int], object], *, clock: Clock | None = None
    ) -> None:
        self._device = device
        self._glass = glass
        self._touched = touched
        self._clock = clock or SystemClock()
        self._count = 0

    def tap(self, says: str) -> None:
        """Taps what says this."""
        self._touch(says)
        self._touched(self._count)

    def type(self, text: str) -> None:
        """Types on the soft keyboard, which has to be up."""
        keys: dict[str, tuple[int, int]] = {}
        layer = ""
        for needed, name in _keys_of(text):
            if needed and needed != layer:
                if layer:
                    self._press(keys["Letters" if layer == "symbols" else "Symbols"])
                elif needed == "symbols":
                    self._press(self._keyboard()["Symbols"])
                layer, keys = needed, {}
            keys = keys or self._keyboard(having="q" if layer == "letters" else "1" if layer else "Space")
            self._press(keys[name])
        self._touched(self._count)

    def scroll_to(self, says: str) -> None:
        """Swipes up until something says this."""
        for _ in range(LOOKS_MAX):
            screen = self._screen()
            if named(screen, says):
                return
            width, height = screen.size.width_px, screen.size.height_px
            self._glass.swipe(width // 2, height * 3 // 4, width // 2, height * 2 // 5, SWIPE_S)
            self._count += 1
            self._touched(self._count)
        raise NotDone(f"the finger finds no {says!r} in this list")

    def _touch(self, says: str) -> None:
        found: tuple[Element, ...] = ()
        for _ in range(LOOKS_MAX):
            screen = self._screen()
            found = named(screen, says)
            point = screen.point_on(found[0]) if len(found) == 1 else None
            if point is not None:
                self._glass.touch(point.x_px, point.y_px, TAP_S)
                self._count += 1
                return
            self._clock.sleep(LOOK_AGAIN_S)
        if len(found) > 1:
            raise NotDone(f"{len(found)} things say {says!r} on the screen", next_step=NAME_IT)
        raise NotDone(f"the finger does not see {says!r} on the screen")

    def _keyboard(self, having: str = "Space") -> dict[str, tuple[int, int]]:
        for _ in range(LOOKS_MAX):
            screen = self._screen()
            keys = {}
            for element in screen.visible_elements():
                point = screen.point_on(element)
                if is_keyboard(element.package) and element.description and point is not None:
                    keys[element.description] = (point.x_px, point.y_px)
            if having in keys:
                return keys
            self._clock.sleep(LOOK_AGAIN_S)
        raise NotDone(f"the finger sees no keyboard with the key {having!r}")

    def _press(self, at: tuple[int, int]) -> None:
        self._glass.touch(*at, KEY_S)
        self._count += 1

    def _screen(self) -> Screen:
        for _ in range(LOOKS_MAX):
            try:
                return Screen.of(self._device.read())
            except ReadAgain:
                self._clock.sleep(LOOK_AGAIN_S)
        raise NotDone("the finger cannot see the screen")


def _keys_of(text: str) -> Iterator[tuple[str, str]]:
    """(layer that is needed, or "" for any; name of the key) for each touch. Shift falls back after one letter."""
    for character in text:
        if character in _SAME:
            yield "", "Space" if character == " " else character
        elif character in _SYMBOLS:
            yield "symbols", character
        else:
            if character.isupper():
                yield "letters", "Shift"
            yield "letters", character.lower()
