"""The boundary around apps' own code: what it raises ends that app's process and nothing else, as on Android.

Only calls into an app go through here (its start, its pages, its handlers and timers). A mistake of the phone's own
outside such a call reaches the caller like any other exception. One inside it (a handler that calls a broken `host`
method) counts as the app's; its traceback is in the phone's log and in `last_error` all the same.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from device.virtual.logcat import SYSTEM_PID, Level

log = logging.getLogger(__name__)

T = TypeVar("T")


class Log(Protocol):
    """Where the phone logs to: `Logcat.write`."""

    def __call__(self, tag: str, message: str, level: Level = "I", *, pid: int = SYSTEM_PID) -> None: ...


def no_log(tag: str, message: str, level: Level = "I", *, pid: int = SYSTEM_PID) -> None:
    """A window system without a phone around it logs nowhere."""


@dataclass(frozen=True, slots=True)
class AppError:
    """What an app raised."""

    package: str
    error: Exception


class AppCode:
    """Calls apps' code, one phone's.

    Args:
        crashed: told the package and the error's traceback, once its code has returned: ends the process.

    Attributes:
        strict: errors are raised to the caller as they are, and the app lives on. For tests of apps.
        last_error: the newest error an app was ended for.
    """

    def __init__(self, crashed: Callable[[str, str], object]) -> None:
        self._crashed = crashed
        self._running: list[str] = []
        self.strict = False
        self.last_error: AppError | None = None

    def call(self, package: str, act: Callable[[], T]) -> T | None:
        """What `act`, code of `package`, gives; None after it crashed.

        Inside other code of the same app nothing is caught here: the outer call sees the error, when all of the app's
        code has returned.
        """
        if self.strict or (self._running and self._running[-1] == package):
            return act()
        self._running.append(package)
        try:
            return act()
        except Exception as error:
            self.last_error = AppError(package, error)
            log.error("%s crashed", package, exc_info=error)
            trace = "".join(traceback.format_exception(error))
        finally:
            self._running.pop()
        self._crashed(package, trace.rstrip())
        return None

    def run(self, package: str, act: Callable[[], object]) -> bool:
        """Runs code of `package`; False if it crashed."""
        return self.call(package, lambda: (act(),)) is not None
