"""Putting a run's values into texts that name slots (`perception.words` holds the notation)."""

from __future__ import annotations

from collections.abc import Mapping

from perception.errors import SlotUnfilled
from perception.words import filled, plain, slots_in


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its slots filled.

    Raises:
        SlotUnfilled: a slot has no value.
    """
    if missing := [slot for slot in slots_in(text) if slot not in values]:
        raise SlotUnfilled(f"{text!r} has no value for {', '.join(missing)}")
    return plain(filled(text, values))
