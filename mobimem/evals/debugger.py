"""`mobimem eval debugger`: how fast the debugger's parts are, and how large a report gets.

A lesson of ten steps is shown once on a virtual phone and repeated: a 50-step trace with a picture of every screen and
without pictures is written as a report, and a 1,000-step one is played dry. Targets: report < 5 MB and < 2 s; dry run
< 2 s.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from device.actions import PressKey
from device.clock import ManualClock
from device.protocol import Picture, Reading
from device.virtual.direct import DirectDevice
from device.virtual.phone import VirtualPhone
from mobimem.evals.about import about
from replay.demonstration import Demonstration
from replay.distill import Done, distill
from replay.dry_run import dry_run
from replay.lesson_trace import write_lesson
from replay.recipe import step_to_data
from replay.report import write_report
from replay.trace import Header, StepDone
from replay.trace_reader import read_trace
from replay.trace_writer import TraceWriter

REPORT_STEPS: Final = 50
DRY_STEPS: Final = 1000
REPORT_BYTES_MAX: Final = 5_000_000
SECONDS_MAX: Final = 2.0
_HEADER: Final = Header(trace_id="e", name="eval", task="eval", source="teach", device={}, started_at="")


def evaluate() -> dict[str, Any]:
    """Times and sizes as JSON data, with CPU seconds beside them; `met` says whether all targets are."""
    with tempfile.TemporaryDirectory(prefix="mobimem-debugger-") as folder:
        return {"eval": "debugger", **about(), **_measure(Path(folder))}


def _measure(folder: Path) -> dict[str, Any]:
    clock = ManualClock()
    with VirtualPhone(clock=clock) as phone:
        device = DirectDevice(phone)
        done, pictures = _shown(device, clock)
    plain = folder / "plain"
    steps = [done[number % len(done)] for number in range(REPORT_STEPS)]
    write_lesson(plain, _HEADER, _recipe(steps), steps, serial="v", clock=clock)
    pictured = folder / "pictured"
    _with_pictures(pictured, steps, pictures)
    long = folder / "long"
    many = [done[number % len(done)] for number in range(DRY_STEPS)]
    recipe = _recipe(many)
    write_lesson(long, _HEADER, recipe, many, serial="v", clock=clock)
    trace = read_trace(long)
    begun_s, begun_cpu_s = time.perf_counter(), time.process_time()
    outcome = dry_run(recipe, trace)
    dry_s, dry_cpu_s = time.perf_counter() - begun_s, time.process_time() - begun_cpu_s
    result = {"report_drawn": _report(plain), "report_pictures": _report(pictured)}
    return {
        **result,
        "dry_run": {
            "steps": len(outcome.progress),
            "outcome": outcome.outcome,
            "seconds": round(dry_s, 3),
            "cpu_seconds": round(dry_cpu_s, 3),
        },
        "load": os.getloadavg()[0],
        "met": dry_s < SECONDS_MAX
        and outcome.outcome == "done"
        and all(one["bytes"] < REPORT_BYTES_MAX and one["seconds"] < SECONDS_MAX for one in result.values()),
    }


def _shown(device: DirectDevice, clock: ManualClock) -> tuple[list[Done], list[Picture]]:
    """Ten steps, and a picture after each."""
    hand = Demonstration(device, clock=clock)
    pictures = [device.picture()]

    def taken() -> None:
        pictures.append(device.picture())

    for package, tap in (("com.android.settings", "Display"), ("com.android.contacts", "Carol")):
        hand.open(package)
        taken()
        hand.tap(tap)
        taken()
        for key in ("back", "home"):
            hand.press(PressKey(key))
            taken()
    return hand.done, pictures


def _recipe(steps: Sequence[Done]) -> Any:
    return distill(steps, recipe_id="e", name="eval", task="eval", values={})


def _with_pictures(folder: Path, steps: Sequence[Done], pictures: Sequence[Picture]) -> None:
    """The same trace, with a picture of its own beside each reading: as on a phone, no two are alike."""
    from io import BytesIO

    from PIL import Image

    recipe = _recipe(steps)
    with TraceWriter(folder, _HEADER) as writer:
        for index, one in enumerate(steps):
            with Image.open(BytesIO(pictures[index % len(pictures)].data)) as image:
                shown = image.convert("RGB")
            shown.putpixel((0, 0), (index, index, index))
            out = BytesIO()
            shown.save(out, "PNG", compress_level=1)
            picture = Picture(out.getvalue(), "image/png", pictures[0].taken_at)
            before = writer.screen(_reading(one, "before"), picture)
            after = writer.screen(_reading(one, "after"))
            writer.step(
                StepDone(
                    index=index, step=step_to_data(recipe.steps[index]), action=None, level="taught", result="done",
                    before=before, after=after, started_at="", duration_s=0.0,
                )
            )  # fmt: skip
        writer.end("done", "", "")


def _reading(one: Done, which: str) -> Reading:
    from replay.lesson_trace import reading_of

    return reading_of(one.before if which == "before" else one.after, "v")


def _report(trace: Path) -> dict[str, Any]:
    target = trace.with_suffix(".html")
    begun_s, begun_cpu_s = time.perf_counter(), time.process_time()
    found = write_report(trace, target)
    seconds, cpu_seconds = time.perf_counter() - begun_s, time.process_time() - begun_cpu_s
    pictures = found.trace.pictures.values()
    return {
        "steps": len(found.trace.steps()),
        "pictures": len(pictures),
        "pictures_bytes": sum(map(len, pictures)),
        "bytes": target.stat().st_size,
        "seconds": round(seconds, 3),
        "cpu_seconds": round(cpu_seconds, 3),  # of all threads
    }
