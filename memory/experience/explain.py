"""Words against a phrasing by meaning: the unexplained-word rule.

Order and wording may differ; what may not: every content word of the new words must be one of the phrasing's, one that
means the same (another phrasing of the task, or the general lexicon), a filler, the app's own name, or stand inside a
slot - and every effect, negation, quantifier and number of the phrasing must be said. Slots are found by what sets
their values off: quotes, types, and the words beside them. Two ways to fill them that are equally good are no answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from memory.experience.candidates import Candidate, is_capital, spans_for, values_of
from memory.experience.compiled import Compiled
from memory.text.reading import Reading, Term
from memory.text.tokens import unspaced

TRIES_MAX: Final = 48  # assignments of values to slots that are looked at
MISSING_MAX: Final = 0.34  # share of required words that may be missing: one at most, a thing, never an effect
SAME_ORDER: Final = 0.25  # where nothing else tells two values apart, the order they were learnt in does a little
FAR: Final = 0.5  # the least lead of the best assignment over one that gives other values

_FACTORS: Final = {
    "lexicon": 0.985,
    "seen": 0.995,
    "free": 0.998,
    "app": 0.98,
    "missing": 0.92,
    "name": 0.985,
    "order": 0.98,
}


@dataclass(frozen=True, slots=True)
class Explained:
    """The phrasing explains the words: the value spans by slot, and what the reading rests on."""

    spans: tuple[tuple[int, int], ...]
    confidence: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unexplained:
    """It does not: the words that spoke against it, and how much of the phrasing was there, 0..1."""

    words: tuple[str, ...]
    covered: float
    reason: str


def explain(
    goal: Reading, phrasing: Compiled, *, seen: frozenset[str] = frozenset(), known: Set[str] = frozenset()
) -> Explained | Unexplained:
    """Whether the phrasing explains all content words of the goal.

    Args:
        seen: ideas of the task's other phrasings; they explain words here too.
        known: whole values seen before, levelled.
    """
    ideas = phrasing.ideas | seen
    if _other_app(goal, phrasing):
        return Unexplained((), _share(goal, phrasing), f"{phrasing.phrasing.app!r} is not named")
    missing = _missing(goal.terms, phrasing)
    if missing is None or not phrasing.spans:
        return _judged(goal, phrasing, ideas, ())
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
        answer = _judged(goal, phrasing, ideas, chosen)
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


def _other_app(goal: Reading, phrasing: Compiled) -> bool:
    """Whether the task names the app it writes or calls with and the words do not: it may be another."""
    if not phrasing.name_terms or phrasing.ideas.isdisjoint(phrasing.lexicon.channels):
        return False
    return not any(term.kind == "app" or term.key in phrasing.own for term in goal.terms)


def _hopeless(
    goal: Reading, phrasing: Compiled, ideas: frozenset[str], options: Sequence[Sequence[Candidate]]
) -> list[Term]:
    """Words that nothing explains and no slot could hold: then no assignment needs to be tried."""
    keys = frozenset(term.key for term in phrasing.fixed)
    terms = [term for term in goal.terms if term.kind != "mark"]
    places = [(c.outer_start, c.outer_end) for found in options for c in found]
    return [
        term
        for place, term in enumerate(terms)
        if term.key not in keys
        and not term.free
        and not any(start < term.end and term.start < end for start, end in places)
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
    goal: Reading, phrasing: Compiled, ideas: frozenset[str], chosen: Sequence[Candidate]
) -> Explained | Unexplained:
    """The rule itself, given where the values stand."""
    closed = [(candidate.outer_start, candidate.outer_end) for candidate in chosen]
    rest = [t for t in goal.terms if t.kind != "mark" and not any(a < t.end and t.start < b for a, b in closed)]
    factor, reasons, unknown = 1.0, list[str](), list[Term]()
    keys = frozenset(term.key for term in phrasing.fixed)
    for place, term in enumerate(rest):
        if term.key in keys and not is_capital(goal, term):
            continue
        if is_capital(goal, term) and goal.text[term.start : term.end] not in phrasing.phrasing.words:
            unknown.append(term)
            continue
        how = _how(term, ideas, phrasing, rest, place)
        if how is None:
            unknown.append(term)
        else:
            factor *= _FACTORS[how]
            if how != "free":
                reasons.append(f"{goal.text[term.start : term.end]!r}: {how}")
    share = _share(goal, phrasing)
    if unknown:
        words = tuple(goal.text[term.start : term.end] for term in unknown)
        return Unexplained(words, share, f"{', '.join(map(repr, words[:5]))} explained by nothing")
    missing = _missing(rest, phrasing)
    if missing is None or len(missing) > min(1, MISSING_MAX * max(1, len(phrasing.required))):
        gone = tuple(t.key for t in phrasing.required if not any(t.ideas & g.ideas or t.key == g.key for g in rest))
        return Unexplained((), share, f"{', '.join(map(repr, gone[:5]))} of the task not said")
    factor *= _FACTORS["missing"] ** len(missing)
    reasons += [f"{term.key!r} of the task is not said" for term in missing]
    spans = tuple((candidate.start, candidate.end) for candidate in chosen)
    return Explained(spans, factor * _FACTORS["order"], tuple(reasons))


def _how(term: Term, ideas: frozenset[str], phrasing: Compiled, rest: Sequence[Term], place: int) -> str | None:
    """What explains a word that the phrasing does not have itself; None if nothing does."""
    own = phrasing.own
    if term.strict and not term.free:
        return "seen" if term.ideas & ideas and term.kind == "number" else None
    if term.key in own or term.kind == "app":
        return "app"
    if term.ideas & ideas and _same_sort(term, ideas, phrasing):
        return "lexicon" if term.entry.ideas else "seen"
    if term.free:
        return None if _adrift(term, rest, place) else "free"
    after = rest[place + 1 : place + 3]
    if term.key in phrasing.lexicon.light and any(other.ideas & ideas and other.entry.is_act for other in after):
        return "free"
    if "act:open" in term.ideas and any(other.key in own or other.kind == "app" for other in after):
        return "app"
    beside = [rest[i] for i in (place - 1, place + 1) if 0 <= i < len(rest)]
    if (
        term.kind == "word"
        and not unspaced(term.key)
        and any(other.key in own or other.kind == "app" for other in beside)
    ):
        return "name"
    return None


def _adrift(term: Term, rest: Sequence[Term], place: int) -> bool:
    """Whether a single sign that could be a small word stands beside no word of the task: it may be part of one."""
    if len(term.key) > 1 or not unspaced(term.key):
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
    if not things or things & ideas:
        return True
    if not term.act:
        return False
    channels = phrasing.lexicon.channels
    return not (things & channels and ideas & channels)


def _missing(rest: Sequence[Term], phrasing: Compiled) -> list[Term] | None:
    """Required words that are not said; None if one is an effect, a negation, a quantifier or a number."""
    said = frozenset(idea for term in rest for idea in term.ideas)
    missing = [term for term in phrasing.required if not term.ideas & said]
    if any(term.act or term.strict or "trait" in next(iter(term.entry.ideas), "") for term in missing):
        return None
    return missing


def _share(goal: Reading, phrasing: Compiled) -> float:
    """How much of the phrasing's required words the goal has, 0..1."""
    said = frozenset(idea for term in goal.terms for idea in term.ideas)
    return sum(bool(term.ideas & said) for term in phrasing.required) / max(1, len(phrasing.required))


__all__ = ["Explained", "Unexplained", "explain", "values_of"]
