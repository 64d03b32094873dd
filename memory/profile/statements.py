"""Reading a statement without a model: who, what about them, which value - for everyday forms in English and Chinese.

"my mother is Maria" -> (owner, mother, Maria); "Bob's birthday is May 3" -> (bob, birthday, May 3);
"I don't drink milk" -> (owner, drink, milk), negative; "我妈妈叫玛丽亚" -> (owner, mother, 玛丽亚).
What fits no form is remembered all the same, as a text without a reading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from memory.profile.likeness import shape
from memory.profile.records import ANYTIME, Situation
from memory.profile.vocabulary import Idea, keys_of, plain, vocabulary
from memory.text.tokens import unspaced

READ_CHARS = 600
"""Statements of a fact are short; a longer text is kept as a text."""
VALUE_WORDS_MAX = 24


@dataclass(frozen=True, slots=True)
class Reading:
    """A statement taken apart. `subject` "" is the owner, "mother" the owner's mother, else a name, plain.

    `single`: the subject has one value of this relation at a time, so another value replaces it.
    `corrects`: its words say that something changed. `instead_of`: the value that is said to be over.
    """

    subject: str
    relation: str
    value: str
    positive: bool = True
    single: bool = False
    corrects: bool = False
    instead_of: str = ""
    situation: Situation = ANYTIME

    @property
    def slot(self) -> str:
        """What a new value of would replace the old one of; "" where several values stand side by side."""
        return "\x1f".join((self.subject, self.relation, *self.situation.parts)) if self.single else ""

    @property
    def value_key(self) -> str:
        told = shape(self.value)
        return " ".join((*told.words, *told.numbers)) or plain(self.value)


_LEAD = re.compile(
    r"^(?:please\s+|hey,?\s+|also,?\s+|and\s+)*(?:remember(?:\s+that)?|note(?:\s+that)?|for your information|fyi|"
    r"you should know(?:\s+that)?|by the way|btw|actually|well|oh|no|correction|in fact|sorry)?\s*[,:]?\s+",
    re.I,
)
_OFTEN = (
    r"(?:(?:usually|normally|typically|generally|always|mostly|really|often|now|currently|actually|just|still|also|"
    r"definitely|truly)\s+)*"
)
_OF = r"(?P<chain>(?:[\w-]+['’]s\s+)*)"
_REL = r"(?P<relation>[\w&/'’ -]{2,48}?)"
_IS = r"(?:['’]s\s+name\s+is|\s+is\s+(?:now\s+)?(?:called|named)|\s+name\s+is|(?:\s+is|['’]s|\s+are|\s+was)(?:\s+now)?)"
_FORMS = [
    re.compile(rf"^my\s+{_OF}{_REL}{_IS}\s+(?P<value>.+)$", re.I),
    re.compile(rf"^(?P<value>.+?)\s+(?:is|are)\s+(?:now\s+)?my\s+{_OF}(?P<relation>[\w&/ -]{{2,48}})$", re.I),
    re.compile(
        rf"^(?:i|we)\s+(?:have|['’]ve got|have got|got)\s+an?\s+{_REL}\s+(?:called|named)\s+(?P<value>.+)$", re.I
    ),
    re.compile(r"^(?:you can\s+)?call me\s+(?P<value>.+)$", re.I),
    re.compile(rf"^(?P<subject>[^\W\d_][\w.-]*(?:\s[A-Z][\w.-]*)*)['’]s\s+{_REL}{_IS}\s+(?P<value>.+)$"),
    re.compile(
        r"^(?P<value>.+?)\s+(?:is|are)\s+"
        r"(?P<subject>[A-Z][\w.-]*(?:\s[A-Z][\w.-]*)*)['’]s\s+(?P<relation>[\w& -]{2,48})$"
    ),
]
_ACT = re.compile(
    rf"^(?:(?P<self>i|we)|my\s+(?P<kin>[\w-]+)|(?P<subject>(?-i:[A-Z])[\w.-]*(?:\s(?-i:[A-Z])[\w.-]*)?))(?:\s+|(?=['’]))(?P<rest>{_OFTEN}.+)$",
    re.I,
)
_ZH_IS = r"(?:的?名字)?(?:就是|是|叫做|名叫|叫|为|:|：)"
_ZH_FORMS = [
    re.compile(rf"^我(?:们)?的?(?P<relation>[^\s是叫为]{{1,10}}?)(?:现在)?{_ZH_IS}\s*(?P<value>.+)$"),
    re.compile(r"^(?P<value>.+?)(?:就是|是)我(?:们)?的?(?P<relation>[^\s是叫]{1,10})$"),
    re.compile(rf"^(?P<subject>[^\s我是叫的]{{1,8}})的(?P<relation>[^\s是叫为]{{1,10}}?){_ZH_IS}\s*(?P<value>.+)$"),
]
_ZH_ALLERGY = re.compile(r"^我对(?P<value>.+?)过敏$")
_ZH_ACT = re.compile(
    r"^我(?:们)?(?:现在|平时|通常|一般|经常|总是|每天|其实|还是|也|都|很|最|改)*(?P<not>不再|从来不|从不|不|没有|没)?(?P<rest>.+)$"
)
_SINGLE_ACTS = frozenset({"live", "work", "marry", "born", "birthday"})
_ARTICLE = re.compile(r"^(?:an?|the|some|any)\s+", re.I)
_INSTEAD = re.compile(r"[\s,;]+(?:instead of|rather than|and not|not)\s+(?P<old>.+)$|而?不是(?P<zh>.+)$", re.I)
_NEGATED = re.compile(
    r"^(?:do not|don['’]?t|does not|doesn['’]?t|did not|didn['’]?t|never|no longer|can['’]?t|cannot|won['’]?t|"
    r"am not|['’]m not|is not|isn['’]?t|(?:have\s+|has\s+)?stopped|(?:have\s+|has\s+)?quit|gave up|avoid)\s+",
    re.I,
)
_TAIL = re.compile(
    r"[\s,]+(?:now|these days|nowadays|anymore|any more|from now on|instead|please|a lot|very much)$", re.I
)


def read_statement(text: str) -> Reading | None:
    """The reading of a statement, or None where it fits no form (a question, a story, a longer text)."""
    said = " ".join(text[: READ_CHARS + 1].split())
    if not said or len(said) > READ_CHARS or said.endswith(("?", "？")):
        return None
    said = said.rstrip(".!。！ ;；")
    corrects = bool(vocabulary_has(said, "now"))
    said = (
        _LEAD.sub("", said + " ").strip()
        if not unspaced(said)
        else re.sub(r"^(?:请?记住|请?记得|其实)[,，:：]?", "", said)
    )
    said, instead_of = _without_old(said)
    said, situation = _situated(said)
    for _ in range(3):
        said = _TAIL.sub("", said)
    found = _chinese(said) if unspaced(said) else _attribute(said) or _act(said)
    if found is None:
        return None
    subject, relation, value, positive, single = found
    value = _ARTICLE.sub("", value.strip(" \"'“”‘’,")).strip()
    if not plain(value) or len(keys_of(value)) > VALUE_WORDS_MAX:
        return None
    return Reading(subject, relation, value, positive, single, corrects or bool(instead_of), instead_of, situation)


def situation_of(text: str) -> Situation:
    """The time of day and the place that a text names."""
    return _situated(" ".join(text[:READ_CHARS].split()))[1]


def vocabulary_has(text: str, *kinds: str) -> list[Idea]:
    """The ideas of these kinds that stand in a text."""
    return [idea for _, idea in vocabulary().cut(keys_of(text), *kinds) if idea is not None]


def relation_of(words: str) -> tuple[str, bool]:
    """The canonical name of a relation, and whether it has one value at a time.

    "mum" is `mother`; "favourite coffee" is `favourite coffee`; an unknown one is its own words, single.
    """
    found = vocabulary()
    idea = found.find(words, "one", "many")
    if idea is not None:
        return idea.name, idea.kind == "one"
    cut = found.cut(keys_of(words), "best", "weak", "one", "alike")
    best = next((idea.name for _, idea in cut if idea is not None and idea.kind == "best"), "")
    rest = [
        idea.name if idea is not None else " ".join(keys)
        for keys, idea in cut
        if idea is None or idea.kind in {"one", "alike"}
    ]
    last = rest[-1] if rest else ""
    many = found.find(last, "many") is not None or (last.endswith("s") and found.find(last[:-1], "many") is not None)
    if many and not best:
        many_idea = found.find(last, "many") or found.find(last[:-1], "many")
        rest[-1] = many_idea.name if many_idea is not None else last
    return " ".join(filter(None, (best, *rest))) or plain(words), not many or bool(best)


def _without_old(said: str) -> tuple[str, str]:
    match = _INSTEAD.search(said)
    if match is None or match.start() < 3:
        return said, ""
    old = (match["old"] or match["zh"] or "").strip(" ,，")
    return said[: match.start()].strip(" ,，而"), _ARTICLE.sub("", old)


def _situated(said: str) -> tuple[str, Situation]:
    """Takes the situation out of a statement: "I drink tea in the evening" is "I drink tea", evening."""
    day = place = ""
    low = said.casefold()
    for phrase, idea, spaced in _situations():
        at = low.find(phrase)
        if at < 0 or (spaced and not _whole(low, at, at + len(phrase))):
            continue
        if idea.kind == "day" and not day:
            day = idea.name
        elif idea.kind == "place" and not place:
            place = idea.name
        else:
            continue
        said = (said[:at].rstrip(" ,，") + (" " if spaced else "") + said[at + len(phrase) :].lstrip(" ,，")).strip()
        low = said.casefold()
        if len(low) != len(said):  # folding changed the length: places no longer match
            break
    return said, Situation(time_of_day=day, place=place)


@cache
def _situations() -> list[tuple[str, Idea, bool]]:
    """Phrases that name a situation, the longest first; whether their script has spaces."""
    chosen = []
    for keys, idea in vocabulary().phrases_of("day", "place").items():
        spaced = not unspaced("".join(keys))
        chosen.append(((" " if spaced else "").join(keys).replace(" '", "'"), idea, spaced))
    return sorted(chosen, key=lambda entry: (-len(entry[0]), entry[0]))


def _whole(text: str, start: int, stop: int) -> bool:
    return (start == 0 or not text[start - 1].isalnum()) and (stop == len(text) or not text[stop].isalnum())


_Found = tuple[str, str, str, bool, bool]


def _attribute(said: str) -> _Found | None:
    for form in _FORMS:
        match = form.match(said)
        if match is None:
            continue
        parts = match.groupdict()
        if "relation" not in parts:
            return "", "name", parts["value"], True, True
        relation, single = relation_of(parts["relation"])
        subject = plain(parts.get("subject") or "")
        if chain := parts.get("chain"):  # "my mother's birthday": the mother is the subject
            steps = [relation_of(step)[0] for step in re.split(r"['’]s\s+", chain) if step]
            if relation == "name":  # "my mother's name is Maria" says who the mother is
                relation, single = relation_of(re.split(r"['’]s\s+", chain)[len(steps) - 1])
                steps.pop()
            subject = " ".join(steps)
        value, positive = parts["value"], True
        if negated := re.match(r"^(?:not|never|no longer)\s+", value, re.I):
            value, positive = value[negated.end() :], False
        if not relation or vocabulary().find(relation, "self", "not"):
            continue
        return subject, relation, value, positive, single
    return None


def _act(said: str) -> _Found | None:
    match = _ACT.match(said)
    if match is None:
        return None
    subject = "" if match["self"] else relation_of(match["kin"])[0] if match["kin"] else plain(match["subject"])
    if vocabulary().find(subject, "self", "weak", "not") and subject:
        return None
    rest, positive = re.sub(rf"^{_OFTEN}", "", match["rest"], flags=re.I), True
    while (found := _acting(rest)) is None and (negated := _NEGATED.match(rest)):
        rest, positive = rest[negated.end() :], not positive
        rest = re.sub(rf"^{_OFTEN}", "", rest, flags=re.I)
    if found is None:
        return None
    idea, value = found
    return subject, idea.name, value, positive is not idea.opposite, idea.name in _SINGLE_ACTS


def _acting(rest: str) -> tuple[Idea, str] | None:
    """The act at the head of "drink oat latte", and what is left behind it."""
    words = rest.split(" ")
    for length in range(min(6, len(words) - 1), 0, -1):
        phrase = " ".join(words[:length])
        idea = vocabulary().find(phrase, "act", "many", "one") or _grounded(phrase)
        if idea is not None and (idea.kind == "act" or length > 1):
            return idea, " ".join(words[length:])
    return None


def _grounded(phrase: str) -> Idea | None:
    """A verb's other forms: "drinking", "I'm fond of" (read as "am fond of")."""
    if phrase[:2].casefold() in {"'m", "’m"}:
        return vocabulary().find("am" + phrase[2:], "act", "many", "one")
    for ending, instead in (("ing", ""), ("ing", "e")):
        if phrase.endswith(ending) and (idea := vocabulary().find(phrase[: -len(ending)] + instead, "act")):
            return idea
    return None


def _chinese(said: str) -> _Found | None:
    if match := _ZH_ALLERGY.match(said):
        return "", "allergy", match["value"], True, False
    acted = _chinese_act(said)
    for form in _ZH_FORMS:
        match = form.match(said)
        if match is None:
            continue
        relation, single = relation_of(match["relation"].removesuffix("的"))
        known = vocabulary().find(match["relation"].removesuffix("的"), "one", "many", "best") is not None
        if acted is not None and not known and "的" not in said:
            break
        subject = plain(match.groupdict().get("subject") or "")
        kin = vocabulary().find(subject, "one", "many") if subject else None
        return kin.name if kin else subject, relation, match["value"], True, single
    return acted


def _chinese_act(said: str) -> _Found | None:
    match = _ZH_ACT.match(said)
    if match is None:
        return None
    rest, positive = match["rest"], match["not"] is None
    if placed := re.match(r"^在(?P<value>.+?)(?:工作|上班)$", rest):
        return "", "work", placed["value"], positive, True
    for length in range(min(4, len(rest) - 1), 0, -1):
        idea = vocabulary().find(rest[:length], "act")
        if idea is not None:
            return "", idea.name, rest[length:], positive is not idea.opposite, idea.name in _SINGLE_ACTS
    return None
