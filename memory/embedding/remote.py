"""Vectors from an OpenAI-compatible endpoint (`POST <base>/embeddings`). The texts leave this machine.

Nothing uses it unless the owner gave an address. The key is sent and never shown, stored or part of a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from memory.embedding.embedder import EmbedderKind, Vectors, normalised
from memory.errors import EmbedderUnreachable, ExtraMissing

BATCH = 64
TIMEOUT_S = 30.0
READ_CHARS = 8_000
"""Well under the 8,192 tokens that such endpoints commonly take."""


class RemoteEmbedder:
    """Semantic vectors of the endpoint's model. `dim` is asked of the endpoint once, when it is made."""

    kind: EmbedderKind = "semantic"

    def __init__(self, base_url: str, model: str, *, key: str = "", transport: Any = None) -> None:
        """Asks for one vector.

        Args:
            transport: what carries the requests instead of the network (an `httpx` transport).

        Raises:
            EmbedderUnreachable: no vector came.
            ExtraMissing: httpx is not installed.
        """
        try:
            import httpx
        except ImportError as error:
            raise ExtraMissing("httpx", "memory") from error
        self._errors = (httpx.HTTPError, httpx.InvalidURL)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(timeout=TIMEOUT_S, headers=headers, transport=transport)
        self._address, self._model = base_url.rstrip("/") + "/embeddings", model
        self._host = urlsplit(base_url).hostname or "?"
        self._dim = int(self._ask(["."]).shape[1])

    @property
    def name(self) -> str:
        return f"remote-{self._model}@{self._host}-{self._dim}"

    @property
    def dim(self) -> int:
        return self._dim

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self._dim), np.float32)
        asked = [at for at, text in enumerate(texts) if text.strip()]  # endpoints refuse empty inputs
        for start in range(0, len(asked), BATCH):
            batch = asked[start : start + BATCH]
            got = self._ask([texts[at][:READ_CHARS] for at in batch])
            if got.shape != (len(batch), self._dim):
                raise EmbedderUnreachable(f"{self._host} gave {got.shape} numbers for {len(batch)} texts")
            rows[batch] = got
        return rows

    def _ask(self, texts: list[str]) -> Vectors:
        clean = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        try:
            answer = self._client.post(self._address, json={"model": self._model, "input": clean})
            answer.raise_for_status()
            data = sorted(answer.json()["data"], key=lambda row: row["index"])
            rows = np.array([row["embedding"] for row in data], np.float32)
        except (*self._errors, KeyError, TypeError, ValueError) as error:
            raise EmbedderUnreachable(f"{self._host} gave no vectors ({type(error).__name__}: {error})") from error
        if rows.ndim != 2 or not len(rows):
            raise EmbedderUnreachable(f"{self._host} gave vectors of different lengths, or none")
        return normalised(rows)
