"""Use cases: learn from what was taught and from runs, after they have ended. Nothing waits for it, nothing is lost.

What was taught lies in the library, runs in their journals; both are evidence. Memory notes by key what it has learnt,
so learning again changes nothing, and what was missed - memory was not installed, the process was killed - is made up
for the next time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mobimem.errors import MobimemError
from mobimem.owner import Call, through_owner
from replay.errors import ReplayError
from replay.library import Library
from replay.timeline import timeline
from replay.trace_reader import read_trace

if TYPE_CHECKING:
    from memory.learn.learner import Learner
    from memory.opening import Memory


@dataclass(frozen=True, slots=True)
class LearntLine:
    """What became of a lesson. `result`: learnt, revised, confirmed, failed, nothing or refused; `says` how or why."""

    task: str
    result: str
    says: str


@dataclass(frozen=True, slots=True)
class LearnReport:
    """What was learnt now. `problem`: why nothing could be, with what to do next; "" for none."""

    learnt: tuple[LearntLine, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ToLearn:
    """A lesson as its own plain data, or None: only what was taught since the last time."""

    lesson: Any = None


def learn_taught() -> LearnReport:
    """Learns what the library holds and memory does not know yet. Never raises for memory's sake: it reports."""
    return _asked(ToLearn())


def learn_run(trace: Path) -> LearnReport:
    """Learns from the journal of a run that has ended; the same run again changes nothing. Reports as above."""
    from memory.learn.lesson import lesson_of_run

    read = read_trace(trace, lines_only=True)
    lesson = lesson_of_run(read, at=_local(read.header.started_at))
    if lesson.outcome == "stopped" and lesson.failed_at is not None and not lesson.excuse:
        lesson = replace(lesson, excuse=_page_excuse(trace))
    return _asked(ToLearn(lesson.to_data()))


def _page_excuse(trace: Path) -> str:
    """What the app said of itself on the page a run stopped at - no network, a failure of its own; "" if nothing."""
    from mobimem.tasks.trouble import trouble_on

    try:
        parted = timeline(read_trace(trace))
    except ReplayError:  # its lines are whole: the run is learnt from, its screens are left for `replay verify`
        return ""
    number = None if parted.divergence is None else parted.divergence.data.get("screen")
    screen = parted.screens.get(number) if isinstance(number, int) else None
    trouble = None if screen is None else trouble_on(screen)
    return "" if trouble is None else f"the app said {trouble.says!r}"


def learn_shelf(memory: Memory, kept: Library) -> tuple[LearntLine, ...]:
    """Learns every version of the library's recipes that memory has not learnt, and makes up what waits.

    A step that was repaired in one recipe is repaired in every other one that has it, as a new version of that.
    Damaged recipes are left for `replay verify`.
    """
    from memory.learn.learner import Learner

    learner, shelf = Learner(memory), kept.newest()
    for name in dict.fromkeys(shelf[key][0] for key in learner.unknown(list(shelf))):
        keys = kept.keys(name)
        for key in learner.unknown(list(keys)):
            _offer(learner, kept, name, keys[key], key)
    learnt = learner.work()
    if any(one.result == "revised" for one in learnt):
        _write_back(memory, kept)
    return tuple(LearntLine(one.template, one.result, one.says) for one in learnt)


def _offer(learner: Learner, kept: Library, name: str, version: int, key: str) -> None:
    from memory.learn.lesson import lesson_of

    try:
        entry = kept.load(name, version)
        trace = None if entry.trace is None else read_trace(entry.trace, lines_only=True)
        earlier = [kept.load(name, one).recipe for one in kept.versions(name) if one < version]
    except ReplayError:
        return
    learner.offer(lesson_of(trace, entry.recipe, key=key, at=_local(entry.saved_at), earlier=earlier))


def _write_back(memory: Memory, kept: Library) -> None:
    """Recipes whose steps were repaired in another one are kept with the repair: the book is the steps' home."""
    from memory.learn.steps import repaired_by_book

    for entry in kept.entries():
        template = next((one for one in memory.experience.templates() if one.id == entry.name), None)
        if template is None or len(template.steps) != len(entry.recipe.steps):
            continue
        steps = repaired_by_book(memory.action.steps, template.steps, entry.recipe.steps)
        if steps != entry.recipe.steps:
            kept.save(replace(entry.recipe, steps=steps), entry.trace, at=datetime.now(UTC))


def _learn(memory: Memory, request: ToLearn) -> LearnReport:
    from memory.learn.learner import Learner
    from memory.learn.lesson import lesson_from_data

    taught = learn_shelf(memory, Library(memory.folder / "recipes"))
    if request.lesson is None:
        return LearnReport(taught)
    learner = Learner(memory)
    learnt = learner.learn(lesson_from_data(request.lesson))
    return LearnReport((*taught, LearntLine(learnt.template, learnt.result, learnt.says)))


LEARN = Call("learn", ToLearn, LearnReport, _learn)


def _asked(request: ToLearn) -> LearnReport:
    """The task itself has ended well or badly by now: what learning meets is told beside it, not instead of it."""
    from memory.errors import MemoryFault

    try:
        return through_owner(LEARN, request)
    except (MemoryFault, MobimemError) as error:
        return LearnReport(problem=f"{error.cause}. {error.next_step}")


def _local(at: str) -> str:
    """A time of ours in the machine's zone: habits follow the owner's clock."""
    return datetime.fromisoformat(at).astimezone().isoformat() if at else datetime.now(UTC).astimezone().isoformat()
