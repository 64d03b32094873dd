"""`mobimem eval profile --duplicates`: are wordings of one fact merged, and do near-equal different facts stay apart?

Two sets of made-up statements (seeded). *Wordings*: facts of 20 everyday kinds, each said in three ways. *Pairs*: two
statements that differ in one word only - an entity, a number, a negation or a date. Counted is what is left in the
store, closed facts included, for a closed one is still told apart.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from memory.embedding.embedder import Embedder
from memory.profile.memory import ProfileMemory, in_memory_vectors
from memory.profile.records import Saying, Source
from memory.store.store import Store
from mobimem.evals.about import about


def _words(said: str) -> list[str]:
    return said.split()


_NAMES = _words(
    "Alice Boris Chloe Dmitri Emma Farid Gina Hassan Ingrid Javier Keiko Liam Mona Nadia Omar Petra Quentin "
    "Rita Sven Tomas Ursula Vera Walter Xenia Yusuf Zoe"
)
_FAMILY = _words(
    "Abbott Becker Carter Duval Ericson Farrell Gruber Hansen Ito Jacobs Kovacs Larsen Meyer Nakamura Oduya"
)
_CITIES = _words("Paris Rome Madrid Oslo Vienna Prague Dublin Athens Warsaw Helsinki Lisbon Bern Zagreb Tallinn Riga")
_FIRMS = _words("Siemens Nokia Bosch Philips Lego Ikea Airbus Roche Shell Adidas Volvo Garmin Sony Intel Canon")
_FOODS = _words(
    "sushi pizza ramen curry tacos paella risotto falafel goulash kimchi lasagna dumplings pancakes waffles"
)
_SPORTS = ["tennis", "chess", "hockey", "rugby", "golf", "badminton", "squash", "volleyball", "judo", "polo"]
_COLOURS = ["blue", "green", "yellow", "purple", "orange", "crimson", "turquoise", "beige", "magenta", "teal"]
_MONTHS = _words("January February March April May June July August September October November December")

WORDINGS = (
    ("{who} lives in {city}", "{who} resides in {city}", "{who}'s home is in {city}"),
    ("{who}'s birthday is {month} {day}", "{who} was born on {month} {day}", "the birthday of {who} is {day} {month}"),
    ("{who}'s favourite colour is {colour}", "{colour} is {who}'s favorite color", "{who}'s fave color is {colour}"),
    ("{who} works for {firm}", "{who} is employed by {firm}", "{who} works at {firm}"),
    ("{who} loves {food}", "{who} is fond of {food}", "{who} really enjoys {food}"),
    ("{who} is allergic to {food}", "{who} has an allergy to {food}", "{who}'s allergy is {food}"),
    ("{who}'s phone number is {number}", "the phone number of {who} is {number}", "{number} is {who}'s mobile number"),
    ("{who} drives a {colour} car", "{who} is driving a {colour} car", "the car {who} drives is {colour}"),
    ("{who} plays {sport}", "{sport} is what {who} plays", "{who} usually plays {sport}"),
    ("{who} hates {food}", "{who} can't stand {food}", "{who} dislikes {food}"),
    ("I owe {who} {number} euros", "I currently owe {who} {number} euros", "the euros I owe {who} are {number}"),
    ("my meeting with {who} is at {hour}", "I have a meeting with {who} at {hour}", "I am meeting {who} at {hour}"),
    ("{who} eats {food} every {weekday}", "each {weekday} {who} eats {food}", "on every {weekday} {who} eats {food}"),
    ("{who} is married to {other}", "{who} and {other} are married", "{who} has been married to {other}"),
    ("the code of {who} is {number}", "{who}'s code is {number}", "{who}'s pin code is {number}"),
    ("{who} was born in {city}", "{who} comes from {city}", "{who} is from {city}"),
    ("{who} takes {day} pills in the morning", "mornings {who} takes {day} pills", "{who} takes {day} pills mornings"),
    ("{who} parks on level {day}", "{who} always parks on level {day}", "level {day} is where {who} parks"),
    ("{who} speaks {language}", "{who} is fluent in {language}", "{who} speaks {language} very well"),
    ("I visit {who} on {month} {day}", "on {month} {day} I visit {who}", "on {day} {month} I am going to see {who}"),
)  # fmt: skip
_LANGUAGES = ["French", "Polish", "Arabic", "Finnish", "Korean", "Greek", "Turkish", "Danish", "Hungarian", "Swahili"]
_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def evaluate(embedder: Embedder | None = None, *, n: int = 1_000, seed: int = 11) -> dict[str, Any]:
    """Both measures.

    Returns:
        JSON data: `wordings` with the facts left of n in three wordings each and the sources kept of 3 n; `pairs` with
        those of n that stayed apart, by what they differ in.
    """
    return {
        "eval": "profile duplicates",
        **about(),
        "seed": seed,
        "wordings": _wordings(embedder, n, random.Random(seed)),
        "pairs": _pairs(embedder, n, random.Random(seed + 1)),
    }


def wording_sets(n: int, chosen: random.Random) -> list[tuple[str, ...]]:
    """n different facts, each in three wordings."""
    made: dict[str, tuple[str, ...]] = {}
    while len(made) < n:
        parts = _parts(chosen)
        said = tuple(form.format(**parts) for form in chosen.choice(WORDINGS))
        made.setdefault(said[0], said)
    return list(made.values())


def different_pairs(n: int, chosen: random.Random) -> list[tuple[str, str, str]]:
    """n pairs of different facts: (what differs, one, other)."""
    made: list[tuple[str, str, str]] = []
    while len(made) < n:
        parts, form = _parts(chosen), chosen.choice(WORDINGS)[0]
        kind = ("entity", "number", "negation", "date")[len(made) % 4]
        fields = {"entity": ("who", "city", "food", "firm", "colour", "sport"), "number": ("number", "day", "hour"),
                  "negation": (), "date": ("month", "day", "weekday")}[kind]  # fmt: skip
        one = form.format(**parts)
        if kind == "negation":
            other = _negated(one)
        else:
            inside = [name for name in fields if "{" + name + "}" in form and ("{month}" in form or kind != "date")]
            if not inside:
                continue
            changed = chosen.choice(inside)
            other = form.format(**(parts | {changed: _parts(chosen)[changed]}))
        if other != one:
            made.append((kind, one, other))
    return made


def _wordings(embedder: Embedder | None, n: int, chosen: random.Random) -> dict[str, Any]:
    sets = wording_sets(n, chosen)
    order = [text for said in sets for text in said]
    chosen.shuffle(order)
    left, sources = _stored(embedder, order)
    return {"n": n, "said": len(order), "facts": left, "sources": sources}


def _pairs(embedder: Embedder | None, n: int, chosen: random.Random) -> dict[str, Any]:
    apart: dict[str, list[bool]] = {}
    with tempfile.TemporaryDirectory(prefix="mobimem-duplicates-") as folder, _memory(embedder, Path(folder)) as memory:
        for kind, one, other in different_pairs(n, chosen):
            told = memory.remember_all([Saying(one), Saying(other)])
            apart.setdefault(kind, []).append(told[0].uid != told[1].uid)
            memory.forget(list({remembered.uid for remembered in told}))
    kept = {kind: f"{sum(row)} of {len(row)}" for kind, row in apart.items()}
    return {"n": n, "apart": sum(sum(row) for row in apart.values()), "by_difference": kept}


def _stored(embedder: Embedder | None, texts: Sequence[str]) -> tuple[int, int]:
    """The facts and the sources that these statements leave in a new memory."""
    with tempfile.TemporaryDirectory(prefix="mobimem-duplicates-") as folder, _memory(embedder, Path(folder)) as memory:
        memory.remember_all(Saying(text, source=Source("said")) for text in texts)
        counted = memory.stats()
    return int(counted["facts"]), int(counted["sources"])


@contextmanager
def _memory(embedder: Embedder | None, folder: Path) -> Iterator[ProfileMemory]:
    store = Store.open(folder, holder="mobimem eval profile --duplicates")
    vectors = in_memory_vectors(embedder) if embedder is not None else None
    memory = ProfileMemory(store, embedder=embedder, vectors=vectors)
    try:
        yield memory
    finally:
        memory.close()
        store.close()


def _parts(chosen: random.Random) -> dict[str, Any]:
    who, other = (f"{chosen.choice(_NAMES)} {chosen.choice(_FAMILY)}" for _ in range(2))
    return {
        "who": who, "other": other, "city": chosen.choice(_CITIES), "firm": chosen.choice(_FIRMS),
        "food": chosen.choice(_FOODS), "sport": chosen.choice(_SPORTS), "colour": chosen.choice(_COLOURS),
        "month": chosen.choice(_MONTHS), "weekday": chosen.choice(_WEEKDAYS), "day": chosen.randint(2, 28),
        "number": chosen.randint(1000, 99999), "hour": chosen.randint(1, 11), "language": chosen.choice(_LANGUAGES),
    }  # fmt: skip


def _negated(text: str) -> str:
    for verb, instead in ((" is ", " is not "), (" are ", " are not "), (" was ", " was not ")):
        if verb in text:
            return text.replace(verb, instead, 1)
    words = text.split(" ")
    for place, word in enumerate(words):
        if word in {"owe", "visit"}:
            return " ".join((*words[:place], "don't", *words[place:]))
        if word.endswith("s") and word[0].islower() and place > 1:
            return " ".join((*words[:place], "does not", word.removesuffix("s"), *words[place + 1 :]))
    return "it is not true that " + text
