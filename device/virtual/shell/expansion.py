"""Expands words: variables, command output, splitting at blanks, file patterns.

Quoted text stays one piece and is never a pattern. File patterns look at the phone's files only; one that matches
nothing stays as it was written.
"""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Awaitable, Callable

from device.virtual.files import PhoneFiles
from device.virtual.shell.call import State
from device.virtual.shell.syntax import Part, Script, Text, Variable, Word

SHELL_PID = 4001
_PIECES = re.compile(r"\s+|\S+")
_Chunk = tuple[str, bool]  # text, quoted


class Expansion:
    """Expands the words of one command.

    Args:
        capture: runs a script and returns what it printed.
    """

    def __init__(self, state: State, files: PhoneFiles, capture: Callable[[Script], Awaitable[str]]) -> None:
        self._state = state
        self._files = files
        self._capture = capture

    async def fields(self, words: tuple[Word, ...]) -> list[str]:
        """The words as a command gets them: none, one or more for each."""
        found: list[str] = []
        for word in words:
            for chunks in await self._split(word):
                found.extend(self._match_files(chunks))
        return found

    async def single(self, word: Word) -> str:
        """A word that stays one: the value of an assignment, the target of a redirection."""
        return "".join([text for part in word.parts for text in await self._values(part)])

    async def _split(self, word: Word) -> list[list[_Chunk]]:
        done: list[list[_Chunk]] = []
        current: list[_Chunk] | None = None
        for part in word.parts:
            values = await self._values(part)
            for number, value in enumerate(values):
                if number and current is not None:
                    done.append(current)
                    current = None
                if isinstance(part, Text) or part.quoted:
                    current = [*(current or []), (value, part.quoted)]
                    continue
                for piece in _PIECES.findall(value):
                    if not piece.isspace():
                        current = [*(current or []), (piece, False)]
                    elif current is not None:
                        done.append(current)
                        current = None
        return done if current is None else [*done, current]

    async def _values(self, part: Part) -> list[str]:
        """What a part stands for: one text, or, for `$@`, one for each argument."""
        if isinstance(part, Text):
            return [part.text]
        if isinstance(part, Variable):
            if part.name == "@":
                return list(self._state.arguments)
            return [self._variable(part.name)]
        return [(await self._capture(part.script)).rstrip("\n")]

    def _variable(self, name: str) -> str:
        state = self._state
        if name.isdigit():
            number = int(name)
            if number == 0:
                return state.name
            return state.arguments[number - 1] if number <= len(state.arguments) else ""
        special = {
            "?": str(state.status),
            "#": str(len(state.arguments)),
            "*": " ".join(state.arguments),
            "!": "" if state.last_job is None else str(state.last_job),
            "$": str(SHELL_PID),
            "-": "",
            "PWD": state.cwd,
        }
        return special[name] if name in special else state.variables.get(name, "")

    def _match_files(self, chunks: list[_Chunk]) -> list[str]:
        text = "".join(piece for piece, _ in chunks)
        if not any(not quoted and set(piece) & set("*?[") for piece, quoted in chunks):
            return [text]
        pattern = "".join(_escape(piece) if quoted else piece for piece, quoted in chunks)
        return self._find(pattern) or [text]

    def _find(self, pattern: str) -> list[str]:
        found = ["/" if pattern.startswith("/") else ""]
        for step in (step for step in pattern.split("/") if step):
            found = [posixpath.join(base, name) for base in found for name in self._names(base, step)]
        return sorted(found)

    def _names(self, base: str, step: str) -> list[str]:
        folder = self._files.normalise(base, self._state.cwd)
        info = self._files.stat(folder)
        if info is None or not info.is_dir:
            return []
        names = [".", ".."] if step in (".", "..") else [name for name, _ in self._files.list(folder)]
        return [name for name in names if fnmatch.fnmatchcase(name, step) and (name[0] != "." or step[0] == ".")]


def _escape(text: str) -> str:
    return re.sub(r"([*?[])", r"[\1]", text)
