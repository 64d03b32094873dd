"""Reading words: each token or phrase with its ideas, and what may be left out of account.

A reading depends only on the text and the lexicon. Without a lexicon every word stands for itself: then two wordings
agree only where they are equal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from memory.text.lexicon import NOTHING, Entry, Lexicon
from memory.text.tokens import Token, levelled, tokenize, unspaced

GAP_MAX: Final = 14  # tokens inside a separated phrase: "füge am 3. Mai um 9 Uhr den Termin hinzu"
_CLAUSE_MARKS: Final = frozenset(".!?;:。！？；：")
_BREAKS: Final = frozenset("!?;。！？；")


@dataclass(frozen=True, slots=True)
class Term:
    """One meaning-bearing piece at `[start, end)`.

    `ideas` is what it is compared by (an unknown word has its stem, a negation and a quantifier themselves). `free`
    pieces may be missing or extra: glue, links, politeness, words that only announce. `act` is an effect.
    """

    key: str
    start: int
    end: int
    ideas: frozenset[str]
    free: bool
    act: bool
    entry: Entry
    kind: str

    @property
    def strict(self) -> bool:
        """Whether it can only be answered by itself: negations, quantifiers, numbers."""
        return self.kind in ("not", "many", "number")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, its language, and its terms in order. `stripped` is the text without politeness at either end."""

    text: str
    lexicon: Lexicon
    terms: tuple[Term, ...]
    stripped: tuple[int, int]

    def within(self, start: int, end: int) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.start >= start and term.end <= end)


@lru_cache(maxsize=1024)
def read(text: str, lexicon: Lexicon) -> Reading:
    """Cuts the text into terms by longest match, joins separated phrases, and finds where the task itself begins."""
    tokens = tokenize(text)
    terms: list[Term] = []
    claimed: set[int] = set()
    position, opens_clause = 0, True
    while position < len(tokens):
        if position in claimed:
            position += 1
            continue
        length, entry, apart = _longest(tokens, position, lexicon)
        if length > 1 and not opens_clause and _is_named(text, tokens[position : position + 2], lexicon):
            length, entry, apart = _longest(tokens[: position + 1], position, lexicon)
        if (
            terms
            and terms[-1].key in lexicon.articles
            and length == 1
            and _is_inflected(tokens[position], entry, lexicon)
        ):
            entry = None  # "my checking account": no verb
        claimed.update(apart)
        verb = opens_clause or (bool(terms) and terms[-1].key in lexicon.verbs_after)
        noun = bool(terms) and terms[-1].key in lexicon.articles and _is_noun(entry)
        term = _term(tokens[position : position + length], entry, lexicon, opens_clause and not noun, verb and not noun)
        terms.append(term)
        if term.kind == "mark":
            opens_clause = term.key in _CLAUSE_MARKS or opens_clause
        elif term.kind not in ("filler", "glue"):
            opens_clause = False
        position += length
    if lexicon.plurals:
        endings = tuple(lexicon.plurals)
        terms = [_universal(terms, i, endings) if "many:any" in term.ideas else term for i, term in enumerate(terms)]
    return Reading(text, lexicon, tuple(terms), _stripped(terms, text))


def _is_named(text: str, pair: tuple[Token, ...], lexicon: Lexicon) -> bool:
    """Whether a word with a capital stands before one without: "named Run for 5:50" has no "run for" in it."""
    first, second = (text[token.start] for token in pair)
    return not lexicon.capital_nouns and pair[0].key not in lexicon.capitals and first.isupper() and second.islower()


def _is_inflected(token: Token, entry: Entry | None, lexicon: Lexicon) -> bool:
    """Whether only the word without its ending is known, and as an effect alone."""
    known = entry is not None and entry.is_act and not _is_noun(entry) and not entry.kinds
    return known and (token.key,) not in lexicon.entries


def _is_noun(entry: Entry | None) -> bool:
    """Whether it can be a thing: after an article it then is ("the note"), and no verb."""
    return entry is not None and any(idea.startswith("thing:") for idea in entry.ideas)


def _universal(terms: list[Term], place: int, endings: tuple[str, ...]) -> Term:
    """Before a word in the plural "any" says all: "any notes"; before one in the singular it picks one."""
    term = terms[place]
    said_of = next((other for other in terms[place + 1 :] if other.kind in ("idea", "word") and not other.act), None)
    plural = said_of is not None and said_of.key.endswith(endings)
    return replace(term, ideas=term.ideas | {"many:all"}) if plural else term


def with_name(reading: Reading, name: str) -> Reading:
    """The reading with the app's name, where it stands in the text, as one term that needs no explaining."""
    wanted = levelled(name).strip()
    level = levelled(reading.text)
    start = level.find(wanted) if wanted else -1
    if start < 0 or _is_common(name, reading.lexicon):
        return reading
    edge = (level[start - 1 : start], level[start + len(wanted) : start + len(wanted) + 1])
    if not unspaced(wanted) and any(character.isalnum() and not unspaced(character) for character in edge):
        return reading
    end = start + len(wanted)
    before = [term for term in reading.terms if term.end <= start]
    inside = [term for term in reading.terms if term.start < end and term.end > start]
    after = [term for term in reading.terms if term.start >= end]
    if any(term.start < start or term.end > end for term in inside):  # "打开听" + "吧": cut the name out and read anew
        before = list(read(reading.text[:start], reading.lexicon).terms)
        after = [_moved(term, end) for term in read(reading.text[end:], reading.lexicon).terms]
    app = Term(wanted, start, end, frozenset((f"app:{wanted}",)), True, False, NOTHING, "app")
    return Reading(reading.text, reading.lexicon, (*before, app, *after), reading.stripped)


def _is_common(name: str, lexicon: Lexicon) -> bool:
    """Whether an app is named by one common word ("Phone"): that word still means what it means."""
    terms = read(name, lexicon).terms
    return len(terms) == 1 and bool(terms[0].entry.ideas or terms[0].entry.kinds)


def _moved(term: Term, by: int) -> Term:
    return replace(term, start=term.start + by, end=term.end + by)


def _longest(tokens: tuple[Token, ...], position: int, lexicon: Lexicon) -> tuple[int, Entry | None, tuple[int, ...]]:
    """Tokens taken, what they mean, and the places of the second half of a separated phrase."""
    first = tokens[position].key
    longest = lexicon.longest.get(first, 1)
    stem = lexicon.stem(first) if longest == 1 and (first,) not in lexicon.entries else first
    for length in range(min(max(longest, lexicon.longest.get(stem, 1)), len(tokens) - position), 0, -1):
        rest = tuple(token.key for token in tokens[position + 1 : position + length])
        for head in (first,) if stem == first else (first, stem):  # "looked up" is "look up"
            for tail, entry in lexicon.apart.get((head, *rest), ()):
                places = _tail_at(tokens, position + length, tail, lexicon)
                if places is not None:
                    return length, entry, places
        if (found := lexicon.find((first, *rest))) is not None:
            return length, found, ()
        if rest and stem != first and (found := lexicon.find((stem, *rest))) is not None:
            return length, found, ()
    return 1, None, ()


def _tail_at(tokens: tuple[Token, ...], after: int, tail: tuple[str, ...], lexicon: Lexicon) -> tuple[int, ...] | None:
    """The places of the second half that it takes; None if it does not stand there."""
    for start in range(after + 1, min(after + GAP_MAX + 1, len(tokens) - len(tail) + 1)):
        if tokens[start - 1].key in _BREAKS:
            return None
        end = start + len(tail)
        if tuple(token.key for token in tokens[start:end]) == tail:
            closes = end == len(tokens) or tokens[end].kind == "mark" or tokens[end].key in lexicon.says
            return tuple(place for place in range(start, end) if closes or not _is_link(tokens[place].key, lexicon))
    return None


def _is_link(key: str, lexicon: Lexicon) -> bool:
    """A relation stays a word of its own: the "to" of "change * to" still says where its value stands. The "mit" of
    "teile ihm mit, dass" is none: nothing follows that it could relate to."""
    entry = lexicon.entries.get((key,))
    return entry is not None and "link" in entry.kinds


def _term(tokens: tuple[Token, ...], entry: Entry | None, lexicon: Lexicon, opens: bool, verb: bool) -> Term:
    key = " ".join(token.key for token in tokens)
    start, end = tokens[0].start, tokens[-1].end
    if tokens[0].kind == "mark":
        return Term(key, start, end, frozenset(), True, False, NOTHING, "mark")
    if tokens[0].kind == "number":
        return Term(key, start, end, frozenset((f"number:{key}",)), False, False, NOTHING, "number")
    if entry is None:
        return Term(key, start, end, frozenset((f"w:{lexicon.stem(key)}",)), False, False, NOTHING, "word")
    ideas, kinds = entry.ideas, entry.kinds
    if "not" in kinds:
        ideas = frozenset(("not:except",)) if "not:except" in ideas else frozenset(("not",))
        return Term(key, start, end, ideas, False, False, entry, "not")
    if "many" in kinds:
        return Term(key, start, end, ideas | {f"many:{key}"}, False, False, entry, "many")
    if any(idea.startswith("number:") for idea in ideas):
        return Term(key, start, end, ideas, "glue" in kinds, False, entry, "number")
    kind = next((kind for kind in ("filler", "link", "weak", "glue") if kind in kinds), "idea")
    noun = any(idea.startswith("thing:") for idea in ideas)
    act = entry.is_act and (opens or (kind == "idea" and (verb or not noun)))
    free = kind != "idea" and not act
    if not ideas:
        ideas = frozenset((f"{kind}:{key}",))
    return Term(key, start, end, ideas, free, act, entry, "idea" if not free else kind)


def _stripped(terms: list[Term], text: str) -> tuple[int, int]:
    """Where the task stands without politeness before an act and after the last word, and without closing marks."""
    first, last = 0, len(terms)
    while first < len(terms) and terms[first].kind in ("filler", "mark") and _leads_to_act(terms, first + 1):
        first += 1
    while last > first + 1 and _closes(terms[last - 1]):
        last -= 1
    if first >= last:
        return 0, len(text)
    start = terms[first].start if first else len(text) - len(text.lstrip())
    return start, len(text[: terms[last].start if last < len(terms) else len(text)].rstrip())


def _closes(term: Term) -> bool:
    """Whether a last term says nothing: a closing mark or politeness; a single sign may be the end of a value."""
    if term.kind == "mark":
        return term.key in ".!?。！？,，;；"
    polite = term.kind == "filler" and not term.entry.ideas
    return polite and not (unspaced(term.key) and len(term.key) == 1)


def _leads_to_act(terms: list[Term], place: int) -> bool:
    for term in terms[place : place + 3]:
        if term.act or term.kind in ("idea", "filler"):
            return term.act or "filler" in term.entry.kinds
        if term.kind not in ("glue", "mark"):
            return False
    return False
