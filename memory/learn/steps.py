"""A recipe's steps and the step book: which step of the book a recorded one is, and the recipe's step back from it.

The book is the one home of steps. A step that was recorded again - in another task, on another day - is the one that is
there already (`replay.recipe.same_step`), so a repair reaches every task that does it. A book's step has no name of a
recipe in it; the recipe gives its own ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from device.actions import OpenApp
from memory.action.forms import slots_of as slots_in_form
from memory.action.steps import StepBook, StepRevision
from memory.experience.template import Template
from replay.recipe import KeyIn, Recipe, Step, TypeInto, same_step, slots_of, step_from_data, step_to_data

_NAMELESS = "step"


def form_of(step: Step) -> str:
    """What the step does as one line with slots; the tree and the chain compare it."""
    target = step.target
    on = f" <{target.entry}>" if target is not None and target.entry else ""
    return f"{step.says}{on.replace('{', '{{').replace('}', '}}')}"


def refer(book: StepBook, steps: Sequence[Step], *, source: str) -> tuple[str, ...]:
    """The book's step for each of these; one that is not there yet is added."""
    known: dict[str, list[str]] = {}
    for revision in book.revisions():
        if book.current(revision.id) is revision:
            known.setdefault(revision.form, []).append(revision.id)
    found = []
    for step in steps:
        form = form_of(step)
        key = next((key for key in known.get(form, ()) if _is(book.current(key), step)), None)
        if key is None:
            key = book.add(form, _data(step), source)
            if not _is(book.current(key), step):  # what was added like this has been revised since
                key = book.add(form, {**_data(step), "again": source}, source)
            known.setdefault(form, []).append(key)
        found.append(key)
    return tuple(found)


def revise(book: StepBook, keys: Sequence[str], steps: Mapping[int, Step], *, source: str) -> tuple[str, ...]:
    """Repairs: these steps, by their index in the task, become the next revision of the book's. Which were revised.

    What the book's current revision is already is no repair.
    """
    revised = []
    for index, step in steps.items():
        if not _is(book.current(keys[index]), step, exactly=True):
            book.revise(keys[index], form_of(step), _data(step), source)
            revised.append(keys[index])
    return tuple(dict.fromkeys(revised))


def steps_of(book: StepBook, keys: Sequence[str], name: str, ids: Sequence[str] = ()) -> tuple[Step, ...]:
    """The current steps of a task, ready to replay, under the recipe's own step ids.

    Raises:
        KeyError: the book has no such step. ValueError: a step holds no recipe step.
    """
    made = []
    for number, key in enumerate(keys, 1):
        revision = book.current(key)
        given = ids[number - 1] if len(ids) == len(keys) else f"{name}-{number:02}"
        made.append(replace(_step(revision), id=given, revision=revision.revision))
    return tuple(made)


def repaired_by_book(book: StepBook, keys: Sequence[str], steps: Sequence[Step]) -> tuple[Step, ...]:
    """A recipe's own steps, those that were repaired in the book since as the book has them.

    A step nobody repaired stays as it was recorded for this recipe: that is the best evidence of it.
    """
    return tuple(_repaired(book.current(key), step) for key, step in zip(keys, steps, strict=True))


def _repaired(revision: StepRevision, own: Step) -> Step:
    if revision.revision == 1 or _is(revision, own, exactly=True):
        return own
    return replace(_step(revision), id=own.id, revision=own.revision + 1)


def recipe_from(template: Template, steps: tuple[Step, ...]) -> Recipe:
    """A template's steps as a recipe of its own, where no recorded one is at hand. Its task are the first words known.

    Raises:
        RecipeInvalid: there are no steps.
    """
    named = [slot for step in steps for part in (step.move, *step.before, *step.after) for slot in slots_of(part)]
    slots = tuple(dict.fromkeys((*template.slots, *named)))
    task = template.phrasings[-1].pattern() if template.phrasings else template.id
    return Recipe(id=template.id, name=template.id, task=task, steps=steps, slots=slots)


def app_of(recipe: Recipe) -> str:
    """The app a recipe runs in: the one it opens first, else the one its first element stands in; "" if unknown."""
    for step in recipe.steps:
        if isinstance(step.move, OpenApp):
            return step.move.package
        if step.target is not None and step.target.page.package:
            return step.target.page.package
    return ""


def typed_slots(step: Step) -> tuple[str, ...]:
    """The slots whose value the step types or keys in."""
    return slots_in_form(step.move.text) if isinstance(step.move, TypeInto | KeyIn) else ()


def _data(step: Step) -> dict[str, object]:
    return step_to_data(replace(step, id=_NAMELESS, revision=1))


def _step(revision: StepRevision) -> Step:
    if revision.data is None:
        raise ValueError(f"step {revision.id} ({revision.form!r}) was learnt as words alone and cannot be replayed")
    return step_from_data({key: value for key, value in revision.data.items() if key != "again"})


def _is(revision: StepRevision, step: Step, *, exactly: bool = False) -> bool:
    if revision.data is None:
        return False
    kept = _step(revision)
    return _data(kept) == _data(step) if exactly else same_step(kept, step)
