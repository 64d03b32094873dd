"""What the phone says about itself beside its element tree: one compound shell command, and the reading of its answer.

The command is sent before the tree is asked for and its answer collected afterwards, so on a real phone it costs
nothing on top of the tree. Only plain text in, data out: no device here.

Sources: `dumpsys window displays|policy|windows` and `dumpsys input_method` as Android 8 to 15 print them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from device.actions import Size
from device.protocol import Foreground, LockState

_DISPLAY_FIELDS = "Display: mDisplayId=|init=|cur=|mCurrentFocus|mFocusedApp|mCurrentRotation|mRotation="
_POLICY_FIELDS = "showing=|secure=|screenState=|interactiveState=|mAwake=|mShowingLockscreen=|mScreenOn"

STATUS_COMMAND = (
    f"dumpsys window displays | grep -E '{_DISPLAY_FIELDS}'; "
    f"echo --; dumpsys window policy | grep -E '{_POLICY_FIELDS}'; "
    "echo --; dumpsys input_method | grep -E 'mInputShown='"
)
SIZE_COMMAND = "dumpsys window displays | grep -E 'Display: mDisplayId=|cur='"
SECURE_COMMAND = "dumpsys window windows"

_FLAG_SECURE = 0x2000  # android.view.WindowManager.LayoutParams.FLAG_SECURE
_SYSTEM_UI = "com.android.systemui"
_SYSTEM_UI_WINDOWS = ("NotificationShade", "StatusBar", "Keyguard", "Bouncer", "NavigationBar")


class StatusUnreadable(Exception):
    """The phone's answer lacks what is needed; the message quotes it."""


@dataclass(frozen=True, slots=True)
class Status:
    """The phone at one moment. `foreground` may be a system window; `focus_window` is its hexadecimal name or "".

    `quarter_turned` says whether the screen is shown a quarter turn from its natural orientation; None if not told.
    """

    size: Size
    foreground: Foreground
    keyboard_shown: bool
    screen_on: bool
    lock: LockState
    focus_window: str = ""
    quarter_turned: bool | None = None


def parse_status(answer: str) -> Status:
    """Reads the answer to STATUS_COMMAND.

    Raises:
        StatusUnreadable: no size in it.
    """
    displays, _, rest = answer.partition("--\n")
    displays = _main_display(displays)
    policy, _, keyboard = rest.partition("--\n")
    size = parse_size(displays)
    return Status(
        size=size,
        foreground=parse_foreground(displays),
        keyboard_shown="mInputShown=true" in keyboard,
        screen_on=_screen_on(policy),
        lock=_lock(policy),
        focus_window=_focus(displays)[0],
        quarter_turned=_quarter_turned(displays, size),
    )


def parse_size(text: str) -> Size:
    """The current, rotated size of the main display: its `cur=WxH`, else `init=WxH`.

    Raises:
        StatusUnreadable: there is none.
    """
    text = _main_display(text)
    match = re.search(r"\bcur=(\d+)x(\d+)", text) or re.search(r"\binit=(\d+)x(\d+)", text)
    if match is None:
        raise StatusUnreadable(f"no screen size in {text[:200]!r}")
    return Size(int(match[1]), int(match[2]))


def parse_foreground(displays: str) -> Foreground:
    """The app in front: the focused window's, or what a system window stands for; else the focused app's."""
    _, name = _focus(displays)
    if "/" in name:
        return _component(name)
    if name.startswith(_SYSTEM_UI_WINDOWS):
        return Foreground(_SYSTEM_UI, "")
    if name.startswith(("Application Error", "Application Not Responding")):
        return Foreground("android", "")
    app = re.search(r"mFocusedApp=\S*ActivityRecord\{\S+ u\d+ (\S+/[^\s}]+)", displays)
    return _component(app[1]) if app else Foreground("", "")


def secure_in_front(windows: str, focus_window: str = "") -> bool:
    """Whether the text of `dumpsys window windows` says that the window in front is secure (FLAG_SECURE).

    `focus_window` is the focused window's hexadecimal name; without it, any visible secure window counts.
    """
    for block in re.split(r"(?m)^\s*(?=Window #\d+ )", windows):
        name = re.match(r"Window #\d+ Window\{(\S+)", block)
        if name is None or not _is_secure(block):
            continue
        if name[1] == focus_window or (not focus_window and "isVisible=false" not in block):
            return True
    return False


def _main_display(displays: str) -> str:
    """The part about display 0: other displays (casting, a cover screen) may stand before it."""
    parts = re.split(r"(?m)^\s*(?=Display: mDisplayId=)", displays)
    return next((part for part in parts if re.match(r"Display: mDisplayId=0\b", part)), displays)


def _quarter_turned(displays: str, size: Size) -> bool | None:
    natural = re.search(r"\binit=(\d+)x(\d+)", displays)
    if natural is None or natural[1] == natural[2] or size.width_px == size.height_px:
        return None
    return (int(natural[1]) > int(natural[2])) != (size.width_px > size.height_px)


def _is_secure(block: str) -> bool:
    flags = re.search(r"\bfl=([^}]*?)(?:\s\w+=|\}|$)", block, re.DOTALL)
    if flags is None:
        return False
    number = re.match(r"#([0-9a-fA-F]+)", flags[1].strip())
    return bool(int(number[1], 16) & _FLAG_SECURE) if number else "SECURE" in flags[1].split()


def _focus(displays: str) -> tuple[str, str]:
    """(hexadecimal name, title) of the focused window; ("", "") for none. Other displays' null entries are passed."""
    match = re.search(r"mCurrentFocus=Window\{(\S+) u\d+ ([^}]*)\}", displays)
    return (match[1], match[2].strip()) if match else ("", "")


def _component(name: str) -> Foreground:
    package, _, activity = name.partition("/")
    return Foreground(package, package + activity if activity.startswith(".") else activity)


def _screen_on(policy: str) -> bool:
    state = re.search(r"\bscreenState=(\S+)", policy)
    if state:
        return state[1] in ("SCREEN_STATE_ON", "SCREEN_STATE_TURNING_ON", "2", "1")
    awake = re.search(r"\b(?:interactiveState=(\S+)|mAwake=(\w+)|mScreenOn\w*=(\w+))", policy)
    on = {"INTERACTIVE_STATE_AWAKE", "INTERACTIVE_STATE_WAKING", "true"}
    return awake is None or not on.isdisjoint(awake.groups())


def _lock(policy: str) -> LockState:
    showing = re.search(r"(?m)^\s*showing=(\w+)|mShowingLockscreen=(\w+)", policy)
    if showing is None or "true" not in showing.groups():
        return "unlocked"
    secure = re.search(r"(?m)^\s*secure=(\w+)", policy)
    return "secure" if secure and secure[1] == "true" else "swipe"
