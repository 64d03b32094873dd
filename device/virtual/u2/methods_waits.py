"""RPC methods that wait for the screen. They look, sleep and look again; other calls go on meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from device.virtual.u2 import params
from device.virtual.u2.automation import Automation
from device.virtual.u2.table import MethodTable

table = MethodTable()

POLL_S = 0.05
_STILL_LOOKS = 2  # as many equal frames in a row count as idle


@table.method("waitForExists")
async def wait_for_exists(automation: Automation, target: Any, timeout_ms: Any) -> bool:
    """True once something fits. With 0 ms there is exactly one look."""
    selector = automation.selector(target)
    return await _until(automation, lambda: automation.exists(selector), timeout_ms)


@table.method("waitUntilGone")
async def wait_until_gone(automation: Automation, target: Any, timeout_ms: Any) -> bool:
    selector = automation.selector(target)
    return await _until(automation, lambda: not automation.exists(selector), timeout_ms)


@table.method("waitForIdle")
async def wait_for_idle(automation: Automation, timeout_ms: Any = 10_000) -> None:
    """Returns when the screen stands still, or after the time given."""
    numbers: list[int] = []

    def still() -> bool:
        numbers.append(automation.windows.frame().number)
        return len(numbers) > _STILL_LOOKS and len(set(numbers[-_STILL_LOOKS:])) == 1

    await _until(automation, still, timeout_ms)


@table.method("waitForWindowUpdate")
async def wait_for_window_update(automation: Automation, package: Any, timeout_ms: Any) -> bool:
    """True once the screen changes while a window of `package` (null: of any) is on it."""
    before = automation.windows.frame().number

    def updated() -> bool:
        frame = automation.windows.frame()
        return frame.number != before and (
            package is None or any(window.package == package for window in frame.windows)
        )

    return await _until(automation, updated, timeout_ms)


async def _until(automation: Automation, fits: Callable[[], bool], timeout_ms: Any) -> bool:
    deadline_s = automation.pace.now_s() + params.number(timeout_ms) / 1000
    while not fits():
        left_s = deadline_s - automation.pace.now_s()
        if left_s <= 0:
            return False
        await automation.pace.sleep(min(POLL_S, left_s))
    return True
