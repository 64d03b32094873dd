"""How a run begins and ends, whoever makes it: its name, what others see of it, its journal's first and last line."""

from __future__ import annotations

import os
import re
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, Final

from device.clock import Clock
from device.errors import DeviceError
from device.protocol import DeviceInfo
from memory.errors import MemoryFault
from mobimem.errors import MobimemError
from mobimem.running import Running
from mobimem.tasks.goal import Outcome, Proof
from mobimem.tasks.receipt import Receipt
from mobimem.tasks.within import Within
from perception.errors import PerceptionError
from replay.errors import ReplayError
from replay.trace import Header, Note, Trace
from replay.trace_writer import TraceWriter

TASK: Final = "task"  # the topic of an agent's run's first note
UNKNOWN: Final = "new-task"  # in the name of a run of words nobody taught
RECALL: Final = "recall"  # of the one that says how words were understood


def run_id(name: str, at: datetime) -> str:
    """A run's name: sorts by time, says what, and differs from every other."""
    return f"{at:%Y%m%dT%H%M%S}-{re.sub(r'[^A-Za-z0-9_-]', '_', name)[:40]}-{secrets.token_hex(3)}"


def running_now(name: str, says: str, info: DeviceInfo, started: datetime, *, known: bool = True) -> Running:
    """What this process is about to do, as a run of its own.

    Args:
        known: `name` is a task's. That of words nobody taught is made of them, and names no run: folders and logs would
            go on saying what the owner has had forgotten.
    """
    run = run_id(name if known else UNKNOWN, started)
    return Running(run, name, says, info.serial, os.getpid(), started.isoformat())


def device_facts(info: DeviceInfo) -> dict[str, Any]:
    """What a trace says of the device it was made on."""
    about = {"serial": info.serial, "kind": info.kind, "model": info.model, "os_version": info.os_version}
    return {**about, "virtual": info.virtual}


def header_of(
    running: Running, info: DeviceInfo, *, name: str, recipe_id: str, values: Mapping[str, str], parent: str = ""
) -> Header:
    """The first line of a run's journal. `name` is the recipe's, `parent` the content hash of the run it takes up."""
    return Header(
        trace_id=running.run, name=name, task=running.says, source="run", device=device_facts(info),
        started_at=running.started_at, recipe_id=recipe_id, values=dict(values),
        parent=parent,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What a journal's end says beside the receipt: how it is known that the task is done, what becomes of it in
    memory, and what was read off the screen."""

    proof: Proof = ""
    learnt_as: str = ""
    not_learnt: str = ""
    results: Mapping[str, str] = field(default_factory=dict)


def note_task(journal: TraceWriter, words: str, clock: Clock, *, part: Within | None) -> None:
    """Notes what is to be done before anything is; `part`: the place of a plan's sub-task, whose words may be a
    model's."""
    place = {} if part is None or not part.plan else {"plan": part.plan, "name": part.name}
    given = {} if part is None or not part.given else {"given": dict(part.given)}
    journal.note(TASK, words, clock.now().isoformat(), {"part": part is not None, **place, **given})


def end_journal(
    journal: TraceWriter, outcome: Outcome, says: str, clock: Clock, *, receipt: Receipt, told: Told
) -> None:  # fmt: skip
    """Writes the last line of a run that came to its end."""
    journal.end(outcome, says, clock.now().isoformat(), receipt.to_data() | asdict(told))


def ended_with(trace: Trace) -> tuple[Receipt, Told] | None:
    """What `end_journal` wrote; None in a journal that has no such end."""
    said = {} if trace.end is None else trace.end.receipt
    try:
        receipt = Receipt(**{one.name: said[one.name] for one in fields(Receipt)})
        return receipt, Told(**{one.name: said[one.name] for one in fields(Told)})
    except KeyError:
        return None


def note_recall(journal: TraceWriter, recall: Mapping[str, Any], clock: Clock) -> None:
    """Notes how words were understood, where words asked for the run."""
    if recall:
        journal.note(RECALL, str(recall.get("reading", "")), clock.now().isoformat(), dict(recall))


def task_of(trace: Trace) -> Note | None:
    """What `note_task` noted; None in the journal of a replay without an agent."""
    return _first(trace, TASK)


def recall_of(trace: Trace) -> Mapping[str, Any]:
    """What `note_recall` noted; empty where no words asked for the run."""
    found = _first(trace, RECALL)
    return {} if found is None else found.data


def _first(trace: Trace, topic: str) -> Note | None:
    return next((one for one in trace.events if isinstance(one, Note) and one.topic == topic), None)


class Polled(threading.Event):
    """Set once the owner has said stop; asked while a model is waited for."""

    def __init__(self, stopped: Callable[[], bool]) -> None:
        super().__init__()
        self._stopped = stopped

    def is_set(self) -> bool:
        return super().is_set() or self._stopped()


@contextmanager
def last_line(journal: TraceWriter, clock: Clock) -> Iterator[None]:
    """Writes the journal's last line where the block ends by an error; only a killed process leaves none."""
    try:
        yield
    except (DeviceError, PerceptionError, ReplayError, MobimemError, MemoryFault) as error:
        journal.end("failed", error.cause, clock.now().isoformat())
        raise
    except KeyboardInterrupt:
        journal.end("cancelled", "Ctrl-C", clock.now().isoformat())
        raise
