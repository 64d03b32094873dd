"""Comparing what a screen says with what was said: normalised text, templates with slots, and likeness.

`normal` makes equal what a person reads as equal (case, spacing, bidi marks, full-width forms) and nothing more:
numbers and names stay different. A `template` is text in which `{name}` stands for a value that changes; braces of the
screen itself are doubled, as in Python's format strings. Pure; no language is assumed, nothing here looks anything up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

_UNSEEN: Final = dict.fromkeys(  # zero-width and bidi marks, soft hyphen
    (0xAD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)
_SLOT: Final = re.compile(r"\{\{|\}\}|\{([A-Za-z_][\w.]*)\}")
_NUMBERS: Final = re.compile(r"\d+")
_LETTER: Final = re.compile(r"[^\W\d_]")
_SIGNS: Final = re.compile(r"[\W_]+")
_BREAKS: Final = re.compile(r"\n|, |، |、|，| · | • |; ")
LIKE_MIN: Final = 0.8  # share of common characters; chosen, not yet measured on real rewordings


@lru_cache(maxsize=16384)
def normal(text: str) -> str:
    """The text as a reader compares it: NFKC, case folded, invisible marks dropped, spaces single."""
    if text.isascii():
        return " ".join(text.split()).lower()
    return " ".join(unicodedata.normalize("NFKC", text).translate(_UNSEEN).split()).casefold()


def has_letters(normalised: str) -> bool:
    """Whether it says anything besides numbers, times and signs: those change by themselves."""
    return _LETTER.search(normalised) is not None


def alike(one: str, other: str) -> float:
    """How alike two normalised texts are, 0..1. Texts whose numbers differ are not alike: row 2 is not row 3."""
    if one == other:
        return 1.0
    if not one or not other or _NUMBERS.findall(one) != _NUMBERS.findall(other):
        return 0.0
    if 3 * min(len(one), len(other)) < max(len(one), len(other)):
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def same_letters(one: str, other: str) -> bool:
    """Whether two normalised texts differ in punctuation and spacing only: "sign-in…" and "sign in".

    One letter or word more is another thing: "unlock" is not "lock", "delete contacts" not "delete contact".
    """
    return _SIGNS.sub("", one) == _SIGNS.sub("", other) != ""


def parts(text: str) -> tuple[str, ...]:
    """The pieces a merged description is made of ("Anna, 3 unread, 10:45"), normalised."""
    return tuple(part for piece in _BREAKS.split(text) if (part := normal(piece)))


def template(text: str, values: Mapping[str, str]) -> str:
    """The text with every value that stands in it as whole words replaced by its slot; longest value first."""
    made = text.replace("{", "{{").replace("}", "}}")
    for name, value in sorted(values.items(), key=lambda item: -len(item[1])):
        wanted = value.strip().replace("{", "{{").replace("}", "}}")
        if wanted:
            made = re.sub(_whole(wanted), f"{{{name}}}", made, flags=re.IGNORECASE)
    return made


def _whole(value: str) -> str:
    """A pattern for the value where it is not a part of a longer word; scripts without spaces have no such edge."""
    edge = r"[^\W_぀-ヿ㐀-鿿가-힯฀-๿]"
    before = f"(?<!{edge})" if re.match(edge, value) else ""
    after = f"(?!{edge})" if re.match(edge, value[-1]) else ""
    return f"{before}(?<![{{]){re.escape(value)}{after}"


def slots_in(made: str) -> tuple[str, ...]:
    """The slots a template names, in order, as often as they stand in it; `{{` is a brace and no slot."""
    return tuple(match[1] for match in _SLOT.finditer(made) if match[1]) if "{" in made else ()


def filled(made: str, values: Mapping[str, str]) -> str:
    """The template with the given values in place; slots without a value stay as they are."""

    def value_of(match: re.Match[str]) -> str:
        name = match[1]
        if name is None or name not in values:
            return match[0]
        return values[name].replace("{", "{{").replace("}", "}}")

    return _SLOT.sub(value_of, made)


def plain(made: str) -> str:
    """A template without slots as the text it stands for."""
    return made.replace("{{", "{").replace("}}", "}")


def contains(text: str, value: str) -> bool:
    """Whether the normalised value stands in the normalised text as whole words."""
    return bool(value) and re.search(_whole(value), text) is not None
