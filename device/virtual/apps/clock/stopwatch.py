"""The stopwatch: one document, so that it goes on while the phone is off."""

from __future__ import annotations

from typing import Any

from device.virtual.app import Host
from device.virtual.apps import times

_FRESH: dict[str, Any] = {"since_ms": 0, "before_ms": 0, "laps_ms": []}  # since_ms 0: it stands still


class Stopwatch:
    """The one stopwatch, kept in the store: it runs on while the app is closed."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._name = f"{host.package}.stopwatch"

    @property
    def running(self) -> bool:
        return bool(self._state()["since_ms"])

    @property
    def elapsed_ms(self) -> int:
        state = self._state()
        now = self._now_ms() - state["since_ms"] if state["since_ms"] else 0
        return int(state["before_ms"] + now)

    @property
    def laps_ms(self) -> list[int]:
        """When each lap ended, counted from the start."""
        return list(self._state()["laps_ms"])

    def toggle(self) -> None:
        """Starts it, or stops it where it is."""
        since_ms = 0 if self.running else self._now_ms()
        self._host.store.put(self._name, {**self._state(), "since_ms": since_ms, "before_ms": self.elapsed_ms})

    def lap(self) -> None:
        self._host.store.put(self._name, {**self._state(), "laps_ms": [*self.laps_ms, self.elapsed_ms]})

    def reset(self) -> None:
        self._host.store.put(self._name, _FRESH)

    def _state(self) -> dict[str, Any]:
        state: dict[str, Any] = self._host.store.document(self._name, dict(_FRESH))
        return state

    def _now_ms(self) -> int:
        return times.to_ms(self._host.clock.now())
