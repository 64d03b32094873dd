"""The touchscreen as the kernel reports it: multi-touch protocol B, in the device's own units.

Units are those of the panel in its natural orientation, whatever way the screen is held, so a reader has to scale and
turn. As in the kernel, a value that has not changed since the slot's last one is not reported again, and a packet with
nothing in it is not sent. Source: Linux Documentation/input/multi-touch-protocol.rst.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from device.actions import Size
from device.virtual.window.gestures import Contact

SLOTS = 10
AXIS_MAX = 32767
TRACKING_ID_MAX = 65535

EV_SYN, EV_KEY, EV_ABS = 0x00, 0x01, 0x03
SYN_REPORT = 0x00
BTN_TOUCH = 0x14A
ABS_MT_SLOT, ABS_MT_POSITION_X, ABS_MT_POSITION_Y, ABS_MT_TRACKING_ID = 0x2F, 0x35, 0x36, 0x39
NO_FINGER = -1


@dataclass(frozen=True, slots=True)
class InputEvent:
    """One kernel event; `at_s` is the monotonic clock's."""

    at_s: float
    type: int
    code: int
    value: int


@dataclass(slots=True)
class _Slot:
    finger: int | None = None
    x: int | None = None
    y: int | None = None


@dataclass(slots=True)
class TouchProtocol:
    """Turns contacts into events. Keeps what the driver keeps: slots, the last values, the tracking ids."""

    _slots: list[_Slot] = field(default_factory=lambda: [_Slot() for _ in range(SLOTS)])
    _current: int = 0
    _next_id: int = 0

    def feed(self, contact: Contact, natural: Size, rotation: int) -> list[InputEvent]:
        """The events of one contact, SYN_REPORT last; none if nothing changed or all slots are taken.

        Args:
            natural: the screen's size in px at rotation 0.
            rotation: quarter turns the screen was held at when it was touched.
        """
        at_s = contact.at_s
        number = self._slot_of(contact)
        if number is None:
            return []
        slot = self._slots[number]
        pairs: list[tuple[int, int, int]] = []
        if contact.phase == "up":
            pairs.append((EV_ABS, ABS_MT_TRACKING_ID, NO_FINGER))
            slot.finger = None
            if all(other.finger is None for other in self._slots):
                pairs.append((EV_KEY, BTN_TOUCH, 0))
        else:
            first = all(other.finger is None for other in self._slots)
            if slot.finger is None:
                pairs.append((EV_ABS, ABS_MT_TRACKING_ID, self._next_id))
                self._next_id = (self._next_id + 1) % (TRACKING_ID_MAX + 1)
                slot.finger = contact.finger
            x, y = to_device(contact.x_px, contact.y_px, natural, rotation)
            pairs += [(EV_ABS, ABS_MT_POSITION_X, x)] * (x != slot.x) + [(EV_ABS, ABS_MT_POSITION_Y, y)] * (y != slot.y)
            slot.x, slot.y = x, y
            if first:
                pairs.append((EV_KEY, BTN_TOUCH, 1))
        if not pairs:
            return []
        if number != self._current:
            pairs.insert(0, (EV_ABS, ABS_MT_SLOT, number))
            self._current = number
        return [InputEvent(at_s, *pair) for pair in [*pairs, (EV_SYN, SYN_REPORT, 0)]]

    def _slot_of(self, contact: Contact) -> int | None:
        """The slot of a finger that is down, or a free one for a finger that comes down."""
        for number, slot in enumerate(self._slots):
            if slot.finger == contact.finger:
                return number
        if contact.phase != "down":
            return None
        return next((number for number, slot in enumerate(self._slots) if slot.finger is None), None)


def to_device(x_px: float, y_px: float, natural: Size, rotation: int) -> tuple[int, int]:
    """A place on the screen as it is held, in units of the panel."""
    width, height = natural.width_px, natural.height_px
    right, bottom = width - 1, height - 1
    x, y = {
        0: (x_px, y_px),
        1: (right - y_px, x_px),
        2: (right - x_px, bottom - y_px),
        3: (y_px, bottom - x_px),
    }[rotation % 4]
    return _scaled(x, width), _scaled(y, height)


def _scaled(px: float, extent_px: int) -> int:
    """Rounded up, so that a reader who scales back and rounds down finds the same pixel."""
    return min(AXIS_MAX, max(0, math.ceil(px * (AXIS_MAX + 1) / extent_px)))
