"""What was chosen stays chosen: the values a page said when a step was checked have to stand there at later steps too.

A page of the same build with somebody else's name on it is the right page with the wrong person: a notification that
was touched, an owner who went elsewhere. So the place that said a value is remembered with its page, and looked at
again before each later act on that page. Coming to the page anew forgets what it said before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perception.element import Element
from perception.identity import ScreenIdentity, identity, same_page
from perception.screen import Screen
from perception.words import normal, slots_in
from replay.checks import PageIs, Says, says
from replay.recipe import Step, TypeInto
from replay.slots import fill


@dataclass(frozen=True, slots=True)
class _Fact:
    page: ScreenIdentity
    entry: str
    text: str
    whole: bool


class Standing:
    """The values that stand on the pages of one run."""

    def __init__(self) -> None:
        self._facts: list[_Fact] = []

    def learn(self, step: Step, screen: Screen, values: Mapping[str, str]) -> None:
        """Takes in what a step's checks have just found on the screen."""
        here = identity(screen)
        if isinstance(step.move, TypeInto):  # a field it typed into says something else now
            self._facts = [fact for fact in self._facts if fact.entry != step.move.target.entry]
        if any(isinstance(check, PageIs) for check in step.after):
            self._facts = [fact for fact in self._facts if not same_page(fact.page, here)]
        for check in step.after:
            if isinstance(check, Says) and slots_in(check.text):
                text = fill(check.text, values)
                entry = _only_sayer(screen, check.entry, normal(text), whole=check.whole)
                if entry:
                    self._facts.append(_Fact(here, entry, text, check.whole))

    def broken(self, screen: Screen) -> str:
        """What no longer stands on this page, in words; "" if all of it does, or the page has said nothing."""
        if not self._facts:
            return ""
        here = identity(screen)
        for fact in self._facts:
            said = _of_entry(screen, fact.entry)
            kept = len(said) != 1 or says(said[0], normal(fact.text), whole=fact.whole)
            if not kept and same_page(fact.page, here):
                return f"{fact.text!r} stood here, and now {(said[0].text or said[0].description)!r} does"
        return ""


def _only_sayer(screen: Screen, entry: str, text: str, *, whole: bool) -> str:
    """The id of the one element that says it, if the id is the only one of its kind; the recorded id goes first."""
    sayers = [one for one in screen.visible_elements() if says(one, text, whole=whole)]
    sayers = [one for one in sayers if one.entry == entry] or [one for one in sayers if not one.editable]
    if len(sayers) != 1 or not sayers[0].entry or len(_of_entry(screen, sayers[0].entry)) != 1:
        return ""
    return sayers[0].entry


def _of_entry(screen: Screen, entry: str) -> list[Element]:
    return [element for element in screen.visible_elements() if element.entry == entry]
