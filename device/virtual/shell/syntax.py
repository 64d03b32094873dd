"""The parts a shell script consists of, as `parser.parse` makes them and `interpreter` runs them.

A small part of the POSIX shell language, as Android's mksh has it: what adb clients send. No control flow (`if`,
`for`, `while`), no functions, no arithmetic, no here-documents.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias


class ShellSyntaxError(Exception):
    """The script cannot be parsed; the message is mksh's."""


@dataclass(frozen=True, slots=True)
class Text:
    """Characters as they are. Unquoted ones may be a file pattern."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Variable:
    """`$NAME`, `$1`, `$?`, `$#`, `$@`, `$!`, `$$`. An unquoted value is split at blanks."""

    name: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Output:
    """`$(script)`: what the script prints, without the newlines at its end."""

    script: Script
    quoted: bool


Part: TypeAlias = Text | Variable | Output


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command line, before its expansion."""

    parts: tuple[Part, ...]

    @property
    def plain(self) -> str | None:
        """The word if nothing in it is quoted or expanded."""
        if len(self.parts) == 1 and isinstance(self.parts[0], Text) and not self.parts[0].quoted:
            return self.parts[0].text
        return None


@dataclass(frozen=True, slots=True)
class Redirect:
    """`fd` is led to a file (`<`, `>`, `>>`) or to what another descriptor is led to (`>&`)."""

    fd: int
    operator: Literal["<", ">", ">>", ">&"]
    target: Word


@dataclass(frozen=True, slots=True)
class Simple:
    """`NAME=word … word word … redirections`."""

    assignments: tuple[tuple[str, Word], ...] = ()
    words: tuple[Word, ...] = ()
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """`( script )` runs on a copy of the shell's state, `{ script; }` on the state itself."""

    body: Script
    redirects: tuple[Redirect, ...] = ()
    subshell: bool = True


Command: TypeAlias = Simple | Group


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands joined by `|`; `negated` by a `!` before them."""

    commands: tuple[Command, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class AndOr:
    """`first (&& | ||) pipeline …`, from left to right."""

    first: Pipeline
    rest: tuple[tuple[Literal["&&", "||"], Pipeline], ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """What runs as one: lists of `&&` and `||`, in the background after a `&`."""

    run: AndOr
    background: bool = False
    source: str = ""  # the first word, for the process list


@dataclass(frozen=True, slots=True)
class Script:
    """All that was parsed, in order."""

    statements: tuple[Statement, ...] = field(default=())
