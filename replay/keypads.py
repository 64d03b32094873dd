"""Keypads that an app draws itself: a dialer's, a calculator's, one for amounts. Which keys a page has, what it shows.

Their digits are buttons like others, so a number keyed in by hand would be remembered as taps on these very digits, and
another number could not be replayed. What makes the taps one text is the page's own word: an element that says, after
each tap, what was keyed in so far (`replay.recorder_keys` looks for it). The same word is what a replay goes by: each
key is tapped only when the page shows all that was keyed in before it, and nothing else. Keys are found by what they
say. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from typing import Final

from perception.element import Element
from perception.screen import Screen
from perception.words import normal, parts
from replay.recipe import KeyIn
from replay.recorder_touch import is_keyboard
from replay.slots import fill

DIGITS: Final = frozenset("0123456789")
KEYS: Final = DIGITS | frozenset("*#+.,")
FORMATTING: Final = frozenset(" -()./,\u2010\u2011\u2012\u2013")  # what apps put between the digits of a number
_DECIMALS: Final = re.compile(r".*\d([.,])\d{1,2}")
_BELOW_ZERO: Final = re.compile(r"\s*([-\u2012\u2013\u2212])\s*\d")
TEXTS_MAX: Final = 8  # a key says its digit and some letters; what says more is a part of the page


def pad_of(screen: Screen) -> Mapping[str, Element]:
    """The keys of the page's own keypad by what they say; empty where not every digit has exactly one.

    Of several things that say the same character, the one of the other keys' form: a display may say "5" too.
    """
    found: dict[str, list[Element]] = {}
    for element in screen.visible_elements():
        is_button = element.clickable and not element.editable and not is_keyboard(element.package)
        if is_button and (key := _says(screen, element)):
            found.setdefault(key, []).append(element)
    forms = {_form(several[0]) for several in found.values() if len(several) == 1}
    keys = {key: [one for one in several if len(several) == 1 or _form(one) in forms] for key, several in found.items()}
    single = {key: several[0] for key, several in keys.items() if len(several) == 1}
    return single if set(single) >= DIGITS else {}


def _form(element: Element) -> tuple[str, int, int]:
    return element.cls, element.bounds.width_px, element.bounds.height_px


def key_of(screen: Screen, element: Element) -> str:
    """What a key of the page's keypad says; "" for everything else."""
    return next((key for key, one in pad_of(screen).items() if one.index == element.index), "")


def keyed_in(said: str, keys: Container[str]) -> str | None:
    """What a text says was keyed in, without an app's formatting; None if it says anything else too."""
    made = ""
    for character in normal(said):
        if character in keys:
            made += character
        elif character not in FORMATTING:
            return None
    return made


def is_same_number(value: str, text: str) -> bool:
    """Whether a value, as people write it, is what was keyed in."""
    said = normal(value)
    return said == text or "".join(one for one in said if one not in FORMATTING) == text


def displays(screen: Screen, keys: Mapping[str, Element]) -> dict[str, str]:
    """What each element that says a number and nothing else says, by its id; keys, and ids that several have, aside."""
    inside = {part.index for key in keys.values() for part in screen.subtree(key)}
    said: dict[str, str] = {}
    doubled: set[str] = set()
    for element in screen.visible_elements():
        if not element.entry or element.index in inside:
            continue
        if element.entry in said:
            doubled.add(element.entry)
        text = "" if element.text == element.hint else element.text
        shown = keyed_in(text or element.description, keys)
        if shown is not None:
            said[element.entry] = shown
    return {entry: shown for entry, shown in said.items() if entry not in doubled}


def text_of(move: KeyIn, values: Mapping[str, str], keys: Container[str]) -> str:
    """The characters to key in; those of the value's own formatting that have no key are left out.

    A decimal mark and a minus are no formatting: 12.50 without its mark would be 1250.
    """
    text = normal(fill(move.text, values))
    decimals = _DECIMALS.fullmatch(text)
    if decimals is not None and text.count(decimals[1]) > 1:
        decimals = None  # 06.12.34.56.78 is a number in groups
    counts = {match.start(1) for match in (decimals, _BELOW_ZERO.match(text)) if match is not None}
    return "".join(one for at, one in enumerate(text) if one in keys or one not in FORMATTING or at in counts)


def shown(move: KeyIn, screen: Screen, keys: Mapping[str, Element]) -> str | None:
    """What the page says was keyed in; None where that is not clear.

    Where no element has the recorded id any more, the one number the page says, if it says one.
    """
    said = displays(screen, keys)
    if move.shows in said:
        return said[move.shows]
    if any(element.entry == move.shows for element in screen.visible_elements()):
        return None
    numbers = [number for number in said.values() if number]
    return (numbers or [""])[0] if len(numbers) < 2 else None


def is_keyed_in(move: KeyIn, screen: Screen, values: Mapping[str, str]) -> bool:
    """Whether the page shows the whole text."""
    keys = pad_of(screen)
    text = text_of(move, values, keys)
    return bool(text) and shown(move, screen, keys) == text


def next_key(move: KeyIn, screen: Screen, values: Mapping[str, str], sent: int) -> tuple[Element, bool] | str:
    """The key to tap after `sent` of them, and whether it is the last; in words, why none is tapped on this screen."""
    keys = pad_of(screen)
    if not keys:
        return "the keypad is not found"
    text = text_of(move, values, keys)
    if missing := next((one for one in text if one not in keys), ""):
        return f"this keypad has no key {missing!r}"
    if sent >= len(text):
        return "there is nothing to key in"
    now, so_far = shown(move, screen, keys), text[:sent] or move.blank
    if now is None:
        return "it is not clear what was keyed in so far"
    if now != so_far:
        return f"{text[:sent]!r} was keyed in, and the page shows {now!r}" if sent else f"{now!r} is keyed in already"
    return keys[text[sent]], sent + 1 == len(text)


def _says(screen: Screen, element: Element) -> str:
    """The one key character that a thing says, among letters or other words ("2 ABC"); "" if there is none."""
    within = screen.subtree(element)[1:]
    said = [text for part in (element, *within) for text in (part.text, part.description) if text]
    if len(said) > TEXTS_MAX or any(part.clickable for part in within):
        return ""
    single = {piece for text in said for piece in (normal(text), *parts(text)) if len(piece) == 1 and piece in KEYS}
    return single.pop() if len(single) == 1 else ""
