"""One run of one command: what it is given, and how commands are found by name.

A command is an async function from a `Call` to its exit status. It registers itself with `@COMMANDS.add("name", …)`;
`@DUMPSYS.add("battery")` makes `dumpsys battery`, `@SERVICES.add("package")` makes `cmd package`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ParamSpec, Protocol, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from device.clock import SystemClock
from device.virtual.shell.phone import Phone
from device.virtual.shell.streams import Streams

P = ParamSpec("P")
R = TypeVar("R")

SHELL = "/system/bin/sh"
ENVIRONMENT = {
    "ANDROID_DATA": "/data",
    "ANDROID_ROOT": "/system",
    "EXTERNAL_STORAGE": "/sdcard",
    "HOME": "/",
    "HOSTNAME": "vphone",
    "LOGNAME": "shell",
    "PATH": "/product/bin:/apex/com.android.runtime/bin:/system/bin:/system/xbin:/vendor/bin",
    "SHELL": "/bin/sh",
    "TMPDIR": "/data/local/tmp",
    "USER": "shell",
}


class CommandFailed(Exception):
    """Ends a command: `message` goes to its standard error, `status` is its exit status."""

    def __init__(self, message: str, status: int = 1) -> None:
        self.message = message
        self.status = status
        super().__init__(message)


class ShellExit(Exception):
    """Ends the script (or the subshell) that runs, as `exit` does."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(status)


@dataclass(slots=True)
class State:
    """What a shell remembers between commands. A subshell works on a copy."""

    variables: dict[str, str] = field(default_factory=lambda: dict(ENVIRONMENT))
    exported: set[str] = field(default_factory=lambda: set(ENVIRONMENT))
    arguments: tuple[str, ...] = ()
    name: str = SHELL
    cwd: str = "/"
    status: int = 0
    last_job: int | None = None
    jobs: list[asyncio.Task[int]] = field(default_factory=list)

    def fork(self) -> State:
        return replace(self, variables=dict(self.variables), exported=set(self.exported), jobs=[])

    def environment(self) -> dict[str, str]:
        return {name: value for name, value in self.variables.items() if name in self.exported}


class Runner(Protocol):
    """The interpreter, as commands see it."""

    async def command(self, argv: list[str], streams: Streams, environment: dict[str, str]) -> int:
        """Runs one more command in the same shell."""
        ...

    async def source(self, text: str, streams: Streams) -> int:
        """Runs a script in this shell."""
        ...

    async def shell(self, text: str, streams: Streams, environment: dict[str, str], arguments: list[str]) -> int:
        """Runs a script in a shell of its own, with `arguments` as $1 …."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """`argv[0]` is the command's name. `env` is what the command inherits."""

    argv: list[str]
    streams: Streams
    env: dict[str, str]
    phone: Phone
    state: State
    runner: Runner

    @property
    def name(self) -> str:
        return self.argv[0]

    @property
    def arguments(self) -> list[str]:
        return self.argv[1:]

    async def out(self, data: str | bytes) -> None:
        await self.streams.stdout.write(_bytes(data))

    async def line(self, words: str = "") -> None:
        await self.out(words + "\n")

    async def err(self, data: str | bytes) -> None:
        await self.streams.stderr.write(_bytes(data))

    def path(self, path: str) -> str:
        """An absolute path for what may be relative to the shell's folder."""
        return self.phone.files.normalise(path, self.state.cwd)

    async def work(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Calls something that may take a while, off the event loop."""
        return await asyncio.to_thread(function, *args, **kwargs)

    async def pause(self, duration_s: float) -> None:
        """Waits by the phone's clock; a clock of a test moves on at once."""
        if isinstance(self.phone.clock, SystemClock):
            await asyncio.sleep(duration_s)
        else:
            self.phone.clock.sleep(duration_s)
            await asyncio.sleep(0)

    def local_time(self, moment: datetime | None = None) -> datetime:
        """A moment (now, unless given) in the phone's own zone."""
        zone = ZoneInfo(self.phone.config.time_zone)
        return (self.phone.clock.now() if moment is None else moment).astimezone(zone)

    def with_argv(self, argv: list[str]) -> Call:
        return replace(self, argv=argv)


CommandFunction: TypeAlias = Callable[[Call], Awaitable[int]]


class Registry:
    """Commands by name. A `builtin` belongs to the shell itself: `which` does not find it."""

    def __init__(self) -> None:
        self._functions: dict[str, CommandFunction] = {}
        self._builtins: set[str] = set()

    def add(self, *names: str, builtin: bool = False) -> Callable[[CommandFunction], CommandFunction]:
        def register(function: CommandFunction) -> CommandFunction:
            for name in names:
                if name in self._functions:
                    raise ValueError(f"two commands are called {name}")
                self._functions[name] = function
                if builtin:
                    self._builtins.add(name)
            return function

        return register

    def find(self, name: str) -> CommandFunction | None:
        return self._functions.get(name)

    def is_program(self, name: str) -> bool:
        return name in self._functions and name not in self._builtins

    def names(self) -> list[str]:
        return sorted(self._functions)


COMMANDS = Registry()
DUMPSYS = Registry()
SERVICES = Registry()


def _bytes(data: str | bytes) -> bytes:
    return data if isinstance(data, bytes) else data.encode("utf-8", "surrogateescape")
