"""`mobimem eval recall`: what asking memory costs at the start of a task, in a memory as large as years would make it.

One data folder holds made-up templates and made-up facts (seeded; `synthetic`, `profile_scale`). Asked are tasks with
other values, every second one with a word for somebody the profile knows ("mum"), every fourth one with a word nothing
explains. `recall` is what `do` waits for: the words' template with its values and steps. `context` is that and the
profile's ten nearest facts, which the planner gets on a miss; it encodes the words once. Times are of the public calls,
one at a time, with everything loaded.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from memory.embedding.embedder import Embedder
from memory.experience.induce import Shown
from memory.learn.steps import refer
from memory.opening import Memory
from memory.profile.records import Saying, Source
from memory.recall import Where, recall
from mobimem.evals.about import about
from mobimem.evals.profile_scale import made_fact, times
from mobimem.evals.synthetic import goals
from replay.recipe import Recipe

MUM: Final = "Wilhelmina"
STEPS_EACH: Final = 8
AT: Final = datetime(2026, 3, 4, 18, 0, tzinfo=UTC)


def evaluate(
    recipe: Recipe, templates: int, facts: int, embedder: Embedder, *, questions: int = 200, seed: int = 7
) -> dict[str, Any]:
    """Fills a folder and asks it.

    Args:
        recipe: whose steps the made-up templates share; what a step holds weighs as in a real one.

    Returns:
        JSON data: p50 and p95 in ms of `recall` and of `context`, and how many were recalled as what they are.
    """
    with (
        tempfile.TemporaryDirectory(prefix="mobimem-recall-") as name,
        Memory.open(Path(name), embedder, holder="mobimem eval recall", now=lambda: AT) as memory,
    ):
        asked = _fill(memory, recipe, templates, facts, seed)
        chosen = random.Random(seed).sample(asked, min(questions, len(asked)))
        measured = _measure(memory, [_said(number, *each) for number, each in enumerate(chosen)])
    return {
        "eval": "recall", **about(), "seed": seed, "templates": templates, "facts": facts,
        "embedder": {"name": embedder.name, "kind": embedder.kind}, "questions": len(chosen), **measured,
    }  # fmt: skip


def _fill(memory: Memory, recipe: Recipe, templates: int, facts: int, seed: int) -> list[tuple[str, str]]:
    """Learns everything; the template and the words to ask of each."""
    keys = refer(memory.action.steps, recipe.steps, source="made up")
    asked = []
    with memory.changing(why="made up"):
        for key, words, shown, other in goals(templates, seed):
            memory.experience.learn(key, words, [Shown(text, "typed") for text in shown], steps=keys[:STEPS_EACH])
            asked.append((key, other))
    rng = random.Random(seed)
    for begin in range(0, facts, 1_000):
        made = (made_fact(rng, number)[0] for number in range(begin, min(facts, begin + 1_000)))
        memory.profile.remember_all(Saying(text, source=Source("imported")) for text in made)
        memory.profile.flush()
    memory.profile.remember(f"my mother is {MUM}")
    return asked


def _said(number: int, key: str, words: str) -> tuple[str, str]:
    """The words as they are asked: every second one for mum, every fourth with a word nothing explains."""
    if number % 4 == 3:
        return "", words.replace("the ", "the unheard ").replace(" a ", " an unheard ")
    return key, f"{words.rpartition(' ')[0]} mum" if number % 4 == 1 and words.split()[-2:-1] == ["for"] else words


def _measure(memory: Memory, asked: Sequence[tuple[str, str]]) -> dict[str, Any]:
    right = []

    def ask(pair: tuple[str, str]) -> None:
        answer = recall(memory, pair[1], where=Where(AT))
        right.append(pair[0] == (answer.tasks[0].template if answer.tasks else ""))

    def with_context(pair: tuple[str, str]) -> None:
        recall(memory, pair[1], where=Where(AT))
        memory.profile.recall(pair[1], k=10)

    with_context(asked[0])  # what is loaded by the first question is not the question's price
    ways: dict[str, Callable[[tuple[str, str]], None]] = {"recall_ms": ask, "context_ms": with_context}
    made: dict[str, Any] = {name: times(way, asked) for name, way in ways.items()}
    return {**made, "right": sum(right)}
