"""`python -m device.virtual`: one virtual phone as a program. What it accepts stands in `command_line`.

When it is ready it prints one line of JSON, `{"port": …, "view": url or null}`, and nothing more on the standard
output. It ends with code 0 on SIGTERM, SIGINT or (with --until-stdin-closes) when the standard input ends, so that a
phone never outlives the program that started it; with code 2 and a message if it cannot start.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack

from device.virtual.command_line import Launch, parse
from device.virtual.phone import VirtualPhone
from device.virtual.serve import PortTaken
from device.virtual.state import StateCorrupt

CANNOT_START = 2
KILLED = 137  # what a shell says of a program that got SIGKILL
READ_BYTES = 4096


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the phone until it is told to end; the exit code."""
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    launch = parse(argv)
    logging.basicConfig(
        level=logging.INFO if launch.verbose else logging.WARNING, format="%(asctime)s %(name)s: %(message)s"
    )
    if launch.until_stdin_closes:
        threading.Thread(target=_wait_for_end_of_input, args=(over,), name="stdin", daemon=True).start()
    try:
        _run(launch, over)
    except (PortTaken, StateCorrupt) as error:
        sys.stderr.write(f"{error}\n")
        return CANNOT_START
    return 0


def _run(launch: Launch, over: threading.Event) -> None:
    with ExitStack() as running:
        phone = VirtualPhone(launch.config)
        running.callback(phone.stop)
        phone.faults.on_kill_process = lambda: os._exit(KILLED)
        port = phone.start(launch.port)
        ready = {"port": port, "view": _view(phone, running) if launch.view else None}
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        over.wait()


def _view(phone: VirtualPhone, running: ExitStack) -> str:
    from device.virtual.viewer import Viewer

    viewer = Viewer(phone)
    running.callback(viewer.stop)
    return viewer.start()


def _wait_for_end_of_input(over: threading.Event) -> None:
    """Reads the descriptor itself: a thread inside sys.stdin would hold its lock when the interpreter ends."""
    while os.read(0, READ_BYTES):
        continue
    over.set()


if __name__ == "__main__":
    sys.exit(main())
