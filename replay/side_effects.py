"""What a step does to the world, judged by the words and the role of what it touches.

`read` changes nothing, `reversible` can be undone on the phone, `irreversible` reaches other people, money or data:
send, pay, delete, post, call, book. The words of each language are in `side_effects.json`, matched whole against
everything the target says, those of scripts without spaces as parts of it: anywhere in a label, at the head of a text
that is too long for one. In doubt a step counts as
irreversible: asking once too often is the cheaper mistake, and only the owner's word makes a step less.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Literal

from perception.words import normal

SideEffect = Literal["read", "reversible", "irreversible"]

LABEL_MAX = 80  # characters: a longer text mentions a word deep inside (a message does), but names its act at its head
HEAD_WORDS = 3
HEAD_UNSPACED = 12  # characters, where words are not spaced
_UNSPACED = ("zh", "ja")
_WORD = re.compile(r"\w")
_PARTS_OF_ID = re.compile(r"[a-z]+|[A-Z][a-z]*")


def side_effect_of(says: Iterable[str], *, entry: str = "") -> SideEffect:
    """The class of tapping something that says this.

    Args:
        says: text, description and inner labels of the target.
        entry: its resource id without the package ("btn_send"): its words count too.
    """
    spaced, anywhere = _words()
    for text in (*says, " ".join(_PARTS_OF_ID.findall(entry))):
        label = normal(text)
        whole = len(label) <= LABEL_MAX
        if spaced.search(label if whole else _head(label)):
            return "irreversible"
        if any(word in (label if whole else label[:HEAD_UNSPACED]) for word in anywhere):
            return "irreversible"
    return "reversible"


def _head(label: str) -> str:
    """The first words; signs that stand alone ("→", "•") are none."""
    return " ".join([word for word in label.split() if _WORD.search(word)][:HEAD_WORDS])


@cache
def _words() -> tuple[re.Pattern[str], tuple[str, ...]]:
    data = json.loads((resources.files("replay") / "side_effects.json").read_text(encoding="utf-8"))
    spaced = {normal(word) for language, words in data.items() if language not in _UNSPACED for word in words}
    longest_first = "|".join(map(re.escape, sorted(spaced, key=len, reverse=True)))
    anywhere = tuple(normal(word) for language in _UNSPACED for word in data.get(language, ()))
    return re.compile(rf"(?<!\w)(?:{longest_first})(?!\w)"), anywhere
