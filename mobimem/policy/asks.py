"""Questions that wait for the owner's yes: stored, answered once, good for one act, and *no* when their time is over.

    asks/ask-<id>.json           what, why, with which values, for which run; until when
    asks/ask-<id>.answer.json    the owner's yes, no or always; the first one stands
    asks/ask-<id>.used           a yes was taken, for one act of one run; made at once or not at all
    asks/ask-<id>.gone           whoever waited for it has stopped waiting: it is no

Each file is written whole and once, so a killed process leaves the question as it was. A yes covers exactly what was
asked: the recipe's step as it is now, its values, and where amounts decided, those on the screen. The clock is the
machine's; where it went back behind the moment a question was asked, the question counts as timed out.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from mobimem.errors import BadInput, NotDone
from replay.private_files import leave_mark, private_folder, write_private

TIMEOUT: Final = timedelta(hours=1)  # then it is no; what was on the screen an hour ago is no ground for a yes
OPEN_MAX: Final = 200  # open at once: more would only bury those that matter
KEPT: Final = timedelta(days=30)  # closed ones, for looking back; the audit log keeps what became of them
ANSWERS: Final = ("yes", "no", "always")
_ID: Final = re.compile(r"ask-[0-9a-f]{8}")

State: TypeAlias = Literal["open", "yes", "no", "always", "timed out", "used"]


@dataclass(frozen=True, slots=True)
class Beside:
    """What the owner is shown beside a question, wherever they are asked.

    `doubts` are what they did not say, and what was read off a screen. `changed` is by what healing found the step
    again. Of a step that a model chose: `words` are the task's, `reason` the model's, in its words, `done` what was
    done so far, `page` what the page is called and `shown` what else stands on it.
    """

    doubts: tuple[str, ...] = ()
    changed: str = ""
    words: str = ""
    reason: str = ""
    done: tuple[str, ...] = ()
    page: str = ""
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. `key` is what a yes covers (`mobimem.policy.matter.Matter`). `lasting`: it
    may be answered once and for all, which holds for steps as they were taught and where no rule says to ask. `waits`:
    a run waits for the answer."""

    id: str
    run: str
    recipe_id: str
    recipe: str
    step: str
    step_key: str
    says: str
    why: str
    values: dict[str, str]
    asked_at: str
    until: str
    key: str
    lasting: bool
    beside: Beside = field(default_factory=Beside)
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what became of it so far."""

    ask: Ask
    state: State


class AskBook:
    """The questions of one folder. Safe for several processes at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(
        self, *, run: str, recipe_id: str, recipe: str, step: str, step_key: str, says: str, why: str,
        values: Mapping[str, str], key: str, lasting: bool, at: datetime, beside: Beside | None = None,
        timeout: timedelta = TIMEOUT, waits: bool = False,
    ) -> tuple[Ask, bool]:  # fmt: skip
        """Stores a question, and whether it is a new one: the same that is open already is not asked twice. One that a
        run waits for takes the place of the same for which none waits.

        Raises:
            NotDone: too many are open.
        """
        self._forget_old(at)
        waiting = [one for one in self.all(at=at) if one.state == "open"]
        for one in waiting:
            if one.ask.key == key and not one.ask.waits:
                if not waits:
                    return one.ask, False
                self.close(one.ask.id)
        if len(waiting) >= OPEN_MAX:
            raise NotDone(f"{len(waiting)} questions are open", next_step="Answer some: mobimem tasks")
        ask = Ask(
            id=f"ask-{secrets.token_hex(4)}", run=run, recipe_id=recipe_id, recipe=recipe, step=step, step_key=step_key,
            says=says, why=why, values=dict(values), asked_at=at.isoformat(), until=(at + timeout).isoformat(), key=key,
            lasting=lasting, beside=beside or Beside(), waits=waits,
        )  # fmt: skip
        private_folder(self._folder)
        write_private(self._folder / f"{ask.id}.json", json.dumps(asdict(ask), ensure_ascii=False))
        return ask, True

    def answer(self, name: str, said: str, *, at: datetime) -> Ask:
        """Writes down the owner's answer. What "always" allows is the standing yes that is made of it, and not this.

        Raises:
            BadInput: there is no such question, or no such answer. NotDone: it was answered, or its time is over.
        """
        if said not in ANSWERS:
            raise BadInput(f"{said!r} is no answer to {name}", next_step="Say yes, no or always.")
        asked = self.one(name, at=at)
        if asked.state != "open":
            raise NotDone(f"{name} is closed: {asked.state}", next_step="Say again what is to be done; it asks anew.")
        try:
            write_private(self._folder / f"{name}.answer.json", json.dumps({"said": said, "at": at.isoformat()}))
        except FileExistsError as error:
            raise NotDone(f"{name} was answered before", next_step="The first answer stands.") from error
        return asked.ask

    def take(self, key: str, *, at: datetime) -> Ask | None:
        """Takes a yes that covers this, for good; None where there is none."""
        for asked in self.all(at=at):
            if asked.state == "yes" and asked.ask.key == key and self._use(asked.ask):
                return asked.ask
        return None

    def take_this(self, name: str, *, at: datetime) -> bool:
        """Takes the yes to one question, for good; False where there is none, or another process was first."""
        asked = self.one(name, at=at)
        return asked.state == "yes" and self._use(asked.ask)

    def close(self, name: str) -> None:
        """Nobody waits for it any more: without a yes that was taken it is no."""
        leave_mark(self._folder / f"{name}.gone")

    def covered(self, key: str, *, at: datetime) -> bool:
        """Whether a yes covers this, which is left untouched."""
        return any(asked.state == "yes" and asked.ask.key == key for asked in self.all(at=at))

    def one(self, name: str, *, at: datetime) -> Asked:
        """One question by its id.

        Raises:
            BadInput: there is none.
        """
        if not _ID.fullmatch(name) or not (self._folder / f"{name}.json").exists():
            raise BadInput(f"there is no ask {name!r}", next_step="`mobimem tasks` shows what waits.")
        return self._asked(self._folder / f"{name}.json", at)

    def all(self, *, at: datetime) -> tuple[Asked, ...]:
        """Every question, oldest first.

        Raises:
            BadInput: a file is not what was written there.
        """
        files = [file for file in self._folder.glob("ask-*.json") if _ID.fullmatch(file.stem)]
        return tuple(sorted((self._asked(file, at) for file in files), key=lambda one: (one.ask.asked_at, one.ask.id)))

    def _asked(self, file: Path, at: datetime) -> Asked:
        try:
            data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            ask = Ask(**{**data, "beside": _beside(data.get("beside", {}))})
            asked_at, until = datetime.fromisoformat(ask.asked_at), datetime.fromisoformat(ask.until)
            answered = file.with_name(f"{ask.id}.answer.json")
            said = json.loads(answered.read_text(encoding="utf-8"))["said"] if answered.exists() else ""
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise BadInput(
                f"{file} cannot be read ({error})", next_step="Remove it; the question is asked anew."
            ) from error
        if (self._folder / f"{ask.id}.used").exists():
            return Asked(ask, "used")
        if said in ("no", "always"):
            return Asked(ask, "no" if said == "no" else "always")
        if not asked_at <= at < until or (self._folder / f"{ask.id}.gone").exists():
            return Asked(ask, "timed out")
        return Asked(ask, "yes" if said == "yes" else "open")

    def _use(self, ask: Ask) -> bool:
        """Marks a yes as taken; False if another process was first."""
        return leave_mark(self._folder / f"{ask.id}.used")

    def _forget_old(self, at: datetime) -> None:
        """Removes closed questions after a while; an open one never."""
        for asked in self.all(at=at):
            if asked.state != "open" and at - datetime.fromisoformat(asked.ask.until) > KEPT:
                for end in ("answer.json", "used", "gone", "json"):
                    (self._folder / f"{asked.ask.id}.{end}").unlink(missing_ok=True)


def _beside(data: Mapping[str, Any]) -> Beside:
    read: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
    return Beside(**read)
