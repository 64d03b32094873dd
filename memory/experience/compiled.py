"""A phrasing made ready for matching: its fixed words, what must be covered, what stands beside each slot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

from memory.experience.induce import hosts, quoted
from memory.experience.literal import segments
from memory.experience.template import Phrasing, Slot
from memory.text.lexicon import Lexicon
from memory.text.reading import Reading, Term, read, with_name
from memory.text.tokens import levelled, unspaced
from memory.text.values import Found, ValueKind, find_values

NO_WORDS: Final = frozenset(("thing:photo", "thing:video", "thing:file", "thing:call", "thing:contact"))  # not told
NAME_SIGNS_MAX: Final = 4  # signs of a name in a script without spaces

Host = tuple[ValueKind, str, int, int, int]  # kind, unit, which number, start, end


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands next to a value: the nearest terms that are no articles (`left`, `right`), those of them that carry
    an idea (`left_idea`, `right_idea`), and whether it is quoted."""

    left: Term | None
    right: Term | None
    left_idea: Term | None
    right_idea: Term | None
    quoted: bool


@dataclass(frozen=True)
class Compiled:
    """Derived from a phrasing and a lexicon; computed on first use."""

    phrasing: Phrasing
    lexicon: Lexicon

    @cached_property
    def reading(self) -> Reading:
        return with_name(read(self.phrasing.words, self.lexicon), self.phrasing.app)

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        return tuple((slot.start, slot.end) for slot in self.phrasing.slots)

    @cached_property
    def opaque(self) -> tuple[bool, ...]:
        return tuple(slot.opaque for slot in self.phrasing.slots)

    @cached_property
    def typed(self) -> tuple[bool, ...]:
        """Whether the slot's value was typed: nothing on a screen says what it may be."""
        texts = {levelled(text) for text, role, _ in self.phrasing.shown if role == "typed"}
        return tuple(levelled(self.phrasing.words[start:end]) in texts for start, end in self.spans)

    @cached_property
    def whole(self) -> tuple[str, ...]:
        return segments(self.reading, self.spans, stripped=False)

    @cached_property
    def core(self) -> tuple[str, ...]:
        return segments(self.reading, self.spans, stripped=True)

    @cached_property
    def hosts(self) -> dict[int, Host]:
        return hosts(self.phrasing.words, self.phrasing.slots, self.lexicon)

    @cached_property
    def pair(self) -> tuple[int, int] | None:
        """The slots of who is told and of what is told, if the task is to tell somebody something; else None."""
        slots = self.phrasing.slots
        if len(slots) != 2 or not any("act:send" in term.ideas for term in self.required):
            return None
        things = {idea for term in self.required for idea in term.ideas if idea.startswith("thing:")}
        if not things <= self.lexicon.channels or things & NO_WORDS:
            return None
        for who, what in ((0, 1), (1, 0)):
            if self._is_said(slots[what]) and self._is_somebody(slots[who]) and (what == 1 or slots[what].opaque):
                return who, what
        return None

    def around(self, slot: Slot) -> Found | None:
        """The typed value that the slot's is only a part of: "6:30 Uhr" around "6:30"; None if there is none."""
        found = (
            v for v in find_values(self.phrasing.words, self.lexicon) if v.start <= slot.start and slot.end <= v.end
        )
        return next((v for v in found if (v.start, v.end) != (slot.start, slot.end)), None)

    def _is_somebody(self, slot: Slot) -> bool:
        value = self.phrasing.words[slot.start : slot.end]
        short = len(value) <= NAME_SIGNS_MAX if unspaced(value) else self._is_named(value)
        return not slot.opaque and slot.kind in ("contact", "text") and short

    def _is_named(self, value: str) -> bool:
        first, *more = value.split() or [""]
        return not more or value.istitle() or first.lower() in self.lexicon.titles  # "uncle joe"

    def _is_said(self, slot: Slot) -> bool:
        return slot.opaque or slot.kind == "text"

    @cached_property
    def fixed(self) -> tuple[Term, ...]:
        """Terms outside the slots and outside the typed values that host slots."""
        closed = [*self.spans, *((host[3], host[4]) for host in self.hosts.values())]
        around = [found for slot in self.phrasing.slots if (found := self.around(slot)) and found.kind == slot.kind]
        closed += [(found.start, found.end) for found in around]
        return tuple(
            term for term in self.reading.terms if all(term.end <= start or term.start >= end for start, end in closed)
        )

    @cached_property
    def name_terms(self) -> frozenset[Term]:
        """Fixed terms that are part of the app's name: they may be missing, and explain its words."""
        spans = _before_app(self.reading, self.fixed)
        named = (t for t in self.fixed if any(a <= t.start and t.end <= b for a, b in spans))
        return frozenset((*named, *(t for t in self.fixed if t.kind == "app")))

    @cached_property
    def own(self) -> frozenset[str]:
        """The words of the app's own name, whether or not the phrasing says it."""
        words = (term.key for term in (*self.name_terms, *read(self.phrasing.app, self.lexicon).terms))
        return frozenset(words) | {levelled(self.phrasing.app)}

    @cached_property
    def keys(self) -> frozenset[str]:
        """The fixed words as they are compared."""
        return frozenset(term.key for term in self.fixed)

    @cached_property
    def shown_words(self) -> frozenset[str]:
        """Words of the texts its run showed that are no values: the app's name may be among them."""
        values = {levelled(self.phrasing.words[start:end]) for start, end in self.spans}
        texts = [text for text, _, _ in self.phrasing.shown if levelled(text) not in values]
        return frozenset(term.key for text in texts for term in read(text, self.lexicon).terms if term.kind != "mark")

    @cached_property
    def required(self) -> tuple[Term, ...]:
        opening = {a for a, b in pairwise(self.fixed) if "act:open" in a.ideas and b in self.name_terms}
        spared = opening | {term for place, term in enumerate(self.fixed) if self._is_light(place)}
        return tuple(t for t in self.fixed if not t.free and t not in self.name_terms and t not in spared)

    @cached_property
    def held(self) -> tuple[Term, ...]:
        """Small words that a phrasing without an effect is known by: its verbs and what announces; where it has no
        word that has to be said, its relations too."""
        kinds = ("weak",) if self.required else ("weak", "link")
        finite = self.lexicon.finite
        return tuple(
            t for t in self.fixed if t not in self.name_terms and (t.kind in kinds or t.key.split()[0] in finite)
        )

    @cached_property
    def only_asks(self) -> bool:
        """Whether nothing has to be said but that something is asked: then small words say what ("this phone")."""
        return bool(self.required) and all(term.ideas & self.lexicon.asks for term in self.required)

    def _is_light(self, place: int) -> bool:
        """Whether a verb has no effect of its own, because its object names one: "start a video call"."""
        if self.fixed[place].key not in self.lexicon.light:
            return False
        following = next((t for t in self.fixed[place + 1 :] if t.kind != "glue" or t.key in self.lexicon.joins), None)
        return following is not None and following.act

    @cached_property
    def ideas(self) -> frozenset[str]:
        return frozenset(idea for term in self.fixed if not term.free or term.kind == "weak" for idea in term.ideas)

    @cached_property
    def beside(self) -> tuple[Beside, ...]:
        made = []
        for start, end in self.spans:
            before = max((b for _, b in self.spans if b <= start), default=0)
            after = min((a for a, _ in self.spans if a >= end), default=len(self.phrasing.words))
            around = [t for t in self.fixed if before <= t.start and t.end <= after]
            made.append(beside_of(around, start, end, quoted(self.phrasing.words, start, end)))
        return tuple(made)

    @cached_property
    def index_terms(self) -> list[frozenset[str]]:
        """What the phrasing is found by: its required words, else all its fixed words; and its app's name."""
        named = [term.ideas for term in read(self.phrasing.app, self.lexicon).terms if term.kind != "mark"]
        words = [t.ideas for t in self.required] or [t.ideas for t in self.fixed if t.ideas and t.kind != "app"]
        return [*words, *(named if self.phrasing.app in self.phrasing.words else ())]

    @cached_property
    def weight(self) -> int:
        """Fixed characters: of two phrasings that explain the same words the one that says more is meant."""
        return sum(len(part.replace(" ", "")) for part in self.core)


def beside_of(around: Sequence[Term], start: int, end: int, quoted: bool) -> Beside:
    """What of these terms stands next to `[start, end)`."""
    left = [t for t in around if t.end <= start and t.kind not in ("mark", "glue", "filler")]
    right = [t for t in around if t.start >= end and t.kind not in ("mark", "glue", "filler")]
    return Beside(
        left[-1] if left else None,
        right[0] if right else None,
        next((t for t in reversed(left) if t.kind != "link"), None),
        next((t for t in right if t.kind != "link"), None),
        quoted,
    )


def _before_app(reading: Reading, fixed: tuple[Term, ...]) -> list[tuple[int, int]]:
    """Capitalised runs that stand right before a word for "app"."""
    found = []
    for place, term in enumerate(fixed):
        if tuple(term.key.split()) not in reading.lexicon.app_words:
            continue
        start = place
        while start > 0 and reading.text[fixed[start - 1].start].isupper() and not fixed[start - 1].act:
            start -= 1
        if start == place and place > 1 and fixed[place - 2].kind == "app":  # "the Mapper maps app"
            start -= 1
        if start < place:
            found.append((fixed[start].start, fixed[place - 1].end))
    return found


def same(here: Term, there: Term) -> bool:
    """Whether two words are the same, or mean the same."""
    return here.key == there.key or (not here.free and bool(here.ideas & there.ideas))
