"""Where a replay stands in its recipe, what must hold there, and the ways to leave a step: act, wait, go on, stop.

The part of the player that decides nothing about a screen: it holds the state of the run, judges the checks of the
step it is at, and makes the commands that `replay.player` has decided on. Pure, as the player is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from device.actions import Action
from perception.identity import ScreenIdentity, identity, same_page
from perception.locate import Ambiguous, Located
from perception.screen import Screen
from replay.checks import unmet
from replay.commands import Act, Ask, Command, Expected, Limits, Progress, Rest, Stop
from replay.effects import may_still_come, missing_effect, unseen
from replay.healing import Mended
from replay.moving import needs_its_page
from replay.progress import Attempt
from replay.recipe import Recipe, Step
from replay.scrolling import content
from replay.slots import fill
from replay.standing import Standing


class Place:
    """The state of one run of a recipe.

    `index` is the step it is at, `log` what has happened so far, `results` what its steps read off the screen, by name,
    `mended` what healing found; `recipe` has the steps as they are then.

    Raises:
        SlotMissing: a slot has no value.
    """

    def __init__(self, recipe: Recipe, values: Mapping[str, str], *, limits: Limits | None, start: int) -> None:
        recipe.require(values)
        self.recipe = recipe
        self.values = dict(values)
        self.limits = limits or Limits()
        self.index = start
        self.log: list[Progress] = []
        self.mended: list[Mended] = []
        self.results: dict[str, str] = {}
        self._now = Attempt()
        self._standing = Standing()
        self._screen: Screen | None = None
        self._page: ScreenIdentity | None = None  # the page the last step ended on

    @property
    def step(self) -> Step:
        """The step it is at. Only while there is one left."""
        return self.recipe.steps[self.index]

    def says(self, step: Step) -> str:
        """The step in words, with this run's values."""
        return fill(step.says, self.values)

    # -- what must hold

    def _refused(self, screen: Screen) -> str:
        return unmet(self.step.before, screen, self.values) or self._standing.broken(screen, touched=self._now.focused)

    def _missing(self, screen: Screen, now: int, at_s: float) -> str:
        unchanged = now == self._now.acted_on
        if missing := unseen(self.recipe, self.index, screen, self.values, self._now, unchanged=unchanged):
            return self._standing.broken(screen) or missing
        soon = at_s - self._now.acted_s < self.limits.settle_s
        return may_still_come(self.step, self._now, unchanged=unchanged, soon=soon)

    def _elsewhere(self, screen: Screen) -> bool:
        """A key goes to whatever is in front: it has to be the page it was meant for."""
        page = self._page if needs_its_page(self.step.move) else None
        return page is not None and not same_page(page, identity(screen))

    # -- the ways to leave a step

    def _act(self, action: Action, reasons: tuple[str, ...], screen: Screen, at_s: float) -> Command:
        irreversible = self.step.for_good
        if irreversible and not self._now.allowed:
            return Ask(self.index, self.step, self.says(self.step), self._now.mended)
        self._now.acted = True
        self._now.acted_s, self._now.acted_on = at_s, content(screen)
        self._now.held = not missing_effect(self.recipe, self.index, screen, self.values, unchanged=True)
        self._now.since_s = None
        again, self._now.between = self._now.again, ""
        self._now.reasons = (again, *reasons) if again else reasons
        told = self._now.focused  # with the tap that gave the focus
        return Act(action, self.index, self.step, irreversible, self._now.reasons, "" if told else again)

    def _advance(self, result: Literal["done", "skipped"], screen: Screen, at_s: float) -> None:
        self._standing.learn(self.step, screen, self.values)
        self.log.append(Progress(self.index, self.step, result, self.says(self.step), self._now.reasons, at_s))
        self.index += 1
        self._page = identity(screen)
        self._now = Attempt(since_s=at_s)

    def _wait(
        self, expected: Expected, says: str, at_s: float, limit_s: float, answer: Located | None = None
    ) -> Command:
        if self._now.waited_s(at_s) < limit_s:
            return Rest(self.limits.poll_s)
        asks = isinstance(answer, Ambiguous) or expected == "blank"
        return self._stop("asked" if asks else "stopped", expected, says, answer)

    def _stop(
        self, outcome: Literal["stopped", "asked"], expected: Expected, says: str, answer: Located | None = None
    ) -> Stop:
        divergence = self._now.diverged(
            self.index, self.step, expected, says, screen=self._screen, values=self.values, answer=answer
        )
        return Stop(outcome, f"step {self.index + 1}, {self.says(self.step)!r}: {says}", divergence)
