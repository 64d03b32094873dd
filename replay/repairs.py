"""Repairs: what healing changed of a recipe's steps, kept beside it, applied as a new version, and taken back.

    <library>/<name>/repairs/<id>/repair.json    the step before and after, the evidence, the run, what became of it
                                  <hash>.xml.gz  the screens it was told from: as recorded, as found, and after the step

A healed step proposes a repair. After a run in which every check held it is accepted by itself, unless the step is
irreversible: that waits for the owner, as does every repair of a run that was not done. Accepting makes a new version
of the recipe with the step's next revision; reverting makes one with the step as it was before. Both may be said twice.
Earlier versions, and traces, stay as they are. Never runs anything and never touches a device.
"""

from __future__ import annotations

import dataclasses
import gzip
import json
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from perception.screen import Screen
from replay.errors import RecipeInvalid, ReplayError, TraceDamaged
from replay.healing import Mended, Recorded, with_step
from replay.library import Entry, Library, file_name
from replay.private_files import private_folder, sync_folder, write_private
from replay.recipe import Recipe, Step, step_from_data, step_to_data
from replay.timeline import Screens, reading_of_seen
from replay.trace import Note, ScreenSeen, Trace, hierarchy_hash
from replay.trace_reader import read_trace

REPAIR_VERSION = 1
Status = Literal["proposed", "accepted", "reverted"]
_HINT = "`mobimem replay repairs list` shows what there is."


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a repair's history."""

    status: Status
    at: str
    by: str
    version: int  # of the recipe from then on; 0 while it is only proposed


@dataclass(frozen=True, slots=True)
class Repair:
    """One step that was found again. `evidence` is what the run noted: by what, old beside new, piece by piece.

    `needs_owner` says why it is not accepted by itself; "" if it was. `screens` are the readings it was told from:
    `then` as recorded, `now` as found, `after` the step; those that were not recorded are missing.
    """

    id: str
    name: str
    run: str
    at: str
    verified: bool
    values: Mapping[str, str]
    old: Step
    new: Step
    evidence: tuple[Mapping[str, Any], ...]
    needs_owner: str
    screens: Mapping[str, ScreenSeen]
    history: tuple[Change, ...]
    folder: Path

    @property
    def status(self) -> Status:
        """What became of it so far."""
        return self.history[-1].status

    def screen(self, which: str) -> Screen | None:
        """The screen of that name, read from its file; None if it was not recorded.

        Raises:
            TraceDamaged: its file is missing or is not what was kept.
        """
        seen = self.screens.get(which)
        if seen is None:
            return None
        try:
            text = gzip.decompress((self.folder / f"{seen.hierarchy}.xml.gz").read_bytes()).decode()
        except (OSError, EOFError, ValueError) as error:
            raise TraceDamaged(f"screen {which!r} of repair {self.id} cannot be read ({error})") from error
        if hierarchy_hash(text) != seen.hierarchy:
            raise TraceDamaged(f"screen {which!r} of repair {self.id} was changed after it was kept")
        return Screen.of(reading_of_seen({seen.hierarchy: text}, seen))


class Repairs:
    """The repairs of one library."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def propose(self, entry: Entry, mended: Sequence[Mended], trace: Path, *, at: datetime) -> tuple[Repair, ...]:
        """Keeps what a run healed, and accepts what its success has verified. Saying it twice changes nothing.

        Args:
            entry: the recipe the run replayed.
            trace: the run's journal, ended.
        """
        journal = read_trace(trace)
        passing = {one.index for one in mended if not one.lasting}  # true of one picture: nothing to write back
        done = journal.end is not None and journal.end.outcome == "done"
        made = [
            self._keep(entry, [one for one in mended if one.index == index], journal, verified=done, at=at)
            for index in sorted({one.index for one in mended} - passing)
            if index < len(entry.recipe.steps) and entry.recipe.steps[index].id == _last(mended, index).step.id
        ]
        ready = [one for one in made if one.status == "proposed" and not one.needs_owner]
        if ready:
            self._apply(ready, "accepted", [one.new for one in ready], by="a run that was done and checked", at=at)
        return tuple(self.load(one.id) for one in made)

    def all(self, name: str | None = None) -> tuple[Repair, ...]:
        """Every repair, oldest first; of one recipe, if a name is given.

        Raises:
            ReplayError: there is no such recipe.
        """
        if name is not None:
            return self.about(self._library.load(name))
        return _by_age(map(_read, self._folders(None)))

    def about(self, entry: Entry) -> tuple[Repair, ...]:
        """The repairs of a recipe, oldest first; none where it is in no library."""
        return _by_age(map(_read, self._folders(file_name(entry.name))))

    def load(self, repair_id: str) -> Repair:
        """One repair by its id.

        Raises:
            ReplayError: there is none. RecipeInvalid: its file is damaged.
        """
        for folder in self._folders(None):
            if folder.name == repair_id:
                return _read(folder)
        raise ReplayError(f"there is no repair {repair_id!r}", next_step=_HINT)

    def accept(self, repair_id: str, *, at: datetime) -> Repair:
        """Makes the repair a new version of its recipe. Nothing happens if it is accepted already.

        Raises:
            ReplayError: the step was changed since, or there is no such repair.
        """
        repair = self.load(repair_id)
        if repair.status != "accepted":
            self._apply([repair], "accepted", [repair.new], by="the owner", at=at)
        return self.load(repair_id)

    def revert(self, repair_id: str, *, at: datetime) -> Repair:
        """Brings the step back to what it was before, as a new version. Nothing happens if it is reverted already.

        One that was only proposed is put aside: it will not be accepted by itself.

        Raises:
            ReplayError: a later repair of the step stands on it, or there is no such repair.
        """
        repair = self.load(repair_id)
        if repair.status == "accepted":
            self._apply([repair], "reverted", [repair.old], by="the owner", at=at)
        elif repair.status == "proposed":
            self._note(repair, Change("reverted", at.isoformat(), "the owner", 0))
        return self.load(repair_id)

    # -- inside

    def _apply(
        self, repairs: Sequence[Repair], status: Literal["accepted", "reverted"], steps: Sequence[Step], *, by: str,
        at: datetime,
    ) -> None:  # fmt: skip
        """Saves the recipe with these steps, all in one version, and then says so in the repairs."""
        entry = self._library.load(repairs[0].name)
        recipe = entry.recipe
        for repair, step in zip(repairs, steps, strict=True):
            recipe = _with(recipe, repair, step, expected=repair.old if status == "accepted" else repair.new)
        version = self._library.save(recipe, entry.trace, at=at).version
        for repair in repairs:
            self._note(repair, Change(status, at.isoformat(), by, version))

    def _keep(self, entry: Entry, mended: list[Mended], run: Trace, *, verified: bool, at: datetime) -> Repair:
        index = mended[0].index
        old = entry.recipe.steps[index]
        home = private_folder(self._library.folder / file_name(entry.name) / "repairs")
        folder = home / f"{run.header.trace_id}-{index + 1:02}"
        if folder.exists():
            return _read(folder)
        needs = "" if verified else "the run was not done"
        if old.for_good:
            needs = "what it does cannot be undone"
        screens = {**_taught_screens(self, entry, index), **_run_screens(run, mended)}
        repair = Repair(
            id=folder.name, name=entry.name, run=run.header.trace_id, at=at.isoformat(), verified=verified,
            values=dict(run.header.values), old=old, new=replace(mended[-1].step, revision=old.revision + 1),
            evidence=tuple({**one.to_data(), "says": one.says} for one in mended), needs_owner=needs,
            screens={which: seen for which, (seen, _) in screens.items()},
            history=(Change("proposed", at.isoformat(), f"run {run.header.trace_id}", 0),), folder=folder,
        )  # fmt: skip
        fresh = private_folder(home / f".new-{secrets.token_hex(6)}")
        try:
            for seen, text in screens.values():
                (fresh / f"{seen.hierarchy}.xml.gz").write_bytes(gzip.compress(text.encode(), 5, mtime=0))
            write_private(fresh / "repair.json", _written(repair))
            fresh.rename(folder)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        sync_folder(home)
        return _read(folder)

    def _note(self, repair: Repair, change: Change) -> None:
        changed = replace(self.load(repair.id), history=(*repair.history, change))
        write_private(repair.folder / "repair.json", _written(changed), replace=True)

    def _folders(self, only: str | None) -> Iterator[Path]:
        if not self._library.folder.is_dir():
            return
        for shelf in sorted(self._library.folder.iterdir()):
            home = shelf / "repairs"
            if home.is_dir() and only in (None, shelf.name):
                yield from (one for one in sorted(home.iterdir()) if (one / "repair.json").is_file())


def recorded_of(library: Library, entry: Entry) -> Mapping[str, Recorded]:
    """What each step of a recipe was recorded with: its demonstration, or the repair it is now what it is by.

    Raises:
        TraceError: the demonstration is damaged.
    """
    found: dict[str, Recorded] = {}
    if entry.trace is not None:
        trace = read_trace(entry.trace)
        screens, values = Screens(trace), dict(trace.header.values)
        by_index = {done.index: done for done in trace.steps()}
        for index, step in enumerate(entry.recipe.steps):
            if (done := by_index.get(index)) is not None:
                seen = screens.seen(done.before)
                picture = b"" if seen is None else trace.pictures.get(seen.picture, b"")
                found[step.id] = Recorded(screens.get(done.before), screens.get(done.after), values, picture)
    steps = {step.id: step for step in entry.recipe.steps}
    for repair in Repairs(library).about(entry):
        if repair.status == "accepted" and steps.get(repair.new.id) == repair.new:
            found[repair.new.id] = Recorded(repair.screen("now"), repair.screen("after"), repair.values)
    return found


def recorder_of(library: Library, entry: Entry) -> Callable[[], Mapping[str, Recorded]]:
    """`recorded_of`, not before it is needed: a run that heals nothing reads no trace."""
    return lambda: recorded_of(library, entry)


def _by_age(repairs: Iterable[Repair]) -> tuple[Repair, ...]:
    return tuple(sorted(repairs, key=lambda one: (one.at, one.id)))


def _last(mended: Sequence[Mended], index: int) -> Mended:
    return [one for one in mended if one.index == index][-1]


def _with(recipe: Recipe, repair: Repair, step: Step, *, expected: Step) -> Recipe:
    """The recipe with the step in place.

    Raises:
        ReplayError: the step is not the one the repair was made for.
    """
    index = next((index for index, one in enumerate(recipe.steps) if one.id == repair.old.id), None)
    if index is None:
        raise ReplayError(f"recipe {recipe.name!r} has no step {repair.old.id!r} any more", next_step=_HINT)
    now = recipe.steps[index]
    if step_to_data(now) != step_to_data(expected):
        raise ReplayError(
            f"step {repair.old.id!r} of {recipe.name!r} was changed since (it is at revision {now.revision}, and the "
            f"repair is about revision {expected.revision})",
            next_step="Revert the later repair first, or teach the task again.",
        )
    return with_step(recipe, index, step)


def _taught_screens(repairs: Repairs, entry: Entry, index: int) -> dict[str, tuple[ScreenSeen, str]]:
    """The screen the step was recorded on."""
    step = entry.recipe.steps[index]
    for repair in reversed(repairs.about(entry)):
        if repair.status == "accepted" and repair.new == step and "now" in repair.screens:
            seen = repair.screens["now"]
            text = gzip.decompress((repair.folder / f"{seen.hierarchy}.xml.gz").read_bytes()).decode()
            return {"then": (seen, text)}
    if entry.trace is None:
        return {}
    trace = read_trace(entry.trace)
    done = next((done for done in trace.steps() if done.index == index), None)
    return _named(trace, {"then": None if done is None else done.before})


def _run_screens(run: Trace, mended: Sequence[Mended]) -> dict[str, tuple[ScreenSeen, str]]:
    """The screens of the run: where the step was found again, and what it led to."""
    index = mended[-1].index
    done = next((one for one in reversed(run.steps()) if one.index == index), None)
    notes = (event for event in run.events if isinstance(event, Note) and event.topic == "healed")
    about = (note.data for note in notes if note.data.get("index") == index and note.data.get("part") != "after")
    now = next((data.get("screen") for data in about), None if done is None else done.before)
    return _named(run, {"now": now, "after": None if done is None or done.result != "done" else done.after})


def _named(trace: Trace, numbers: Mapping[str, Any]) -> dict[str, tuple[ScreenSeen, str]]:
    screens = Screens(trace)
    found: dict[str, tuple[ScreenSeen, str]] = {}
    for which, number in numbers.items():
        seen = screens.seen(number)
        if seen is not None and seen.hierarchy in trace.screens:
            found[which] = (seen, trace.screens[seen.hierarchy])
    return found


def _written(repair: Repair) -> str:
    data = {
        "repair": REPAIR_VERSION,
        "id": repair.id,
        "name": repair.name,
        "run": repair.run,
        "at": repair.at,
        "verified": repair.verified,
        "values": dict(repair.values),
        "old": step_to_data(repair.old),
        "new": step_to_data(repair.new),
        "evidence": [dict(one) for one in repair.evidence],
        "needs_owner": repair.needs_owner,
        "screens": {which: dataclasses.asdict(seen) for which, seen in repair.screens.items()},
        "history": [dataclasses.asdict(change) for change in repair.history],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _read(folder: Path) -> Repair:
    """Raises:
    RecipeInvalid: it cannot be read, or is of another version."""
    file = folder / "repair.json"
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        if data["repair"] != REPAIR_VERSION:
            raise ValueError(f"version {data['repair']!r}")
        return Repair(
            id=str(data["id"]), name=str(data["name"]), run=str(data["run"]), at=str(data["at"]),
            verified=bool(data["verified"]), values=dict(data["values"]), old=step_from_data(data["old"]),
            new=step_from_data(data["new"]), evidence=tuple(data["evidence"]), needs_owner=str(data["needs_owner"]),
            screens={which: ScreenSeen(**seen) for which, seen in data["screens"].items()},
            history=tuple(Change(**change) for change in data["history"]), folder=folder,
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RecipeInvalid(f"{file} cannot be read ({error})") from error
