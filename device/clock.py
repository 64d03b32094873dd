"""Clocks are handed in, so that nothing has to wait in a test and every time is aware UTC."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Time as the program sees it."""

    def now(self) -> datetime:
        """The time of day, aware, in UTC. May jump when the machine's clock is set."""
        ...

    def monotonic_s(self) -> float:
        """Seconds since an arbitrary start; never goes back. Durations are differences of this."""
        ...

    def sleep(self, duration_s: float) -> None:
        """Returns after `duration_s` seconds of this clock; at once for 0 or less."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        return time.monotonic()

    def sleep(self, duration_s: float) -> None:
        if duration_s > 0:
            time.sleep(duration_s)


class ManualClock:
    """A clock that moves only when told to, or when somebody sleeps on it. Safe to use from several threads."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)) -> None:
        if start.tzinfo is None:
            raise ValueError("the start needs a time zone: pass an aware datetime")
        self._start = start.astimezone(UTC)
        self._elapsed_s = 0.0
        self._lock = threading.Lock()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.monotonic_s())

    def monotonic_s(self) -> float:
        with self._lock:
            return self._elapsed_s

    def sleep(self, duration_s: float) -> None:
        self.advance(max(0.0, duration_s))

    def advance(self, duration_s: float) -> None:
        """Moves the clock forward by `duration_s` seconds."""
        if duration_s < 0:
            raise ValueError("a clock does not go back")
        with self._lock:
            self._elapsed_s += duration_s
