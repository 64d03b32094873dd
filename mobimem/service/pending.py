"""Use cases: what earlier runs left open, what the phone shows about it, and the owner's answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from device.clock import Clock, SystemClock
from device.errors import DeviceError
from device.protocol import Device
from mobimem import folders
from mobimem.errors import BadInput, OwnerNeeded
from mobimem.policy.asks import Ask
from mobimem.running import all_running
from mobimem.service.policy import list_asks
from mobimem.service.secrets import store
from perception.errors import PerceptionError
from perception.screen import Screen, parse_hierarchy
from replay.errors import TraceError
from replay.resume import ANSWERS, Answer, Question, Resolution, open_questions
from replay.resume import answer as record
from replay.secrecy import Secrets
from replay.trace_reader import read_trace

REST_S = 1.0  # an injected tap takes 0.05 to 0.1 s, a slow transport some tenths more
REST_MAX_S = 5.0
_POLL_S = 0.2

AfterAnswer = Literal["finished", "run", "leave"]


@dataclass(frozen=True, slots=True)
class Pending:
    """A question with what was on the screen when the run was cut off, as texts; empty if nothing was recorded."""

    question: Question
    last_screen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PendingResult:
    """`asks` are what no run does before the owner's yes; they time out."""

    pending: tuple[Pending, ...]
    now_on_screen: tuple[str, ...]
    no_screen_because: str
    asks: tuple[Ask, ...] = ()


def list_pending(device: Device | None = None) -> PendingResult:
    """Everything that waits for the owner, with the screens recorded, and the device's present one if one is given."""
    pending = tuple(Pending(question, recorded_texts(question)) for question in _open())
    asks = tuple(asked.ask for asked in list_asks())
    if device is None:
        return PendingResult(pending, (), "no device was named", asks)
    try:
        return PendingResult(pending, present_texts(device), "", asks)
    except (DeviceError, PerceptionError) as error:
        return PendingResult(pending, (), error.cause, asks)


def answer_question(run: str, said: str, *, step: int | None = None, clock: Clock | None = None) -> Resolution:
    """Records what the owner says about a run's open step.

    Args:
        step: its number, counted from 1; needed only where several are open.

    Raises:
        BadInput: no such answer, or nothing is open there. OwnerNeeded: several steps are.
    """
    if said not in ANSWERS:
        raise BadInput(f"{said!r} is no answer", next_step=f"Say one of {', '.join(ANSWERS)}.")
    asked = [one for one in _open() if one.run == run and step in (None, one.index + 1)]
    if not asked:
        raise BadInput(f"nothing is open in run {run!r}", next_step="`mobimem replay pending` shows what is.")
    if len(asked) > 1:
        numbers = ", ".join(str(one.index + 1) for one in asked)
        raise OwnerNeeded(f"steps {numbers} of run {run} are open", next_step="Say which: --step NUMBER")
    known: Answer = next(one for one in ANSWERS if one == said)
    return record(folders.runs_folder(), asked[0], known, at=(clock or SystemClock()).now())


def after_answer(question: Question, said: Answer, recipe_id: str, values: Mapping[str, str]) -> AfterAnswer:
    """What an answer means for the task that was about to run: it is done already, it may run, or it is left alone."""
    if said == "abandon":
        return "leave"
    same = question.recipe_id == recipe_id and question.values == dict(values)
    return "finished" if said == "done" and same else "run"


def recorded_texts(question: Question) -> tuple[str, ...]:
    """What the last recorded screen of a run said."""
    if question.screen is None:
        return ()
    try:
        trace = read_trace(folders.runs_folder() / question.run / "trace")
        return _texts(parse_hierarchy(trace.screens[trace.screen(question.screen).hierarchy]))
    except (TraceError, PerceptionError, KeyError):
        return ()  # the question stands all the same


def present_texts(device: Device, *, clock: Clock | None = None) -> tuple[str, ...]:
    """What the device shows once it is at rest; secrets of ours are shown as their references.

    A tap that was on its way when a run's process died may land after it: one reading could show the screen before.

    Raises:
        DeviceError, PerceptionError: it cannot be read.
    """
    kept = store()
    secrets = Secrets((stored.name for stored in kept.names()), kept.reveal)
    return tuple(secrets.masked(text) for text in _texts(_at_rest(device, clock or SystemClock())))


def _at_rest(device: Device, clock: Clock) -> Screen:
    """The screen once it has stayed the same for REST_S, or as it is after REST_MAX_S."""
    screen = Screen.of(device.read())
    same_since_s = began_s = clock.monotonic_s()
    while (now_s := clock.monotonic_s()) - same_since_s < REST_S and now_s - began_s < REST_MAX_S:
        clock.sleep(_POLL_S)
        later = Screen.of(device.read())
        if later.source_hash != screen.source_hash:
            screen, same_since_s = later, clock.monotonic_s()
    return screen


def _texts(screen: Screen) -> tuple[str, ...]:
    said = (text for element in screen.visible_elements() for text in (element.text, element.description) if text)
    return tuple(dict.fromkeys(said))


def _open() -> tuple[Question, ...]:
    alive = [running.run for running in all_running(folders.running_folder())]
    return open_questions(folders.runs_folder(), alive=alive)
