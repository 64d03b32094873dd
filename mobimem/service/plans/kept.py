"""Plans that are not over: kept from before their first sub-task begins, so that one that was cut off can go on.

    plans/<id>/plan.json      the plan: its words, its sub-tasks, and what each is known as; written whole, never edited
               <part>.<n>     the name of the n-th run of a sub-task; written before that run's journal
               ended.json     how it ended, where that was before its end
               lock           held by the process that does it

What became of a sub-task is told by its run's journal, and nowhere else. When a plan is over its folder goes, so that
the owner's words stay in no second place.
"""

from __future__ import annotations

import fcntl
import json
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from mobimem import folders
from mobimem.errors import BadInput
from mobimem.llm.spending import Spent
from mobimem.tasks.plan import Plan, Source, SubTask
from replay.private_files import private_folder, sync_folder, write_private

PLAN: Final = "plan.json"
ENDED: Final = "ended.json"
LOCK: Final = "lock"
VERSION: Final = 1
_ID: Final = re.compile(r"plan-[0-9]{8}T[0-9]{6}-[0-9a-f]{6}")
PATIENCE_S: Final = 2.0  # for whoever only looks at a plan
_POLL_S: Final = 0.02
_HINT: Final = "`mobimem tasks` shows what can be taken up."


@dataclass(frozen=True, slots=True)
class KeptTask:
    """What a sub-task is known as: a recipe by its name and id, and the values it was given."""

    name: str
    recipe_id: str
    values: Mapping[str, str]
    recall: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class KeptPiece:
    """A sub-task, as `mobimem.service.plans.making.Piece`."""

    part: SubTask
    task: KeptTask | None
    flows: Mapping[str, str]
    results: Mapping[str, str]
    said: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """A plan as it was when it began. `serial` is the device it was begun on."""

    id: str
    words: str
    source: Source
    name: str
    asked: int
    spent: Spent
    pieces: tuple[KeptPiece, ...]
    serial: str
    began_at: str

    @property
    def plan(self) -> Plan:
        return Plan(self.words, tuple(piece.part for piece in self.pieces))


@dataclass(frozen=True, slots=True)
class HowEnded:
    """How a plan ended that is not done."""

    outcome: str
    says: str


def is_plan(name: str) -> bool:
    """Whether this is the name of a plan, and not of a run."""
    return _ID.fullmatch(name) is not None


def is_kept(plan: str) -> bool:
    """Whether this plan is not over."""
    return PlanBook().has(plan)


def runs_of_plans() -> frozenset[str]:
    """The runs of all plans that are not over, those included whose journals do not say so yet."""
    book = PlanBook()
    return frozenset(run for plan in book.names() for part in book.parts(plan) for run in book.runs(plan, part))


@dataclass
class PlanBook:
    """The plans of one folder. Safe for several processes at once."""

    folder: Path = field(default_factory=folders.plans_folder)

    def has(self, plan: str) -> bool:
        """Whether this plan is not over."""
        return is_plan(plan) and (self.folder / plan / PLAN).exists()

    def new_id(self, at: datetime) -> str:
        return f"plan-{at:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"

    def put(self, plan: KeptPlan) -> None:
        """Keeps a plan; on the disk when this returns."""
        place = private_folder(self.folder / plan.id)
        write_private(place / PLAN, json.dumps({"version": VERSION, **asdict(plan)}, ensure_ascii=False))

    def one(self, plan: str) -> KeptPlan:
        """A plan by its name.

        Raises:
            BadInput: there is none, or what is kept of it cannot be read.
        """
        file = self.folder / plan / PLAN
        if not self.has(plan):
            raise BadInput(f"there is no unfinished plan {plan!r}", next_step=_HINT)
        try:
            return _from_data(json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise BadInput(
                f"{file} cannot be read ({error})", next_step=f"Leave the plan: mobimem tasks discard {plan}"
            ) from error

    def text(self, plan: str) -> str:
        """All that is kept of a plan, as one text; "" where it is over."""
        return _text(self.folder / plan / PLAN)

    def parts(self, plan: str) -> tuple[str, ...]:
        """The sub-tasks of which a run has begun."""
        return tuple(sorted({file.stem for file in (self.folder / plan).glob("[a-z]*.[0-9]*")}))

    def names(self) -> tuple[str, ...]:
        """Every plan that is not over, oldest first."""
        return tuple(sorted(one.name for one in self.folder.glob("plan-*") if self.has(one.name)))

    def began(self, plan: str, part: str, run: str) -> None:
        """Notes that a run of a sub-task is about to begin; on the disk when this returns."""
        numbers = [int(file.suffix[1:]) for file in (self.folder / plan).glob(f"{part}.[0-9]*")]
        number = max(numbers, default=0) + 1
        write_private(self.folder / plan / f"{part}.{number}", run)

    def runs(self, plan: str, part: str) -> tuple[str, ...]:
        """The runs of a sub-task, oldest first."""
        found = {int(file.suffix[1:]): file for file in (self.folder / plan).glob(f"{part}.[0-9]*")}
        return tuple(run for number in sorted(found) if (run := _text(found[number])))

    def ended(self, plan: str, how: HowEnded) -> None:
        write_private(self.folder / plan / ENDED, json.dumps(asdict(how), ensure_ascii=False), replace=True)

    def how_ended(self, plan: str) -> HowEnded | None:
        """None where its process was killed, or it has been taken up since."""
        try:
            return HowEnded(**json.loads((self.folder / plan / ENDED).read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None

    def taken_up(self, plan: str) -> None:
        (self.folder / plan / ENDED).unlink(missing_ok=True)

    def drop(self, plan: str) -> None:
        """The plan is over; the journals of its sub-tasks stay. Twice is as once."""
        place = self.folder / plan
        if place.is_dir():
            (place / PLAN).unlink(missing_ok=True)  # whatever is left without it is nothing
            sync_folder(place)
            shutil.rmtree(place, ignore_errors=True)

    def sweep(self) -> None:
        """Takes away what a process that was killed while a plan ended has left of it."""
        for place in self.folder.glob("plan-*"):
            if (place / LOCK).exists() and not (place / PLAN).exists():
                shutil.rmtree(place, ignore_errors=True)

    @contextmanager
    def holding(self, plan: str, *, patience_s: float = 0.0) -> Iterator[bool]:
        """Takes the plan for the block; False where another process does it now, or it is over.

        Args:
            patience_s: how long somebody who only looks is waited for.
        """
        try:
            opened = (self.folder / plan / LOCK).open("a")
        except FileNotFoundError:
            yield False
            return
        with opened:
            (self.folder / plan / LOCK).chmod(0o600)
            yield _locked(opened, patience_s) and self.has(plan)


def _locked(opened: IO[str], patience_s: float) -> bool:
    until_s = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(opened.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until_s:
                return False
            time.sleep(_POLL_S)
        else:
            return True


def _text(file: Path) -> str:
    """What a file says; "" where it is gone."""
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def _from_data(data: Mapping[str, Any]) -> KeptPlan:
    if data["version"] != VERSION:
        raise ValueError(f"it is of version {data['version']}, and {VERSION} is known")
    pieces = tuple(
        KeptPiece(
            _part(one["part"]), None if one["task"] is None else KeptTask(**one["task"]), one["flows"],
            one["results"], one["said"],
        )
        for one in data["pieces"]
    )  # fmt: skip
    plain = {one.name: data[one.name] for one in fields(KeptPlan)}
    return KeptPlan(**{**plain, "pieces": pieces, "spent": Spent(**data["spent"])})


def _part(data: Mapping[str, Any]) -> SubTask:
    return SubTask(**{**data, "results": tuple(data["results"]), "after": tuple(data["after"])})
