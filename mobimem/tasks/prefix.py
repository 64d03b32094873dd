"""How a new task begins: with the steps that near known tasks all begin with, while the screen allows them. Pure.

Nothing here decides for the owner. A step of a beginning opens an app or taps an element; it is taken only where the
element is there for sure, stands in the task's apps, holds no switch, and its label neither changes, takes up nor sends
anything. At the first step that does not fit, the beginning is over, and a model decides from the screen as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias, TypeVar

from device.actions import OpenApp
from memory.errors import MemoryFault
from mobimem.errors import MobimemError
from mobimem.tasks.deeds import Did
from mobimem.tasks.forms import Act, Choice
from mobimem.tasks.grounding import Said
from mobimem.tasks.scope import Scope, doubt, refusal
from mobimem.tasks.straying import changes, takes_up
from mobimem.tasks.view import Seen
from perception.element import Element
from perception.locate import Found, locate
from perception.words import filled
from replay.checks import Check, Gone, Says, Shown, SwitchIs
from replay.demonstration import touchable
from replay.distill import Tapped, spoken
from replay.recipe import Move, Step, TapOn
from replay.side_effects import is_for_good

Part = TypeVar("Part", bound=Move | Check)
NO_BEGINNING: Final = "no beginning"  # the topic of a note that says why it could not be looked for
PREFIX: Final = "prefix"  # the topic of a note that says which remembered step a new task begins with


@dataclass(frozen=True, slots=True)
class Beginning:
    """Steps with slots, the values that fill them, and the known tasks that all begin so."""

    steps: tuple[Step, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    tasks: tuple[str, ...] = ()


Begin: TypeAlias = Callable[[str, Collection[str]], Beginning]
"""(words, apps) -> how such a task begins. May raise MemoryFault."""


@dataclass(frozen=True, slots=True)
class Next:
    """A step to replay: what it does on this screen, the step itself, and the choice a model would have made for it."""

    did: Did
    step: Step
    choice: Choice

    def note(self, screen: int, tasks: Collection[str]) -> dict[str, Any]:
        """What the journal says of it."""
        level = "action"
        return {"choice": self.choice.model_dump(), "level": level, "screen": screen, "tasks": list(tasks)}


@dataclass(slots=True)
class Lead:
    """Gives a new task's first steps, one after the other, until one does not fit."""

    begin: Begin
    _known: Beginning | None = None
    _at: int = 0
    _over: bool = False

    @property
    def known(self) -> Beginning:
        return self._known or Beginning()

    def next(self, words: str, scope: Scope, said: Said, seen: Seen, note: Callable[[str, str], None]) -> Next | None:
        """The next step, if this screen allows it; None ends the beginning for good.

        Args:
            note: takes (topic, why) where the memory cannot be asked: a model then decides from the start.
        """
        if self._over:
            return None
        if self._known is None:
            self._known = self._asked_for(words, scope.apps, note)
        found = self._fitting(scope, said, seen) if self._at < len(self._known.steps) else None
        self._at += 1
        self._over = found is None
        return found

    def end(self) -> None:
        """There is no more of it."""
        self._over = True

    def _asked_for(self, words: str, apps: Collection[str], note: Callable[[str, str], None]) -> Beginning:
        try:
            return self.begin(words, apps)
        except (MobimemError, MemoryFault) as fault:
            note(NO_BEGINNING, str(fault))
            return Beginning()

    def _fitting(self, scope: Scope, said: Said, seen: Seen) -> Next | None:
        step = literal(self.known.steps[self._at], self.known.values)
        why = f"so begin {', '.join(self.known.tasks)}"[:500]
        if step.for_good:
            return None
        match step.move:
            case OpenApp(package):
                choice = _choice("open_app", why, app=package)
                return None if refusal(choice, step, seen, scope) else Next(OpenApp(package), step, choice)
            case TapOn(target):
                place = locate(seen.screen, target)
                number = _number(seen, place.element) if isinstance(place, Found) else None
                if not isinstance(place, Found) or number is None or not _leads_on(seen, place.element):
                    return None
                choice = _choice("tap", why, element=number)
                if refusal(choice, step, seen, scope) or doubt(choice, seen, said):
                    return None
                return Next(Tapped(place.element), step, choice)
            case _:
                return None


def _choice(act: Act, why: str, *, element: int | None = None, app: str | None = None) -> Choice:
    return Choice(act=act, element=element, text=None, direction=None, app=app, result=None, why=why)


def literal(step: Step, values: Mapping[str, str]) -> Step:
    """The step with these values in place of its slots: of a task that has none."""
    before, after = (tuple(_in_place(check, values) for check in part) for part in (step.before, step.after))
    return replace(
        step, says=filled(step.says, values), move=_in_place(step.move, values), before=before, after=after
    )  # fmt: skip


def _in_place(part: Part, values: Mapping[str, str]) -> Part:
    if isinstance(part, Says):
        return replace(part, text=filled(part.text, values))
    if isinstance(part, TapOn | Shown | Gone | SwitchIs):
        return replace(part, target=part.target.fill(values))
    return part


def _number(seen: Seen, element: Element) -> int | None:
    """The number of what a tap on the element touches; None if it has none."""
    for number, one in enumerate(seen.numbered, 1):
        if one == element or touchable(seen.screen, one) == element:
            return number
    return None


def _leads_on(seen: Seen, element: Element) -> bool:
    """Whether a tap there only leads on to another page, as far as the element tells."""
    if any(part.checkable or part.editable for part in seen.screen.subtree(element)):
        return False
    name = spoken(seen.screen, element) or element.entry.replace("_", " ")
    final = is_for_good([name], entry=element.entry)
    return not (final or changes(name) or takes_up(name))
