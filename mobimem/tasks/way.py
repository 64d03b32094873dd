"""What one task has done so far: kept while it runs, and told again from the journals of runs that were cut off.

Whoever does it (`mobimem.tasks.agent`) and whoever reads what was done (`mobimem.tasks.past`) take in the same events
here, so that both come to the same way. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from device.actions import OpenApp, PressKey
from mobimem.tasks.deeds import Did
from mobimem.tasks.page import page_of
from mobimem.tasks.resuming import Carried
from mobimem.tasks.scope import NOT_FINAL, UNWANTED
from perception.features import features
from perception.identity import identity, same_page
from perception.screen import Screen
from replay.distill import Done, Held, Keyed, Tapped, Typed
from replay.recipe import Step


@dataclass(slots=True)
class Way:
    """The way of one task.

    `path` is what was done, in order: the index of a remembered step, or a decided thing; `for_good` says of each
    decided thing in it whether it is irreversible. `steps` are the decided ones, also those that could not be done.
    `whole`: nothing else was done. `answers` are the model's questions and what the owner said. `begun` is the last
    decided step, done, of which nothing was seen yet. `missed` is the remembered step that did not fit, and whether it
    was done; `decided_since`: something was decided and done after it.
    """

    path: list[int | Done] = field(default_factory=list)
    for_good: list[bool] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    whole: bool = True
    answers: list[tuple[str, str]] = field(default_factory=list)
    carried: Carried = field(default_factory=Carried)
    begun: tuple[Screen, Did, Step] | None = None
    missed: tuple[int, bool] = (0, False)
    decided_since: bool = False

    @property
    def next(self) -> int:
        """The first remembered step that is not known to be done."""
        return max((one for one in self.path if isinstance(one, int)), default=-1) + 1

    @property
    def decided(self) -> list[Done]:
        """What was decided and done, without the remembered steps."""
        return [one for one in self.path if isinstance(one, Done)]

    def miss(self, index: int, *, done: bool) -> None:
        """A remembered step does not fit. `done`: it was done, and its effect is not seen."""
        self.missed, self.decided_since = (index, done), False
        self.whole = self.whole and not done

    def did(self, did: Did, step: Step, screen: Screen, values: Mapping[str, str]) -> None:
        """A decided step was done on this screen; what came of it is not seen yet."""
        self.whole = self.whole and not (step.for_good and self._takes_over(screen))
        self.begun, self.decided_since = (screen, did, step), True
        self.carried.take(did, screen, values, for_good=step.for_good)

    def _takes_over(self, screen: Screen) -> bool:
        """Whether what is done for good here rests on what was there before the task: nothing of its words was typed or
        chosen on the way, and fields hold something, or nothing led here at all. As a recipe it would do the same to
        whatever page is open then."""
        if any(isinstance(one, int) for one in self.path) or any(map(_carries, self.here())):
            return False
        return not self.path or bool(page_of(screen).held)

    def seen(self, screen: Screen) -> None:
        """This screen is what came of the last decided step, if nothing of it was seen yet."""
        if self.begun is not None:
            before, did, step = self.begun
            self.add(Done(before, did, screen), for_good=step.for_good)
            self.begun = None

    def add(self, done: Done, *, for_good: bool) -> None:
        """Takes in one decided thing with what came of it."""
        self.path.append(done)
        self.for_good.append(for_good)

    def refused(self, why: str) -> None:
        """A choice was not carried out. A way on which the owner said no is not one to learn."""
        self.whole = self.whole and why not in (UNWANTED, NOT_FINAL)

    def here(self) -> list[Done]:
        """What led to where it stands now: what was done on a page that was left again by going back is none of it."""
        way: list[Done] = []
        for one in self.decided:
            back = isinstance(one.did, OpenApp) or one.did == PressKey("back")
            page = identity(one.after)
            start = next(
                (at for at, each in enumerate(way) if back and same_page(identity(each.before), page)), len(way)
            )
            way = [*way[:start], one] if start == len(way) else way[:start]
        return way


def _carries(one: Done) -> bool:
    """Whether it typed a text, or chose from a list."""
    if isinstance(one.did, Tapped | Held):
        return features(one.before).in_flow(one.did.element)
    return isinstance(one.did, Typed | Keyed)
