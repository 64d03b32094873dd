"""What a task of `mobimem eval drift` is, and short words for showing one by a scripted finger.

Each task is shown once on one phone and replayed on others. `change` says, in terms of the phone's own tables, settings
and documents, what the asked task changes; it knows nothing of recipes, selectors or checks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from device.actions import PressKey
from device.virtual.phone import VirtualPhone
from perception.element import Element
from perception.words import normal
from replay.demonstration import Demonstration
from replay.errors import ReplayError

Values = Mapping[str, str]
Row = dict[str, Any]
Show = Callable[[Demonstration, Values], None]
Setup = Callable[[VirtualPhone, Values], None]

SCROLLS_MAX: Final = 12  # when a task is shown: to what lies below the fold
PASSING: Final = frozenset(
    ("_id", "date_ms", "created_ms", "edited_ms", "due_ms", "ends_ms", "at_ms", "thread", "read")
)


class _Any:
    """Stands in a row for a value that the task does not fix."""

    def __repr__(self) -> str:
        return "ANY"


ANY: Final = _Any()


@dataclass(frozen=True, slots=True)
class Change:
    """What a task changes; all else has to stay.

    `added` and `removed` are rows of tables with all of their columns but the passing ones; a row that is changed is
    removed as it was and added as it is. `settings` are by "namespace.name", alternatives divided by "|"; `documents`
    say what holds of a whole document in the end. `shown` is what the last page says, by the key of the view, and
    `front` the package in front, for what leaves no trace in the store. `drafts` are documents in which what was typed
    may be left when the run ends early.
    """

    added: tuple[tuple[str, Row], ...] = ()
    removed: tuple[tuple[str, Row], ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[str, Callable[[Any], bool]] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    front: str = ""
    drafts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftTask:
    """One task.

    `choices` are the values to ask with, slot by slot; the first of each is shown. `prepare` makes what the task needs
    on every phone. `crowd` adds what comes before the target in its list, `double` adds something that goes by the same
    name, and `elsewhere` brings a page of the same kind that is somebody else's to the front; None where the task has
    no such thing. `passing` are the columns that say no result.
    """

    name: str
    package: str
    words: str
    show: Show
    change: Callable[[Values], Change]
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    crowd: Callable[[VirtualPhone], None] | None = None
    double: Setup | None = None
    elsewhere: Setup | None = None
    prepare: Setup = lambda phone, values: None
    passing: frozenset[str] = PASSING


# -- showing


def shows(package: str, *moves: str | Show) -> Show:
    """Opens an app and makes the moves; words are tapped, scrolled to if need be, with the values filled in."""

    def show(hand: Demonstration, values: Values) -> None:
        if package:
            hand.open(package)
        for move in moves:
            if isinstance(move, str):
                words = move.format(**values)
                reach(hand, words)
                hand.tap(words)
            else:
                move(hand, values)

    return show


def typed(says: str, text: str) -> Show:
    """Types into the field that says this."""
    return lambda hand, values: hand.type(says, text.format(**values))


def typed_into(entry: str, text: str) -> Show:
    """Types into the field with this resource id, which nothing names."""
    return lambda hand, values: hand.type_into(_one(hand, lambda one: one.entry == entry), text.format(**values))


def held(says: str) -> Show:
    """Holds a finger on what says this."""
    return lambda hand, values: hand.hold(says.format(**values))


def home(hand: Demonstration, values: Values) -> None:
    """Goes to the home screen."""
    hand.press(PressKey("home"))


def of_class(short_cls: str, says: str) -> Show:
    """Taps the one widget of a class that says this."""
    return lambda hand, values: hand.touch(
        _one(hand, lambda one: one.short_cls == short_cls and normal(one.description) == normal(says))
    )


def of_entry(entry: str) -> Show:
    """Taps the one element with this resource id."""
    return lambda hand, values: hand.touch(_one(hand, lambda one: one.entry == entry))


def inside(says: str, entry: str) -> Show:
    """Taps what has this id in the card that says something."""

    def show(hand: Demonstration, values: Values) -> None:
        words = normal(says.format(**values))
        shown = hand.screen.visible_elements()
        cards = [one for one in shown if one.short_cls == "CardView"]
        (card,) = (one for one in cards if any(normal(part.text) == words for part in hand.screen.subtree(one)))
        hand.touch(next(part for part in hand.screen.subtree(card) if part.entry == entry))

    return show


def reach(hand: Demonstration, words: str) -> None:
    """Scrolls down until something says this; each scroll is a step of what is shown."""
    for _ in range(SCROLLS_MAX):
        try:
            hand.find(words)
            return
        except ReplayError:
            before = hand.screen.source_hash
            if not any(one.scrollable for one in hand.screen.visible_elements()):
                return
            hand.scroll()
            if hand.screen.source_hash == before:
                return


def _one(hand: Demonstration, fits: Callable[[Element], bool]) -> Element:
    found = [one for one in hand.screen.visible_elements() if fits(one)]
    if len(found) != 1:
        raise ReplayError(f"{len(found)} elements fit", next_step="Show the task by what is on the screen once.")
    return found[0]
