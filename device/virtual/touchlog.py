"""The touches of the owner's own hand, as the touch screen's driver saw them. Injected input never comes here.

`getevent` prints from this. Bounded: the oldest contacts are dropped. Safe to use from several threads; followers are
called on the thread that touches, and must not block.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from device.virtual.window.gestures import Contact

CAPACITY = 4096


class TouchLog:
    """The hardware contacts of one phone, oldest first. Their times are the phone's `clock.monotonic_s()`."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._contacts: deque[Contact] = deque(maxlen=capacity)
        self._followers: list[Callable[[Contact], None]] = []
        self._lock = threading.Lock()

    def add(self, contact: Contact) -> None:
        with self._lock:
            self._contacts.append(contact)
            followers = list(self._followers)
        for follower in followers:
            follower(contact)

    def contacts(self) -> list[Contact]:
        with self._lock:
            return list(self._contacts)

    def subscribe(self, follower: Callable[[Contact], None]) -> Callable[[], None]:
        """Calls `follower` with each contact from now on, until the function returned is called."""
        with self._lock:
            self._followers.append(follower)

        def unsubscribe() -> None:
            with self._lock:
                if follower in self._followers:
                    self._followers.remove(follower)

        return unsubscribe
