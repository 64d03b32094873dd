"""`mobimem eval profile --scale 1000 10000 100000`: what remembering and recalling cost as the memory grows.

Made-up facts of about 40 relations, people, places and things (seeded); questions about them in other words. Each size
is measured twice: with the embedder (Chroma, the question's own encoding included) and without any. Times are of the
public calls, one at a time; memory is the resident set, after the questions, of a process that opened the facts anew.
"""

from __future__ import annotations

import multiprocessing
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from memory.embedding.choose import open_embedder
from memory.profile.memory import ProfileMemory
from memory.profile.records import Saying, Source
from memory.store.store import Store
from mobimem.evals.about import about

QUESTIONS, WRITES = 200, 100


def _words(said: str) -> list[str]:
    return said.split()


_FIRST = _words(
    "Anna Bruno Carla David Elena Felix Greta Henry Irene Jonas Karin Lucas Marta Nils Olga Pavel Rosa Simon "
    "Tara Viktor"
)
_LAST = _words("Adler Bauer Costa Dietz Evans Frank Gomez Huber Ivers Jansen Keller Lang Moreau Novak Olsen Price")
_PLACES = _words("Lisbon Kyoto Austin Turin Bergen Leeds Porto Ghent Lyon Malmo Cork Graz Split Delft Izmir Quito")
_THINGS = _words(
    "espresso sushi jazz chess tennis sailing pottery cycling opera tulips curry hiking poker yoga baking archery"
)
_KINDS = ["small", "big", "quiet", "old", "new", "green", "early", "late", "cheap", "warm"]
_FORMS = (
    ("{who} likes {kind} {thing} place number {n}", "which {thing} place number {n} does {who} like"),
    ("{who}'s desk {n} is in the {place} office", "where is desk {n} of {who}"),
    ("{who} moved to {place} with {n} boxes", "how many boxes came to {place} with {who}"),
    ("{who} plays {thing} with team {n} in {place}", "what does {who} play with team {n}"),
    ("{who} owes me {n} euros for the {thing} trip", "what does {who} owe me for {thing}"),
    ("the {kind} {thing} shop of {who} has the number {n}", "number of the {thing} shop of {who}"),
    ("I met {who} at the {thing} club in {place} on visit {n}", "where did I meet {who} on visit {n}"),
    ("{who} wants a {kind} {thing} book, order {n}", "which book does {who} want in order {n}"),
)


def evaluate(sizes: Sequence[int], encoder: Path | None, *, seed: int = 7) -> dict[str, Any]:
    """All sizes, with the semantic or lexical embedder of the folder `encoder` (if one is given) and without any.

    Returns:
        JSON data: per size the p50 and p95 of a question and of a write in ms, the load in facts per second, hits (the
        asked-for fact is in the first ten), and the resident memory in MB.
    """
    ways = [("without embedding", None)] + ([("with embedding", encoder)] if encoder is not None else [])
    return {
        "eval": "profile scale",
        **about(),
        "seed": seed,
        "embedder": None if encoder is None else open_embedder(encoder).name,
        "sizes": {way: {str(size): measure(size, using, seed=seed) for size in sizes} for way, using in ways},
    }


def measure(size: int, encoder: Path | None, *, seed: int = 7) -> dict[str, Any]:
    """One size. One process loads it, another opens what was left on the disk, asks and writes: its memory is that of
    a program that uses the facts, not of whoever made them up."""
    with tempfile.TemporaryDirectory(prefix="mobimem-scale-") as name:
        folder = Path(name)
        return {**_alone(_load, folder, size, encoder, seed), **_alone(_use, folder, size, encoder, seed)}


def _alone(work: Callable[[Path, int, Path | None, int], dict[str, Any]], *given: Any) -> dict[str, Any]:
    """The work done in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *given).result()


@contextmanager
def _opened(folder: Path, encoder: Path | None) -> Iterator[ProfileMemory]:
    store = Store.open(folder, holder="mobimem eval profile --scale")
    memory = ProfileMemory(store, embedder=None if encoder is None else open_embedder(encoder))
    yield memory
    memory.close()
    store.close()


def _load(folder: Path, size: int, encoder: Path | None, seed: int) -> dict[str, Any]:
    chosen = random.Random(seed)
    made = [made_fact(chosen, number) for number in range(size)]
    with _opened(folder, encoder) as memory:
        start = time.perf_counter()
        for begin in range(0, size, 1_000):
            memory.remember_all(Saying(text, source=Source("imported")) for text, _ in made[begin : begin + 1_000])
            memory.flush()
        return {"load_per_s": round(size / (time.perf_counter() - start))}


def _use(folder: Path, size: int, encoder: Path | None, seed: int) -> dict[str, Any]:
    chosen = random.Random(seed)
    made = [made_fact(chosen, number) for number in range(size)]
    asked = chosen.sample(made, min(QUESTIONS, size))
    more = [made_fact(chosen, size + n) for n in range(WRITES)]
    del made
    hits: list[bool] = []
    with _opened(folder, encoder) as memory:

        def ask(pair: tuple[str, str]) -> None:
            hits.append(any(one.fact.text == pair[0] for one in memory.recall(pair[1], k=10)))

        ask(asked[0])  # what is loaded by the first question is not the question's price
        hits.clear()
        return {
            "question_ms": times(ask, asked),
            "write_ms": times(lambda pair: memory.remember(pair[0]), more),
            "found_in_10": sum(hits) / len(hits),
            "resident_mb": round(_resident_mb()),
        }


def made_fact(chosen: random.Random, number: int) -> tuple[str, str]:
    """A made-up fact and a question it answers. The same `chosen` gives the same ones."""
    parts = {
        "who": f"{chosen.choice(_FIRST)} {chosen.choice(_LAST)}", "place": chosen.choice(_PLACES),
        "thing": chosen.choice(_THINGS), "kind": chosen.choice(_KINDS), "n": number + 10,
    }  # fmt: skip
    fact, question = chosen.choice(_FORMS)
    return fact.format(**parts), question.format(**parts)


def times(call: Callable[[tuple[str, str]], object], pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
    """How long each call took, in ms: how many, the median and the 95th percentile."""
    took = []
    for pair in pairs:
        start = time.perf_counter()
        call(pair)
        took.append(1e3 * (time.perf_counter() - start))
    took.sort()
    return {"n": len(took), "p50": round(took[len(took) // 2], 2), "p95": round(took[int(0.95 * len(took))], 2)}


def _resident_mb() -> float:
    """Now, where the system tells (Linux); else the highest so far."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * 4096 / 1e6
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
