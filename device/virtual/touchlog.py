"""The touches of the owner's own hand, as the touch screen's driver saw them. Injected input never comes here.

`getevent` prints from this.
"""

from __future__ import annotations

from device.virtual.ring import Ring
from device.virtual.window.gestures import Contact


class TouchLog(Ring[Contact]):
    """The hardware contacts of one phone, oldest first. Their times are the phone's `clock.monotonic_s()`."""

    def add(self, contact: Contact) -> None:
        """Puts one contact on record."""
        self.put(contact)

    def contacts(self) -> list[Contact]:
        """Those still held; the oldest are dropped."""
        return self.held()
