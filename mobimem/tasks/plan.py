"""A plan: the sub-tasks of a task as a graph, with results that flow by name from one into another. Pure.

    look up the price of the wool scarf  ->  {price}        sub-task "look", reads the price off the screen
    text Bob that it costs {price}                          sub-task "text", waits for "look"

A plan is judged whole (`faults`) before anything of it runs: bounded, acyclic, every result made before it is used,
every app and device known. `next_ready` says what may run now; who runs it, and on how many devices, is the caller's.
What a result says comes off a screen: it is put into slots as a value, and never read as words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from mobimem.errors import NotDone
from mobimem.tasks.words import fault_of_words
from perception.words import slots_in
from replay.readout import is_name

Source: TypeAlias = Literal["template", "composition", "model"]
State: TypeAlias = Literal["waiting", "ready", "running", "suspended", "done", "failed", "cancelled"]


class PlanRefused(NotDone):
    """A plan that may not run. Nothing was done."""

    next_step = "Say the parts one by one, or teach them: mobimem teach NAME --task WORDS"


@dataclass(frozen=True, slots=True)
class Bound:
    """How large a plan may be. A person says so much in one breath, and no more; the rest is a mistake."""

    parts: int = 8
    depth: int = 5  # sub-tasks that wait for each other in a row
    words: int = 400  # characters of one sub-task
    results: int = 4  # of one sub-task


@dataclass(frozen=True, slots=True)
class SubTask:
    """One sub-task. `words` may hold `{result}` of another one.

    `source` says where it comes from: a known task that was done as a whole before (template), known tasks put together
    (composition), or a model. `app` is a package, `device` a serial, "" where any will do. `after` names sub-tasks that
    have to be done before, besides those whose results it takes. `check` is what the screen says in the end, as
    far as a model knew; known tasks have checks of their own. `for_good`: it does something that cannot be undone.
    """

    name: str
    words: str
    source: Source
    app: str = ""
    device: str = ""
    results: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    check: str = ""
    for_good: bool = False

    @property
    def uses(self) -> tuple[str, ...]:
        """The results of others that its words name."""
        return tuple(dict.fromkeys(slots_in(self.words)))


@dataclass(frozen=True, slots=True)
class Plan:
    """The sub-tasks of these words, in the order they were said."""

    words: str
    parts: tuple[SubTask, ...]

    def part(self, name: str) -> SubTask:
        """The sub-task of this name.

        Raises:
            KeyError: there is none.
        """
        return next((one for one in self.parts if one.name == name), None) or _missing(name)

    def waits_for(self, part: SubTask) -> tuple[str, ...]:
        """The sub-tasks that have to be done before this one, in order."""
        makers = {result: one.name for one in self.parts for result in one.results}
        return tuple(dict.fromkeys((*part.after, *(makers[use] for use in part.uses if use in makers))))

    def dependents(self, name: str) -> tuple[str, ...]:
        """Everything that waits for a sub-task, directly or through others."""
        found = {name}
        for _ in self.parts:
            found |= {one.name for one in self.parts if found & set(self.waits_for(one))}
        return tuple(one.name for one in self.parts if one.name in found and one.name != name)


@dataclass(frozen=True, slots=True)
class Known:
    """What a plan may name. An empty collection of apps means that the phone does not tell which it has."""

    apps: Collection[str] = ()
    devices: Collection[str] = ()
    bound: Bound = field(default_factory=Bound)


def faults(plan: Plan, known: Known) -> tuple[str, ...]:
    """Everything that is wrong with a plan, each in a sentence; empty for one that may run.

    Looks at most at so many sub-tasks as a plan may have, so that its time is bounded by that and not by the plan.
    """
    bound = known.bound
    if not plan.parts:
        return ("there are no sub-tasks",)
    if len(plan.parts) > bound.parts:
        return (f"{len(plan.parts)} sub-tasks are more than {bound.parts}",)
    found = [*_of_names(plan), *(fault for part in plan.parts for fault in _of_part(part, plan, known))]
    if found:
        return tuple(found)
    if circle := _circle(plan):
        return (f"they wait for each other in a circle: {' -> '.join(circle)}",)
    if (deep := _depth(plan)) > bound.depth:
        return (f"{deep} sub-tasks wait for each other in a row, and {bound.depth} is the most",)
    return ()


def refuse_faulty(plan: Plan, known: Known) -> None:
    """Makes sure the plan may run.

    Raises:
        PlanRefused: it may not; the cause names what is wrong.
    """
    if found := faults(plan, known):
        raise PlanRefused(f"the plan of {plan.words[:80]!r} cannot be done: {'; '.join(found[:4])}")


def next_ready(plan: Plan, states: Mapping[str, State]) -> tuple[str, ...]:
    """The sub-tasks that may run now, in the order they were said.

    One that is not in `states` has not begun. Where one has failed or was cancelled, nothing that waits for it becomes
    ready; whether others still run is the caller's policy.
    """
    return tuple(
        part.name
        for part in plan.parts
        if states.get(part.name, "waiting") in ("waiting", "ready")
        and all(states.get(before) == "done" for before in plan.waits_for(part))
    )


def in_order(plan: Plan) -> tuple[SubTask, ...]:
    """The sub-tasks in an order in which none waits for a later one; of several that may come next, the first said.

    Raises:
        ValueError: they wait for each other in a circle.
    """
    states: dict[str, State] = {}
    made: list[SubTask] = []
    while len(made) < len(plan.parts):
        ready = next_ready(plan, states)
        if not ready:
            raise ValueError(f"{plan.words!r}: its sub-tasks wait for each other in a circle")
        made.append(plan.part(ready[0]))
        states[ready[0]] = "done"
    return tuple(made)


def _of_names(plan: Plan) -> Iterable[str]:
    names = [one.name for one in plan.parts]
    results = [result for one in plan.parts for result in one.results]
    for what, said in (("sub-task", names), ("result", results)):
        yield from (
            f"{one[:40]!r} is no name of a {what}: a to z, 0 to 9 and _, 32 at most"
            for one in dict.fromkeys(said)
            if not is_name(one)
        )
        yield from (f"two {what}s are called {one[:40]!r}" for one in dict.fromkeys(said) if said.count(one) > 1)


def _of_part(part: SubTask, plan: Plan, known: Known) -> Iterable[str]:
    called, bound = part.name[:40], known.bound
    names = {one.name for one in plan.parts}
    made = {result for one in plan.parts for result in one.results}
    if len(part.words) > bound.words:
        yield f"{called} has {len(part.words)} characters, and {bound.words} is the most"
    elif fault := fault_of_words(part.words):
        yield f"the words of {called}: {fault}"
    if len(part.results) > bound.results:
        yield f"{called} has {len(part.results)} results, and {bound.results} is the most"
    if known.apps and part.app not in known.apps and (part.app or part.source == "model"):
        yield f"{called} is to be done in {part.app[:80] or 'no app'}, which is not on the phone"
    if part.device and part.device not in known.devices:
        yield f"{called} is to be done on {part.device[:80]}, which is not connected"
    yield from (f"{called} waits for {one[:40]!r}, which is no sub-task" for one in part.after if one not in names)
    yield from (f"{called} uses {{{one[:40]}}}, which no sub-task makes" for one in part.uses if one not in made)


def _circle(plan: Plan) -> tuple[str, ...]:
    """Names that wait for each other, the first one again at the end; empty where nothing does."""
    waits = {part.name: plan.waits_for(part) for part in plan.parts}
    free: set[str] = set()
    while more := [name for name, before in waits.items() if name not in free and free.issuperset(before)]:
        free.update(more)
    left = [name for name in waits if name not in free]
    if not left:
        return ()
    way = [left[0]]
    while way[-1] not in way[:-1]:
        way.append(next(name for name in waits[way[-1]] if name not in free))
    return tuple(way[way.index(way[-1]) :])


def _depth(plan: Plan) -> int:
    """The longest row of sub-tasks that wait for each other."""
    deep: dict[str, int] = {}
    for part in in_order(plan):
        deep[part.name] = 1 + max((deep[one] for one in plan.waits_for(part)), default=0)
    return max(deep.values())


def _missing(name: str) -> SubTask:
    raise KeyError(name)
