"""Do these words allow this task, given the values that are already known from what was done?

The unexplained-word rule once more, with some slots filled: what is left of the words must be words of the task, and
whatever is not must be able to be its open slots, one stretch for each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from memory.experience.compiled import Compiled
from memory.experience.scope import is_trait
from memory.text.reading import Term, read, with_name
from memory.text.tokens import levelled, unspaced


def allows(words: str, phrasings: Sequence[Compiled], values: Mapping[str, str], slots: frozenset[str]) -> bool:
    """Whether some phrasing of the task explains the words, with `values` known and the other slots open."""
    return any(_allows(words, phrasing, values, slots) for phrasing in phrasings)


def _allows(words: str, phrasing: Compiled, values: Mapping[str, str], slots: frozenset[str]) -> bool:
    rest = _rest(words, phrasing, values)
    if rest is None:
        return False
    open_slots = len(slots - values.keys())
    keys = {term.key for term in phrasing.fixed}
    stretches, inside, named = 0, False, True
    said: set[str] = set()
    for term in rest:
        if term is None or term.kind == "mark":
            inside = inside and term is not None and term.key not in ",，.。;；"
            continue
        known = term.key in keys or (not term.strict and term.kind != "link" and bool(term.ideas & phrasing.ideas))
        small = term.free and unspaced(term.key) and len(term.key) == 1 and term.key not in phrasing.lexicon.tools
        if known or (term.free and term.kind != "link" and not small):
            said |= term.ideas
            inside = False
        elif term.kind == "link":
            return False  # a relation the task does not know
        elif (
            term.entry.ideas
            and not term.strict
            and term.kind != "link"
            and (len(term.key) > 1 or not unspaced(term.key))
        ):
            return False  # a word of tasks, but of another one
        elif not inside:
            if not named:
                return False
            stretches, inside, named = stretches + 1, True, not small
        else:
            named = named or not small
    acts = [term for term in phrasing.required if term.act or term.strict or is_trait(term)]
    links = {term.key for term in phrasing.fixed if term.kind == "link"}
    if links != {term.key for term in rest if term is not None and term.kind == "link"}:
        return False
    return named and stretches == open_slots and all(term.ideas & said for term in acts)


def speaks_of(words: str, phrasings: Sequence[Compiled]) -> bool:
    """Whether the words share a content word with some phrasing of the task; the app's name alone is not enough."""
    for phrasing in phrasings:
        own = {idea for term in phrasing.required for idea in term.ideas}
        reading = with_name(read(words, phrasing.lexicon), phrasing.phrasing.app)
        if any(not term.free and term.ideas & own for term in reading.terms):
            return True
    return False


def _rest(words: str, phrasing: Compiled, values: Mapping[str, str]) -> list[Term | None] | None:
    """The terms outside the known values and the app's name, None where one stood; None if a value stands nowhere."""
    level = levelled(words)
    taken: list[tuple[int, int]] = []
    for value in sorted(values.values(), key=len, reverse=True):
        place = level.find(levelled(value))
        while place >= 0 and any(a < place + len(value) and place < b for a, b in taken):
            place = level.find(levelled(value), place + 1)
        if place < 0:
            return None
        taken.append((place, place + len(value)))
    name = levelled(phrasing.phrasing.app)
    place = level.find(name) if name else -1
    if place >= 0 and not any(a < place + len(name) and place < b for a, b in taken):
        taken.append((place, place + len(name)))
    terms: list[Term | None] = []
    at = 0
    for start, end in [*sorted(taken), (len(words), len(words))]:
        terms += [*read(words[at:start], phrasing.lexicon).terms, None]
        at = end
    return terms
