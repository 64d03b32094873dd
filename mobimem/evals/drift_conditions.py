"""What is different when a task of `mobimem eval drift` is replayed, and how it is told that the task met it.

A condition that leaves everything a task's steps look at as it was says nothing about that task: such a run is counted
apart, as *untouched*. Whether it was met is read from the phone's frame at the steps' own targets, not from the recipe.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from device.actions import Size
from device.virtual.phone import PhoneConfig, VirtualPhone
from device.virtual.window.drift import Drift
from mobimem.evals.drift_task import DriftTask, Values
from mobimem.evals.drift_watch import Mark, Meets, Truth

SIZES: Final = ((Size(720, 1280), 320), (Size(1440, 3120), 560), (Size(1080, 1920), 420), (Size(1200, 2000), 240))
CRASHING: Final = "com.example.u2testdemo"
DIALOGS: Final = ("popup", "permission", "other app crashed", "not responding", "shade", "call", "screen off")
SMALL: Final = (Size(720, 1000), 320)


@dataclass(frozen=True, slots=True)
class Scene:
    """One run to come. `truth` is what an undisturbed run of the same task with the same values touches."""

    phone: VirtualPhone
    task: DriftTask
    values: Values
    rng: random.Random
    truth: Truth


Disturb = Callable[[Scene], None]


@dataclass(frozen=True, slots=True)
class Condition:
    """What is different. `config` makes the phone, `start` changes it before the run, `midway` once during it.

    `applies` says of which tasks it can be true at all; `meets` whether the look of a step's target, undisturbed and
    now, shows it. A change midway is met when it changes what is on the screen.
    """

    name: str
    config: Callable[[random.Random, DriftTask], PhoneConfig] = lambda rng, task: PhoneConfig()
    start: Disturb | None = None
    midway: Disturb | None = None
    upper_case: bool = False
    applies: Callable[[DriftTask], bool] = lambda task: True
    meets: Meets | None = None


def _drift(name: str, drift: Drift, meets: Meets) -> Condition:
    def start(scene: Scene) -> None:
        scene.phone.faults.drift(replace(drift, seed=scene.rng.randrange(10_000)))

    return Condition(name, start=start, meets=meets)


def _beside(scene: Scene) -> frozenset[str]:
    """The name of one thing the task taps."""
    names = sorted({mark.name for mark in scene.truth.all_marks() if mark.can_be_tapped and mark.name})
    return frozenset((scene.rng.choice(names),)) if names else frozenset()


def _look_alike(scene: Scene) -> None:
    scene.phone.faults.drift(Drift(lookalike=True, seed=scene.rng.randrange(10_000), beside=_beside(scene)))


def _doubled(scene: Scene) -> None:
    """Somebody or something else by the same name; or a button, icon or row that says the same and does nothing."""
    if scene.task.double is not None and scene.rng.random() < 0.5:
        scene.task.double(scene.phone, scene.values)
    else:
        scene.phone.faults.drift(Drift(duplicate=True, seed=scene.rng.randrange(10_000), beside=_beside(scene)))


def _crowded(scene: Scene) -> None:
    if scene.task.crowd is not None:
        scene.task.crowd(scene.phone)


def _small(rng: random.Random, task: DriftTask) -> PhoneConfig:
    return PhoneConfig() if task.crowd else PhoneConfig(size=SMALL[0], density_dpi=SMALL[1])


def _elsewhere(scene: Scene) -> None:
    if scene.task.elsewhere is not None:
        scene.task.elsewhere(scene.phone, scene.values)


def _dialog(scene: Scene) -> None:
    phone, rng = scene.phone, scene.rng
    match rng.choice(DIALOGS):
        case "popup":
            phone.faults.popup()
        case "permission":
            phone.faults.permission_dialog(f"android.permission.{rng.choice(('CAMERA', 'READ_CALENDAR'))}")
        case "other app crashed":
            phone.faults.crash(CRASHING)
        case "not responding":
            phone.faults.not_responding()
        case "shade":
            phone.windows.open_shade()
        case "call":
            phone.faults.incoming_call(for_s=8.0)
        case _:
            phone.faults.screen_off()


# -- what shows that it was met


def _always(before: Mark, now: Mark | None) -> bool:
    return True


def _other_ids(before: Mark, now: Mark | None) -> bool:
    return now is not None and now.ids != before.ids


def _other_words(before: Mark, now: Mark | None) -> bool:
    return now is not None and now.words != before.words


def _has_case(before: Mark, now: Mark | None) -> bool:
    return any(word.upper() != word for word in before.words)


def _other_place(before: Mark, now: Mark | None) -> bool:
    return now is not None and now.place != before.place


def _other_order(before: Mark, now: Mark | None) -> bool:
    return now is not None and now.order != before.order


def _namesake(before: Mark, now: Mark | None) -> bool:
    return now is not None and now.namesakes > before.namesakes


def _out_of_sight(before: Mark, now: Mark | None) -> bool:
    return now is not None and before.seen and not now.seen


CONDITIONS: Final = (
    Condition("nothing changed", meets=_always),
    _drift("ids renamed", Drift(rename_ids=True), _other_ids),
    _drift("reworded", Drift(reword=True), _other_words),
    Condition("other case", upper_case=True, meets=_has_case),
    _drift("moved", Drift(move=True), _other_place),
    _drift("re-ordered", Drift(reorder_lists=True), _other_order),
    Condition("look-alike added", start=_look_alike, meets=_namesake),
    Condition("duplicate label", start=_doubled, meets=_namesake),
    Condition(
        "other size",
        lambda rng, task: PhoneConfig(size=(one := rng.choice(SIZES))[0], density_dpi=one[1]),
        meets=_other_place,
    ),
    Condition("other locale", lambda rng, task: PhoneConfig(locale=rng.choice(("de", "zh"))), meets=_other_words),
    Condition("dialog on top", midway=_dialog),
    Condition("below the fold", _small, start=_crowded, meets=_out_of_sight),
    Condition("wrong contact", midway=_elsewhere, applies=lambda task: task.elsewhere is not None),
)
