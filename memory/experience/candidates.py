"""Where in new words a slot's value may stand, and how well it suits: quotes, types, and the words beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Final

from memory.experience import signs
from memory.experience.compiled import NAME_SIGNS_MAX, Beside, Compiled, Host, beside_of, same
from memory.experience.compose import cuts
from memory.experience.fits import ACTS, REJECT, penalty
from memory.experience.framed import FRAMED, framed, names_kind
from memory.experience.names import bare
from memory.experience.template import Slot
from memory.experience.typed import is_past, is_pick, picks, same_half, typed_span
from memory.text.reading import Reading, Term
from memory.text.tokens import levelled, unspaced
from memory.text.values import find_values, kind_of

_QUOTED: Final = re.compile(
    r"\"([^\"]+)\"|“([^“”]+)”|„([^“”„]+)[“”]|«([^«»]+)»|「([^「」]+)」|‘([^‘]+?)’(?!\w)|(?<!\w)'(.+?)'(?!\w)"
)
COLON: Final = 4.0  # what follows a colon to the end is more surely a free text than any run of words
VALUE_MAX: Final = 24  # characters of a bare value in a script without spaces
RUNS_MAX: Final = 12  # bare runs of words looked at
_ADDRESSES: Final = frozenset(("url", "email"))  # told from words by their form: no bare value of another kind
_TYPED: Final = frozenset(("time", "date", "duration", "amount", "number", "phone", "email", "url", "file", "place"))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value at `[start, end)`; what it closes off (its quotes, the date around it) is `[outer_start, outer_end)`."""

    start: int
    end: int
    outer_start: int
    outer_end: int
    score: float
    part: bool = False  # a number inside a typed value: others may share its outer place
    framed: bool = False  # only the words around it say that it is a value

    def apart_from(self, other: Candidate) -> bool:
        if self.part and other.part and (self.outer_start, self.outer_end) == (other.outer_start, other.outer_end):
            return self.end <= other.start or other.end <= self.start
        return self.outer_end <= other.outer_start or other.outer_end <= self.outer_start


def spans_for(
    goal: Reading, phrasing: Compiled, number: int, ideas: frozenset[str], known: Set[str]
) -> list[Candidate]:
    """The places slot `number` of the phrasing may take, best first, at most RUNS_MAX."""
    slot, beside = phrasing.phrasing.slots[number], phrasing.beside[number]
    if (host := phrasing.hosts.get(number)) is not None:
        return _parts(goal, host, phrasing, beside)
    quotes = _quotes(goal.text)
    made = [_scored(goal, beside, span, 1.0 if beside.quoted else 0.0) for span in quotes]
    if slot.kind in _TYPED:
        made += [
            _scored(goal, beside, (*typed_span(goal, phrasing, slot, value), value.start, value.end), 1.0)
            for value in find_values(goal.text, goal.lexicon)
            if value.kind == slot.kind
            and not _inside(quotes, value.start, value.end)
            and same_half(phrasing, slot, goal.text[value.start : value.end])
            and (slot.kind != "date" or is_past(goal, value) == is_past(phrasing.reading, slot))
        ]
    if slot.opaque and not beside.quoted:
        made += [_scored(goal, beside, (a, b, a, b), bonus) for a, b, bonus in _tails(goal, quotes)]
    if slot.kind not in _TYPED or not made:
        listed = "comma" in slot.features
        bare = _between(goal, beside) if unspaced(goal.text) else _runs(goal, phrasing, ideas, quotes, listed)
        if not unspaced(goal.text) and any(other.kind == "date" for other in phrasing.phrasing.slots):
            bare += _runs(goal, phrasing, ideas, quotes, listed, dates=True)
        if unspaced(goal.text):
            bare += _pointed_at(goal, phrasing, beside, ideas)
            bare = [signs.trimmed(goal, a, b) for a, b in bare] + signs.stretches(goal, phrasing, number, ideas)
            bare = [(a, b) for a, b in bare if signs.is_value(goal, phrasing, slot, a, b)]
        bare = [_with_signs(goal, phrasing, slot, a, b) for a, b in bare]
        bare = [span for a, b in bare if (span := _uncut(goal, phrasing, slot, a, b)) is not None]
        made += [
            _scored(goal, beside, (a, b, a, b), -1.0 if beside.quoted and quotes else 0.0)
            for a, b in dict.fromkeys(bare)
            if not _inside(quotes, a, b) and _may_be(goal, slot, a, b, known)
        ]
        if picks(phrasing, slot):
            picked = [(t.start, t.end) for t in goal.terms if is_pick(t)]
            made += [_scored(goal, beside, (a, b, a, b), 0.0) for a, b in picked]
        if phrasing.typed[number] and not slot.opaque and slot.kind not in _TYPED and not unspaced(goal.text):
            had = {(candidate.start, candidate.end) for candidate in made}
            made += [
                replace(_scored(goal, beside, (a, b, a, b), FRAMED), framed=True)
                for a, b in framed(goal, phrasing, number)
                if (a, b) not in had
                and not _inside(quotes, a, b)
                and _may_be(goal, slot, a, b, known, typed=True, inner=beside.right is not None)
            ]
    if unspaced(goal.text):
        made = [candidate for candidate in made if not signs.is_doer(goal, beside.left, candidate.start)]
    asked = phrasing.reading.terms
    as_tool = _after_tool(asked, phrasing.phrasing.words, slot.start, slot.end, goal.lexicon.tools)
    made = [
        candidate
        for candidate in made
        if not _turned(goal, beside, candidate)
        and (
            as_tool
            or names_kind(goal, beside, candidate.outer_end)
            or not _after_tool(goal.terms, goal.text, candidate.start, candidate.end, goal.lexicon.tools)
        )
    ]
    return sorted(made, key=lambda candidate: -candidate.score)[:RUNS_MAX]


def _uncut(goal: Reading, phrasing: Compiled, slot: Slot, start: int, end: int) -> tuple[int, int] | None:
    """The run as a whole value: no number of things at its beginning, and after a colon all that follows.

    None where it cannot be one: "two lasagnas" is more than a dish.
    """
    if slot.kind not in ("text", "contact"):
        return start, end
    inside = [term for term in goal.within(start, end) if term.kind != "mark"]
    if unspaced(goal.text):
        return None if _counts(inside, goal, phrasing, slot) else (start, end)
    counted = inside[0].kind == "number" and len(inside) > 1 and inside[0].key.isalpha() if inside else False
    if counted and goal.text[start].islower():
        return (inside[1].start, end) if inside[0].key in goal.lexicon.ones else None
    rest = goal.text[end : goal.stripped[1]].strip()
    if len(phrasing.spans) > 1 or not rest or rest[0] in ",.;!?" or goal.text[:start].rstrip()[-1:] != ":":
        return start, end
    return None if next(cuts(goal.text[start:], goal.lexicon), None) else (start, goal.stripped[1])


def _counts(inside: Sequence[Term], goal: Reading, phrasing: Compiled, slot: Slot) -> bool:
    """Scripts without spaces: whether the run says how many ("两份宫保鸡丁"), where the value learnt did not."""
    if len(inside) < 3 or inside[0].kind != "number" or inside[1].kind != "glue":
        return False
    first = phrasing.reading.within(slot.start, slot.end)[:1]
    return bare(inside[0]) not in goal.lexicon.ones and not (first and first[0].kind == "number")


def _with_signs(goal: Reading, phrasing: Compiled, slot: Slot, start: int, end: int) -> tuple[int, int]:
    """The run with the sign of an account ("@nasa"), and with the "'s" of a shop where the slot's value had one."""
    tail = phrasing.phrasing.words[slot.start : slot.end][-2:]
    if start and goal.text[start - 1] in "@#" and not goal.text[max(0, start - 2)].isalnum():
        start -= 1  # the sign of an account or a topic
    return (start, end + 2) if tail in ("'s", "’s") and goal.text[end : end + 2] in ("'s", "’s") else (start, end)


def _pointed_at(goal: Reading, phrasing: Compiled, beside: Beside, ideas: frozenset[str]) -> list[tuple[int, int]]:
    """Scripts without spaces: a name that stood after "to" stands after it or the verb, and ends at the next verb."""
    lexicon = phrasing.lexicon
    if beside.left is None or beside.left.key not in lexicon.toward:
        return []
    made = []
    for place, term in enumerate(goal.terms[:-1]):
        following = goal.terms[place + 1]
        leads = term.key in lexicon.toward or (term.act and bool(term.ideas & ideas))
        if not leads or following.key in lexicon.toward or following.act or following.kind == "mark":
            continue
        stop = next((t for t in goal.terms[place + 2 :] if t.act or t.kind in ("mark", "filler")), None)
        end = goal.stripped[1] if stop is None else stop.start
        inside = goal.within(following.start, end)
        named = not any(t.key in lexicon.both or t.entry.ideas or t.kind in ("not", "many") for t in inside)
        if inside and named and end - following.start <= NAME_SIGNS_MAX:
            made.append((following.start, end))
    return made


def values_of(goal: Reading, spans: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    return tuple(goal.text[start:end] for start, end in spans)


@lru_cache(maxsize=256)
def _quotes(text: str) -> tuple[tuple[int, int, int, int], ...]:
    return tuple(
        (m.start(m.lastindex), m.end(m.lastindex), m.start(), m.end())
        for m in _QUOTED.finditer(text)
        if m.lastindex is not None
    )


def _inside(quotes: Sequence[tuple[int, int, int, int]], start: int, end: int) -> bool:
    return any(a < end and start < b for _, _, a, b in quotes)


def _parts(goal: Reading, host: Host, phrasing: Compiled, beside: Beside) -> list[Candidate]:
    """Numbers at the same place of a typed value of the same kind and unit, with as many numbers in it."""
    kind, unit, which, start, end = host
    currency = _currency(phrasing.phrasing.words[start:end])
    wanted = len(re.findall(r"\d+", phrasing.phrasing.words[start:end]))
    made = []
    for value in find_values(goal.text, goal.lexicon):
        if (value.kind, value.unit) != (kind, unit):
            continue
        if kind == "amount" and _currency(goal.text[value.start : value.end]) != currency:
            continue
        numbers = list(re.finditer(r"\d+", goal.text[value.start : value.end]))
        if len(numbers) == wanted:
            first, last = numbers[which].span()
            made.append(Candidate(value.start + first, value.start + last, value.start, value.end, 1.0, part=True))
    return made


def _currency(amount: str) -> str:
    return re.sub(r"[\d.,\s]", "", levelled(amount)).removesuffix("s")


def _runs(
    goal: Reading,
    phrasing: Compiled,
    ideas: frozenset[str],
    quotes: Sequence[tuple[int, int, int, int]],
    listed: bool,
    *,
    dates: bool = False,
) -> list[tuple[int, int]]:
    """Runs of words that nothing explains, and such runs joined over the small words (in lists: commas) between.

    Args:
        dates: cut at dates too; names may hold one.
    """
    own = phrasing.own
    kinds = {slot.kind for slot in phrasing.phrasing.slots if slot.kind in _TYPED}
    kinds = (kinds | {host[0] for host in phrasing.hosts.values()}) - (frozenset() if dates else {"date"})
    typed = [value for value in find_values(goal.text, goal.lexicon) if value.kind in kinds]
    groups: list[list[Term]] = [[]]
    for term in goal.terms:
        if any(value.start < term.end and term.start < value.end for value in typed):
            groups += [[], []]
            continue
        if groups[-1] and _inside_word(goal, groups[-1][-1], term):
            continue
        explained = (term.ideas & ideas and not _of_name(goal, term)) or term.key in own
        if _inside(quotes, term.start, term.end) or explained or _is_border(goal, term):
            if groups[-1]:
                groups.append([])
            if term.free and term.kind in ("link", "glue", "weak") and not term.ideas & ideas:
                continue
            if listed and term.key in (",", "，", "、"):
                continue
            groups.append([])  # two empty groups: a border that may not be joined over
        else:
            groups[-1].append(term)
    runs: list[tuple[int, int]] = []
    spans = [(group[0].start, group[-1].end) if group else None for group in groups]
    for place, span in enumerate(spans):
        if span is None:
            continue
        runs.append(span)
        end = place + 1
        while end < len(spans) and (joined := spans[end]) is not None:
            runs.append((span[0], joined[1]))
            end += 1
    return runs[:RUNS_MAX]


def _of_name(goal: Reading, term: Term) -> bool:
    """Whether a word of the task begins a name here, and the task's own stands elsewhere: "Radio Rio on the radio"."""
    if goal.lexicon.capital_nouns or term.start == 0 or not goal.text[term.start].isupper():
        return False
    after = next((other for other in goal.terms if other.start >= term.end), None)
    if after is None or after.kind == "mark" or not goal.text[after.start].isupper():
        return False
    return any(other.ideas & term.ideas and goal.text[other.start].islower() for other in goal.terms)


def _tails(goal: Reading, quotes: Sequence[tuple[int, int, int, int]]) -> list[tuple[int, int, float]]:
    """From a colon (which says so plainly), or from "that" or "saying", to the end; with the bonus it is worth."""
    end = max((term.end for term in goal.terms), default=0)  # not the second half of a separated verb
    made: list[tuple[int, int, float]] = []
    for term, following in pairwise(goal.terms):
        colon = term.key in (":", "：")
        if (
            following.kind in ("mark", "weak")
            or bare(following) in goal.lexicon.opens
            or _inside(quotes, term.start, term.end)
        ):
            continue
        runs_on = following.kind == "link" or _QUOTED.search(goal.text, following.start) is not None
        if colon or (bare(term) in goal.lexicon.opens and not runs_on):
            made.append((following.start, end, COLON if colon and not made else 0.5))
    return made


def _between(goal: Reading, beside: Beside) -> list[tuple[int, int]]:
    """Scripts without spaces: what stands between the very words that stood around the slot before."""
    terms = [term for term in goal.terms if term.kind not in ("glue", "filler") or term is goal.terms[0]]
    starts = [t.end for t in terms if beside.left is not None and same(t, beside.left)]
    ends = [t.start for t in terms if beside.right is not None and same(t, beside.right)]
    starts = [goal.stripped[0]] if beside.left is None else starts
    last = min(goal.stripped[1], goal.terms[-1].end)  # not the second half of a separated verb: "去 … 怎么走"
    ends = [last] if beside.right is None else ends
    return [(a, b) for a in starts for b in ends if a < b <= a + VALUE_MAX][:RUNS_MAX]


def _inside_word(goal: Reading, before: Term, mark: Term) -> bool:
    """Whether a mark belongs to a name: the stop of "Mr. Brown", the hyphen of "In-N-Out"."""
    if mark.kind != "mark" or before.end != mark.start:
        return False
    if mark.key == ".":
        return mark.start - before.start <= 3 and goal.text[before.start].isupper()
    return mark.key in "-&_/" and not goal.text[mark.end : mark.end + 1].isspace()


def _is_border(goal: Reading, term: Term) -> bool:
    return (term.free and not is_capital(goal, term)) or _task_word(goal, term)


def is_capital(goal: Reading, term: Term) -> bool:
    """A small word with a capital inside a sentence belongs to a name: "Scan It", "Ein neuer Tag"."""
    if term.kind not in ("glue", "link", "filler") or term.key in goal.lexicon.capitals:
        return False
    before = goal.text[: term.start].rstrip()
    return goal.text[term.start].isupper() and before[-1:] not in ("", *".!?:;,\"'“")


def _task_word(goal: Reading, term: Term) -> bool:
    """Whether a word is of tasks, not of values: a negation, a quantifier, or of the lexicon in small letters."""
    if term.kind in ("not", "many"):
        return True
    if not term.entry.ideas or term.kind == "number":
        return False
    return goal.lexicon.capital_nouns or term.start == 0 or not goal.text[term.start].isupper()


def _turned(goal: Reading, beside: Beside, candidate: Candidate) -> bool:
    """Whether the relation before the value is the opposite of the one before the slot: `from` is not `to`."""
    here = beside_of(goal.terms, candidate.outer_start, candidate.outer_end, False).left
    if here is None or beside.left is None:
        return False
    return goal.lexicon.opposes(here.ideas, beside.left.ideas)


def _may_be(
    goal: Reading, slot: Slot, start: int, end: int, known: Set[str], *, typed: bool = False, inner: bool = False
) -> bool:
    """Whether a bare run of words may be the slot's value: of its kind, known, or of no structure that is new."""
    value = goal.text[start:end]
    seen = levelled(value) in known
    if not seen and (slot.kind in _TYPED or kind_of(value, goal.lexicon) in _ADDRESSES):
        return False  # "go to bbc.co.uk" is no place to drive to
    cut = any(v.start < place < v.end for v in find_values(goal.text, goal.lexicon) for place in (start, end))
    if cut and not unspaced(goal.text):  # "txt in Markbook" cuts a file's name in two
        return False
    usual = frozenset("comma" for mark in ",，、" if mark in value) & slot.features if slot.opaque else slot.features
    if typed:
        usual |= ACTS
    like = replace(slot, opaque=False, features=usual)
    return penalty(like, value, goal.lexicon, known=seen, inner=typed and inner) < REJECT


def _after_tool(terms: Sequence[Term], text: str, start: int, end: int, tools: frozenset[str]) -> bool:
    """Whether a value stands where an app is named: "using Chatty", "In Chatty, ..." - it is hardly anything else."""
    before = [term for term in terms if term.end <= start and term.kind != "glue"]
    if not before or before[-1].key not in tools:
        return False
    opening = len(before) == 1 and text[end:].lstrip()[:1] in (",", "，")
    return before[-1].kind == "filler" or opening


def _scored(goal: Reading, beside: Beside, place: tuple[int, int, int, int], bonus: float) -> Candidate:
    """A candidate with how well the words beside it agree with those beside the slot."""
    start, end, outer_start, outer_end = place
    here = beside_of(goal.terms, outer_start, outer_end, False)
    score = bonus + 2 * _agrees(here.left, beside.left) + _agrees(here.right, beside.right)
    score += max(
        _shares(here.left_idea, beside.left_idea),
        _shares(here.right_idea, beside.right_idea),
        0.5 * _shares(here.left_idea, beside.right_idea),
        0.5 * _shares(here.right_idea, beside.left_idea),
    )
    return Candidate(start, end, outer_start, outer_end, score)


def _shares(here: Term | None, there: Term | None) -> float:
    return float(here is not None and there is not None and (here.key == there.key or bool(here.ideas & there.ideas)))


def _agrees(here: Term | None, there: Term | None) -> float:
    """1 the same word, 0.5 the same idea or both only announce, 0 unlike, -0.5 two relations that differ."""
    if here is None or there is None:
        return 0.5 if here is there else 0.0
    if here.key == there.key:
        return 1.0
    if here.ideas & there.ideas or here.kind == there.kind == "weak":
        return 0.5
    return -0.5 if here.kind == there.kind == "link" else 0.0
