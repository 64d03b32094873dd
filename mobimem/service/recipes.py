"""Use cases: what has been taught - list it, show it, hold it against its hashes, and find it by words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mobimem import folders
from mobimem.errors import BadInput, NotDone, OnlyTaughtValues, OwnerNeeded
from replay.dry_run import DryRun, dry_run
from replay.library import Entry, Library
from replay.recipe import Recipe
from replay.trace import Trace
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
    recipes: tuple[RecipeLine, ...]
    damaged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepLine:
    number: int
    id: str
    says: str
    side_effect: str
    checks_before: int
    checks_after: int


@dataclass(frozen=True, slots=True)
class RecipeShown:
    recipe: RecipeLine
    versions: tuple[int, ...]
    taught_with: Mapping[str, str]
    steps: tuple[StepLine, ...]


@dataclass(frozen=True, slots=True)
class Verified:
    """A recipe or trace that is what its hashes say."""

    what: str
    content_hash: str
    steps: int
    complete: bool


@dataclass(frozen=True, slots=True)
class Task:
    """A recipe with a value for each slot: ready to run."""

    entry: Entry
    values: Mapping[str, str]

    @property
    def recipe(self) -> Recipe:
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
        ReplayError: there is none. RecipeInvalid, TraceError: it is damaged.
    """
    kept = library()
    entry = kept.load(name, version)
    steps = tuple(
        StepLine(number, step.id, step.says, step.side_effect, len(step.before), len(step.after))
        for number, step in enumerate(entry.recipe.steps, 1)
    )
    taught = {} if entry.trace is None else dict(read_trace(entry.trace, lines_only=True).header.values)
    return RecipeShown(_line(entry), kept.versions(name), taught, steps)


def verify(what: str) -> Verified:
    """Holds a recipe (by name) or a trace (a folder or .zip) against its hashes.

    Raises:
        TraceError, RecipeInvalid: it is not what was written; names the part. BadInput: there is no such thing.
    """
    path = Path(what)
    if path.exists():
        trace = read_trace(path / "trace" if (path / "trace").is_dir() else path)
        return Verified(str(path), trace.content_hash, len(trace.steps()), trace.complete)
    kept = library()
    if not kept.find(what):
        raise BadInput(f"{what!r} is neither a file nor a recipe", next_step="Give a trace's path or a recipe's name.")
    entry = kept.verify(kept.find(what)[0].entry.name)
    whole: Trace | None = None if entry.trace is None else read_trace(entry.trace)
    return Verified(
        entry.name,
        "" if whole is None else whole.content_hash,
        len(entry.recipe.steps),
        whole is None or whole.complete,
    )


def find_task(words: str, given: Mapping[str, str]) -> Task:
    """The taught task these words name: a recipe's name, or its phrasing with any values.

    Args:
        given: values by slot; they go before those in the words.

    Raises:
        NotDone: nothing taught fits. OwnerNeeded: several do. SlotMissing: a slot is left without a value.
        BadInput: a value for a slot the recipe has not.
    """
    kept = library()
    matches = kept.find(words)
    if not matches and (unclear := kept.unclear(words)):
        raise OwnerNeeded(
            f"{words!r} fits {', '.join(unclear)}, but it is open which words are which value",
            next_step=f"Say them one by one: mobimem do {unclear[0]} --set SLOT=VALUE …",
        )
    if not matches:
        raise NotDone(
            f"nothing that was taught fits {words!r}",
            next_step="`mobimem replay list` shows what does; `mobimem teach NAME` teaches something new.",
        )
    if len(matches) > 1:
        names = ", ".join(match.entry.name for match in matches)
        raise OwnerNeeded(f"{len(matches)} recipes fit these words: {names}", next_step="Say which: mobimem do NAME")
    entry = matches[0].entry
    values = {**matches[0].values, **given}
    _refuse_unknown(entry, given)
    entry.recipe.require(values)
    return Task(entry, values)


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
    _refuse_unknown(entry, given)
    trace = kept.trace_of(name)
    taught = trace.header.values
    if other := sorted(slot for slot, value in given.items() if taught.get(slot) != value):
        shown = ", ".join(f"{slot}={taught[slot]!r}" for slot in entry.recipe.slots if slot in taught)
        raise OnlyTaughtValues(
            f"the recorded screens only show the taught values ({shown}), no other {', '.join(other)}"
        )
    return dry_run(entry.recipe, trace)


def _refuse_unknown(entry: Entry, given: Mapping[str, str]) -> None:
    if unknown := set(given) - set(entry.recipe.slots):
        has = ", ".join(entry.recipe.slots) or "none"
        raise BadInput(f"{entry.name!r} has no slot {', '.join(sorted(unknown))}", next_step=f"Its slots: {has}.")


def _line(entry: Entry) -> RecipeLine:
    recipe = entry.recipe
    irreversible = sum(step.side_effect == "irreversible" for step in recipe.steps)
    return RecipeLine(
        recipe.name, recipe.task, recipe.slots, len(recipe.steps), irreversible, entry.version, entry.saved_at
    )
