"""One opened data folder: the truth, its indexes, the embedder, and the three memories over them.

    with Memory.open(folder) as memory:
        memory.profile.remember("my mother is Maria")
        with memory.changing(why="run 17"):
            memory.action.learn(words, done)

Whoever opens a folder owns it until `close` (`memory.store.lock`). Profile memory writes on its own; what experience
and action memory learn is kept by `changing`, in one transaction with everything else that happens in its block.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType

from memory import keeping
from memory.action.replay import ActionMemory
from memory.embedding.choose import Endpoint, open_embedder
from memory.embedding.embedder import Embedder
from memory.experience.recall import ExperienceMemory
from memory.experience.template import Template
from memory.index.lazy import LazyVectors
from memory.index.search import Repair
from memory.index.vectors import ChromaVectors, VectorIndex
from memory.profile.memory import ProfileMemory, utc_now
from memory.store.store import VECTORS, Store


class Memory:
    """The open folder. `lock` is held by whoever touches `experience` or `action`: those two are not thread-safe."""

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        vectors: VectorIndex,
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Use `open`. Loads what is known; repairs the indexes where they differ from the truth."""
        self.store, self.embedder, self._now = store, embedder, now
        self.lock = threading.RLock()
        self._depth = 0
        self.profile = ProfileMemory(store, embedder=embedder, vectors=vectors, now=now)
        self._load()

    @classmethod
    def open(
        cls,
        folder: Path,
        embedder: Embedder | None = None,
        *,
        holder: str = "mobimem",
        endpoint: Endpoint | None = None,
        vectors: VectorIndex | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> Memory:
        """Becomes the folder's owner and opens everything in it; makes what is missing, private to the user.

        The encoder and the vector index are loaded when first needed: opening costs neither.

        Args:
            embedder: instead of the one the folder has (`memory.embedding.choose`).
            holder: who this is, for the message others get who find the folder held.
            vectors: where vectors are kept, instead of Chroma in the folder.

        Raises:
            StoreHeld: another process owns the folder.
            StoreDamaged: the file is no sound database; it was left as it is, and a copy is named.
            StoreTooNew: a later release wrote it.
            ExtraMissing: chromadb is not installed.
        """
        store = Store.open(folder, holder=holder)
        try:
            chosen = embedder or open_embedder(folder, endpoint=endpoint, lazy=True)
            place = folder / VECTORS
            kept = vectors or LazyVectors(
                lambda: ChromaVectors(place, name="facts", space=chosen.name),
                there=lambda: place.is_dir() and any(place.iterdir()),
            )
            return cls(store, chosen, kept, now=now)
        except BaseException:
            store.close()
            raise

    @property
    def folder(self) -> Path:
        return self.store.folder

    @property
    def repaired(self) -> Repair:
        """What opening found and mended in the indexes."""
        return self.profile.indexes.opened

    @contextmanager
    def changing(self, *, why: str = "") -> Iterator[Memory]:
        """One transaction for what the block learns: written at its end, or nothing of it.

        After an error everything is loaded again from the truth, so that what is in memory is what is in the file. Not
        for forgetting from the profile, or for rebuilding its indexes: those write the indexes at once.

        Args:
            why: kept with the earlier state of every template the block revises.
        """
        with self.lock, self.profile.lock:
            if self._depth:
                yield self
                return
            self._depth += 1
            try:
                with self.store.write() as connection:
                    yield self
                    self._keeping.save(connection, self.action, now=self._now(), why=why)
                self._keeping.saved(self.action)
            except BaseException:
                self.load_again()
                raise
            finally:
                self._depth -= 1

    def load_again(self) -> None:
        """Everything that is in memory comes from the truth anew; `experience` and `action` are other objects then."""
        with self.lock:
            self._load()
            self.profile.load_again()

    def template_history(self, template: str) -> tuple[Template, ...]:
        """Earlier states of a template - state, steps or wordings differed - newest first."""
        with self.store.read() as connection:
            return keeping.history(connection, template)

    def close(self) -> None:
        """Brings the indexes up to date and gives the folder back. Nothing of it may be used after."""
        with self.lock:
            try:
                self.profile.close()
            finally:
                self.store.close()

    def __enter__(self) -> Memory:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _load(self) -> None:
        self._keeping = keeping.Keeping()
        with self.store.read() as connection:
            self.action: ActionMemory = self._keeping.load(connection)
        self.experience: ExperienceMemory = self.action.experience
