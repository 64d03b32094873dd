"""Any device on the viewer's page, for teaching where a phone does not tell its touches.

Fits the viewer's `Viewed`: pictures are taken of the device, and a touch of the page is done on the device by us when
the finger leaves (a device takes whole gestures), then handed to the lesson as the teacher's deed. Text typed on the
computer's keyboard goes into the focused field; what it was is told by what the field says, and by nothing else.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final, get_args

from device.actions import Action, InputText, Key, LongPress, Point, PressKey, Size, Swipe, Tap
from device.clock import Clock, SystemClock
from device.errors import NoTextField
from device.protocol import Device, Picture, Touch
from device.virtual.viewer import Look, Phase
from replay.gestures import Deed, Fingers, Gesture, HoldAt, KeyPressed, SwipeAlong, TapAt, TextEntered

PICTURE_EVERY_S: Final = 0.5
_ARROWS: Final[dict[str, Key]] = {f"dpad_{key}": key for key in ("up", "down", "left", "right", "center")}
_KEYS: Final[dict[str, Key]] = {**{key: key for key in get_args(Key)}, **_ARROWS, "del": "delete"}  # as pages name them


class DeviceView:
    """One device as the viewer sees it.

    Args:
        on_deed: hears of each gesture and key once the device has done it.
        one_at_a_time: held around each deed, so that nobody reads the screen in the middle of it.
    """

    def __init__(
        self,
        device: Device,
        on_deed: Callable[[Deed], object],
        *,
        one_at_a_time: AbstractContextManager[object] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._device = device
        self._on_deed = on_deed
        self._lock = one_at_a_time or threading.RLock()
        self._clock = clock or SystemClock()
        self._fingers = Fingers()
        self._info = device.info()
        self._size = device.read().size
        self._shown = 0
        self._last: Look | None = None
        self._taken_s = float("-inf")

    @property
    def name(self) -> str:
        return f"{self._info.model} ({self._device.serial})"

    def number(self) -> int:
        """A new number, and so a new picture, every half second; and at once after a deed."""
        if self._clock.monotonic_s() - self._taken_s >= PICTURE_EVERY_S:
            self._shown += 1
            self._taken_s = self._clock.monotonic_s()
        return self._shown

    def size(self) -> Size:
        return self._size

    def look(self) -> Look:
        """
        Raises:
            DeviceError: as `Device.picture`.
        """
        number = self._shown
        if self._last is None or self._last.number != number:
            with self._lock:
                jpeg, self._size = _jpeg(self._device.picture())
            self._last = Look(number, self._size, jpeg)
        return self._last

    def touch(self, phase: Phase, x_px: int, y_px: int) -> None:
        gesture = self._fingers.feed(Touch(phase, x_px, y_px, self._clock.monotonic_s()), self._size)
        if gesture is not None:
            self._do(self._action(gesture), lambda begun_s, ended_s: _timed(gesture, begun_s, ended_s))

    def key(self, name: str) -> bool:
        key = _KEYS.get(name)
        if key is None:
            return False
        self._do(PressKey(key), lambda begun_s, ended_s: KeyPressed(PressKey(key), begun_s, ended_s))
        return True

    def type(self, text: str) -> bool:
        try:
            self._do(InputText(text), TextEntered)
        except NoTextField:
            return False
        return True

    def turn(self) -> None:
        """Nothing: a device is turned by hand."""

    def _action(self, gesture: Gesture) -> Action:
        match gesture:
            case TapAt(x_px, y_px):
                return Tap(self._point(x_px, y_px))
            case HoldAt(x_px, y_px, started_s, ended_s):
                return LongPress(self._point(x_px, y_px), ended_s - started_s)
            case SwipeAlong(path, _, started_s, ended_s):
                return Swipe(self._point(*path[0]), self._point(*path[-1]), max(0.1, ended_s - started_s))

    def _do(self, action: Action, deed: Callable[[float, float], Deed]) -> None:
        with self._lock:
            begun_s = self._clock.monotonic_s()
            self._device.perform(action)
            ended_s = self._clock.monotonic_s()
        self._on_deed(deed(begun_s, ended_s))
        self._taken_s = float("-inf")

    def _point(self, x_px: int, y_px: int) -> Point:
        return Point(x_px, y_px, self._size)


def _timed(gesture: Gesture, begun_s: float, ended_s: float) -> Gesture:
    """The gesture with the times at which it was done on the device; each is one of its own there."""
    match gesture:
        case TapAt(x_px, y_px):
            return TapAt(x_px, y_px, begun_s, ended_s)
        case HoldAt(x_px, y_px):
            return HoldAt(x_px, y_px, begun_s, ended_s)
        case SwipeAlong(path, direction):
            return SwipeAlong(path, direction, begun_s, ended_s)


def _jpeg(picture: Picture) -> tuple[bytes, Size]:
    from PIL import Image

    image = Image.open(io.BytesIO(picture.data))
    size = Size(*image.size)
    if picture.media_type == "image/jpeg":
        return picture.data, size
    made = io.BytesIO()
    image.convert("RGB").save(made, "JPEG", quality=80)
    return made.getvalue(), size
