"""What of a step stands in the owner's own words. Pure; compares what a reader reads as equal, and guesses nothing.

A model that was told something by a message on the screen types, switches or sends what nobody asked for. It cannot
make that stand in the owner's words. So what changes something has to stand there, or the owner is asked about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from perception.words import contains, normal

_WORD: Final = re.compile(r"[^\W_]+")
SHORT: Final = 2  # letters: shorter words of a label ("on", "to") need not be said


@dataclass(frozen=True, slots=True)
class Said:
    """Everything the owner has said about a task: its words, and answers to questions."""

    words: str
    more: tuple[str, ...] = ()

    def and_(self, text: str) -> Said:
        """The same with one more saying."""
        return replace(self, more=(*self.more, text))

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(map(normal, (self.words, *self.more)))


def stands_in(text: str, said: Said) -> bool:
    """Whether a text is, whole, a part of something the owner said."""
    wanted = normal(text).strip(" .!?\"'“”")
    return bool(wanted) and any(contains(one, wanted) for one in said.texts)


def is_named(label: Iterable[str], said: Said) -> bool:
    """Whether one of these labels is said: as a whole, or every word of it."""
    return any(stands_in(text, said) or _every_word(text, said) for text in label if normal(text))


def _every_word(text: str, said: Said) -> bool:
    wanted = [word for word in _WORD.findall(normal(text)) if len(word) > SHORT]
    known = {word for one in said.texts for word in _WORD.findall(one)}
    return bool(wanted) and all(word in known for word in wanted)
