"""Typing, told by the field: what it said before the first key and what it says at rest afterwards. Pure.

A burst of keys on the soft keyboard is one text. The key that ends the input (enter, search, send) is a step of its own
where it does something; then the field's text must have been seen at rest just before it, or nobody knows it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from device.actions import PressKey
from perception.element import Element
from perception.features import features
from perception.identity import identity, same_page
from perception.screen import Screen
from replay.distill import Done, Typed
from replay.recorder_effect import content_key
from replay.recorder_touch import KeyboardKey, focused_field

LOST: Final = "the field was gone before its text could be read; pause for a moment before the key that sends it"


@dataclass(slots=True)
class Typing:
    """Typing that goes on: the screen it began on, its field there, and what has been seen since."""

    before: Screen
    element: Element
    keys: int = 0
    seen: Screen | None = None  # the last screen at rest that has the field
    since_seen: list[KeyboardKey] = field(default_factory=list)  # the keys after that screen

    @property
    def known(self) -> Screen:
        """The last screen at rest that has the field."""
        return self.seen or self.before

    def pressed(self, key: KeyboardKey) -> None:
        """One more key of the keyboard was tapped."""
        self.keys += 1
        self.since_seen.append(key)

    def seen_at(self, now: Screen) -> None:
        """The screen at rest; where it still has the field, the keys so far are in what the field says."""
        if self.again(now) is not None:
            self.seen, self.since_seen = now, []

    def again(self, now: Screen) -> Element | None:
        """The field that is typed into, on this screen; None if it is not there."""
        return field_again(now, self.before, self.element)

    def goes_on(self, now: Screen) -> bool:
        """Whether the next key would go into the same field, and no key has ended the input."""
        again = self.again(now)
        return again is not None and again.focused and not self.enter_acted(now)

    def enter_acted(self, now: Screen) -> bool:
        """Whether a key that may end the input was pressed since the text was last seen, and has ended it."""
        if all(key.enter is False for key in self.since_seen):
            return False
        again, then = self.again(now), self.again(self.known)
        if again is None or then is None or not same_page(identity(self.known), identity(now)):
            return True
        text, said, last = text_of(again), text_of(then), self.since_seen[-1]
        if len(self.since_seen) == 1:
            sent = bool(said) and not text.startswith(said)
            return last.enter is True and sent and not again.password
        lines = sum(key.enter is True for key in self.since_seen[:-1])
        if lines > text.count("\n"):
            return True  # it was no new line; what stood before it is gone
        changed = content_key(self.known) != content_key(now)
        return not text and changed and last.enter is not False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What typing came to: the things done, or why it is unclear what was done."""

    done: tuple[Done, ...] = ()
    unclear: str = ""


def typed(typing: Typing, now: Screen) -> Outcome:
    """What typing came to, when it has ended and `now` is on the screen."""
    if typing.enter_acted(now):
        return _entered(typing, now)
    again = typing.again(now)
    if again is None:
        if typing.seen is None or typing.since_seen:
            return Outcome(unclear=LOST)
        return Outcome(_text(typing, typing.seen))
    return Outcome(_text(typing, now))


def _entered(typing: Typing, now: Screen) -> Outcome:
    if len(typing.since_seen) > 1:
        return Outcome(unclear=LOST)
    known = typing.known
    return Outcome((*_text(typing, known), Done(known, PressKey("enter"), now)))


def _text(typing: Typing, now: Screen) -> tuple[Done, ...]:
    again = typing.again(now)
    assert again is not None
    if typing.element.password:
        touched = typing.keys > 0 or text_of(again) != text_of(typing.element)
        return (Done(typing.before, Typed(typing.element, ""), now),) if touched else ()
    if text_of(again) == text_of(typing.element):
        return ()
    return (Done(typing.before, Typed(typing.element, text_of(again)), now),)


def text_of(element: Element) -> str:
    """What a field holds; its hint, which dumps give as its text, is nothing."""
    return "" if element.text == element.hint else element.text


def field_again(now: Screen, then: Screen, element: Element) -> Element | None:
    """The field of an earlier screen on this one: the same id, single; else the same way down the tree."""
    if element.package != now.package and now.package and then.package != now.package:
        return None
    fields = [one for one in now.elements if one.editable and one.resource_id == element.resource_id]
    if element.resource_id and len(fields) == 1:
        return fields[0]
    trail = features(then).trail(element)
    same = [one for one in fields if features(now).trail(one) == trail]
    if same:
        return same[0]
    focused = focused_field(now)
    return focused if element.focused and focused in fields and len(fields) == 1 else None
