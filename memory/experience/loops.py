"""Words and values that stand for several things: replayed as a loop with an end check, never as recorded."""

from __future__ import annotations

from collections.abc import Mapping

from memory.experience.compiled import Compiled
from memory.experience.fits import features


def loops_in(compiled: Compiled, values: Mapping[str, str]) -> tuple[str, ...]:
    """Quantifying fixed words of the phrasing, and slots that hold a list now or did when it was learnt."""
    words = tuple(term.key for term in compiled.fixed if term.kind == "many" and not term.free)
    lists = tuple(
        slot.name
        for slot in compiled.phrasing.slots
        if not _quoted(compiled, slot.start)
        and ({"comma", "newline"} & (slot.features | features(values.get(slot.name, ""), compiled.lexicon)))
    )
    return words + lists


def _quoted(compiled: Compiled, start: int) -> bool:
    return compiled.phrasing.words[start - 1 : start] in tuple("\"'“‘「«") and start > 0
