"""Amounts of money in a text, read so strictly that a rule may rest on them. Pure.

    amounts_in("Pay 12,50 € now")     Amounts(read=(12.50 EUR,), doubtful=())
    amounts_in("about five euros")    Amounts(read=(), doubtful=("euros",))

A number counts where a currency stands beside it. What can be read in two ways ("1,234 EUR"), is abbreviated ("5k EUR")
or is written in words is doubtful, and never guessed. A sign that several currencies share ($, ¥, kr) is a currency of
its own: it is neither of them. Signs before a number are ignored: a credit counts like a debit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

DIGITS_MAX: Final = 15  # of one number: more is no amount anybody pays
TEXT_MAX: Final = 20_000  # characters read of one text; a longer one is doubtful as a whole

_CODES: Final = (
    "AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EGP", "EUR", "GBP", "HKD",
    "HUF", "IDR", "ILS", "INR", "ISK", "JPY", "KES", "KRW", "MXN", "MYR", "NGN", "NOK", "NZD", "PEN", "PHP", "PLN",
    "RMB", "RON", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH", "USD", "VND", "ZAR",
)  # fmt: skip
_SIGNS: Final = {
    "US$": "USD", "A$": "AUD", "C$": "CAD", "HK$": "HKD", "NT$": "TWD", "NZ$": "NZD", "R$": "BRL", "S$": "SGD",
    "$": "$", "€": "EUR", "£": "GBP", "¥": "¥", "元": "¥", "円": "JPY", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY",
    "₴": "UAH", "₪": "ILS", "₫": "VND", "฿": "THB", "₱": "PHP", "₦": "NGN", "zł": "PLN", "Kč": "CZK",
}  # fmt: skip
_WORDS: Final = {
    "euro": "EUR", "euros": "EUR", "dollar": "$", "dollars": "$", "dólares": "$", "pound": "GBP", "pounds": "GBP",
    "pfund": "GBP", "yen": "JPY", "yuan": "CNY", "rupees": "INR", "rupee": "INR", "franken": "CHF", "kr": "kr",
    "kronor": "SEK", "欧元": "EUR", "美元": "USD", "人民币": "CNY", "块钱": "¥",
}  # fmt: skip
_SMALL: Final = ("cent", "cents", "ct", "pence", "centimes", "rappen", "céntimos", "角", "分钱")
_MULTIPLIERS: Final = frozenset(
    ("k", "m", "mio", "mn", "bn", "hundred", "thousand", "million", "millions", "billion", "tausend", "hundert",
     "millionen", "mil", "mille", "万", "亿", "千", "百", "萬", "億")
)  # fmt: skip
_MARK: Final = "\x00"
_LETTER: Final = r"[^\W\d_]"
_CJK: Final = re.compile(r"[\u4e00-\u9fff\u3040-\u30ff]")
_CJK_NUMERAL: Final = re.compile(r"[一二两三四五六七八九十百千万亿零〇半几]")
_EDGES: Final = "()[]{}:;!?+-–−—=~*\"'“”‘’„|/<>.,…"
_NUMBER: Final = re.compile(r"\d+(?:[.,'’]\d+)*")


@dataclass(frozen=True, slots=True, order=True)
class Amount:
    """So much of a currency: an ISO code, or a sign that several share."""

    value: Decimal
    currency: str

    @property
    def words(self) -> str:
        return f"{self.value} {self.currency}"


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a text says of money. `doubtful` are the parts that say an amount nobody can be sure of."""

    read: tuple[Amount, ...] = ()
    doubtful: tuple[str, ...] = ()


def amounts_in(text: str) -> Amounts:
    """The amounts of a text."""
    if len(text) > TEXT_MAX:
        return Amounts((), (f"a text of {len(text)} characters",))
    tokens = _marked(_plain(text)).split()
    read: list[Amount] = []
    doubtful: list[str] = []
    for at, token in enumerate(tokens):
        if not token.startswith(_MARK):
            continue
        currency, said = token.strip(_MARK).split(":", 1)
        before, after = _beside(tokens, at)
        numbers = [one for one in (before, after) if any(map(str.isdigit, one))]
        if not numbers:
            if _names_a_sum(said, before, after):
                doubtful.append(f"{before} {said} {after}".strip())
            continue
        multiplied = any(map(_multiplies, (before, after, *tokens[at + 2 : at + 4])))
        for number in numbers:
            value = None if multiplied or not currency else number_of(number)
            if value is None:
                doubtful.append(f"{number} {said}")
            else:
                read.append(Amount(value, currency))
    return Amounts(tuple(dict.fromkeys(read)), tuple(dict.fromkeys(doubtful)))


def number_of(text: str) -> Decimal | None:
    """The number a text is; None if it is none, or can be read in two ways ("1,234")."""
    text = text.strip().strip(_EDGES)
    if not _NUMBER.fullmatch(text) or sum(map(str.isdigit, text)) > DIGITS_MAX:
        return None
    text = text.replace("’", "'")
    separators = [sign for sign in text if not sign.isdigit()]
    if not separators:
        return Decimal(text)
    last = separators[-1]
    whole, _, fraction = text.rpartition(last)
    if separators.count(last) > 1 or last == "'":
        return Decimal("".join(text.split(last))) if len(set(separators)) == 1 and _grouped(text, last) else None
    if others := set(separators) - {last}:
        [other] = others if len(others) == 1 else [""]
        return Decimal("".join(whole.split(other)) + "." + fraction) if other and _grouped(whole, other) else None
    if len(fraction) == 3 and whole != "0":
        return None  # a thousand, or three decimals
    return Decimal(f"{whole}.{fraction}")


def money_of(values: Iterable[str], screen: Sequence[str] | None) -> Amounts:
    """The amounts that stand in a step's values and on the screen it is done on.

    A value that is nothing but a number is one of money as long as nothing shows that it is not: its currency is the
    one the screen shows beside the same number.

    Args:
        screen: the texts shown; None if they could not be read, which is a doubt.
    """
    shown = [amounts_in(text) for text in screen or ()]
    read = [amount for one in shown for amount in one.read]
    doubtful = [doubt for one in shown for doubt in one.doubtful]
    if screen is None:
        doubtful.append("the screen could not be read")
    on_screen = tuple(read)
    for value in values:
        said = amounts_in(value)
        read += said.read
        doubtful += said.doubtful
        if said.read or said.doubtful or not _all_number(value):
            continue
        number = number_of(_plain(value))
        currencies = {amount.currency for amount in on_screen if amount.value == number}
        if number is None or len(currencies) != 1:
            doubtful.append(f"{value!r} has no currency" if number is not None else f"{value!r} is no clear number")
        else:
            read.append(Amount(number, currencies.pop()))
    return Amounts(tuple(dict.fromkeys(read)), tuple(dict.fromkeys(doubtful)))


def limit_of(text: str) -> Amount:
    """The amount a rule names, such as "20 EUR".

    Raises:
        ValueError: it is not exactly one.
    """
    said = amounts_in(text)
    if len(said.read) != 1 or said.doubtful:
        raise ValueError(f"{text!r} is no amount with its currency, such as '20 EUR'")
    return said.read[0]


def _plain(text: str) -> str:
    """The text with the digits of every script as 0 to 9, and thousands that stand apart put together."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf").replace(_MARK, " ")
    text = re.sub(r"(?<=\d)\s(?=\d{3}(?!\d))", "", text)
    return re.sub(rf"(?<={_CJK.pattern})(?=\d)|(?<=\d)(?={_CJK.pattern})", " ", text)


def _marked(text: str) -> str:
    """The text with every currency as a token of its own."""
    return _CURRENCY.sub(lambda found: f" {_MARK}{_currency(found[0])}:{found[0]}{_MARK} ", text)


def _currency(said: str) -> str:
    """The currency of what was said; "" for parts of one."""
    code = said.upper()
    if code in _CODES:
        return "CNY" if code == "RMB" else code
    return _SIGNS.get(said) or _WORDS.get(said.casefold(), "")


def _pattern() -> re.Pattern[str]:
    codes = [form for code in _CODES for form in (code, *(() if code == "TRY" else (code.lower(), code.title())))]
    words = [re.escape(word) for word in (*codes, *_WORDS, *_SMALL) if not _CJK.search(word)]
    words += [word.title() for word in (*_WORDS, *_SMALL) if not _CJK.search(word)]
    unspaced = [re.escape(word) for word in (*_WORDS, *_SMALL) if _CJK.search(word)]
    lettered = [re.escape(sign) for sign in _SIGNS if sign[0].isalpha() and not _CJK.search(sign)]
    bare = [re.escape(sign) for sign in _SIGNS if re.escape(sign) not in lettered]
    spaced = "|".join(sorted([*words, *lettered], key=len, reverse=True))
    signs = "|".join(sorted([*unspaced, *bare], key=len, reverse=True))
    return re.compile(rf"(?<!{_LETTER})(?:{spaced})(?!{_LETTER})|{signs}")


_CURRENCY: Final = _pattern()


def _beside(tokens: Sequence[str], at: int) -> tuple[str, str]:
    """What stands before and after a currency, signs that stand alone apart; "" for another currency or nothing."""
    return _first_word(tokens[:at][::-1]), _first_word(tokens[at + 1 :])


def _first_word(tokens: Sequence[str]) -> str:
    word = next((token for token in tokens if any(map(str.isalnum, token))), "")
    return "" if word.startswith(_MARK) else word


def _names_a_sum(said: str, before: str, after: str) -> bool:
    """Whether a currency with no number beside it says an amount in words: a bare sign or code is only a label."""
    if _CJK.search(said):
        return bool(_CJK_NUMERAL.search(before[-1:]))
    return said.casefold() in _WORDS or said.casefold() in _SMALL or _multiplies(before) or _multiplies(after)


def _multiplies(token: str) -> bool:
    word = token.strip(_EDGES).casefold()
    return word in _MULTIPLIERS or (bool(_CJK.match(word)) and word[0] in _MULTIPLIERS)


def _grouped(text: str, separator: str) -> bool:
    first, *rest = text.split(separator)
    return 1 <= len(first) <= 3 and all(len(part) == 3 and part.isdigit() for part in rest)


def _all_number(value: str) -> bool:
    """Whether a value is nothing but one number, telephone numbers with their + apart."""
    bare = _plain(value).strip()
    return bool(re.fullmatch(r"[-−]?\d[\d.,'’ ]*", bare))
