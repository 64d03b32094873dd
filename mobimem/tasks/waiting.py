"""Questions that wait for the owner: stored, so that any process can answer them; *not done* when their time is over.

    questions/q-<id>.json           what is asked, for which words, until when
    questions/q-<id>.answer.json    the owner's answer; the first one stands
    questions/q-<id>.used           the answer was taken, by one task
    questions/q-<id>.gone           whoever waited has stopped waiting

Each file is written whole and once, so a killed process leaves the question as it was: it can still be answered, and
the task that is said again, or taken up again, finds the answer. The clock is the machine's; where it went back behind
the moment a question was asked, the question counts as timed out.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from mobimem.errors import BadInput, NotDone
from mobimem.tasks.asking import AskedOwner
from replay.private_files import leave_mark, private_folder, sync_folder, write_private

TIMEOUT: Final = timedelta(hours=1)  # where nobody waits; as for a consent that is stored (`mobimem.policy.asks`)
OPEN_MAX: Final = 200
KEPT: Final = timedelta(
    days=1
)  # closed ones hold the owner's words: no longer than somebody may ask what became of them
_ID: Final = re.compile(r"q-[0-9a-f]{8}")
_HINT: Final = "`mobimem tasks` shows what waits."

State: TypeAlias = Literal["waiting", "answered", "used", "timed out"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One question that was stored. `words` and `given` are the task as it was said, `run` its run once there is one;
    `key` is what an answer is good for. `answer` is "" while there is none; `always`: it holds from now on."""

    id: str
    question: AskedOwner
    words: str
    given: Mapping[str, str]
    run: str
    key: str
    asked_at: str
    until: str
    state: State = "waiting"
    answer: str = ""
    always: bool = False


def key_of(question: AskedOwner, words: str) -> str:
    """Equal for the same question about the same words."""
    parts = [words, question.kind, question.says, question.quoted, question.slot, *question.choices]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


class QuestionBook:
    """The questions of one folder. Safe for several processes at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(
        self, question: AskedOwner, *, words: str, given: Mapping[str, str], run: str, at: datetime, timeout: timedelta
    ) -> Waiting:  # fmt: skip
        """Stores a question; the same one that waits already is kept once, if it waits as long.

        Raises:
            NotDone: too many wait.
        """
        self._forget_old(at)
        key, until = key_of(question, words), at + timeout
        waiting = [one for one in self.all(at=at) if one.state == "waiting"]
        for one in waiting:
            if one.key == key and datetime.fromisoformat(one.until) >= until:
                return one
        if len(waiting) >= OPEN_MAX:
            raise NotDone(f"{len(waiting)} questions wait for an answer", next_step=f"Answer some: {_HINT}")
        made = Waiting(
            f"q-{secrets.token_hex(4)}", question, words, dict(given), run, key, at.isoformat(), until.isoformat()
        )
        data = {name: value for name, value in asdict(made).items() if name not in ("state", "answer", "always")}
        private_folder(self._folder)
        write_private(self._folder / f"{made.id}.json", json.dumps(data, ensure_ascii=False))
        return made

    def answer(self, name: str, said: str, *, always: bool = False, at: datetime) -> Waiting:
        """Writes down the owner's answer; a choice may be given by its number.

        Raises:
            BadInput: there is no such question, or this is no answer to it. NotDone: it is closed.
        """
        one = self.one(name, at=at)
        question = one.question
        if one.state != "waiting":
            raise NotDone(f"{name} is closed: {one.state}", next_step="Say again what is to be done; it asks anew.")
        value = question.answered_by(said)
        if value is None:
            choices = f"Say one of {', '.join(question.choices)}." if question.choices else "Say what it asks for."
            raise BadInput(f"{said!r} is no answer to {name}", next_step=choices)
        if always and not question.may_last:
            raise BadInput(f"{name} asks about this once, and not for a value", next_step="Answer it without always.")
        try:
            told = json.dumps({"answer": value, "always": always, "at": at.isoformat()}, ensure_ascii=False)
            write_private(self._folder / f"{name}.answer.json", told)
        except FileExistsError as error:
            raise NotDone(f"{name} was answered before", next_step="The first answer stands.") from error
        return self._read(self._folder / f"{name}.json", at)

    def take(self, key: str, *, at: datetime) -> Waiting | None:
        """Takes an answer to this question, for good; None where there is none."""
        for one in self.all(at=at):
            if one.state == "answered" and one.key == key and self._mark(one.id, "used"):
                return one
        return None

    def taken(self, name: str, *, at: datetime) -> Waiting | None:
        """Takes the answer to one question; None while there is none."""
        one = self.one(name, at=at)
        return one if one.state == "answered" and self._mark(name, "used") else None

    def give_back(self, name: str) -> None:
        """An answer that was taken was of no use yet: it may be taken again, in its time."""
        (self._folder / f"{name}.used").unlink(missing_ok=True)
        sync_folder(self._folder)

    def close(self, name: str) -> None:
        """Nobody waits for it any more: it cannot be answered from now on."""
        self._mark(name, "gone")

    def one(self, name: str, *, at: datetime) -> Waiting:
        """One question by its id.

        Raises:
            BadInput: there is none.
        """
        if not _ID.fullmatch(name) or not (self._folder / f"{name}.json").exists():
            raise BadInput(f"there is no question {name!r}", next_step=_HINT)
        return self._read(self._folder / f"{name}.json", at)

    def all(self, *, at: datetime) -> tuple[Waiting, ...]:
        """Every question, oldest first.

        Raises:
            BadInput: a file is not what was written there.
        """
        files = [file for file in self._folder.glob("q-*.json") if _ID.fullmatch(file.stem)]
        return tuple(sorted((self._read(file, at) for file in files), key=lambda one: (one.asked_at, one.id)))

    def _read(self, file: Path, at: datetime) -> Waiting:
        try:
            data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            asked = {**data["question"], "choices": tuple(data["question"]["choices"])}
            asked_at, until = datetime.fromisoformat(data["asked_at"]), datetime.fromisoformat(data["until"])
            answered = file.with_name(f"{file.stem}.answer.json")
            told = json.loads(answered.read_text(encoding="utf-8")) if answered.exists() else {}
            state: State = "waiting" if asked_at <= at < until else "timed out"
            if told:
                state = "answered" if at - datetime.fromisoformat(told["at"]) < TIMEOUT else "timed out"
            elif (self._folder / f"{file.stem}.gone").exists():
                state = "timed out"
            if (self._folder / f"{file.stem}.used").exists():
                state = "used"
            more = {"answer": told.get("answer", ""), "always": bool(told.get("always", False))}
            return Waiting(**{**data, "question": AskedOwner(**asked)}, state=state, **more)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise BadInput(
                f"{file} cannot be read ({error})", next_step="Remove it; the question is asked anew."
            ) from error

    def _mark(self, name: str, what: str) -> bool:
        """Leaves a mark beside a question; False if it was there."""
        return leave_mark(self._folder / f"{name}.{what}")

    def _forget_old(self, at: datetime) -> None:
        """Removes closed questions after a while; one that waits never."""
        for one in self.all(at=at):
            if one.state != "waiting" and at - datetime.fromisoformat(one.until) > KEPT:
                for end in ("answer.json", "used", "gone", "json"):
                    (self._folder / f"{one.id}.{end}").unlink(missing_ok=True)
