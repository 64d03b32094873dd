"""`mobimem eval drift --cases N`: is the right element found on a changed page? The second part of the evaluation.

A *case* is a page, an element on it, one or two changes and a seed: the element is described on the page as it was
(`perception.selector.make_selector`) and sought on the page as it is. A *kind* is an app and a change or a pair of
changes; it counts if at least one case of it came about. Pages are those of the virtual phone's apps (`cases_phone`)
and, with a folder, dumps of real ones (`cases_dumps`); what is changed and how is in `cases_changes`, which cases are
solvable in `cases_rule`. Two systems see every case: strict locating alone, and healing after it. What they answer is

- *located*: strict locating found the true element; *healed*: it did not, and healing found the true element;
- *stopped* (not found) or *asked* (several could be meant);
- *wrong*: another element than the true one, or any element where the true one is gone.

No picture is shown. Everything is drawn from the seed, the app and the kind, so a case is the same in every run,
however many processes share the work.
"""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any, Final

from mobimem.evals.about import about
from mobimem.evals.bounds import upper_bound
from mobimem.evals.cases_changes import CHANGES, DARK, REMOVED, TREE_CHANGES, Turn
from mobimem.evals.cases_dumps import dumps, page_of
from mobimem.evals.cases_phone import APPS, drifted, is_live, routes
from mobimem.evals.cases_rule import EVIDENCE, HELD_BACK, Page, can_be_acted_on, evidence
from mobimem.evals.cases_tree import SAME, Tree, page
from perception.element import Element
from perception.healing import Healed, heal
from perception.locate import Ambiguous, Found, locate
from perception.screen import Screen
from perception.selector import make_selector

DRAWS: Final = 12  # pages and targets tried until the changes of a kind apply
AREA_MAX: Final = 0.6  # of the screen: more is the page and no element of it
ANSWERS: Final = ("located", "healed", "stopped", "asked", "wrong")
TOLD_MAX: Final = 60

Kind = tuple[str, ...]  # one change or two, in the order they are made in


@dataclass(frozen=True, slots=True)
class Case:
    """A page before and after, the element meant, and by what it can be told (`cases_rule`); () if by nothing."""

    source: str
    where: str
    kind: Kind
    seed: int
    then: Page
    now: Page
    key: str
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What the two systems answered. `why` says what a wrong one found or why none was found."""

    source: str
    where: str
    kind: Kind
    seed: int
    key: str
    by: tuple[str, ...]
    strict: str
    healing: str
    why: str
    heal_ms: float


def kinds() -> tuple[Kind, ...]:
    """Every change alone, and every pair."""
    return (*((name,) for name in CHANGES), *combinations(CHANGES, 2))


def evaluate(
    seeds: int,
    *,
    screens: Path | None = None,
    jobs: int = 1,
    held_back: bool = False,
    skip: int = 0,
    sources: Iterable[str] | None = None,
) -> dict[str, Any]:
    """Runs `seeds` cases of every kind; JSON data.

    Args:
        screens: a folder of dumped hierarchies; each package in it is an app more.
        jobs: processes.
        held_back: run what is held back, and only that: its seeds on every app, and its app.
        skip: how many seeds to leave out first: those that were looked at before.
        sources: only these apps.

    Raises:
        ValueError: more seeds than there are, or more than are held back.
    """
    first = skip + (HELD_BACK.seeds.start if held_back else 0)
    if held_back and skip + seeds > len(HELD_BACK.seeds):
        raise ValueError(f"{skip + seeds} seeds asked for, {len(HELD_BACK.seeds)} are held back")
    if not held_back and skip + seeds > HELD_BACK.seeds.start:
        raise ValueError(f"seeds from {HELD_BACK.seeds.start} on are held back: ask for that many or less")
    names = [name for name in _sources(screens) if sources is None or name in set(sources)]
    if not held_back:
        names = [name for name in names if name != HELD_BACK.app]
    work = [(name, screens, range(first, first + seeds)) for name in names]
    judged = [one for some in _spread(work, jobs) for one in some]
    return {
        "eval": "drift cases",
        **about(),
        "seeds": [first, first + seeds],
        "held_back": held_back,
        "sources": {"virtual": sum(name in APPS for name in names), "dumped": sum(name not in APPS for name in names)},
        "kinds": len({(one.source, one.kind) for one in judged}),
        **report(judged),
    }


def _sources(screens: Path | None) -> list[str]:
    return [*APPS, *(_dumps(screens) if screens is not None else ())]


Work = tuple[str, Path | None, range]


def _spread(work: list[Work], jobs: int) -> Iterator[list[Judged]]:
    if jobs == 1:
        yield from map(_run, work)
        return
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(_run, work)


def _run(work: Work) -> list[Judged]:
    """All cases of one app."""
    name, screens, seeds = work
    made = (make(name, kind, seed, screens) for kind in kinds() for seed in seeds)
    return [judge(case) for case in made if case is not None]


# -- making


def make(source: str, kind: Kind, seed: int, screens: Path | None = None) -> Case | None:
    """The case of an app, a kind and a seed; None where the kind applies to none of the pages drawn."""
    rng = Random(f"{source}/{'+'.join(kind)}/{seed}")
    for _ in range(DRAWS):
        case = _drawn(source, kind, seed, screens, rng)
        if case is not None:
            return case
    return None


def _drawn(source: str, kind: Kind, seed: int, screens: Path | None, rng: Random) -> Case | None:
    if source in APPS:
        route = rng.choice(routes(source))
        live = [name for name in kind if is_live(name, source)]
        made = drifted(route, live, rng)
        if not made.applied:
            return None
        where, then, tree, meanings = str(route), made.then, made.now, made.meanings
    elif screens is None or DARK in kind:
        return None
    else:
        where, screen = rng.choice(_dumps(screens)[source])
        then, live = page_of(screen, rng), []
        tree, meanings = then.copied(), frozenset()
    before = page(then)
    left = {node.key for node in tree.walk()}  # a smaller screen may show less; any other change keeps the target
    keys = [key for key in targets(before, then) if key in left or kind == ("other size",)]
    if not keys:
        return None
    turn = Turn(tree, rng.choice(keys), rng, REMOVED in kind, set(meanings))
    rest = [name for name in TREE_CHANGES if name in kind and name not in live]
    for name in rest:
        if tree.find(turn.key) is None or not TREE_CHANGES[name](turn):
            return None
    after = page(tree)
    by = evidence(before, after, turn.key, frozenset(turn.meanings))
    return Case(source, where, kind, seed, before, after, turn.key, by)


@cache
def _dumps(screens: Path) -> dict[str, tuple[tuple[str, Screen], ...]]:
    """The dumps by source; an app of the phone and a dump of that name are two sources."""
    return {f"dumped {package}": found for package, found in dumps(screens).items()}


def targets(shown: Page, tree: Tree) -> list[str]:
    """The keys of what a person can act on in the app: seen, no whole page, and not to be mistaken by its key."""
    whole = tree.size.width_px * tree.size.height_px

    def fits(element: Element) -> bool:
        part = element.bounds.area_px <= AREA_MAX * whole and 2 * (element.end - element.index) <= len(shown.keys)
        return part and element.package == tree.package and can_be_acted_on(element)

    return [key for one in shown.seen() if fits(one) and SAME not in (key := shown.keys[one.index])]


# -- judging


def judge(case: Case) -> Judged:
    """What strict locating answers, and what healing does where strict locating found nothing."""
    then, now = case.then, case.now
    target = then.element(case.key)
    if target is None:
        raise AssertionError(f"{case.key} is not on the page of {case.where}")
    selector = make_selector(then.screen, target)
    answer = locate(now.screen, selector)
    if isinstance(answer, Found):
        right = now.keys[answer.element.index] == case.key
        said = "located" if right else "wrong"
        why = "" if right else f"strict: {_words(answer.element)}"
        return _judged(case, said, said, why, 0.0)
    strict = "asked" if isinstance(answer, Ambiguous) else "stopped"
    start = time.perf_counter()
    healed = heal(then.screen, target, now.screen, selector=selector)
    took = (time.perf_counter() - start) * 1000
    if isinstance(healed, Healed):
        right = now.keys[healed.element.index] == case.key
        why = "" if right else f"healed by {', '.join(healed.by)}: {_words(healed.element)}"
        return _judged(case, strict, "healed" if right else "wrong", why, took)
    unsure = strict == "asked" or healed.kind == "ambiguous"  # that several could be meant is still what a run asks
    return _judged(case, strict, "asked" if unsure else "stopped", healed.why, took)


def _judged(case: Case, strict: str, healing: str, why: str, took_ms: float) -> Judged:
    return Judged(case.source, case.where, case.kind, case.seed, case.key, case.by, strict, healing, why, took_ms)


def _words(element: Element) -> str:
    said = element.text or element.description or element.hint
    return f"{element.short_cls} {said!r} {element.resource_id} {tuple(element.bounds)}"


# -- reporting


def report(judged: list[Judged]) -> dict[str, Any]:
    """The figures: of all cases, and by change, pair and source."""
    times = sorted(one.heal_ms for one in judged if one.heal_ms)
    return {
        "all": row(judged, lambda one: one.healing),
        "strict_alone": row(judged, lambda one: one.strict),
        "by_change": {
            name: row([one for one in judged if name in one.kind], lambda one: one.healing) for name in CHANGES
        },
        "singly": {
            name: row([one for one in judged if one.kind == (name,)], lambda one: one.healing) for name in CHANGES
        },
        "in_pairs": {
            " + ".join(kind): row([one for one in judged if one.kind == kind], lambda one: one.healing)
            for kind in kinds()
            if len(kind) == 2
        },
        "by_source": {
            name: row([one for one in judged if one.source == name], lambda one: one.healing)
            for name in sorted({one.source for one in judged if one.source in APPS})
        }
        | {"dumps": row([one for one in judged if one.source not in APPS], lambda one: one.healing)},
        "by_evidence": {
            name: row([one for one in judged if name in one.by], lambda one: one.healing) for name in EVIDENCE
        },
        "heal_ms": {"n": len(times), "p50": _at(times, 0.5), "p95": _at(times, 0.95)},
        "wrong_cases": [_told(one) for one in judged if one.healing == "wrong"][:TOLD_MAX],
        "missed_cases": [_told(one) for one in judged if one.by and one.healing in ("stopped", "asked")][:TOLD_MAX],
    }


def row(judged: list[Judged], of: Callable[[Judged], str]) -> dict[str, Any]:
    """Counts of the answers with the bound for wrong, and the share found of what is solvable.

    `solvable` is by any reason; `without_picture` leaves out what only its picture tells, which nobody was shown.
    """
    counts = Counter(map(of, judged))
    n = len(judged)
    return (
        {"n": n}
        | {name: counts[name] for name in ANSWERS}
        | {"wrong_upper_95": upper_bound(counts["wrong"], n)}
        | {"solvable": _share([one for one in judged if one.by], of)}
        | {"without_picture": _share([one for one in judged if set(one.by) - {"picture"}], of)}
    )


def _share(judged: list[Judged], of: Callable[[Judged], str]) -> dict[str, Any]:
    found = sum(of(one) in ("located", "healed") for one in judged)
    return {"n": len(judged), "found": found, "share": round(found / len(judged), 4) if judged else None}


def _told(one: Judged) -> dict[str, Any]:
    return {
        "source": one.source, "page": one.where, "changes": list(one.kind), "seed": one.seed, "target": one.key,
        "by": list(one.by), "why": one.why,
    }  # fmt: skip


def _at(times: list[float], share: float) -> float | None:
    return round(times[min(len(times) - 1, int(share * len(times)))], 2) if times else None
