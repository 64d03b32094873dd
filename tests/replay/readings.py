"""A screen back as the reading it came from, to be journalled by a test."""

from __future__ import annotations

from datetime import UTC, datetime

from device.protocol import Foreground, Reading
from perception.screen import Screen


def reading_of(screen: Screen) -> Reading:
    return Reading(
        serial="",
        taken_at=screen.taken_at or datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
        hierarchy=screen.source if isinstance(screen.source, str) else screen.source.decode(),
        size=screen.size,
        rotation=screen.rotation,
        foreground=Foreground(screen.package, screen.activity),
        keyboard_shown=screen.keyboard_shown,
        screen_on=screen.screen_on,
        lock=screen.lock,
    )
