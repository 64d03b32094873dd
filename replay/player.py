"""The player: a pure state machine that turns a recipe and what is seen into the next command.

    player = Player(recipe, values, now_s=clock.monotonic_s())
    command = player.next(Begin())        # Read | Act | Rest | Ask | Stop
    command = player.next(Saw(screen, at_s)) ...

It holds no device, clock or file: the time comes with the observations. `replay.runner` performs the commands on a
device; a dry run, the debugger and a resumed run are the same player with another driver. For each step: check before,
locate, (ask,) act, then read until the checks after hold. One reading serves as the check after a step and the look
before the next, so a replay reads the screen once a step when nothing is slow. Waiting always ends on a condition of
the screen or on a named time limit (`Limits`), never after a fixed sleep.

Never guesses: an ambiguous or missing target stops the run with a `Divergence` that says what was expected, what was
there and what came closest. Source: AgentRR (arXiv 2505.17716), checks as the trust anchor of replay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, assert_never

from device.actions import Action, DoubleTap, InputText, LongPress, OpenApp, Point, PressKey, Scroll, Tap
from perception.element import Element
from perception.locate import Ambiguous, Found, NotFound, locate
from perception.screen import Screen
from perception.words import normal
from replay.checks import judge
from replay.explain import explain
from replay.recipe import DoubleTapOn, LongPressOn, Recipe, ScrollIn, SetSwitch, Step, TapOn, TypeInto
from replay.slots import fill

Decision = Literal["run", "ask", "refuse"]
Expected = Literal["target", "before", "after", "focus"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How long the player waits for the screen, in seconds of the observations' clock."""

    appear_s: float = 10.0  # for a step's target and its checks before
    effect_s: float = 10.0  # for its checks after
    settle_s: float = 1.5  # for an ambiguous screen to become clear, and for a tapped field to get the focus
    poll_s: float = 0.1  # between two readings of a screen that is not there yet


@dataclass(frozen=True, slots=True)
class Begin:
    """Starts the machine."""


@dataclass(frozen=True, slots=True)
class Saw:
    screen: Screen
    at_s: float


@dataclass(frozen=True, slots=True)
class Acted:
    at_s: float


@dataclass(frozen=True, slots=True)
class ActFailed:
    """The device did not accept an action. `unclear`: it may have happened all the same; `again`: read and retry."""

    says: str
    unclear: bool
    again: bool
    at_s: float


@dataclass(frozen=True, slots=True)
class Rested:
    at_s: float


@dataclass(frozen=True, slots=True)
class Decided:
    decision: Decision
    at_s: float


Observation: TypeAlias = Begin | Saw | Acted | ActFailed | Rested | Decided


@dataclass(frozen=True, slots=True)
class Read:
    """Read the screen and come back with `Saw`."""


@dataclass(frozen=True, slots=True)
class Act:
    """Do this on the device. `irreversible`: put the intent on record first."""

    action: Action
    index: int
    step: Step
    irreversible: bool
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rest:
    duration_s: float


@dataclass(frozen=True, slots=True)
class Ask:
    """May this irreversible step be done? Come back with `Decided`."""

    index: int
    step: Step
    says: str


@dataclass(frozen=True, slots=True)
class Divergence:
    """Why a run cannot go on: which step, what was expected, what was seen, and what came closest."""

    index: int
    step: Step
    expected: Expected
    says: str
    screen: Screen | None


@dataclass(frozen=True, slots=True)
class Stop:
    """The run is over. `done` means every step and every check after it held."""

    outcome: Literal["done", "stopped", "asked"]
    says: str
    divergence: Divergence | None = None


Command: TypeAlias = Read | Act | Rest | Ask | Stop


@dataclass(frozen=True, slots=True)
class Progress:
    """One line of the player's log: a step was done, or skipped because its effect held already."""

    index: int
    step: Step
    result: Literal["done", "skipped"]
    says: str
    reasons: tuple[str, ...]
    at_s: float


class Player:
    """Plays one recipe once. Feed observations to `next`; read `log` for what has happened so far.

    Raises:
        SlotMissing: a slot has no value.
    """

    def __init__(self, recipe: Recipe, values: Mapping[str, str], *, limits: Limits = Limits(), start: int = 0) -> None:
        recipe.require(values)
        self.recipe = recipe
        self.values = dict(values)
        self.limits = limits
        self.index = start
        self.log: list[Progress] = []
        self._since_s: float | None = None  # when the present wait began
        self._acted = False  # the step was done; its effect is awaited
        self._focused = False  # the field was tapped
        self._allowed = False
        self._reasons: tuple[str, ...] = ()
        self._screen: Screen | None = None

    @property
    def step(self) -> Step:
        return self.recipe.steps[self.index]

    def says(self, step: Step) -> str:
        """The step in words, with this run's values."""
        return fill(step.says, self.values)

    def next(self, seen: Observation) -> Command:
        """The next command. After a `Stop` the machine takes nothing more."""
        match seen:
            case Begin() | Rested() | Acted():
                return Read()
            case Saw(screen, at_s):
                self._screen = screen
                return self._look(screen, at_s)
            case ActFailed(says, unclear, again, at_s):
                return self._failed(says, unclear=unclear, again=again, at_s=at_s)
            case Decided("run", _):
                self._allowed = True  # what was seen before the question is stale: look again
                return Read()
            case Decided(decision, _):
                return Stop("asked" if decision == "ask" else "stopped", f"not allowed: {self.says(self.step)}")
            case _:
                assert_never(seen)

    def _look(self, screen: Screen, at_s: float) -> Command:
        while True:
            if self._since_s is None:
                self._since_s = at_s
            if self._acted:
                missing = self._missing_effect(screen)
                if missing:
                    return self._wait("after", missing, at_s, self.limits.effect_s)
                self._advance("done", at_s)
            elif self._holds_already(screen):
                self._advance("skipped", at_s)
            else:
                return self._try(screen, at_s)
            if self.index == len(self.recipe.steps):
                return Stop("done", f"all {len(self.recipe.steps)} steps done and checked")

    def _try(self, screen: Screen, at_s: float) -> Command:
        step = self.step
        for check in step.before:
            verdict = judge(check, screen, self.values)
            if not verdict.holds:
                return self._wait("before", verdict.says, at_s, self.limits.appear_s)
        if step.target is None:
            return self._act(_untargeted(step, screen), (), at_s)
        match locate(screen, step.target.fill(self.values)):
            case Found() as found:
                return self._on(found.element, found, screen, at_s)
            case Ambiguous() as several:
                return self._wait("target", explain(several), at_s, self.limits.settle_s)
            case NotFound() as nothing:
                return self._wait("target", f"not found: {explain(nothing)}", at_s, self.limits.appear_s)

    def _on(self, element: Element, found: Found, screen: Screen, at_s: float) -> Command:
        point = screen.point_on(element)
        if point is None:
            return self._wait("target", "it lies outside of what is shown", at_s, self.limits.appear_s)
        if isinstance(self.step.move, TypeInto) and not element.focused:
            if self._focused:
                return self._wait("focus", "the field does not get the focus", at_s, self.limits.settle_s)
            self._focused = True
            self._since_s = None
            return Act(Tap(point), self.index, self.step, irreversible=False, reasons=(explain(found),))
        return self._act(_on_point(self.step, point, element, self.values), (explain(found),), at_s)

    def _act(self, action: Action, reasons: tuple[str, ...], at_s: float) -> Command:
        irreversible = self.step.side_effect == "irreversible"
        if irreversible and not self._allowed:
            return Ask(self.index, self.step, self.says(self.step))
        self._acted = True
        self._since_s = None
        self._reasons = reasons
        return Act(action, self.index, self.step, irreversible, reasons)

    def _failed(self, says: str, *, unclear: bool, again: bool, at_s: float) -> Command:
        if unclear and self.step.side_effect == "irreversible" and self._acted:
            return self._stop("asked", "after", f"it is not known whether this happened: {says}")
        if again or (unclear and self._acted):
            self._acted = unclear and self._acted
            self._since_s = at_s if self._since_s is None else self._since_s
            return Rest(self.limits.poll_s)
        return self._stop("stopped", "target", says)

    def _missing_effect(self, screen: Screen) -> str:
        step = self.step
        if isinstance(step.move, TypeInto) and not self._typed(step.move, screen):
            return "the field does not hold the text"
        for check in step.after:
            verdict = judge(check, screen, self.values)
            if not verdict.holds:
                return verdict.says
        return ""

    def _holds_already(self, screen: Screen) -> bool:
        """Whether the step's effect is there without doing it: a switch that stands right, a field that is filled."""
        match self.step.move:
            case SetSwitch(target, on):
                found = locate(screen, target.fill(self.values))
                return isinstance(found, Found) and found.element.checkable and found.element.checked == on
            case TypeInto() as move:
                return self._typed(move, screen) and not self._missing_effect(screen)
            case _:
                return False

    def _typed(self, move: TypeInto, screen: Screen) -> bool:
        found = locate(screen, move.target.fill(self.values))
        if not isinstance(found, Found):
            return False
        if found.element.password:
            return self._acted  # shows bullets: what was typed cannot be read back
        return normal(found.element.text) == normal(fill(move.text, self.values))

    def _advance(self, result: Literal["done", "skipped"], at_s: float) -> None:
        says = self.says(self.step)
        self.log.append(Progress(self.index, self.step, result, says, self._reasons, at_s))
        self.index += 1
        self._since_s = at_s
        self._acted = self._focused = self._allowed = False
        self._reasons = ()

    def _wait(self, expected: Expected, says: str, at_s: float, limit_s: float) -> Command:
        since_s = at_s if self._since_s is None else self._since_s
        if at_s - since_s >= limit_s:
            return self._stop("stopped", expected, says)
        return Rest(self.limits.poll_s)

    def _stop(self, outcome: Literal["stopped", "asked"], expected: Expected, says: str) -> Stop:
        divergence = Divergence(self.index, self.step, expected, says, self._screen)
        return Stop(outcome, f"step {self.index + 1}, {self.says(self.step)!r}: {says}", divergence)


def _on_point(step: Step, point: Point, element: Element, values: Mapping[str, str]) -> Action:
    match step.move:
        case TapOn() | SetSwitch():
            return Tap(point)
        case DoubleTapOn():
            return DoubleTap(point)
        case LongPressOn(_, duration_s):
            return LongPress(point, duration_s)
        case TypeInto(_, text):
            return InputText(fill(text, values), replace=True)
        case ScrollIn(direction):
            box, size = element.bounds, point.measured_on
            return Scroll(
                direction,
                Point(max(0, box.left), max(0, box.top), size),
                Point(min(size.width_px, box.right) - 1, min(size.height_px, box.bottom) - 1, size),
            )
        case PressKey() | OpenApp() as action:
            return action
        case _:
            assert_never(step.move)


def _untargeted(step: Step, screen: Screen) -> Action:
    match step.move:
        case PressKey() | OpenApp() as action:
            return action
        case ScrollIn(direction):
            size = screen.size
            low, high = Point(0, size.height_px // 5, size), Point(size.width_px - 1, size.height_px * 4 // 5, size)
            return Scroll(direction, low, high)
        case _:
            raise AssertionError(f"{step.move} needs a target")
