"""What memory reads in words that are near the suite's own, after all of it was learnt: asked, and nothing is done.

*right*: the task that is meant, with the values that are meant, or none where none of these tasks is meant.
*missed*: no task, though one is meant; a model or the owner would be asked.
*shown*: another task or other values, but the reading is shown, or something is asked, before anything is done.
*misread*: another task or other values, and nobody would be asked before it begins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mobimem.errors import MobimemError
from mobimem.evals.tasks_task import Probe
from mobimem.service.recall import ready, recall_words
from perception.words import normal
from replay.errors import ReplayError

if TYPE_CHECKING:
    from memory.recall import Recalled


def probed(probes: Iterable[Probe], known_as: Mapping[str, str]) -> dict[str, Any]:
    """JSON data: how many of each verdict, and every probe.

    Args:
        known_as: what each task was learnt as.
    """
    rows = [_row(probe, known_as) for probe in probes]
    return {"n": len(rows), **Counter(row["verdict"] for row in rows), "words": rows}


def _row(probe: Probe, known_as: Mapping[str, str]) -> dict[str, Any]:
    recalled = recall_words(probe.words)
    read = [{"as": one.template, "values": dict(one.values)} for one in recalled.tasks]
    return {"words": probe.words, "meant": probe.right, "read": read, "verdict": _verdict(probe, recalled, known_as)}


def _verdict(probe: Probe, recalled: Recalled, known_as: Mapping[str, str]) -> str:
    if not recalled.tasks:
        return "missed" if probe.right else "right"
    (one, *more) = recalled.tasks
    values = sorted(map(normal, one.values.values()))
    meant = bool(probe.right) and not more and one.template == known_as.get(probe.right)
    if meant and values == sorted(map(normal, probe.values)):
        return "right"
    try:
        return "shown" if ready(recalled, {}).doubts else "misread"
    except (MobimemError, ReplayError):
        return "shown"  # something is open: the owner is asked for it
