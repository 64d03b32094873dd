"""The text of a hierarchy dump as it arrives: decoded, and repaired where dumpers are known to break it.

`decoded` turns bytes into text whatever the XML declaration claims; `repaired` makes text well-formed that is not.
Both are pure and only ever change what an XML parser would reject. Neither parses: that is `perception.hierarchy`.
Where the cases come from: dumps in public repositories (Windows consoles re-encode to UTF-16 or cp949 under a UTF-8
declaration; AOSP writes emoji as two surrogate references; apps put control characters into descriptions).
"""

from __future__ import annotations

import codecs
import re
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOST: Final = "�"
BROKEN_MAX: Final = 0.1  # of the non-ASCII characters: above it the text is of another encoding, not a damaged one
SAMPLE_BYTES: Final = 200_000  # enough to tell an encoding by
_SCRIPT_OF: Final = {  # what most non-ASCII letters of a text in this encoding are
    "euc_kr": re.compile("[가-힣]"),
    "shift_jis": re.compile("[ぁ-ヿ]"),
    "gb18030": re.compile("[一-鿿]"),
    "big5": re.compile("[一-鿿]"),
    "cp1251": re.compile("[А-я]"),
}


def decoded(data: bytes) -> tuple[str, str]:
    """The text and the encoding it was read as. Never fails; what cannot be read becomes U+FFFD."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace").removeprefix("\ufeff"), encoding
    head = data[:400]
    if head.count(0) > len(head) // 4:
        encoding = "utf-16-le" if head[1::2].count(0) >= head[0::2].count(0) else "utf-16-be"
        return data.decode(encoding, "replace"), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _guessed(data)


def _guessed(data: bytes) -> tuple[str, str]:
    text = data[:SAMPLE_BYTES].decode("utf-8", "replace")
    foreign = sum(character > "\x7f" for character in text)
    if text.count(_LOST) <= max(2, BROKEN_MAX * foreign):
        return data.decode("utf-8", "replace"), "utf-8"  # a cut or damaged character here and there
    best_share, best_encoding = 0.0, "utf-8"
    for encoding, script in _SCRIPT_OF.items():
        attempt = data[:SAMPLE_BYTES].decode(encoding, "replace")
        letters = sum(character > "\x7f" for character in attempt)
        share = len(script.findall(attempt)) / letters if letters else 0.0
        if attempt.count(_LOST) <= BROKEN_MAX * letters and share > best_share:
            best_share, best_encoding = share, encoding
    if best_share > 0.5:
        best_encoding = {"euc_kr": "cp949"}.get(best_encoding, best_encoding)  # told by the smaller, read as the larger
        return data.decode(best_encoding, "replace"), best_encoding
    return data.decode("cp1252", "replace"), "cp1252"


_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE: Final = re.compile(r"&(?:(amp|lt|gt|quot|apos);|#(\d{1,7});|#[xX]([0-9a-fA-F]{1,6});)?")
_VALUE: Final = re.compile(r"=\s*\"[^\"]*\"|=\s*'[^']*'")
_SURROGATES: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_STRAY: Final = re.compile(r"<(?![A-Za-z_/])")


def repaired(text: str) -> str:
    """Well-formed at the level of characters: no illegal ones, no bare `&`, no `<` inside a value."""
    text = _REFERENCE.sub(_reference, text)
    text = _SURROGATES.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    text = _ILLEGAL.sub("", text)
    text = _VALUE.sub(lambda value: value[0].replace("<", "&lt;"), text)
    return _STRAY.sub("&lt;", text)


def _reference(match: re.Match[str]) -> str:
    name, decimal, hexadecimal = match.groups()
    if name:
        return match[0]
    if not decimal and not hexadecimal:
        return "&amp;"
    code = int(decimal) if decimal else int(hexadecimal, 16)
    if code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000:
        return match[0]
    return chr(code) if 0xD800 <= code < 0xE000 else ""  # halves of a pair are joined by the caller
