"""Use cases: questions that wait for the owner, and the owner's answer - from this process or any other.

A task that needs to know something only the owner knows stores the question and waits: at a terminal for the person
there, and everywhere for `mobimem answer`; whoever is first. Nobody answers in time: the task is not done. An answer
serves its task; said with "always", it is remembered from then on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final, Protocol

from device.clock import Clock, SystemClock
from memory.errors import MemoryFault
from mobimem import folders
from mobimem.errors import BadInput, MobimemError, OwnerNeeded
from mobimem.memory_calls.telling import SETTLE, SettleAsked
from mobimem.owner import through_owner
from mobimem.running import stop_word
from mobimem.tasks.asking import AskedOwner, Asker, StoppedAsking, cut_always
from mobimem.tasks.waiting import TIMEOUT, QuestionBook, Waiting, key_of

POLL_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class QuestionAnswered:
    """The owner's answer. `remembered` is the fact that "always" has made, "" for none."""

    question: Waiting
    answer: str
    remembered: str


class Person(Protocol):
    """Who may be there to answer."""

    def wait(self, question: AskedOwner, elsewhere: Callable[[], str | None], wait_s: float) -> str | None:
        """Puts a question and waits; what was typed (perhaps after "always:"), or what `elsewhere` says first."""
        ...

    def tell(self, what: str) -> None:
        """Says something that is no question."""
        ...


def list_questions(*, clock: Clock | None = None) -> tuple[Waiting, ...]:
    """What waits for the owner's answer, oldest first."""
    at = (clock or SystemClock()).now()
    return tuple(one for one in book().all(at=at) if one.state == "waiting")


def answer_waiting(name: str, said: str, *, always: bool = False, clock: Clock | None = None) -> QuestionAnswered:
    """Answers a question that waits; a task that waits for it goes on, one that has ended takes it when said again.

    Args:
        always: remember it; only for a value. The same as "always:" before the answer.

    Raises:
        BadInput: there is no such question, or this is no answer to it. NotDone: it is closed. MemoryFault: it cannot
        be remembered; the answer stands for this once.
    """
    bare, lasting = cut_always(said)
    lasting = lasting or always
    kept, at = book(), (clock or SystemClock()).now()
    if lasting:
        _refuse_secret(bare)
    answered = kept.answer(name, bare, always=lasting, at=at)
    return QuestionAnswered(answered, answered.answer, _settle(answered) if lasting else "")


@dataclass
class StoredAsker:
    """Puts questions of one task where any process can answer them.

    Args:
        words, given: the task as it was said.
        person: who is at a terminal; None for nobody.
        wait_s: how long each question waits; 0: it is stored for an hour, and the task ends.
        tell: is told of each question that was stored.
    """

    words: str
    given: Mapping[str, str] = field(default_factory=dict)
    person: Person | None = None
    wait_s: float = 0.0
    clock: Clock = field(default_factory=SystemClock)
    tell: Callable[[Waiting], None] = lambda waiting: None
    run: str = ""
    left: list[Waiting] = field(default_factory=list)  # what nobody has answered
    took: list[Waiting] = field(default_factory=list)  # answers that were given before

    def ask(self, question: AskedOwner) -> str | None:
        """As `Asker.ask`.

        Raises:
            NotDone: too many questions wait. StoppedAsking: `mobimem stop` was said while this one did.
        """
        kept, at = book(), self.clock.now()
        if (earlier := kept.take(key_of(question, self.words), at=at)) is not None:
            self.took.append(earlier)
            return earlier.answer
        if self.wait_s <= 0:
            if question.kind != "end":  # how the task ended is told; that is no reason to leave it open
                self._leave(question)
            return None
        waiting = self._store(question, timedelta(seconds=self.wait_s))
        self.tell(waiting)
        return self._waited(kept, waiting)

    def unanswered(self) -> OwnerNeeded:
        """The error that says what is still to be answered; the answers that were given wait for that."""
        self.give_back()
        return unanswered(self.left)

    def give_back(self) -> None:
        """The answers that were given serve the same words again: the task has not begun."""
        for one in self.took:
            book().give_back(one.id)

    def _leave(self, question: AskedOwner) -> None:
        self.left.append(self._store(question, TIMEOUT))
        self.tell(self.left[-1])

    def _store(self, question: AskedOwner, timeout: timedelta) -> Waiting:
        at = self.clock.now()
        return book().put(question, words=self.words, given=self.given, run=self.run, at=at, timeout=timeout)

    def _waited(self, kept: QuestionBook, waiting: Waiting) -> str | None:
        folder = folders.running_folder()
        stop = stop_word(folder)

        def elsewhere() -> str | None:
            if stop_word(folder) != stop:
                raise StoppedAsking("stopped by the owner, who was asked", next_step="Say it again to be asked anew.")
            taken = kept.taken(waiting.id, at=self.clock.now())
            return None if taken is None else taken.answer

        try:
            if self.person is None:
                return self._watched(elsewhere)
            typed = self.person.wait(waiting.question, elsewhere, self.wait_s)
            return None if typed is None else self._typed(waiting, typed, self.person)
        finally:
            kept.close(waiting.id)

    def _watched(self, elsewhere: Callable[[], str | None]) -> str | None:
        until_s = self.clock.monotonic_s() + self.wait_s
        while (answer := elsewhere()) is None and self.clock.monotonic_s() < until_s:
            self.clock.sleep(POLL_S)
        return answer

    def _typed(self, waiting: Waiting, typed: str, person: Person) -> str | None:
        """Notes what was typed here; "always" makes it last where it may. It serves this task in any case."""
        bare, lasting = cut_always(typed)
        value = waiting.question.answered_by(bare)
        if value is not None and lasting and waiting.question.may_last:
            try:
                _refuse_secret(value)
                _settle(replace(waiting, answer=value))
            except (MobimemError, MemoryFault) as error:
                person.tell(f"Your answer serves this task, and is not remembered: {error}")
        return value


@contextmanager
def giving_back(asker: Asker) -> Iterator[None]:
    """Where the owner is needed before anything begins, the answers that were given wait for that."""
    try:
        yield
    except OwnerNeeded:
        if isinstance(asker, StoredAsker):
            asker.give_back()
        raise


def in_run(asker: Asker, run: str) -> Asker:
    """The same asker, for questions that come up during a run."""
    return replace(asker, run=run) if isinstance(asker, StoredAsker) else asker


def unanswered(left: Sequence[Waiting]) -> OwnerNeeded:
    """The error that says what only the owner knows, and how to answer it."""
    what = "; ".join(told(one.question) for one in left)
    answers = ", ".join(f"mobimem answer {one.id} {answers_to(one.question)}" for one in left)
    return OwnerNeeded(
        f"only you know this: {what}", next_step=f"Say {answers}, and then the task again (within an hour)."
    )


def answers_to(question: AskedOwner) -> str:
    """What may be answered, as it is typed: numbers where the choices are sentences."""
    if _by_number(question):
        return "|".join(str(number) for number in range(1, len(question.choices) + 1))
    return "|".join(question.choices) if question.choices else "VALUE"


def told(question: AskedOwner) -> str:
    """What is asked; with its choices where their numbers are the answers."""
    if not _by_number(question):
        return question.says
    return f"{question.says} {', '.join(f'{n}: “{choice}”' for n, choice in enumerate(question.choices, 1))}"


def _by_number(question: AskedOwner) -> bool:
    """Whether the choices are sentences, which nobody types again."""
    return question.kind == "reading"


def book() -> QuestionBook:
    """The questions kept in the data folder."""
    return QuestionBook(folders.questions_folder())


def _settle(answered: Waiting) -> str:
    """Remembers an answer for good; the fact's id."""
    asked = answered.question
    request = SettleAsked(asked.slot, asked.said, answered.answer, asked.app, answered.id)
    return through_owner(SETTLE, request).id


def _refuse_secret(value: str) -> None:
    from memory.learn.guard import looks_secret

    if looks_secret(value):
        raise BadInput(
            "it looks like a secret, and those are not remembered",
            next_step="Answer it without always; or keep it as one (mobimem secrets add) and teach the task with it.",
        )
