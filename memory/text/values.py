"""Typed values in words: times, dates, durations, amounts, numbers, addresses, files - found, not guessed.

The names of months, days and units come from the lexicon of the language; the forms (ISO dates, clock times, e-mail,
URL, file, coordinates) are the world's. What is found keeps its place in the text, so a value can be given back as it
was written; `memory.text.normal` says what it means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from memory.text.lexicon import Lexicon

ValueKind = Literal[
    "time", "date", "duration", "amount", "number", "phone", "email", "url", "file", "place", "contact", "app", "text"
]

_NUMERAL: Final = "零〇一二两三四五六七八九十百"
_NUMBER: Final = rf"(?:\d+(?:[.,]\d+)?|[{_NUMERAL}]+)"
_FIXED: Final[tuple[tuple[ValueKind, str], ...]] = (
    ("email", r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    (
        "url",
        r"(?:https?://|www\.)[^\s\"'”」]+[^\s\"'”」.,;!?)]|(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|cn|de|uk|gov|edu)\b(?:/\S*)?",
    ),
    (
        "file",
        r"(?<![\w./])[\w.\-]*\w\.(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9]{1,4}(?![\w.]*\w)|(?<![\w.])(?=\w*_)\w+(?:\.\w+)?",
    ),
    ("place", r"-?\d{1,3}\.\d{3,}\s*,\s*-?\d{1,3}\.\d{3,}"),
    (
        "phone",
        r"(?<![\w+])\+\d[\d\-() ]{6,17}\d|"
        r"(?<![\w.-])\d{3}[-. ]\d{3,4}[-. ]\d{4}(?![\w-])|(?<![\w.-])\d{3}-\d{4}(?![\w-])|(?<![\w.])\d{10,13}(?![\w.])",
    ),
    ("amount", r"[$€£¥]\s?\d+(?:[.,]\d+)*|\d+(?:[.,]\d+)?\s?(?:[$€£¥]|(?:USD|EUR|CNY|dollars?|euros?)\b|元|块钱?)"),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A typed value at `[start, end)`. `unit` is the unit's or part's name where there is one."""

    kind: ValueKind
    start: int
    end: int
    unit: str = ""


@lru_cache(maxsize=512)
def find_values(text: str, lexicon: Lexicon) -> tuple[Found, ...]:
    """Every typed value, longest reading first taken, none overlapping, in the order they stand."""
    found: list[Found] = []
    taken = bytearray(len(text))
    for kind, pattern in _patterns(lexicon):
        for match in pattern.finditer(text):
            start, end = match.span()
            if start < end and not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                unit = next((name for name, value in match.groupdict().items() if value), "")
                found.append(Found(kind, start, end, unit.rstrip("0123456789_") if kind == "duration" else ""))
    return tuple(sorted(found, key=lambda item: item.start))


@lru_cache(maxsize=512)
def kind_of(value: str, lexicon: Lexicon) -> ValueKind:
    """The type of a whole value; "text" if it is none of the typed ones."""
    found = find_values(value, lexicon)
    if len(found) == 1 and found[0].start == 0 and found[0].end == len(value):
        return found[0].kind
    return "text"


_compiled: dict[str, list[tuple[ValueKind, re.Pattern[str]]]] = {}


def _patterns(lexicon: Lexicon) -> list[tuple[ValueKind, re.Pattern[str]]]:
    if lexicon.language not in _compiled:
        made: list[tuple[ValueKind, str]] = [*_FIXED, *_dates(lexicon), *_times(lexicon), *_durations(lexicon)]
        words = _any(sorted(lexicon.numbers, key=len, reverse=True))
        made.append(("number", rf"(?<![\w.])[+-]?\d+(?:[.,]\d+)*(?![\w])|\d+|(?<!\w)(?:{words})(?!\w)"))
        _compiled[lexicon.language] = [(kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in made]
    return _compiled[lexicon.language]


def _dates(lexicon: Lexicon) -> list[tuple[ValueKind, str]]:
    months = _any(_names(lexicon, "month"))
    weekdays = _any(_names(lexicon, "weekday"))
    which = _any(_names(lexicon, "which"))
    days = _any(_names(lexicon, "day"))
    day = r"\d{1,2}(?:st|nd|rd|th)?"
    year = r"(?:,?\s*\d{4})?"
    edge, end = (r"(?<!\w)", r"(?!\w)") if _spaced(weekdays) else ("", "")
    return [
        ("date", r"\d{4}\s?年(?:\d{1,2}月(?:\d{1,2}[日号]?)?)?|\d{1,2}月\d{1,2}[日号]?"),
        (
            "date",
            r"(?<![\d-])\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?![\d-])|(?<![\d.])\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2})(?!\d)",
        ),
        ("date", rf"(?<!\w)(?:{months})\.?\s+{day}{year}(?!\w)"),
        ("date", rf"(?<![\w.]){day}\.?\s+(?:of\s+)?(?:{months}){year}(?!\w)"),
        ("date", rf"{edge}(?:(?:{which})\s*)?(?:{weekdays}){end}"),
        ("date", rf"{edge}(?:{days}){end}"),
    ]


def _times(lexicon: Lexicon) -> list[tuple[ValueKind, str]]:
    halves = _any(_names(lexicon, "half"))
    clock = _any(_names(lexicon, "clock"))
    moments = _any(_names(lexicon, "moment"))
    if not _spaced(clock):
        ahead = rf"(?:(?:{halves})\s*)?"
        return [
            ("time", rf"{ahead}(?<!\d)\d{{1,2}}[:：]\d{{2}}(?![\d:])"),
            (
                "time",
                rf"{ahead}(?:\d{{1,2}}|[{_NUMERAL}]{{1,3}})(?:{clock})(?:半|整|[一三]刻|(?:\d{{1,2}}|[{_NUMERAL}]{{1,3}})分?)?(?!个|单|击|歌|菜|一份|外)",
            ),
            ("time", moments),
        ]
    return [
        (
            "time",
            rf"(?<![\w:])\d{{1,2}}[:.]\d{{2}}(?::\d{{2}})?\s*(?:(?:{halves})(?!\w))|(?<![\w:])\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?![\w:])(?:\s*(?:{clock})(?!\w))?",
        ),
        ("time", rf"(?<![\d:.])\d{{1,2}}\s*(?:{halves})(?!\w)"),
        ("time", rf"(?<![\d:.])\d{{1,2}}\s*(?:{clock})(?!\w)"),
        ("time", rf"(?<!\w)(?:{moments})(?!\w)"),
    ]


def _durations(lexicon: Lexicon) -> list[tuple[ValueKind, str]]:
    made: list[tuple[ValueKind, str]] = []
    words = _any(sorted(lexicon.numbers, key=len, reverse=True))
    for unit, names in lexicon.times.get("unit", {}).items():
        names_of_unit = _any(names)
        edge = r"(?!\w)" if _spaced(names_of_unit) else ""
        number = rf"(?:{_NUMBER}|(?<!\w)(?:{words}))" if words else _NUMBER
        made.append(("duration", rf"(?<![\d.])(?P<{unit}>{number}[\s-]*(?:{names_of_unit})){edge}"))
    return made


def _names(lexicon: Lexicon, kind: str) -> list[str]:
    return sorted((word for words in lexicon.times.get(kind, {}).values() for word in words), key=len, reverse=True)


def _any(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in words) or r"(?!)"


def _spaced(alternatives: str) -> bool:
    return re.search("[㐀-鿿]", alternatives) is None
