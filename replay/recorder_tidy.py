"""From all that was done to what a replay has to do: detours that it takes, or avoids, by itself are left out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from device.actions import OpenApp, PressKey
from perception.element import Element
from perception.features import features
from perception.identity import identity, same_page
from perception.screen import Screen
from replay.distill import Done, Held, Scrolled, Tapped, Typed
from replay.recorder_effect import is_launcher
from replay.recorder_keys import join_keys
from replay.recorder_typing import field_again

_ASKING = ("permissioncontroller", "packageinstaller")  # who shows Android's permission requests
_LEAVING = (PressKey("home"), PressKey("recent"))


def tidy(done: Sequence[Done], *, launchers: frozenset[str] = frozenset()) -> tuple[Done, ...]:
    """The steps that matter, in order.

    Left out are: the way to an app's icon (the app is opened by name), closing the keyboard, the tap that puts the
    focus into a field typed into next, scrolling to something tapped next (replay seeks it), and going home at the end.
    Texts typed into one field in a row are one, and so are digits keyed in on a keypad that shows them.
    """
    kept: list[Done] = []
    for index, one in enumerate(done):
        if _closes_keyboard(one):
            continue
        match one.did:
            case OpenApp():
                while kept and (kept[-1].did in _LEAVING or is_launcher(kept[-1].before.package, launchers)):
                    kept.pop()
                kept.append(_opened(one, done[index + 1 :]))
            case Typed(element):
                kept.append(_typed(kept, one, element))
            case Tapped(element) | Held(element):
                while kept and _leads_to(kept[-1], one, element):
                    kept.pop()
                kept.append(one)
            case _:
                kept.append(one)
    while kept and (kept[-1].did in _LEAVING or is_launcher(kept[-1].before.package, launchers)):
        if isinstance(kept[-1].did, OpenApp):
            break
        kept.pop()
    return join_keys(kept)


def _opened(one: Done, later: Sequence[Done]) -> Done:
    """The app that was opened. Where a request of the system came up first, the app is the one that came behind it."""
    if not _is_system(one.after.package):
        return one
    package = next((next_.before.package for next_ in later if not _is_system(next_.before.package)), "")
    return replace(one, did=OpenApp(package)) if package else one


def _is_system(package: str) -> bool:
    return package in ("android", "com.android.systemui") or any(word in package for word in _ASKING)


def _closes_keyboard(one: Done) -> bool:
    if one.did != PressKey("back") or not one.before.keyboard_shown or one.after.keyboard_shown:
        return False
    return same_page(identity(one.before), identity(one.after))


def _typed(kept: list[Done], one: Done, element: Element) -> Done:
    """The typing together with what led to it: the tap on its field, or typing into it before."""
    while kept:
        last = kept[-1]
        earlier = last.did.element if isinstance(last.did, Tapped | Typed) else None
        if earlier is None or not earlier.editable or not _same_field(last.before, earlier, one.before, element):
            return one
        kept.pop()
        assert isinstance(one.did, Typed)
        one = replace(one, before=last.before, did=Typed(earlier, one.did.text))
        element = earlier
    return one


def _same_field(then: Screen, earlier: Element, now: Screen, element: Element) -> bool:
    return field_again(now, then, earlier) is element and same_page(identity(then), identity(now))


def _leads_to(last: Done, one: Done, element: Element) -> bool:
    """Whether the last thing done was scrolling the list that the element lies in, on the same page."""
    if not isinstance(last.did, Scrolled) or last.did.element is None:
        return False
    if not features(one.before).in_flow(element):
        return False
    scroller = last.did.element
    around = [above for above in one.before.ancestors(element) if above.scrollable]
    return any(above.cls == scroller.cls and above.resource_id == scroller.resource_id for above in around)
