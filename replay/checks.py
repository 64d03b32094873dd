"""Checks: predicates on a screen that must hold before or after a step. The trust anchor of replay.

A closed union of small types, each plain data; `judge` says whether one holds on a screen and why. Texts and selectors
may hold slots (`{contact}`); the values of the run are filled in when it is judged, so a check names the *value* that
was chosen and not only the page. Source: AgentRR's check functions (arXiv 2505.17716).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from perception.element import Element
from perception.identity import ScreenIdentity, identity, likeness
from perception.locate import Found, Located, NotFound, locate
from perception.screen import Screen
from perception.selector import Selector
from perception.words import contains, normal
from replay.explain import explain
from replay.slots import fill


@dataclass(frozen=True, slots=True)
class AppIs:
    """The app in front."""

    package: str


@dataclass(frozen=True, slots=True)
class PageIs:
    """The page, whatever it says at the moment."""

    page: ScreenIdentity


@dataclass(frozen=True, slots=True)
class Shown:
    """The element is on the screen, once."""

    target: Selector


@dataclass(frozen=True, slots=True)
class Gone:
    """The element is not on the screen. A cut-off reading proves nothing and does not pass."""

    target: Selector


@dataclass(frozen=True, slots=True)
class Says:
    """Some visible element says this text: nothing else (`whole`), or also among other words. Case and blanks aside.

    `entry` is the resource id (without its package) of the element that said it when it was recorded; where elements
    of that id are on the screen, it has to be one of them: a name in a list is not the name in the header.
    """

    text: str
    entry: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class SwitchIs:
    """The switch, check box or radio button stands like this."""

    target: Selector
    on: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """The page does not look as it did when the step was done: for a tap whose only effect is seen in what it changes.

    Judged against the screen before; where there is none, it holds.
    """


Check: TypeAlias = AppIs | PageIs | Shown | Gone | Says | SwitchIs | Changed


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a check holds, and what was seen."""

    holds: bool
    says: str


def judge(check: Check, screen: Screen, values: Mapping[str, str], *, unchanged: bool = False) -> Verdict:
    """Judges one check on one screen. `unchanged`: it looks as it did before the step.

    Raises:
        SlotUnfilled: a slot it names has no value.
    """
    match check:
        case AppIs(package):
            return _app(package, screen)
        case PageIs(page):
            alike = likeness(page, identity(screen))
            return Verdict(alike.same, f"the page is {'the expected one' if alike.same else 'another'}")
        case Says(text, entry, whole):
            return _says(fill(text, values), entry, screen, whole=whole)
        case Gone(target):
            return _gone(locate(screen, target.fill(values)), screen)
        case Shown(target):
            answer = locate(screen, target.fill(values))
            return Verdict(isinstance(answer, Found), explain(answer))
        case SwitchIs(target, on):
            return _switch(locate(screen, target.fill(values)), on)
        case Changed():
            return Verdict(not unchanged, "nothing has changed" if unchanged else "the screen has changed")
        case _:
            assert_never(check)


def unmet(checks: Iterable[Check], screen: Screen, values: Mapping[str, str]) -> str:
    """Why the first of these checks that does not hold does not; "" if all of them do.

    Raises:
        SlotUnfilled: a slot one of them names has no value.
    """
    verdicts = (judge(check, screen, values) for check in checks)
    return next((verdict.says for verdict in verdicts if not verdict.holds), "")


def _gone(answer: Located, screen: Screen) -> Verdict:
    if not isinstance(answer, NotFound):
        return Verdict(False, "it is still there")
    return Verdict(not screen.truncated, "the reading was cut off" if screen.truncated else "it is gone")


def _switch(answer: Located, on: bool) -> Verdict:
    if not isinstance(answer, Found):
        return Verdict(False, explain(answer))
    return Verdict(answer.element.checked == on, f"it is {'on' if answer.element.checked else 'off'}")


def _app(package: str, screen: Screen) -> Verdict:
    if screen.package:
        return Verdict(screen.package == package, f"the app in front is {screen.package}")
    shown = any(element.package == package for element in screen.visible_elements())
    return Verdict(shown, f"{'elements' if shown else 'no elements'} of {package} are shown")


def says(element: Element, text: str, *, whole: bool) -> bool:
    """Whether an element says this (normalised) text, alone or among other words."""
    said = [normal(one) for one in (element.text, element.description) if one]
    return text in said if whole else any(contains(one, text) for one in said)


def _says(wanted: str, entry: str, screen: Screen, *, whole: bool) -> Verdict:
    needle = normal(wanted)
    visible = screen.visible_elements()
    asked = [element for element in visible if entry and element.entry == entry] or visible
    for element in asked:
        if says(element, needle, whole=whole):
            return Verdict(True, f"{wanted!r} is shown")
    there = next((element.text for element in asked if element.text and element.entry == entry), "")
    return Verdict(False, f"{wanted!r} is not shown" + (f", but {there!r}" if there else ""))
