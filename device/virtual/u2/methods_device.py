"""RPC methods of the device as a whole: what it is, its keys, its screen, and the dump and picture of that."""

from __future__ import annotations

import asyncio
import base64
from typing import Any, Final

from device.virtual.u2 import params
from device.virtual.u2.automation import Automation
from device.virtual.u2.errors import InvalidParams
from device.virtual.u2.table import MethodTable
from device.virtual.window.frame import Frame
from device.virtual.window.hierarchy import dump

table = MethodTable()

SCALE_MAX: Final = 4.0
KEYS: Final = {
    "home": "home", "back": "back", "left": "dpad_left", "right": "dpad_right", "up": "dpad_up", "down": "dpad_down",
    "center": "dpad_center", "menu": "menu", "search": "search", "enter": "enter", "delete": "del", "del": "del",
    "recent": "app_switch", "volume_up": "volume_up", "volume_down": "volume_down", "volume_mute": "volume_mute",
    "camera": "camera", "power": "power",
}  # fmt: skip  # the client's name -> Android's, lower case and without KEYCODE_
ROTATIONS: Final = {"natural": 0, "n": 0, "left": 1, "l": 1, "upsidedown": 2, "u": 2, "right": 3, "r": 3}


@table.method("ping")
def ping(automation: Automation) -> str:
    return "pong"


@table.method("deviceInfo")
def device_info(automation: Automation) -> dict[str, Any]:
    config, frame = automation.phone.config, automation.windows.frame()
    return {
        "currentPackageName": automation.windows.current()[0],
        "displayHeight": frame.size.height_px,
        "displayRotation": frame.rotation,
        "displaySizeDpX": int(frame.size.width_px / frame.density),
        "displaySizeDpY": int(frame.size.height_px / frame.density),
        "displayWidth": frame.size.width_px,
        "naturalOrientation": frame.rotation in (0, 2),
        "productName": config.model.lower(),
        "screenOn": frame.screen_on,
        "sdkInt": config.sdk,
    }


@table.method("dumpWindowHierarchy")
def dump_window_hierarchy(
    automation: Automation, compressed: Any, max_depth: Any = None, root_in_active: Any = None
) -> str:
    """The screen as XML; the empty hierarchy where nothing may be seen (a secure window), as on a real phone."""
    return dump(
        automation.windows.frame(),
        compressed=params.flag(compressed),
        max_depth=50 if max_depth is None else params.whole(max_depth),
        active_only=root_in_active is not None and params.flag(root_in_active),
    )


@table.method("takeScreenshot")
async def take_screenshot(automation: Automation, scale: Any = 1.0, quality: Any = 80) -> str | None:
    """A base64 JPEG, drawn on another thread; null while a secure window is on the screen."""
    frame = automation.windows.frame()
    if frame.secure:
        return None
    size, fineness = params.number(scale), params.whole(quality)
    if not (0 < size <= SCALE_MAX and 0 <= fineness <= 100):
        raise InvalidParams(f"no picture of scale {size} and quality {fineness}")
    return await asyncio.to_thread(_base64_jpeg, frame, size, fineness)


@table.method("pressKey")
def press_key(automation: Automation, name: Any) -> bool:
    """False for a name that UiAutomator does not know."""
    key = KEYS.get(params.words(name).lower())
    return key is not None and automation.windows.key(key)


@table.method("pressKeyCode")
def press_key_code(automation: Automation, code: Any, meta: Any = 0) -> bool:
    """`meta` (shift, alt) changes nothing here."""
    return automation.windows.key_code(params.whole(code))


@table.method("wakeUp")
def wake_up(automation: Automation) -> None:
    automation.windows.wake()


@table.method("sleep")
def sleep(automation: Automation) -> None:
    automation.windows.sleep()


@table.method("isScreenOn")
def is_screen_on(automation: Automation) -> bool:
    return automation.windows.frame().screen_on


@table.method("freezeRotation")
def freeze_rotation(automation: Automation, frozen: Any) -> None:
    automation.windows.freeze_rotation(params.flag(frozen))


@table.method("setOrientation")
def set_orientation(automation: Automation, orientation: Any) -> None:
    """Turns the screen and keeps it there."""
    if orientation not in ROTATIONS:
        raise InvalidParams(f"not an orientation: {orientation!r}; known are {', '.join(ROTATIONS)}")
    automation.windows.rotate(ROTATIONS[orientation])


@table.method("openNotification")
def open_notification(automation: Automation) -> bool:
    return automation.windows.open_shade()


@table.method("openQuickSettings")
def open_quick_settings(automation: Automation) -> bool:
    return automation.windows.open_shade(quick_settings=True)


@table.method("launchApp")
def launch_app(automation: Automation, package: Any) -> bool:
    return automation.windows.start(params.words(package))


@table.method("getConfigurator")
def get_configurator(automation: Automation) -> dict[str, int]:
    return automation.configurator


@table.method("setConfigurator")
def set_configurator(automation: Automation, changes: Any) -> dict[str, int]:
    """Keeps the numbers and answers with all of them. Nothing here depends on them but what the client reads back."""
    if not isinstance(changes, dict):
        raise InvalidParams(f"not a configurator: {changes!r}")
    known = {name: params.whole(value) for name, value in changes.items() if name in automation.configurator}
    automation.configurator |= known
    return automation.configurator


def _base64_jpeg(frame: Frame, scale: float, quality: int) -> str:
    from device.virtual.render.paint import encode, paint

    return base64.b64encode(encode(paint(frame, scale=scale), "JPEG", quality)).decode("ascii")
