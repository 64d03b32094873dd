"""Use cases: what has been taught - list it, show it, hold it against its hashes, and take it by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mobimem import folders
from mobimem.errors import BadInput, NotDone, OnlyTaughtValues
from replay.dry_run import DryRun, dry_run
from replay.lesson_trace import ADVICE
from replay.library import Entry, Library
from replay.recipe import Recipe
from replay.trace import Note, Trace
from replay.trace_faults import read_sound
from replay.trace_reader import read_trace


@dataclass(frozen=True, slots=True)
class RecipeLine:
    """One recipe in a list. `irreversible` counts the steps that are asked about."""

    name: str
    task: str
    slots: tuple[str, ...]
    steps: int
    irreversible: int
    version: int
    saved_at: str


@dataclass(frozen=True, slots=True)
class RecipesResult:
    """The newest version of each recipe; `damaged` names those that cannot be read."""

    recipes: tuple[RecipeLine, ...]
    damaged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of a recipe; `number` counts from 1."""

    number: int
    id: str
    says: str
    side_effect: str
    checks_before: int
    checks_after: int

    @property
    def for_good(self) -> bool:
        """Whether what it does cannot be undone."""
        return self.side_effect == "irreversible"


@dataclass(frozen=True, slots=True)
class RecipeShown:
    """One recipe. `taught_with` are the values it was shown with, by slot."""

    recipe: RecipeLine
    versions: tuple[int, ...]
    taught_with: Mapping[str, str]
    steps: tuple[StepLine, ...]
    notes: tuple[str, ...]  # what whoever replays it should know


@dataclass(frozen=True, slots=True)
class Verified:
    """A recipe or trace that is what its hashes say."""

    what: str
    content_hash: str
    steps: int
    complete: bool


@dataclass(frozen=True, slots=True)
class Task:
    """A recipe with a value for each slot: ready to run.

    `recall` is kept in the run's journal: which words were asked for, how they were understood, and why; {} where the
    task was asked for by name.
    """

    entry: Entry
    values: Mapping[str, str]
    recall: Mapping[str, Any] = field(default_factory=dict)

    @property
    def recipe(self) -> Recipe:
        """The recipe of its entry."""
        return self.entry.recipe


def library() -> Library:
    """The owner's library."""
    return Library(folders.recipes_folder())


def list_recipes() -> RecipesResult:
    """The newest version of each recipe."""
    kept = library()
    return RecipesResult(tuple(_line(entry) for entry in kept.entries()), kept.damaged())


def show_recipe(name: str, *, version: int | None = None) -> RecipeShown:
    """One recipe, step by step.

    Raises:
        ReplayError: there is none. BadInput: it is the name of a run. RecipeInvalid, TraceError: it is damaged.
    """
    kept = library()
    if not kept.versions(name) and "/" not in name and (folders.runs_folder() / name / "trace").is_dir():
        raise BadInput(
            f"{name!r} is a run, and no recipe", next_step=f"What it did: mobimem replay show {name} --timeline"
        )
    entry = kept.load(name, version)
    steps = tuple(
        StepLine(number, step.id, step.says, step.side_effect, len(step.before), len(step.after))
        for number, step in enumerate(entry.recipe.steps, 1)
    )
    if entry.trace is None:
        return RecipeShown(_line(entry), kept.versions(name), {}, steps, ())
    trace = read_trace(entry.trace, lines_only=True)
    notes = tuple(note.says for note in trace.events if isinstance(note, Note) and note.topic == ADVICE)
    return RecipeShown(_line(entry), kept.versions(name), dict(trace.header.values), steps, notes)


def verify(what: str) -> Verified:
    """Holds a recipe (by name) or a trace (a folder or .zip) against its hashes, and reads every screen of it.

    Raises:
        TraceError, RecipeInvalid: it is not what was written, or cannot be used; names each part.
        BadInput: there is no such thing.
    """
    path = Path(what)
    if path.exists():
        trace = read_sound(path / "trace" if (path / "trace").is_dir() else path)
        return Verified(str(path), trace.content_hash, len(trace.steps()), trace.complete)
    kept = library()
    if (named := kept.named(what)) is None:
        raise BadInput(f"{what!r} is neither a file nor a recipe", next_step="Give a trace's path or a recipe's name.")
    entry = kept.verify(named.name)
    whole: Trace | None = None if entry.trace is None else read_sound(entry.trace)
    return Verified(
        entry.name,
        "" if whole is None else whole.content_hash,
        len(entry.recipe.steps),
        whole is None or whole.complete,
    )


def named_task(name: str, given: Mapping[str, str]) -> Task:
    """The recipe of this name, as it stands in its file, with these values.

    Raises:
        NotDone: there is none. SlotMissing: a slot is left without a value. BadInput: a value for a slot it has not.
    """
    entry = library().named(name)
    if entry is None:
        raise NotDone(
            f"there is no recipe {name!r}",
            next_step="`mobimem replay list` shows what was taught; words instead of a name: `mobimem do WORDS`.",
        )
    refuse_unknown(entry.recipe, given)
    entry.recipe.require(given)
    return Task(entry, given)


def dry_run_recipe(name: str, given: Mapping[str, str] | None = None) -> DryRun:
    """Plays a recipe on the screens it was taught on, with no phone.

    Args:
        given: values by slot; only the taught ones can be played.

    Raises:
        ReplayError: there is no such recipe, or it was kept without screens. BadInput: a value for a slot the recipe
            has not. OnlyTaughtValues: a value that the recorded screens do not show.
    """
    kept, given = library(), given or {}
    entry = kept.load(name)
    refuse_unknown(entry.recipe, given)
    trace = kept.trace_of(name)
    refuse_untaught(entry.recipe, trace.header.values, given)
    return dry_run(entry.recipe, trace)


def refuse_untaught(recipe: Recipe, taught: Mapping[str, str], given: Mapping[str, str]) -> None:
    """Makes sure no value is given that recorded screens do not show.

    Raises:
        OnlyTaughtValues: one is.
    """
    if other := sorted(slot for slot, value in given.items() if taught.get(slot) != value):
        shown = ", ".join(f"{slot}={taught[slot]!r}" for slot in recipe.slots if slot in taught)
        raise OnlyTaughtValues(
            f"the recorded screens only show the taught values ({shown}), no other {', '.join(other)}"
        )


def refuse_unknown(recipe: Recipe, given: Mapping[str, str]) -> None:
    """Makes sure the recipe has all slots that values were given for.

    Raises:
        BadInput: it has not.
    """
    if unknown := set(given) - set(recipe.slots):
        has = ", ".join(recipe.slots) or "none"
        raise BadInput(f"{recipe.name!r} has no slot {', '.join(sorted(unknown))}", next_step=f"Its slots: {has}.")


def _line(entry: Entry) -> RecipeLine:
    recipe = entry.recipe
    irreversible = sum(step.for_good for step in recipe.steps)
    return RecipeLine(
        recipe.name, recipe.task, recipe.slots, len(recipe.steps), irreversible, entry.version, entry.saved_at
    )
