"""What one step of a run has come to so far: the player's memory within a step, begun anew with each.

And the steps in words. No decision is taken here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from device.actions import OpenApp
from perception.locate import Ambiguous, Located, NotFound
from perception.screen import Screen
from perception.words import plain
from replay.checks import AppIs, Changed, Check, Gone, PageIs, Says, Shown, SwitchIs
from replay.commands import DetourKind, Divergence, Expected
from replay.pages import half_written
from replay.recipe import KeyIn, SetSwitch, Step, TypeInto
from replay.scrolling import Search
from replay.slots import fill


@dataclass(slots=True)
class Attempt:
    """One step being played. Times are the observations'; contents are those of `replay.scrolling.content`."""

    since_s: float | None = None  # when the present wait began
    acted: bool = False  # the step was done; its effect is awaited
    acted_s: float = 0.0
    acted_on: int = 0  # the content then
    selected: bool = False  # what it taps was chosen before (a tab): that changes nothing
    held: bool = False  # the checks after it held then already
    focused: bool = False  # the field was tapped
    keyed: int = 0  # how many keys of a keypad were tapped
    between: str = ""  # what was put away after it was done, and may have swallowed it
    again: str = ""  # why it was done once more
    allowed: bool = False
    mended: str = ""  # its target was found again by healing: what is otherwise than it was
    unhealed: str = ""  # why it was not
    retries: int = 0
    reasons: tuple[str, ...] = ()
    search: Search | None = None
    searched: bool = False  # to both ends
    nudged: bool = False  # the row after the found one was looked at
    detours: Counter[DetourKind] = field(default_factory=Counter)
    tried: list[str] = field(default_factory=list)

    def waited_s(self, at_s: float) -> float:
        """How long the present wait has lasted."""
        return 0.0 if self.since_s is None else at_s - self.since_s

    def not_sent(self) -> None:
        """The last command never reached the device: what it would have done is still to do."""
        self.keyed = self.keyed if self.acted else max(0, self.keyed - 1)
        self.acted = self.focused = False
        self.retries += 1

    def begin_again(self, why: str, at_s: float) -> None:
        """Nothing came of what was done: it is done once more, and its wait begins at `at_s`."""
        self.again, self.between = why, ""
        self.acted = self.focused = False
        self.since_s = at_s
        self.tried.append(why)

    def diverged(
        self, index: int, step: Step, expected: Expected, says: str, *, screen: Screen | None,
        values: Mapping[str, str], answer: Located | None,
    ) -> Divergence:  # fmt: skip
        """Why the step cannot go on. `answer` is what looking for its target came to, where that was it."""
        return Divergence(
            index,
            step,
            expected,
            says,
            screen,
            wanted=wanted(step, expected, values),
            closest=answer.closest if isinstance(answer, NotFound) else None,
            candidates=answer.candidates if isinstance(answer, Ambiguous) else (),
            tried=(*self.tried, *([f"healing: {self.unhealed}"] if self.unhealed else ())),
            excuse=excuse(step, expected, screen),
        )


def excuse(step: Step, expected: Expected, screen: Screen | None) -> str:
    """Why a stop says nothing about the task, which would be done from another start; "" where it may."""
    if expected == "screen":
        return "something else was on the screen or it could not be read"
    if expected == "blank" or (isinstance(step.move, OpenApp) and screen is not None and half_written(screen)):
        return "something half written was left alone"
    return ""


def wanted(step: Step, expected: Expected, values: Mapping[str, str]) -> str:
    """What a step expected, in words."""
    match expected:
        case "target" if step.target is not None:
            name = step.target.name or step.target.entry or step.target.cls.rpartition(".")[2]
            return plain(fill(name, values)) if name else ""
        case "before":
            return "; ".join(check_says(check, values) for check in step.before) or "what earlier steps had chosen"
        case "after":
            moved = _effect(step, values)
            return "; ".join(filter(None, [moved, *(check_says(check, values) for check in step.after)]))
        case "focus":
            return "the field has the focus"
        case "blank":
            return "the form is as empty as it was when this was shown"
        case _:
            return "the app's own page"


def check_says(check: Check, values: Mapping[str, str]) -> str:
    """A check in words."""
    match check:
        case AppIs(package):
            return f"{package} is in front"
        case PageIs(page):
            return f"the page of {page.activity.rpartition('.')[2] or page.package}"
        case Says(text):
            return f"{fill(text, values)!r} is shown"
        case Shown(target):
            return f"{fill(target.name, values) or target.entry!r} is there"
        case Gone(target):
            return f"{fill(target.name, values) or target.entry!r} is gone"
        case SwitchIs(target, on):
            return f"{fill(target.name, values) or target.entry!r} is {'on' if on else 'off'}"
        case Changed():
            return "the screen changes"


def _effect(step: Step, values: Mapping[str, str]) -> str:
    match step.move:
        case TypeInto(_, text):
            return f"the field holds {fill(text, values)!r}"
        case KeyIn(text):
            return f"the keypad shows {fill(text, values)!r}"
        case SetSwitch(_, on):
            return f"it is {'on' if on else 'off'}"
        case _:
            return ""
