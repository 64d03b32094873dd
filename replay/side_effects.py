"""What a step does to the world, judged by the words and the role of what it touches.

`read` changes nothing, `reversible` can be undone on the phone, `irreversible` reaches other people, money or data:
send, pay, delete, post, call, book. The words of each language are in `side_effects.json`, matched whole against
everything the target says, those of scripts without spaces as parts of it. How much of a text counts goes by its
length:

- up to `LABEL_MAX` characters, and up to `BUTTON_MAX` on what is no content of a list: all of it;
- up to `BUTTON_MAX` in a list, where long texts are what people wrote: where an act is named by whoever names one, at
  the head of the text, at the head of a clause, or at its very end ("alle Fotos und Videos endgültig löschen");
- beyond: the head.

An id counts too; there and in a text, "empty" is no act where it describes something (`empty_view`, "it is empty").
In doubt a step counts as irreversible: asking once too often is the cheaper mistake, and only the owner's word makes a
step less.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources

from perception.words import normal
from replay.recipe import SideEffect

LABEL_MAX = 40  # characters: a longer text in a list mentions a word deep inside, as a message does
BUTTON_MAX = 80  # a longer text is on no button
HEAD_WORDS = 3
UNSPACED_PART = 12  # characters of a head or an end, where words are not spaced
_UNSPACED = ("zh", "ja")
_WORD = re.compile(r"\w")
_CLAUSE = re.compile(r"[.,;:!?|/\u2013\u2014\u2022\u2192\u2026\u3001\u3002\uff0c\uff1b\uff1a\uff01\uff1f]+")
_PARTS_OF_ID = re.compile(r"[a-z]+|[A-Z][a-z]*")
_IS_EMPTY = re.compile(r"(?<!\w)(?:is|are|was|were|be|now|still|not|looks|seems) empty(?!\w)")
_SHOWN_WORDS = (  # what stands after "empty" in the id of something that is shown where there is nothing else
    "view state text layout list container message msg image img icon illustration animation placeholder screen page "
    "label hint title subtitle header result results content description desc holder stub wrapper root panel"
)
_SHOWN = frozenset(_SHOWN_WORDS.split())
_EMPTY_THINGS = frozenset(("is", "list", "view", "text", "tv", "iv", "layout", "state", "result", "results", "content"))


def side_effect_of(says: Iterable[str], *, entry: str = "", content: bool = False) -> SideEffect:
    """The class of tapping something that says this.

    Args:
        says: text, description and inner labels of the target.
        entry: its resource id without the package ("btn_send"): its words count too.
        content: it stands in a list, where long texts are not labels.
    """
    return "irreversible" if is_for_good(says, entry=entry, content=content) else "reversible"


def is_for_good(says: Iterable[str], *, entry: str = "", content: bool = False) -> bool:
    """Whether these words, or this id, name an act that cannot be undone. Arguments as for `side_effect_of`."""
    return any(_names_act(normal(text), content=content) for text in says) or _said(_id_in_words(entry))


def _names_act(label: str, *, content: bool) -> bool:
    label = _IS_EMPTY.sub(" ", label)
    if len(label) <= (LABEL_MAX if content else BUTTON_MAX):
        return _said(label)
    long = len(label) > BUTTON_MAX
    spaced, anywhere = _words()
    if any(spaced.search(place) for place in ((_head(label, HEAD_WORDS),) if long else _places(label))):
        return True
    ends = (label[:UNSPACED_PART], "" if long else label[-UNSPACED_PART:])
    return any(word in end for word in anywhere for end in ends)


def _places(label: str) -> Iterator[str]:
    """Where a long text names what it does: its first words, the first one of each clause, its last one."""
    yield _head(label, HEAD_WORDS)
    clauses = [clause for clause in _CLAUSE.split(label) if _WORD.search(clause)]
    for clause in clauses[1:]:
        yield _head(clause, 1)
    if clauses:
        yield clauses[-1].split()[-1]


def _said(label: str) -> bool:
    spaced, anywhere = _words()
    unspaced = not label.isascii() and any(word in label for word in anywhere)
    return unspaced or spaced.search(label) is not None


def _head(label: str, count: int) -> str:
    """The first words; signs that stand alone ("→", "•") are none."""
    return " ".join([word for word in label.split() if _WORD.search(word)][:count])


def _id_in_words(entry: str) -> str:
    words = [part.lower() for part in _PARTS_OF_ID.findall(entry)]
    return " ".join(word for at, word in enumerate(words) if word != "empty" or not _describes(words, at))


def _describes(words: list[str], at: int) -> bool:
    """Whether the "empty" of an id says what something is, and not what it does."""
    if at + 1 < len(words):
        return words[at + 1] in _SHOWN
    return at == 0 or words[at - 1] in _EMPTY_THINGS


@cache
def _words() -> tuple[re.Pattern[str], tuple[str, ...]]:
    data = json.loads((resources.files("replay") / "side_effects.json").read_text(encoding="utf-8"))
    spaced = {normal(word) for language, words in data.items() if language not in _UNSPACED for word in words}
    longest_first = "|".join(map(re.escape, sorted(spaced, key=len, reverse=True)))
    anywhere = tuple(normal(word) for language in _UNSPACED for word in data.get(language, ()))
    return re.compile(rf"(?<!\w)(?:{longest_first})(?!\w)"), anywhere
