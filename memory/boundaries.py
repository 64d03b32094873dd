"""Two values side by side, with nothing of the task's words between them: where does one end and the other begin?

"tell Bob dinner is ready" is `contact` and `message` in one stretch. Words alone cannot cut it; what is known can: a
value that was used before, somebody the profile knows by that name, else a name's capitals. Where none of these says
it, the cut is open and the owner is asked: a value is never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from memory.text.lexicon import Lexicon
from memory.text.reading import Term, read
from memory.text.tokens import levelled, tokenize, unspaced

NAME_WORDS_MAX: Final = 5  # of a value that is sought at the beginning of the stretch


@dataclass(frozen=True, slots=True)
class Cut:
    """The values after the stretch was cut, or None with what was left open."""

    values: Mapping[str, str] | None
    reason: str


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a task and how they are read. `fixed` are the keys of the phrasing's words: one of them between two
    values keeps them apart."""

    words: str
    lexicon: Lexicon
    fixed: frozenset[str]

    def last_between(self, start: int, end: int) -> int | None:
        """Where the last word that keeps two values apart ends; articles and the like may belong to either."""
        terms = read(self.words, self.lexicon).terms
        found = None
        for token in tokenize(self.words):
            if start <= token.start and token.end <= end:
                term = next((one for one in terms if one.start <= token.start and token.end <= one.end), None)
                if term is None or self._parts(term):  # part of a separated phrase ("let … know") stands in no term
                    found = token.end
        return found

    def _parts(self, term: Term) -> bool:
        return term.kind != "glue" or term.key in self.fixed or term.key in self.lexicon.opens


def cut(said: Said, values: Mapping[str, str], texts: frozenset[str], knows: Callable[[str], bool]) -> Cut | None:
    """Cuts two values that stand side by side anew; None where no two do, so that nothing is to be said.

    Args:
        values: by slot, in the order they stand in the words.
        texts: slots of free text; one at the end of the words has its small words too ("late" is "I will be late").
        knows: whether a text is known as a value.
    """
    place, words = 0, said.words
    for first, second in pairwise(values):
        start = words.find(values[first], place)
        after = start + len(values[first])
        at = words.find(values[second], after)
        if start < 0 or at < 0:
            return None
        place, end = after, at + len(values[second])
        apart = said.last_between(after, at)
        if apart is None:
            made = _cut(words[start:end], said.lexicon, knows)
            if made is None:
                return Cut(None, f"it is open where {first} ends and {second} begins in {words[start:end]!r}")
            name, rest = made
            reason = f"{name!r} is known" if knows(name) else f"{name!r} is written as a name"
            return Cut({**values, first: name, second: rest}, reason)
        whole = words[apart:end].strip()
        if second in texts and whole != values[second] and not words[end:].strip(" .!?。！？"):
            return Cut({**values, second: whole}, f"{whole!r} is all that is said of {second}")
    return None


def _cut(stretch: str, lexicon: Lexicon, knows: Callable[[str], bool]) -> tuple[str, str] | None:
    terms = [term for term in read(stretch, lexicon).terms if term.kind != "mark"]
    ends = [term.end for term in terms[:-1][:NAME_WORDS_MAX] if term.kind != "glue"]
    known = [end for end in ends if knows(stretch[:end])]
    chosen = known[-1] if known else _end_of_name(stretch, lexicon)  # "Emma Wilson" goes before "Emma"
    if chosen is None or not stretch[chosen:].strip():
        return None
    return stretch[:chosen], stretch[chosen:].strip()


def _end_of_name(stretch: str, lexicon: Lexicon) -> int | None:
    """Where a run of words with capitals ends and words without one follow; None where capitals do not tell."""
    if unspaced(stretch) or lexicon.capital_nouns or not stretch[:1].isupper():
        return None
    run: list[Term] = []
    for term in read(stretch, lexicon).terms:
        said = stretch[term.start : term.end]
        pronoun = levelled(said) in lexicon.capitals
        if said[:1].isupper() and not pronoun and term.kind != "mark":
            run.append(term)
            continue
        # "Emma Dinner is ready": the last of several may begin the sentence that the small word belongs to
        if (len(run) > 1 and term.kind == "glue" and not pronoun) or not (pronoun or said[:1].islower()):
            return None
        return run[-1].end
    return None
