"""What was chosen stays chosen: the values a page said when a step was checked have to stand there at later steps too.

A page of the same build with somebody else's name on it is the right page with the wrong person: a notification that
was touched, an owner who went elsewhere. So the place that said a value is remembered with its page, and looked at
again before each later act on that page. Coming to the page anew forgets what it said before.
What was typed stays typed in the same way: a field that says something else now is another form's. Only what is done
next may change it, as a tap empties a field it sends off, and a field that loses the focus makes a label of its text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perception.element import Element
from perception.identity import ScreenIdentity, identity, same_page
from perception.screen import Screen
from perception.words import normal, same_letters, slots_in
from replay.checks import PageIs, Says, says
from replay.recipe import Step, TypeInto
from replay.slots import fill


@dataclass(frozen=True, slots=True)
class _Fact:
    page: ScreenIdentity
    entry: str
    text: str
    whole: bool
    typed: bool = False

    def kept(self, element: Element) -> bool:
        if not self.typed:
            return says(element, normal(self.text), whole=self.whole)
        held = normal(element.text)
        return held == normal(self.text) or same_letters(held, normal(self.text))


class Standing:
    """The values that stand on the pages of one run."""

    def __init__(self) -> None:
        self._facts: list[_Fact] = []

    def learn(self, step: Step, screen: Screen, values: Mapping[str, str]) -> None:
        """Takes in what a step's checks have just found on the screen."""
        here = identity(screen)
        if isinstance(step.move, TypeInto):  # a field it typed into says something else now
            self._facts = [fact for fact in self._facts if fact.entry != step.move.target.entry]
        self._facts = [fact for fact in self._facts if not self._changed_by(step, fact, screen)]
        if any(isinstance(check, PageIs) for check in step.after):
            self._facts = [fact for fact in self._facts if not same_page(fact.page, here)]
        for check in step.after:
            if isinstance(check, Says) and slots_in(check.text):
                text = fill(check.text, values)
                entry = _only_sayer(screen, check.entry, normal(text), whole=check.whole)
                if entry:
                    self._facts.append(_Fact(here, entry, text, check.whole))
        if isinstance(step.move, TypeInto):
            fact = _Fact(here, step.move.target.entry, fill(step.move.text, values), whole=True, typed=True)
            held = _of_entry(screen, fact.entry) if fact.entry else []
            if len(held) == 1 and held[0].editable and not held[0].password and fact.kept(held[0]):
                self._facts.append(fact)

    def broken(self, screen: Screen, *, touched: bool = False) -> str:
        """What no longer stands on this page, in words; "" if all of it does, or the page has said nothing.

        `touched`: the present step has begun, and may have emptied a field that was typed into before.
        """
        if not self._facts:
            return ""
        here = identity(screen)
        for fact in self._facts:
            said = _of_entry(screen, fact.entry)
            kept = len(said) != 1 or fact.kept(said[0]) or (touched and fact.typed and _is_empty(said[0]))
            if not kept and same_page(fact.page, here):
                return f"{fact.text!r} stood here, and now {(said[0].text or said[0].description)!r} does"
        return ""

    @staticmethod
    def _changed_by(step: Step, fact: _Fact, screen: Screen) -> bool:
        """Whether a step that was done has changed what was typed before: typing elsewhere can only empty it."""
        held = _of_entry(screen, fact.entry) if fact.typed else []
        if len(held) != 1 or fact.kept(held[0]):
            return False
        return not isinstance(step.move, TypeInto) or _is_empty(held[0])


def _is_empty(field: Element) -> bool:
    return field.text in ("", field.hint)


def _only_sayer(screen: Screen, entry: str, text: str, *, whole: bool) -> str:
    """The id of the one element that says it, if the id is the only one of its kind; the recorded id goes first."""
    sayers = [one for one in screen.visible_elements() if says(one, text, whole=whole)]
    sayers = [one for one in sayers if one.entry == entry] or [one for one in sayers if not one.editable]
    if len(sayers) != 1 or not sayers[0].entry or len(_of_entry(screen, sayers[0].entry)) != 1:
        return ""
    return sayers[0].entry


def _of_entry(screen: Screen, entry: str) -> list[Element]:
    return [element for element in screen.visible_elements() if element.entry == entry]
