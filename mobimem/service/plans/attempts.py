"""Planning that came to nothing: what it took is journalled as a run that was not done, and told.

A plan that runs bears what planning took in the receipt of its first sub-task. One that was refused, cut off, not
confirmed or only looked at has no sub-task that ran: its cost would be nowhere. Its journal holds the owner's words,
each answer of the model with what was wrong with it, and the receipt; nothing was done, so nothing is taken up.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from device.clock import Clock, SystemClock
from device.errors import DeviceError
from device.protocol import DeviceInfo
from memory.errors import MemoryFault
from mobimem import folders
from mobimem.errors import MobimemError, OwnerNeeded
from mobimem.llm.errors import AskingCancelled
from mobimem.llm.spending import Account, Spent
from mobimem.running import Running, holding, should_stop
from mobimem.service.orders import Order
from mobimem.service.runs import Told, end_journal, header_of, note_task, running_now
from mobimem.service.unfinished import close
from mobimem.tasks.distilling import name_of
from mobimem.tasks.goal import Outcome
from mobimem.tasks.receipt import Receipt, how_many, receipt_of
from replay.trace_writer import TraceWriter

PLANNED: Final = "plan"  # the topic of an answer that was to be a plan
LOOKED_AT: Final = "only the plan was asked for"
NOT_LEARNT: Final = "nothing was done"
_ANSWER_MAX: Final = 8_000  # characters of one answer that are kept


@dataclass
class Attempt:
    """Planning under way, for these words on this device. `asked` are questions the owner has answered for it."""

    words: str
    info: DeviceInfo
    clock: Clock
    account: Account = field(default_factory=Account)
    answers: list[tuple[str, str]] = field(default_factory=list)
    asked: int = 0

    def __post_init__(self) -> None:
        self._name = name_of(self.words, {}, ())
        self.running: Running = running_now(self._name, self.words, self.info, self.clock.now(), known=False)
        self._began_s = self.clock.monotonic_s()

    def heard(self, answer: str, fault: str) -> None:
        """Takes down an answer of the model, and what is wrong with it; "" for a plan that may run."""
        self.answers.append((answer[:_ANSWER_MAX], fault))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Has the device for the block, so that `mobimem stop` finds what is waited for.

        Raises:
            OwnerNeeded: another run is on it.
        """
        with holding(folders.running_folder(), self.running):
            yield

    def stopped(self) -> bool:
        return should_stop(folders.running_folder(), self.running)

    def journal(self, outcome: Outcome, says: str) -> Receipt:
        """Writes what it took and why it came to nothing, and closes it."""
        spent = self.account.total
        seconds = self.clock.monotonic_s() - self._began_s
        receipt = receipt_of((), spent, looks=0, questions=self.asked, seconds=seconds)
        folder, at = folders.runs_folder() / self.running.run, self.clock.now().isoformat()
        header = header_of(self.running, self.info, name=self._name, recipe_id=Order(self.words).id, values={})
        with TraceWriter(folder / "trace", header) as journal:
            note_task(journal, self.words, self.clock, part=None)
            for answer, fault in self.answers:
                journal.note(PLANNED, answer, at, {"fault": fault})
            end_journal(journal, outcome, says, self.clock, receipt=receipt, told=Told(not_learnt=NOT_LEARNT))
        close((self.running.run,))
        return receipt


@contextmanager
def attempted(attempt: Attempt) -> Iterator[None]:
    """Journals the attempt where the block ends by an error, and has the error say what planning took."""
    try:
        yield
    except (DeviceError, MobimemError, MemoryFault) as error:
        if _took(attempt.account.total):
            _tell(error, attempt, attempt.journal(_outcome(error), error.cause))
        raise
    except KeyboardInterrupt:
        if _took(attempt.account.total):
            attempt.journal("cancelled", "Ctrl-C")
        raise


@contextmanager
def unless_begun(words: str, info: DeviceInfo, spent: Spent, asked: int, clock: Clock | None = None) -> Iterator[None]:
    """The same for a plan that is there, `spent` being what it took, until its first sub-task begins."""
    attempt = Attempt(words, info, clock or SystemClock(), asked=asked)
    attempt.account.add("planner", spent)
    with attempted(attempt):
        yield


def only_planned(
    words: str, info: DeviceInfo, spent: Spent, asked: int, clock: Clock | None = None, *, says: str = LOOKED_AT
) -> None:  # fmt: skip
    """Journals what a plan took of which nothing was begun.

    Args:
        says: why nothing was.
    """
    attempt = Attempt(words, info, clock or SystemClock(), asked=asked)
    attempt.account.add("planner", spent)
    if _took(spent):
        attempt.journal("cancelled", says)


def _took(spent: Spent) -> bool:
    return bool(spent.calls or spent.cached)


def _outcome(error: Exception) -> Outcome:
    if isinstance(error, AskingCancelled):
        return "cancelled"
    return "asked" if isinstance(error, OwnerNeeded) else "stopped"


def _tell(error: DeviceError | MobimemError | MemoryFault, attempt: Attempt, took: Receipt) -> None:
    about = "about " if took.tokens_estimated else ""
    error.cause = (
        f"{error.cause}; nothing was done; planning took {how_many(took.model_calls, 'model call')} "
        f"({about}{took.tokens} tokens), journal {attempt.running.run}"
    )
    error.args = (f"{error.cause}. {error.next_step}",)
