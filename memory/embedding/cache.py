"""The same text is not encoded twice: the last vectors, by content."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np

from memory.embedding.embedder import Embedder, EmbedderKind, Vectors

KEPT = 2_048
"""3 MB at 384 dimensions: a day's questions and tasks."""


class CachedEmbedder:
    """Another embedder with its last `kept` vectors at hand. Texts are kept as hashes only."""

    def __init__(self, inner: Embedder, *, kept: int = KEPT) -> None:
        self._inner, self._kept = inner, kept
        self._rows: OrderedDict[bytes, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def kind(self) -> EmbedderKind:
        return self._inner.kind

    @property
    def dim(self) -> int:
        return self._inner.dim

    def embed(self, texts: Sequence[str]) -> Vectors:
        keys = [content_key(text) for text in texts]
        with self._lock:
            known = {key: self._rows[key] for key in keys if key in self._rows}
            for key in known:
                self._rows.move_to_end(key)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            made = dict(zip(missing, self._inner.embed(list(missing.values())), strict=True))
            known |= made
            with self._lock:
                self._rows.update(made)
                while len(self._rows) > self._kept:
                    self._rows.popitem(last=False)
        return np.stack([known[key] for key in keys]) if keys else np.zeros((0, self.dim), np.float32)


def content_key(text: str) -> bytes:
    """16 bytes that stand for a text."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
