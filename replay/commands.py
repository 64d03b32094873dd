"""What the player is told and what it asks for: the closed unions between `replay.player` and whoever drives it.

Observations come in (`Saw`, `Acted`, …), each with the time it was made; commands go out (`Read`, `Act`, …). A driver
performs every command and answers with the observation its docstring names. Plain data; nothing here decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from device.actions import Action, Size
from device.protocol import LockState
from perception.evidence import Candidate
from perception.screen import Screen
from replay.explain import candidate_to_data, named
from replay.recipe import Step

Decision = Literal["run", "ask", "refuse"]
Expected = Literal["target", "before", "after", "focus", "blank", "screen"]
DetourKind = Literal[
    "permission", "popup", "crash", "not_responding", "shade", "wake", "unlock", "keyboard", "scroll", "back", "reopen"
]
DISMISSALS: frozenset[DetourKind] = frozenset(("permission", "popup", "crash", "not_responding", "shade"))


@dataclass(frozen=True, slots=True)
class Limits:
    """How long the player waits for the screen, in seconds of the observations' clock, and how often it tries."""

    appear_s: float = 10.0  # for a step's target and its checks before
    effect_s: float = 10.0  # for its checks after
    settle_s: float = 1.5  # for an ambiguous screen to become clear, a field to get the focus, an act to show
    again_s: float = 5.0  # for a dialog that was answered to go, before it is answered again
    call_s: float = 60.0  # for an incoming call to end
    poll_s: float = 0.1  # between two readings of a screen that is not there yet
    detours: int = 3  # of one kind (scrolling apart) within one step
    detours_in_all: int = 20  # in one run, scrolling apart
    retries: int = 5  # of an act that was not taken because the screen had turned, or the field lost the focus
    scrolls: int = 40  # in one search, both ways together


@dataclass(frozen=True, slots=True)
class Begin:
    """Starts the machine."""


@dataclass(frozen=True, slots=True)
class Saw:
    """The screen was read at `at_s`, in seconds of the driver's clock."""

    screen: Screen
    at_s: float


@dataclass(frozen=True, slots=True)
class Dark:
    """The screen was read, and it is off or locked: nothing on it is the app's."""

    size: Size
    screen_on: bool
    lock: LockState
    at_s: float


@dataclass(frozen=True, slots=True)
class Acted:
    """The device took the action; what it leads to is not known yet."""

    at_s: float


@dataclass(frozen=True, slots=True)
class ActFailed:
    """A reading or an action failed.

    `unclear`: the action may have happened all the same; `again`: read and try again; `owner`: only the owner can help.
    """

    says: str
    unclear: bool
    again: bool
    at_s: float
    owner: bool = False


@dataclass(frozen=True, slots=True)
class Rested:
    """The time of a `Rest` has passed, or there was nothing to read."""

    at_s: float


@dataclass(frozen=True, slots=True)
class Decided:
    """What was answered to an `Ask`."""

    decision: Decision
    at_s: float


Observation: TypeAlias = Begin | Saw | Dark | Acted | ActFailed | Rested | Decided


@dataclass(frozen=True, slots=True)
class Read:
    """Read the screen and come back with `Saw`, `Dark` or `ActFailed`; with `Rested` if there was nothing to read."""


@dataclass(frozen=True, slots=True)
class Act:
    """Do this on the device and come back with `Acted` or `ActFailed`. `irreversible`: put the intent on record first.

    Of a step that types, the tap that gives the field the focus is an act of its own. `again` says why a step that was
    done is done once more (`replay.again`): put it on record too.
    """

    action: Action
    index: int
    step: Step
    irreversible: bool
    reasons: tuple[str, ...] = ()
    again: str = ""


@dataclass(frozen=True, slots=True)
class Detour:
    """Do this on the device, which is not the step's own act, and come back with `Acted` or `ActFailed`.

    It gets something out of the way (a dialog, the shade, the keyboard, a lock), scrolls to look for something, or goes
    back to where the step can be done. Never irreversible. Put it on record: `says` tells what was done and why.
    """

    kind: DetourKind
    action: Action
    index: int
    says: str


@dataclass(frozen=True, slots=True)
class Rest:
    """Let this much time pass and come back with `Rested`."""

    duration_s: float


@dataclass(frozen=True, slots=True)
class Ask:
    """May this irreversible step be done? Come back with `Decided`.

    `changed`: its target was found again by healing, and this is what is otherwise than it was. Only somebody who was
    told that may say yes.
    """

    index: int
    step: Step
    says: str
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Divergence:
    """Why a run cannot go on: which step, what was expected, what was seen, what came closest, what was tried.

    `expected` names the part of the step that failed and `wanted` what it wanted in words; `says` is what was seen.
    `closest` is the nearest element with what agreed and differed; `candidates` are those that fit equally. `excuse` is
    why it says nothing about the task itself; "" where it may.
    """

    index: int
    step: Step
    expected: Expected
    says: str
    screen: Screen | None
    wanted: str = ""
    closest: Candidate | None = None
    candidates: tuple[Candidate, ...] = ()
    tried: tuple[str, ...] = ()
    excuse: str = ""

    def to_data(self) -> dict[str, Any]:
        """As plain JSON data, without the screen."""
        return {
            "index": self.index,
            "step_id": self.step.id,
            "expected": self.expected,
            "wanted": self.wanted,
            "seen": self.says,
            "closest": None if self.closest is None else candidate_to_data(self.closest),
            "candidates": [named(candidate) for candidate in self.candidates],
            "tried": list(self.tried),
            "excuse": self.excuse,
        }


@dataclass(frozen=True, slots=True)
class Stop:
    """The run is over. `done` means every step and every check after it held; `asked` that only the owner can go on."""

    outcome: Literal["done", "stopped", "asked"]
    says: str
    divergence: Divergence | None = None


Command: TypeAlias = Read | Act | Detour | Rest | Ask | Stop


@dataclass(frozen=True, slots=True)
class Progress:
    """One line of the player's log: a step was done, or skipped because its effect held already."""

    index: int
    step: Step
    result: Literal["done", "skipped"]
    says: str
    reasons: tuple[str, ...]
    at_s: float
