"""Words against a phrasing by meaning: the unexplained-word rule.

Order and wording may differ; what may not: every content word of the new words must be one of the phrasing's, one that
means the same (another phrasing of the task, or the general lexicon), a filler, the app's own name, or stand inside a
slot - and every effect, negation, quantifier and number of the phrasing must be said. Slots are found by what sets
their values off: quotes, types, and the words beside them. Two ways to fill them that are equally good are no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, TypeAlias

from memory.experience.candidates import Candidate, is_capital, spans_for, values_of
from memory.experience.compiled import Compiled
from memory.experience.mood import loosely_anchored, not_asked
from memory.experience.names import MESSAGE, SEND, Knows, bare
from memory.experience.places import misplaced, swapped
from memory.experience.scope import acts_agree, agrees, is_trait, put_into, turned
from memory.experience.signs import TURNS
from memory.experience.told import Refused, Told, told
from memory.experience.unsaid import PUTTING, allowed, missing
from memory.text.reading import Reading, Term
from memory.text.tokens import unspaced

TRIES_MAX: Final = 48  # assignments of values to slots that are looked at
SAME_ORDER: Final = 0.25  # where nothing else tells two values apart, the order they were learnt in does a little
FAR: Final = 0.5  # the least lead of the best assignment over one that gives other values

_END: Final = 1 << 30  # beyond any text

_FACTORS: Final = {
    "lexicon": 0.985,
    "seen": 0.995,
    "free": 0.998,
    "app": 0.98,
    "missing": 0.92,
    "name": 0.985,
    "order": 0.98,
    "shown": 0.99,
    "way": 0.98,
}


Spans: TypeAlias = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """The phrasing explains the words: the value spans by slot, and what the reading rests on. `told`: where its
    values end was decided by what is known of the name, and the last one is all the rest."""

    spans: tuple[tuple[int, int], ...]
    confidence: float
    reasons: tuple[str, ...]
    told: bool = False


@dataclass(frozen=True, slots=True)
class Unexplained:
    """It does not: the words that spoke against it, and how much of the phrasing was there, 0..1. `readings` are the
    value spans by slot where it does, and more than one way is left."""

    words: tuple[str, ...]
    covered: float
    reason: str
    readings: tuple[tuple[tuple[int, int], ...], ...] = ()


def explain(
    goal: Reading,
    phrasing: Compiled,
    *,
    others: Sequence[Compiled] = (),
    known: Set[str] = frozenset(),
    knows: Knows | None = None,
    settled: Callable[[Spans], bool] = lambda spans: False,
) -> Explained | Unexplained:
    """Whether the phrasing explains all content words of the goal.

    Args:
        others: the task's other phrasings; their ideas explain words here too, and what they leave out may be left out.
        known: whole values seen before, levelled.
        knows: whether a text is somebody known; without it, nobody is.
        settled: whether values that stand there are those the task had before: then that reading was meant once.
    """
    ideas = phrasing.ideas.union(*(other.ideas for other in others))
    if _other_app(goal, phrasing):
        return Unexplained((), _share(goal, phrasing), f"{phrasing.phrasing.app!r} is not named")
    if (answer := _told(goal, phrasing, ideas, others, knows, settled=settled)) is not None:
        return answer
    gone = missing(goal.terms, phrasing)
    if not phrasing.spans or allowed(gone, goal.terms, phrasing, others) is None:
        return _judged(goal, phrasing, ideas, (), others) if not phrasing.spans else _not_said(gone, goal, phrasing)
    options = [spans_for(goal, phrasing, number, ideas, known) for number in range(len(phrasing.spans))]
    for slot, found in zip(phrasing.phrasing.slots, options, strict=True):
        if not found:
            return Unexplained(
                (f"{{{slot.name}}}",), _share(goal, phrasing), f"nothing in the words can be {{{slot.name}}}"
            )
    if hopeless := _hopeless(goal, phrasing, ideas, options):
        words = tuple(goal.text[term.start : term.end] for term in hopeless)
        return Unexplained(words, _share(goal, phrasing), f"{', '.join(map(repr, words[:5]))} explained by nothing")
    best: tuple[float, tuple[Candidate, ...], Explained] | None = None
    rival = -99.0
    failed: Unexplained | None = None
    for score, chosen in _assignments(options):
        answer = _judged(goal, phrasing, ideas, chosen, others)
        if isinstance(answer, Unexplained):
            failed = answer if failed is None or len(answer.words) < len(failed.words) else failed
        elif best is None or score > best[0]:
            if best is not None and best[2].spans != answer.spans:
                rival = max(rival, best[0])
            best = score, chosen, answer
        elif best[2].spans != answer.spans:
            rival = max(rival, score)
    if best is None:
        return failed or Unexplained((), _share(goal, phrasing), "its slots cannot be filled from these words")
    if best[0] - rival < FAR:
        return Unexplained((), 1.0, "the values can be read in more than one way")
    return best[2]


def _told(
    goal: Reading, phrasing: Compiled, ideas: frozenset[str], others: Sequence[Compiled], knows: Knows | None,
    *, settled: Callable[[Spans], bool],
) -> Explained | Unexplained | None:  # fmt: skip
    """The answer where the words tell somebody something; None if they do not, or are read in the general way."""
    if phrasing.pair is None:
        return None
    found = told(goal, phrasing, ideas, knows or (lambda name: False))
    if isinstance(found, Refused):
        return Unexplained(found.words, _share(goal, phrasing), found.reason)
    answers = [(one, _judged(goal, phrasing, ideas, _chosen(one, phrasing.pair), others)) for one in found]
    made = [(one, answer) for one, answer in answers if isinstance(answer, Explained)]
    if not made:
        return answers[0][1] if answers else None
    doubts = tuple(dict.fromkeys(one.doubt for one, _ in made if one.doubt))
    if doubts or len(made) > 1:
        before = [answer for _, answer in made if settled(answer.spans)]
        if len(before) == 1:
            return replace(before[0], reasons=(*before[0].reasons, "the same was meant before"), told=True)
        readings = tuple(answer.spans for _, answer in made)
        return Unexplained((), 1.0, "; ".join(doubts), readings)
    one, answer = made[0]
    return replace(answer, reasons=(*answer.reasons, one.reason), told=True)


def _chosen(one: Told, pair: tuple[int, int]) -> tuple[Candidate, Candidate]:
    """The reading as values of the two slots; the text closes off all that stands from its first word on."""
    name = Candidate(*one.name, *one.name, 0.0)
    text = Candidate(*one.text, one.text[0] - 1 if one.closed else one.text[0], _END, 0.0)
    return (name, text) if pair[0] == 0 else (text, name)


def _other_app(goal: Reading, phrasing: Compiled) -> bool:
    """Whether the task names the app it writes or calls with and the words do not: it may be another."""
    if not phrasing.name_terms or phrasing.ideas.isdisjoint(phrasing.lexicon.channels):
        return False
    return not any(term.kind == "app" or term.key in phrasing.own for term in goal.terms)


def _hopeless(
    goal: Reading, phrasing: Compiled, ideas: frozenset[str], options: Sequence[Sequence[Candidate]]
) -> list[Term]:
    """Words that nothing explains and no slot could hold: then no assignment needs to be tried."""
    terms = [term for term in goal.terms if term.kind != "mark"]
    places = [(c.outer_start, c.outer_end) for found in options for c in found]
    return [
        term
        for place, term in enumerate(terms)
        if term.key not in phrasing.keys
        and not term.free
        and not any(start < term.end and term.start < end for start, end in places)
        and not term.ideas & phrasing.lexicon.containers
        and _how(term, ideas, phrasing, terms, place) is None
    ]


def _assignments(options: Sequence[Sequence[Candidate]]) -> Iterator[tuple[float, tuple[Candidate, ...]]]:
    """Ways to give every slot a candidate of its own, none overlapping; scores with them."""
    order = sorted(range(len(options)), key=lambda number: len(options[number]))
    budget = [TRIES_MAX]
    chosen: dict[int, Candidate] = {}

    def place(depth: int, score: float) -> Iterator[tuple[float, tuple[Candidate, ...]]]:
        if budget[0] <= 0:
            return
        if depth == len(order):
            budget[0] -= 1
            made = tuple(chosen[number] for number in range(len(options)))
            yield score + SAME_ORDER * all(a.start <= b.start for a, b in pairwise(made)), made
            return
        number = order[depth]
        for candidate in options[number]:
            if all(candidate.apart_from(other) for other in chosen.values()):
                chosen[number] = candidate
                yield from place(depth + 1, score + candidate.score)
                del chosen[number]

    yield from place(0, 0.0)


def _judged(
    goal: Reading,
    phrasing: Compiled,
    ideas: frozenset[str],
    chosen: Sequence[Candidate],
    others: Sequence[Compiled],
) -> Explained | Unexplained:
    """The rule itself, given where the values stand."""
    closed = [(candidate.outer_start, candidate.outer_end) for candidate in chosen]
    rest = [t for t in goal.terms if t.kind != "mark" and not any(a < t.end and t.start < b for a, b in closed)]
    factor, reasons, unknown = 1.0, list[str](), list[Term]()
    wordings = (phrasing, *others)
    holders = _containers(goal, phrasing, chosen)
    for place, term in enumerate(rest):
        how = "free" if term in holders else _explained(goal, ideas, wordings, rest, place)
        if how is None:
            unknown.append(term)
        elif how:
            factor *= _FACTORS[how]
            if how != "free":
                reasons.append(f"{goal.text[term.start : term.end]!r}: {how}")
    share = _share(goal, phrasing)
    if unknown:
        words = tuple(goal.text[term.start : term.end] for term in unknown)
        return Unexplained(words, share, f"{', '.join(map(repr, words[:5]))} explained by nothing")
    inner = [(candidate.start, candidate.end) for candidate in chosen]
    if reason := not_asked(goal, wordings, closed) or loosely_anchored(goal, phrasing, inner):
        return Unexplained((), share, reason)
    if phrasing.pair is not None and len(chosen) == len(phrasing.spans) and (cut := _cut(goal, phrasing, chosen)):
        return Unexplained((), share, cut)
    if elsewhere := misplaced(rest, phrasing, chosen):
        return Unexplained((), share, elsewhere)
    gone = missing(rest, phrasing)
    unsaid = allowed(gone, rest, phrasing, others)
    if unsaid is None or (unsaid.light and holders & frozenset(rest)):  # a folder in place of a file
        return _not_said(gone, goal, phrasing)
    if any(candidate.framed for candidate in chosen) and (unsaid.light or unsaid.shown or holders):
        return _not_said(gone or tuple(holders), goal, phrasing)
    if (
        not acts_agree(rest, phrasing)
        or turned(rest, phrasing)
        or put_into(rest, phrasing)
        or swapped(rest, phrasing, chosen)
    ):
        return Unexplained((), share, "effects or relations are said of other things than they were")
    factor *= _FACTORS["missing"] ** len(unsaid.light) * _FACTORS["seen"] ** len(unsaid.shown)
    reasons += [f"{term.key!r} of the task is not said" for term in (*unsaid.light, *unsaid.shown)]
    spans = tuple((candidate.start, candidate.end) for candidate in chosen)
    return Explained(spans, factor * _FACTORS["order"], tuple(reasons))


def _cut(goal: Reading, phrasing: Compiled, chosen: Sequence[Candidate]) -> str:
    """Why these cannot be who is told and what: a text that was cut in its middle, or a name nothing leads to."""
    name, text = (chosen[number] for number in phrasing.pair or (0, 1))
    if text.outer_end == _END or text.start > text.outer_start:
        return ""  # all of the rest, or in quotes
    after_name = name.end <= text.start
    between = [t for t in goal.terms if min(name.end, text.end) <= t.start and t.end <= max(name.start, text.start)]
    said = f"{goal.text[text.start : text.end]!r} is not all that is said"
    if after_name:
        opens = phrasing.lexicon.opens | phrasing.lexicon.says
        last = next((t for t in reversed(between) if t.kind != "mark" or t.key in (":", "：")), None)
        small = last is None or (last.kind in ("glue", "link", "filler") and bare(last) not in opens)
        ways = frozenset(idea for t in phrasing.required if t.act for idea in t.ideas - phrasing.lexicon.asks) | {SEND}
        led = unspaced(goal.text) or any(t.act and t.ideas & ways and t.end <= name.start for t in goal.terms)
        led &= unspaced(goal.text) or not any(t.act for t in between)
        return said if small or not led else ""
    before = [t for t in goal.terms if t.end <= text.start and t.kind != "glue"]
    acted = any(t.act for t in before) and before[-1].kind != "link"
    led = bool(between) and any(bare(t) in phrasing.lexicon.toward for t in between)
    return "" if acted and led else said


def _containers(goal: Reading, phrasing: Compiled, chosen: Sequence[Candidate]) -> frozenset[Term]:
    """Words that only say what a value after a relation is: "from the Work folder" for "from Work"."""
    found = set()
    for candidate, beside in zip(chosen, phrasing.beside, strict=False):
        if beside.left is None or beside.left.kind != "link":
            continue
        before = [t for t in goal.terms if t.end <= candidate.outer_start and t.kind not in ("glue", "weak")][-1:]
        after = [t for t in goal.terms if t.start >= candidate.outer_end][:1]
        extra = (t for t in (*before, *after) if not t.act and not t.ideas & phrasing.ideas)
        found |= {t for t in extra if t.ideas & phrasing.lexicon.containers}
    return frozenset(found)


def _not_said(gone: Sequence[Term], goal: Reading, phrasing: Compiled) -> Unexplained:
    words = ", ".join(repr(term.key) for term in gone[:5])
    return Unexplained((), _share(goal, phrasing), f"{words} of the task not said")


def _explained(
    goal: Reading, ideas: frozenset[str], wordings: Sequence[Compiled], rest: Sequence[Term], place: int
) -> str | None:
    """How a word is explained: "" is one of the phrasing's own; None if nothing explains it."""
    phrasing, term = wordings[0], rest[place]
    if is_capital(goal, term) and goal.text[term.start : term.end] not in phrasing.phrasing.words:
        return None
    if (term.strict and not term.free) or is_trait(term):
        at = next((i for i, wording in enumerate(wordings) if agrees(rest, place, wording)), None)
        return None if at is None else "seen" if at else "" if term.key in phrasing.keys else "lexicon"
    if term.key in phrasing.keys:
        return ""
    if term.kind == "weak" and all(one.only_asks and not term.ideas & one.ideas for one in wordings):
        return None  # "what is this app called?" is not asked where "this phone" was
    return _how(term, ideas, phrasing, rest, place)


def _how(term: Term, ideas: frozenset[str], phrasing: Compiled, rest: Sequence[Term], place: int) -> str | None:
    """What explains a word that the phrasing does not have itself; None if nothing does."""
    if (term.strict and not term.free) or is_trait(term):
        return "seen" if term.ideas & ideas or agrees(rest, place, phrasing, scoped=False) else None
    if term.key in phrasing.own or term.kind == "app":
        return "app"
    channels = phrasing.lexicon.channels
    if phrasing.pair is not None and term.ideas & channels and ideas.isdisjoint(channels):
        return "lexicon" if MESSAGE in term.ideas else None  # telling somebody may be called a message, but no email
    if term.ideas & ideas and _same_sort(term, ideas, phrasing):
        return None if _other_effect(term, ideas, phrasing) else "lexicon" if term.entry.ideas else "seen"
    if _is_held(term, ideas, phrasing):
        return "lexicon"
    if term.free:
        return None if _adrift(term, rest, place) else "free"
    if _is_light(term, ideas, phrasing, rest, place):
        return "free"
    return _beside_app(rest, place, phrasing) or ("way" if term.act and _is_part(rest, place, phrasing) else None)


def _other_effect(term: Term, ideas: frozenset[str], phrasing: Compiled) -> bool:
    """Whether only the thing that a verb is about is the task's, and its effect is another: "pair" says bluetooth."""
    effects = frozenset(idea for idea in term.entry.ideas if idea.startswith("act:"))
    own = frozenset(idea for idea in phrasing.ideas if idea.startswith("act:"))
    if not effects & own and phrasing.lexicon.opposes(effects, own):
        return True  # "quieter" is about the volume, too
    if not term.act or not effects or effects & ideas or term.ideas & ideas & phrasing.lexicon.channels:
        return False
    return any(other.act for other in phrasing.required)


def _is_held(term: Term, ideas: frozenset[str], phrasing: Compiled) -> bool:
    """Whether it is what is put into the task's thing by making it: an appointment, where one adds to the calendar."""
    if term.act or not ideas & PUTTING:
        return False
    return any(
        (holder in ideas and term.ideas & held) or (holder in term.ideas and ideas & held)
        for holder, held in phrasing.lexicon.holds.items()
    )


def _following(rest: Sequence[Term], place: int, phrasing: Compiled) -> list[Term]:
    """The next two words that are no articles; "and" is one of them."""
    joins = phrasing.lexicon.joins
    return [other for other in rest[place + 1 :] if other.kind != "glue" or other.key in joins][:2]


def _is_light(term: Term, ideas: frozenset[str], phrasing: Compiled, rest: Sequence[Term], place: int) -> bool:
    """Whether a verb only lends itself to the effect its object names: "make a reservation", "compose a message"."""
    if term.key not in phrasing.lexicon.light:
        return False
    channels = phrasing.lexicon.channels
    return any(
        other.ideas & ideas
        and (other.act or (other.entry.is_act and "weak" not in other.entry.kinds and bool(other.ideas & channels)))
        for other in _following(rest, place, phrasing)
    )


def _beside_app(rest: Sequence[Term], place: int, phrasing: Compiled) -> str | None:
    """What belongs to naming the app: opening it, the name the run showed, an unknown word beside the name."""
    term = rest[place]

    def is_app(other: Term) -> bool:
        return other.key in phrasing.own or other.kind == "app"

    if "act:open" in term.ideas and any(map(is_app, _following(rest, place, phrasing))):
        return "app"
    if _is_shown(rest, place, phrasing):
        return "shown"
    beside = [rest[i] for i in (place - 1, place + 1) if 0 <= i < len(rest)]
    if term.kind == "word" and not unspaced(term.key) and any(map(is_app, beside)):
        return "name"
    return None


def _is_part(rest: Sequence[Term], place: int, phrasing: Compiled) -> bool:
    """Whether an effect adds nothing to those of the task: "find it and delete it", "create it and save it"."""
    lexicon, term = phrasing.lexicon, rest[place]
    effects = frozenset(idea for other in phrasing.required if other.act for idea in other.ideas)
    acts = [frozenset[str]() if other is term or not other.act else other.ideas & effects for other in rest]
    if term.ideas & lexicon.ways and any(acts[place + 1 :]):
        return True
    said = frozenset().union(*acts)
    if term.ideas & lexicon.asks and said & lexicon.asks:
        return True
    return any(term.ideas & lexicon.within.get(act, frozenset()) for act in said)


def _is_shown(rest: Sequence[Term], place: int, phrasing: Compiled) -> bool:
    """Whether the word names, as an app is named, what the run itself showed: "in the Clock app"."""
    if rest[place].key not in phrasing.shown_words:
        return False
    named = [other for other in rest[max(0, place - 3) : place + 4] if other.key in phrasing.lexicon.app_names]
    before = [other for other in rest[max(0, place - 3) : place] if other.kind != "glue"]
    return bool(named) or (bool(before) and before[-1].key in phrasing.lexicon.tools)


def _adrift(term: Term, rest: Sequence[Term], place: int) -> bool:
    """Whether a single sign that could be a small word stands beside no word of the task: it may be part of one."""
    if (
        len(term.key) > 1
        or not unspaced(term.key)
        or (term.start == 0 and (term.kind == "filler" or term.key in TURNS))
    ):
        return False
    beside = [rest[i] for i in (place - 1, place + 1) if 0 <= i < len(rest)]
    near = [other for other in beside if other.end == term.start or other.start == term.end]
    return (
        bool(rest)
        and not any(not other.free or other.kind == "app" or len(other.key) > 1 for other in near)
        and len(rest) > 1
    )


def _same_sort(term: Term, ideas: frozenset[str], phrasing: Compiled) -> bool:
    """A noun is explained as a noun; a verb that names its channel ("text") not by one of another ("email")."""
    things = frozenset(idea for idea in term.ideas if idea.startswith("thing:"))
    channels = phrasing.lexicon.channels
    if term.act and things & channels:
        named = frozenset(idea for other in phrasing.fixed if other.act for idea in other.ideas) & channels
        if named and not named & things:
            return False
    if not things or things & ideas:
        return True
    if not term.act:
        return False
    return not (things & channels and ideas & channels)


def _share(goal: Reading, phrasing: Compiled) -> float:
    """How much of the phrasing's required words the goal has, 0..1."""
    said = frozenset(idea for term in goal.terms for idea in term.ideas)
    return sum(bool(term.ideas & said) for term in phrasing.required) / max(1, len(phrasing.required))


__all__ = ["Explained", "Unexplained", "explain", "values_of"]
