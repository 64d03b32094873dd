"""Ways of retrieving, by name: what `mobimem eval profile` compares, and what `recall` takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from memory.errors import NoSuchPreset


@dataclass(frozen=True, slots=True)
class Preset:
    """What takes part. `fusion` joins words and meaning: `sum` of both scores over their best, or by `rank` (RRF).

    `neighbours`: the graph also leads on to what is like a fact in meaning (`memory.profile.neighbours`).
    """

    lexical: bool = True
    dense: bool = True
    graph: bool = True
    neighbours: bool = True
    fusion: Literal["sum", "rank"] = "sum"


DEFAULT: Final = "disgraph"
PRESETS: Final[dict[str, Preset]] = {
    DEFAULT: Preset(),
    "bm25": Preset(dense=False, graph=False),
    "dense": Preset(lexical=False, graph=False),
    "rrf": Preset(graph=False, fusion="rank"),
    "without neighbours": Preset(neighbours=False),
    "without graph": Preset(graph=False),
    "without embedding": Preset(dense=False, neighbours=False),
    "without lexical": Preset(lexical=False),
}


def preset(name: str) -> Preset:
    """The preset of that name.

    Raises:
        NoSuchPreset: there is none.
    """
    try:
        return PRESETS[name]
    except KeyError:
        raise NoSuchPreset(
            f"there is no retrieval called {name!r}", next_step=f"Use one of: {', '.join(PRESETS)}."
        ) from None
