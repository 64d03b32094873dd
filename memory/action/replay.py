"""How much of a task can be replayed for these words: the whole plan, the next step, or nothing.

Words that a template explains exactly give a plan. For other words the next step is replayed while everything that
fits agrees: the tasks in the tree whose steps so far were done and whose words allow these (`support`), or several
tasks that share the segment (`chain`). Without words that fit, only what every task does before any value comes in.
Everything else is asked. Correctness is never traded for rate.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from memory.action.chain import ActChain
from memory.action.forms import abstracted, filled, slots_of
from memory.action.marks import Marks, TaskUse
from memory.action.steps import StepBook
from memory.action.support import allows, speaks_of
from memory.action.tree import ActTree, Place
from memory.experience.induce import Role, Shown, induce
from memory.experience.recall import ExperienceMemory
from memory.experience.template import Match, Phrasing
from memory.text.lexicon import language_of, lexicons
from memory.text.tokens import TEXT_MAX, levelled, unspaced
from memory.text.values import find_values

PLAN_MIN: Final = (
    0.95  # confidence from which a whole plan is replayed unseen: literal words, every value of known form
)
DONE: Final = "done"
AGREE_MIN: Final = 2  # tasks that must share a step before words none of them explains replay it
TASKS_MAX: Final = 20_000  # tasks kept; the least used leave first
GUESSES_KEPT: Final = 1_000  # runs whose unsupported steps are remembered until they end
FAILURES_MAX: Final = 2  # wrong replays after which a task is forgotten


@dataclass(frozen=True, slots=True)
class Did:
    """An action of a run: its canonical text, and the text it typed or tapped if it did."""

    action: str
    text: str = ""
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """All actions for these words, and why."""

    task: str
    actions: tuple[str, ...]
    confidence: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beginning:
    """Steps (by id) that several tasks begin with, the values they take, and those tasks; no steps where there are
    none."""

    steps: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    tasks: tuple[str, ...] = ()


class ActionMemory:
    """Steps of learnt tasks. Holds references only; `steps` is their home. Not thread-safe: one owner."""

    def __init__(self, experience: ExperienceMemory | None = None, *, tree: bool = True, chain: bool = True) -> None:
        self.experience = experience or ExperienceMemory()
        self.steps = StepBook()
        self._use_tree, self._use_chain = tree, chain
        self.tree = ActTree(self._form)
        self.chain = ActChain(self._form)
        self._app: dict[str, str] = {}
        self._blocked: set[str] = set()
        self._guessed: dict[str, set[tuple[str, ...]]] = {}  # words -> where a step was shared without support
        self._misled: set[tuple[str, ...]] = set()  # such places where that went wrong
        self._uses: dict[str, int] = {}
        self._failures: dict[str, int] = {}

    def _form(self, step: str) -> str:
        return self.steps.current(step).form

    # -- learning ------------------------------------------------------------------------------------------------

    def learn(self, words: str, done: Sequence[Did], app: str = "") -> str:
        """Learns a run that ended well and returns the task's id: that of a known task if the steps are its steps."""
        phrasing = self._induced(words, done)
        values = {slot.name: words[slot.start : slot.end] for slot in phrasing.slots}
        forms = [abstracted(item.action, values) for item in done]
        names = {name: f"v{number}" for number, name in enumerate(dict.fromkeys(n for f in forms for n in slots_of(f)))}
        phrasing = _renamed(phrasing, names)
        values = {names[name]: value for name, value in values.items() if name in names}
        steps = tuple(self.steps.add(abstracted(item.action, values)) for item in done)
        task = "t" + hashlib.sha256("\0".join((app, *steps)).encode()).hexdigest()[:16]
        self.experience.learn_phrasing(task, phrasing, steps=steps)
        self.file(task, app)
        self._blocked.discard(levelled(words))
        return task

    def file(self, task: str, app: str) -> None:
        """Takes the steps of a template of `experience` into tree and chain, in place of those it had; counts a use.

        Where there are too many tasks, the least used leave.
        """
        uses = self._uses.get(task, 0)
        self.unfile(task)
        steps = self.experience.template(task).steps
        self.tree.add(app, steps, task)
        self.chain.add(app, steps, task)
        self._app[task] = app
        self._uses[task] = uses + 1
        self._bound_size()

    def unfile(self, task: str) -> None:
        """Takes a task out of tree and chain; its template and steps stay. No effect if it is not there."""
        app = self._app.pop(task, "")
        self.tree.remove(app, task)
        self.chain.remove(app, task)
        self._uses.pop(task, None)
        self._failures.pop(task, None)

    def _induced(self, words: str, done: Sequence[Did]) -> Phrasing:
        words = words[:TEXT_MAX]
        lexicon = lexicons().get(language_of(words)) or next(iter(lexicons().values()))
        shown: dict[str, Shown] = {}
        for number, item in enumerate(done):
            role: Role = "typed" if item.typed else "first" if number == 0 else "tapped"
            if item.text and (item.text not in shown or item.typed):
                shown[item.text] = Shown(item.text, role, f"x{len(shown)}")
        for value in find_values(words, lexicon):
            text = words[value.start : value.end]
            inside = any(text in item.text and text != item.text for item in done)
            if (
                value.kind != "number"
                and inside
                and not any(text in known for known in shown if shown[known].role == "typed")
            ):
                shown[text] = Shown(text, "typed", f"x{len(shown)}")
        return induce(words, shown.values(), lexicon, frozenset())

    def failed(self, words: str, done: Iterable[str]) -> None:
        """A replay for these words went wrong: they are asked from now on, as is what was done without support of the
        words; a task that fails again is forgotten."""
        match = self.experience.match_one(words)
        self._blocked.add(levelled(words))
        self._misled |= self._guessed.pop(levelled(words), set())
        if isinstance(match, Match):
            self._failures[match.template] = self._failures.get(match.template, 0) + 1
            if self._failures[match.template] >= FAILURES_MAX:
                self.forget(match.template)

    def forget(self, task: str) -> None:
        """Removes a task from experience, tree and chain, and steps nothing refers to any more."""
        self.unfile(task)
        self.experience.forget(task)
        self.steps.keep(frozenset(step for template in self.experience.templates() for step in template.steps))

    # -- keeping -------------------------------------------------------------------------------------------------

    def uses(self) -> dict[str, TaskUse]:
        """What is known of every task beside its template."""
        return {
            task: TaskUse(app, self._uses.get(task, 0), self._failures.get(task, 0)) for task, app in self._app.items()
        }

    def marks(self) -> Marks:
        """Where replay is held back after it went wrong."""
        return Marks(frozenset(self._blocked), frozenset(self._misled))

    def unmark(self, concerned: Callable[[str], bool]) -> int:
        """Takes out the marks with a text of which this is true; how many."""
        words = {one for one in self._blocked if concerned(one)}
        places = {place for place in self._misled if any(map(concerned, place))}
        self._blocked -= words
        self._misled -= places
        return len(words) + len(places)

    def restore(self, tasks: Mapping[str, TaskUse], marks: Marks) -> None:
        """Takes up what a store kept; the templates are in `experience` and the revisions in `steps` already."""
        for task, use in tasks.items():
            steps = self.experience.template(task).steps
            self.tree.add(use.app, steps, task)
            self.chain.add(use.app, steps, task)
            self._app[task] = use.app
            self._uses[task] = use.uses
            if use.failures:
                self._failures[task] = use.failures
        self._blocked |= marks.blocked
        self._misled |= marks.misled

    def _bound_size(self) -> None:
        while len(self._uses) > TASKS_MAX:
            self.forget(min(self._uses, key=lambda task: self._uses[task]))

    # -- recall --------------------------------------------------------------------------------------------------

    def plan(self, words: str) -> Plan | None:
        """All actions, if a template explains these words exactly and every value is of a known form."""
        if levelled(words) in self._blocked:
            return None
        match = self.experience.match_one(words)
        if not isinstance(match, Match) or not match.exact or match.confidence < PLAN_MIN:
            return None
        actions = [filled(self._form(step), match.values) for step in self.experience.template(match.template).steps]
        if any(action is None for action in actions):
            return None
        self._uses[match.template] = self._uses.get(match.template, 0) + 1
        return Plan(match.template, tuple(a for a in actions if a is not None), match.confidence, match.reasons)

    def next_step(self, words: str, done: Sequence[str], app: str = "") -> str | None:
        """The next action after those done, DONE at the end, None where it must be asked."""
        if levelled(words) in self._blocked:
            return None
        places = self.tree.walk(app, done) if self._use_tree else []
        allowed = [
            (place, task) for place in places for task in place.node.tasks if self._allows(words, task, place.values)
        ]
        if allowed:
            return self._agreed(allowed)
        guess = self._shared(words, places) or (self.chain.following(app, done) if self._use_chain and done else None)
        at = (app, *done)
        if guess is None or at in self._misled:
            return None
        self._guessed.setdefault(levelled(words), set()).add(at)
        while len(self._guessed) > GUESSES_KEPT:
            del self._guessed[next(iter(self._guessed))]
        return guess

    def _shared(self, words: str, places: Sequence[Place]) -> str | None:
        """What every task these words speak of does here, as long as no value has come in."""
        if any(place.values for place in places):
            return None
        near = [(place, task) for place in places for task in place.node.tasks if self._speaks_of(words, task)]
        following = {self._going_on(place, task) for place, task in near}
        if len({task for _, task in near}) < AGREE_MIN or len(following) != 1 or following == {DONE}:
            return None
        return following.pop()

    def beginning(self, words: str, app: str) -> Beginning:
        """How every task of the app begins that these words speak of, as far as all of them do the same.

        A step that takes a value is one of them where one value that those tasks had before stands in the words.
        """
        if not self._use_tree or levelled(words) in self._blocked:
            return Beginning()
        roots = self.tree.walk(app, ())
        near = frozenset(task for place in roots for task in place.node.tasks if self._speaks_of(words, task))
        if len(near) < AGREE_MIN or not roots:
            return Beginning()
        node, steps, values = roots[0].node, list[str](), dict[str, str]()
        while not near & node.ends:
            edges = [(step, after) for step, after in node.edges.items() if near & after.tasks]
            if len(edges) != 1 or not near <= edges[0][1].tasks:
                break
            step, node = edges[0]
            said = {slot: self._said(words, slot, near) for slot in slots_of(self._form(step)) if slot not in values}
            if not all(said.values()):
                break
            values |= said
            steps.append(step)
        return Beginning(tuple(steps), values, tuple(sorted(near)))

    def _said(self, words: str, slot: str, tasks: Iterable[str]) -> str:
        """The one value these tasks had in a slot that stands in the words, as it stands there; else ""."""
        known = {value for task in tasks for value in self.experience.template(task).values.get(slot, ())}
        level = levelled(words)
        found = {place for value in known if value for place in _places(level, levelled(value))}
        widest = {one for one in found if not any(one != a and a[0] <= one[0] and one[1] <= a[1] for a in found)}
        texts = {words[start:end] for start, end in widest}
        return texts.pop() if len(texts) == 1 else ""

    def _agreed(self, allowed: Sequence[tuple[Place, str]]) -> str | None:
        """What all allowed tasks do next; None if they differ or a value is still open."""
        following = {self._going_on(place, task) for place, task in allowed}
        return following.pop() if len(following) == 1 else None

    def _going_on(self, place: Place, task: str) -> str | None:
        if task in place.node.ends:
            return DONE
        return next(
            (filled(self._form(step), place.values) for step, node in place.node.edges.items() if task in node.tasks),
            None,
        )

    def _speaks_of(self, words: str, task: str) -> bool:
        return speaks_of(words, self.experience.phrasings_of(task))

    def _allows(self, words: str, task: str, values: Mapping[str, str]) -> bool:
        compiled = self.experience.phrasings_of(task)
        slots = frozenset(self.experience.template(task).slots)
        return allows(words, compiled, values, slots)


def _places(words: str, value: str) -> Iterable[tuple[int, int]]:
    """Where a value stands in the words; whole words only, where words have edges."""
    edges = ("", "") if unspaced(value) else (r"(?<!\w)", r"(?!\w)")
    return [found.span() for found in re.finditer(f"{edges[0]}{re.escape(value)}{edges[1]}", words)]


def _renamed(phrasing: Phrasing, names: Mapping[str, str]) -> Phrasing:
    """The phrasing with slots named by the order the steps use them in; slots no step uses are fixed words."""
    slots = tuple(replace(slot, name=names[slot.name]) for slot in phrasing.slots if slot.name in names)
    shown = tuple((text, role, names.get(name, "")) for text, role, name in phrasing.shown)
    return replace(phrasing, slots=slots, shown=shown)
