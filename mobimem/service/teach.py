"""Use case: a task is taught by showing it once. What was shown becomes a recipe in the owner's library.

The teacher's touches are the phone's own where it tells them, or made on the viewer's page; both give the same recipe.
Nothing is kept while something is unclear, unless the teacher says that it did not matter.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from device.clock import Clock, SystemClock
from device.protocol import Device
from mobimem import folders
from mobimem.errors import BadInput, NotDone, PartMissing
from mobimem.running import Running, holding, should_stop
from replay.distill import Done, distill, says_of
from replay.lesson_trace import Journal, write_lesson
from replay.library import Library, file_name
from replay.proposals import propose_slots
from replay.recipe import Recipe
from replay.recorder import Noticed, Unclear
from replay.teaching import Lesson, Teaching
from replay.teaching_view import DeviceView
from replay.trace import Header
from replay.trace_writer import TraceWriter


@dataclass(frozen=True, slots=True)
class Shown:
    """What the teacher is asked about before anything is kept: the steps, what is unclear, and slots proposed."""

    steps: tuple[str, ...]
    unclear: tuple[Unclear, ...]
    given: Mapping[str, str]
    proposed: Mapping[str, str]


Confirm = Callable[[Shown], Mapping[str, str] | None]


@dataclass(frozen=True, slots=True)
class TaughtStep:
    says: str
    side_effect: str


@dataclass(frozen=True, slots=True)
class Taught:
    """A task that was taught and kept. `watched`: the phone itself told the touches."""

    name: str
    version: int
    task: str
    slots: Mapping[str, str]
    steps: tuple[TaughtStep, ...]
    secrets: tuple[str, ...]
    unclear: int
    seconds: float
    watched: bool
    folder: Path


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be taught. `task` are its words with the values that will be shown; slots: name -> value."""

    name: str
    task: str = ""
    slots: Mapping[str, str] | None = None


def accept_all(shown: Shown) -> Mapping[str, str] | None:
    """Takes every proposal; refuses while anything is unclear."""
    return None if shown.unclear else shown.proposed


def teach(
    request: Request,
    *,
    serial: str | None = None,
    adb_port: int | None = None,
    view: bool = False,
    on_start: Callable[[Teaching, str], None] = lambda _teaching, _url: None,
    on_notice: Callable[[Noticed], None] = lambda _notice: None,
    confirm: Confirm = accept_all,
) -> Taught:
    """Watches one lesson over adb and keeps what was taught.

    Args:
        view: serve the device on a page and take its touches.
        on_start: called when the lesson begins, with what can stop it and the page's address ("" without one).
        confirm: asked at the end; gives the proposed slots to take, or None to keep nothing.

    Raises:
        BadInput: the name or the slots do not fit. OwnerNeeded: a run is on this device.
        NotDone: nothing was shown, or the teacher kept nothing.
        DeviceError: as its next step says; what was clear so far is in the journal it names.
    """
    check(request)
    from device.open import open_device

    device = open_device(serial, adb_port=adb_port)
    active = folders.running_folder()
    says = f"the lesson {request.name}"
    at = SystemClock().now().isoformat()
    running = Running(secrets.token_hex(4), request.name, says, device.serial, os.getpid(), at)

    def started(teaching: Teaching, url: str) -> None:
        teaching.should_stop = lambda: should_stop(active, running)
        on_start(teaching, url)

    try:
        with holding(active, running):
            library = Library(folders.recipes_folder())
            return teach_on(device, request, library, view=view, on_start=started, on_notice=on_notice, confirm=confirm)
    finally:
        device.close()


def teach_on(
    device: Device,
    request: Request,
    library: Library,
    *,
    clock: Clock | None = None,
    view: bool = False,
    on_start: Callable[[Teaching, str], None] = lambda _teaching, _url: None,
    on_notice: Callable[[Noticed], None] = lambda _notice: None,
    confirm: Confirm = accept_all,
) -> Taught:
    """The same on a device that is open, into a library."""
    clock = clock or SystemClock()
    started_at = clock.now()
    live = library.folder / f".lesson-{secrets.token_hex(6)}"
    with TraceWriter(live, _header(request, dict(request.slots or {}), device, started_at)) as writer:
        teaching = Teaching(device, clock, journal=Journal(writer, device.serial, clock), on_notice=on_notice)
        with device.awake(), _page(teaching, view=view) as url:
            on_start(teaching, url)
            lesson = teaching.run()
    taught = keep(lesson, request, library, device=device, clock=clock, started_at=started_at, confirm=confirm)
    shutil.rmtree(live, ignore_errors=True)  # all of it is in the trace that was kept
    return taught


def keep(
    lesson: Lesson,
    request: Request,
    library: Library,
    *,
    device: Device,
    clock: Clock,
    started_at: datetime,
    confirm: Confirm,
) -> Taught:
    """Makes the recipe of a lesson and keeps it beside its trace.

    Raises:
        NotDone: nothing was shown, or the teacher kept nothing.
    """
    given = dict(request.slots or {})
    unclear = lesson.recording.unclear
    if not lesson.steps and not unclear:
        raise NotDone("nothing was shown that could be kept", next_step="Do the task on the phone while teach runs.")
    proposed = propose_slots(request.task, lesson.steps, given)
    accepted = confirm(Shown(tuple(says_of(one) for one in lesson.steps), unclear, given, proposed))
    if accepted is None or not lesson.steps:
        raise NotDone(_why(unclear), next_step="Teach it again, waiting for each step to be shown before the next.")
    recipe = recipe_of(request, lesson.steps, {**given, **accepted})
    folder = library.folder / f".trace-{secrets.token_hex(6)}"
    header = _header(request, {**given, **accepted}, device, started_at, recipe)
    try:
        write_lesson(folder, header, recipe, lesson.steps, unclear=unclear, serial=device.serial, clock=clock)
        entry = library.save(recipe, folder, at=clock.now())
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Taught(
        name=recipe.name,
        version=entry.version,
        task=recipe.task,
        slots={**given, **accepted},
        steps=tuple(TaughtStep(step.says, step.side_effect) for step in recipe.steps),
        secrets=_secrets_of(lesson.steps),
        unclear=len(unclear),
        seconds=round(lesson.duration_s, 3),
        watched=lesson.watched,
        folder=entry.folder,
    )


def recipe_of(request: Request, steps: tuple[Done, ...], values: Mapping[str, str]) -> Recipe:
    return distill(steps, recipe_id=request.name, name=request.name, task=request.task or request.name, values=values)


def check(request: Request) -> None:
    """Whether this can be taught at all; before anybody goes to the trouble of showing it.

    Raises:
        BadInput, RecipeInvalid: the slots or the name do not fit.
    """
    file_name(request.name)
    for slot, value in (request.slots or {}).items():
        if not slot.isidentifier() or not value.strip():
            raise BadInput(f"{slot}={value} is no slot", next_step="Give --slot NAME=VALUE, e.g. --slot contact=Alice.")


def _why(unclear: tuple[Unclear, ...]) -> str:
    if not unclear:
        return "nothing was kept"
    first = unclear[0]
    return f"{len(unclear)} of the touches could not be understood (the first, a {first.what}: {first.why})"


def _secrets_of(steps: tuple[Done, ...]) -> tuple[str, ...]:
    texts = [getattr(one.did, "text", "") for one in steps]
    return tuple(dict.fromkeys(text for text in texts if isinstance(text, str) and text.startswith("secret://")))


def _header(
    request: Request, values: Mapping[str, str], device: Device, at: datetime, recipe: Recipe | None = None
) -> Header:
    info = device.info()
    about = {"serial": info.serial, "kind": info.kind, "model": info.model, "os_version": info.os_version}
    return Header(
        trace_id=secrets.token_hex(8),
        name=request.name,
        task=recipe.task if recipe is not None else request.task,
        source="teach",
        device={**about, "virtual": info.virtual},
        started_at=at.isoformat(),
        recipe_id="" if recipe is None else recipe.id,
        values=values,
    )


@contextmanager
def _page(teaching: Teaching, *, view: bool) -> Iterator[str]:
    """The viewer's page for a lesson, if it is wanted; its address, or ""."""
    if not view:
        yield ""
        return
    from device.virtual.viewer import Viewer, ViewerUnavailable

    viewed = DeviceView(teaching.device, teaching.give, one_at_a_time=teaching.one_at_a_time, clock=teaching.clock)
    viewer = Viewer(viewed)
    try:
        url = viewer.start()
    except ViewerUnavailable as error:
        raise PartMissing(str(error)) from error
    try:
        yield url
    finally:
        viewer.stop()
