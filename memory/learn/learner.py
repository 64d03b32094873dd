"""Learning's door: lessons are offered at once and learnt when there is time, each in one transaction.

    learner = Learner(memory)
    learner.offer(lesson)      # a row in the store; nothing is lost from here on
    learner.work()             # later: what waits becomes templates, steps, tree, chain and statistics

The same lesson twice changes nothing. After a kill -9 in the middle of `work` the lesson waits as before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from device.actions import OpenApp
from memory.experience.induce import Shown
from memory.experience.template import Phrasing, Slot, Template
from memory.learn import lifecycle, queue
from memory.learn.guard import junk, looks_secret, proves
from memory.learn.lesson import Lesson
from memory.learn.queue import Learnt
from memory.learn.steps import app_of, recipe_from, refer, revise, steps_of, typed_slots
from memory.text.lexicon import EMPTY, language_of, lexicons
from memory.text.reading import read
from replay.recipe import Recipe, slots_of

if TYPE_CHECKING:
    from memory.opening import Memory

VALUE_MAX: Final = 80  # characters of a value that may become "the usual": longer ones are texts, not habits
KEY_MAX: Final = 128


def utc_now() -> datetime:
    """The time now, aware."""
    return datetime.now(UTC)


class Learner:
    """Learns into one open memory. Safe to use from several threads: the memory's lock is taken."""

    def __init__(self, memory: Memory, *, now: Callable[[], datetime] = utc_now) -> None:
        self._memory, self._now = memory, now

    def offer(self, lesson: Lesson) -> bool:
        """Lets a lesson wait to be learnt; False if it waits or was learnt already.

        Raises:
            ValueError: its key is longer than KEY_MAX or empty.
        """
        if not 0 < len(lesson.key) <= KEY_MAX:
            raise ValueError(f"a lesson's key has 1 to {KEY_MAX} characters, not {len(lesson.key)}")
        with self._memory.store.write() as connection:
            return queue.put(connection, lesson, now=self._now())

    def unknown(self, keys: list[str]) -> tuple[str, ...]:
        """Those of these keys that neither wait nor were learnt."""
        with self._memory.store.read() as connection:
            found = queue.known(connection, keys)
        return tuple(key for key in keys if key not in found)

    def waiting(self) -> int:
        """How many lessons wait."""
        with self._memory.store.read() as connection:
            return queue.waiting(connection)

    def work(self, limit: int = queue.QUEUE_MAX) -> tuple[Learnt, ...]:
        """Learns what waits, oldest first, at most `limit` lessons; what became of each.

        A lesson that was begun TRIES_MAX times without an end is put aside as refused.
        """
        done = []
        for _ in range(limit):
            with self._memory.store.write() as connection:
                waiting = queue.begin(connection)
            if waiting is None:
                break
            done.append(self._learn(waiting.lesson, waiting.tries))
        return tuple(done)

    def learn(self, lesson: Lesson) -> Learnt:
        """Offers a lesson and works until it is learnt; of one that was learnt before, what became of it then."""
        self.offer(lesson)
        found = next((one for one in self.work() if one.key == lesson.key), None)
        if found is None:
            with self._memory.store.read() as connection:
                found = queue.learnt(connection, lesson.key)
        if found is None:
            raise RuntimeError(f"lesson {lesson.key} left the queue without a result")
        return found

    # --- one lesson --------------------------------------------------------------------------------------------------

    def _learn(self, lesson: Lesson, tries: int) -> Learnt:
        with self._memory.changing(why=lesson.key):
            if tries >= queue.TRIES_MAX:
                learnt = Learnt(lesson.key, "", "refused", f"learning it failed {tries} times")
            elif why := junk(lesson):
                learnt = Learnt(lesson.key, "", "nothing", why)
            elif lesson.kind == "taught" and lesson.recipe is not None:
                learnt = self._taught(lesson, lesson.recipe)
            else:
                learnt = self._ran(lesson)
            with self._memory.store.write() as connection:
                queue.finish(connection, learnt, now=self._now())
        return learnt

    def _taught(self, lesson: Lesson, recipe: Recipe) -> Learnt:
        before = self._template(lesson.name)
        book = self._memory.action.steps
        if before is not None and lesson.repaired and len(before.steps) == len(recipe.steps):
            return self._repaired(lesson, recipe, before)
        steps = refer(book, recipe.steps, source=lesson.key)
        if before is not None and before.steps != steps:
            kept = tuple(one for one in before.phrasings if {slot.name for slot in one.slots} <= set(recipe.slots))
            self._memory.experience.put(lifecycle.shown_again(replace(before, steps=steps, phrasings=kept)))
        self._say(lesson, recipe, steps)
        self._memory.action.file(lesson.name, app_of(recipe))
        self._observe(lesson, recipe)
        says = f"“{self._memory.experience.template(lesson.name).phrasings[0].pattern()}”, {len(steps)} steps"
        return Learnt(lesson.key, lesson.name, "learnt" if before is None else "revised", says)

    def _say(self, lesson: Lesson, recipe: Recipe, steps: tuple[str, ...]) -> None:
        """The words of a lesson become a phrasing of its template."""
        experience = self._memory.experience
        if lesson.values or not lesson.said:
            known = self._template(lesson.name)
            if known is not None and lesson.said and not known.values:  # only names stood for values so far
                experience.put(replace(known, phrasings=()))
            experience.learn(lesson.name, lesson.words, shown_of(lesson, recipe), steps=steps)
        else:  # a recipe without its demonstration: the slots' names stand for values nobody knows
            made = experience.learn_phrasing(lesson.name, _by_names(lesson), steps=steps)
            experience.put(replace(made, values={}))

    def _repaired(self, lesson: Lesson, recipe: Recipe, before: Template) -> Learnt:
        """The steps that differ get a new revision in the book; whatever refers to them replays it from now on."""
        repairs = {index: recipe.steps[index] for index in lesson.repaired}
        revised = set(revise(self._memory.action.steps, before.steps, repairs, source=lesson.key))
        touched = [one for one in self._memory.experience.templates() if revised & set(one.steps)]
        for template in touched:
            self._memory.experience.put(lifecycle.repaired(template))
        if before.state == "stale":
            self._memory.action.file(lesson.name, app_of(recipe))
        others = ", ".join(sorted(template.id for template in touched if template.id != lesson.name))
        says = f"{len(revised)} steps repaired" + (f", which {others} has too" if others else "")
        return Learnt(lesson.key, lesson.name, "revised" if revised else "nothing", says)

    def _ran(self, lesson: Lesson) -> Learnt:
        before = self._template(lesson.name)
        if before is None:
            return Learnt(lesson.key, "", "nothing", f"no template is called {lesson.name!r}")
        if lesson.outcome == "done":
            return self._succeeded(lesson, before)
        if why := self._not_the_tasks_fault(lesson, before):
            return Learnt(lesson.key, "", "nothing", why)
        after = lifecycle.failed(before)
        self._memory.experience.put(after)
        if after.state == "stale" and before.state != "stale":
            self._memory.action.unfile(lesson.name)
            return Learnt(
                lesson.key, lesson.name, "failed", f"failed {after.failures} times in a row: not replayed now"
            )
        return Learnt(lesson.key, lesson.name, "failed", f"failed {after.failures} times in a row")

    def _succeeded(self, lesson: Lesson, before: Template) -> Learnt:
        recipe = self._recipe(before)
        values = {slot: value for slot, value in lesson.values.items() if not looks_secret(value)}
        after = lifecycle.confirmed(before, values, proven=proves(recipe))
        self._memory.experience.put(after)
        says: str = after.state if after.state != before.state else "once more"
        if lesson.words and self._is_new_wording(lesson, after):
            made = self._memory.experience.learn(lesson.name, lesson.words, shown_of(lesson, recipe), steps=after.steps)
            # what was said for a value ("mum") is none: the value it stood for is among those of `after`
            self._memory.experience.put(replace(made, values=after.values, uses=after.uses))
            says += ", and known by these words too"
        self._memory.action.file(lesson.name, app_of(recipe))
        self._observe(lesson, recipe)
        return Learnt(lesson.key, lesson.name, "confirmed", says)

    def _is_new_wording(self, lesson: Lesson, template: Template) -> bool:
        """Whether no phrasing of the template reads like this yet; only with every slot's value in the words."""
        if lesson.said.keys() != set(template.slots):
            return False
        pattern = _by_names(lesson)
        return pattern.words != "" and pattern.pattern() not in {one.pattern() for one in template.phrasings}

    def _not_the_tasks_fault(self, lesson: Lesson, template: Template) -> str:
        """Why a failure says nothing about the task; "" if it does."""
        if lesson.outcome != "stopped" or lesson.failed_at is None:
            return f"it ended as {lesson.outcome}: that says nothing about the task"
        if lesson.excuse:
            return f"{lesson.excuse}: that says nothing about the task"
        steps = steps_of(self._memory.action.steps, template.steps, template.id)
        if not 0 <= lesson.failed_at < len(steps):
            return "it stopped at a step the task has not any more"
        for slot in sorted(slots_of(steps[lesson.failed_at].move)):
            value = lesson.values.get(slot, "")
            if value not in template.values.get(slot, ()):
                return f"{value!r} was never seen as {slot}: it may not be there"
        return ""

    def _observe(self, lesson: Lesson, recipe: Recipe) -> None:
        """What the run used counts for "the usual": what was chosen, and what was typed if it is no sentence."""
        typed = {slot for step in recipe.steps for slot in typed_slots(step)}
        habits = {
            slot: value
            for slot, value in lesson.values.items()
            if slot not in lesson.read_off
            and not looks_secret(value)
            and len(value) <= VALUE_MAX
            and not (slot in typed and _is_sentence(value))
        }
        at = datetime.fromisoformat(lesson.at) if lesson.at else self._now()
        if habits:
            self._memory.profile.observe_run(habits, app=app_of(recipe), run=lesson.key, at=at)
        for said, value in lesson.answered.items():
            if not looks_secret(value) and len(value) <= VALUE_MAX:
                self._memory.profile.observe_answer(said, value, app=app_of(recipe), run=lesson.key, at=at)

    def _template(self, name: str) -> Template | None:
        try:
            return self._memory.experience.template(name)
        except KeyError:
            return None

    def _recipe(self, template: Template) -> Recipe:
        steps = steps_of(self._memory.action.steps, template.steps, template.id)
        return recipe_from(template, steps)


def shown_of(lesson: Lesson, recipe: Recipe) -> tuple[Shown, ...]:
    """What the steps typed and tapped of these words, slot by slot, and the app's name."""
    typed = {slot for step in recipe.steps for slot in typed_slots(step)}
    shown = [Shown(value, "typed" if slot in typed else "tapped", slot) for slot, value in lesson.said.items()]
    opened = next((step for step in recipe.steps if isinstance(step.move, OpenApp)), None)
    if opened is not None and isinstance(opened.move, OpenApp):
        name = opened.says.partition(" ")[2]
        shown += [Shown(name, "app")] if name and name != opened.move.package else []
    return tuple(shown)


def _is_sentence(value: str) -> bool:
    """Whether a text says something - it has articles, pronouns and the like - and does not only name a thing."""
    lexicon = lexicons().get(language_of(value), EMPTY)
    return "\n" in value or any(term.kind == "glue" for term in read(value, lexicon).terms)


def _by_names(lesson: Lesson) -> Phrasing:
    """The words as a phrasing whose slots are where the said values stand, in order, longest first."""
    places: list[tuple[int, int, str]] = []
    for slot, value in sorted(lesson.said.items(), key=lambda item: -len(item[1])):
        start = lesson.words.find(value)
        while start >= 0 and any(begin < start + len(value) and start < end for begin, end, _ in places):
            start = lesson.words.find(value, start + 1)
        if start >= 0 and value:
            places.append((start, start + len(value), slot))
    slots = tuple(Slot(slot, start, end, "text") for start, end, slot in sorted(places))
    return Phrasing(lesson.words, slots, language_of(lesson.words))
