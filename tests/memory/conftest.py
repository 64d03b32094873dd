"""An open memory in a folder of the test's own, with the lexical embedder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from memory.embedding.lexical import LexicalEmbedder
from memory.learn.learner import Learner
from memory.opening import Memory
from memory.profile.memory import in_memory_vectors


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[], Memory]]:
    """Opens the folder; again, after it was closed."""
    made: list[Memory] = []

    def opening() -> Memory:
        while made:
            made.pop().close()
        embedder = LexicalEmbedder()
        made.append(Memory.open(tmp_path / "data", embedder, vectors=in_memory_vectors(embedder)))
        return made[-1]

    yield opening
    while made:
        made.pop().close()


@pytest.fixture
def memory(opened: Callable[[], Memory]) -> Memory:
    return opened()


@pytest.fixture
def learner(memory: Memory) -> Learner:
    return Learner(memory)
