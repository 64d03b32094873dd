"""Questions to the person at the terminal: shown, answered in a line, here or elsewhere, and given up in time."""

from __future__ import annotations

import math
import select
import sys
from collections.abc import Callable, Mapping
from io import UnsupportedOperation
from typing import TYPE_CHECKING, Final

from mobimem.service.questions import StoredAsker, told
from mobimem.tasks.asking import ALWAYS, NO, YES, YES_OR_NO, AskedOwner, cut_always
from mobimem.tasks.waiting import Waiting

if TYPE_CHECKING:
    from rich.console import Console

ANSWER_S: Final = 300.0  # a question nobody answers for so long ends the task, not done
SLICE_S: Final = 0.25  # between looks for an answer that was given elsewhere


class TerminalAsker:
    """Puts questions to the person at the terminal, and does not wait for ever."""

    def __init__(self, screen: Console) -> None:
        self._screen = screen

    def ask(self, question: AskedOwner) -> str | None:
        return self.wait(question, lambda: None, ANSWER_S)

    def wait(self, question: AskedOwner, elsewhere: Callable[[], str | None], wait_s: float) -> str | None:
        """As `mobimem.service.questions.Person.wait`."""
        self._screen.print(f"\n{printable(question.says)}", style="bold yellow", markup=False, soft_wrap=True)
        if question.quoted:
            self._screen.print(f"  the model says: “{printable(question.quoted)}”", markup=False, soft_wrap=True)
        if question.choices and question.choices != YES_OR_NO:
            for number, choice in enumerate(question.choices, 1):
                self._screen.print(f"  {number}  {printable(choice)}", markup=False, soft_wrap=True)
        if question.may_last:
            self._screen.print(f"  (“{ALWAYS} …” also remembers it)", style="dim", markup=False, soft_wrap=True)
        while True:
            typed = line(self._screen, _prompt(question), elsewhere, wait_s)
            if typed is None:
                return None
            if not typed and question.kind == "again":
                return YES
            bare, lasting = cut_always(typed)
            if (answer := question.answered_by(bare)) is not None:
                return f"{ALWAYS} {answer}" if lasting and question.may_last else answer
            if question.choices == YES_OR_NO:
                return NO
            if not bare:
                return None

    def tell(self, what: str) -> None:
        """As `mobimem.service.questions.Person.tell`."""
        self._screen.print(printable(what), style="yellow", markup=False, soft_wrap=True)


def line(screen: Console, prompt: str, elsewhere: Callable[[], str | None], wait_s: float) -> str | None:
    """What is typed, or what `elsewhere` says first; None where nobody answers in time, or nobody can any more.

    Args:
        wait_s: how long it waits, in seconds.
    """
    screen.print(prompt, markup=False, end="")
    for _ in range(max(1, math.ceil(wait_s / SLICE_S))):
        if (answer := elsewhere()) is not None:
            screen.print(f"{printable(answer)}  (answered elsewhere)", markup=False, soft_wrap=True)
            return answer
        if _is_ready():
            typed = sys.stdin.readline()
            return typed.strip() if typed else None
    screen.print("\nNobody answered in time.", markup=False)
    return None


def _is_ready() -> bool:
    """Whether a line can be read now; waits a moment for it. What is no file of the system is always ready."""
    try:
        return bool(select.select([sys.stdin], [], [], SLICE_S)[0])
    except UnsupportedOperation:
        return True


def _prompt(question: AskedOwner) -> str:
    if question.choices != YES_OR_NO:
        return "> "
    return "[Y/n] " if question.kind == "again" else "[y/N] "


def waits_for(*, at_terminal: bool, wait_s: float | None) -> float:
    """How many seconds a question or a consent waits: as given, else five minutes at a terminal, else not at all."""
    return (ANSWER_S if at_terminal else 0.0) if wait_s is None else wait_s


def asker_for(
    screen: Console, words: str, given: Mapping[str, str], *, at_terminal: bool, wait_s: float | None = None
) -> StoredAsker:
    """Who answers the questions of a task in this call.

    Args:
        wait_s: how long each waits; None: five minutes at a terminal, else not at all.
    """
    long_s = waits_for(at_terminal=at_terminal, wait_s=wait_s)

    def tell(waiting: Waiting) -> None:
        asked = waiting.question
        if at_terminal:
            return
        among = asked.choices if asked.kind != "reading" else ()  # those are told by their numbers
        choices = f" ({' or '.join(map(printable, among))})" if among else ""
        quoted = f" “{printable(asked.quoted)}”" if asked.quoted else ""
        screen.print(
            f"Waiting: {printable(told(asked))}{quoted}{choices}", style="bold yellow", soft_wrap=True, markup=False
        )
        screen.print(f"  mobimem answer {waiting.id} ANSWER", markup=False, soft_wrap=True)

    person = TerminalAsker(screen) if at_terminal else None
    return StoredAsker(words, given, person, long_s, tell=tell)


def printable(text: str) -> str:
    """The text without what would steer the terminal."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
