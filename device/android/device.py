"""`AndroidDevice`: a phone driven through uiautomator2, real or virtual - there is one code path for both.

A reading costs one request for the element tree; what else belongs to it (size, app in front, keyboard, lock) is asked
by one shell command that is sent before and answered meanwhile. An action on a point costs one small question more than
in uiautomator2: how large the screen is now. Measured in docs/benchmarks; the contract is on `device.protocol.Device`.
"""

from __future__ import annotations

import atexit
import base64
import binascii
import logging
import re
import threading
import weakref
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import assert_never

from device.actions import (
    Action,
    Answer,
    DoubleTap,
    Finish,
    InputText,
    LongPress,
    OpenApp,
    Point,
    PressKey,
    Scroll,
    Size,
    Swipe,
    Tap,
    Wait,
)
from device.android import touches, waking
from device.android.apps import Apps
from device.android.gestures import KEY_CODES, STROKE_STEPS, TAP_GAP_S, points_of, steps, strokes
from device.android.session import CONNECT_S, Session
from device.android.status import (
    SECURE_COMMAND,
    SIZE_COMMAND,
    STATUS_COMMAND,
    Status,
    parse_size,
    parse_status,
    secure_in_front,
)
from device.android.wire import Server
from device.clock import Clock, SystemClock
from device.errors import (
    ActionRefused,
    DeviceError,
    EmptyHierarchy,
    ProtectedScreen,
    ScreenshotFailed,
    StaleCoordinates,
)
from device.protocol import DeviceInfo, Performed, Picture, Reading, Touch

log = logging.getLogger(__name__)

_EMPTY_TRIES = 3
_EMPTY_PAUSE_S = 0.3
_INSTALL_S = 60.0  # for our keyboard, once per phone
_TAP_MS = 40  # of each tap of a double tap
_AT_EXIT_S = 3.0
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"


class AndroidDevice:
    """One phone. Construction connects: it starts uiautomator2's server and puts back what a crash left behind.

    Args:
        server: the adb server to go through (`adb.server(port)`).
        clock: what `Wait` sleeps on and times are taken from.

    Raises:
        Reconnect, Unauthorized: it cannot be reached.
    """

    def __init__(
        self, server: Server, serial: str, *, clock: Clock | None = None, timeout_s: float = CONNECT_S
    ) -> None:
        self._clock: Clock = clock or SystemClock()
        self._session = Session(server, serial, self._clock, timeout_s=timeout_s)
        self._apps = Apps(self._session.wire)
        self._shown: tuple[Size, int] | None = None  # as of the last reading
        _open.add(self)

    @property
    def serial(self) -> str:
        return self._session.serial

    def info(self) -> DeviceInfo:
        return self._session.info

    def read(self, *, timeout_s: float = 10.0) -> Reading:
        with self._session.call(timeout_s):
            return self._session.look(self._read)

    def picture(self, *, timeout_s: float = 10.0) -> Picture:
        with self._session.call(timeout_s):
            return self._session.look(self._picture)

    def perform(self, action: Action, *, timeout_s: float = 10.0) -> Performed:
        started_at, start_s = self._clock.now(), self._clock.monotonic_s()
        match action:
            case Wait(duration_s=duration_s):
                self._clock.sleep(duration_s)
            case Answer() | Finish():
                pass
            case _:
                if isinstance(action, InputText):
                    self._make_ready_to_type(timeout_s)
                with self._session.call(timeout_s + _length_s(action)):
                    self._check(action)
                    self._session.act(lambda: self._inject(action))
        return Performed(action, started_at, self._clock.monotonic_s() - start_s)

    def start_activity(self, package: str) -> str:
        """The full class name of the activity that an app's icon starts; "" if the phone does not tell.

        Raises:
            Reconnect: as for `read`.
        """
        with self._session.call(10.0):
            return self._session.look(lambda: self._apps.start_activity(package))

    def installed(self) -> tuple[str, ...]:
        """The packages that are on the phone, by name; () if it does not tell.

        Raises:
            Reconnect: as for `read`.
        """
        with self._session.call(10.0):
            return self._session.look(self._apps.installed)

    def awake(self) -> AbstractContextManager[None]:
        return waking.awake(self._session)

    def touches(self, *, stop_after_s: float, stop: threading.Event | None = None) -> Iterator[Touch]:
        return touches.stream(self._session, self._size_and_rotation, stop_after_s=stop_after_s, stop=stop)

    def restore(self) -> None:
        self._session.restore()

    def close(self) -> None:
        _open.discard(self)
        self._session.close()

    def _read(self) -> Reading:
        for attempt in range(_EMPTY_TRIES):
            if attempt:
                self._clock.sleep(_EMPTY_PAUSE_S)
            taken_at = self._clock.now()
            status, tree = self._status_and_tree()
            empty = "<node" not in tree
            if status.screen_on and (empty or not _shows(tree, status)) and self._secure(status):
                raise ProtectedScreen("the window in front is secure and shows no elements", serial=self.serial)
            if not empty or not status.screen_on:
                rotation = _rotation(tree)
                self._shown = (status.size, rotation)
                return Reading(
                    self.serial, taken_at, tree, status.size, rotation, status.foreground, status.keyboard_shown,
                    status.screen_on, status.lock,
                )  # fmt: skip
        raise EmptyHierarchy(f"the element tree came back empty {_EMPTY_TRIES} times", serial=self.serial)

    def _status_and_tree(self) -> tuple[Status, str]:
        """Both at about the same moment; asked again where the two contradict each other."""
        pending = self._session.wire.fire(STATUS_COMMAND)
        try:
            tree = self._session.automator.tree()
        except BaseException:
            pending.cancel()
            raise
        status = parse_status(pending.collect())
        turned = bool(_rotation(tree) % 2)
        if (status.quarter_turned is not None and status.quarter_turned != turned) or not _shows(tree, status):
            status = self._session.status()
        return status, tree

    def _secure(self, status: Status) -> bool:
        return secure_in_front(self._session.wire.run(SECURE_COMMAND), status.focus_window)

    def _picture(self) -> Picture:
        pending = self._session.wire.fire(f"{STATUS_COMMAND}; echo --; {SECURE_COMMAND}")
        try:
            taken_at = self._clock.now()
            coded = self._session.automator.picture_base64()
        except BaseException:
            pending.cancel()
            raise
        said = pending.collect()
        if secure_in_front(said, parse_status(said).focus_window):
            raise ProtectedScreen("the window in front is secure: it shows no picture", serial=self.serial)
        if coded:
            data = _decoded(coded)
            if data.startswith(_JPEG):
                return Picture(data, "image/jpeg", taken_at)
        data = self._session.wire.run_bytes("screencap -p 2>/dev/null")
        if data.startswith(_PNG):
            return Picture(data, "image/png", taken_at)
        raise ScreenshotFailed("neither uiautomator nor screencap gave a picture", serial=self.serial)

    def _make_ready_to_type(self, timeout_s: float) -> None:
        with self._session.call(timeout_s):
            self._session.look(self._session.keyboard.require_field)
        with self._session.call(max(timeout_s, _INSTALL_S)):
            self._session.look(self._session.keyboard.prepare)

    def _check(self, action: Action) -> None:
        """Refuses what must not be sent; sends nothing that changes the phone."""
        points = points_of(action)
        if points:
            now = self._session.look(lambda: parse_size(self._session.wire.run(SIZE_COMMAND)))
            for point in points:
                _refuse_stale(point, now, self.serial)

    def _inject(self, action: Action) -> None:
        automator = self._session.automator
        match action:
            case Tap(at=at):
                self._accepted(automator.press_at(at.x_px, at.y_px))
            case DoubleTap(at=at):
                self._accepted(automator.press_at(at.x_px, at.y_px, _TAP_MS))
                self._clock.sleep(TAP_GAP_S)
                self._accepted(automator.press_at(at.x_px, at.y_px, _TAP_MS))
            case LongPress(at=at, duration_s=duration_s):
                self._accepted(automator.press_at(at.x_px, at.y_px, round(duration_s * 1000)))
            case Swipe(start=start, end=end, duration_s=duration_s):
                line = [start.x_px, start.y_px, end.x_px, end.y_px]
                self._accepted(automator.draw(line, steps(duration_s)))
            case Scroll():
                for stroke in strokes(action):
                    rest = [stroke.x2, stroke.y2]
                    self._accepted(automator.draw([stroke.x1, stroke.y1, *rest, *rest], STROKE_STEPS))
            case InputText(text=text, replace=replace):
                self._session.keyboard.type(text, replace=replace)
            case PressKey(key=key):
                self._accepted(automator.key(KEY_CODES[key]))
            case OpenApp(package=package, activity=activity):
                self._apps.open(package, activity)
            case Wait() | Answer() | Finish():
                pass
            case _:
                assert_never(action)

    def _accepted(self, answer: bool) -> None:
        if not answer:
            raise ActionRefused("Android rejected the input", serial=self.serial)

    def _size_and_rotation(self) -> tuple[Size, int]:
        if self._shown is not None and self._session.busy:
            return self._shown
        with self._session.call(10.0):
            self._shown = self._session.look(lambda: (self._session.status().size, self._session.automator.rotation()))
        return self._shown


def _length_s(action: Action) -> float:
    """How long the gesture itself takes."""
    match action:
        case LongPress(duration_s=duration_s) | Swipe(duration_s=duration_s):
            return duration_s
        case _:
            return 0.0


def _refuse_stale(point: Point, now: Size, serial: str) -> None:
    if point.measured_on != now:
        was = point.measured_on
        raise StaleCoordinates(
            f"the point was measured on {was.width_px} x {was.height_px} px, the screen has "
            f"{now.width_px} x {now.height_px} px now; nothing was sent",
            serial=serial,
        )


def _rotation(tree: str) -> int:
    match = re.search(r'<hierarchy[^>]*\brotation="(\d)"', tree)
    return int(match[1]) if match else 0


def _shows(tree: str, status: Status) -> bool:
    """Whether the tree has an element of the app said to be in front; True where none is said to be."""
    package = status.foreground.package
    return not package or f'package="{package}"' in tree


def _decoded(coded: str) -> bytes:
    try:
        return base64.b64decode(coded)
    except binascii.Error:
        return b""


_open: weakref.WeakSet[AndroidDevice] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    """Gives owners their keyboards back when the program ends without `close()`; waits for no phone that is gone."""
    for device in list(_open):
        try:
            device._session.close(timeout_s=_AT_EXIT_S)
        except DeviceError as error:
            log.warning("%s: not closed at exit: %s", device.serial, error)
