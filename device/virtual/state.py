"""What the virtual phone remembers: tables, documents and settings that live as JSON files in one directory.

Each write replaces one file atomically (temporary file, then rename), so a phone killed at any moment starts again with
the last whole state. `revision` grows with every write; the window system redraws when it has. With no directory given
everything stays in memory. Safe to use from several threads.
"""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

Row = dict[str, Any]


class StateCorrupt(Exception):
    """A state file cannot be read. Nothing was overwritten; the message names the file."""


class StateStore:
    """The phone's persistent state.

    Args:
        folder: where the files live; made if missing. None keeps everything in memory.

    Raises:
        StateCorrupt: a file in the folder is not what this class wrote.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._documents: dict[str, Any] = {}
        self._lock = threading.RLock()
        self.revision = 0
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            for file in sorted(folder.glob("*.json")):
                try:
                    self._documents[file.stem] = json.loads(file.read_text(encoding="utf-8"))
                except (OSError, ValueError) as error:
                    raise StateCorrupt(f"{file} cannot be read ({error}); move it away to start afresh") from error

    def document(self, name: str, default: Any = None) -> Any:
        """A copy of one JSON document, or `default`."""
        with self._lock:
            return copy.deepcopy(self._documents[name]) if name in self._documents else default

    def put(self, name: str, value: Any) -> None:
        """Replaces one JSON document. `name` is a file stem: letters, digits, dot, dash, underscore."""
        if not name or not all(c.isalnum() or c in "._-" for c in name):
            raise ValueError(f"not a document name: {name!r}")
        with self._lock:
            self._documents[name] = copy.deepcopy(value)
            self.revision += 1
            self._write(name)

    def change(self, name: str, default: Any, edit: Callable[[Any], Any]) -> Any:
        """Reads, edits and writes one document as one step; `edit` returns the new value, which is returned too."""
        with self._lock:
            value = edit(self.document(name, copy.deepcopy(default)))
            self.put(name, value)
            return value

    def remove(self, name: str) -> None:
        with self._lock:
            self._documents.pop(name, None)
            self.revision += 1
            if self._folder is not None:
                (self._folder / f"{name}.json").unlink(missing_ok=True)

    def names(self) -> list[str]:
        with self._lock:
            return sorted(self._documents)

    def table(self, name: str) -> Table:
        return Table(self, name)

    def _write(self, name: str) -> None:
        if self._folder is None:
            return
        target = self._folder / f"{name}.json"
        temporary = target.with_suffix(".tmp")
        temporary.write_text(json.dumps(self._documents[name], ensure_ascii=False, indent=1), encoding="utf-8")
        temporary.replace(target)


class Table:
    """Rows with a growing `_id`, as Android's content providers have them."""

    def __init__(self, store: StateStore, name: str) -> None:
        self._store = store
        self.name = name

    def rows(self, where: Callable[[Row], bool] | None = None) -> list[Row]:
        """Copies of the rows, in the order they were inserted."""
        rows: list[Row] = self._content()["rows"]
        return [row for row in rows if where is None or where(row)]

    def get(self, row_id: int) -> Row | None:
        return next(iter(self.rows(lambda row: row["_id"] == row_id)), None)

    def insert(self, **columns: Any) -> int:
        """Adds a row and returns its `_id`."""

        def edit(content: dict[str, Any]) -> dict[str, Any]:
            content["rows"].append({"_id": content["next"], **columns})
            content["next"] += 1
            return content

        return int(self._store.change(self.name, _EMPTY, edit)["next"]) - 1

    def update(self, row_id: int, **columns: Any) -> bool:
        """Changes columns of one row; False if there is none."""
        found = False

        def edit(content: dict[str, Any]) -> dict[str, Any]:
            nonlocal found
            for row in content["rows"]:
                if row["_id"] == row_id:
                    row.update(columns)
                    found = True
            return content

        self._store.change(self.name, _EMPTY, edit)
        return found

    def delete(self, where: Callable[[Row], bool]) -> int:
        """Removes the rows that fit and returns how many they were."""
        removed = 0

        def edit(content: dict[str, Any]) -> dict[str, Any]:
            nonlocal removed
            kept = [row for row in content["rows"] if not where(row)]
            removed = len(content["rows"]) - len(kept)
            return {**content, "rows": kept}

        self._store.change(self.name, _EMPTY, edit)
        return removed

    def _content(self) -> dict[str, Any]:
        content: dict[str, Any] = self._store.document(self.name, copy.deepcopy(_EMPTY))
        return content


_EMPTY: dict[str, Any] = {"next": 1, "rows": []}


SETTINGS_DEFAULT: dict[str, dict[str, str]] = {
    "system": {
        "screen_brightness": "128",
        "screen_brightness_mode": "0",
        "accelerometer_rotation": "0",
        "user_rotation": "0",
        "screen_off_timeout": "60000",
        "pointer_location": "0",
        "show_touches": "0",
        "font_scale": "1.0",
    },
    "secure": {
        "default_input_method": "com.android.inputmethod.latin/.LatinIME",
        "enabled_input_methods": "com.android.inputmethod.latin/.LatinIME",
        "ui_night_mode": "1",
        "location_mode": "3",
    },
    "global": {
        "airplane_mode_on": "0",
        "wifi_on": "1",
        "bluetooth_on": "0",
        "mobile_data": "1",
        "zen_mode": "0",
        "stay_on_while_plugged_in": "0",
        "window_animation_scale": "1.0",
    },
}


class SystemSettings:
    """Android's settings tables (`system`, `secure`, `global`): text values by name, None where unset."""

    def __init__(self, store: StateStore) -> None:
        self._store = store

    def get(self, namespace: str, key: str) -> str | None:
        value = self._all(namespace).get(key)
        return None if value is None else str(value)

    def put(self, namespace: str, key: str, value: str) -> None:
        def edit(content: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
            content.setdefault(namespace, {})[key] = value
            return content

        self._store.change("settings", SETTINGS_DEFAULT, edit)

    def delete(self, namespace: str, key: str) -> bool:
        present = key in self._all(namespace)
        if present:

            def edit(content: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
                content.get(namespace, {}).pop(key, None)
                return content

            self._store.change("settings", SETTINGS_DEFAULT, edit)
        return present

    def all(self, namespace: str) -> dict[str, str]:
        return dict(self._all(namespace))

    def _all(self, namespace: str) -> dict[str, str]:
        content: dict[str, dict[str, str]] = self._store.document("settings", SETTINGS_DEFAULT)
        return content.get(namespace, {})
