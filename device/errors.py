"""What can go wrong with a device, grouped by what to do next.

    DeviceError
    +-- Reconnect                 the way to the device is broken: connect again, then read the screen
    |   +-- DeviceGone            no such serial, or it left adb
    |   +-- DeviceOffline         adb lists it, but it does not answer
    |   +-- AdbUnavailable        no adb program, or its server cannot be started or spoken to
    |   +-- AutomationTaken       another client holds Android's UiAutomation
    |   +-- DeviceTimeout         no answer within the time limit; what was asked may or may not have happened
    +-- ReadAgain                 the device is there; this reading or point is of no use: read the screen again
    |   +-- EmptyHierarchy        the element tree came back empty
    |   +-- ScreenshotFailed      no picture came back (this says nothing about how sensitive the screen is)
    |   +-- StaleCoordinates      the point was measured on a screen of another size
    +-- AskOwner                  only the owner can go on
    |   +-- Unauthorized          the phone has not allowed this computer
    |   +-- ScreenLocked          a PIN, pattern or password is asked for
    |   +-- ProtectedScreen       a secure window shows neither picture nor elements
    |   +-- ActionRefused         Android or the app refused the action; a retry will not help
    |   +-- NoTextField           text was to be typed and no field has the focus
    |   +-- AppNotInstalled       the package is not on the device
    |   +-- AmbiguousDevice       several devices and no serial given
    +-- DeviceBug                 our mistake or an unknown answer: report it

Every error carries `cause` (what was seen), `next_step` (what the reader does now) and `serial`. A test holds this
picture and the classes together. Foreign errors are translated once, at the back end's boundary, `from` the cause.
"""

from __future__ import annotations


class DeviceError(Exception):
    """Root of all device errors. `str()` gives cause and next step in one line."""

    next_step = "Run `mobimem doctor` and follow what it says."

    def __init__(self, cause: str, *, next_step: str | None = None, serial: str | None = None) -> None:
        self.cause = cause
        self.serial = serial
        if next_step is not None:
            self.next_step = next_step
        where = f"[{serial}] " if serial else ""
        super().__init__(f"{where}{cause}. {self.next_step}")


class Reconnect(DeviceError):
    """The way to the device is broken. Nothing is known about the last action: connect again and read the screen."""


class DeviceGone(Reconnect):
    next_step = "Check the cable or Wi-Fi; `mobimem devices` lists what adb sees."


class DeviceOffline(Reconnect):
    next_step = "Unplug and replug, or run `adb reconnect`; then try again."


class AdbUnavailable(Reconnect):
    next_step = "Run `mobimem doctor`: it names the adb in use and how to install one."


class AutomationTaken(Reconnect):
    next_step = "Stop the other automation client (Appium, another uiautomator) on this phone and try again."


class DeviceTimeout(Reconnect):
    next_step = "Read the screen before repeating anything: the action may have happened."


class ReadAgain(DeviceError):
    """The device is there; this reading or point is of no use."""

    next_step = "Read the screen again."


class EmptyHierarchy(ReadAgain):
    """The element tree came back empty several times in a row."""


class ScreenshotFailed(ReadAgain):
    """No picture came back. This is not evidence of a protected screen."""


class StaleCoordinates(ReadAgain):
    """The point was measured on a screen of another size; nothing was sent."""


class AskOwner(DeviceError):
    """Only the owner can go on; a retry will not help."""


class Unauthorized(AskOwner):
    next_step = "Unlock the phone and allow this computer in the 'Allow USB debugging?' dialog."


class ScreenLocked(AskOwner):
    next_step = "Unlock the phone; a PIN, pattern or password is never guessed."


class ProtectedScreen(AskOwner):
    next_step = "This window hides itself from screen readers; do this step by hand, then go on."


class ActionRefused(AskOwner):
    next_step = "Look at the phone; some vendors need 'USB debugging (Security settings)' for injected input."


class NoTextField(AskOwner):
    next_step = "Tap the text field first, then type."


class AppNotInstalled(AskOwner):
    next_step = "Install the app on the device, or name another package."


class AmbiguousDevice(AskOwner):
    next_step = "Name one with --device SERIAL; `mobimem devices` lists them."


class DeviceBug(DeviceError):
    """Our mistake, or an answer we do not know."""

    next_step = "Please report this with the output of `mobimem doctor --json`."
