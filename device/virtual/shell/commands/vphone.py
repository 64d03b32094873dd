"""`cmd vphone …`: what no real phone has - faults on demand, and a person's finger on the screen.

`touch X Y [MS]` and `swipe X1 Y1 X2 Y2 [MS]` touch the screen itself: they show in `getevent`, unlike `input`.
`state` prints what is in front as one JSON line. `rpc …` arms faults of uiautomator2's server. Everything else goes to
the phone's faults.
"""

from __future__ import annotations

import json

from device.virtual.shell.call import SERVICES, Call, CommandFailed
from device.virtual.shell.gestures import Finger
from device.virtual.shell.options import decimal, integer

TOUCH_MS = 60
SWIPE_MS = 300


@SERVICES.add("vphone")
async def vphone(call: Call) -> int:
    finger = Finger(call, hardware=True)
    match call.arguments:
        case ["touch", x, y, *rest] if len(rest) <= 1:
            await finger.tap(decimal(x), decimal(y), _seconds(rest, TOUCH_MS))
        case ["swipe", x1, y1, x2, y2, *rest] if len(rest) <= 1:
            await finger.down(decimal(x1), decimal(y1))
            await finger.glide(decimal(x2), decimal(y2), _seconds(rest, SWIPE_MS))
            await finger.up()
        case ["state"]:
            await call.line(json.dumps(await call.work(_state, call), ensure_ascii=False))
        case ["rpc", *words]:
            await call.line(_rpc_fault(call, words))
        case _:
            await _faults(call)
    return 0


def _rpc_fault(call: Call, words: list[str]) -> str:
    """Lets calls of uiautomator2's server fail; the words are those of `RpcFaults.command`."""
    try:
        return call.phone.rpc_faults.command(words)
    except ValueError as error:
        raise CommandFailed(f"{error}\n") from error


async def _faults(call: Call) -> None:
    try:
        words = await call.work(call.phone.faults.command, call.arguments)
    except ValueError as error:
        raise CommandFailed(f"{error}\n") from error
    if words:
        await call.line(words.rstrip("\n"))


def _state(call: Call) -> dict[str, object]:
    windows = call.phone.windows
    package, activity, pid = windows.current()
    frame = windows.frame()
    focused = windows.focused()
    return {
        "package": package,
        "activity": activity,
        "pid": pid,
        "size": [frame.size.width_px, frame.size.height_px],
        "rotation": frame.rotation,
        "locale": frame.locale,
        "dark": frame.dark,
        "screen_on": frame.screen_on,
        "keyboard_shown": windows.keyboard_shown,
        "focused": None if focused is None else focused.view.text,
        "windows": [window.name for window in frame.windows],
        "secure": frame.secure,
    }


def _seconds(rest: list[str], default_ms: int) -> float:
    return (integer(rest[0]) if rest else default_ms) / 1000
