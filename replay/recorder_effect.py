"""What a gesture did, by the screens before and after it: a step, nothing worth keeping, or something unnamed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from device.actions import Direction, OpenApp, PressKey
from perception.element import Element
from perception.features import features
from perception.identity import identity, page_windows, same_page
from perception.screen import Screen
from perception.words import has_letters
from replay.distill import Done, Held, Scrolled, Tapped
from replay.gestures import Deed, HoldAt, SwipeAlong
from replay.recorder_keys import NOT_SHOWN, asks_for_secret, hides_what_is_keyed
from replay.recorder_touch import KeyboardKey, Nothing, Under, scroller_at, switch_in, system_swipe

LAUNCHER_WORDS: Final = ("launcher", "trebuchet", ".home", "homescreen")
_TROUBLE: Final = ("aerr_restart", "aerr_close", "aerr_wait")  # the buttons of "keeps stopping", "isn't responding"
_REVEALS: Final[dict[Direction, Direction]] = {"up": "down", "down": "up", "left": "right", "right": "left"}


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing came of it, or nothing that belongs to the task; `why` is worth a note if it says something."""

    why: str


@dataclass(frozen=True, slots=True)
class Unnamed:
    """Something came of it that no step can say. `secret`: where it was touched would tell what was entered."""

    why: str
    secret: bool = False


Effect: TypeAlias = Done | Ignored | Unnamed


def effect_of(
    deed: Deed, before: Screen, target: Under, after: Screen, times: int, *, launchers: frozenset[str] = frozenset()
) -> Effect:
    """What this gesture on `target`, made on `before`, has led to when `after` is on the screen."""
    changed = content_key(before) != content_key(after)
    if isinstance(deed, SwipeAlong):
        return _swiped(deed, before, after, changed=changed)
    if is_launcher(before.package, launchers) and not is_launcher(after.package, launchers):
        if isinstance(target, Element):
            return Done(before, OpenApp(after.package), after, called=_name(before, target))
        if target == PressKey("back"):
            return Ignored("")
    match target:
        case PressKey():
            return Done(before, target, after) if changed or target.key != "back" else Ignored("")
        case Nothing(why):
            return Unnamed(why, secret=asks_for_secret(before)) if changed else Ignored("")
        case KeyboardKey():
            return Ignored("")
        case Element():
            return _touched(deed, before, target, after, times, changed=changed)


def _touched(deed: Deed, before: Screen, target: Element, after: Screen, times: int, *, changed: bool) -> Effect:
    if not (changed or target.clickable or target.long_clickable or target.checkable):
        return Ignored("")
    if hides_what_is_keyed(before, target, after):
        return Unnamed(NOT_SHOWN, secret=True)
    if isinstance(deed, HoldAt):
        return Done(before, Held(target, round(deed.ended_s - deed.started_s, 2)), after)
    return Done(before, Tapped(_switched(before, target, after) or target, times), after)


def is_launcher(package: str, launchers: frozenset[str] = frozenset()) -> bool:
    """Whether this package is a home screen: one of `launchers`, or called like one."""
    return package in launchers or any(word in package.lower() for word in LAUNCHER_WORDS)


def is_interruption(screen: Screen) -> bool:
    """Trouble of an app that the system tells of: it stands in the way and is no part of any task."""
    return any(element.entry in _TROUBLE and element.visible for element in screen.elements)


def rest_key(screen: Screen) -> int:
    """Equal for two readings of a page at rest: everything but numbers and times, which run by themselves."""
    return hash(tuple(_content(screen, numbers=False)))


def content_key(screen: Screen) -> int:
    """Equal where nothing of the page has changed; the system's bars aside."""
    return hash(tuple(_content(screen, numbers=True)))


def _content(screen: Screen, *, numbers: bool) -> list[object]:
    derived = features(screen)
    found: list[object] = [screen.package, screen.activity, screen.size, screen.keyboard_shown]
    for root in page_windows(screen)[1]:
        for element in screen.elements[root : screen.elements[root].end]:
            said = derived.saying(element.index)
            text = said if numbers or has_letters(said) else ""
            found.append((element.cls, element.resource_id, element.bounds, element.flags, text))
    return found


def _swiped(deed: SwipeAlong, before: Screen, after: Screen, *, changed: bool) -> Effect:
    if not changed:
        return Ignored("")
    if key := system_swipe(before, deed.path):
        return Done(before, key, after)
    scroller = scroller_at(before, *deed.path[0])
    if is_launcher(before.package):
        return Done(before, Scrolled(_REVEALS[deed.direction], scroller), after)
    if scroller is None:
        return Unnamed("this swipe moved nothing that can be scrolled")
    if not same_page(identity(before), identity(after)) and deed.direction in ("up", "down"):
        return Unnamed("this swipe led to another page; only scrolling is recorded")
    return Done(before, Scrolled(_REVEALS[deed.direction], scroller), after)


def _switched(before: Screen, target: Element, after: Screen) -> Element | None:
    """The switch inside what was tapped, if that is what the tap turned."""
    switch = None if target.checkable else switch_in(before, target)
    if switch is None or not same_page(identity(before), identity(after)):
        return None
    trail, derived = features(before).trail(switch), features(after)
    now = next((one for one in after.elements if one.checkable and derived.trail(one) == trail), None)
    return switch if now is not None and now.checked != switch.checked else None


def _name(screen: Screen, element: Element) -> str:
    return features(screen).spoken_name(element)
