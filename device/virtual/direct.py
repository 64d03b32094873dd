"""A virtual phone driven in the same process, with no adb, no server and no waiting in between.

For evaluations and tests that need thousands of runs, and for time that a `ManualClock` moves. It keeps the same
`Device` contract and reads and touches the same windows as the wire does; what it leaves out is the wire. Everything
that is claimed of Android is claimed of `AndroidDevice`, over adb.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
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
    Swipe,
    Tap,
    Wait,
)
from device.android.gestures import KEY_CODES, strokes
from device.errors import (
    ActionRefused,
    AppNotInstalled,
    DeviceGone,
    EmptyHierarchy,
    NoTextField,
    ProtectedScreen,
    ScreenLocked,
    StaleCoordinates,
)
from device.protocol import DeviceInfo, Foreground, Performed, Picture, Reading, Touch
from device.virtual.phone import VirtualPhone
from device.virtual.window.hierarchy import dump

SWIPE_STEP_S = 0.02
SCROLL_S = 0.2
REST_S = 0.2  # a finger that rests before it lifts flings nothing
TAP_S = 0.05
DOUBLE_TAP_GAP_S = 0.08


class DirectDevice:
    """The device over a phone in this process. The phone stays the caller's to stop."""

    def __init__(self, phone: VirtualPhone) -> None:
        self._phone = phone
        self._closed = False

    @property
    def serial(self) -> str:
        return self._phone.config.serialno

    def info(self) -> DeviceInfo:
        self._open()
        config = self._phone.config
        return DeviceInfo(self.serial, "android", config.model, config.release, virtual=True)

    def read(self, *, timeout_s: float = 10.0) -> Reading:
        self._open()
        phone = self._phone
        with phone.lock:
            frame = phone.windows.frame()
            hierarchy = dump(frame)
            package, activity, _ = phone.windows.current()
            reading = Reading(
                serial=self.serial,
                taken_at=phone.clock.now(),
                hierarchy=hierarchy,
                size=frame.size,
                rotation=frame.rotation,
                foreground=Foreground(package, activity),
                keyboard_shown=phone.windows.keyboard_shown,
                screen_on=frame.screen_on,
                lock=phone.windows.lock_state,
            )
        if frame.secure and frame.screen_on:
            raise ProtectedScreen("the window in front is secure and shows no elements", serial=self.serial)
        if "<node" not in hierarchy:
            raise EmptyHierarchy("the element tree came back empty", serial=self.serial)
        return reading

    def picture(self, *, timeout_s: float = 10.0) -> Picture:
        from device.virtual.render.paint import png

        self._open()
        frame = self._phone.windows.frame()
        if frame.secure:
            raise ProtectedScreen("the window in front is secure: it shows no picture", serial=self.serial)
        return Picture(png(frame), "image/png", self._phone.clock.now())

    def perform(self, action: Action, *, timeout_s: float = 10.0) -> Performed:
        self._open()
        clock = self._phone.clock
        started_at, start_s = clock.now(), clock.monotonic_s()
        self._inject(action)
        return Performed(action, started_at, clock.monotonic_s() - start_s)

    def start_activity(self, package: str) -> str:
        """The full class name of the activity that an app's icon starts; "" if there is no such app."""
        found = self._phone.packages.find(package)
        if found is None or found.app is None:
            return ""
        main = found.app.main
        return package + main if main.startswith(".") else main

    def installed(self) -> tuple[str, ...]:
        """The packages of the apps a launcher shows."""
        packages = self._phone.packages.installed()
        return tuple(one.name for one in packages if one.app is not None and one.app.in_launcher)

    @contextmanager
    def awake(self) -> Iterator[None]:
        self._open()
        windows = self._phone.windows
        was_on = windows.screen_on
        if windows.lock_state == "secure":
            raise ScreenLocked("a PIN stands in the way", serial=self.serial)
        if not was_on:
            windows.wake()
        if windows.lock_state == "swipe":
            size = windows.frame().size
            low, high = size.height_px * 3 // 4, size.height_px // 4
            middle = size.width_px // 2
            self._draw(Point(middle, low, size), Point(middle, high, size), 0.2)
        try:
            yield
        finally:
            if not was_on:
                windows.sleep()

    def touches(self, *, stop_after_s: float, stop: threading.Event | None = None) -> Iterator[Touch]:
        raise ActionRefused("watch `phone.touches` instead: this device has no getevent", serial=self.serial)

    def restore(self) -> None:
        """Nothing is changed for our sake: text is typed without a keyboard of ours."""

    def close(self) -> None:
        self._closed = True

    def _open(self) -> None:
        if self._closed:
            raise DeviceGone("the device was closed", serial=self.serial)

    def _inject(self, action: Action) -> None:
        windows = self._phone.windows
        match action:
            case Tap(at):
                self._press(at, TAP_S)
            case DoubleTap(at):
                self._press(at, TAP_S)
                self._phone.clock.sleep(DOUBLE_TAP_GAP_S)
                self._press(at, TAP_S)
            case LongPress(at, duration_s):
                self._press(at, duration_s)
            case Swipe(start, end, duration_s):
                self._draw(start, end, duration_s)
            case Scroll(_, top_left):
                for stroke in strokes(action):
                    size = top_left.measured_on
                    self._draw(Point(stroke.x1, stroke.y1, size), Point(stroke.x2, stroke.y2, size), SCROLL_S, REST_S)
            case InputText(text, replace):
                self._type(text, replace=replace)
            case PressKey(key):
                windows.key_code(KEY_CODES[key])
            case OpenApp(package, activity):
                if not windows.start(package, activity):
                    raise AppNotInstalled(f"{package} has no such entry on this phone", serial=self.serial)
            case Wait(duration_s):
                self._phone.clock.sleep(duration_s)
            case Answer() | Finish():
                pass
            case _:
                assert_never(action)

    def _type(self, text: str, *, replace: bool) -> None:
        windows = self._phone.windows
        if windows.focused() is None:
            raise NoTextField("no text field has the focus", serial=self.serial)
        if replace:
            windows.clear_text()
        if text:
            windows.type_text(text)

    def _press(self, at: Point, duration_s: float) -> None:
        self._current(at)
        self._phone.windows.pointer("down", at.x_px, at.y_px)
        self._phone.clock.sleep(duration_s)
        self._phone.windows.pointer("up", at.x_px, at.y_px)

    def _draw(self, start: Point, end: Point, duration_s: float, rest_s: float = 0.0) -> None:
        self._current(start)
        self._current(end)
        windows, steps = self._phone.windows, max(2, round(duration_s / SWIPE_STEP_S))
        windows.pointer("down", start.x_px, start.y_px)
        for step in range(1, steps + 1):
            self._phone.clock.sleep(duration_s / steps)
            share = step / steps
            x = start.x_px + (end.x_px - start.x_px) * share
            y = start.y_px + (end.y_px - start.y_px) * share
            windows.pointer("move", x, y)
        if rest_s:
            self._phone.clock.sleep(rest_s)
            windows.pointer("move", end.x_px, end.y_px)
        windows.pointer("up", end.x_px, end.y_px)

    def _current(self, point: Point) -> None:
        size = self._phone.windows.frame().size
        if point.measured_on != size:
            raise StaleCoordinates(
                f"the point was measured on {point.measured_on}, the screen has {size} now; nothing was sent",
                serial=self.serial,
            )
