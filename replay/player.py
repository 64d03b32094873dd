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
from typing import Literal, assert_never

from device.actions import OpenApp, Size, Tap
from device.protocol import LockState
from perception.element import Element
from perception.locate import Ambiguous, Found, NotFound
from perception.screen import Screen
from replay.again import once_more
from replay.aiming import aim
from replay.blank_fields import filled_by_others
from replay.commands import (
    Act,
    Acted,
    ActFailed,
    Begin,
    Command,
    Dark,
    Decided,
    Detour,
    Limits,
    Observation,
    Read,
    Rest,
    Rested,
    Saw,
    Stop,
)
from replay.detours import Detours, Way, to_the_start
from replay.effects import holds_already
from replay.explain import explain
from replay.healing import Healer, Mending, Part, with_step
from replay.keypads import next_key
from replay.moving import anywhere, on_element, on_point
from replay.obstacles import Blocked, Obstacles
from replay.pages import half_written
from replay.place import Place
from replay.readout import located, read, unfit
from replay.recipe import KeyIn, ReadOut, Recipe, TypeInto
from replay.scrolling import content
from replay.seeking import hide_keyboard, is_sought, look_further, past_the_fold


class Player(Place):
    """Plays one recipe once. Feed observations to `next`; where the run stands is told as for `Place`.

    Args:
        start: the step to begin at; the ones before it count as done.
        healer: finds again what the strict way does not; None switches healing off.

    Raises:
        SlotMissing: a slot has no value.
    """

    def __init__(
        self,
        recipe: Recipe,
        values: Mapping[str, str],
        *,
        limits: Limits | None = None,
        start: int = 0,
        healer: Healer | None = None,
    ) -> None:
        super().__init__(recipe, values, limits=limits, start=start)
        self._mending = None if healer is None else Mending(healer)
        self._last: Command = Read()
        self._rest: int = 0  # content of the last reading
        self._ways = Detours(self.limits)
        self._obstacles = Obstacles(recipe, self.values, self.limits)

    @property
    def detours(self) -> list[Detour]:
        """What was done so far that is no step's own act."""
        return self._ways.taken

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
        if self._ways.waits(now, at_s):
            return Rest(self.limits.poll_s)
        made = self._now.acted and not isinstance(self.step.move, OpenApp)  # to open an app calls nobody
        if between := self._obstacles.between(screen, self.index, made=made):
            return self._round(self._obstacles.way_round(between, screen, at_s))
        self._obstacles.quiet()
        while True:
            if self._now.since_s is None:
                self._now.since_s = at_s
            if self._now.acted:
                missing = self._missing(screen, now, at_s)
                if missing:
                    return self._await_effect(
                        missing, screen, at_s, unchanged=now == self._now.acted_on, at_rest=at_rest
                    )
                if over := self._past_popup(screen):
                    return over  # that something pushed itself over the page is no effect of the step
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
            way = self._past_popup(screen) or self._mend("before", screen, at_s, at_rest=at_rest)
            return way or self._wait("before", refused, at_s, self.limits.appear_s)
        if isinstance(step.move, KeyIn):
            return self._key_in(step.move, screen, at_s)
        answer = located(step, screen, self.values)
        match answer:
            case None if self._elsewhere(screen):
                says = "another page is in front than the one the last step ended on"
                return self._past_popup(screen) or self._wait("before", says, at_s, self.limits.appear_s)
            case None:
                return self._act(anywhere(step.move, screen), (), screen, at_s)
            case Found() as found:
                return self._at(found, screen, at_s, at_rest=at_rest)
            case Ambiguous() as several:
                way = self._mend("target", screen, at_s, at_rest=at_rest)
                return way or self._wait("target", explain(several), at_s, self.limits.settle_s, answer)
            case NotFound() as nothing:
                says = f"not found: {explain(nothing)}"
                way = self._past_popup(screen)
                if way is None and (self._now.search is None or self._now.searched):
                    way = self._mend("target", screen, at_s, at_rest=at_rest, soon=is_sought(nothing, self._now))
                way = way or self._look_for(nothing, screen, at_rest=at_rest) or self._reopen()
                return way or self._wait("target", says, at_s, self.limits.appear_s, answer)

    def _key_in(self, move: KeyIn, screen: Screen, at_s: float) -> Command:
        """One key more, once the page shows those before it."""
        key = next_key(move, screen, self.values, self._now.keyed)
        if isinstance(key, str):
            return self._past_popup(screen) or self._wait("target", key, at_s, self.limits.appear_s)
        element, is_last = key
        point = aim(screen, element).point
        if point is None:
            return self._wait("target", "something lies over the keypad", at_s, self.limits.appear_s)
        if is_last:
            return self._act(Tap(point), ("by what the keys say",), screen, at_s)
        self._now.keyed += 1
        self._now.since_s = None
        return Act(Tap(point), self.index, self.step, irreversible=False)

    def _at(self, found: Found, screen: Screen, at_s: float, *, at_rest: bool) -> Command:
        reads = isinstance(self.step.move, ReadOut)
        if (reads or self._now.search is not None) and not at_rest:
            return Rest(self.limits.poll_s)  # it has just been scrolled to, and may still move
        if isinstance(self.step.move, ReadOut):
            return self._read_out(self.step.move, found, screen, at_s)
        further = past_the_fold(self.step, found, screen, self._now)
        return (further and self._go(further)) or self._on(found.element, found, screen, at_s)

    def _read_out(self, move: ReadOut, found: Found, screen: Screen, at_s: float) -> Command:
        """Takes a value off the screen."""
        value = read(screen, found)
        if why := unfit(value, move.kind):
            return self._wait("target", why, at_s, self.limits.appear_s, found)
        self.results[move.name] = value
        self._now.reasons = (explain(found),)
        self._advance("done", screen, at_s)
        return self._look(screen, at_s)

    def _mend(self, part: Part, screen: Screen, at_s: float, *, at_rest: bool, soon: bool = False) -> Command | None:
        """Finds again what the strict way refuses on a page at rest, after it had its time (`settle_s`).

        Afterwards the step is what it would have been, had it been recorded here, and the strict way goes on with it.
        With `soon` it is looked at once, and waited for only where something was found: before a search by scrolling.
        """
        waited = self._now.waited_s(at_s) >= self.limits.settle_s
        if self._mending is None or not at_rest or not (waited or soon) or isinstance(self.step.move, ReadOut):
            return None  # of a value, what is nearly the right place says the wrong thing
        look = waited and not soon  # a picture comes last: after the tree, and after the search
        mended = self._mending.told(self.recipe, self.index, part, screen, self.values, content=self._rest, look=look)
        if isinstance(mended, str):
            self._now.unhealed = mended
        if isinstance(mended, str) or not waited:
            return None if isinstance(mended, str) else Rest(self.limits.poll_s)
        self._mending.done()
        self._now.mended = mended.says if part == "target" else self._now.mended
        if mended.point is not None:  # of the picture just taken; after a question another one is taken first
            command = self._act(on_point(self.step.move, mended.point), (mended.says,), screen, at_s)
            self.mended += [mended] * isinstance(command, Act)
            return command
        self.mended.append(mended)
        self.recipe = with_step(self.recipe, self.index, mended.step)
        self._obstacles.revised(self.recipe)
        return Read()

    def _on(self, element: Element, found: Found, screen: Screen, at_s: float) -> Command:
        aimed = aim(screen, element)
        if aimed.point is None:
            if screen.keyboard_shown and (way := self._go(hide_keyboard("the keyboard lay over it and was hidden"))):
                return way
            what = "it lies outside of what is shown"
            if aimed.cover is not None:
                what = f"something of {aimed.cover.package} lies over it"
            return self._wait("target", what, at_s, self.limits.appear_s, found)
        if not element.enabled and self.step.target is not None and self.step.target.enabled:
            return self._wait("target", "it is there, but disabled", at_s, self.limits.appear_s, found)
        reasons = (self._now.mended, explain(found)) if self._now.mended else (explain(found),)
        if isinstance(self.step.move, TypeInto):
            if words := filled_by_others(self.recipe, self.step.move, element, screen, self.values):
                return self._wait("blank", words, at_s, self.limits.appear_s, found)
            if not element.focused:
                return self._focus(Tap(aimed.point), found, at_s)
        self._now.selected = element.selected
        return self._act(on_element(self.step.move, aimed.point, element, self.values), reasons, screen, at_s)

    def _focus(self, tap: Tap, found: Found, at_s: float) -> Command:
        """Taps the field that is to be typed into; once more where nothing came of it, which does no harm."""
        if self._now.focused:
            waits = self._wait("focus", "the field does not get the focus", at_s, self.limits.settle_s, found)
            if not isinstance(waits, Stop) or self._now.again:
                return waits
            self._now.again = "the field was tapped once more: it had not got the focus"
        self._now.focused = True
        self._now.since_s = None
        reasons = (explain(found),)
        return Act(tap, self.index, self.step, irreversible=False, reasons=reasons, again=self._now.again)

    def _advance(self, result: Literal["done", "skipped"], screen: Screen, at_s: float) -> None:
        super()._advance(result, screen, at_s)
        self._obstacles.reopened()

    # -- what comes between

    def _round(self, way: Way | Blocked | Literal["wait"]) -> Command:
        """Round what lies over the page, or an end to the run."""
        match way:
            case Way():
                return self._go(way) or self._stop("stopped", "screen", f"it keeps coming back: {way.says}")
            case Blocked(says):
                return self._stop("asked", "screen", says)
            case _:
                self._now.since_s = None
                return Rest(self.limits.poll_s)

    def _past_popup(self, screen: Screen) -> Command | None:
        way = self._obstacles.past_popup(screen)
        return None if way is None else self._round(way)

    def _open_up(self, size: Size, screen_on: bool, lock: LockState, at_s: float) -> Command:
        self._now.since_s = None
        self._rest = hash((screen_on, lock))
        if self._ways.waits(self._rest, at_s):
            return Rest(self.limits.poll_s)
        return self._round(self._obstacles.open_up(size, screen_on=screen_on, lock=lock))

    # -- ways round

    def _look_for(self, nothing: NotFound, screen: Screen, *, at_rest: bool) -> Command | None:
        """Scrolls on for a target that is not on the shown part of the right page."""
        if not is_sought(nothing, self._now):
            return None
        if screen.keyboard_shown:
            return self._go(hide_keyboard("the keyboard may have hidden it and was hidden"))
        if not at_rest:
            return Rest(self.limits.poll_s)
        further = look_further(screen, self._now, most=self.limits.scrolls)
        return None if further is None else self._go(further)

    def _await_effect(self, missing: str, screen: Screen, at_s: float, *, unchanged: bool, at_rest: bool) -> Command:
        way = self._past_popup(screen) or self._reopen()
        if way is None and isinstance(self.step.move, OpenApp) and at_rest:
            way = self._to_the_start(self.step.move, screen, at_s)
        if way is not None:
            return way
        if not unchanged and (mended := self._mend("after", screen, at_s, at_rest=at_rest)):
            return mended
        why = once_more(self.step, self._now, at_s, self.limits, unchanged=unchanged, at_rest=at_rest)
        if why:
            self._now.begin_again(why, at_s)
            return self._try(screen, at_s, at_rest=at_rest)
        if isinstance(self.step.move, OpenApp) and half_written(screen):
            missing = f"{missing}, and something half written there is left alone: save or discard it, then run again"
        if self.step.for_good and self._now.waited_s(at_s) >= self.limits.effect_s:
            return self._stop("asked", "after", f"it was done, and what it should lead to is not seen: {missing}")
        return self._wait("after", missing, at_s, self.limits.effect_s)

    def _reopen(self) -> Command | None:
        way = self._obstacles.reopen(self.index)
        detour = None if way is None else self._go(way)
        if detour is not None:
            self._obstacles.reopened()
        return detour

    def _to_the_start(self, move: OpenApp, screen: Screen, at_s: float) -> Command | None:
        if at_s - self._now.acted_s < self.limits.settle_s * (1 + len(self._now.tried)):
            return None
        way = to_the_start(move, screen)
        return None if way is None else self._go(way)

    def _go(self, way: Way) -> Detour | None:
        """Goes this way round; None where it was gone too often. Scrolls are bounded by their search."""
        if way.kind != "scroll" and not self._ways.may(way.kind, self._now):
            return None
        return self._ways.take(way, self._now, index=self.index, seen=self._rest)

    # -- ends

    def _failed(self, failed: ActFailed) -> Command:
        now = self._now
        if failed.owner or isinstance(self._last, Read):
            return self._stop("asked" if failed.owner else "stopped", "screen", failed.says)
        if isinstance(self._last, Detour):
            self._ways.failed()
            return Rest(self.limits.poll_s)
        if failed.unclear and self.step.for_good and now.acted:
            return self._stop("asked", "after", f"it is not known whether this happened: {failed.says}")
        if failed.again:
            now.not_sent()
        if (failed.again or failed.unclear) and now.retries <= self.limits.retries:
            now.since_s = failed.at_s if now.since_s is None else now.since_s
            return Rest(self.limits.poll_s)
        return self._stop("stopped", "target", failed.says)
