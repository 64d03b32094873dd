"""Waking the screen and dismissing a swipe lock for a while; the state found is restored afterwards.

A PIN, pattern or password is never guessed and never worked around: it is the owner's to give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from device.android.gestures import KEY_CODES
from device.android.session import Session
from device.android.status import Status
from device.errors import ActionRefused, ScreenLocked

_WAKE_S = 5.0
_DISMISS_S = 1.5
_POLL_S = 0.1
_SWIPE_STEPS = 30


@contextmanager
def awake(session: Session, *, timeout_s: float = 20.0) -> Iterator[None]:
    """See `Device.awake`."""
    with session.call(timeout_s):
        found = session.look(session.status)
    try:
        with session.call(timeout_s):
            _open_up(session, found)
        yield
    finally:
        if not found.screen_on:
            with session.call(timeout_s):
                session.act(lambda: session.automator.key(KEY_CODES["sleep"]))


def _open_up(session: Session, found: Status) -> None:
    if not found.screen_on:
        session.act(lambda: session.automator.key(KEY_CODES["wakeup"]))
        found = _until(session, lambda status: status.screen_on, _WAKE_S)
        if not found.screen_on:
            raise ActionRefused("the screen does not switch on", serial=session.serial)
    if found.lock == "swipe":
        session.act(lambda: session.wire.run("wm dismiss-keyguard"))
        found = _until(session, lambda status: status.lock != "swipe", _DISMISS_S)
    if found.lock == "swipe":
        width, height = found.size.width_px, found.size.height_px
        stroke = [width // 2, height * 4 // 5, width // 2, height // 5]
        session.act(lambda: session.automator.draw(stroke, _SWIPE_STEPS))
        found = _until(session, lambda status: status.lock != "swipe", _DISMISS_S)
    if found.lock != "unlocked":
        what = "a PIN, pattern or password" if found.lock == "secure" else "a lock screen that stays"
        raise ScreenLocked(f"{what} stands in the way", serial=session.serial)


def _until(session: Session, holds: Callable[[Status], bool], limit_s: float) -> Status:
    """The first status that fits, or the last one after `limit_s` seconds."""
    end_s = session.clock.monotonic_s() + limit_s
    while True:
        status = session.look(session.status)
        if holds(status) or session.clock.monotonic_s() > end_s:
            return status
        session.clock.sleep(_POLL_S)
