"""What everything that makes vectors promises, and how it introduces itself.

`name` identifies the vector space: vectors of two embedders are comparable only if their names are equal, so the name
holds whatever changes the numbers (weights, version). It is stored beside every vector.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""float32 [n, dim], each row of length 1 (a text without any content: a row of zeros)."""

EmbedderKind = Literal["semantic", "lexical"]


class Embedder(Protocol):
    """Makes vectors of texts. Deterministic: the same text gives the same row, whatever else is in the batch."""

    @property
    def name(self) -> str:
        """Of the vector space, for example `minilm-53aa5117`."""
        ...

    @property
    def kind(self) -> EmbedderKind:
        """`semantic` understands meaning; `lexical` only sees letters, and says so wherever it is shown."""
        ...

    @property
    def dim(self) -> int:
        """How many numbers a row has."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, in order; no texts give [0, dim]. Safe to call from several threads.

        Raises:
            EmbedderFault: no vectors can be had now.
        """
        ...


@dataclass(frozen=True, slots=True)
class EmbedderReport:
    """What `mobimem doctor` shows of the embedder: `ready` is whether the *semantic* one is in use."""

    name: str
    kind: EmbedderKind
    dim: int
    ready: bool
    detail: str


def normalised(rows: Vectors) -> Vectors:
    """Rows divided by their length; rows of zeros stay."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = (rows / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)
    return unit
