"""The phone's log: a ring of entries that can be read, cleared and followed from any thread.

A follower is called once per new entry, on the thread that wrote it, outside the log's lock: it must only hand the
entry on. A real phone's log never falls silent, and clients count on that (adbutils' `logcat().stop()` returns only
when one more line arrives): whoever follows calls `tick()` after `IDLE_TICK_S` without an entry.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from device.clock import Clock

Level = Literal["V", "D", "I", "W", "E", "F"]
LEVELS: tuple[Level, ...] = ("V", "D", "I", "W", "E", "F")

IDLE_TICK_S = 0.5  # virtual_phone_checklist.md section 4: half a second fixed adbutils' test_logcat
CAPACITY = 4096
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


class Logcat:
    """The last `capacity` entries, and those who follow new ones."""

    def __init__(self, clock: Clock, capacity: int = CAPACITY) -> None:
        self._clock = clock
        self._entries: deque[Entry] = deque(maxlen=capacity)
        self._followers: list[Callable[[Entry], object]] = []
        self._lock = threading.Lock()

    def write(self, tag: str, message: str, level: Level = "I", *, pid: int = SYSTEM_PID, tid: int = 0) -> None:
        """Appends one entry; a message of several lines becomes one entry per line, as Android prints it."""
        now = self._clock.now()
        entries = [Entry(now, level, tag, line, pid, tid or pid) for line in message.split("\n")]
        with self._lock:
            self._entries.extend(entries)
            followers = list(self._followers)
        for entry in entries:
            for follower in followers:
                follower(entry)

    def tick(self) -> None:
        """Breaks a silence with the kind of line a phone's system server writes all the time."""
        self.write("BatteryStatsService", "In wakeup_callback: resumed from suspend", "D")

    def entries(self) -> list[Entry]:
        """What is in the ring, oldest first."""
        with self._lock:
            return list(self._entries)

    def clear(self) -> None:
        """Empties the ring; those who follow stay."""
        with self._lock:
            self._entries.clear()

    def subscribe(self, follower: Callable[[Entry], object]) -> Callable[[], None]:
        """Calls `follower` for each new entry until the returned function is called (safe twice)."""
        with self._lock:
            self._followers.append(follower)

        def unsubscribe() -> None:
            with self._lock:
                if follower in self._followers:
                    self._followers.remove(follower)

        return unsubscribe
