"""When a case of `mobimem eval drift` counts as *solvable*, and what is held back until the closing figure.

A case is two readings of a page, *then* and *now*, and the element that was used then. Whoever changed the page knows
which element of `now` is the same one (`Page.keys`), and which words it put in place of which (`Meanings`). The rule
(`evidence`): the element is there, can be seen, and at least one of these names it and nothing else, on both readings:

- *id*: its resource id's entry is the same, and no other element that is seen has that entry;
- *meaning*: what it says - its text, description or hint; where it says nothing itself, what stands in it - is the
  same text or what the changer put in its place, and nothing else that is seen says or means that. Compared is all that
  it says and, apart from that, the first thing it says: one of the two has to name it. What someone typed and what a
  switch shows are state and say nothing. What is above or in it counts as another one only if it can be acted on;
- *picture*: its icon is the same one, and nothing else that is seen shows that icon;
- *neighbour*: something beside it says the same (or what was put in its place), nothing else says that, and the element
  is the only one of its class and way of acting among what lies around the two. Around: the smallest group above the
  element in which something else speaks, if it says at most `GROUP_TEXTS_MAX` things.

Place, order, the way down the tree and the look of a group are no reason: after a change none of them tells anybody
which element is meant. An element that is gone, or covered, makes a case that is not solvable; there the one right
outcome is to stop or to ask.
Never asks a locator, a selector or a healer anything: the rule was written, and this file committed, before any of them
was measured by it. Text is compared as `perception.words.normal` reads it (case and spacing do not count).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from perception.element import ACTIONABLE, Element
from perception.screen import Screen
from perception.words import normal

GROUP_TEXTS_MAX: Final = 8  # what says more than this is a page or a list, and its parts are no neighbours
EVIDENCE: Final = ("id", "meaning", "picture", "neighbour")

Said = tuple[str, ...]
Meanings = frozenset[tuple[str, str]]  # (said then, said now), normalised: what the changer put in place of what


@dataclass(frozen=True, slots=True)
class HeldBack:
    """What no run may touch before the closing one: an app, and seeds of all apps."""

    app: str
    seeds: range


HELD_BACK: Final = HeldBack(app="com.android.dialer", seeds=range(7000, 7100))


@dataclass(frozen=True, slots=True)
class Page:
    """A reading with the truth beside it. `keys` and `icons` go with `screen.elements`, one for each.

    Elements of two readings with equal keys are one and the same element, whatever it is called and wherever it stands.
    `icons` name the picture an element shows; "" where it shows none, or where nobody knows.
    """

    screen: Screen
    keys: tuple[str, ...]
    icons: tuple[str, ...]

    def element(self, key: str) -> Element | None:
        """The element, if it is there and can be seen."""
        for element in self.seen():
            if self.keys[element.index] == key:
                return element
        return None

    def seen(self) -> tuple[Element, ...]:
        return self.screen.visible_elements()


def evidence(then: Page, now: Page, key: str, meanings: Meanings) -> tuple[str, ...]:
    """Which of `EVIDENCE` name the element `key` on both readings, in that order; () where the case is not solvable."""
    was, is_now = then.element(key), now.element(key)
    if was is None or is_now is None:
        return ()
    held = {
        "id": _by_id(then, was, now, is_now),
        "meaning": _by_meaning(then, was, now, is_now, meanings),
        "picture": _by_picture(then, was, now, is_now),
        "neighbour": _by_neighbour(then, was, now, is_now, meanings),
    }
    return tuple(name for name in EVIDENCE if held[name])


def can_be_acted_on(element: Element) -> bool:
    """A person can do something with it: tap, hold, tick or type."""
    return bool(element.flags & ACTIONABLE) or element.editable


# -- the four reasons


def _by_id(then: Page, was: Element, now: Page, is_now: Element) -> bool:
    entry = was.entry
    return bool(entry) and is_now.entry == entry and all(_only(page, _with_entry(entry)) for page in (then, now))


def _with_entry(entry: str) -> Callable[[Element], bool]:
    return lambda element: element.entry == entry


def _by_meaning(then: Page, was: Element, now: Page, is_now: Element, meanings: Meanings) -> bool:
    """By everything it says, or by the first thing it says."""
    return any(_named(_sayings(then, was, first), _sayings(now, is_now, first), meanings) for first in (False, True))


def _sayings(page: Page, element: Element, first: bool) -> list[Said]:
    """What the element says, and then what each that could be taken for it says; of each the first thing only."""
    said = [says(page.screen, one) for one in (element, *_others(page, element))]
    return [words[:1] for words in said] if first else said


def _named(then: list[Said], now: list[Said], meanings: Meanings) -> bool:
    """The first of each list mean the same, and none of the others means that too."""
    said = then[0]
    same_now = [same_meaning(said, other, meanings) for other in now]
    return bool(said) and same_now[0] and not any(same_now[1:]) and said not in then[1:]


def _by_picture(then: Page, was: Element, now: Page, is_now: Element) -> bool:
    icon = then.icons[was.index]
    return bool(icon) and now.icons[is_now.index] == icon and all(_shown_once(page, icon) for page in (then, now))


def _shown_once(page: Page, icon: str) -> bool:
    return _only(page, lambda element: page.icons[element.index] == icon)


def _by_neighbour(then: Page, was: Element, now: Page, is_now: Element, meanings: Meanings) -> bool:
    if _kind(was) != _kind(is_now):
        return False
    around_then, around_now = _around(then.screen, was), _around(now.screen, is_now)
    if not (_alone(then.screen, was, around_then) and _alone(now.screen, is_now, around_now)):
        return False
    speaking = {now.keys[one.index]: one for one in _speaking(now.screen, is_now, around_now)}
    return any(
        (other := speaking.get(then.keys[one.index])) is not None
        and _names_itself(then, own_words(one), now, own_words(other), meanings)
        for one in _speaking(then.screen, was, around_then)
    )


def _names_itself(then: Page, said: Said, now: Page, said_now: Said, meanings: Meanings) -> bool:
    """The same in meaning, and said only once on each of the readings."""
    return (
        same_meaning(said, said_now, meanings)
        and _only(then, lambda element: own_words(element) == said)
        and _only(now, lambda element: same_meaning(said, own_words(element), meanings))
    )


# -- what is said


def own_words(element: Element) -> Said:
    """What an element says itself, normalised: its text, its description, or else its hint."""
    if element.password:
        return _kept(element.description, element.hint)
    if element.editable:  # its text is what was typed, or the hint again
        return _kept(element.description, element.hint)
    if element.cls.endswith(("Switch", "SwitchCompat", "ToggleButton", "SeekBar", "ProgressBar")):
        return _kept(element.description)
    return _kept(element.text, element.description) or _kept(element.hint)


def says(screen: Screen, element: Element) -> Said:
    """What an element says, or else what stands in it; () for a group of more than `GROUP_TEXTS_MAX` texts."""
    if own := own_words(element):
        return own
    inside = tuple(words for part in screen.subtree(element)[1:] if part.visible for words in own_words(part)[:1])
    inside = tuple(dict.fromkeys(inside))
    if inside[1:] and len(inside[0]) == 1 and inside[1].startswith(inside[0]):
        inside = inside[1:]  # the initial on a contact's disc
    return inside if len(inside) <= GROUP_TEXTS_MAX else ()


def same_meaning(said: Said, now: Said, meanings: Meanings) -> bool:
    """Text by text the same words, or what the changer put in their place."""
    return (
        len(said) == len(now)
        and bool(said)
        and all(one == other or (one, other) in meanings for one, other in zip(said, now, strict=True))
    )


def _kept(*texts: str) -> Said:
    return tuple(dict.fromkeys(words for text in texts if (words := normal(text))))


# -- what is around


def _kind(element: Element) -> tuple[str, int]:
    return element.cls, element.flags & ACTIONABLE


def _only(page: Page, fits: Callable[[Element], bool]) -> bool:
    """Exactly one element that is seen fits."""
    found = 0
    for element in page.seen():
        found += fits(element)
        if found > 1:
            return False
    return found == 1


def _others(page: Page, element: Element) -> Iterator[Element]:
    """Everything seen that could be taken for the element: not what it stands in or holds, unless that is acted on."""
    above = {one.index for one in page.screen.ancestors(element)}
    for other in page.seen():
        if other.index == element.index:
            continue
        related = other.index in above or element.index < other.index < element.end
        if not related or can_be_acted_on(other):
            yield other


def _around(screen: Screen, element: Element) -> Element | None:
    """The smallest group above the element in which something else speaks; None where that is a whole page."""
    for above in screen.ancestors(element):
        speaking = _speaking(screen, element, above)
        if speaking:
            return above if len(speaking) <= GROUP_TEXTS_MAX else None
    return None


def _speaking(screen: Screen, element: Element, group: Element | None) -> list[Element]:
    """What speaks in the group besides the element and what stands in it."""
    if group is None:
        return []
    return [
        part
        for part in screen.subtree(group)[1:]
        if part.visible and not element.index <= part.index < element.end and own_words(part)
    ]


def _alone(screen: Screen, element: Element, group: Element | None) -> bool:
    """Nothing else in the group is of its class and acted on in its way."""
    if group is None:
        return False
    return sum(part.visible and _kind(part) == _kind(element) for part in screen.subtree(group)) == 1
