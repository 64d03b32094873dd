"""Tasks shown once on a virtual phone in this process, as lessons."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import cache

from device.clock import ManualClock
from device.virtual.direct import DirectDevice
from device.virtual.phone import PhoneConfig, VirtualPhone
from device.virtual.window.layout import FixedMeasure
from memory.learn.lesson import Lesson
from replay.demonstration import Demonstration
from replay.distill import distill
from replay.recipe import Recipe

CONTACTS, SETTINGS = "com.android.contacts", "com.android.settings"
Values = Mapping[str, str]


def _star(hand: Demonstration, values: Values) -> None:
    hand.open(CONTACTS)
    hand.tap(values["contact"])
    hand.tap("Add to favorites")


def _text(hand: Demonstration, values: Values) -> None:
    hand.open(CONTACTS)
    hand.tap(values["contact"])
    hand.tap("Text")
    hand.type("Text message", values["message"])
    hand.tap("Send SMS")


def _dark(hand: Demonstration, values: Values) -> None:
    hand.open(SETTINGS)
    hand.tap("Display")
    hand.tap("Dark theme")


SHOWS: dict[str, tuple[str, Callable[[Demonstration, Values], None]]] = {
    "star": ("make {contact} a favorite", _star),
    "text": ("text {contact} that {message}", _text),
    "dark": ("turn dark theme on", _dark),
}
BOB = {"contact": "Bob"}
LATE = {"contact": "Bob", "message": "I'm running late"}


@cache
def _recipe(name: str, values: tuple[tuple[str, str], ...]) -> Recipe:
    words, show = SHOWS[name]
    clock = ManualClock()
    with VirtualPhone(PhoneConfig(), clock=clock, measure=FixedMeasure()) as phone:
        hand = Demonstration(DirectDevice(phone), clock=clock)
        show(hand, dict(values))
        task = words.format(**dict(values))
        return distill(hand.done, recipe_id=name, name=name, task=task, values=dict(values))


def recipe(name: str, **values: str) -> Recipe:
    return _recipe(name, tuple(values.items()))


def taught(name: str, *, key: str = "", called: str = "", **values: str) -> Lesson:
    """A lesson of one of the tasks; `called` names the recipe otherwise."""
    made = recipe(name, **values)
    if called:
        steps = tuple(dataclasses.replace(step, id=f"{called}-{n}") for n, step in enumerate(made.steps))
        made = dataclasses.replace(made, id=called, name=called, steps=steps)
    return Lesson(
        key=key or f"{called or name}@1", kind="taught", name=made.name, words=SHOWS[name][0].format(**values),
        values=values, said=values, evidence="teach", at="2026-03-02T09:30:00+00:00", recipe=made,
    )  # fmt: skip


def ran(name: str, *, key: str, words: str = "", outcome: str = "done", failed_at: int | None = None,
        said: Values | None = None, **values: str) -> Lesson:  # fmt: skip
    """A run of a task."""
    return Lesson(
        key=key, kind="ran", name=name, words=words, values=values, said=values if said is None else said,
        outcome=outcome, evidence="run", at="2026-03-03T09:30:00+00:00", failed_at=failed_at,
    )  # fmt: skip
