"""Questions to the person at the terminal: shown, answered in a line, and not waited for for ever."""

from __future__ import annotations

import select
import sys
from typing import TYPE_CHECKING, Final

from mobimem.tasks.asking import NO, YES, YES_OR_NO, AskedOwner, Asker, NobodyThere

if TYPE_CHECKING:
    from rich.console import Console

ANSWER_S: Final = 300.0  # a question nobody answers for so long ends the task, not done
YESES: Final = ("y", "yes", "j", "ja", "是")


class TerminalAsker:
    """Puts questions to the person at the terminal, and does not wait for ever."""

    def __init__(self, screen: Console) -> None:
        self._screen = screen

    def ask(self, question: AskedOwner) -> str | None:
        self._screen.print(f"\n{printable(question.says)}", style="bold yellow", markup=False, soft_wrap=True)
        if question.quoted:
            self._screen.print(f"  the model says: “{printable(question.quoted)}”", markup=False, soft_wrap=True)
        if question.choices and question.choices != YES_OR_NO:
            for number, choice in enumerate(question.choices, 1):
                self._screen.print(f"  {number}  {printable(choice)}", markup=False, soft_wrap=True)
        while True:
            said = self._line("[y/N] " if question.choices == YES_OR_NO else "> ")
            if said is None or not question.choices:
                return said or None
            if question.choices == YES_OR_NO:
                return YES if said.casefold() in YESES else NO
            if said in question.choices:
                return said
            if said.isdigit() and 1 <= int(said) <= len(question.choices):
                return question.choices[int(said) - 1]
            if not said:
                return None

    def _line(self, prompt: str) -> str | None:
        self._screen.print(prompt, markup=False, end="")
        ready, _, _ = select.select([sys.stdin], [], [], ANSWER_S)
        line = sys.stdin.readline() if ready else ""
        return line.strip() if line else None


def asker_for(screen: Console, *, at_terminal: bool) -> Asker:
    """Who answers questions in this call."""
    return TerminalAsker(screen) if at_terminal else NobodyThere()


def printable(text: str) -> str:
    """The text without what would steer the terminal."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
