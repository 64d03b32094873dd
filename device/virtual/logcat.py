"""The phone's log: a ring of entries that can be read, cleared and followed from any thread.

A real phone's log never falls silent, and clients count on that (adbutils' `logcat().stop()` returns only
when one more line arrives): whoever follows calls `tick()` after `IDLE_TICK_S` without an entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from device.clock import Clock
from device.virtual.ring import CAPACITY, Ring

Level = Literal["V", "D", "I", "W", "E", "F"]
LEVELS: tuple[Level, ...] = ("V", "D", "I", "W", "E", "F")

IDLE_TICK_S = 0.5  # virtual_phone_checklist.md section 4: half a second fixed adbutils' test_logcat
SYSTEM_PID = 1031


@dataclass(frozen=True, slots=True)
class Entry:
    """One message. `at` is aware UTC."""

    at: datetime
    level: Level
    tag: str
    message: str
    pid: int
    tid: int


class Logcat(Ring[Entry]):
    """The last `capacity` entries, and those who follow new ones."""

    def __init__(self, clock: Clock, capacity: int = CAPACITY) -> None:
        super().__init__(capacity)
        self._clock = clock

    def write(self, tag: str, message: str, level: Level = "I", *, pid: int = SYSTEM_PID, tid: int = 0) -> None:
        """Appends one entry; a message of several lines becomes one entry per line, as Android prints it."""
        now = self._clock.now()
        self.put(*(Entry(now, level, tag, line, pid, tid or pid) for line in message.split("\n")))

    def tick(self) -> None:
        """Breaks a silence with the kind of line a phone's system server writes all the time."""
        self.write("BatteryStatsService", "In wakeup_callback: resumed from suspend", "D")

    def entries(self) -> list[Entry]:
        """What is in the ring, oldest first."""
        return self.held()
