"""What is never learnt: what did not end well, what holds nothing, and what looks like a secret.

A lesson that is refused stays where it was - in the library, in its journal -, it only teaches memory nothing. Password
fields never reach a trace as text; this is the second look, at words and values a person gave in the open.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from memory.learn.lesson import Lesson
from memory.text.tokens import TEXT_MAX
from replay.recipe import Recipe

REFERENCE: Final = "secret://"
_EVIDENCE: Final = {"taught": ("teach", "import", "recipe", "run"), "ran": ("run",)}
_CARD: Final = re.compile(r"(?<![\d+])\d(?:[ -]?\d){12,18}(?!\d)")
_KEY: Final = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\b(?:sk|pk|rk)[-_](?:live|test|proj|ant)?[-_]?[A-Za-z0-9_-]{16,}"
    r"|\bgh[pousr]_[A-Za-z0-9]{20,}|\bAKIA[A-Z0-9]{16}\b|\bxox[abprs]-[A-Za-z0-9-]{10,}"
    r"|\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\."
)
_NAMED: Final = re.compile(
    r"\b(?:password|passcode|passphrase|passwort|kennwort|contrase[nñ]a|mot de passe|pin|tan|cvv|cvc|otp)\b"
    r"\s*(?:is|ist|es|est|:|=|：|「|“|\")\s*\S"
    r"|(?:密码|口令|验证码|支付码)\s*(?:是|为|:|=|：)\s*\S",
    re.IGNORECASE,
)


def junk(lesson: Lesson) -> str:
    """Why nothing is learnt from this lesson; "" if it may be."""
    if lesson.evidence not in _EVIDENCE[lesson.kind]:
        return f"its evidence is {lesson.evidence or 'unknown'}: a copy that was cut proves nothing"
    if lesson.kind == "taught":
        return _junk_taught(lesson)
    if lesson.outcome == "cut off":
        return "the run was cut off: how it ended is not known"
    if lesson.words and (why := _secret_in(lesson)):
        return why
    return ""


def proves(recipe: Recipe) -> bool:
    """Whether a run of it that says "done" has checked anything: without a check, done is only a word."""
    return any(step.after for step in recipe.steps)


def looks_secret(text: str) -> str:
    """What kind of secret a text seems to hold; "" for none."""
    if REFERENCE in text:
        return "a reference to a secret"
    if any(_luhn(match[0]) for match in _CARD.finditer(text)):
        return "a card number"
    if _KEY.search(text):
        return "a key"
    return "a password" if _NAMED.search(text) else ""


def _junk_taught(lesson: Lesson) -> str:
    if lesson.outcome != "done":
        return f"the lesson did not end well ({lesson.outcome})"
    if lesson.recipe is None:
        return "it holds no steps"
    if len(lesson.words) > TEXT_MAX:
        return f"{len(lesson.words)} characters are no task"
    if not any(unicodedata.category(character)[0] in "LN" for character in lesson.words):
        return "there are no words to know it by"
    return _secret_in(lesson)


def _secret_in(lesson: Lesson) -> str:
    for text in (lesson.words, *lesson.values.values(), *lesson.said.values()):
        if kind := looks_secret(text):
            return f"its words hold {kind}"
    return ""


def _luhn(text: str) -> bool:
    digits = [int(character) for character in text if character.isdigit()]
    doubled = [2 * digit - 9 * (digit > 4) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0 and len(set(digits)) > 1
