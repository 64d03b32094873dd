"""Who is told what: a name and a free text side by side, in whatever words.

"tell Bob dinner is ready", "let Carol know I'm home", "给小红发消息说我晚点到": nothing of the task's words need stand
between the two values, and the text's own words ("I", "is", "can") need no explaining. What is needed is that the name
has a clear end: somebody known, a run of capitals, one word with a sentence after it, or a word that closes it off
("know", "that", "saying", a colon). The text is then all the rest, whole. Where the end of the name is open, or the
rest may say when, why or to do what ("to call me", "later"), the readings are given as open, never one of them chosen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from memory.experience.compiled import Compiled
from memory.experience.compose import tasks_in
from memory.experience.names import (
    COMMAS,
    MESSAGE,
    NAME_TERMS_MAX,
    SIGNS_MAX,
    Head,
    Knows,
    bare,
    has_capital,
    is_handed,
    known_end,
)
from memory.text.reading import Reading, Term
from memory.text.tokens import OPENING, tokenize, unspaced
from memory.text.values import find_values

LOOSE_TERMS_MAX: Final = 3  # words of a name that only what follows it closes off
OPEN_MAX: Final = 3  # readings shown where the end of the name is open
_COLONS: Final = (":", "：")


@dataclass(frozen=True, slots=True)
class Told:
    """One reading: where the name and the text stand (`closed`: in quotes). `doubt` says why it may not be meant."""

    name: tuple[int, int]
    text: tuple[int, int]
    reason: str
    doubt: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """The words tell somebody something, but not one person one thing."""

    words: tuple[str, ...]
    reason: str


def told(goal: Reading, phrasing: Compiled, ideas: frozenset[str], knows: Knows) -> tuple[Told, ...] | Refused:
    """How the words can be read as telling somebody something; empty if they are no such sentence.

    Args:
        ideas: what the task's words mean, in all its phrasings.
        knows: whether a text is somebody known.
    """
    place = Head(goal, phrasing, ideas, knows).name_at()
    if place is None:
        return ()
    says = _Telling(goal, phrasing, ideas, knows, place)
    if (refused := says.refused()) is not None:
        return refused
    if (turned := says.to_known()) is not None:
        return (turned,)
    found = [reading for end in says.ends() for reading in says.readings(end)]
    return tuple(dict.fromkeys(found))[:OPEN_MAX]


@dataclass(frozen=True, slots=True)
class _End:
    """Where a name may end: the index of the first term after it, and how sure that is ("" is sure)."""

    at: int
    reason: str
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class _Telling:
    """The words from the name's first term on."""

    goal: Reading
    phrasing: Compiled
    ideas: frozenset[str]
    knows: Knows
    place: int

    def refused(self) -> Refused | None:
        """Two who are told, or somebody of somebody's: no value for one name."""
        known, run = known_end(self.goal, self.place, self.knows), self._run_end()
        ends = {known or self.place + 1, run or known or self.place + 1}
        return next((found for end in sorted(ends) if (found := self._refused_after(end)) is not None), None)

    def to_known(self) -> Told | None:
        """The text first, and at the very end somebody known: "write happy birthday to Carol". Always open: "send
        flowers to Carol" is no text."""
        terms, text = self.goal.terms, self.goal.text
        if unspaced(text) or known_end(self.goal, self.place, self.knows) is not None:
            return None
        at = next((n for n in range(len(terms) - 1, self.place, -1) if bare(terms[n]) in self._toward), None)
        name = [term for term in terms[at + 1 :] if term.kind != "mark"] if at is not None else []
        if at is None or not name or not self.knows(text[name[0].start : name[-1].end]):
            return None
        said = (terms[self.place].start, terms[at - 1].end)
        doubt = f"it is open whether {text[slice(*said)]!r} is what is told"
        return Told((name[0].start, name[-1].end), said, "the words lead to somebody known", doubt)

    @property
    def _toward(self) -> frozenset[str]:
        return self.phrasing.lexicon.toward

    def _refused_after(self, end: int) -> Refused | None:
        after = self.goal.terms[end : end + 2]
        if not after:
            return None
        said = self._said(after[0])
        joined = end > 0 and after[0].start == self.goal.terms[end - 1].end
        if after[0].key in ("'s", "’s") or (after[0].key in ("'", "’") and joined):  # "James' sister"
            return Refused((said,), f"{self._name(end) + said!r} is not the name of somebody")
        if bare(after[0]) in self.phrasing.lexicon.both or (
            after[0].key in COMMAS and len(after) > 1 and has_capital(self.goal, after[1]) and not self._opens(end + 1)
            and bare(after[1]) not in self.phrasing.lexicon.capitals
        ):  # fmt: skip
            return Refused((said,), f"{self._name(end)!r} and somebody else: one at a time is known")
        return None

    def ends(self) -> Iterator[_End]:
        """Where the name may end: one sure place, or several open ones."""
        known, run = known_end(self.goal, self.place, self.knows), self._run_end()
        closed = self._closed_end()
        if self._is_title(known) and not self._begins(known or 0) and closed is None and run is None:
            yield from self._after_one()
        elif known is not None and (run is None or known >= run or closed == known or self._begins(known)):
            yield _End(known, f"{self._name(known)!r} is known")
        elif closed is not None:
            yield closed if isinstance(closed, _End) else _End(closed, f"{self._name(closed)!r} is closed off")
        elif unspaced(self.goal.text):
            yield from self._sign_ends()
        elif run is not None:
            yield from self._after_run(run)
        else:
            yield from self._after_one()

    def readings(self, end: _End) -> Iterator[Told]:
        """The text after a name that ends there."""
        at, plain = self._to_text(end.at)
        start = self.goal.terms[at].start if at < len(self.goal.terms) else len(self.goal.text)
        gaps = [stop for _, stop in self._gaps() if stop <= start]
        name_end = self.goal.terms[end.at - 1].end
        stop = len(self.goal.text.rstrip())
        start = max([start, *(g for g in gaps if g > name_end)])
        if not self.goal.text[start:stop].strip(" .!?。！？,，:：") or self._other_channel(at):
            return
        doubt = end.doubt or ("" if plain else self._doubt(at))
        text = self._unquoted(start, stop)
        yield Told((self.goal.terms[self.place].start, name_end), text, end.reason, doubt, text != (start, stop))

    # -- the end of the name ---------------------------------------------------------------------------------------

    def _run_end(self) -> int | None:
        """The end of a run of words with capitals; None where capitals tell nothing."""
        terms, at = self.goal.terms, self.place
        found = find_values(self.goal.text, self.goal.lexicon)
        dialled = next((v.end for v in found if v.kind == "phone" and v.start == terms[at].start), None)
        if dialled is not None:
            return next((n for n in range(at, len(terms)) if terms[n].start >= dialled), len(terms))
        if unspaced(self.goal.text) or not has_capital(self.goal, terms[at]):
            return None
        while at < len(terms):
            term = terms[at]
            stop = at > self.place and term.key == "." and term.start - terms[at - 1].start <= 3
            hyphen = at > self.place and term.key == "-" and terms[at - 1].end == term.start
            pronoun = bare(term) in self.phrasing.lexicon.capitals
            if not (stop or hyphen) and (term.kind == "mark" or pronoun or not has_capital(self.goal, term)):
                break
            at += 1
            if self.phrasing.lexicon.capital_nouns and term.kind != "mark":
                break  # every noun has one there: only the first word is the name for sure
        return at

    def _closed_end(self) -> int | _End | None:
        """Where a word closes the name off: the second half of the verb, "that", a colon, the verb after the name."""
        terms, names = self.goal.terms, self.place
        limit = SIGNS_MAX if unspaced(self.goal.text) else LOOSE_TERMS_MAX
        run = self._run_end()
        gaps = [start for start, _ in self._gaps() if start >= terms[names].end]
        for at in range(names + 1, min(names + limit + 1, len(terms))):
            inside = terms[names:at]
            if any(
                bare(t) in self.phrasing.lexicon.both or t.key in COMMAS or t.kind in ("not", "many") for t in inside
            ):
                return None
            gap = any(start <= terms[at].start and start >= terms[at - 1].end for start in gaps)
            if not gap and not self._opens(at) and not self._opens_after_noun(at) and not self._verb_at(at):
                continue
            if len(inside) == 1 or at == run or unspaced(self.goal.text):
                return at
            strange = all(t.kind == "word" or self.goal.lexicon.find((t.key,)) is None for t in inside)
            if gap or strange:
                return None if run is not None and run < at and not gap else at
            return _End(at, "it is closed off", f"it is open whether {self._name(at)!r} is a name")
        return None

    def _verb_at(self, at: int) -> bool:
        """Scripts without spaces: "给小红发…" closes the name with the verb."""
        term = self.goal.terms[at]
        return unspaced(self.goal.text) and self._pointed() and bool(term.ideas & self.ideas) and term.entry.is_act

    def _pointed(self) -> bool:
        return not any(term.act and term.ideas & self.ideas for term in self.goal.terms[: self.place])

    def _sign_ends(self) -> Iterator[_End]:
        """Without spaces or anything that closes it off: before a pronoun, else it is open."""
        terms = self.goal.terms
        last = min(self.place + SIGNS_MAX, len(terms) - 1)
        for at in range(self.place + 1, last):
            if bare(terms[at]) in self.phrasing.lexicon.subjects:
                name = self._name(at)
                doubt = "" if 2 <= len(name) <= 4 else self._open()
                yield _End(at, f"a sentence begins after {name!r}", doubt)
                return
        times = [(value.start, value.end) for value in find_values(self.goal.text, self.goal.lexicon)]
        for at in range(self.place + 1, last):
            inside = any(start < terms[at].start < end for start, end in times)  # 明|天 is one word
            if 2 <= len(self._name(at)) <= 3 and not inside:
                yield _End(at, "", self._open())

    def _after_run(self, run: int) -> Iterator[_End]:
        names = [at for at in range(self.place + 1, run + 1) if self.goal.terms[at - 1].kind != "mark"]
        reason = f"{self._name(run)!r} is written as a name"
        if run >= len(self.goal.terms):
            sure = False
        elif self._begins(run):
            sure = True
        elif len(names) == 1:
            articled = self.place > 0 and bare(self.goal.terms[self.place - 1]) in self.phrasing.lexicon.whose
            sure = not articled  # "the Smith family dinner": whose?
            sure &= not (self.phrasing.lexicon.capital_nouns and has_capital(self.goal, self.goal.terms[run]))
            names += [run + 1] if not sure else []
        else:
            alone = known_end(self.goal, self.place, self.knows)  # Bob is known: "Bob Smith" may be two
            sure = (
                (alone is None or self._is_title(alone))
                and self._is_plain_word(run)
                and not self._dated(self.place + 1, run)
            )
        if sure:
            yield _End(run, reason)
            return
        for at in names:
            if at < len(self.goal.terms):
                yield _End(at, "", self._open())

    def _after_one(self) -> Iterator[_End]:
        """A name in small letters: one word, with a sentence after it; more are open."""
        one = self.place + 1
        if one >= len(self.goal.terms):
            return
        if self._begins(one) and self._one_word_names():
            yield _End(one, f"a sentence begins after {self._name(one)!r}")
            return
        for at in (one, one + 1):
            if at < len(self.goal.terms) and self.goal.terms[at - 1].kind not in ("mark", "glue", "link"):
                yield _End(at, "", self._open())

    def _is_title(self, end: int | None) -> bool:
        """Whether what is known is "uncle": the name may go on."""
        return end == self.place + 1 and bare(self.goal.terms[self.place]) in self.phrasing.lexicon.titles

    def _one_word_names(self) -> bool:
        slot = self.phrasing.phrasing.slots[self.phrasing.pair[0]] if self.phrasing.pair else None
        return slot is not None and " " not in self.phrasing.phrasing.words[slot.start : slot.end]

    def _begins(self, at: int) -> bool:
        """Whether a sentence of its own begins there: "I", "the", "can you"."""
        terms, lexicon = self.goal.terms, self.phrasing.lexicon
        if at >= len(terms):
            return False
        if bare(terms[at]) in lexicon.subjects or self._opens(at):
            return True
        return at + 1 < len(terms) and terms[at].kind == "glue" and bare(terms[at + 1]) in lexicon.subjects

    def _is_plain_word(self, at: int) -> bool:
        term = self.goal.terms[at]
        return term.kind in ("word", "idea") and not has_capital(self.goal, term)

    def _dated(self, start: int, end: int) -> bool:
        """Whether any of these words is one of tasks or times: "Emma Monday ..." may be Emma."""
        terms = self.goal.terms[start:end]
        dates = find_values(self.goal.text, self.goal.lexicon)
        return any(t.entry.ideas or any(v.start < t.end and t.start < v.end for v in dates) for t in terms)

    # -- between the name and the text, and the text -------------------------------------------------------------------

    def _opens(self, at: int) -> bool:
        """Whether a text begins after this term for sure: a colon, "that" - but not "that's"."""
        terms = self.goal.terms
        if at >= len(terms):
            return False
        if terms[at].key in _COLONS:
            return True
        after = terms[at + 1] if at + 1 < len(terms) else None
        return bare(terms[at]) in self.phrasing.lexicon.says and not (after is not None and after.key in ("'s", "’s"))

    def _opens_after_noun(self, at: int) -> bool:
        return (end := self._noun_end(at)) is not None and (
            self._opens(end) or self._handed() or (end < len(self.goal.terms) and self.goal.terms[end].key in COMMAS)
        )

    def _noun_end(self, at: int) -> int | None:
        """The index after "a message", "the text": the channel's noun with its article; None if there is none."""
        terms, lexicon = self.goal.terms, self.phrasing.lexicon
        end = at
        while end < len(terms) and bare(terms[end]) in lexicon.whose:
            end += 1
        if end >= len(terms) or not terms[end].ideas & lexicon.channels & (self.ideas | {MESSAGE}):
            return None
        return end + 1 if not has_capital(self.goal, terms[end]) or lexicon.capital_nouns else None

    def _handed(self, at: int = 0) -> bool:
        """Whether the verb hands over a message, so that the noun is not part of the text: "send Bob the message …"."""
        return any(bare(term) in self.phrasing.lexicon.hands for term in self.goal.terms[: at or self.place])

    def _to_text(self, at: int) -> tuple[int, bool]:
        """The index where the text begins, and whether a word says so."""
        terms, plain = self.goal.terms, False
        if unspaced(self.goal.text):
            at = self._past_verb(at)
        elif self._opens_after_noun(at):
            at = self._noun_end(at) or at
        if at + 1 < len(terms) and terms[at].key in COMMAS:
            at += 1
        while at < len(terms) and self._opens(at):
            at, plain = at + 1, True
            if at < len(terms) and terms[at].key in (*_COLONS, *COMMAS):
                at += 1
        return at, plain

    def _past_verb(self, at: int) -> int:
        """Scripts without spaces: over "发一条短信" after the name."""
        terms, lexicon = self.goal.terms, self.phrasing.lexicon
        if not self._pointed():
            return at
        while at < len(terms) and not self._opens(at):
            term = terms[at]
            ours = term.ideas & self.ideas or term.ideas & lexicon.channels & {MESSAGE}
            if not ours and bare(term) not in lexicon.whose:
                break
            at += 1
        return at

    def _doubt(self, at: int) -> str:
        """Why what stands there may be no text: it may say when, why or what to do, or be another task."""
        terms, lexicon = self.goal.terms, self.phrasing.lexicon
        if at >= len(terms):
            return ""
        term, rest = terms[at], self.goal.text[terms[at].start :].rstrip()
        value = next((v for v in find_values(self.goal.text, self.goal.lexicon) if v.start == term.start), None)
        first = bare(term) if unspaced(term.key) else term.key.split()[0]
        turning = {first, bare(term)} & lexicon.clings or term.kind in ("link", "not")
        if first in lexicon.wonders:
            turning = not rest.endswith(("?", "？"))
        timed = value is not None and value.kind in ("time", "date", "duration")
        if value is not None and timed and self.goal.text[value.end :].strip(" .!。！~") in lexicon.partings:
            return ""  # "see you tomorrow", the time said first
        if turning or timed:
            said = self._said(term) if value is None else self.goal.text[value.start : value.end]
            return f"{said!r} may say when or what for, or begin the text"
        thing = [t for t in terms[at:] if t.kind != "mark"]
        article = lexicon.ones | lexicon.articles
        if (
            self._hands_over(at)
            or is_handed(thing, lexicon)
            or (len(thing) == 2 and bare(thing[0]) in article and not thing[1].act)
        ):
            return f"{rest!r} may be something to hand over"
        if next(tasks_in(rest, self.goal.lexicon), None) is not None:
            return f"{rest!r} may hold another task"
        if any(t.kind == "app" or bare(t) in self.phrasing.own for t in terms[at:]):
            return f"{rest!r} names the app"
        by = [t for t, after in zip(terms[at:], terms[at + 1 :], strict=False) if self._is_way(t, after)]
        return f"{self.goal.text[by[0].start :]!r} may say how it is told" if by else ""

    def _hands_over(self, at: int) -> bool:
        """Whether the verb may hand over a thing - "send Bob the photo" - and nothing says that it is a text."""
        before = self.goal.terms[: self.place]
        named = any(t.ideas & self.phrasing.lexicon.channels for t in (*before, *self.goal.terms[self.place : at]))
        return self._handed(at) and not named and not self._gaps()

    def _other_channel(self, at: int) -> bool:
        """Whether an email or a photo is to be handed over, where messages are told."""
        if not self._hands_over(at):
            return False
        following = (t for t in self.goal.terms[at : at + 3] if bare(t) not in self.phrasing.lexicon.whose)
        first = next(following, None)
        return first is not None and bool(first.ideas & self.phrasing.lexicon.channels)

    def _is_way(self, term: Term, after: Term) -> bool:
        return after is self.goal.terms[-1] and term.key in self.goal.lexicon.tools and bool(
            after.ideas & self.goal.lexicon.channels
        )  # fmt: skip

    def _gaps(self) -> list[tuple[int, int]]:
        """Places of words that stand in no term: the second halves of separated verbs ("let … know")."""
        covered = [(term.start, term.end) for term in self.goal.terms]
        free = [t for t in tokenize(self.goal.text) if not any(a <= t.start and t.end <= b for a, b in covered)]
        apart = [term for term in self.goal.terms[: self.place] if term.act and term.ideas & self.ideas]
        within = self.goal.terms[self.place : self.place + NAME_TERMS_MAX + 1]
        if not apart or not within:
            return []
        reach = [t for t in free if t.start <= within[-1].end + 20]
        return [(t.start, t.end) for t in reach]

    def _unquoted(self, start: int, stop: int) -> tuple[int, int]:
        text = self.goal.text
        closes = OPENING.get(text[start], "")
        if (
            closes
            and text[stop - 1] in closes
            and stop - start > 2
            and text[stop - 1] not in text[start + 1 : stop - 1]
        ):
            return start + 1, stop - 1
        return start, stop

    def _name(self, end: int) -> str:
        return self.goal.text[self.goal.terms[self.place].start : self.goal.terms[end - 1].end]

    def _open(self) -> str:
        slots, (who, what) = self.phrasing.phrasing.slots, self.phrasing.pair or (0, 1)
        rest = self.goal.text[self.goal.terms[self.place].start :].strip()
        return f"it is open where {slots[who].name} ends and {slots[what].name} begins in {rest!r}"

    def _said(self, term: Term) -> str:
        return self.goal.text[term.start : term.end]
