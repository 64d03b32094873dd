"""`mobimem eval replay`: what replaying costs over a script written by hand, on the same 20 steps and the same phone.

The script is plain uiautomator2 as one writes it: before each action it reads the hierarchy, looks for its element in
it until it is there, and acts. It checks nothing else. Ours is the production path with the journal on the disk. Both
drive one virtual phone over a real adb server, in pairs whose order alternates; the apps are stopped before each run,
outside the time that is taken. The ratio is taken per pair.

`with_pictures` is the same with vision on: a picture is taken and kept beside every reading of the journal. A replay
does not do that by itself - healing takes a picture only where the tree does not tell - so it is the upper bound.

One setting differs from a phone on a desk: there is no radio, no animation and no idle wait, so a reading takes some
milliseconds here and some hundred there; what we add weighs more here than there.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import uiautomator2
from lxml import etree

from device.android import adb
from device.android.own_server import OwnAdbServer
from device.android.wire import Wire
from device.clock import SystemClock
from device.open import open_device
from device.protocol import Device, Picture, Reading
from device.virtual.phone import PhoneConfig
from device.virtual.spawn import ChildPhone
from mobimem.evals.about import about
from mobimem.evals.drift_tasks import CLOCK, CONTACTS, MESSAGES, NOTES, SETTINGS
from replay.commands import Decision
from replay.demonstration import Demonstration
from replay.distill import distill
from replay.recipe import Recipe, Step
from replay.runner import Runner
from replay.trace import Header
from replay.trace_writer import TraceWriter

APPS: Final = (NOTES, CLOCK, SETTINGS, CONTACTS, MESSAGES)
TITLE, BODY, PERSON = "Packing list", "socks, a map and the tickets", "Carol"
FIND_S: Final = 10.0
STEPS: Final = (
    ("open", NOTES), ("tap", "New note"), ("type", "Title", TITLE), ("type", "Note", BODY), ("tap", "Save"),
    ("open", CLOCK), ("tap", "Timer"), ("tap", "Stopwatch"), ("tap", "Alarm"),
    ("open", SETTINGS), ("tap", "Display"), ("tap", "Navigate up"), ("tap", "Battery"), ("tap", "Navigate up"),
    ("tap", "Notifications"), ("tap", "Do Not Disturb"), ("tap", "Navigate up"),
    ("open", CONTACTS), ("tap", PERSON), ("tap", "Text"),
)  # fmt: skip


def evaluate(runs: int) -> dict[str, Any]:
    """Runs `runs` pairs after one that warms up; JSON data with both times and the ratio of each pair."""
    with OwnAdbServer() as server, ChildPhone(PhoneConfig()) as phone, tempfile.TemporaryDirectory() as folder:
        client = adb.server(server.port)
        adb.connect(client, phone.serial)
        wire = Wire(client, phone.serial)
        device = open_device(phone.serial, adb_port=server.port)
        try:
            bench = _Bench(wire, device, uiautomator2.connect(client.device(phone.serial)), Path(folder))
            bench.reset()
            recipe = bench.shown()
            bench.pair(recipe, ours_first=True)
            pairs = [bench.pair(recipe, ours_first=bool(number % 2)) for number in range(runs)]
            bench.pictures = True
            seen = [bench.pair(recipe, ours_first=bool(number % 2)) for number in range(runs)]
        finally:
            device.close()
    return {
        "eval": "replay",
        **about(),
        "steps": len(STEPS),
        "pairs": runs,
        **_compared(pairs),
        "with_pictures": {"pictures_each": bench.taken // runs, **_compared(seen)},
    }


def _compared(pairs: list[tuple[float, float]]) -> dict[str, Any]:
    ratios = [ours / script for ours, script in pairs]
    return {
        "ours_s": _spread([ours for ours, _ in pairs]),
        "script_s": _spread([script for _, script in pairs]),
        "ratio": _spread(ratios),
        "ratios": [round(ratio, 3) for ratio in ratios],
    }


def _spread(numbers: list[float]) -> dict[str, float]:
    ordered = sorted(numbers)
    return {
        "median": round(statistics.median(ordered), 4), "least": round(ordered[0], 4), "most": round(ordered[-1], 4),
    }  # fmt: skip


class _Yes:
    """The policy of this evaluation: everything the 20 steps do may be done."""

    def decide(self, step: Step, says: str, values: object) -> Decision:
        return "run"


class _Photographing(TraceWriter):
    """Keeps a picture beside each reading."""

    def __init__(self, folder: Path, header: Header, bench: _Bench) -> None:
        super().__init__(folder, header)
        self._bench = bench

    def screen(self, reading: Reading, picture: Picture | None = None) -> int:
        self._bench.taken += 1
        return super().screen(reading, picture or self._bench.device.picture())


@dataclass
class _Bench:
    """One phone, driven by both in turn."""

    wire: Wire
    device: Device
    script: Any  # uiautomator2.Device, which is untyped
    folder: Path
    journals: int = 0
    pictures: bool = False
    taken: int = 0

    def reset(self) -> None:
        """The apps as after a restart, the settings as from the factory."""
        stops = "; ".join(f"am force-stop {app}" for app in APPS)
        self.wire.run(f"{stops}; settings put global zen_mode 0; input keyevent HOME")

    def shown(self) -> Recipe:
        hand = Demonstration(self.device)
        for kind, *words in STEPS:
            getattr(hand, kind)(*words)
        return distill(hand.done, recipe_id="tour", name="tour", task="the tour", values={})

    def pair(self, recipe: Recipe, *, ours_first: bool) -> tuple[float, float]:
        """Seconds of ours and of the script."""
        ways: list[Callable[[], None]] = [lambda: self._replay(recipe), self._by_hand]
        took = [0.0, 0.0]
        for which in (0, 1) if ours_first else (1, 0):
            self.reset()
            start_s = time.perf_counter()
            ways[which]()
            took[which] = time.perf_counter() - start_s
        return took[0], took[1]

    def _replay(self, recipe: Recipe) -> None:
        self.journals += 1
        now = datetime.now(UTC).isoformat()
        header = Header(trace_id="t", name="tour", task="tour", source="run", device={}, started_at=now)
        folder = self.folder / str(self.journals)
        with _Photographing(folder, header, self) if self.pictures else TraceWriter(folder, header) as journal:
            result = Runner(self.device, _Yes(), clock=SystemClock()).run(recipe, {}, journal)
        if result.outcome != "done" or any(progress.result == "skipped" for progress in result.progress):
            raise AssertionError(f"the replay did not do all steps: {result.outcome}, {result.says}")

    def _by_hand(self) -> None:
        for kind, *words in STEPS:
            if kind == "open":
                self.script.dump_hierarchy()
                self.script.app_start(words[0])
                continue
            self.script.click(*self._seen(words[0]))
            if kind == "type":
                self.script.dump_hierarchy()
                self.script(focused=True).set_text(words[1])

    def _seen(self, words: str) -> tuple[int, int]:
        """The middle of the element that says this, once it is there."""
        end_s = time.monotonic() + FIND_S
        while time.monotonic() < end_s:
            tree = etree.fromstring(self.script.dump_hierarchy().encode())
            for node in tree.iter("node"):
                if words in (node.get("text"), node.get("content-desc")):
                    left, top, right, bottom = map(int, node.get("bounds")[1:-1].replace("][", ",").split(","))
                    return (left + right) // 2, (top + bottom) // 2
        raise AssertionError(f"the script does not see {words!r}")
