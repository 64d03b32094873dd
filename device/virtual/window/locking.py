"""One lock around every public method, and the phone's time brought up to date before each."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar, cast

Method = TypeVar("Method", bound=Callable[..., Any])


class Locked(Protocol):
    """Whose methods can be `locked`."""

    @property
    def lock(self) -> AbstractContextManager[Any]: ...

    def advance(self) -> None:
        """Does what is due by now."""
        ...


def locked(method: Method) -> Method:
    """Runs a method under its object's `lock`, after `advance()` has done everything that is due."""

    @functools.wraps(method)
    def guarded(self: Any, *args: Any, **kwargs: Any) -> Any:
        with self.lock:
            self.advance()
            return method(self, *args, **kwargs)

    return cast("Method", guarded)
