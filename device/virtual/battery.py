"""The battery, as Android tells of it: the values in the store's document "battery", over those of a full one.

A test sets them there (or by `dumpsys battery set level 20`); the status bar and `dumpsys` show them.
"""

from __future__ import annotations

from device.virtual.state import StateStore

DOCUMENT = "battery"
FACTORY: dict[str, int | bool | str] = {
    "AC powered": False,
    "USB powered": True,
    "Wireless powered": False,
    "Dock powered": False,
    "Max charging current": 500000,
    "Max charging voltage": 5000000,
    "Charge counter": 3000000,
    "status": 2,  # charging
    "health": 2,  # good
    "present": True,
    "level": 100,
    "scale": 100,
    "voltage": 4350,
    "temperature": 250,  # 1/10 degrees Celsius
    "technology": "Li-ion",
}


def battery(store: StateStore) -> dict[str, int | bool | str]:
    """The battery's values, by Android's names."""
    return {**FACTORY, **store.document(DOCUMENT, {})}


def level_pct(store: StateStore) -> int:
    """How full it is, 0..100."""
    return min(100, max(0, int(battery(store)["level"])))
