"""One finished run -> a phrasing: which of the texts it typed and tapped are slots of its words?

A text that stands in the words may be a value ("Bob"), a button that happens to be a word of the task ("Save"), or the
app's name. Told apart without a model: words of the general lexicon that are no typed value and not set off by quotes
are buttons; a name after "in", "using" or before "app" is the app's; what was *typed* is always a value. Values that
stand inside a date or time ("13" in "13h") become parts of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from memory.experience.fits import features
from memory.experience.template import Phrasing, Slot
from memory.text.lexicon import Lexicon
from memory.text.reading import Reading, Term, read
from memory.text.tokens import OPENING, levelled, unspaced
from memory.text.values import ValueKind, find_values, kind_of

Role = Literal["typed", "tapped", "first", "app", "unknown"]  # first: tapped as the first step, so perhaps the app
SHOWN_KEPT: Final = 32  # texts of a run kept with its phrasing
SLOTS_MAX: Final = 12  # the development data needs 8; more is a list, not a phrasing


@dataclass(frozen=True, slots=True)
class Shown:
    """A text a run touched, and how; `name` is the slot's name where the steps already have one."""

    text: str
    role: Role = "unknown"
    name: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    shown: Shown


def induce(words: str, shown: Iterable[Shown], lexicon: Lexicon, known_apps: frozenset[str] = frozenset()) -> Phrasing:
    """The phrasing of these words. Never raises; with nothing shown it is a phrasing without slots.

    Args:
        shown: in any order; the same text twice may fill two slots.
        known_apps: levelled names of apps that other runs opened.
    """
    reading = read(words, lexicon)
    shown = [part for item in shown for part in _parts(words, item)]
    places, app = _places(reading, shown, known_apps)
    places = sorted(places, key=lambda place: place.start)[:SLOTS_MAX]
    slots, names = [], set[str]()
    for number, place in enumerate(places):
        value = words[place.start : place.end]
        kind = kind_of(value, lexicon)
        opaque = is_opaque(reading, place.start, place.end, last=number == len(places) - 1)
        name = place.shown.name or _free_name(kind, names)
        names.add(name)
        if kind == "text" and _is_name(reading, place.start, place.end):
            kind = "contact"
        slots.append(Slot(name, place.start, place.end, kind, opaque, features(value, lexicon)))
    kept = tuple((item.text, item.role, item.name) for item in shown[:SHOWN_KEPT])
    return Phrasing(words, tuple(slots), lexicon.language, app, kept)


def _parts(words: str, item: Shown) -> list[Shown]:
    """A typed text that stands in the words only in pieces ("Echo Kito" for "Echo by Kito") as these pieces."""
    level = levelled(words)
    pieces = item.text.split()
    if item.role != "typed" or levelled(item.text) in level or not all(levelled(piece) in level for piece in pieces):
        return [item]
    return [Shown(piece, "typed", f"{item.name}_{n}" if item.name else "") for n, piece in enumerate(pieces)] or [item]


def _places(reading: Reading, shown: Sequence[Shown], known_apps: frozenset[str]) -> tuple[list[_Place], str]:
    """Where values stand, longest first, none overlapping; and the app's name as the words give it."""
    taken: list[_Place] = []
    app_spans: list[tuple[int, int]] = []
    app = next((item.text for item in shown if item.role == "app"), "")
    labelled = any(item.role != "unknown" for item in shown)
    for item in sorted(shown, key=lambda item: (-len(item.text.strip()), item.role != "typed")):
        text = item.text.strip()
        if not text or len(text) > len(reading.text):
            continue
        occupied = [(place.start, place.end) for place in taken] + app_spans
        spot = _spot(reading.text, text, occupied)
        if spot is None:
            continue
        if item.role == "app" or (
            item.role not in ("typed", "tapped") and _is_app(reading, spot, item, known_apps, labelled)
        ):
            app = app or reading.text[slice(*spot)]
            app_spans.append(spot)
        elif item.role == "typed" or not _is_button(reading, *spot, written=text):
            taken.append(_Place(*spot, item))
    return taken, app


def _spot(words: str, text: str, occupied: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The first free place: as written and a whole word, as written, whatever the case."""
    escaped = re.escape(text)
    level, low = levelled(words), re.escape(levelled(text))
    whole = ("", "") if unspaced(text) else (r"(?<!\w)", r"(?!\w)")
    tries = [(f"{whole[0]}{escaped}{whole[1]}", words), (f"{whole[0]}{low}{whole[1]}", level)]
    if any(character.isdigit() for character in text) or unspaced(text):
        tries.insert(1, (escaped, words))
    for pattern, source in tries:
        for match in re.finditer(pattern, source):
            if all(match.end() <= start or match.start() >= end for start, end in occupied):
                return match.span()
    return None


def _neighbours(reading: Reading, start: int, end: int) -> tuple[Term | None, Term | None]:
    """The nearest terms outside the place; on the left articles are passed over."""
    left = [term for term in reading.terms if term.end <= start and (term.kind != "glue" or term.entry.is_act)]
    right = [term for term in reading.terms if term.start >= end]
    return (left[-1] if left else None), (right[0] if right else None)


def _is_app(reading: Reading, spot: tuple[int, int], item: Shown, known_apps: frozenset[str], labelled: bool) -> bool:
    """Whether the name stands where an app is named: after a relation or "using", or before "app"."""
    start, end = spot
    left, right = _neighbours(reading, start, end)
    if quoted(reading.text, start, end) or kind_of(item.text.strip(), reading.lexicon) != "text":
        return False
    names = _app_words(reading.lexicon)
    following = [term for term in reading.terms if term.start >= end][:2]
    before_app = any(term.kind == "weak" and term.key in names for term in following[:1]) or (
        len(following) > 1
        and following[1].key in names
        and not following[0].free
        and any(idea.startswith("thing:") for idea in following[0].ideas)
    )  # "the Mapper maps app"
    instrument = left is not None and bool({left.key.replace(" ", ""), left.key.split()[-1]} & reading.lexicon.tools)
    if item.role == "first" or levelled(item.text.strip()) in known_apps:
        kind_follows = right is not None and not right.free and any(i.startswith("thing:") for i in right.ideas)
        return (instrument and not kind_follows) or before_app  # "in the Music folder" is a folder
    if labelled:
        return False
    as_written = reading.text[start:end] == item.text.strip()
    return (instrument and (before_app or not as_written)) or (before_app and not as_written)


def stands_as_tool(words: str, text: str, lexicon: Lexicon) -> bool:
    """Whether the text stands in the words where an app is named: after a tool's relation or before "app"."""
    reading = read(words, lexicon)
    spot = _spot(words, text, ())
    return spot is not None and _is_app(reading, spot, Shown(text), frozenset((levelled(text.strip()),)), False)


def _app_words(lexicon: Lexicon) -> frozenset[str]:
    """Words for "app": those of the first weak entries of the list."""
    return frozenset(" ".join(keys) for keys in lexicon.app_words)


def _is_button(reading: Reading, start: int, end: int, *, written: str) -> bool:
    """Whether the shown text is only a word of the task: all of it in the lexicon, not set off, no typed value.

    `written` is the text as it was shown: "Next" for the task's "next" is a button, whatever the word may mean.
    """
    value = reading.text[start:end]
    if quoted(reading.text, start, end) or kind_of(value, reading.lexicon) != "text":
        return False
    terms = read(value, reading.lexicon).terms
    known = [term for term in terms if term.entry.ideas or term.entry.kinds]
    if len(known) < len(terms):
        return False
    if unspaced(value):  # "中杯" is no button only because each of its signs is a small word elsewhere
        return any(term.entry.ideas or len(term.key) > 1 for term in terms)
    if value.islower():  # buttons are written with a capital; what is left is the app's name or a common noun
        exact = all((tuple(term.key.split())) in reading.lexicon.entries for term in terms)
        # "large size" picks one of several: a value
        picks = any(idea.startswith("trait:") for term in terms for idea in term.ideas)
        return exact and (written != value or not picks)
    ends = ".!?;\n" if value.istitle() and len(terms) > 1 else ".!?:;\n"  # after a colon "Train Ticket" is a value
    inside_sentence = start > 0 and reading.text[:start].rstrip()[-1:] not in ends
    return reading.lexicon.capital_nouns or not inside_sentence


def is_opaque(reading: Reading, start: int, end: int, *, last: bool) -> bool:
    """Whether the value is set off: in quotes, after a colon, or a sentence of its own at the end."""
    if quoted(reading.text, start, end):
        return True
    before = reading.text[:start].rstrip()
    if before[-1:] in (":", "："):
        return True
    if not last or reading.text[end:].strip(" .!?。！？"):
        return False
    inside = reading.within(start, end)
    value = reading.text[start:end]
    if unspaced(value):  # small words are single signs there, and stand in many names
        return any(term.kind == "mark" for term in inside)
    return len(inside) >= 3 and not value.istitle() and any(term.kind in ("glue", "not") for term in inside)


def quoted(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` stands directly in a pair of quotes."""
    return start > 0 and end < len(text) and text[end] in OPENING.get(text[start - 1], "")


def _is_name(reading: Reading, start: int, end: int) -> bool:
    words = reading.text[start:end].split()
    return 0 < len(words) <= 4 and all(word[:1].isupper() for word in words) and not quoted(reading.text, start, end)


def _free_name(kind: ValueKind, taken: set[str]) -> str:
    return next(name for number in range(1, 99) if (name := kind if number == 1 else f"{kind}{number}") not in taken)


def hosts(words: str, slots: Sequence[Slot], lexicon: Lexicon) -> dict[int, tuple[ValueKind, str, int, int, int]]:
    """Slots that are a number inside a typed value: slot -> (kind, unit, which number, start, end of the value)."""
    found: dict[int, tuple[ValueKind, str, int, int, int]] = {}
    for value in find_values(words, lexicon):
        for number, slot in enumerate(slots):
            inside = value.start <= slot.start and slot.end <= value.end
            if inside and (slot.start, slot.end) != (value.start, value.end) and words[slot.start : slot.end].isdigit():
                which = len(re.findall(r"\d+", words[value.start : slot.start]))
                found[number] = (value.kind, value.unit, which, value.start, value.end)
    return found
