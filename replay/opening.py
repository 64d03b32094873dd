"""How a lesson begins. From the home screen its first step opens an app; begun inside an app, nothing leads there.

Then a replay would start from wherever the phone is. Where the lesson's first page is of the activity that the app's
icon starts, a step that opens the app is put before it: a replay opens the app and goes back to that page as it always
does. Else there is no way to it that was shown, and that is said. Which activity an icon starts is asked of the device.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from device.actions import OpenApp, PressKey
from device.errors import DeviceError
from device.protocol import Device
from perception.screen import Screen
from replay.distill import Done
from replay.recorder_effect import is_launcher

NEXT_STEP = "To have it start by itself, teach it from the home screen: open the app by its icon."
_LEAVING = (PressKey("home"), PressKey("recent"))

Starts = Callable[[str], str]


@runtime_checkable
class TellsStart(Protocol):
    """A device that knows which activity an app's icon starts."""

    def start_activity(self, package: str) -> str:
        """Its full class name; "" where that is not known."""
        ...


def starts_on(device: Device) -> Starts:
    """What this device tells of its apps' icons; "" of every app where it does not tell, or cannot be asked now."""

    def start_activity(package: str) -> str:
        if not isinstance(device, TellsStart):
            return ""
        try:
            return device.start_activity(package)
        except DeviceError:
            return ""  # then it is not known, and the teacher is told so

    return start_activity


def begins_inside(screen: Screen, starts: Starts, *, launchers: frozenset[str] = frozenset()) -> str:
    """What the teacher is told of a lesson that begins on this screen; "" on a home screen."""
    if is_launcher(screen.package, launchers):
        return ""
    if _is_start(screen, starts):
        return f"the lesson begins inside {screen.package}, where its icon leads: a replay will open it first"
    return f"the lesson begins inside {screen.package}, and not where its icon leads. {NEXT_STEP} You can do so now."


def with_opening(
    steps: Sequence[Done], starts: Starts, *, launchers: frozenset[str] = frozenset()
) -> tuple[tuple[Done, ...], str]:
    """The steps with one that opens the app, where the first needs it and it leads there; else why a replay cannot.

    The words are "" where nothing has to be said.
    """
    if not steps or isinstance(steps[0].did, OpenApp) or steps[0].did in _LEAVING:
        return tuple(steps), ""
    page = steps[0].before
    if is_launcher(page.package, launchers):
        return tuple(steps), ""
    if _is_start(page, starts):
        return (Done(page, OpenApp(page.package), page), *steps), ""
    where = page.activity.rpartition(".")[2] or page.package
    return tuple(steps), (
        f"it was shown from inside {page.package} ({where}) and does not open it: a replay has to be started on that "
        f"page. {NEXT_STEP}"
    )


def _is_start(screen: Screen, starts: Starts) -> bool:
    return bool(screen.activity) and starts(screen.package) == screen.activity
