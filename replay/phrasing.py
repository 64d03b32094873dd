"""A task's words against a phrasing with slots: exactly these words, with any values in the slots.

"text Bob that I am late" is `text {contact} that {message}` with contact = Bob. Case and blanks do not count; every
other character does. Where the words can be split among the slots in more than one way, there is no answer: a
value is never guessed.
"""

from __future__ import annotations

import re
import unicodedata

_PIECES = re.compile(r"\{\{|\}\}|\{([A-Za-z_][\w.]*)\}|\s+")
_QUOTED = re.compile(r"""(?:"(.+)"|'(.+)'|[“„](.+)[”“]|‘(.+)’|«(.+)»|「(.+)」)""")


def values_in(words: str, task: str) -> dict[str, str] | None:
    """The slots' values in these words, as they were written; None if the words are not this task's, or are unclear."""
    given = unicodedata.normalize("NFC", " ".join(words.split()))
    slots: list[str] = []
    answers = [re.fullmatch(_pattern(task, quantity, slots), given, re.IGNORECASE) for quantity in (".+?", ".+")]
    shortest, longest = answers
    if shortest is None or longest is None or shortest.groupdict() != longest.groupdict():
        return None
    values = {slot: _unquoted(shortest[f"s{number}"].strip()) for number, slot in enumerate(slots)}
    return values if all(values.values()) else None


def fits(words: str, task: str) -> bool:
    """Whether the words are this task's, even if it is unclear which of them belong to which slot."""
    given = unicodedata.normalize("NFC", " ".join(words.split()))
    return re.fullmatch(_pattern(task, ".+?", []), given, re.IGNORECASE) is not None


def _pattern(task: str, quantity: str, slots: list[str]) -> str:
    """The regular expression of a phrasing; `slots` is filled with its slots in order."""
    slots.clear()
    made, at = "", 0
    text = unicodedata.normalize("NFC", task.strip())
    for match in _PIECES.finditer(text):
        made += re.escape(text[at : match.start()])
        at = match.end()
        if match[1] is None:
            made += {"{{": r"\{", "}}": r"\}"}.get(match[0], r"\s+")
        elif match[1] in slots:
            made += f"(?P=s{slots.index(match[1])})"
        else:
            made += f"(?P<s{len(slots)}>{quantity})"
            slots.append(match[1])
    return made + re.escape(text[at:])


def _unquoted(value: str) -> str:
    """A value that stands in quotes, without them."""
    quoted = _QUOTED.fullmatch(value)
    return next(inside for inside in quoted.groups() if inside) if quoted else value
