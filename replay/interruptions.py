"""What came between the player and the app, and what may be done about it. Pure; the lists are `interruptions.json`.

| kind | what is done |
|---|---|
| permission | denied: what was not granted can be granted later. Allowed only where the demonstration allowed it |
| popup | "Not now", "Later", or the cross of something that advertises; never another button |
| crash | its dialog is closed; not_responding: the app is given time ("Wait"), never ended |
| call | nothing: it is the owner's to answer; waited for, for a while. One that a step has just made is its effect |
| shade | back |

Everything else that stands in the way is not ours to answer: the player stops and says what it saw. Nothing here is
irreversible, and whether a screen is one that the recipe itself goes through is the player's to say.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final, Literal

from perception.element import Element
from perception.features import features
from perception.identity import ScreenIdentity, identity
from perception.screen import Screen
from perception.words import normal

Kind = Literal["permission", "popup", "crash", "not_responding", "call", "shade"]
DIALOG_MAX: Final = 0.9  # of the screen's area: a window that covers more is a page, not something over one
SHADE_MIN: Final = 0.25  # of the screen's area: below it, the system's window is a bar


@dataclass(frozen=True, slots=True)
class Interruption:
    """`button` is what gets it out of the way; None: a key does (shade), or nothing that is ours to do."""

    kind: Kind
    says: str
    button: Element | None


def interruption(screen: Screen) -> Interruption | None:
    """The system's windows over the app: permission request, crash, not responding, call, shade. None if none is."""
    lists = _lists()
    visible = screen.visible_elements()
    return (
        _permission(screen, visible, lists["permission"])
        or _trouble(visible, lists["trouble"])
        or _call(screen, visible, lists["call"])
        or _shade(screen, visible, lists["shade"])
    )


def is_made_here(screen: Screen) -> bool:
    """Whether a call is in front that goes on, and does not ask to be answered."""
    lists, visible = _lists()["call"], screen.visible_elements()
    return _call(screen, visible, lists) is not None and not any(one.entry in lists["ringing_ids"] for one in visible)


def popup(screen: Screen) -> Interruption | None:
    """A dialog of an app that asks to be put off, with the button that does it; None if it is no such dialog."""
    if not _is_dialog(screen):
        return None
    lists = _lists()["popup"]
    window = screen.subtree(screen.elements[screen.roots[0]])
    says = [normal(text) for element in window for text in (element.text, element.description) if text]
    title = next((element.text for element in window if len(element.text) > 2), "a pop-up")
    later = _words(lists["dismiss_words"])
    buttons = [element for element in window if element.visible and element.clickable and element.enabled]
    for element in buttons:
        if element.entry in lists["dismiss_ids"] or _label(screen, element) in later:
            return Interruption("popup", f"{title!r} was put off", element)
    if any(word in text for text in says for word in _words(lists["promotes"])):
        closes = _words(lists["close_words"])
        for element in buttons:
            if _label(screen, element) in closes:
                return Interruption("popup", f"{title!r} was closed", element)
    return None


def is_permission_page(page: ScreenIdentity) -> bool:
    """Whether a recorded page is the system's permission request."""
    return page.package in _lists()["permission"]["packages"]


def same_request(page: ScreenIdentity, screen: Screen) -> bool:
    """Whether the screen shows the very request that was recorded: every word of it, so the same app and permission."""
    here = identity(screen)
    return is_permission_page(page) and is_permission_page(here) and page.texts.all == here.texts.all


def _permission(screen: Screen, visible: Iterable[Element], lists: Mapping[str, Any]) -> Interruption | None:
    ours = [element for element in visible if element.package in lists["packages"]]
    if not any(element.entry in lists["dialog_ids"] or element.entry in lists["deny_ids"] for element in ours):
        return None
    asks = next((element.text for element in ours if len(element.text) > 12), "a permission was asked for")
    deny = next((element for element in ours if element.entry in lists["deny_ids"] and element.enabled), None)
    return Interruption("permission", f"{asks!r} was denied" if deny else asks, deny)


def _trouble(visible: Iterable[Element], lists: Mapping[str, Any]) -> Interruption | None:
    ours = [element for element in visible if element.package in lists["packages"]]
    title = next((element.text for element in ours if element.entry == "alertTitle"), "an app is in trouble")
    if wait := next((element for element in ours if element.entry in lists["wait_ids"]), None):
        return Interruption("not_responding", f"{title!r}: it was given time", wait)
    if close := next((element for element in ours if element.entry in lists["close_ids"]), None):
        return Interruption("crash", f"{title!r}: the dialog was closed", close)
    return None


def _call(screen: Screen, visible: Iterable[Element], lists: Mapping[str, Any]) -> Interruption | None:
    if screen.package not in lists["packages"]:
        return None
    there = {element.entry for element in visible if element.package in lists["packages"]}
    in_call = any(word in screen.activity.lower() for word in lists["activity_words"])
    if in_call and not there.isdisjoint(lists["ids"]):
        return Interruption("call", "a phone call is in front", None)
    return None


def _shade(screen: Screen, visible: Iterable[Element], lists: Mapping[str, Any]) -> Interruption | None:
    least = SHADE_MIN * screen.size.width_px * screen.size.height_px
    for index in screen.roots:
        root = screen.elements[index]
        if root.package in lists["packages"] and root.bounds.area_px >= least:
            window = screen.subtree(root)
            if any(element.entry in lists["ids"] and element.visible for element in window):
                return Interruption("shade", "the notification shade was closed", None)
    return None


def _is_dialog(screen: Screen) -> bool:
    front = screen.elements[screen.roots[0]]
    area = screen.size.width_px * screen.size.height_px
    return front.bounds.area_px < DIALOG_MAX * area or bool(identity(screen).over)


def _label(screen: Screen, element: Element) -> str:
    return features(screen).name(element)


@cache
def _lists() -> dict[str, Any]:
    text = (resources.files("replay") / "interruptions.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


def _words(by_language: Mapping[str, list[str]]) -> frozenset[str]:
    return frozenset(normal(word) for words in by_language.values() for word in words)
