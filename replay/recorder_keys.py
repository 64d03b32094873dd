"""Taps on a keypad that an app draws itself, as the teacher's hand makes them: one text, or nothing that is kept. Pure.

Taps on digits in a row are one text where an element of the page said, after each, what was keyed in so far. A keypad
that says it nowhere is taken for one that asks for a PIN: nothing of what is tapped there may reach the disk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from perception.element import Element
from perception.identity import identity, same_page
from perception.screen import Screen
from replay.distill import Done, Keyed, Tapped
from replay.keypads import DIGITS, displays, key_of, keyed_in, pad_of

HIDDEN: Final = frozenset("\u2022\u25cf\u2217\u26ab\u00b7*")  # what stands for a character not shown
LENGTH_MIN: Final = 2  # one digit alone may be chosen in many ways: a day, a rating
NOT_SHOWN: Final = "this keypad does not show what is keyed in, so it may be a PIN: nothing of it is recorded"


def hides_what_is_keyed(before: Screen, target: Element, after: Screen) -> bool:
    """Whether a digit was tapped that the page does not show afterwards: one of a PIN, as far as anyone can tell."""
    key = key_of(before, target)
    if key not in DIGITS:
        return False
    again = next((one for one in after.elements if one.bounds == target.bounds and one.cls == target.cls), None)
    if again is not None and (again.selected or again.checked) and not (target.selected or target.checked):
        return False  # a choice among digits
    keys = pad_of(before)
    inside = {part.bounds for one in keys.values() for part in before.subtree(one)}
    return not any(
        (keyed_in(element.text or element.description, keys) or "").endswith(key)
        for element in after.visible_elements()
        if element.bounds not in inside
    )


def asks_for_secret(screen: Screen) -> bool:
    """Whether a page takes a password, or shows characters without naming them: places touched there may tell them."""
    return any(
        element.password or (element.text not in ("", "*") and set(element.text) <= HIDDEN)
        for element in screen.visible_elements()
    )


def join_keys(done: Sequence[Done]) -> tuple[Done, ...]:
    """The same, with taps on a keypad's digits in a row as one text, wherever the page says what was keyed in."""
    made: list[Done] = []
    at = 0
    while at < len(done):
        joined, taken = _joined(done[at:])
        made.append(joined)
        at += taken
    return tuple(made)


def _joined(done: Sequence[Done]) -> tuple[Done, int]:
    """The first thing done, or what the first taps come to; and how many they are."""
    first = done[0]
    run: list[tuple[Done, str]] = []
    for one in done:
        key = key_of(one.before, one.did.element) if isinstance(one.did, Tapped) else ""
        if not key or not same_page(identity(one.before), identity(first.before)):
            break
        assert isinstance(one.did, Tapped)
        run.append((one, key * one.did.times))
    keys = pad_of(first.before) if len(run) > 1 or (run and len(run[0][1]) > 1) else {}
    for length in range(len(run) if keys else 0, 0, -1):
        taps = run[:length]
        text = "".join(key for _, key in taps)
        shown = _display(taps, keys) if len(text) >= LENGTH_MIN else None
        if shown is not None:
            return replace(first, did=Keyed(text, *shown), after=taps[-1][0].after), length
    return first, 1


def _display(taps: Sequence[tuple[Done, str]], keys: Mapping[str, Element]) -> tuple[str, str] | None:
    """The id of the element that said after each tap what was keyed in so far, and what it said before the first."""
    first = displays(taps[0][0].before, keys)
    seen = [displays(one.before, keys) for one, _ in taps[1:]] + [displays(taps[-1][0].after, keys)]
    texts = ["".join(key for _, key in taps[: number + 1]) for number in range(len(taps))]
    for entry in seen[-1]:
        blank = first.get(entry, "")
        if blank in ("", "0") and [one.get(entry) for one in seen] == texts:
            return entry, blank
    return None
