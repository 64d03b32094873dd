"""Which packages are on the phone, what they may do, and which of them run.

What is installed, when, and which permissions were answered persists in the state store (document "packages");
processes live only as long as this object. The window system starts and ends app processes (`spawn`, `kill`); nothing
here touches a window. Safe to use from several threads; `on_kill` callbacks run on the thread that kills, outside the
lock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from device.clock import Clock
from device.virtual.apk import Apk, BadApk, read_apk
from device.virtual.app import App, translate
from device.virtual.state import StateStore

ANDROID_VERSION = "14"
FIRST_APP_UID = 10100
FIRST_PID = 4211
DOCUMENT = "packages"

# Packages without pages that clients meet on every phone. MobiAgent's runners type through com.android.adbkeyboard.
BARE_SYSTEM = (
    "android",
    "com.android.dialer",
    "com.android.inputmethod.latin",
    "com.android.permissioncontroller",
    "com.android.providers.contacts",
    "com.android.providers.telephony",
    "com.android.shell",
    "com.android.systemui",
)
BARE_THIRD_PARTY = ("com.android.adbkeyboard",)
SYSTEM_PROCESSES = (
    ("root", 1, "init"),
    ("root", 2, "kthreadd"),
    ("logd", 301, "logd"),
    ("system", 412, "surfaceflinger"),
    ("root", 455, "zygote64"),
    ("shell", 498, "adbd"),
    ("system", 1031, "system_server"),
    ("u0_a80", 1287, "com.android.systemui"),
    ("u0_a81", 1402, "com.android.inputmethod.latin"),
    ("radio", 1455, "com.android.phone"),
)


class PackageError(Exception):
    """An installation was refused. `code` is Android's word for it, e.g. INSTALL_PARSE_FAILED_NOT_APK."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}" if detail else code)


@dataclass(frozen=True, slots=True)
class Package:
    """One installed package. `app` is None where there are no pages (services, packages installed from an APK)."""

    name: str
    version: str
    version_code: int
    system: bool
    permissions: tuple[str, ...]
    first_install: datetime
    last_update: datetime
    uid: int
    app: type[App] | None = None

    def label(self, locale: str) -> str:
        """The name a person sees."""
        if self.app is None or not self.app.strings:
            return self.name
        return translate(self.app.strings, locale, "app_name")

    @property
    def user(self) -> str:
        """The Linux user its processes run as."""
        return f"u0_a{self.uid - 10000}" if self.uid >= FIRST_APP_UID else "system"

    @property
    def apk_path(self) -> str:
        return f"/system/app/{self.name}/base.apk" if self.system else f"/data/app/{self.name}/base.apk"


@dataclass(slots=True)
class _Process:
    user: str
    pid: int
    name: str
    on_kill: Callable[[], object] | None = field(default=None)


class PackageManager:
    """The packages and processes of one phone.

    Args:
        store: where it persists; a store without the "packages" document is a phone fresh from the factory, on which
            each app's `install` runs once.
        clock: stamps installations.
        factory: the app classes the phone comes with.
    """

    def __init__(self, store: StateStore, clock: Clock, factory: Iterable[type[App]]) -> None:
        self._store = store
        self._clock = clock
        self._apps = {app.package: app for app in factory}
        self._lock = threading.RLock()
        self._processes: dict[int, _Process] = {}
        self._next_pid = FIRST_PID
        self._settle_factory()

    # --- what is installed ---

    def installed(self) -> list[Package]:
        """All packages, by name."""
        records: dict[str, Any] = self._document()["installed"]
        return [self._package(name, record) for name, record in sorted(records.items())]

    def find(self, name: str) -> Package | None:
        record = self._document()["installed"].get(name)
        return None if record is None else self._package(name, record)

    def install_apk(self, data: bytes) -> str:
        """Installs or updates the package an APK holds and returns its name. Its code does not run: it has no pages,
        unless the phone's own app classes have one of that name.

        Raises:
            PackageError: not an APK, or its manifest cannot be read.
        """
        try:
            apk = read_apk(data)
        except BadApk as error:
            raise PackageError(error.code, str(error)) from error
        with self._lock:
            app = self._apps.get(apk.package)
            fresh = self.find(apk.package) is None
            self._record(apk, system=False)
            if fresh and app is not None:
                self._furnish(app)
        return apk.package

    def uninstall(self, name: str) -> bool:
        """Removes a third-party package with its data; False for one of the system's, or none."""
        with self._lock:
            package = self.find(name)
            if package is None or package.system:
                return False
            self.clear(name)

            def edit(content: dict[str, Any]) -> dict[str, Any]:
                del content["installed"][name]
                content["removed"] = sorted({*content["removed"], name})
                return content

            self._store.change(DOCUMENT, _EMPTY, edit)
            return True

    def clear(self, name: str) -> bool:
        """Ends its process and drops its data and its permissions; False if it is not installed."""
        with self._lock:
            package = self.find(name)
            if package is None:
                return False
            self.kill(name)
            tables: tuple[str, ...] = getattr(package.app, "tables", ())
            for document in self._store.names():
                if document.startswith(f"{name}.") or document in tables:
                    self._store.remove(document)

            def edit(content: dict[str, Any]) -> dict[str, Any]:
                content["permissions"].pop(name, None)
                return content

            self._store.change(DOCUMENT, _EMPTY, edit)
            return True

    # --- permissions ---

    def grant(self, name: str, permission: str) -> None:
        self._answer(name, permission, True)

    def revoke(self, name: str, permission: str) -> None:
        self._answer(name, permission, False)

    def granted(self, name: str, permission: str) -> bool | None:
        """What was answered; None if nobody was asked yet."""
        answer: bool | None = self._document()["permissions"].get(name, {}).get(permission)
        return answer

    # --- processes ---

    def process(self, name: str) -> int | None:
        """The pid of a running package."""
        with self._lock:
            return next((row.pid for row in self._processes.values() if row.name == name), None)

    def spawn(self, name: str) -> int:
        """Starts a process for a package, in place of one that runs, and returns its new pid."""
        with self._lock:
            self.kill(name)
            package = self.find(name)
            return self._start("shell" if package is None else package.user, name, None)

    def kill(self, name: str) -> bool:
        """Ends a package's process; False if none ran."""
        pid = self.process(name)
        return pid is not None and self.kill_pid(pid)

    def spawn_shell_process(self, name: str = "app_process", on_kill: Callable[[], object] | None = None) -> int:
        """A process of the user "shell". Whoever started it ends it with `kill_pid`; `on_kill` runs in either case."""
        with self._lock:
            return self._start("shell", name, on_kill)

    def kill_all(self) -> None:
        """Ends every process but the system's own, as a restart does."""
        with self._lock:
            pids = list(self._processes)
        for pid in pids:
            self.kill_pid(pid)

    def kill_pid(self, pid: int) -> bool:
        """Ends a process by its pid; False if there is none."""
        with self._lock:
            row = self._processes.pop(pid, None)
        if row is None:
            return False
        if row.on_kill is not None:
            row.on_kill()
        return True

    def processes(self) -> list[tuple[str, int, str]]:
        """(user, pid, name) of everything that runs, the system's own included, by pid."""
        with self._lock:
            rows = [(row.user, row.pid, row.name) for row in self._processes.values()]
        own = {name for _, _, name in rows}
        return sorted([row for row in SYSTEM_PROCESSES if row[2] not in own] + rows, key=lambda row: row[1])

    # --- inside ---

    def _start(self, user: str, name: str, on_kill: Callable[[], object] | None) -> int:
        pid = self._next_pid
        self._next_pid += 17
        self._processes[pid] = _Process(user, pid, name, on_kill)
        return pid

    def _settle_factory(self) -> None:
        """Installs what the factory ships and the store does not know yet, updates what got newer, and leaves what was
        uninstalled away."""
        with self._lock:
            content = self._document()
            for app in self._apps.values():
                known = content["installed"].get(app.package)
                if app.package in content["removed"] or (known and known["version_code"] >= app.version_code):
                    continue
                self._record(Apk(app.package, app.version, app.version_code, app.permissions), system=app.system)
                if known is None:
                    self._furnish(app)
                    for permission in app.granted:
                        self.grant(app.package, permission)
            for names, system in ((BARE_SYSTEM, True), (BARE_THIRD_PARTY, False)):
                for name in names:
                    if name not in content["installed"] and name not in content["removed"] and name not in self._apps:
                        self._record(Apk(name, ANDROID_VERSION, 34, ()), system=system)

    def _furnish(self, app: type[App]) -> None:
        app.install(self._store)
        app.install_dated(self._store, self._clock.now())

    def _record(self, apk: Apk, *, system: bool) -> None:
        now = self._clock.now().isoformat()

        def edit(content: dict[str, Any]) -> dict[str, Any]:
            before = content["installed"].get(apk.package)
            if before is None:
                content["next_uid"] += 1
            content["installed"][apk.package] = {
                "version": apk.version,
                "version_code": apk.version_code,
                "permissions": list(apk.permissions),
                "system": before["system"] if before else system,
                "first_install": before["first_install"] if before else now,
                "last_update": now,
                "uid": before["uid"] if before else content["next_uid"] - 1,
            }
            content["removed"] = [name for name in content["removed"] if name != apk.package]
            return content

        self._store.change(DOCUMENT, _EMPTY, edit)

    def _package(self, name: str, record: dict[str, Any]) -> Package:
        return Package(
            name=name,
            version=record["version"],
            version_code=record["version_code"],
            system=record["system"],
            permissions=tuple(record["permissions"]),
            first_install=datetime.fromisoformat(record["first_install"]),
            last_update=datetime.fromisoformat(record["last_update"]),
            uid=record["uid"],
            app=self._apps.get(name),
        )

    def _answer(self, name: str, permission: str, answer: bool) -> None:
        def edit(content: dict[str, Any]) -> dict[str, Any]:
            content["permissions"].setdefault(name, {})[permission] = answer
            return content

        self._store.change(DOCUMENT, _EMPTY, edit)

    def _document(self) -> dict[str, Any]:
        content: dict[str, Any] = self._store.document(DOCUMENT, _EMPTY)
        return content


_EMPTY: dict[str, Any] = {"next_uid": FIRST_APP_UID, "installed": {}, "removed": [], "permissions": {}}
