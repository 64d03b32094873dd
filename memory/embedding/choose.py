"""Which embedder is in use, and the sentence that says so.

The order: an endpoint the owner named, the semantic encoder where it was set up, else the lexical stand-in. Whoever
must not work on the stand-in (a figure, a test of meaning) says `semantic_only` and gets an error instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from memory.embedding.cache import CachedEmbedder
from memory.embedding.embedder import Embedder, EmbedderReport
from memory.embedding.lexical import LexicalEmbedder
from memory.embedding.package import NAME, LazyMiniLm, is_set_up, open_minilm
from memory.embedding.remote import RemoteEmbedder
from memory.errors import EmbedderNotSetUp


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible address that makes vectors."""

    base_url: str
    model: str
    key: str = ""


def open_embedder(
    folder: Path, *, endpoint: Endpoint | None = None, semantic_only: bool = False, lazy: bool = False
) -> Embedder:
    """The embedder to use with this data folder, with its cache.

    Args:
        lazy: load the semantic encoder when it first embeds; what is wrong with its files is then told there.

    Raises:
        EmbedderNotSetUp: `semantic_only`, and only the lexical one is there.
        EmbedderFault: the chosen one is there and does not work; nothing else is taken silently in its place.
    """
    if endpoint is not None:
        return CachedEmbedder(RemoteEmbedder(endpoint.base_url, endpoint.model, key=endpoint.key))
    if is_set_up(folder):
        return CachedEmbedder(LazyMiniLm(folder) if lazy else open_minilm(folder))
    if semantic_only:
        raise EmbedderNotSetUp(f"the semantic encoder is not in {folder}, and the lexical one will not do here")
    return CachedEmbedder(LexicalEmbedder())


def describe(folder: Path, *, endpoint: Endpoint | None = None) -> EmbedderReport:
    """What `open_embedder` would give, for `mobimem doctor`; loads nothing and asks nobody."""
    if endpoint is not None:
        return EmbedderReport(
            f"remote-{endpoint.model}", "semantic", 0, ready=True, detail=f"asked at {endpoint.base_url}"
        )
    if is_set_up(folder):
        return EmbedderReport(NAME, "semantic", 384, ready=True, detail=f"in {folder / 'embedder' / NAME}")
    stand_in = LexicalEmbedder()
    return EmbedderReport(
        stand_in.name, "lexical", stand_in.dim, ready=False,
        detail="lexical: sees letters, not meaning, until `mobimem setup` has fetched the semantic encoder",
    )  # fmt: skip
