"""Whether a text can be the words of a task at all, before memory or a model is asked. Pure.

What stands in them goes to a model as the owner's own word, unfenced, and onto terminals; so it has to be something a
reader sees: no control characters, no orders in signs that are drawn as nothing or turn the line around.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from memory.text.tokens import TEXT_MAX
from mobimem.errors import BadInput

WORDS_MAX: Final = TEXT_MAX  # characters: what memory reads of a task
_BLANKS: Final = frozenset("\t\n\r")
_JOINERS: Final = frozenset("\u200c\u200d")  # of letters and emoji: they show in what they join
_UNSEEN: Final = frozenset(("Cc", "Cf", "Cs"))


def fault_of_words(words: str) -> str:
    """What is wrong with these as the words of a task, in a clause; "" where nothing is.

    Looks at no more than WORDS_MAX characters, and repeats none of them.
    """
    if len(words) > WORDS_MAX:
        return f"it has {len(words):,} characters, and at most {WORDS_MAX:,} are read"
    for place, character in enumerate(words, 1):
        if unicodedata.category(character) in _UNSEEN and character not in _BLANKS | _JOINERS:
            return f"character {place} is U+{ord(character):04X}, which no reader sees"
    if not any(character.isalnum() for character in words):
        return "there are no words: no letter and no digit is among them" if words.strip() else "there are no words"
    return ""


def refuse_no_words(words: str) -> None:
    """Makes sure that these can be the words of a task.

    Raises:
        BadInput: they are too long, hold what no reader sees, or are no words.
    """
    if fault := fault_of_words(words):
        raise BadInput(
            f"this is no task: {fault}",
            next_step="Say what is to be done in a sentence, such as: mobimem do 'text Bob that dinner is ready'",
        )
