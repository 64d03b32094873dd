"""Words against a phrasing word by word: the fixed parts stand as they stood, only the values differ.

Case, blanks, politeness and closing marks do not count. Where the words can be split among the slots in several ways
that all make sense, there is no answer: a value is never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from memory.experience.fits import may_be_whole
from memory.text.reading import Reading
from memory.text.tokens import levelled

if TYPE_CHECKING:
    from memory.experience.compiled import Compiled

SPLITS_MAX: Final = 64  # ways to split that are looked at; more than that is no phrasing but chance

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Squeezed:
    """A text levelled and with single blanks; `places[i]` is where its i-th character stands in the original."""

    text: str
    places: Sequence[int]

    def original(self, span: Span) -> Span:
        return self.places[span[0]], self.places[span[1] - 1] + 1


def squeezed(text: str, start: int = 0, end: int | None = None) -> Squeezed:
    """`text[start:end]` without outer blanks, runs of blanks as one."""
    made: list[str] = []
    places: list[int] = []
    stop = len(text) if end is None else end
    level = levelled(text)
    if "  " not in level and level[start:stop] == level[start:stop].strip():
        return Squeezed(level[start:stop], range(start, stop))
    for place in range(start, stop):
        character = level[place]
        if character == " " and (not made or made[-1] == " "):
            continue
        made.append(character)
        places.append(place)
    while made and made[-1] == " ":
        made.pop()
        places.pop()
    return Squeezed("".join(made), places)


def segments(reading: Reading, spans: Sequence[Span], *, stripped: bool) -> tuple[str, ...]:
    """The fixed texts between the slots, one more than slots. Stripped: without outer politeness and marks."""
    start, end = reading.stripped if stripped else (0, len(reading.text))
    if spans:
        start, end = min(start, spans[0][0]), max(end, spans[-1][1])
    text = squeezed(reading.text, start, end)
    made, at = [], 0
    for first, last in spans:
        left = _index(text, first)
        made.append(text.text[at:left])
        at = _index(text, last)
    made.append(text.text[at:])
    return tuple(made)


def _index(text: Squeezed, place: int) -> int:
    """Where the original place stands in the squeezed text."""
    if isinstance(text.places, range):
        return place - text.places.start
    return sum(1 for known in text.places if known < place)


def splits(goal: Squeezed, parts: Sequence[str]) -> Iterator[tuple[Span, ...]]:
    """Every way to lay the fixed parts over the words in order, no value empty; places in the original."""
    text = goal.text
    if not text.startswith(parts[0]) or not text.endswith(parts[-1]):
        return
    if len(parts) == 1:
        if text == parts[0]:
            yield ()
        return
    end = len(text) - len(parts[-1])
    latest = [end] * len(parts)  # where each part stands at the latest, so that those after it still fit
    for number in range(len(parts) - 2, 0, -1):
        latest[number] = text.rfind(parts[number], 0, latest[number + 1] - 1)
        if latest[number] < 0:
            return
    yield from _lay(goal, parts, 1, len(parts[0]), latest=latest, done=())


def _lay(
    goal: Squeezed, parts: Sequence[str], number: int, at: int, *, latest: Sequence[int], done: tuple[Span, ...]
) -> Iterator[tuple[Span, ...]]:
    if number == len(parts) - 1:
        if (span := _trimmed(goal.text, at, latest[number])) is not None:
            yield (*done, goal.original(span))
        return
    part = parts[number]
    place = goal.text.find(part, at + 1)
    while 0 <= place <= latest[number]:
        if (span := _trimmed(goal.text, at, place)) is not None:
            filled = (*done, goal.original(span))
            yield from _lay(goal, parts, number + 1, place + len(part), latest=latest, done=filled)
        place = goal.text.find(part, place + 1)


def _trimmed(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start] == " ":
        start += 1
    while end > start and text[end - 1] == " ":
        end -= 1
    return (start, end) if start < end else None


def best_split(
    goal: Squeezed,
    parts: Sequence[str],
    penalty: Callable[[int, str], int],
    text: str,
    opaque: Sequence[bool],
    *,
    whole: Sequence[Span] = (),
) -> tuple[int, tuple[Span, ...]] | str | None:
    """The way to split with the least penalty.

    Args:
        penalty: of a slot's number and a value; 9 or more means no.
        text: the original words, for the values.
        whole: places that should not be cut through, as dates and numbers.
        opaque: per slot, whether it may hold anything: between two equal ways the one that fills it most wins.

    Returns:
        (penalty, spans); "ambiguous" if several are equally good; "rejected" if only bad ones exist; None if none.
    """
    ranked: list[tuple[int, tuple[Span, ...]]] = []
    seen = False
    for count, spans in enumerate(splits(goal, parts)):
        seen = True
        if count >= SPLITS_MAX:
            return "ambiguous"
        total = sum(a < edge < b for span in spans for edge in span for a, b in whole)
        for number, span in enumerate(spans):
            total += penalty(number, text[span[0] : span[1]])
            if total >= 9:
                break
        else:
            ranked.append((total, spans))
    if not ranked:
        return "rejected" if seen else None
    least = min(total for total, _ in ranked)
    best = [spans for total, spans in ranked if total == least]
    if len(best) > 1 and not (opaque and opaque[-1] and best[0][:-1] != best[1][:-1]):
        return "ambiguous"
    return least, best[0]


def wholly(reading: Reading, goal: Squeezed, compiled: Compiled) -> tuple[Mapping[str, str], ...]:
    """The value that is all the rest, where only a relation in it speaks against it: "Books to read" may be a name."""
    found = list(splits(goal, compiled.core))
    if len(found) != 1 or len(compiled.spans) != 1 or compiled.core[-1]:
        return ()
    slot, value = compiled.phrasing.slots[0], reading.text[slice(*found[0][0])]
    return ({slot.name: value},) if may_be_whole(slot, value, compiled.lexicon) else ()
