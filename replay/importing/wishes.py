"""What another tool's file asks for: a closed union of small wishes. Plain data; a stranger's file can only wish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from device.actions import Direction, OpenApp, PressKey
from replay.errors import ReplayError


class ImportRefused(ReplayError):
    """A file holds something that cannot be imported; the message names the line."""

    next_step = "Take that line out, or teach the task: mobimem teach NAME."


@dataclass(frozen=True, slots=True)
class Named:
    """An element by what another tool asks for; at least one is set. `instance` is its rank among those that fit."""

    resource_id: str = ""
    text: str = ""
    description: str = ""
    cls: str = ""
    instance: int = 0
    either: bool = False  # `text` may also be its description or hint, as Maestro reads it


@dataclass(frozen=True, slots=True)
class WishTap:
    """A tap on the target; `times` is 2 for a double tap."""

    target: Named
    times: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True)
class WishType:
    """Into the target; None is the field that has the focus."""

    text: str
    target: Named | None = None


@dataclass(frozen=True, slots=True)
class WishHold:
    """A finger that rests on the target for `duration_s` seconds."""

    target: Named
    duration_s: float = 0.8


@dataclass(frozen=True, slots=True)
class WishScroll:
    """Bring in what lies further in `direction`; where, is not said."""

    direction: Direction


Wish: TypeAlias = WishTap | WishType | WishHold | WishScroll | PressKey | OpenApp


@dataclass(frozen=True, slots=True)
class Imported:
    """Wishes with the line each stood in, and the lines that say nothing to do."""

    wishes: tuple[tuple[int, Wish], ...]
    passed_over: tuple[str, ...]
