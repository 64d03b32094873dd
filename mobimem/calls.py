"""Every call that the data folder's owner performs for other processes (`mobimem.owner`)."""

from __future__ import annotations

from typing import Any

from mobimem.owner import Call


def all_calls() -> tuple[Call[Any, Any], ...]:
    """All of them, by the modules that define them."""
    from mobimem import memory_calls
    from mobimem.service import extraction, learning, recall

    return (*memory_calls.CALLS, *extraction.CALLS, learning.LEARN, recall.recall_call())
