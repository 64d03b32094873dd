"""Draws gestures on the screen as UiAutomation injects them: one event per 5 ms, in real time, with one or two fingers.

The phone sees ordinary touches that do not come from hardware. One gesture at a time: two calls that overlap would
otherwise mix their events into a third gesture. A gesture that is cancelled lifts its fingers.

Times and steps are those of UiAutomator's InteractionController and UiObject (from memory of AOSP).
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence

from device.virtual.u2.pace import Pace
from device.virtual.u2.phone import Windows

STEP_S = 0.005
CLICK_S = 0.1
LONG_PRESS_S = 0.5
INJECTION_S = 0.001  # what injecting takes Android besides: a finger held for the long-press time is a long press

Point = tuple[float, float]


class Fingers:
    """Fingers that an automation puts onto the glass: one gesture after the other, in the phone's time."""

    def __init__(self, windows: Windows, pace: Pace) -> None:
        self._windows = windows
        self._pace = pace
        self._one_gesture = asyncio.Lock()

    async def tap(self, at: Point, hold_s: float = CLICK_S) -> bool:
        """Down, `hold_s` seconds, up. False for a point left of or above the screen, and nothing happens then."""
        if min(at) < 0:
            return False
        return await self._draw([[at], [at]], step_s=hold_s + INJECTION_S)

    async def swipe(self, points: Sequence[Point], steps: int, *, drag: bool = False) -> bool:
        """One finger along the points, `steps` steps from each to the next; `drag` holds still before it moves."""
        path = [points[0]]
        for start, end in itertools.pairwise(points):
            path += _line(start, end, steps)
        still_s = LONG_PRESS_S + INJECTION_S if drag else 0.0
        return await self._draw([[at] for at in path], step_s=STEP_S, still_s=still_s)

    async def pair(self, first: tuple[Point, Point], second: tuple[Point, Point], steps: int) -> bool:
        """Two fingers at once, each from its first to its second point."""
        lines = [[start, *_line(start, end, steps)] for start, end in (first, second)]
        return await self._draw([list(places) for places in zip(*lines, strict=True)], step_s=STEP_S)

    def touch(self, phase: str, at: Point) -> bool:
        """One event of a gesture that the client draws itself."""
        match phase:
            case "down" | "move" | "up":
                return self._windows.pointer(phase, *at)
            case _:
                return False

    async def _draw(self, path: Sequence[Sequence[Point]], *, step_s: float, still_s: float = 0.0) -> bool:
        """All fingers down at the first places, along the middle ones, up at the last; true if a window took them."""
        async with self._one_gesture:
            fingers = range(len(path[0]))
            last = path[0]
            accepted = True
            try:
                for finger in fingers:
                    accepted &= self._windows.pointer("down", *last[finger], pointer=finger)
                await self._pace.sleep(still_s)
                next_s = self._pace.now_s()
                for places in path[1:]:
                    next_s += step_s
                    await self._pace.sleep_until(next_s)
                    for finger in fingers:
                        if places[finger] != last[finger]:
                            self._windows.pointer("move", *places[finger], pointer=finger)
                    last = places
            finally:
                for finger in fingers:
                    self._windows.pointer("up", *last[finger], pointer=finger)
            return accepted


def _line(start: Point, end: Point, steps: int) -> list[Point]:
    """The places after `start`, in equal steps, `end` being the last."""
    count = max(1, steps)
    return [
        (start[0] + (end[0] - start[0]) * step / count, start[1] + (end[1] - start[1]) * step / count)
        for step in range(1, count + 1)
    ]
