"""What `mobimem setup` shows."""

from __future__ import annotations

from pathlib import Path

from mobimem.cli.output import console, print_json
from mobimem.service.setup import set_up


def run(file: Path | None, mirror: str | None, *, as_json: bool) -> None:
    """`mobimem setup`."""
    result = set_up(file=file, mirror=mirror)
    if as_json:
        print_json(result)
        return
    screen = console()
    said = {
        "nothing": "The semantic encoder is there already, whole.",
        "taken": f"The semantic encoder was taken from {result.source}; no network was used.",
        "fetched": f"The semantic encoder was fetched: {result.source}.",
    }
    screen.print(said[result.did], markup=False, soft_wrap=True)
    if result.did != "nothing":
        for name, digest in result.checked.items():
            screen.print(f"  {name}  SHA-256 {digest[:16]}… as it should be", markup=False, soft_wrap=True)
    screen.print(f"In use: {result.embedder} ({result.kind}, {result.dim} dimensions).", markup=False, soft_wrap=True)
