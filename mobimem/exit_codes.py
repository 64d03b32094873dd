"""Exit codes of the `mobimem` command, one for each thing a caller does next. `docs/cli.md` lists the same."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a script may rely on."""

    DONE = 0
    NOT_DONE = 1
    USAGE = 2
    UNREACHABLE = 3
    OWNER_NEEDED = 4
    BAD_DATA = 5
    READ_AGAIN = 6
    BUG = 70
    INTERRUPTED = 130


MEANING: dict[ExitCode, str] = {
    ExitCode.DONE: "Done; the outcome was checked where the command checks one.",
    ExitCode.NOT_DONE: "It ran, and what was asked for is not so: a failed task, a doctor's finding, a missed target.",
    ExitCode.USAGE: "The command line is wrong; nothing was started.",
    ExitCode.UNREACHABLE: "The device or adb cannot be reached: connect again (`mobimem doctor`).",
    ExitCode.OWNER_NEEDED: "Only the owner can go on: unlock, allow, say yes, answer, install, choose a device.",
    ExitCode.BAD_DATA: "A file or folder given is missing or is not what it should be; nothing was changed.",
    ExitCode.READ_AGAIN: "The device is there, but this reading was of no use; the same command may work again.",
    ExitCode.BUG: "Our mistake. Please report it with the output of `mobimem doctor --json`.",
    ExitCode.INTERRUPTED: "Stopped by Ctrl-C; what was started has been stopped.",
}
