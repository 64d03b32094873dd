"""What a step does to the world, judged by the words and the role of what it touches.

`read` changes nothing, `reversible` can be undone on the phone, `irreversible` reaches other people, money or data:
send, pay, delete, post, call, book. The words of each language are in `side_effects.json`, matched whole against
everything the target says; scripts without spaces are sought anywhere in the label. In doubt a step counts as
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

LABEL_MAX = 40  # characters: longer texts are content that mentions a word, not a label that names an act
_UNSPACED = ("zh", "ja", "th")
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
        if label and len(label) <= LABEL_MAX and (spaced.search(label) or any(word in label for word in anywhere)):
            return "irreversible"
    return "reversible"


@cache
def _words() -> tuple[re.Pattern[str], tuple[str, ...]]:
    data = json.loads((resources.files("replay") / "side_effects.json").read_text(encoding="utf-8"))
    spaced = {normal(word) for language, words in data.items() if language not in _UNSPACED for word in words}
    longest_first = "|".join(map(re.escape, sorted(spaced, key=len, reverse=True)))
    anywhere = tuple(normal(word) for language in _UNSPACED for word in data.get(language, ()))
    return re.compile(rf"(?<!\w)(?:{longest_first})(?!\w)"), anywhere
