"""Recorded traces for tests: a lesson and runs of it on the virtual phone, whole, with pictures, damaged or hostile."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

from device.clock import ManualClock
from device.protocol import Device, Picture, Reading
from device.virtual.direct import DirectDevice
from replay.demonstration import Demonstration
from replay.distill import Done, distill
from replay.lesson_trace import write_lesson
from replay.recipe import Recipe
from replay.runner import Runner, RunResult
from replay.trace import Header, Trace
from replay.trace_reader import read_trace
from replay.trace_writer import TraceWriter
from tests.replay.bench import MESSAGES, SHOWN, Owner, Phone


def header(name: str, values: Mapping[str, str], source: str = "teach") -> Header:
    return Header(
        trace_id=name, name=name, task=" ".join([name, *values.values()]), source=source,  # type: ignore[arg-type]
        device={"model": "virtual", "serial": "v1"}, started_at="2026-03-02T09:30:00+00:00", recipe_id=name,
        values=values,
    )  # fmt: skip


class Lesson:
    """A recipe, the trace it was taught in, and what was done."""

    def __init__(self, recipe: Recipe, trace: Path, done: Sequence[Done]) -> None:
        self.recipe, self.path, self.done = recipe, trace, done

    @property
    def trace(self) -> Trace:
        return read_trace(self.path)


def text_lesson(folder: Path, phone: Phone | None = None) -> Lesson:
    """ "text {contact} that {message}", shown for Bob."""
    phone = phone or Phone()
    hand = Demonstration(phone, clock=phone.clock)
    hand.open(MESSAGES)
    hand.tap("Start chat")
    hand.tap(SHOWN["contact"])
    hand.type("Text message", SHOWN["message"])
    hand.tap("Send SMS")
    return lesson_of(folder, "text", hand.done, SHOWN, phone.clock)


def lesson_of(folder: Path, name: str, done: Sequence[Done], values: Mapping[str, str], clock: ManualClock) -> Lesson:
    recipe = distill(done, recipe_id=name, name=name, task=" ".join([name, *values.values()]), values=values)
    write_lesson(folder, header(name, values), recipe, done, serial="v1", clock=clock)
    return Lesson(recipe, folder, done)


class Photographing(TraceWriter):
    """Keeps a picture beside each reading."""

    def __init__(self, folder: Path, header: Header, device: Device) -> None:
        super().__init__(folder, header)
        self._device = device

    def screen(self, reading: Reading, picture: Picture | None = None) -> int:
        return super().screen(reading, picture or self._device.picture())


def run_of(
    folder: Path, recipe: Recipe, values: Mapping[str, str], phone: Phone | None = None, *, pictures: bool = False
) -> RunResult:
    """Runs a recipe on a phone, journalled at `folder`."""
    phone = phone or Phone()
    head = header(recipe.name, values, "run")
    writer = Photographing(folder, head, phone) if pictures else TraceWriter(folder, head)
    with writer as journal:
        result = Runner(phone, Owner(), clock=phone.clock).run(recipe, values, journal)
        outcome = "stopped" if result.outcome == "cancelled" else result.outcome
        journal.end(outcome, result.says, phone.clock.now().isoformat(), {"steps": len(result.progress)})
    return result


def without_target(recipe: Recipe, number: int) -> Recipe:
    """The recipe, with a step (from 0) whose target is nowhere on the screen."""
    steps = list(recipe.steps)
    move = steps[number].move
    target = dataclasses.replace(
        move.target,
        name="Nowhere",
        text="Nowhere",
        description="",
        hint="",
        label=("Nowhere",),  # type: ignore[union-attr]
        resource_id="x:id/nope",
    )
    steps[number] = dataclasses.replace(steps[number], move=dataclasses.replace(move, target=target))  # type: ignore[call-arg]
    return dataclasses.replace(recipe, steps=tuple(steps))


__all__ = ["DirectDevice", "Lesson", "header", "lesson_of", "run_of", "text_lesson", "without_target"]
