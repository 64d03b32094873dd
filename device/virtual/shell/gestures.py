"""A finger on the screen: what `input` injects and what `cmd vphone` does as a person would.

Gestures last as long as on a real phone, by the phone's clock.
"""

from __future__ import annotations

from typing import Literal

from device.virtual.shell.call import Call

STEP_S = 0.01  # a touchscreen reports about a hundred times a second
LONG_PRESS_S = 0.6  # Android's long press takes 0.5 s; `input draganddrop` waits a little more


class Finger:
    """One finger. `hardware` touches are those of a person: they show in `getevent`."""

    def __init__(self, call: Call, *, hardware: bool = False) -> None:
        self._call = call
        self._hardware = hardware
        self._x = 0.0
        self._y = 0.0

    async def down(self, x_px: float, y_px: float) -> None:
        await self._send("down", x_px, y_px)

    async def up(self) -> None:
        await self._send("up", self._x, self._y)

    async def tap(self, x_px: float, y_px: float, duration_s: float = 0.0) -> None:
        await self.down(x_px, y_px)
        await self.rest(duration_s)
        await self.up()

    async def rest(self, duration_s: float) -> None:
        """Stays where it is."""
        if duration_s > 0:
            await self.glide(self._x, self._y, duration_s)

    async def glide(self, x_px: float, y_px: float, duration_s: float) -> None:
        """Moves in a straight line to a place, evenly, and arrives after `duration_s`."""
        clock = self._call.phone.clock
        from_x, from_y, start = self._x, self._y, clock.monotonic_s()
        while (passed := clock.monotonic_s() - start) < duration_s:
            share = passed / duration_s
            await self._send("move", from_x + (x_px - from_x) * share, from_y + (y_px - from_y) * share)
            await self._call.pause(min(STEP_S, duration_s - passed))
        await self._send("move", x_px, y_px)

    async def event(self, phase: str, x_px: float, y_px: float) -> None:
        """One event alone: DOWN, MOVE, UP or CANCEL."""
        known: dict[str, Literal["down", "move", "up"]] = {"DOWN": "down", "MOVE": "move", "UP": "up", "CANCEL": "up"}
        await self._send(known[phase], x_px, y_px)

    async def _send(self, phase: Literal["down", "move", "up"], x_px: float, y_px: float) -> None:
        self._x, self._y = x_px, y_px
        pointer = self._call.phone.windows.pointer
        await self._call.work(pointer, phase, x_px, y_px, hardware=self._hardware)
