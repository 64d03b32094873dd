"""What is learnt from: one demonstration or one run, as plain data that waits in the store and needs no trace any more.

`lesson_of` reads a trace. Times are ISO 8601; a run's are the machine's local time with its offset where that is known,
for habits follow the owner's clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from memory.action.forms import filled, slots_of
from replay.recipe import Recipe, from_data, to_data
from replay.trace import READ_OFF, Note, Trace

Kind = Literal["taught", "ran"]
FORM: Final = 1  # moves when the plain data changes its form
RECALL: Final = "recall"
"""The topic of a run's note that says which words were asked for, and what of them is which value."""
_DIVERGENCE: Final = "divergence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One thing to learn from.

    Args:
        key: what it is learnt under, once: the same key again changes nothing.
        words: what was said, or "" if it was asked for by name.
        values: by slot, as they were used. `said` are those that stand in the words, as they stand there: a value
            filled from the profile differs ("mum", Maria).
        outcome: a run's, "cut off" where its trace has no end.
        evidence: where the trace comes from, as its header says.
        recipe: what was taught; a run carries none, its template is known.
        repaired: the indexes of the steps that are repairs of the recipe's version before; nothing else differs then.
        failed_at: the index of the step a run stopped at, None if it did not stop at one.
        excuse: why that stop says nothing about the task, "" if it may.
        answered: by what was said for a value, the one the owner named when asked which is meant.
        read_off: slots whose values a screen had said: they are of the words, and no habit of the owner's.
    """

    key: str
    kind: Kind
    name: str
    words: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    outcome: str = "done"
    evidence: str = ""
    at: str = ""
    recipe: Recipe | None = None
    repaired: tuple[int, ...] = ()
    failed_at: int | None = None
    answered: Mapping[str, str] = field(default_factory=dict)
    excuse: str = ""
    read_off: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Plain JSON data; `lesson_from_data` reads it."""
        return {
            "form": FORM, "key": self.key, "kind": self.kind, "name": self.name, "words": self.words,
            "values": dict(self.values), "said": dict(self.said), "outcome": self.outcome, "evidence": self.evidence,
            "at": self.at, "recipe": None if self.recipe is None else to_data(self.recipe),
            "repaired": list(self.repaired), "failed_at": self.failed_at,
            "answered": dict(self.answered), "excuse": self.excuse, "read_off": list(self.read_off),
        }  # fmt: skip


def lesson_from_data(data: Any) -> Lesson:
    """Reads what `Lesson.to_data` made.

    Raises:
        ValueError: another form, or something that does not fit. RecipeInvalid: its recipe does not.
    """
    if not isinstance(data, dict) or data.get("form") != FORM:
        raise ValueError(f"this is no lesson of form {FORM}")
    fields = {name: value for name, value in data.items() if name != "form"}
    try:
        if fields["recipe"] is not None:
            fields["recipe"] = from_data(fields["recipe"])
        slots = {name: tuple(fields.get(name, ())) for name in ("repaired", "read_off")}
        return Lesson(**{**fields, **slots})
    except (KeyError, TypeError) as error:
        raise ValueError(f"the lesson lacks or garbles {error}") from error


def lesson_of(trace: Trace | None, recipe: Recipe, *, key: str, at: str = "", earlier: Sequence[Recipe] = ()) -> Lesson:
    """What was taught: a recipe, with the words and values of the demonstration it came from where there is one.

    Args:
        earlier: the versions of the recipe before this one, oldest first: where only steps were repaired since the
            last, or repairs taken back, the lesson is that repair.
    """
    values = {} if trace is None else dict(trace.header.values)
    samples = {slot: values.get(slot, slot) for slot in recipe.slots}
    words = filled(recipe.task, samples) or ""
    return Lesson(
        key=key, kind="taught", name=recipe.name, words=words, values=values,
        said={slot: samples[slot] for slot in slots_of(recipe.task)},
        outcome="done" if trace is None else _outcome(trace),
        evidence="recipe" if trace is None else trace.header.source,
        at=at or ("" if trace is None else trace.header.started_at), recipe=recipe,
        repaired=repairs(earlier, recipe), read_off=() if trace is None else _read_off(trace),
    )  # fmt: skip


def _read_off(trace: Trace) -> tuple[str, ...]:
    notes = (event for event in trace.events if isinstance(event, Note) and event.topic == READ_OFF)
    return tuple(str(slot) for note in notes for slot in note.data.get("slots", ()))


def lesson_of_run(trace: Trace, *, at: str = "") -> Lesson:
    """What a run showed: that a task was done, or the step it could not do."""
    notes = [event for event in trace.events if isinstance(event, Note)]
    recalled = next((note.data for note in notes if note.topic == RECALL), {})
    parted = next((note.data for note in reversed(notes) if note.topic == _DIVERGENCE), {})
    said = recalled.get("said", {})
    answered = recalled.get("answered", {})
    index = parted.get("index")
    read_off = recalled.get("flows", ())  # slots that held what a screen said: nobody's habit, and no known value
    return Lesson(
        key=trace.content_hash, kind="ran", name=trace.header.name, words=str(recalled.get("words", "")),
        values={slot: value for slot, value in trace.header.values.items() if slot not in read_off},
        said=dict(said) if isinstance(said, dict) else {},
        outcome=_outcome(trace), evidence=trace.header.source, at=at or trace.header.started_at,
        failed_at=index if isinstance(index, int) else None,
        answered=dict(answered) if isinstance(answered, dict) else {},
        excuse=str(parted.get("excuse", "")),
    )  # fmt: skip


def repairs(earlier: Sequence[Recipe], now: Recipe) -> tuple[int, ...]:
    """The indexes of the steps that are later revisions of the last version's, or earlier ones of it brought back.

    None where anything else differs too: then it was taught anew.
    """
    if not earlier:
        return ()
    before = earlier[-1]
    if [step.id for step in before.steps] != [step.id for step in now.steps] or before.slots != now.slots:
        return ()
    changed = [n for n, (old, new) in enumerate(zip(before.steps, now.steps, strict=True)) if old != new]
    once = {(step.id, step.revision): step for recipe in earlier for step in recipe.steps}
    for step, old in ((now.steps[n], before.steps[n]) for n in changed):
        if step.revision <= old.revision and (
            step.revision == old.revision or once.get((step.id, step.revision)) != step
        ):
            return ()
    return tuple(changed)


def _outcome(trace: Trace) -> str:
    return trace.end.outcome if trace.complete and trace.end is not None else "cut off"
