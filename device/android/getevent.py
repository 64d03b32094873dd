"""The owner's touches, read from `getevent`: pure parsing, no device.

`getevent -lp` lists the input devices with the ranges of their axes; `getevent -lt` prints every event of the hardware
with the kernel's time. Both multi-touch protocols of the kernel are read: B (slots and tracking ids, all of today's
phones) and A (SYN_MT_REPORT after each contact). Only the first finger is followed: it makes the gestures we record.
Injected input never appears in getevent, which is what tells the owner's hand from ours.

Source: kernel.org Documentation/input/multi-touch-protocol.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from device.actions import Size

_DEVICE = re.compile(r"^add device \d+: (\S+)")
_AXIS = re.compile(r"(ABS_MT_POSITION_[XY]|ABS_MT_SLOT|003[56f])\s*:\s*value .*?min (-?\d+), max (-?\d+)")
_EVENT = re.compile(r"^\[\s*(\d+\.\d+)\]\s+(?:(\S+):\s+)?(\S+)\s+(\S+)\s+(\S+)\s*$")
_UNSIGNED_MINUS_1 = 0xFFFFFFFF
_AXIS_NAMES = {"0035": "ABS_MT_POSITION_X", "0036": "ABS_MT_POSITION_Y", "002f": "ABS_MT_SLOT"}

Phase = Literal["down", "move", "up"]


@dataclass(frozen=True, slots=True)
class Panel:
    """A touch screen as the kernel sees it: its device file and what its axes run over."""

    path: str
    x_min: int
    x_max: int
    y_min: int
    y_max: int

    def to_screen(self, x: int, y: int, shown: Size, rotation: int) -> tuple[int, int]:
        """The pixel of the screen as it is shown (`rotation` in quarter turns) under a raw place on the glass."""
        across = (x - self.x_min) / max(1, self.x_max - self.x_min + 1)
        down = (y - self.y_min) / max(1, self.y_max - self.y_min + 1)
        u, v = {
            0: (across, down),
            1: (down, 1 - across),
            2: (1 - across, 1 - down),
            3: (1 - down, across),
        }[rotation % 4]
        return (
            min(shown.width_px - 1, max(0, int(u * shown.width_px))),
            min(shown.height_px - 1, max(0, int(v * shown.height_px))),
        )


@dataclass(frozen=True, slots=True)
class RawTouch:
    """A change of the followed finger, in the panel's own units and the kernel's time."""

    phase: Phase
    x: int
    y: int
    at_s: float


def panels(listing: str) -> list[Panel]:
    """The touch screens in the text of `getevent -lp`: the devices that report both position axes."""
    found = []
    for block in re.split(r"(?m)^(?=add device )", listing):
        name = _DEVICE.match(block)
        ranges = {_AXIS_NAMES.get(axis, axis): (int(low), int(high)) for axis, low, high in _AXIS.findall(block)}
        if name and {"ABS_MT_POSITION_X", "ABS_MT_POSITION_Y"} <= ranges.keys():
            found.append(Panel(name[1], *ranges["ABS_MT_POSITION_X"], *ranges["ABS_MT_POSITION_Y"]))
    return found


class TouchParser:
    """Turns lines of `getevent -lt` into touches; remembers what is not repeated (the kernel sends changes only)."""

    def __init__(self, path: str | None = None) -> None:
        """`path`: the panel's device file; None takes events of any (getevent was given one device only)."""
        self._path = path
        self._slot = 0
        self._followed: int | None = None  # the slot of the finger followed
        self._x = self._y = 0
        self._is_down = False
        self._lifts = False
        self._moved = False
        self._contacts = 0  # protocol A: contacts in this packet
        self._protocol_a = False

    def feed(self, line: str) -> RawTouch | None:
        """A touch once a packet is complete (SYN_REPORT), else None. Lines of other devices and noise are skipped."""
        match = _EVENT.match(line)
        if match is None or (self._path is not None and match[2] not in (None, self._path)):
            return None
        at_s, code, value = float(match[1]), match[4], match[5]
        if code == "SYN_REPORT":
            return self._packet(at_s)
        if code == "SYN_MT_REPORT":
            self._protocol_a = True
            self._contacts += 1
        elif code == "ABS_MT_SLOT":
            self._slot = int(value, 16)
        elif code == "ABS_MT_TRACKING_ID":
            self._tracking(int(value, 16))
        elif code == "BTN_TOUCH" and value in ("UP", "00000000"):
            self._lifts = True
        elif code in ("ABS_MT_POSITION_X", "ABS_MT_POSITION_Y"):
            self._place(code[-1], int(value, 16))
        return None

    def _tracking(self, tracking_id: int) -> None:
        if tracking_id == _UNSIGNED_MINUS_1:
            self._lifts = self._lifts or self._slot == self._followed
        elif self._followed is None:
            self._followed = self._slot

    def _place(self, axis: str, value: int) -> None:
        if self._contacts > 0 or (self._followed is not None and self._slot != self._followed):
            return  # another finger
        if axis == "X":
            self._x = value
        else:
            self._y = value
        self._moved = True

    def _packet(self, at_s: float) -> RawTouch | None:
        if self._protocol_a and not self._moved:
            self._lifts = True  # protocol A: an empty report says that no finger is there
        lifts, moved = self._lifts, self._moved
        self._lifts = self._moved = False
        self._contacts = 0
        if lifts:
            self._followed = None
            was_down, self._is_down = self._is_down, False
            return RawTouch("up", self._x, self._y, at_s) if was_down else None
        if not moved and (self._is_down or self._followed is None):
            return None
        phase: Phase = "move" if self._is_down else "down"
        self._is_down = True
        return RawTouch(phase, self._x, self._y, at_s)
