"""What stands beside a text to somebody and is no part of it, and who is nobody that can be told.

'text Bob "dinner is ready" on WhatsApp': the quotation is closed, so the rest says something else. "…, and call Alice"
may be another task, "could you tell Bob that dinner is ready?" asks the phone and not Bob. A text that may have more in
it than was to be sent is asked about, never sent; one that was meant so before is sent again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from typing import Final

from memory.experience.compiled import Compiled
from memory.experience.compose import tasks_in
from memory.experience.literal import Span
from memory.experience.template import Match, Miss
from memory.text.lexicon import Lexicon
from memory.text.reading import Reading
from memory.text.tokens import OPENING, levelled, unspaced
from memory.text.values import find_values

_NOBODY: Final[Mapping[str, tuple[str, ...]]] = {
    "en": (
        *("nobody", "no one", "no-one", "none", "noone", "anyone", "anybody", "any one", "everyone", "everybody"),
        *("every one", "someone", "somebody", "some one", "whoever", "whomever", "all", "each", "others"),
    ),
    "de": (
        *("niemand", "niemandem", "niemanden", "keiner", "keinem", "keinen", "jemand", "jemandem", "jemanden"),
        *("irgendwer", "irgendwem", "irgendwen", "irgendjemand", "irgendjemandem", "jeder", "jedem", "jeden"),
        *("alle", "allen", "wem", "einander"),
    ),
    "es": ("nadie", "ninguno", "alguien", "alguno", "cualquiera", "todos", "todas", "todo el mundo"),
    "fr": ("personne", "aucun", "quelqu'un", "n'importe qui", "chacun", "tous", "toutes", "tout le monde"),
    "zh": (
        *("没人", "没有人", "没有谁", "谁", "某人", "某个人", "有人", "任何人", "人人", "大家", "所有人", "每个人"),
        *("每一个人", "别人", "其他人", "无人"),
    ),
}  # they stand for no one person: to tell "nobody" is to tell not
_REQUESTS: Final[Mapping[str, tuple[str, ...]]] = {
    "en": ("could you", "can you", "would you", "will you", "would you mind"),
    "de": ("kannst du", "könntest du", "würdest du", "können sie", "könnten sie", "würden sie"),
    "es": ("puedes", "podrías", "me puedes"),
    "fr": ("peux-tu", "pourrais-tu", "pouvez-vous", "pourriez-vous"),
    "zh": ("能不能", "可不可以", "你能", "你可以", "可以", "能", "可否"),
}  # they ask the phone to do it: the question mark at the end is theirs
_OWN_QUESTIONS: Final[Mapping[str, str]] = {
    "en": r"(are|is|am|was|were|do|does|did|have|has|had|can|could|will|would|shall|should|may|might|must|any)\b",
    "de": r"(bist|seid|ist|sind|hast|habt|hat|haben|kannst|könnt|kann|können|willst|wollt|magst|darf|soll|kommst)\b",
    "es": r"¿",
    "fr": r"(est-ce|es-tu|as-tu|peux-tu|êtes-vous|avez-vous)\b",
    "zh": r".*(什么|怎么|哪|谁|几|多少|你|您|吗.*吗)",
}  # a text that itself asks keeps its question mark
_SENDERS: Final = frozenset(
    (
        *("whatsapp", "signal", "telegram", "messenger", "imessage", "wechat", "sms", "viber", "threema", "slack"),
        *("teams", "discord", "facebook", "instagram", "skype", "snapchat", "kakaotalk", "email", "mail"),
    )
)  # what a text may be sent with; other apps are known by their tasks
_WAYS: Final = frozenset((*("via", "through", "over", "using", "per", "über", "vía", "mediante", "usando", "sur"),))
_PLACES: Final = frozenset((*("on", "in", "with", "auf", "mit", "en", "con", "avec", "dans"),))
_BEING: Final = frozenset(
    (
        *("am", "is", "are", "be", "was", "were", "i'm", "he's", "she's", "we're", "they're", "it's", "bin", "ist"),
        *("sind"),
    )
)
_LAST_WORDS: Final = re.compile(r"(?:^|\s)(\S+)\s+(\S+)\s+(\S+?)[.!?]*$")
_ASKING: Final = "?？"
_APOSTROPHES: Final = "'’"


def is_nobody(name: str, language: str) -> bool:
    """Whether it stands for no one person: "nobody", "everybody else", "谁都"."""
    said = levelled(name).strip(" \"'“”‘’")
    words = _NOBODY.get(language, ())
    if unspaced(said):
        return said.startswith(words)
    return said in words or said.startswith(tuple(f"{word} " for word in words))


def tells_nobody(values: Mapping[str, str], compiled: Compiled) -> bool:
    """Whether who is told in this reading is no one person: "告诉谁" has nobody to offer."""
    if compiled.pair is None:
        return False
    return is_nobody(values.get(compiled.phrasing.slots[compiled.pair[0]].name, ""), compiled.lexicon.language)


def settled(
    found: Match,
    reading: Reading,
    compiled: Compiled,
    spans: tuple[Span, ...],
    *,
    known: Callable[[str], bool],
    apps: Set[str],
) -> Match | Miss:
    """The match with its text as it is to be sent, or why it is not known to be one.

    Args:
        known: whether a value stood in a slot before: the owner meant it so.
        apps: names of the apps that tasks are known of, levelled.
    """
    if compiled.pair is None:
        return found
    (who, what), slots = compiled.pair, compiled.phrasing.slots
    name, text = found.values.get(slots[who].name, ""), found.values.get(slots[what].name, "")
    if is_nobody(name, reading.lexicon.language) and not known(name):
        return Miss((f"{name!r} is nobody in particular",), found.template, (name,), found.confidence)
    start = spans[what][0]
    if not text or known(text) or _is_closed(reading.text, spans[what]):
        return found
    if (rest := _after_quotation(text)) is not None:
        if not rest:
            return found
        said = f"{rest!r} stands after the closed quotation and is explained by nothing"
        return Miss((said,), found.template, (rest,), found.confidence)
    if doubt := _more(text, reading, apps):
        return Miss((doubt,), found.template, (), found.confidence, (dict(found.values),))
    kept = _without_mark(text, reading.text[:start], reading.lexicon)
    return found if kept == text else replace(found, values={**found.values, slots[what].name: kept})


def _is_closed(words: str, span: Span) -> bool:
    """Whether quotes stand around it: what is inside is nobody's words."""
    start, end = span
    opening, after = words[max(start - 1, 0) : start], words[end : end + 1]
    return bool(after) and after in OPENING.get(opening, "")


def _after_quotation(text: str) -> str | None:
    """The words after a quotation that the text begins with; None where it begins with none."""
    closes = OPENING.get(text[0], "")
    for at in range(2, len(text)) if closes else ():
        inside_word = text[at] in _APOSTROPHES and text[at + 1 : at + 2].isalnum()  # "it's"
        if text[at] in closes and not inside_word:
            return text[at + 1 :].strip(" .,!?。，！？")
    return None


def _more(text: str, reading: Reading, apps: Set[str]) -> str:
    """Why a text may have more in it than is to be told: a way to send it, or another task."""
    if unspaced(text):
        return ""
    for left, right in tasks_in(text, reading.lexicon):
        if text[left:right].strip(" ;."):
            return f"{text[left:].strip()!r} may be another task, or belong to what is told"
    last = _LAST_WORDS.search(text)
    if last is None:
        return ""
    before, link, name = last[1].lower(), last[2].lower(), last[3]
    app = levelled(name) in _SENDERS | apps
    timed = any(value.end > last.start(3) and value.kind in ("time", "date", "duration", "number")
                for value in find_values(text, reading.lexicon))  # fmt: skip
    written = name[:1].isupper() and not timed and not reading.lexicon.capital_nouns
    by_way = link in _WAYS and (app or written)
    if by_way or (link in _PLACES and app) or (link == "on" and written and before not in _BEING):
        return f"{text[last.start(2) :]!r} may say how it is told, or belong to what is told"
    return ""


def _without_mark(text: str, before: str, lexicon: Lexicon) -> str:
    """The text without the question mark of "could you …?"; one that itself asks keeps it."""
    language = lexicon.language
    said = re.sub(r"^(hey|hi|hallo|hola|bonjour|你好|please|bitte|请)[\s,，!！]*", "", levelled(before).strip())
    if text[-1] not in _ASKING or not said.startswith(_REQUESTS.get(language, ())):
        return text
    plain = text.rstrip(_ASKING + " ")
    if language == "zh":
        plain = plain.removesuffix("吗")
    wonders = re.match(r"\W*([\w']+)", levelled(plain))
    asks = language != "zh" and wonders is not None and wonders[1] in lexicon.wonders
    own = re.match(_OWN_QUESTIONS.get(language, r"(?!)"), levelled(plain))
    return text if asks or own or not plain else plain
