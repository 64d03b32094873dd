"""How the server lets time pass: gestures last as long as Android's, and waiting never blocks the event loop.

On a manual clock a pause moves the clock instead, so that tests of gestures and waits take no time and long presses
are still long to the phone.
"""

from __future__ import annotations

import asyncio

from device.clock import Clock, ManualClock


class Pace:
    """The passing of the phone's time, for the automation's own waits."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now_s(self) -> float:
        """Monotonic seconds of the phone's clock."""
        return self._clock.monotonic_s()

    async def sleep(self, duration_s: float) -> None:
        """Returns after `duration_s` seconds of the phone's clock; other connections go on meanwhile."""
        if isinstance(self._clock, ManualClock):
            self._clock.sleep(duration_s)
            await asyncio.sleep(0)
        else:
            await asyncio.sleep(max(0.0, duration_s))

    async def sleep_until(self, moment_s: float) -> None:
        """Returns once `now_s()` has reached `moment_s`; at once if it has passed."""
        await self.sleep(max(0.0, moment_s - self.now_s()))
