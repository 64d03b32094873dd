"""The log: `log` writes, `logcat` reads and follows.

A follower of a silent log makes it tick: see `device.virtual.logcat`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass

from device.virtual.logcat import IDLE_TICK_S, LEVELS, Entry, Level
from device.virtual.shell.call import COMMANDS, Call, CommandFailed
from device.virtual.shell.options import integer, read_options

LOG_PID = 5121
_FORMATS = ("brief", "long", "process", "raw", "tag", "thread", "threadtime", "time")
_MODIFIERS = frozenset(
    ("color", "descriptive", "epoch", "monotonic", "printable", "uid", "usec", "UTC", "year", "zone")
)
_SILENT = "S"


@COMMANDS.add("log")
async def log(call: Call) -> int:
    options = read_options(call.arguments, valued=("-p", "-t", "-b"))
    level = options.values.get("-p", "i").upper()[:1]
    known: Level | None = next((known for known in LEVELS if known == level), None)
    if known is None:
        raise CommandFailed(f"log: unknown priority {options.values['-p']}\n")
    call.phone.log.write(options.values.get("-t", "log"), " ".join(options.words), known, pid=LOG_PID)
    return 0


@COMMANDS.add("logcat")
async def logcat(call: Call) -> int:
    """-v FORMAT, -d, -c, -t/-T N, -s, -e REGEX, --pid=N, and filters such as TAG:I *:S."""
    view = _read(call.arguments)
    if view.clears:
        call.phone.log.clear()
        return 0
    if view.sizes:
        await call.line("main: ring buffer is 256 KiB (12 KiB consumed, 256 KiB readable), max entry is 5120 B")
        return 0
    loop = asyncio.get_running_loop()
    arrived: asyncio.Queue[Entry] = asyncio.Queue()
    unsubscribe = call.phone.log.subscribe(lambda entry: loop.call_soon_threadsafe(arrived.put_nowait, entry))
    try:
        before = call.phone.log.entries()
        known = [entry for entry in before if view.wants(entry)]
        if view.last is not None:
            known = known[max(0, len(known) - view.last) :]
        await call.line("--------- beginning of main")
        await call.out("".join(view.spell(call, entry) for entry in known))
        if view.ends:
            return 0
        seen = set(map(id, before))  # an entry of this very moment may be in both
        while True:
            entry = await _next(call, arrived)
            if id(entry) not in seen and view.wants(entry):
                await call.out(view.spell(call, entry))
    finally:
        unsubscribe()


async def _next(call: Call, arrived: asyncio.Queue[Entry]) -> Entry:
    while True:
        try:
            async with asyncio.timeout(IDLE_TICK_S):
                return await arrived.get()
        except TimeoutError:
            call.phone.log.tick()


@dataclass(frozen=True, slots=True)
class _View:
    """Which entries are shown, and how."""

    form: str
    filters: dict[str, str]
    pattern: re.Pattern[str] | None
    pid: int | None
    last: int | None
    ends: bool
    clears: bool
    sizes: bool

    def wants(self, entry: Entry) -> bool:
        least = self.filters.get(entry.tag, self.filters.get("*", "V"))
        if least == _SILENT or LEVELS.index(entry.level) < "VDIWEF".index(least):
            return False
        if self.pid is not None and entry.pid != self.pid:
            return False
        return self.pattern is None or self.pattern.search(entry.message) is not None

    def spell(self, call: Call, entry: Entry) -> str:
        moment = call.local_time(entry.at)
        at = f"{moment:%m-%d %H:%M:%S}.{moment.microsecond // 1000:03}"
        return _SPELL[self.form](at, entry) + "\n"


_SPELL: dict[str, Callable[[str, Entry], str]] = {
    "brief": lambda at, e: f"{e.level}/{e.tag:<8}({e.pid:5}): {e.message}",
    "long": lambda at, e: f"[ {at} {e.pid:5}:{e.tid:5} {e.level}/{e.tag:<8} ]\n{e.message}\n",
    "process": lambda at, e: f"{e.level}({e.pid:5}) {e.message}  ({e.tag})",
    "raw": lambda at, e: e.message,
    "tag": lambda at, e: f"{e.level}/{e.tag:<8}: {e.message}",
    "thread": lambda at, e: f"{e.level}({e.pid:5}:{e.tid:5}) {e.message}",
    "threadtime": lambda at, e: f"{at} {e.pid:5} {e.tid:5} {e.level} {e.tag:<8}: {e.message}",
    "time": lambda at, e: f"{at} {e.level}/{e.tag:<8}({e.pid:5}): {e.message}",
}


def _read(arguments: list[str]) -> _View:
    parted = [part for word in arguments for part in (word.split("=", 1) if word.startswith("--") else [word])]
    valued = ("-v", "-t", "-T", "-b", "-e", "-r", "-n", "-f", "-m", "--pid", "--regex", "--buffer", "--format", "-G")
    options = read_options(parted, valued=valued)
    form = options.values.get("-v", options.values.get("--format", "threadtime"))
    form = next((word for word in re.split(r"[ ,]", form) if word not in _MODIFIERS), "threadtime")
    if form not in _FORMATS:
        raise CommandFailed(f'logcat: Invalid parameter "{form}" to -v\n')
    expression = options.values.get("-e", options.values.get("--regex"))
    last = options.values.get("-t", options.values.get("-T"))
    return _View(
        form=form,
        filters=_filters(options.words, silent="-s" in options.flags),
        pattern=None if expression is None else _pattern(expression),
        pid=integer(options.values["--pid"]) if "--pid" in options.values else None,
        last=int(last) if last is not None and last.isdigit() else None,
        ends=bool({"-d", "--dump"} & options.flags) or "-t" in options.values,
        clears=bool({"-c", "--clear"} & options.flags),
        sizes="-g" in options.flags,
    )


def _pattern(expression: str) -> re.Pattern[str]:
    try:
        return re.compile(expression)
    except re.error as error:
        raise CommandFailed(f"logcat: Invalid regex '{expression}': {error}\n") from error


def _filters(words: list[str], *, silent: bool) -> dict[str, str]:
    found = {"*": _SILENT} if silent else {}
    for word in words:
        tag, _, level = word.partition(":")
        letter = (level or "V").upper()[:1]
        if letter not in "VDIWEFS*":
            raise CommandFailed(f"logcat: Invalid filter expression '{word}'\n")
        found[tag] = "V" if letter == "*" else letter
    return found
