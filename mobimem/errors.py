"""What can go wrong above the device, grouped by what to do next.

    MobimemError
    +-- BadInput            a file, folder or value given is not what it should be: correct it
    +-- OnlyTaughtValues    recorded screens show no other values than the taught ones: run it on a phone
    +-- PartMissing         an optional part is not installed: install the extra named
    +-- NotDone             it ran, and the outcome asked for is not there
    +-- OwnerNeeded         only the owner can go on: a yes, an answer, a choice

Like `device.errors`, every error carries `cause` and `next_step`.
"""

from __future__ import annotations

import re
from typing import Final

QUOTE_MAX: Final = 200  # characters of what an error repeats of what was said or read
_QUOTE: Final = re.compile(r"""(?<!\w)(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|“([^”]*)”)""", re.DOTALL)


def short_quotes(text: str) -> str:
    """An error's words with every long quotation cut to QUOTE_MAX characters, and how long it was told."""
    return _QUOTE.sub(_short, text)


def _short(match: re.Match[str]) -> str:
    whole, said = match[0], next(group for group in match.groups() if group is not None)
    if len(said) <= QUOTE_MAX:
        return whole
    return f"{whole[0]}{said[:QUOTE_MAX]}… ({len(said):,} characters){whole[-1]}"


class MobimemError(Exception):
    """Root of mobimem's errors."""

    next_step = "Run `mobimem doctor` and follow what it says."

    def __init__(self, cause: str, *, next_step: str | None = None) -> None:
        self.cause = cause
        if next_step is not None:
            self.next_step = next_step
        super().__init__(f"{cause}. {self.next_step}")


class BadInput(MobimemError):
    next_step = "Correct what was given and try again; nothing was changed."


class OnlyTaughtValues(MobimemError):
    next_step = "Leave --set out, or run it on a phone: without --dry-run."


class PartMissing(MobimemError):
    next_step = "Install the extra it names."


class NotDone(MobimemError):
    next_step = "Look at what was printed above."


class OwnerNeeded(MobimemError):
    next_step = "Answer what it asks, then try again."
