"""The audit log: one line for each decision, consent, standing yes, revocation and irreversible act. Append-only.

Every line holds the hash of the one before, so that a line that was changed, left out or put in is found, and a small
file beside the log holds number and hash of the last line, so that a log that was cut off is found too. It is evidence
against accidents and against whatever works through a task; who can write as the owner can write both files anew.

    audit.jsonl   {"n": 1, "at": …, "kind": "decision", "data": {…}, "before": "<hash>", "hash": "<hash>"}
    audit.last    {"n": 1, "hash": "<hash>"}

Values are shortened, what looks like a card or account number is masked, and slots named like secrets are left out
(`masked`); secrets themselves are only ever references here. A line that a crash left half written stays; the next one,
"cut_off", vouches for it by its hash. Where lines are missing or damaged the log goes on from the noted last one, so
that the gap can be seen ever after.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final, Literal, TypeAlias, get_args

from mobimem.errors import OwnerNeeded
from replay.passwords import SECRET
from replay.private_files import private_folder, sync_folder, write_private

Kind: TypeAlias = Literal["decision", "ask", "answer", "standing", "revoked", "act", "cut_off"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
VALUE_MAX: Final = 120  # characters of one text that are kept
_FIRST: Final = "0" * 64
_TAIL: Final = 2**20  # bytes read to find the last line; a line of ours has some hundred
_NUMBER: Final = re.compile(r"(?<!\w)(?:\d(?:[ -]?\d){11,}|[A-Z]{2}\d{2}(?: ?[A-Z\d]){11,})(?!\w)")
_SECRET_SLOT: Final = re.compile(r"(?i)pass|pin\d*$|code|cvv|cvc|otp|tan\d*$|secret|kennwort|密码")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `clock_back`: its time lies before that of an earlier line, so the machine's clock was set back."""

    n: int
    at: str
    kind: Kind
    data: Mapping[str, Any]
    clock_back: bool = False


@dataclass(frozen=True, slots=True)
class Audited:
    """The log as found. `broken` says where it is damaged or cut, "" if it is whole; `entries` go up to there."""

    entries: tuple[Entry, ...]
    broken: str
    line: int | None = None  # in the file, of what is broken


class AuditLog:
    """The log in one folder. Safe for several processes at once."""

    def __init__(self, folder: Path) -> None:
        self._file, self._last = folder / "audit.jsonl", folder / "audit.last"

    def record(self, kind: Kind, data: Mapping[str, Any], *, at: datetime) -> None:
        """Adds a line; it is on the disk when this returns.

        Raises:
            OwnerNeeded: it cannot be written; then nothing may be done.
        """
        try:
            private_folder(self._file.parent)
            with self._locked() as file:
                self._add(file, self._end(file, at), kind, data, at)
        except OSError as error:
            raise OwnerNeeded(
                f"the audit log {self._file} cannot be written ({error.strerror})",
                next_step="Make room or make it yours; without it nothing is decided.",
            ) from error

    def read(self) -> Audited:
        """Reads and checks the whole log."""
        if not self._file.exists():
            return Audited((), "the log is gone" if self._last.exists() else "")
        with self._locked() as file:
            file.seek(0)
            return _checked(file.read(), self._told_last())

    def _end(self, file: IO[bytes], at: datetime) -> tuple[int, str]:
        """Number and hash that the next line follows; a half line at the end is vouched for first."""
        file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
        whole, _, rest = file.read().rpartition(b"\n")
        line = _parsed(whole.rpartition(b"\n")[2]) if whole else None
        end = (0, _FIRST) if line is None else (int(line["n"]), str(line["hash"]))
        if (noted := self._told_last()) is not None and noted[0] >= end[0]:
            end = noted
        if not rest:
            return end
        file.write(b"\n")
        return self._add(file, end, "cut_off", {"sha256": hashlib.sha256(rest).hexdigest()}, at)

    def _add(
        self, file: IO[bytes], end: tuple[int, str], kind: Kind, data: Mapping[str, Any], at: datetime
    ) -> tuple[int, str]:
        n, before = end[0] + 1, end[1]
        line = {"n": n, "at": at.isoformat(), "kind": kind, "data": masked(data), "before": before}
        told = line["hash"] = _hash(line)
        file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
        write_private(self._last, json.dumps({"n": n, "hash": told}), replace=True)
        return n, told

    def _told_last(self) -> tuple[int, str] | None:
        try:
            data = json.loads(self._last.read_bytes())
            return int(data["n"]), str(data["hash"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):
            return -1, ""  # no line has that number: told as damaged

    @contextmanager
    def _locked(self) -> Iterator[IO[bytes]]:
        new = not self._file.exists()
        descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            if new:
                sync_folder(self._file.parent)
            fcntl.flock(file.fileno(), fcntl.LOCK_EX)
            yield file


def masked(data: Any) -> Any:
    """The data as the log may hold it: long texts cut, cards and accounts up to their last four signs, and nothing of a
    slot whose name says that it holds a secret."""
    if isinstance(data, str):
        text = _NUMBER.sub(lambda found: "…" + found[0][-4:], data)
        return text if len(text) <= VALUE_MAX else text[:VALUE_MAX] + "…"
    if isinstance(data, Mapping):
        return {str(key): _of_slot(str(key), value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [masked(value) for value in data]
    return data


def _of_slot(slot: str, value: Any) -> Any:
    reference = isinstance(value, str) and value.startswith(SECRET)
    return "…" if isinstance(value, str) and not reference and _SECRET_SLOT.search(slot) else masked(value)


def _checked(text: bytes, last: tuple[int, str] | None) -> Audited:
    """Follows the chain from the first line to the last."""
    entries: list[Entry] = []
    before, latest, half = _FIRST, "", b""
    lines = text.split(b"\n")
    for number, raw in enumerate(lines[:-1], 1):
        line = _parsed(raw)
        if line is None and not half:
            half = raw
            continue
        why = "it cannot be read" if line is None else _wrong(line, len(entries) + 1, before, half)
        if why or line is None:
            return Audited(tuple(entries), f"line {number} is damaged: {why}", number)
        half = b""
        entries.append(Entry(line["n"], line["at"], line["kind"], line["data"], line["at"] < latest))
        before, latest = line["hash"], max(latest, line["at"])
    if half:
        return Audited(tuple(entries), f"line {len(lines) - 1} is damaged: it cannot be read", len(lines) - 1)
    return Audited(tuple(entries), *_cut(entries, text, before, last))


def _cut(entries: list[Entry], text: bytes, end: str, last: tuple[int, str] | None) -> tuple[str, int | None]:
    """Whether lines are missing at the end. One line more than was noted is what a crash between the two leaves."""
    n = len(entries)
    after = n + 1
    if last is None:
        return ("", None) if n <= 1 else ("the note of the last line is gone: the end may have been cut off", after)
    if last[0] > n:
        return f"cut off after line {n}: {last[0]} lines were written", after
    if last[0] == n and last[1] == end:
        return "", None
    before = json.loads(text.split(b"\n")[-2])["before"] if n else ""
    if last == (n - 1, before):
        return "", None
    return "the note of the last line does not fit: lines were put in or taken out", after


def _parsed(raw: bytes) -> dict[str, Any] | None:
    """The line; None if it is none of ours."""
    try:
        line = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    types = {"n": int, "at": str, "kind": str, "data": dict, "before": str, "hash": str}
    if not isinstance(line, dict) or set(line) != set(types):
        return None
    return line if all(type(line[key]) is kind for key, kind in types.items()) else None


def _wrong(line: Mapping[str, Any], n: int, before: str, half: bytes) -> str:
    if line["hash"] != _hash({key: value for key, value in line.items() if key != "hash"}):
        return "it was changed"
    if line["n"] != n or line["before"] != before:
        return "it does not follow the line before: lines were taken out, put in or moved"
    if line["kind"] not in KINDS:
        return f"{line['kind']!r} is no kind of entry"
    vouched = line["data"].get("sha256") if line["kind"] == "cut_off" else None
    if half and vouched != hashlib.sha256(half).hexdigest():
        return "the line before it cannot be read"
    return ""


def _hash(line: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(line, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
