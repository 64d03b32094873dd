"""Use case: a task is taught by showing it once. What was shown becomes a recipe in the owner's library.

The teacher's touches are the phone's own where it tells them, or made on the viewer's page; both give the same recipe.
Nothing is kept while something is unclear, unless the teacher says that it did not matter.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from device.clock import Clock, SystemClock
from device.errors import DeviceError
from device.protocol import Device
from mobimem import folders
from mobimem.errors import BadInput, MobimemError, NotDone, PartMissing
from mobimem.running import Running, holding, should_stop
from mobimem.service.runs import device_facts
from replay.distill import Done, distill, says_of
from replay.errors import ReplayError
from replay.lesson_trace import Journal, write_lesson
from replay.library import Library, file_name
from replay.private_files import private_folder
from replay.proposals import propose_slots
from replay.recipe import Recipe
from replay.recorder import Noticed, Unclear
from replay.teaching import Lesson, Teaching
from replay.teaching_view import DeviceView
from replay.trace import Header
from replay.trace_writer import TraceWriter

LESSON: Final = ".lesson-"  # how the folder of a lesson's journal begins, in the library's


@dataclass(frozen=True, slots=True)
class Shown:
    """What the teacher is asked about before anything is kept: the steps, what is unclear, and slots proposed.

    `notes` are what a replay of it will not be able to do.
    """

    steps: tuple[str, ...]
    unclear: tuple[Unclear, ...]
    given: Mapping[str, str]
    proposed: Mapping[str, str]
    notes: tuple[str, ...] = ()


Confirm = Callable[[Shown], Mapping[str, str] | None]


@dataclass(frozen=True, slots=True)
class TaughtStep:
    """One step of a task that was taught: its words, and what it does to the world (`replay.recipe.SideEffect`)."""

    says: str
    side_effect: str

    @property
    def for_good(self) -> bool:
        """Whether what it does cannot be undone."""
        return self.side_effect == "irreversible"


@dataclass(frozen=True, slots=True)
class Taught:
    """A task that was taught and kept. `watched`: the phone itself told the touches.

    `notes` are what a replay of it cannot do, or what the teacher should look at; `replay show` says them too.
    """

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
    notes: tuple[str, ...] = ()


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
        BadInput: the slots do not fit, or the data folder cannot be used. RecipeInvalid: the name cannot be kept.
        OwnerNeeded: a run is on this device. PartMissing: the page needs an extra that is not installed.
        NotDone: nothing was shown, the teacher kept nothing, or no recipe can be made of it (a slot no step uses).
        DeviceError: as its next step says.
        After the last two kinds what was shown may be there as a lesson that was cut off (`mobimem.service.lessons`);
        not after the teacher's own no.
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
            return teach_on(
                device, request, library, run=running.run, view=view, on_start=started, on_notice=on_notice,
                confirm=confirm,
            )  # fmt: skip
    finally:
        device.close()


def teach_on(
    device: Device,
    request: Request,
    library: Library,
    *,
    clock: Clock | None = None,
    run: str | None = None,
    view: bool = False,
    on_start: Callable[[Teaching, str], None] = lambda _teaching, _url: None,
    on_notice: Callable[[Noticed], None] = lambda _notice: None,
    confirm: Confirm = accept_all,
) -> Taught:
    """The same on a device that is open, into a library.

    Args:
        run: names the lesson's journal while it lasts, and after it if nothing could be kept; None draws a name.
    """
    clock = clock or SystemClock()
    started_at = clock.now()
    about = device_facts(device.info())
    live = library.folder / f"{LESSON}{run or secrets.token_hex(4)}"
    again = f"What was shown is not lost: `mobimem replay keep {live.name.removeprefix('.')}` makes a recipe of it."
    with TraceWriter(live, _header(request, dict(request.slots or {}), about, started_at)) as writer:
        journal = Journal(writer, device.serial, clock)
        teaching = Teaching(device, clock, journal=journal, on_notice=on_notice, pictures=True)
        try:
            with device.awake(), _page(teaching, view=view) as url:
                on_start(teaching, url)
                lesson = teaching.run()
        except (DeviceError, MobimemError):
            if teaching.recorder.certain:
                on_notice(Noticed("note", again))
            else:
                forget(live)
            raise
    try:
        taught = keep(
            lesson, request, library, about=about, clock=clock, started_at=started_at, confirm=confirm, workplace=live
        )
    except NotDone:
        forget(live)  # the teacher's own word, or nothing in it
        raise
    except ReplayError as error:
        raise NotDone(error.cause, next_step=f"{error.next_step} {again}") from error
    forget(live)  # all of it is in the trace that was kept
    return taught


def keep(
    lesson: Lesson,
    request: Request,
    library: Library,
    *,
    about: Mapping[str, Any],
    clock: Clock,
    started_at: datetime,
    confirm: Confirm,
    notes: tuple[str, ...] = (),
    workplace: Path | None = None,
) -> Taught:
    """Makes the recipe of a lesson and keeps it beside its trace.

    Args:
        about: the device, as a trace's header has it.
        notes: what whoever replays it should know, beside what the lesson says itself.
        workplace: an existing folder in which the trace is put together; None for the library's.

    Raises:
        NotDone: nothing was shown, or the teacher kept nothing.
        RecipeInvalid: a slot that no step uses, or a name that cannot be kept. Nothing was kept.
        TraceError: the demonstration could not be written, or not as it was read back.
    """
    given = dict(request.slots or {})
    unclear = lesson.recording.unclear
    if not lesson.steps and not unclear:
        raise NotDone("nothing was shown that could be kept", next_step="Do the task on the phone while teach runs.")
    notes = (*notes, *filter(None, (lesson.note,)))
    proposed = propose_slots(request.task, lesson.steps, given)
    accepted = confirm(Shown(tuple(says_of(one) for one in lesson.steps), unclear, given, proposed, notes))
    if accepted is None or not lesson.steps:
        raise NotDone(_why(unclear), next_step="Teach it again, waiting for each step to be shown before the next.")
    recipe = recipe_of(request, lesson.steps, {**given, **accepted})
    header = _header(request, {**given, **accepted}, about, started_at, recipe)
    serial = str(about.get("serial", ""))
    with tempfile.TemporaryDirectory(dir=workplace or private_folder(library.folder), prefix=".trace-") as folder:
        trace = Path(folder) / "trace"
        write_lesson(
            trace, header, recipe, lesson.steps, unclear=unclear, notes=notes, pictures=lesson.pictures, serial=serial,
            clock=clock,
        )  # fmt: skip
        entry = library.save(recipe, trace, at=clock.now())
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
        notes=notes,
    )


def forget(journal: Path) -> None:
    """Removes a lesson's journal.

    Raises:
        NotDone: it cannot be removed; what was taught is still in it.
    """
    try:
        shutil.rmtree(journal)
    except OSError as error:
        raise NotDone(f"{journal} cannot be removed ({error.strerror})", next_step="Remove that folder.") from error


def recipe_of(request: Request, steps: tuple[Done, ...], values: Mapping[str, str]) -> Recipe:
    """The recipe of what was shown, with these values made slots.

    Raises:
        RecipeInvalid: as `replay.distill.distill`.
    """
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
    request: Request, values: Mapping[str, str], about: Mapping[str, Any], at: datetime, recipe: Recipe | None = None
) -> Header:
    return Header(
        trace_id=secrets.token_hex(8),
        name=request.name,
        task=recipe.task if recipe is not None else request.task,
        source="teach",
        device=dict(about),
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
