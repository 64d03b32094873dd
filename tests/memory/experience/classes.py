"""Self-written task classes: values, other wordings, and near misses that must not be taken for them."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

from memory.experience.induce import Shown
from memory.experience.recall import ExperienceMemory

BUTTONS = ["Save", "OK", "Done", "Search", "Add", "Next", "Allow", "New", "Create", "Share", "Open", "Send", "保存"]
CLASSES: list[dict[str, Any]] = [
    json.loads(line)
    for path in sorted((Path(__file__).parent / "data").glob("classes_*.jsonl"))
    for line in path.read_text("utf-8").splitlines()
]


def filled(pattern: str, values: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: values[match[1]], pattern)


def in_order(pattern: str, values: dict[str, str]) -> list[str]:
    return [values[name] for name in re.findall(r"\{(\w+)\}", pattern)]


def taught(classes: list[dict[str, Any]], seed: int = 1) -> ExperienceMemory:
    """A memory that saw one run of each class, values unlabelled among buttons."""
    memory, rng = ExperienceMemory(), random.Random(seed)
    for row in classes:
        values = row["values"][0]
        shown = [Shown(text) for text in (*values.values(), *rng.sample(BUTTONS, 4))] + [Shown(row["app"], "app")]
        rng.shuffle(shown)
        memory.learn(row["id"], filled(row["template"], values), shown)
    return memory
