"""Reads a command's options: `-x`, `-x VALUE`, `--long VALUE`."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

from device.virtual.shell.call import CommandFailed


@dataclass(frozen=True, slots=True)
class Options:
    """What was given: `flags`, `values` by option (the last wins), and the other `words`."""

    flags: frozenset[str]
    values: dict[str, str]
    words: list[str]

    def number(self, name: str, default: int) -> int:
        """An option's value as an integer."""
        text = self.values.get(name)
        return default if text is None else integer(text)


def read_options(arguments: list[str], *, valued: Collection[str] = (), stop_at_word: bool = False) -> Options:
    """Sorts arguments into options and words.

    Args:
        valued: options that take the next argument.
        stop_at_word: the first word ends the options, what follows are words.
    """
    flags: set[str] = set()
    values: dict[str, str] = {}
    words: list[str] = []
    left = list(arguments)
    while left:
        argument = left.pop(0)
        if argument == "--":
            words.extend(left)
            break
        if argument in valued:
            if not left:
                raise CommandFailed(f'Error: Argument expected after "{argument}"\n')
            values[argument] = left.pop(0)
        elif argument.startswith("-") and argument != "-":
            flags.add(argument)
        else:
            words.append(argument)
            if stop_at_word:
                words.extend(left)
                break
    return Options(frozenset(flags), values, words)


def letters(options: Options) -> set[str]:
    """The letters of all short flags: `-rf` is r and f."""
    return {letter for flag in options.flags if not flag.startswith("--") for letter in flag[1:]}


def integer(text: str) -> int:
    """A whole number, decimal or 0x….

    Raises:
        CommandFailed: with Java's words.
    """
    try:
        return int(text, 0) if text.lower().startswith("0x") else int(text)
    except ValueError:
        raise CommandFailed(f'java.lang.NumberFormatException: For input string: "{text}"\n', 255) from None


def decimal(text: str) -> float:
    """A finite number.

    Raises:
        CommandFailed: with Java's words.
    """
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise CommandFailed(f'java.lang.NumberFormatException: For input string: "{text}"\n', 255)
    return number
