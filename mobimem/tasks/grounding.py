"""What of a step stands in the owner's own words. Pure; compares what a reader reads as equal, and guesses nothing.

A model that was told something by a message on the screen types, switches or sends what nobody asked for. It cannot
make that stand in the owner's words. So what changes something has to stand there, or the owner is asked about it.

Two things that look like the owner's words are less. What was read off a screen for this task stands for itself, whole:
a part of it, picked out by whoever wrote it, is nobody's wish. And an answer to a question of the model's answers that
question: a stranger's text may have put it, with something else in mind ("who is your emergency contact?").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from perception.words import contains, normal

_WORD: Final = re.compile(r"[^\W_]+")
SHORT: Final = 2  # letters: shorter words of a label ("on", "to") need not be said
QUESTION_MAX: Final = 80  # characters of a model's question, where the owner is reminded of it


@dataclass(frozen=True, slots=True)
class Said:
    """What the owner has said about a task: its words, and values given for it.

    `read` are results of earlier tasks, and values that hold one: each stands for itself and for no part of it. `asked`
    are questions that a model put, with the owner's answers: those are no words of the task.
    """

    words: str
    more: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    asked: tuple[tuple[str, str], ...] = ()

    def and_(self, text: str) -> Said:
        """The same with one more saying."""
        return replace(self, more=(*self.more, text))

    def answered(self, question: str, answer: str) -> Said:
        """The same with what the owner answered to a question of the model's."""
        return replace(self, asked=(*self.asked, (question, answer)))

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(map(normal, (self.words, *self.more)))


def stands_in(text: str, said: Said) -> bool:
    """Whether a text is, whole, a part of something the owner said, or all of a result."""
    wanted = _bare(text)
    return bool(wanted) and (any(contains(one, wanted) for one in said.texts) or wanted in map(_bare, said.read))


def unsaid_as(text: str, said: Said) -> str:
    """How to say that a text is not in the owner's words: where else it stands, if anywhere."""
    wanted = _bare(text)
    for question, answer in said.asked:
        if wanted and contains(normal(answer), wanted):
            return f"which you said only when the model asked {question[:QUESTION_MAX]!r}"
    if wanted and any(contains(normal(one), wanted) for one in said.read):
        return "which is a part of what was read off a screen, and not in your words"
    return "which is not in your words"


def _bare(text: str) -> str:
    return normal(text).strip(" .!?\"'“”")


def is_named(label: Iterable[str], said: Said) -> bool:
    """Whether one of these labels is said: as a whole, or every word of it."""
    return any(stands_in(text, said) or _every_word(text, said) for text in label if normal(text))


def _every_word(text: str, said: Said) -> bool:
    wanted = [word for word in _WORD.findall(normal(text)) if len(word) > SHORT]
    known = {word for one in said.texts for word in _WORD.findall(one)}
    return bool(wanted) and all(word in known for word in wanted)
