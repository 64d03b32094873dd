"""`mobimem eval profile [DIR] [--scale N...] [--duplicates]`: the parts that were asked for, with one embedder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from memory.embedding.choose import open_embedder
from memory.embedding.embedder import Embedder
from mobimem import folders
from mobimem.errors import BadInput


def evaluate(
    folder: Path | None, *, scale: Sequence[int] = (), duplicates: bool = False, lexical_allowed: bool = False
) -> dict[str, Any]:
    """JSON data by part: `dialogues`, `scale`, `duplicates`.

    Raises:
        BadInput: a file is missing, or there is only the lexical embedder and it is not allowed.
    """
    embedder = embedder_in_use(lexical_allowed=lexical_allowed)
    parts: dict[str, Any] = {}
    if folder is not None:
        from mobimem.evals import profile

        parts["dialogues"] = profile.evaluate(folder, embedder, lexical_allowed=lexical_allowed)
    if scale:
        from mobimem.evals import profile_scale

        parts["scale"] = profile_scale.evaluate(scale, _embedder_folder())
    if duplicates:
        from mobimem.evals import profile_duplicates

        parts["duplicates"] = profile_duplicates.evaluate(embedder)
    return {"eval": "profile", "embedder": {"name": embedder.name, "kind": embedder.kind}, **parts}


def embedder_in_use(*, lexical_allowed: bool) -> Embedder:
    """The embedder of the data folder, or of $MOBIMEM_EMBEDDER_HOME.

    Raises:
        BadInput: it is the lexical one, and that is not allowed.
    """
    embedder = open_embedder(_embedder_folder())
    if embedder.kind != "semantic" and not lexical_allowed:
        raise BadInput(
            f"the embedder is {embedder.name}: these figures would not be about meaning",
            next_step="Run `mobimem setup`, or allow the lexical embedder: --lexical.",
        )
    return embedder


def _embedder_folder() -> Path:
    """The data folder, or $MOBIMEM_EMBEDDER_HOME."""
    named = os.environ.get("MOBIMEM_EMBEDDER_HOME")
    return Path(named) if named else folders.home()
