"""The way in: one command of the host, run on the phone."""

from __future__ import annotations

from device.virtual.shell import commands  # noqa: F401 - registers them
from device.virtual.shell.call import ShellExit, State
from device.virtual.shell.interpreter import Interpreter, Session
from device.virtual.shell.phone import Phone
from device.virtual.shell.streams import ShellIO, Streams


async def run(phone: Phone, command: str, io: ShellIO, *, state: State | None = None) -> int:
    """Runs a command line and returns its exit status, once everything that writes to `io` has ended.

    Cancelling it ends all of that at once: processes leave the process list, a u2 server stops listening.

    Args:
        state: variables and folder to start from; it holds the new ones afterwards. None starts afresh.
    """
    session = Session(phone)
    shell = Interpreter(session, state)
    try:
        try:
            status = await shell.source(command, Streams.of(io))
        except ShellExit as end:
            status = end.status
        await session.finished()
        return status
    finally:
        await session.end()
