"""What is to happen later, by the phone's clock: nothing runs by itself, `run_due` is called whenever somebody looks.

A timer set by a timer that runs now waits for the next look, so a chain of them can never hang the phone.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable


class Timers:
    """Callbacks by due time. Each belongs to an owner (a process, a part of the system), with whom it is dropped."""

    def __init__(self) -> None:
        self._queue: list[tuple[float, int, str, Callable[[], None]]] = []
        self._numbers = itertools.count(1)

    def call_at(self, due_s: float, then: Callable[[], None], *, owner: str = "") -> int:
        """Calls `then` at the first look at or after `due_s`; the number returned cancels it."""
        number = next(self._numbers)
        heapq.heappush(self._queue, (due_s, number, owner, then))
        return number

    def cancel(self, number: int) -> None:
        self._queue = [entry for entry in self._queue if entry[1] != number]
        heapq.heapify(self._queue)

    def drop(self, owner: str) -> None:
        """Forgets everything an owner waits for."""
        self._queue = [entry for entry in self._queue if entry[2] != owner]
        heapq.heapify(self._queue)

    def run_due(self, now_s: float) -> bool:
        """Runs what is due, oldest first; True if anything ran. What a callback drops or cancels does not run."""
        newest, ran = next(self._numbers), False
        while True:
            entry = min((one for one in self._queue if one[0] <= now_s and one[1] < newest), default=None)
            if entry is None:
                return ran
            self.cancel(entry[1])
            entry[3]()
            ran = True
