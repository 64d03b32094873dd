"""The `Device` protocol: reading a screen and acting on it. The contract stands here; back ends do not repeat it.

A device knows nothing of what a screen means: `read()` returns the raw element tree, `perception` makes sense of it.
All calls are synchronous and may be made from any thread, one at a time per device (a back end serialises them).
`tests/device/contract.py` runs the same suite over every back end.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from device.actions import Action, Size

DeviceKind = Literal["android", "desktop"]
LockState = Literal["unlocked", "swipe", "secure"]


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """What stays the same while a device is connected."""

    serial: str
    kind: DeviceKind
    model: str
    os_version: str
    virtual: bool


@dataclass(frozen=True, slots=True)
class Foreground:
    """The app in front. `activity` is the full class name, or "" where the system does not tell."""

    package: str
    activity: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a screen, as the device gave it.

    `hierarchy` is the element tree in uiautomator's XML form, unparsed. `size` and `rotation` (0..3, in quarter turns
    counter-clockwise) belong to the moment of the reading, so a point made from it carries the right size.
    """

    serial: str
    taken_at: datetime
    hierarchy: str
    size: Size
    rotation: int
    foreground: Foreground
    keyboard_shown: bool
    screen_on: bool
    lock: LockState


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of the screen: PNG or JPEG bytes."""

    data: bytes
    media_type: Literal["image/png", "image/jpeg"]
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class Performed:
    """The device accepted an action. It does *not* say that the app has reacted."""

    action: Action
    started_at: datetime
    duration_s: float


@dataclass(frozen=True, slots=True)
class Touch:
    """One touch of the owner's own hand. Injected input never appears here."""

    phase: Literal["down", "move", "up"]
    x_px: int
    y_px: int
    at_s: float


@runtime_checkable
class Device(Protocol):
    """Something with a screen that can be read and acted on. Every call goes to `serial` and to nothing else."""

    @property
    def serial(self) -> str: ...

    def info(self) -> DeviceInfo:
        """What the device is.

        Raises:
            Reconnect: it cannot be reached.
        """
        ...

    def read(self, *, timeout_s: float = 10.0) -> Reading:
        """Reads the screen once. A screen that is off is read as it is; nothing is woken.

        Raises:
            EmptyHierarchy: the tree came back empty although the screen is on. Read again.
            ProtectedScreen: a secure window: empty tree *and* the system says secure. Ask the owner.
            DeviceGone, DeviceOffline, AutomationTaken, DeviceTimeout: connect again.
            Unauthorized: the owner has to allow this computer.
        """
        ...

    def picture(self, *, timeout_s: float = 10.0) -> Picture:
        """Takes a picture of the screen.

        Raises:
            ScreenshotFailed: none came back. Read again; it does not mean the screen is sensitive.
            ProtectedScreen: the system says the window in front is secure.
            Reconnect: as for `read`.
        """
        ...

    def perform(self, action: Action, *, timeout_s: float = 10.0) -> Performed:
        """Does one action and returns once the device accepted it.

        The app has usually *not* redrawn yet. `Answer` and `Finish` do nothing here; `Wait` sleeps on the device's
        clock. Text of any script is typed through a keyboard of ours; the owner's keyboard is back after `restore()`
        at the latest, even if this process dies (the next connection puts it back).

        Args:
            action: points in px, carrying the screen size they were measured on.
            timeout_s: longest wait for the injection, in seconds; not for the app.

        Raises:
            StaleCoordinates: the screen has another size now; nothing was sent. Read it again.
            NoTextField: text, and no field has the focus; nothing was sent.
            AppNotInstalled: open_app of a package that is not there.
            ActionRefused: Android rejected the input. A retry will not help.
            DeviceTimeout: no answer in time; the action may have happened. Read the screen first.
            Reconnect: as for `read`; nothing is known about the action.
        """
        ...

    def awake(self) -> AbstractContextManager[None]:
        """While inside, the screen is on and a swipe lock is dismissed; the state found is restored on leaving.

        Raises:
            ScreenLocked: a PIN, pattern or password stands in the way. Nothing is guessed.
        """
        ...

    def touches(self, *, stop_after_s: float, stop: threading.Event | None = None) -> Iterator[Touch]:
        """The owner's own touches as they happen, for `stop_after_s` seconds. Injected ones are not among them.

        Setting `stop` ends them sooner, within a moment.

        Raises:
            ActionRefused: this device does not tell (no `getevent`).
        """
        ...

    def restore(self) -> None:
        """Puts back what was changed for our sake (keyboard, settings). Safe to call twice."""
        ...

    def close(self) -> None:
        """`restore()`, then releases the connection. The object is of no use afterwards. Safe to call twice."""
        ...
