"""The owner's own touches as they happen: `getevent` on the phone, parsed and turned to the screen's px.

The stream has a connection of its own and holds nobody up: readings and actions go on while it runs.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

from device.actions import Size
from device.android.deadline import DeadlinePassed, remaining_s, within
from device.android.getevent import Panel, RawTouch, TouchParser, panels
from device.android.session import Session
from device.android.wire import Connection
from device.errors import ActionRefused
from device.protocol import Touch

_OPEN_S = 10.0
_STOP_S = 0.2  # how often a silent stream looks whether it shall end
_TURNED_S = 1.0  # how old our knowledge of the rotation may be when a finger comes down

Shown = Callable[[], tuple[Size, int]]


def stream(
    session: Session, shown: Shown, *, stop_after_s: float, stop: threading.Event | None = None
) -> Iterator[Touch]:
    """See `Device.touches`. `shown` gives the screen's size and rotation now."""
    with session.call(_OPEN_S):
        found = session.look(lambda: panels(session.wire.run("getevent -lp 2>&1")))
        if not found:
            raise ActionRefused(
                "this phone does not tell its touches (getevent lists no touch screen)",
                next_step="Record by actions instead of watching the owner's hand.",
                serial=session.serial,
            )
        turned = _Turned(shown)
        connection = session.look(lambda: session.wire.open_shell("getevent -lt"))
    return _read(session, connection, found, turned, stop_after_s=stop_after_s, stop=stop or threading.Event())


class _Turned:
    """The screen's size and rotation, asked for again when a finger comes down and the answer is old."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self._known = shown()
        self._at_s = time.monotonic()

    def now(self, raw: RawTouch) -> tuple[Size, int]:
        if raw.phase == "down" and time.monotonic() - self._at_s > _TURNED_S:
            self._known = self._shown()
            self._at_s = time.monotonic()
        return self._known


def _read(
    session: Session,
    connection: Connection,
    found: list[Panel],
    turned: _Turned,
    *,
    stop_after_s: float,
    stop: threading.Event,
) -> Iterator[Touch]:
    parsers = [(panel, TouchParser(panel.path)) for panel in found]
    offset_s: float | None = None
    try:
        for line in _lines(connection, time.monotonic() + stop_after_s, stop):
            for panel, parser in parsers:
                raw = parser.feed(line)
                if raw is None:
                    continue
                if offset_s is None:
                    offset_s = session.clock.monotonic_s() - raw.at_s
                size, rotation = turned.now(raw)
                x_px, y_px = panel.to_screen(raw.x, raw.y, size, rotation)
                yield Touch(raw.phase, x_px, y_px, raw.at_s + offset_s)
    finally:
        connection.close()


def _lines(connection: Connection, until_s: float, stop: threading.Event) -> Iterator[str]:
    """Whole lines until the time is over, it is stopped, or the stream ends."""
    rest = b""
    while (left_s := until_s - time.monotonic()) > 0 and not stop.is_set():
        try:
            with within(min(left_s, _STOP_S)):
                chunk = connection.conn.recv(65536)
        except TimeoutError:
            if not _goes_on():
                return
            continue
        except ConnectionError:
            return
        if not chunk:
            return
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.decode(errors="replace")


def _goes_on() -> bool:
    """Whether the caller's own time limit, if there is one, is not over."""
    try:
        remaining_s()
    except DeadlinePassed:
        return False
    return True
