"""Writing a trace as it happens, so that it is readable after kill -9 up to the last whole line.

A line is written and flushed at once; `intent` and `end` lines, and the step that closes an intent, are forced to the
disk before the call returns, because what follows an intent cannot be taken back. Hierarchies go to disk before the
line that names them. Never edits what is written.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from device.protocol import Picture, Reading
from replay.errors import TraceError
from replay.private_files import sync_folder
from replay.trace import End, Event, Header, Intent, Note, Outcome, ScreenSeen, StepDone, encode, hierarchy_hash

_TAKEN = "Choose another name; nothing was changed."


class TraceWriter:
    """Writes one trace directory. Use as a context manager; leaving it closes the file, with or without an `End`.

    Args:
        folder: made by this class (mode 0700); must not exist yet.
        header: the trace's first line.

    Raises:
        TraceError: the folder exists already; nothing was overwritten.
    """

    def __init__(self, folder: Path, header: Header) -> None:
        try:
            folder.mkdir(parents=True, mode=0o700)
        except FileExistsError as error:
            raise TraceError(f"{folder} exists already", next_step=_TAKEN) from error
        self.folder = folder
        self.header = header
        self._hash = ""
        self._screens = 0
        self._open_intents: set[int] = set()
        self._last: tuple[str, ScreenSeen] | None = None
        descriptor = os.open(folder / "trace.jsonl", os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        self._file: IO[str] | None = os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogatepass")
        self._write(header, durable=True)
        sync_folder(folder)
        sync_folder(folder.parent)

    def screen(self, reading: Reading, picture: Picture | None = None) -> int:
        """Keeps one reading and returns its number. The same reading twice in a row is kept once."""
        name = hierarchy_hash(reading.hierarchy)
        key = f"{name} {reading.taken_at}"
        if self._last is not None and self._last[0] == key and picture is None:
            return self._last[1].number
        self._store(
            "screens", f"{name}.xml.gz", gzip.compress(reading.hierarchy.encode("utf-8", "surrogatepass"), 5, mtime=0)
        )
        event = ScreenSeen(
            number=self._screens,
            hierarchy=name,
            width_px=reading.size.width_px,
            height_px=reading.size.height_px,
            rotation=reading.rotation,
            package=reading.foreground.package,
            activity=reading.foreground.activity,
            keyboard_shown=reading.keyboard_shown,
            screen_on=reading.screen_on,
            lock=reading.lock,
            taken_at=reading.taken_at.isoformat(),
            picture=self._picture(picture),
        )
        self._screens += 1
        self._write(event)
        self._last = (key, event)
        return event.number

    def intent(self, intent: Intent) -> None:
        """Puts an irreversible step on record; on the disk when this returns."""
        self._open_intents.add(intent.index)
        self._write(intent, durable=True)

    def step(self, step: StepDone) -> None:
        """Puts a step on record; on the disk when this returns if its intent was written before."""
        self._write(step, durable=step.index in self._open_intents)
        self._open_intents.discard(step.index)

    def note(self, topic: str, says: str, at: str, data: Mapping[str, Any] | None = None) -> None:
        """Puts a note on record. `at` is an ISO 8601 time, `data` plain JSON data."""
        self._write(Note(topic=topic, says=says, at=at, data=data or {}))

    def end(self, outcome: Outcome, reason: str, at: str, receipt: Mapping[str, Any] | None = None) -> str:
        """Writes the last line and returns the trace's content hash."""
        self._write(End(outcome=outcome, reason=reason, at=at, receipt=receipt or {}), durable=True)
        self.close()
        return self._hash

    def close(self) -> None:
        """Closes the file. What was written stays as it is; without an `End` the trace counts as cut off."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> TraceWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _picture(self, picture: Picture | None) -> str:
        if picture is None:
            return ""
        name = hashlib.sha256(picture.data).hexdigest()
        self._store("pictures", f"{name}.{'png' if picture.media_type == 'image/png' else 'jpg'}", picture.data)
        return name

    def _store(self, part: str, name: str, data: bytes) -> None:
        folder = self.folder / part
        folder.mkdir(exist_ok=True, mode=0o700)
        target = folder / name
        if not target.exists():
            temporary = target.with_name(f".{name}.new")
            temporary.write_bytes(data)
            temporary.chmod(0o600)
            temporary.replace(target)

    def _write(self, event: Header | Event, *, durable: bool = False) -> None:
        if self._file is None:
            raise TraceError("this trace is closed", next_step="Start a new one.")
        line, self._hash = encode(event, self._hash)
        self._file.write(line + "\n")
        self._file.flush()
        if durable:
            os.fsync(self._file.fileno())


def pack(folder: Path, target: Path) -> None:
    """Makes one `.zip` of a trace directory; `target` must not exist.

    Raises:
        TraceError: `target` exists; nothing was overwritten.
    """
    try:
        with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")):
                archive.write(file, file.relative_to(folder).as_posix())
    except FileExistsError as error:
        raise TraceError(f"{target} exists already", next_step=_TAKEN) from error
    target.chmod(0o600)
