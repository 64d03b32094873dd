"""Turns finger contacts into gestures: a pure state machine over (phase, place, finger, time).

It knows nothing of views. Time only comes in with contacts and with `tick`, so a long press is found both by whoever
looks while the finger rests and by the finger's next move. The limits are Android's `ViewConfiguration`.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Literal, TypeAlias

Phase = Literal["down", "move", "up"]

TOUCH_SLOP_DP = 8.0
DOUBLE_TAP_SLOP_DP = 100.0
LONG_PRESS_S = 0.5
DOUBLE_TAP_S = 0.3
VELOCITY_WINDOW_S = 0.1


@dataclass(frozen=True, slots=True)
class Contact:
    """One report of one finger, in px; `at_s` is monotonic."""

    phase: Phase
    x_px: float
    y_px: float
    finger: int
    at_s: float


@dataclass(frozen=True, slots=True)
class Press:
    """The first finger has come down."""

    x_px: float
    y_px: float


@dataclass(frozen=True, slots=True)
class Tap:
    """A finger came down and up on one spot. `count` is 2 for the second of a quick pair; `held` after a long press."""

    x_px: float
    y_px: float
    count: int
    held: bool


@dataclass(frozen=True, slots=True)
class LongPress:
    """The finger has rested on its spot for long enough."""

    x_px: float
    y_px: float


@dataclass(frozen=True, slots=True)
class DragStart:
    """The finger has left its spot in the direction (dx, dy)."""

    dx_px: float
    dy_px: float


@dataclass(frozen=True, slots=True)
class Drag:
    """The finger moved on by (dx, dy) and is at (x, y)."""

    x_px: float
    y_px: float
    dx_px: float
    dy_px: float


@dataclass(frozen=True, slots=True)
class Drop:
    """The dragging finger went up, (dx, dy) away from where it came down, at the given speed."""

    dx_px: float
    dy_px: float
    speed_x_px_s: float
    speed_y_px_s: float


@dataclass(frozen=True, slots=True)
class PinchStart:
    """A second finger has come down; (x, y) is the middle between the two."""

    x_px: float
    y_px: float


@dataclass(frozen=True, slots=True)
class Pinch:
    """The distance of the two fingers changed by `factor`."""

    factor: float


Gesture: TypeAlias = Press | Tap | LongPress | DragStart | Drag | Drop | PinchStart | Pinch
_State = Literal["idle", "pressed", "held", "dragging", "pinching", "spent"]


class Recogniser:
    """One screen's fingers. `density` converts Android's limits from dp."""

    def __init__(self, density: float) -> None:
        self.density = density
        self._state: _State = "idle"
        self._fingers: dict[int, tuple[float, float]] = {}
        self._start = self._last = (0.0, 0.0)
        self._down_at_s = 0.0
        self._trail: deque[tuple[float, float, float]] = deque(maxlen=64)
        self._last_tap: tuple[float, float, float] | None = None  # x, y, when it ended
        self._span_px = 0.0

    def feed(self, contact: Contact) -> list[Gesture]:
        """The gestures that this contact makes, in order."""
        found = self.tick(contact.at_s)
        match contact.phase:
            case "down":
                found += self._down(contact)
            case "move":
                found += self._move(contact)
            case "up":
                found += self._up(contact)
        return found

    def tick(self, at_s: float) -> list[Gesture]:
        """What the mere passing of time makes: a resting finger becomes a long press."""
        if self._state == "pressed" and at_s - self._down_at_s >= LONG_PRESS_S:
            self._state = "held"
            return [LongPress(*self._start)]
        return []

    def reset(self) -> None:
        """Forgets every finger; what is still down no longer counts."""
        self._state = "idle"
        self._fingers.clear()
        self._last_tap = None

    def _down(self, contact: Contact) -> list[Gesture]:
        self._fingers[contact.finger] = (contact.x_px, contact.y_px)
        if len(self._fingers) == 1:
            self._state = "pressed"
            self._start = self._last = (contact.x_px, contact.y_px)
            self._down_at_s = contact.at_s
            self._trail.clear()
            self._trail.append((contact.x_px, contact.y_px, contact.at_s))
            return [Press(contact.x_px, contact.y_px)]
        if len(self._fingers) == 2 and self._state in ("pressed", "held", "dragging"):
            self._state = "pinching"
            (x1, y1), (x2, y2) = self._fingers.values()
            self._span_px = math.dist((x1, y1), (x2, y2))
            return [PinchStart((x1 + x2) / 2, (y1 + y2) / 2)]
        self._state = "spent"
        return []

    def _move(self, contact: Contact) -> list[Gesture]:
        if contact.finger not in self._fingers:
            return []
        self._fingers[contact.finger] = (contact.x_px, contact.y_px)
        if self._state == "pinching":
            return self._spread()
        if self._state not in ("pressed", "held", "dragging"):
            return []
        here = (contact.x_px, contact.y_px)
        self._trail.append((*here, contact.at_s))
        dx, dy = here[0] - self._start[0], here[1] - self._start[1]
        found: list[Gesture] = []
        if self._state != "dragging":
            distance, slop = math.hypot(dx, dy), TOUCH_SLOP_DP * self.density
            if distance <= slop:
                return []
            self._state = "dragging"
            # As Android does, the content starts to follow where the slop ends.
            self._last = (self._start[0] + dx * slop / distance, self._start[1] + dy * slop / distance)
            found.append(DragStart(dx, dy))
        found.append(Drag(*here, here[0] - self._last[0], here[1] - self._last[1]))
        self._last = here
        return found

    def _spread(self) -> list[Gesture]:
        (x1, y1), (x2, y2) = list(self._fingers.values())[:2]
        span = math.dist((x1, y1), (x2, y2))
        if self._span_px < 1 or span < 1 or span == self._span_px:
            self._span_px = max(self._span_px, span)
            return []
        factor, self._span_px = span / self._span_px, span
        return [Pinch(factor)]

    def _up(self, contact: Contact) -> list[Gesture]:
        if self._fingers.pop(contact.finger, None) is None:
            return []
        state = self._state
        self._state = "spent" if self._fingers else "idle"
        if state in ("pressed", "held"):
            return [self._tap(contact, held=state == "held")]
        if state == "dragging":
            self._trail.append((contact.x_px, contact.y_px, contact.at_s))
            dx, dy = contact.x_px - self._start[0], contact.y_px - self._start[1]
            return [Drop(dx, dy, *self._speed(contact.at_s))]
        return []

    def _tap(self, contact: Contact, *, held: bool) -> Tap:
        x, y = self._start
        last, self._last_tap = self._last_tap, None
        if not held and last is not None:
            near = math.dist((x, y), last[:2]) <= DOUBLE_TAP_SLOP_DP * self.density
            if near and self._down_at_s - last[2] <= DOUBLE_TAP_S:
                return Tap(x, y, 2, held=False)
        if not held:
            self._last_tap = (x, y, contact.at_s)
        return Tap(x, y, 1, held=held)

    def _speed(self, at_s: float) -> tuple[float, float]:
        """Mean speed over the last tenth of a second; 0 for a finger that rested before it went up."""
        recent = [point for point in self._trail if at_s - point[2] <= VELOCITY_WINDOW_S]
        if len(recent) < 2 or recent[-1][2] <= recent[0][2]:
            return 0.0, 0.0
        elapsed = recent[-1][2] - recent[0][2]
        return (recent[-1][0] - recent[0][0]) / elapsed, (recent[-1][1] - recent[0][1]) / elapsed
