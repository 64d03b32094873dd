"""The player: a pure state machine that turns a recipe and what is seen into the next command.

    player = Player(recipe, values)
    command = player.next(Begin())        # Read | Act | Detour | Rest | Ask | Stop
    command = player.next(Saw(screen, at_s)) ...

It holds no device, clock or file: the time comes with the observations. `replay.runner` performs the commands on a
device; a dry run, the debugger and a resumed run are the same player with another driver. For each step: check before,
locate, (ask,) act, then read until the checks after hold. One reading serves as the check after a step and the look
before the next, so a replay reads the screen once a step when nothing is slow. Waiting always ends on a condition of
the screen or on a named limit (`Limits`), never after a fixed sleep.

Never guesses: a missing target, or a page that no longer says what was chosen, stops the run; several that fit, a
locked phone and an irreversible act whose effect is not seen end it with a question. What came between is got out of
the way only as `replay.interruptions` allows, and what is below the fold is looked for (`replay.scrolling`); both are
`Detour`s. Source: AgentRR (arXiv 2505.17716), checks as the trust anchor of replay.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, assert_never

from device.actions import Action, OpenApp, Point, PressKey, Size, Swipe, Tap
from device.protocol import LockState
from perception.element import ACTIONABLE, Element
from perception.identity import ScreenIdentity, identity, same_page
from perception.locate import Ambiguous, Found, Located, NotFound, locate
from perception.screen import Screen
from replay.aiming import aim
from replay.checks import judge
from replay.commands import (
    DISMISSALS,
    Act,
    Acted,
    ActFailed,
    Ask,
    Begin,
    Command,
    Dark,
    Decided,
    Decision,
    Detour,
    DetourKind,
    Divergence,
    Expected,
    Limits,
    Observation,
    Progress,
    Read,
    Rest,
    Rested,
    Saw,
    Stop,
)
from replay.effects import holds_already, missing_effect
from replay.explain import explain
from replay.interruptions import Interruption, interruption, popup
from replay.moving import anywhere, needs_its_page, on_element
from replay.pages import expects, half_written, knows, taught_answer
from replay.progress import Attempt, wanted
from replay.recipe import Recipe, SetSwitch, Step, TypeInto
from replay.scrolling import Search, beyond, content, scroll_on
from replay.slots import fill
from replay.standing import Standing

__all__ = [
    "Act", "ActFailed", "Acted", "Ask", "Begin", "Command", "Dark", "Decided", "Decision", "Detour", "DetourKind",
    "Divergence", "Expected", "Limits", "Observation", "Player", "Progress", "Read", "Rest", "Rested", "Saw", "Stop",
]  # fmt: skip

KNOWN_BY_MORE: Final = (OpenApp, SetSwitch, TypeInto)  # their effect is seen by more than that something changed


class Player:
    """Plays one recipe once. Feed observations to `next`; read `log` for what has happened so far.

    Args:
        start: the step to begin at; the ones before it count as done.

    Raises:
        SlotMissing: a slot has no value.
    """

    def __init__(
        self, recipe: Recipe, values: Mapping[str, str], *, limits: Limits | None = None, start: int = 0
    ) -> None:
        recipe.require(values)
        self.recipe = recipe
        self.values = dict(values)
        self.limits = limits or Limits()
        self.index = start
        self.log: list[Progress] = []
        self.detours: list[Detour] = []
        self._now = Attempt()
        self._standing = Standing()
        self._last: Command = Read()
        self._screen: Screen | None = None
        self._rest: int = 0  # content of the last reading
        self._page: ScreenIdentity | None = None  # the page the last step ended on
        self._detour: tuple[DetourKind, int, float] | None = None  # the last one: what was seen then, and when
        self._ringing_s: float | None = None
        self._crashed = False

    @property
    def step(self) -> Step:
        return self.recipe.steps[self.index]

    def says(self, step: Step) -> str:
        """The step in words, with this run's values."""
        return fill(step.says, self.values)

    def next(self, seen: Observation) -> Command:
        """The next command. After a `Stop` the machine takes nothing more."""
        self._last = self._answer(seen)
        return self._last

    def _answer(self, seen: Observation) -> Command:
        match seen:
            case Begin() | Rested() | Acted():
                return Read()
            case Saw(screen, at_s):
                self._screen = screen
                if not screen.screen_on or screen.lock != "unlocked":
                    return self._open_up(screen.size, screen.screen_on, screen.lock, at_s)
                return self._look(screen, at_s)
            case Dark(size, screen_on, lock, at_s):
                return self._open_up(size, screen_on, lock, at_s)
            case ActFailed():
                return self._failed(seen)
            case Decided("run", _):
                self._now.allowed = True  # what was seen before the question is stale: look again
                self._now.since_s = None
                return Read()
            case Decided(decision, _):
                return Stop("asked" if decision == "ask" else "stopped", f"not allowed: {self.says(self.step)}")
            case _:
                assert_never(seen)

    # -- looking

    def _look(self, screen: Screen, at_s: float) -> Command:
        if self.index >= len(self.recipe.steps):
            return self._all_done()
        now = content(screen)
        at_rest, self._rest = now == self._rest, now
        if self._waits_for_detour(now, at_s):
            return Rest(self.limits.poll_s)
        if (between := interruption(screen)) and not expects(self.recipe, self.index, screen):
            return self._interrupted(between, screen, at_s)
        self._ringing_s = None
        while True:
            if self._now.since_s is None:
                self._now.since_s = at_s
            if self._now.acted:
                missing = self._missing(screen, now, at_s)
                if missing:
                    return self._await_effect(missing, screen, at_s, at_rest=at_rest)
                self._advance("done", screen, at_s)
            elif skipped := holds_already(self.recipe, self.index, screen, self.values):
                self._now.reasons = (skipped,)
                self._advance("skipped", screen, at_s)
            else:
                return self._try(screen, at_s, at_rest=at_rest)
            if self.index == len(self.recipe.steps):
                return self._all_done()

    def _all_done(self) -> Stop:
        return Stop("done", f"all {len(self.recipe.steps)} steps done and checked")

    def _try(self, screen: Screen, at_s: float, *, at_rest: bool) -> Command:
        step = self.step
        if (refused := self._refused(screen)) and not isinstance(step.move, OpenApp):
            return self._past_popup(screen) or self._wait("before", refused, at_s, self.limits.appear_s)
        if step.target is None:
            if self._elsewhere(screen):
                says = "another page is in front than the one the last step ended on"
                return self._past_popup(screen) or self._wait("before", says, at_s, self.limits.appear_s)
            return self._act(anywhere(step.move, screen), (), screen, at_s)
        answer = self._locate(screen)
        match answer:
            case Found() as found:
                if self._now.search is not None and not at_rest:
                    return Rest(self.limits.poll_s)  # it has just been scrolled to, and may still move
                return self._past_the_fold(found, screen) or self._on(found.element, found, screen, at_s)
            case Ambiguous() as several:
                return self._wait("target", explain(several), at_s, self.limits.settle_s, answer)
            case NotFound() as nothing:
                says = f"not found: {explain(nothing)}"
                way = self._past_popup(screen) or self._look_for(nothing, screen, at_rest=at_rest) or self._reopen()
                return way or self._wait("target", says, at_s, self.limits.appear_s, answer)

    def _past_the_fold(self, found: Found, screen: Screen) -> Command | None:
        """A value's row at the end of what is shown of its list: its namesake may be the next one. Looked at once."""
        target = self.step.target
        if target is None or not (target.slots and target.flow) or self._now.nudged or screen.keyboard_shown:
            return None
        scroll = beyond(screen, found.element, also_up=self._now.search is not None)
        if scroll is None:
            return None
        self._now.nudged, self._now.search = True, self._now.search or Search()
        return self._detour_by("scroll", scroll, "looked whether the next row goes by the same name")

    def _locate(self, screen: Screen) -> Located:
        assert self.step.target is not None  # asked for only with a target
        return locate(screen, self.step.target.fill(self.values))

    def _on(self, element: Element, found: Found, screen: Screen, at_s: float) -> Command:
        aimed = aim(screen, element)
        if aimed.point is None:
            if screen.keyboard_shown and self._may_detour("keyboard"):
                return self._detour_by("keyboard", PressKey("back"), "the keyboard lay over it and was hidden")
            what = "it lies outside of what is shown"
            if aimed.cover is not None:
                what = f"something of {aimed.cover.package} lies over it"
            return self._wait("target", what, at_s, self.limits.appear_s, found)
        if not element.enabled and self.step.target is not None and self.step.target.enabled:
            return self._wait("target", "it is there, but disabled", at_s, self.limits.appear_s, found)
        reasons = (explain(found),)
        if isinstance(self.step.move, TypeInto) and not element.focused:
            if self._now.focused:
                return self._wait("focus", "the field does not get the focus", at_s, self.limits.settle_s, found)
            self._now.focused = True
            self._now.since_s = None
            return Act(Tap(aimed.point), self.index, self.step, irreversible=False, reasons=reasons)
        return self._act(on_element(self.step.move, aimed.point, element, self.values), reasons, screen, at_s)

    def _act(self, action: Action, reasons: tuple[str, ...], screen: Screen, at_s: float) -> Command:
        irreversible = self.step.side_effect == "irreversible"
        if irreversible and not self._now.allowed:
            return Ask(self.index, self.step, self.says(self.step))
        self._now.acted = True
        self._now.acted_s, self._now.acted_on = at_s, content(screen)
        self._now.since_s = None
        self._now.reasons = reasons
        return Act(action, self.index, self.step, irreversible, reasons)

    # -- what must hold

    def _refused(self, screen: Screen) -> str:
        for check in self.step.before:
            verdict = judge(check, screen, self.values)
            if not verdict.holds:
                return verdict.says
        return self._standing.broken(screen)

    def _missing(self, screen: Screen, now: int, at_s: float) -> str:
        unchanged = now == self._now.acted_on
        missing = missing_effect(self.recipe, self.index, screen, self.values, unchanged=unchanged)
        soon = at_s - self._now.acted_s < self.limits.settle_s
        if missing:
            return self._standing.broken(screen) or missing
        if unchanged and soon and not isinstance(self.step.move, KNOWN_BY_MORE):
            return "nothing has changed yet"
        return ""

    def _elsewhere(self, screen: Screen) -> bool:
        """A key goes to whatever is in front: it has to be the page it was meant for."""
        page = self._page if needs_its_page(self.step.move) else None
        return page is not None and not same_page(page, identity(screen))

    def _advance(self, result: Literal["done", "skipped"], screen: Screen, at_s: float) -> None:
        self._standing.learn(self.step, screen, self.values)
        self.log.append(Progress(self.index, self.step, result, self.says(self.step), self._now.reasons, at_s))
        self.index += 1
        self._page = identity(screen)
        self._crashed = False
        self._now = Attempt(since_s=at_s)

    # -- what comes between

    def _interrupted(self, between: Interruption, screen: Screen, at_s: float) -> Command:
        if between.kind == "call":
            return self._ring(between, at_s)
        if between.kind == "shade":
            return self._clear("shade", PressKey("back"), between.says)
        if between.kind == "permission" and (allow := taught_answer(self.recipe, screen, self.values)):
            point = aim(screen, allow).point
            if point is not None:
                return self._clear("permission", Tap(point), "a permission was answered as in the demonstration")
        return self._press(between, screen)

    def _ring(self, between: Interruption, at_s: float) -> Command:
        self._ringing_s = at_s if self._ringing_s is None else self._ringing_s
        if at_s - self._ringing_s >= self.limits.call_s:
            return self._stop("asked", "screen", f"{between.says}, and it is not ours to answer")
        self._now.since_s = None
        return Rest(self.limits.poll_s)

    def _press(self, between: Interruption, screen: Screen) -> Command:
        point = None if between.button is None else aim(screen, between.button).point
        if point is None or between.kind == "call":
            return self._stop("asked", "screen", f"{between.says}: only the owner can answer that")
        self._crashed = self._crashed or between.kind == "crash"
        return self._clear(between.kind, Tap(point), between.says)

    def _clear(self, kind: DetourKind, action: Action, says: str) -> Command:
        if not self._may_detour(kind):
            return self._stop("stopped", "screen", f"it keeps coming back: {says}")
        return self._detour_by(kind, action, says)

    def _past_popup(self, screen: Screen) -> Command | None:
        """Puts off what an app pushed over the page; not a dialog that the recipe knows."""
        found = popup(screen)
        if found is None or knows(self.recipe, identity(screen)):
            return None
        return self._press(found, screen)

    def _open_up(self, size: Size, screen_on: bool, lock: LockState, at_s: float) -> Command:
        self._now.since_s = None
        self._rest = hash((screen_on, lock))
        if self._waits_for_detour(self._rest, at_s):
            return Rest(self.limits.poll_s)
        if lock == "secure" and screen_on:
            return self._stop("asked", "screen", "the phone is locked with a PIN, a pattern or a password")
        if not screen_on:
            return self._clear("wake", PressKey("wakeup"), "the screen was off and was woken")
        middle = size.width_px // 2
        low, high = Point(middle, size.height_px * 4 // 5, size), Point(middle, size.height_px // 5, size)
        return self._clear("unlock", Swipe(low, high, 0.2), "the lock screen was swiped away")

    # -- ways round

    def _look_for(self, nothing: NotFound, screen: Screen, *, at_rest: bool) -> Command | None:
        """Scrolls on for a target that is not on the shown part of the right page."""
        if not nothing.page.same or self._now.searched:
            return None
        if screen.keyboard_shown:
            if not self._may_detour("keyboard"):
                return None
            return self._detour_by("keyboard", PressKey("back"), "the keyboard may have hidden it and was hidden")
        if not at_rest:
            return Rest(self.limits.poll_s)
        on = scroll_on(self._now.search or Search(), screen, most=self.limits.scrolls)
        if on is None:
            self._now.searched = True
            if self._now.search is not None:
                self._now.tried.append(f"scrolled {self._now.search.scrolls} times, both ways")
            return None
        self._now.search, scroll = on
        return self._detour_by("scroll", scroll, f"scrolled {scroll.direction} to look for it")

    def _await_effect(self, missing: str, screen: Screen, at_s: float, *, at_rest: bool) -> Command:
        way = self._past_popup(screen) or self._reopen()
        if way is None and isinstance(self.step.move, OpenApp) and at_rest:
            way = self._to_the_start(self.step.move, screen, at_s)
        if way is not None:
            return way
        if isinstance(self.step.move, OpenApp) and half_written(screen):
            missing = f"{missing}, and something half written there is left alone: save or discard it, then run again"
        limit_s = self.limits.effect_s
        since_s = at_s if self._now.since_s is None else self._now.since_s
        if self.step.side_effect == "irreversible" and at_s - since_s >= limit_s:
            return self._stop("asked", "after", f"it was done, and what it should lead to is not seen: {missing}")
        return self._wait("after", missing, at_s, limit_s)

    def _reopen(self) -> Command | None:
        """Opens the app again whose crash was reported, once: where it comes up is seen then."""
        opened = [step.move for step in self.recipe.steps[: self.index + 1] if isinstance(step.move, OpenApp)]
        if not self._crashed or not opened or not self._may_detour("reopen"):
            return None
        self._crashed = False
        return self._detour_by("reopen", opened[-1], f"{opened[-1].package} was opened again after it crashed")

    def _to_the_start(self, move: OpenApp, screen: Screen, at_s: float) -> Command | None:
        """The app came up where it was left: back to the page the demonstration began on, or open it once more."""
        if at_s - self._now.acted_s < self.limits.settle_s * (1 + len(self._now.tried)):
            return None
        if screen.package != move.package:
            if not self._may_detour("reopen"):
                return None
            return self._detour_by("reopen", move, f"{move.package} was not in front and was opened again")
        shown = screen.visible_elements()
        if not any(element.flags & ACTIONABLE for element in shown):
            return None  # it is still starting
        if half_written(screen):
            return None  # that is the owner's
        if not self._may_detour("back"):
            return None
        return self._detour_by("back", PressKey("back"), f"{move.package} came up on another page: back")

    def _may_detour(self, kind: DetourKind) -> bool:
        in_all = sum(1 for one in self.detours if one.kind != "scroll")
        return self._now.detours[kind] < self.limits.detours and in_all < self.limits.detours_in_all

    def _detour_by(self, kind: DetourKind, action: Action, says: str) -> Detour:
        detour = Detour(kind, action, self.index, says)
        self.detours.append(detour)
        self._now.detours[kind] += 1
        if kind != "scroll":
            self._now.tried.append(says)
        self._detour = (kind, self._rest, -1.0)
        if kind in DISMISSALS or kind in ("wake", "unlock"):
            self._now.since_s = None
        return detour

    def _waits_for_detour(self, now: int, at_s: float) -> bool:
        """Whether the last detour has still to show: the screen is as it was, and not for long."""
        if self._detour is None:
            return False
        kind, then, since_s = self._detour
        if since_s < 0:
            since_s = at_s
            self._detour = (kind, then, since_s)
        limit_s = self.limits.settle_s if kind == "scroll" else self.limits.again_s
        if now == then and at_s - since_s < limit_s:
            return True
        self._detour = None
        return False

    # -- ends

    def _failed(self, failed: ActFailed) -> Command:
        now = self._now
        if failed.owner or isinstance(self._last, Read):
            return self._stop("asked" if failed.owner else "stopped", "screen", failed.says)
        if isinstance(self._last, Detour):
            self._detour = None
            return Rest(self.limits.poll_s)
        if failed.unclear and self.step.side_effect == "irreversible" and now.acted:
            return self._stop("asked", "after", f"it is not known whether this happened: {failed.says}")
        if failed.again:
            now.acted = now.focused = False
            now.retries += 1
        if (failed.again or failed.unclear) and now.retries <= self.limits.retries:
            now.since_s = failed.at_s if now.since_s is None else now.since_s
            return Rest(self.limits.poll_s)
        return self._stop("stopped", "target", failed.says)

    def _wait(
        self, expected: Expected, says: str, at_s: float, limit_s: float, answer: Located | None = None
    ) -> Command:
        since_s = at_s if self._now.since_s is None else self._now.since_s
        if at_s - since_s < limit_s:
            return Rest(self.limits.poll_s)
        return self._stop("asked" if isinstance(answer, Ambiguous) else "stopped", expected, says, answer)

    def _stop(
        self, outcome: Literal["stopped", "asked"], expected: Expected, says: str, answer: Located | None = None
    ) -> Stop:
        divergence = Divergence(
            self.index,
            self.step,
            expected,
            says,
            self._screen,
            wanted=wanted(self.step, expected, self.values),
            closest=answer.closest if isinstance(answer, NotFound) else None,
            candidates=answer.candidates if isinstance(answer, Ambiguous) else (),
            tried=tuple(self._now.tried),
        )
        return Stop(outcome, f"step {self.index + 1}, {self.says(self.step)!r}: {says}", divergence)
