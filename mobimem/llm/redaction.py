"""Private data taken out of what leaves the machine, and put back into what comes home.

Two sources: words the owner's profile knows (people, places, accounts: given as terms with a kind), and patterns that
are private whoever they belong to (phone, card and other long numbers, e-mail addresses, IBANs, keys, addresses with
credentials; short codes and passwords beside a word that says what they are). Hiding too much costs little, since it
comes back; dates, times and other short numbers stay, for a model has to reckon with them. Each value becomes a
placeholder of its kind, the same one wherever it stands in the task, so a model can tell people apart and use them;
another spelling of a value gets a letter behind it (`PERSON_1b`) and is restored as it was spelt. What it cannot know -
a name nobody told it, a code with no such word near it - it does not hide.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from functools import partial
from string import ascii_lowercase
from typing import Final

from perception.words import has_letters, normal

SHORT_NUMBER: Final = 3  # digits: a list has less than 1,000 lines

_PATTERNS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("URL", re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/@<>\"']{1,200}@[^\s<>\"']{1,2000}", re.IGNORECASE)),
    ("EMAIL", re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}(?![\w-])")),
    ("KEY", re.compile(r"\b(?:sk|pk|ghp|gho|glpat|xox[abpr])[-_][A-Za-z0-9_-]{16,200}\b")),
    ("IBAN", re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")),
    ("NUMBER", re.compile(r"(?<![\w.])(?:\+|00)?\(?\d(?:[ ().\-/]{0,2}\d){6,18}(?!\w|[.:]\d)")),
)
# A code is told by a word near it, before or after, in the same text or the line beside it: en, de, es, fr, ar, zh; and
# what is close to those in other languages.
_CODE_WORD: Final = re.compile(
    r"(?i:\b\w*(?:code|codes|passwor[dt]|passwörter|passphrase|kennwort|código|codigo|codice|contraseña|clave|senha)\b)"
    r"|(?i:\b(?:one[- ]time|verification|verifizierung|bestätigung|verificación|vérification|mot de passe|otp|2fa)\b)"
    r"|\b(?:[a-z]*-?TAN|PIN|PIN-Code|CVC2?|CVV2?|PUK|pin(?= ?(?:code|is|ist|:)))\b"
    r"|رمز|الرمز|كود|كلمة المرور|كلمة السر|الرقم السري|رقم التحقق|(?i:\bкод\b|пароль|пин-код)"
    r"|验证码|驗證碼|校验码|校驗碼|动态码|動態碼|安全码|安全碼|取件码|提取码|密码|密碼|口令|認証|暗証|コード|パスワード|인증|비밀번호"
)
_CODE: Final = re.compile(
    r"(?<![\w.,:/+-])(?:[A-Z]{1,3}-)?\d(?:[ \u00a0-]?\d){3,9}(?!\w|[.,:/-]\d)"
    r"|(?<![\w-])(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z\d]{5,10}(?![\w-])",
    re.ASCII,
)
_CODE_NEAR: Final = 60  # characters between the word and the code, or between codes of one list
_PASSWORD: Final = re.compile(
    r"(?:(?i:passwor[dt]|passcode|passphrase|kennwort|contraseña|clave|mot de passe|senha|пароль)|密码|密碼|口令"
    r"|كلمة المرور|كلمة السر)"
    r"(?:\s*[:=：]\s*(?P<told>[^\s\"'<>“”]{4,64})"
    r"|\s*(?:\b(?:is|ist|lautet|es|est)\b|是|为|هي)\s*(?P<said>(?=[^\s\"'<>“”]{0,63}\d)[^\s\"'<>“”]{4,64}))"
)
_DATE: Final = re.compile(r"\d{4}[-./]\d{1,2}[-./]\d{1,2}(?:[T ].*)?|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}")
_PLACEHOLDER: Final = re.compile(r"(?<![A-Za-z0-9_])([A-Z]{2,16})_(\d{1,4})([a-z]?)(?![A-Za-z0-9_])")
_LOOSE: Final = re.compile(r"[<⟨]?(?<![A-Za-z0-9_])([A-Za-z]{2,16})_(\d{1,4})([a-z]?)(?![A-Za-z0-9_])[>⟩]?")


class Veil:
    """The placeholders of one task. Safe to use from several threads.

    Args:
        terms: text -> kind ("person", "place"), from the profile; matched as whole words, whatever their case.
    """

    def __init__(self, terms: Mapping[str, str] | None = None) -> None:
        self._kinds = {normal(term): _kind(kind) for term, kind in (terms or {}).items() if _tells(normal(term))}
        self._terms = _any_of(self._kinds)
        self._placeholders: dict[str, str] = {}  # the value as it stood there -> its placeholder
        self._values: dict[str, str] = {}
        self._numbers: dict[tuple[str, str], int] = {}  # kind and normalised value -> number
        self._taken: set[tuple[str, int]] = set()
        self._lock = threading.Lock()

    def hide(self, text: str) -> str:
        """The text with every private value replaced by its placeholder."""
        with self._lock:
            for kind, number, _ in _PLACEHOLDER.findall(text):
                if f"{kind}_{number}" not in self._values:
                    self._taken.add((kind, int(number)))  # the text's own: never given to a value
            for kind, pattern in _PATTERNS:
                text = pattern.sub(partial(self._replaced, kind), text)
            text = self._without_codes(_PASSWORD.sub(self._no_password, text))
            if self._terms is not None:
                text = self._terms.sub(lambda term: self._placeholder(self._kinds[normal(term[0])], term[0]), text)
            return text

    def restore(self, text: str) -> str:
        """The text with every placeholder of this task replaced by its value; others stay as they are."""

        def value_of(match: re.Match[str]) -> str:
            name = f"{match[1].upper()}_{match[2]}{match[3]}"
            return self._values.get(name, match[0])

        with self._lock:
            return _LOOSE.sub(value_of, text)

    def _no_password(self, match: re.Match[str]) -> str:
        group = "told" if match["told"] else "said"
        said = match[group]
        if _PLACEHOLDER.fullmatch(said):
            return match[0]
        start, end = match.start(group) - match.start(), match.end(group) - match.start()
        return f"{match[0][:start]}{self._placeholder('PASSWORD', said)}{match[0][end:]}"

    def _without_codes(self, text: str) -> str:
        """The text with what looks like a code replaced wherever a word for codes, or another code, is near."""
        words = [match.span() for match in _CODE_WORD.finditer(text)]
        if not words:
            return text
        starts, ends = [start for start, _ in words], [end for _, end in words]
        parts, at, last = [], 0, -_CODE_NEAR - 1
        for match in _CODE.finditer(text):
            start, end = match.span()
            before, after = bisect_right(ends, start), bisect_left(starts, end)
            behind = max(last, ends[before - 1] if before else last)
            ahead = starts[after] if after < len(starts) else len(text) + _CODE_NEAR + 1
            if start - behind <= _CODE_NEAR or ahead - end <= _CODE_NEAR:
                parts += [text[at:start], self._replaced("CODE", match)]
                at = last = end
        return "".join((*parts, text[at:]))

    def _replaced(self, kind: str, match: re.Match[str]) -> str:
        return match[0] if _DATE.fullmatch(match[0].strip()) else self._placeholder(kind, match[0])

    def _placeholder(self, kind: str, value: str) -> str:
        if value in self._placeholders:
            return self._placeholders[value]
        known = self._numbers.get((kind, normal(value)))
        if known is None:
            known = 1 + max((number for taken, number in self._taken if taken == kind), default=0)
            self._taken.add((kind, known))
            self._numbers[kind, normal(value)] = known
        spellings = ("", *ascii_lowercase[1:])
        name = next((f"{kind}_{known}{s}" for s in spellings if f"{kind}_{known}{s}" not in self._values), "")
        if not name:  # 26 spellings of one value: the next one is a value of its own
            del self._numbers[kind, normal(value)]
            return self._placeholder(kind, value)
        self._placeholders[value], self._values[name] = name, value
        return name


_SPACED: Final = "[0-9A-Za-z\u00c0-\u024f\u0370-\u052f]"  # of scripts that put blanks between words


def _tells(term: str) -> bool:
    """Whether a term says something of somebody: not one letter, and not a short number, which anything may be - the
    number of a line in a list, too."""
    return len(term) > 1 and (has_letters(term) or sum(map(str.isdigit, term)) > SHORT_NUMBER)


def _any_of(kinds: Mapping[str, str]) -> re.Pattern[str] | None:
    """A pattern for any of the terms as whole words, the longest first; scripts without spaces have no such edge."""
    if not kinds:
        return None
    patterns = []
    for term in sorted(kinds, key=len, reverse=True):
        words = r"\s+".join(map(re.escape, term.split()))
        before = f"(?<!{_SPACED})" if term[0].isascii() else ""
        after = f"(?!{_SPACED})" if term[-1].isascii() else ""
        patterns.append(f"{before}{words}{after}")
    return re.compile("|".join(patterns), re.IGNORECASE)


def _kind(kind: str) -> str:
    letters = "".join(letter for letter in kind.upper() if "A" <= letter <= "Z")[:16]
    return letters if len(letters) > 1 else "NAME"
