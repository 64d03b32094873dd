"""Cutting text of any script into tokens that know where they stand.

Scripts with spaces are cut at what is no letter or digit; scripts without (Han, Kana, Thai, Lao, Khmer, Myanmar) into
single characters, so that whoever knows words of that script can join them. Every token keeps its place in the given
text: values are always returned as they were written. `search_terms` is what a lexical index should store and ask for.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["word", "number", "sign", "mark"]  # a sign is one character of a script without spaces

TEXT_MAX: Final = 6_000  # characters; five times the longest task of the development data (1,209)

_UNSPACED: Final = "㐀-䶿一-鿿豈-﫿𠀀-𯿿぀-ヿㇰ-ㇿ々〆ก-๛ກ-ໟក-៿က-႟"
_TOKEN: Final = re.compile(
    rf"(?P<sign>[{_UNSPACED}])"
    r"|(?P<number>\d+(?:[.,]\d+)*)"
    rf"|(?P<word>(?:(?![{_UNSPACED}])[^\W\d_]|[̀-ͯ])+(?:['’](?!s\b)(?:(?![{_UNSPACED}])[^\W\d_])+)*)"
    r"|(?P<possessive>['’]s\b)"
    r"|(?P<mark>[^\s])"
)
_SIGN: Final = re.compile(rf"[{_UNSPACED}]")
_KINDS: Final[dict[str, Kind]] = {
    "word": "word",
    "number": "number",
    "sign": "sign",
    "mark": "mark",
    "possessive": "word",
}  # "Bob's" is two tokens, "don't" is one
OPENING: Final = {
    '"': '"',
    "“": "”",
    "„": "“”",
    "«": "»",
    "「": "」",
    "『": "』",
    "‘": "’",
    "'": "'",
    "《": "》",
    "”": "”",
}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text. `key` is how it is compared: NFKC, case folded; `[start, end)` is where it stands."""

    key: str
    start: int
    end: int
    kind: Kind


def tokenize(text: str) -> tuple[Token, ...]:
    """The tokens of a text in order; blanks and control characters are none."""
    return tuple(
        Token(folded(match[0]), match.start(), match.end(), _KINDS[match.lastgroup or ""])
        for match in _TOKEN.finditer(text)
        if match.lastgroup != "mark" or unicodedata.category(match[0])[0] not in "C"
    )


def folded(text: str) -> str:
    """The text as two writings of it are compared: NFKC, case folded."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold().replace("’", "'")


def unspaced(text: str) -> bool:
    """Whether any of its characters belongs to a script that writes no spaces between words."""
    return _SIGN.search(text) is not None


def levelled(text: str) -> str:
    """The text folded character by character, blanks to spaces: same length, so places in it are places in `text`."""
    if text.isascii():
        return text.lower().translate(_BLANKS)
    return "".join(_level(character) for character in text)


def _level(character: str) -> str:
    if character.isspace():
        return " "
    made = unicodedata.normalize("NFKC", character).casefold()
    made = _MARKS.get(made, made)
    return made if len(made) == 1 else character


_BLANKS: Final = str.maketrans(dict.fromkeys("\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f", " "))
_MARKS: Final = {"’": "'", "‘": "'", "“": '"', "”": '"', "。": ".", "、": ","}


def search_terms(text: str) -> tuple[str, ...]:
    """What a lexical index stores and asks for: words and numbers; of unspaced scripts each character and bigram."""
    terms: list[str] = []
    before: Token | None = None
    for token in tokenize(text):
        if token.kind != "mark":
            terms.append(token.key)
            if token.kind == "sign" and before is not None and before.kind == "sign" and before.end == token.start:
                terms.append(before.key + token.key)
        before = token
    return tuple(terms)
