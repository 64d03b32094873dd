"""Bringing an app to the front as its launcher icon would.

The app's launcher entry is asked of the package manager once and started like the launcher does. Where the phone does
not tell, `monkey` starts it (what uiautomator2 always does; it switches auto-rotation on, so it comes second).
"""

from __future__ import annotations

import re
import shlex

from device.android.wire import Wire
from device.errors import ActionRefused, AppNotInstalled

_LAUNCHER = "-a android.intent.action.MAIN -c android.intent.category.LAUNCHER"
_AS_LAUNCHER = "0x10200000"  # FLAG_ACTIVITY_NEW_TASK | FLAG_ACTIVITY_RESET_TASK_IF_NEEDED
_PACKAGE = re.compile(r"[A-Za-z][\w.]*")
_FAILED = re.compile(r"(?m)^(Error|\*\* No activities|Security exception|java\.lang\.|.*Exception)")


class Apps:
    """The apps of one phone; remembers their launcher entries while connected."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._entries: dict[str, str] = {}

    def open(self, package: str, activity: str | None) -> None:
        """Starts the app, or brings its task to the front. Does not wait until it is there.

        Raises:
            AppNotInstalled: no such package. ActionRefused: it has no such entry, or Android refused.
        """
        if not _PACKAGE.fullmatch(package):
            raise AppNotInstalled(f"{package!r} is no package name", serial=self._wire.serial)
        answer = self._launch(package) if activity is None else self._start(f"{package}/{activity}")
        if _FAILED.search(answer):
            self._entries.pop(package, None)
            self._require(package)
            raise ActionRefused(f"{package} was not opened: {_first_line(answer)}", serial=self._wire.serial)

    def start_activity(self, package: str) -> str:
        """The full class name of the activity the launcher starts; "" if the phone does not tell, or there is none."""
        if not _PACKAGE.fullmatch(package):
            return ""
        name = self._entry(package).partition("/")[2]
        return package + name if name.startswith(".") else name

    def installed(self) -> tuple[str, ...]:
        """The packages on the phone, by name; () if it does not tell."""
        lines = self._wire.run("pm list packages 2>&1").splitlines()
        named = (line.strip().removeprefix("package:") for line in lines if line.startswith("package:"))
        return tuple(sorted(name for name in named if _PACKAGE.fullmatch(name)))

    def _entry(self, package: str) -> str:
        entry = self._entries.get(package)
        if entry is None:
            asked = self._wire.run(f"cmd package resolve-activity --brief {_LAUNCHER} {package} 2>&1").strip()
            entry = asked.splitlines()[-1].strip() if asked else ""
        if not entry.startswith(package + "/"):
            return ""
        self._entries[package] = entry
        return entry

    def _launch(self, package: str) -> str:
        entry = self._entry(package)
        if not entry:
            return self._wire.run(f"monkey -p {package} -c android.intent.category.LAUNCHER 1 2>&1")
        return self._start(entry)

    def _start(self, entry: str) -> str:
        return self._wire.run(f"am start {_LAUNCHER} -f {_AS_LAUNCHER} -n {shlex.quote(entry)} 2>&1")

    def _require(self, package: str) -> None:
        if "package:" not in self._wire.run(f"pm path {package} 2>&1"):
            raise AppNotInstalled(f"{package} is not installed", serial=self._wire.serial)


def _first_line(answer: str) -> str:
    lines = [line for line in answer.splitlines() if _FAILED.match(line)]
    return (lines or [answer])[0].strip()[:200]
