"""The stand-in until the semantic encoder is set up: hashed character n-grams. It sees letters, not meaning.

Every place that shows it calls it *lexical*. Character n-grams need no word boundaries, so it treats every script the
same. The counts are dampened and hashed with a sign, so that collisions cancel out on average (feature hashing,
Weinberger et al. 2009).
"""

from __future__ import annotations

import math
import unicodedata
import zlib
from collections import Counter
from collections.abc import Sequence

import numpy as np

from memory.embedding.embedder import EmbedderKind, Vectors, normalised

DIM = 384
"""As the semantic encoder's, so that an index has one width."""
GRAMS = (1, 2, 3, 4)
READ_CHARS = 2_000
"""A text's head decides: this is also about as much as the semantic encoder reads (256 word pieces)."""


class LexicalEmbedder:
    """Hashed character n-grams of lower-cased, NFKC-normalised words. No files, no network, about 0.1 ms a sentence."""

    name = "lexical-ngrams-1"
    kind: EmbedderKind = "lexical"
    dim = DIM

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), DIM), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for gram, count in _grams(text).items():
                hashed = zlib.crc32(gram.encode("utf-8", "surrogatepass"))
                row[hashed % DIM] += (1.0 if hashed & 0x80000000 else -1.0) * math.sqrt(count) * len(gram)
        return normalised(rows)


def _grams(text: str) -> Counter[str]:
    folded = unicodedata.normalize("NFKC", text[:READ_CHARS]).casefold()
    words = "".join(letter if letter.isalnum() else " " for letter in folded).split()
    grams: Counter[str] = Counter()
    for word in words:
        framed = f" {word} "
        for length in GRAMS:
            grams.update(framed[start : start + length] for start in range(len(framed) - length + 1))
    del grams[" "]
    return grams
