"""Every call that the data folder's owner performs for other processes (`mobimem.owner`)."""

from __future__ import annotations

from typing import Any

from mobimem.owner import Call


def all_calls() -> tuple[Call[Any, Any], ...]:
    """All of them, by the modules that define them."""
    from mobimem.memory_calls import keeping, looking, telling
    from mobimem.service import beginnings, extraction, learning, recall, replies
    from mobimem.service.plans import calls as plans

    memory = (*looking.CALLS, *telling.CALLS, *keeping.CALLS)
    asked = (recall.recall_call(), beginnings.beginning_call())
    return (*memory, *extraction.CALLS, learning.LEARN, *asked, *plans.CALLS, *replies.CALLS)
