"""`mobimem eval screen FOLDER`: are screens read, and are elements found again where they are and nowhere else?

The rule: an element is *distinguishable* if it is visible and differs from every other visible element of its screen in
at least one piece of evidence of `perception.selector.PIECES` (texts, id, class and role, its list row, what it holds,
its neighbour, the chain of classes above it). The other visible elements differ by nothing but their position among
equals; they are counted apart (`by_position`). A selector is made for every one on its own screen and sought there and
on every other screen. A find on another file is a false find; those on files of the same package whose identity is the
same page are also counted apart, for there the page itself cannot be told. Translation only: every answer is the public
API's.
"""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mobimem.evals.about import about
from perception.element import Element
from perception.errors import HierarchyRefused
from perception.identity import identity, same_page
from perception.locate import Ambiguous, Found, NotFound, locate
from perception.screen import Screen, parse_hierarchy
from perception.selector import Selector, make_selector

TIMED_RUNS = 9


def evaluate(folder: Path) -> dict[str, Any]:
    """Reads every `*.xml` of the folder and returns the figures as JSON data: shares with n, times in ms."""
    files = {path.name: path.read_bytes() for path in sorted(folder.glob("*.xml"))}
    screens: dict[str, Screen] = {}
    refused: dict[str, str] = {}
    for name, data in files.items():
        try:
            screens[name] = parse_hierarchy(data)
        except HierarchyRefused as error:
            refused[name] = f"{type(error).__name__}: {error.cause}"
    times = _times({name: files[name] for name in screens})  # first: before a large heap slows the collector down
    selectors = {
        name: [(element, make_selector(screen, element)) for element in screen.visible_elements()]
        for name, screen in screens.items()
    }
    return {
        "eval": "screen",
        **about(),
        "folder": folder.name,
        "files": len(files),
        "parsed": len(screens),
        "refused": refused,
        "truncated": [name for name, screen in screens.items() if screen.truncated],
        "elements": sum(len(screen.elements) for screen in screens.values()),
        **_found(screens, selectors),
        **_false_finds(screens, selectors),
        "ms_per_1000_nodes": times,
    }


def _found(screens: dict[str, Screen], selectors: dict[str, list[tuple[Element, Selector]]]) -> dict[str, Any]:
    told: Counter[str] = Counter()
    position: Counter[str] = Counter()
    misses: list[str] = []
    for name, made in selectors.items():
        for element, selector in made:
            answer = _outcome(screens[name], element, selector)
            (told if selector.twins == 1 else position)[answer] += 1
            if answer != "found" and len(misses) < 50:
                misses.append(f"{name}#{element.index}: {answer}")
    return {"distinguishable": _shares(told), "by_position": _shares(position), "misses": misses}


def _outcome(screen: Screen, element: Element, selector: Selector) -> str:
    match locate(screen, selector):
        case Found(element=found):
            return "found" if found is element else "wrong"
        case Ambiguous():
            return "ambiguous"
        case NotFound():
            return "not_found"


def _shares(counts: Counter[str]) -> dict[str, Any]:
    n = counts.total()
    kinds = ("found", "ambiguous", "wrong", "not_found")
    return {
        "n": n,
        **{kind: counts[kind] for kind in kinds},
        "found_share": round(counts["found"] / n, 5) if n else None,
    }


def _false_finds(screens: dict[str, Screen], selectors: dict[str, list[tuple[Element, Selector]]]) -> dict[str, Any]:
    sought = false = same_sought = same_false = 0
    where: Counter[str] = Counter()
    for name, made in selectors.items():
        for other, screen in screens.items():
            if other == name:
                continue
            same = same_page(identity(screens[name]), identity(screen))
            finds = sum(isinstance(locate(screen, selector), Found) for _, selector in made)
            sought, false = sought + len(made), false + finds
            same_sought, same_false = same_sought + same * len(made), same_false + same * finds
            if finds:
                where[f"{name} on {other}"] += finds
    return {
        "other_screens": {"n": sought, "false_finds": false, "where": dict(where)},
        "of_these_same_identity": {"n": same_sought, "finds": same_false},
    }


def _times(files: dict[str, bytes]) -> dict[str, Any]:
    """Time for the whole folder per 1,000 nodes, one locate for each screen: median and best of the runs."""
    nodes, wanted = 0, {}
    for name, data in files.items():
        screen = parse_hierarchy(data)
        nodes += len(screen.elements)
        if visible := screen.visible_elements():
            wanted[name] = make_selector(screen, visible[len(visible) // 2])
    runs: dict[str, list[float]] = {"parse": [], "identify": [], "locate": [], "together": []}
    for _ in range(TIMED_RUNS):
        spent: Counter[str] = Counter()
        for name, data in files.items():
            start = time.perf_counter_ns()
            screen = parse_hierarchy(data)
            parsed = time.perf_counter_ns()
            identity(screen)
            identified = time.perf_counter_ns()
            if name in wanted:
                locate(screen, wanted[name])
            spent["parse"] += parsed - start
            spent["identify"] += identified - parsed
            spent["locate"] += time.perf_counter_ns() - identified
        for part in ("parse", "identify", "locate"):
            runs[part].append(spent[part])
        runs["together"].append(sum(spent.values()))

    def per_1000(pick: Callable[[list[float]], float]) -> dict[str, float]:
        return {part: round(pick(took) / nodes / 1e3, 3) for part, took in runs.items()} if nodes else {}

    return {"nodes": nodes, "runs": TIMED_RUNS, "median": per_1000(statistics.median), "best": per_1000(min)}
