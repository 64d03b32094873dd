"""The library: taught recipes in a folder, by name, each beside the trace it was distilled from.

    <folder>/<name>/v0001/recipe.json    the recipe as `replay.recipe.to_data` gives it, as action memory will store it
                          about.json     when it was kept, and the hashes `verify` holds the rest against
                          trace/         the demonstration (may be missing: an imported recipe)

Saving the same name again makes a new version; older ones stay. A version appears whole or not at all: it is put
together beside its place and renamed. Finding is by name alone: which words mean a task is memory's to say. Never runs
anything.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from perception.words import normal
from replay.errors import RecipeInvalid, ReplayError
from replay.private_files import private_folder, sync_folder, write_private
from replay.recipe import Recipe, from_data, to_data
from replay.trace import Trace
from replay.trace_reader import read_trace

Read = TypeVar("Read")
_NAME = re.compile(r"[^\W_][\w.-]{0,79}")
_VERSION = re.compile(r"v(\d{4,})")
_LIST_HINT = "`mobimem replay list` shows what is there."


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of one recipe. `trace` is its demonstration's folder, None if there is none."""

    recipe: Recipe
    version: int
    saved_at: str
    folder: Path
    trace: Path | None

    @property
    def name(self) -> str:
        """The name of its recipe."""
        return self.recipe.name


class Library:
    """The recipes in one folder. Several processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, recipe: Recipe, trace: Path | None = None, *, at: datetime) -> Entry:
        """Keeps a recipe as the newest version of its name. `trace` (a trace folder) is copied, not moved.

        Raises:
            RecipeInvalid: the name cannot be one of a file.
            TraceError: the trace is not whole; nothing was kept.
        """
        shelf = private_folder(self.folder / file_name(recipe.name))
        text = json.dumps(to_data(recipe), ensure_ascii=False, indent=1) + "\n"
        about: dict[str, Any] = {"about": 1, "saved_at": at.isoformat(), "recipe_sha256": _sha256(text)}
        if trace is not None:
            about["trace_hash"] = read_trace(trace).content_hash
        fresh = private_folder(shelf / f".new-{secrets.token_hex(6)}")
        try:
            write_private(fresh / "recipe.json", text)
            write_private(fresh / "about.json", json.dumps(about, indent=1) + "\n")
            if trace is not None:
                shutil.copytree(trace, fresh / "trace")
            version = self._place(fresh, shelf)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        return self._entry(shelf / f"v{version:04}", version)

    def entries(self) -> tuple[Entry, ...]:
        """The newest version of every recipe, by name. What cannot be read is left out; `damaged` names it."""
        return tuple(entry for shelf in self._shelves() if (entry := _quiet(self._newest, shelf)) is not None)

    def damaged(self) -> tuple[str, ...]:
        """The names whose newest version cannot be read."""
        return tuple(shelf.name for shelf in self._shelves() if _versions(shelf) and not _quiet(self._newest, shelf))

    def versions(self, name: str) -> tuple[int, ...]:
        """The versions kept of a name, oldest first; none if there is no such recipe."""
        shelf = self._shelf(name)
        return () if shelf is None else _versions(shelf)

    def load(self, name: str, version: int | None = None) -> Entry:
        """One recipe by name; the newest version unless another is asked for.

        Raises:
            ReplayError: there is none of that name or version.
            RecipeInvalid: its file is damaged; the message names it.
        """
        shelf = self._shelf(name)
        kept = () if shelf is None else _versions(shelf)
        if shelf is None or not kept:
            raise ReplayError(f"there is no recipe {name!r}", next_step=_LIST_HINT)
        if version is not None and version not in kept:
            raise ReplayError(
                f"recipe {name!r} has no version {version}", next_step=f"There are {', '.join(map(str, kept))}."
            )
        chosen = version or kept[-1]
        return self._entry(shelf / f"v{chosen:04}", chosen)

    def named(self, name: str) -> Entry | None:
        """The recipe of this name, in any case and spacing; None if there is none.

        Raises:
            RecipeInvalid: its file is damaged.
        """
        shelf = self._shelf(name)
        return None if shelf is None else self._newest(shelf)

    def newest(self) -> dict[str, tuple[str, int]]:
        """Name and version of the newest version of each recipe, by a key that its content gives it.

        Reads no recipe: cheap enough to look for what is new before each task. What has no sound key is left out.
        """
        found = ((shelf, _versions(shelf)[-1:]) for shelf in self._shelves())
        return {key: (shelf.name, one) for shelf, last in found for one in last if (key := _key(shelf, one))}

    def keys(self, name: str) -> dict[str, int]:
        """Every version of a recipe by its key, oldest first; none if there is no such recipe."""
        shelf = self._shelf(name)
        return {} if shelf is None else {key: one for one in _versions(shelf) if (key := _key(shelf, one))}

    def trace_of(self, name: str, version: int | None = None) -> Trace:
        """The demonstration a recipe was distilled from, read and verified.

        Raises:
            ReplayError: there is no such recipe, or it has no trace.
            TraceError: the trace is damaged.
        """
        entry = self.load(name, version)
        if entry.trace is None:
            raise ReplayError(
                f"recipe {name!r} was kept without a demonstration", next_step="Teach it again to have one."
            )
        return read_trace(entry.trace)

    def verify(self, name: str, version: int | None = None) -> Entry:
        """Holds a version against its hashes, its trace included.

        Raises:
            RecipeInvalid: the recipe was changed after it was kept. TraceError: the trace was.
        """
        entry = self.load(name, version)
        about = _about(entry.folder)
        if _sha256((entry.folder / "recipe.json").read_text(encoding="utf-8")) != about.get("recipe_sha256"):
            raise RecipeInvalid(f"{entry.folder / 'recipe.json'} was changed after it was kept")
        if (entry.trace is None) != ("trace_hash" not in about):
            raise RecipeInvalid(f"{entry.folder}: the trace that belongs to it is missing, or one was added")
        if entry.trace is not None and read_trace(entry.trace).content_hash != about["trace_hash"]:
            raise RecipeInvalid(f"{entry.trace} is another trace than the one it was kept with")
        return entry

    def _shelves(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return sorted(shelf for shelf in self.folder.iterdir() if shelf.is_dir() and _NAME.fullmatch(shelf.name))

    def _shelf(self, name: str) -> Path | None:
        wanted = normal(name)
        return next((shelf for shelf in self._shelves() if normal(shelf.name) == wanted), None)

    def _newest(self, shelf: Path) -> Entry | None:
        kept = _versions(shelf)
        return self._entry(shelf / f"v{kept[-1]:04}", kept[-1]) if kept else None

    def _entry(self, folder: Path, version: int) -> Entry:
        try:
            recipe = from_data(json.loads((folder / "recipe.json").read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise RecipeInvalid(f"{folder / 'recipe.json'} cannot be read ({error})") from error
        trace = folder / "trace"
        return Entry(
            recipe, version, str(_about(folder).get("saved_at", "")), folder, trace if trace.is_dir() else None
        )

    def _place(self, fresh: Path, shelf: Path) -> int:
        """Renames a finished folder to the next free version and says which."""
        while True:
            version = max(_versions(shelf), default=0) + 1
            try:
                fresh.rename(shelf / f"v{version:04}")
            except OSError:
                if not (shelf / f"v{version:04}").exists():
                    raise
                continue  # somebody else took it: the next one
            sync_folder(shelf)
            return version


def file_name(name: str) -> str:
    """The name as that of a folder: the same, in composed Unicode.

    Raises:
        RecipeInvalid: it holds something that names of files should not.
    """
    composed = unicodedata.normalize("NFC", name)
    if not _NAME.fullmatch(composed):
        raise RecipeInvalid(
            f"{name!r} cannot be a recipe's name",
            next_step="Use up to 80 letters and digits of any script, with - _ and . between them.",
        )
    return composed


def _versions(shelf: Path) -> tuple[int, ...]:
    found: Iterator[re.Match[str] | None] = (_VERSION.fullmatch(folder.name) for folder in shelf.iterdir())
    return tuple(sorted(int(match[1]) for match in found if match))


def _key(shelf: Path, version: int) -> str:
    """A version's key; "" where its about.json cannot be read."""
    digest = (_quiet(_about, shelf / f"v{version:04}") or {}).get("recipe_sha256")
    return f"{shelf.name}@{version}:{digest[:16]}" if isinstance(digest, str) else ""


def _about(folder: Path) -> dict[str, Any]:
    try:
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RecipeInvalid(f"{folder / 'about.json'} cannot be read ({error})") from error
    if not isinstance(about, dict):
        raise RecipeInvalid(f"{folder / 'about.json'} is not what was kept there")
    return about


def _quiet(read: Callable[[Path], Read], folder: Path) -> Read | None:
    try:
        return read(folder)
    except RecipeInvalid:
        return None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
