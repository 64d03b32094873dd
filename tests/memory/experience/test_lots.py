"""Lots of tasks of many apps, each taught once: asked for in other words, and asked for something else that is near.

`data/lots.jsonl` has a lot's tasks with the values of one run, everyday wordings with other values (`asked`) and words
for something else (`else`). Every lot is one memory. All were written before the failures of the lot were looked at;
docs/memory.md has what the first runs gave.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from memory.experience.induce import Shown
from memory.experience.recall import ExperienceMemory
from memory.experience.template import Joined, Match, Miss

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "data" / "lots.jsonl").read_text("utf-8").splitlines()
]
LEAST = {1: 0.80, 2: 0.68, 3: 0.60, 4: 0.50, 5: 0.65, 6: 0.60, 7: 0.55}  # share understood: a little below what it is
WRONG = {7: ["connect to the VPN"]}  # taken for "join the meeting …": two leaps, the verb's and the thing's
_SMALL = re.compile(
    r"^(the|a|an|my|on|am|at|um|der|die|das|den|dem|ein|eine|einen|la|el|los|las|un|una|le|les|une|du|des) |^l'"
)


@cache
def memory_of(lot: int) -> ExperienceMemory:
    memory = ExperienceMemory()
    for row in ROWS:
        if row["lot"] == lot:
            shown = [Shown(v, "typed" if n in row["typed"] else "tapped", n) for n, v in row["values"].items()]
            memory.learn(row["task"], row["words"], shown)
    return memory


def plain(values: dict[str, str]) -> dict[str, str]:
    """Values without an article or a small word before them: "the airport" is as good as "airport"."""
    return {name: _SMALL.sub("", " ".join(text.lower().strip(" .,!?\"'").split())) for name, text in values.items()}


def verdict(row: dict[str, Any], asked: dict[str, Any]) -> str:
    found = memory_of(row["lot"]).match(asked["words"])
    if isinstance(found, Miss):
        return "missed"
    right = isinstance(found, Match) and found.template == row["task"] and plain(dict(found.values)) == plain(
        asked["values"]
    )  # fmt: skip
    return "right" if right else "wrong"


@pytest.mark.parametrize("lot", sorted(LEAST))
def test_everyday_wordings_are_mostly_understood_and_none_but_those_known_is_misunderstood(lot: int) -> None:
    asked = [(row, one) for row in ROWS if row["lot"] == lot for one in row["asked"]]

    counts = Counter(verdict(row, one) for row, one in asked)

    assert len(asked) >= 40
    assert [one["words"] for row, one in asked if verdict(row, one) == "wrong"] == WRONG.get(lot, [])
    assert counts["right"] >= LEAST[lot] * len(asked), counts


@pytest.mark.parametrize("lot", sorted(LEAST))
def test_something_else_is_never_taken_for_a_task(lot: int) -> None:
    words = [one for row in ROWS if row["lot"] == lot for one in row["else"]]

    taken = [one for one in words if isinstance(memory_of(lot).match(one), Match | Joined)]

    assert len(words) >= 60
    assert taken == []
