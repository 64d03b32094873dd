"""Apps that run: processes, tasks and the back stack.

A task holds the pages (activities) of one package, the front one last; the launcher's task is home. Tasks and their
pages live as long as their process: it is gone after a force-stop, a crash, or when the package manager killed its pid,
and the next start makes a new one with a new pid. Apps' own code runs through `AppCode`; a launcher that crashes is not
started again by itself. Nothing here draws; the window system asks for the surfaces.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from device.virtual.app import App, Host, Page
from device.virtual.window.app_code import AppCode
from device.virtual.window.context import Context
from device.virtual.window.view import View

HOME_PACKAGE = "com.android.launcher3"
_IN_WINDOW = "/"  # between package and activity in the name of a page's window; no other window's name has it


@dataclass(slots=True)
class Activity:
    """One page in a task. `name` is its full class name, `window` names its window."""

    name: str
    short: str
    page: Page
    window: str
    looked: tuple[object, View, View | None] | None = None  # what view() and dialog() last gave, and for which state


@dataclass(slots=True)
class Task:
    """The activities of an app, the front one last."""

    package: str
    activities: list[Activity] = field(default_factory=list)


@dataclass(slots=True)
class Process:
    """A running app."""

    package: str
    pid: int
    app: App


class Stack:
    """The tasks of one phone, the front one first.

    Args:
        host_for: makes what the phone offers to one package.
        ended: told the package and the windows of a process that has gone.
        closed: told the windows of a page that was closed.
    """

    def __init__(
        self,
        context: Context,
        code: AppCode,
        host_for: Callable[[str], Host],
        ended: Callable[[str], object],
        closed: Callable[[str], object],
    ) -> None:
        self._context = context
        self._code = code
        self._host_for = host_for
        self._ended = ended
        self._closed = closed
        self._tasks: list[Task] = []
        self._processes: dict[str, Process] = {}
        self._numbers = itertools.count(1)
        self._resumed: Activity | None = None
        self._crashed_home = False

    # ---- looking

    @property
    def front(self) -> Activity | None:
        return self._tasks[0].activities[-1] if self._tasks else None

    @property
    def front_package(self) -> str:
        return self._tasks[0].package if self._tasks else ""

    def tasks(self) -> list[tuple[str, str]]:
        """(package, front activity) of each task, front first."""
        return [(task.package, task.activities[-1].name) for task in self._tasks]

    def pid(self, package: str) -> int:
        """0 if it does not run."""
        process = self._processes.get(package)
        return process.pid if process else 0

    def app(self, package: str) -> App | None:
        """The running app of a package."""
        process = self._processes.get(package)
        return process.app if process else None

    def owner(self, package: str) -> str:
        """Whose timers are dropped when the package's process ends."""
        return _owner(package, self._context.packages.process(package) or 0)

    # ---- starting

    def start(self, package: str, activity: str | None = None, extras: dict[str, Any] | None = None) -> bool:
        """Brings a package to the front: as its launcher icon does, or at one activity. False if there is no such.

        An app that crashes at once was started all the same.
        """
        found = self._context.packages.find(package)
        if found is None or found.app is None:
            return False
        short = found.app.main if activity is None else short_name(package, activity)
        if short not in found.app.pages:
            return False
        process = self._running(package, found.app)
        if process is None:
            return True
        task = self._task(package) or Task(package)
        fresh = activity is not None and (extras or (task.activities and task.activities[-1].short != short))
        if (task.activities and not fresh) or self._push(task, process, short, extras):
            self._to_front(task)
        return True

    def open(self, package: str, activity: str, extras: dict[str, Any]) -> bool:
        """A page of the app's own on top of its task; the task stays where it is among the others."""
        process, task = self._processes.get(package), self._task(package)
        if process is None or task is None:
            return self.start(package, activity, extras)
        short = short_name(package, activity)
        if short not in process.app.pages:
            known = ", ".join(process.app.pages)
            raise KeyError(f"{package} has no page {activity!r}; it has {known}")
        if self._push(task, process, short, extras):
            self._settle()
        return True

    def home(self) -> None:
        self.start(HOME_PACKAGE)
        task = self._task(HOME_PACKAGE)
        if task is not None:
            for activity in task.activities[1:]:
                self._closed(activity.window)
            del task.activities[1:]
        self._settle()

    def to_front(self, package: str) -> bool:
        """Shows a task as it was left; False if there is none."""
        task = self._task(package)
        if task is None:
            return False
        self._to_front(task)
        return True

    # ---- ending

    def back(self) -> None:
        """What the back key does to the page in front: asked first, then closed.

        The first page of an app is not closed but its task goes behind the others, as since Android 12.
        """
        front = self.front
        if front is None or self._code.call(self.front_package, front.page.back) is not False:
            self._context.changed()
            return
        task = self._tasks[0]
        if len(task.activities) > 1:
            self.close(task.package)
        elif task.package != HOME_PACKAGE:
            if front.short == front.page.app.main:
                self._tasks.append(self._tasks.pop(0))
                self._settle()
            else:
                self.close(task.package)

    def close(self, package: str) -> None:
        """Ends the front page of a package, and its task with the last one."""
        task = self._task(package)
        if task is None:
            return
        self._closed(task.activities.pop().window)
        if not task.activities:
            self._tasks.remove(task)
        self._settle()

    def stop(self, package: str) -> bool:
        """Force-stops a package; False if it did not run."""
        ran = self._context.packages.kill(package) or package in self._processes
        self.reap()
        return ran

    def crash(self, package: str) -> None:
        """Ends a package whose own code failed."""
        pid = self._context.packages.process(package)
        if pid is not None and package not in self._processes:  # it did not get as far as running
            self._context.packages.kill(package)
            self._context.timers.drop(_owner(package, pid))
            self._ended(package)
        self._crashed_home = package == HOME_PACKAGE
        self.stop(package)
        self._crashed_home = False

    def reap(self) -> None:
        """Takes away what belongs to processes that the package manager no longer has."""
        packages = self._context.packages
        dead = [one for one in self._processes.values() if packages.process(one.package) != one.pid]
        for process in dead:
            if self._processes.get(process.package) is not process:
                continue  # the launcher came to the front and crashed, which took this one away too
            del self._processes[process.package]
            self._context.timers.drop(_owner(process.package, process.pid))
            was_front = self.front_package == process.package
            task = self._task(process.package)
            if task is not None:
                self._tasks.remove(task)
                for activity in task.activities:
                    self._closed(activity.window)
            self._ended(process.package)
            if was_front and not self._crashed_home:
                self.home()
            self._settle()

    # ---- inside

    def _task(self, package: str) -> Task | None:
        return next((task for task in self._tasks if task.package == package), None)

    def _running(self, package: str, app: type[App]) -> Process | None:
        """The package's process, started if need be; None if it crashes."""
        process = self._processes.get(package)
        if process is not None and self._context.packages.process(package) == process.pid:
            return process
        self.reap()
        pid = self._context.packages.spawn(package)
        started = self._code.call(package, lambda: app(self._host_for(package)))
        if started is None:
            return None
        process = self._processes[package] = Process(package, pid, started)
        return process

    def _push(self, task: Task, process: Process, short: str, extras: dict[str, Any] | None) -> bool:
        """A page on top of a task; False if it crashes."""
        page = self._code.call(task.package, lambda: process.app.pages[short](process.app, **(extras or {})))
        if page is None:
            return False
        name = full_name(task.package, short)
        task.activities.append(Activity(name, short, page, f"{task.package}{_IN_WINDOW}{name}#{next(self._numbers)}"))
        return True

    def _to_front(self, task: Task) -> None:
        if task in self._tasks:
            self._tasks.remove(task)
        self._tasks.insert(0, task)
        self._settle()

    def _settle(self) -> None:
        self._context.changed()
        front = self.front
        if front is not self._resumed:
            self._resumed = front
            if front is not None:
                self._code.run(self.front_package, front.page.resumed)


def app_of(window: str) -> str | None:
    """The package whose page (or page's own dialog) a window of this name shows; None for the system's windows."""
    package, mark, _ = window.partition(_IN_WINDOW)
    return package if mark else None


def short_name(package: str, activity: str) -> str:
    """ ".EditActivity" for "com.example.notes.EditActivity" of com.example.notes; others stay as they are."""
    return activity[len(package) :] if activity.startswith(f"{package}.") else activity


def full_name(package: str, activity: str) -> str:
    """The whole name of an activity; one that begins with a dot is the package's own."""
    return f"{package}{activity}" if activity.startswith(".") else activity


def _owner(package: str, pid: int) -> str:
    return f"{package}:{pid}"
