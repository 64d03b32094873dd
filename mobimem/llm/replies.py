"""Kept replies: which question a reply may be kept under, and whether a kept one answers what is asked now. Pure.

    asked_of(role, model, prompt, schema)     what must be equal (hashed), the questions before, and the question
    find(asked, held, today=...)              the kept reply that answers it, or why none does

After MeanCache (arXiv 2403.02694): another wording of a question, in the same chain of questions, gets the reply that
is known. Three things differ. Whether it is the same question is decided by `mobimem.llm.sameness`, and by no
similarity: where plain cosine serves few enough wrong replies it serves no right one either, and beside the guard it
changes nothing (docs/models.md), so there are no vectors here. The whole chain has to agree, not only the last parent.
And everything else - role, model, endpoint, form, our words, what was read from the device - has to be equal to the
letter.

Only a caller that marks its question (`prompt.Question`) is served at all. The steps on a screen are never asked that
way, and a prompt with a picture is not either.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Protocol

from memory.text.lexicon import EMPTY, Lexicon, language_of, lexicons
from memory.text.normal import normalise
from memory.text.tokens import tokenize
from memory.text.values import find_values
from mobimem.llm.prompt import Part, Picture, Prompt, Question, Said
from mobimem.llm.sameness import REQUEST_MAX, compare
from mobimem.llm.settings import Model, Role

CHAIN_MAX: Final = 8  # questions before the one that is asked; a longer talk is asked anew
_OF_TODAY: Final = frozenset(
    word
    for words in (
        "now today tonight later soon week month year weekend",
        "jetzt heute gleich später bald woche monat jahr wochenende",
        "ahora hoy luego pronto semana mes año",
        "maintenant aujourd'hui bientôt semaine mois année",
        "今 现 周 月 年 刚",
    )
    for word in words.split()
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as replies are kept under it. `key` stands for all that must be equal."""

    key: str
    chain: tuple[str, ...]
    question: str


@dataclass(frozen=True, slots=True)
class Held:
    """A kept reply: what it answered, and the answer as JSON, with all values in place."""

    id: int
    chain: tuple[str, ...]
    question: str
    answer: str
    model: str
    made_at: datetime


class ReplyStore(Protocol):
    """Where replies are kept. What is too old is not given out; what speaks of secrets is not kept."""

    def held(self, key: str) -> Sequence[Held]:
        """The replies kept under this key that are not too old."""
        ...

    def used(self, id_: int) -> None:
        """Notes that this reply was served: what is served seldom goes first."""
        ...

    def keep(self, asked: Asked, answer: str, model: str) -> None:
        """Keeps an answer; says nothing where it may not be kept."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """The reply that answers, if one does, and why: of those that do not, the reason against each."""

    held: Held | None
    reasons: tuple[str, ...]


def asked_of(role: Role, model: Model, prompt: Prompt, schema: Mapping[str, Any]) -> Asked | None:
    """What a reply to this prompt is kept under; None where none may be kept or served."""
    questions = [part.text for part in prompt.parts if isinstance(part, Question)]
    if not questions or len(questions) > CHAIN_MAX + 1 or any(isinstance(part, Picture) for part in prompt.parts):
        return None
    if max(map(len, questions)) > REQUEST_MAX or not questions[-1].strip():
        return None
    fixed = [role, model.base_url, model.model, json.dumps(schema, sort_keys=True), prompt.system]
    parts = [_fixed(part) for part in prompt.parts]
    key = hashlib.sha256(json.dumps([fixed, parts], ensure_ascii=True).encode("ascii")).hexdigest()
    return Asked(key, tuple(questions[:-1]), questions[-1])


def _fixed(part: Part) -> list[str]:
    if isinstance(part, Question):
        return ["question", part.lead]
    if isinstance(part, Said):
        return ["said", part.text]
    assert not isinstance(part, Picture)
    return ["untrusted", part.source, part.text]


def find(asked: Asked, held: Sequence[Held], *, today: date, hide: Callable[[str], str] = str) -> Finding:
    """The first kept reply whose questions are the same, all of the chain.

    Args:
        held: kept under the same key.
        today: the owner's day: what was said of "tomorrow" is served on the same day only.
        hide: the task's redaction. Both wordings have to be the same as they stand and redacted: so a name that the
            profile knows is a name, also where it is a word ("Mark").
    """
    reasons = []
    for one in held:
        if reason := _against(asked, one, today, hide):
            reasons.append(f"{one.question!r}: {reason}")
        else:
            return Finding(one, (f"the same as {one.question!r}",))
    return Finding(None, tuple(reasons))


def _against(asked: Asked, one: Held, today: date, hide: Callable[[str], str]) -> str:
    if len(asked.chain) != len(one.chain):
        return f"it was asked after {len(one.chain)} questions, this one after {len(asked.chain)}"
    mine, theirs = (*asked.chain, asked.question), (*one.chain, one.question)
    for place, (said, before) in enumerate(zip(mine, theirs, strict=True), 1):
        where = "" if place == len(mine) else f"question {place} before it, "
        for change in (str, hide):
            if not (verdict := compare(change(said), change(before))).same:
                return where + verdict.reason
    if one.made_at.astimezone().date() != today and any(map(hangs_on_the_day, (*mine, *theirs))):
        return "it hangs on the day, and was of another one"
    return ""


def hangs_on_the_day(text: str) -> bool:
    """Whether what a text means changes with the day: "tomorrow", "on Friday", "this week"."""
    if any(token.key in _OF_TODAY for token in tokenize(text)):
        return True
    known = lexicons()
    lexicon: Lexicon = known.get(language_of(text, known), EMPTY)
    dates = [one for one in find_values(text, lexicon) if one.kind == "date"]
    return any(not _ABSOLUTE.match(normalise(text[one.start : one.end], "date", lexicon)) for one in dates)


_ABSOLUTE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
