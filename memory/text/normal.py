"""What a typed value means, written one way: 21:15, 2023-10-24, PT45M, digits, lower case.

Two wordings of the same value normalise to the same text; a value whose reading is unsure stays as it was written.
Relative dates need the day they are said on.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import Final

from memory.text.lexicon import Lexicon
from memory.text.tokens import folded
from memory.text.values import ValueKind

_UNIT: Final = {
    "second": "T{}S",
    "minute": "T{}M",
    "hour": "T{}H",
    "day": "{}D",
    "week": "{}W",
    "month": "{}M",
    "year": "{}Y",
}
_DIGITS: Final = re.compile(r"\d+")


def normalise(value: str, kind: ValueKind, lexicon: Lexicon, *, today: date | None = None) -> str:
    """The value's normal form: ISO 8601 for times, dates and durations, digits for numbers and phones.

    Without `today`, relative dates ("tomorrow") stay words. Never raises; what cannot be read comes back trimmed.
    """
    text = folded(value).strip()
    made: str | None
    match kind:
        case "time":
            made = _time(text, lexicon)
        case "date":
            made = _date(text, lexicon, today)
        case "duration":
            made = _duration(text, lexicon)
        case "number":
            made = _number(text, lexicon)
        case "amount":
            made = _amount(text)
        case "phone":
            made = ("+" if text.startswith("+") else "") + "".join(_DIGITS.findall(text))
        case "email" | "url":
            made = text
        case _:
            made = " ".join(unicodedata.normalize("NFKC", value).split())
    return made if made else value.strip()


def chinese_number(text: str) -> int | None:
    """The value of a numeral up to 9,999 written in Han signs; None if it is none."""
    places = {"十": 10, "百": 100, "千": 1000}
    digits = {
        "〇": 0,
        "零": 0,
        "一": 1,
        "二": 2,
        "两": 2,
        "三": 3,
        "四": 4,
        "五": 5,
        "六": 6,
        "七": 7,
        "八": 8,
        "九": 9,
    }
    total, digit = 0, -1
    for sign in text:
        if sign in digits:
            digit = digits[sign]
        elif sign in places:
            total += (1 if digit < 0 else digit) * places[sign]
            digit = 0
        else:
            return None
    return total + max(digit, 0) if text else None


def _number(text: str, lexicon: Lexicon) -> str | None:
    if text in lexicon.numbers:
        return str(lexicon.numbers[text])
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+", text):
        return text.replace(",", "")
    if re.fullmatch(r"[+-]?\d+([.,]\d+)?", text):
        return text.replace(",", ".")
    read = chinese_number(text)
    return None if read is None else str(read)


def _amount(text: str) -> str | None:
    figure = re.search(r"\d+(?:[.,]\d+)*", text)
    sign = next((code for mark, code in _CURRENCY.items() if mark in text), "")
    return f"{figure[0].replace(',', '.')} {sign}".strip() if figure else None


_CURRENCY: Final = {
    "$": "USD",
    "usd": "USD",
    "dollar": "USD",
    "€": "EUR",
    "eur": "EUR",
    "£": "GBP",
    "¥": "CNY",
    "元": "CNY",
    "块": "CNY",
    "cny": "CNY",
}


def _time(text: str, lexicon: Lexicon) -> str | None:
    for moment, words in lexicon.times.get("moment", {}).items():
        if text in words:
            return moment if ":" in moment else None
    half = next((n for n, words in lexicon.times.get("half", {}).items() for word in words if word in text), "")
    for mark in ("点", "时"):
        text = (
            re.sub(rf"([〇零一二两三四五六七八九十]+)(?={mark}|分|刻|$)", lambda m: str(chinese_number(m[1])), text)
            if mark in text
            else text
        )
    numbers = [int(number) for number in _DIGITS.findall(text)]
    if not numbers:
        return None
    hour = numbers[0]
    minute = 30 if "半" in text else 15 * numbers[1] if "刻" in text and len(numbers) > 1 else (numbers[1:] or [0])[0]
    if half == "pm" and hour < 12:
        hour += 12
    if half == "am" and hour == 12:
        hour = 0
    return f"{hour:02}:{minute:02}" if hour < 25 and minute < 60 else None


def _date(text: str, lexicon: Lexicon, today: date | None) -> str | None:
    numbers = [int(number) for number in _DIGITS.findall(text)]
    month = _named(text, lexicon, "month")
    if month is not None and numbers:
        return _day(numbers[1] if len(numbers) > 1 else None, month, numbers[0], today)
    if len(numbers) == 3:
        year_first = numbers[0] > 31
        year, month, day = numbers if year_first else (numbers[2], *_day_and_month(numbers, text))
        return _day(year if year > 99 else 2000 + year, month, day, today)
    if len(numbers) == 2 and "月" in text:
        return _day(None, numbers[0], numbers[1], today)
    if today is None:
        return None
    offset = _named(text, lexicon, "day")
    if offset is not None:
        return (today + timedelta(days=offset)).isoformat()
    weekday = _named(text, lexicon, "weekday")
    if weekday is None:
        return None
    weeks = _named(text.replace(" ", ""), lexicon, "which") or 0
    if weeks:
        return (today + timedelta(days=weekday - 1 - today.weekday() + 7 * weeks)).isoformat()
    return (today + timedelta(days=(weekday - 1 - today.weekday()) % 7)).isoformat()


def _day_and_month(numbers: list[int], text: str) -> tuple[int, int]:
    """Month and day of `a/b/year`: with dots the day stands first, with slashes the month, unless it cannot."""
    first, second = numbers[0], numbers[1]
    return (second, first) if "." in text or first > 12 else (first, second)


def _day(year: int | None, month: int, day: int, today: date | None) -> str | None:
    try:
        if year is not None:
            return date(year, month, day).isoformat()
        if today is None:
            return f"--{month:02}-{day:02}" if date(2024, month, day) else None
        coming = date(today.year, month, day)
        return (coming if coming >= today else date(today.year + 1, month, day)).isoformat()
    except ValueError:
        return None


def _named(text: str, lexicon: Lexicon, kind: str) -> int | None:
    known = [(len(word), name) for name, words in lexicon.times.get(kind, {}).items() for word in words if word in text]
    return int(max(known)[1]) if known else None


def _duration(text: str, lexicon: Lexicon) -> str | None:
    units = [
        (len(w), unit, w) for unit, words in lexicon.times.get("unit", {}).items() for w in words if text.endswith(w)
    ]
    if not units:
        return None
    _, unit, word = max(units)
    figure = _number(text[: -len(word)].strip(" -"), lexicon)
    if figure is None:
        return None
    return f"{figure}%" if unit == "percent" else f"P{_UNIT[unit].format(figure)}"
