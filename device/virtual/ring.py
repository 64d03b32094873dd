"""The newest of what a phone tells, oldest first: it can be read, cleared and followed from any thread.

A follower is called once for each thing put in from then on, on the thread that puts it in and outside the lock: it
must not block, and only hand the thing on.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

CAPACITY = 4096
T = TypeVar("T")


class Ring(Generic[T]):
    """The last `capacity` things, and those who follow new ones."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._held: deque[T] = deque(maxlen=capacity)
        self._followers: list[Callable[[T], object]] = []
        self._lock = threading.Lock()

    def put(self, *new: T) -> None:
        """Appends these, dropping the oldest beyond the capacity, and tells every follower of each."""
        with self._lock:
            self._held.extend(new)
            followers = list(self._followers)
        for one in new:
            for follower in followers:
                follower(one)

    def held(self) -> list[T]:
        """What is in the ring, oldest first."""
        with self._lock:
            return list(self._held)

    def clear(self) -> None:
        """Empties the ring; those who follow stay."""
        with self._lock:
            self._held.clear()

    def subscribe(self, follower: Callable[[T], object]) -> Callable[[], None]:
        """Calls `follower` for each new thing until the returned function is called (safe twice)."""
        with self._lock:
            self._followers.append(follower)

        def unsubscribe() -> None:
            with self._lock:
                if follower in self._followers:
                    self._followers.remove(follower)

        return unsubscribe
