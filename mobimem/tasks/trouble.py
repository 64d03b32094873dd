"""An app that cannot do its part now: no connection, a server that fails, something sold out. No model can help there.

Where a remembered step does not fit the screen and the page itself says such a thing, the task ends with what the app
says, and no step is decided. Before that, what was not reached is asked for once more if the page offers it and nothing
was done for good yet: after a payment, "try again" may pay twice. Lists of words: `trouble.json`; a list's entries and
fields are not the page's own words and do not count.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from mobimem.tasks.hand import Hand
from perception.element import Element
from perception.identity import page_windows
from perception.screen import Screen
from perception.words import contains, normal
from replay.recipe import Recipe
from replay.runner import RunResult

LISTS: Final = ("RecyclerView", "ListView", "GridView")
CAN_PASS: Final = ("offline", "failed")  # by itself, so that asking again makes sense


@dataclass(frozen=True, slots=True)
class Trouble:
    """`says` are the page's words; `retry` is what asks again, None where nothing does, or where it does not help."""

    kind: str
    says: str
    retry: Element | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of remembered steps: the last play, the steps done by number, and the trouble it ended in."""

    result: RunResult
    path: tuple[int, ...]
    trouble: Trouble | None


def replay_past_trouble(hand: Hand, recipe: Recipe, values: Mapping[str, str], start: int) -> Replayed:
    """Plays remembered steps; where the app's page says that it cannot now, asks it once more.

    Raises:
        DeviceError: the device was lost.
    """
    result = hand.replay(recipe, values, start=start)
    path = [line.index for line in result.progress]
    trouble = trouble_in(result)
    parted = result.divergence
    if trouble is None or trouble.retry is None or parted is None or _for_good(recipe, path):
        return Replayed(result, tuple(path), trouble)
    next_one = parted.index + (parted.expected == "after")  # it was done, and its page is what did not come
    if next_one == len(recipe.steps) or (next_one > parted.index and _for_good(recipe, [parted.index])):
        return Replayed(result, tuple(path), trouble)
    hand.note("trouble", f"{trouble.says!r}: asked once more", {"kind": trouble.kind})
    screen = hand.look()
    now = trouble_on(screen)
    if now is not None and now.retry is not None:
        hand.press(screen, now.retry)
        hand.look()
    result = hand.replay(recipe, values, start=next_one)
    path += [*range(parted.index, next_one), *(line.index for line in result.progress)]
    return Replayed(result, tuple(path), trouble_in(result))


def trouble_in(result: RunResult) -> Trouble | None:
    """What the page says that remembered steps stopped at; None where they did not, or it says nothing of the kind."""
    parted = result.divergence
    if result.outcome != "stopped" or parted is None or parted.screen is None:
        return None
    return trouble_on(parted.screen)


def trouble_on(screen: Screen) -> Trouble | None:
    """What a page says about why the app cannot do its part now; None if nothing."""
    said = list(_page_says(screen))
    for kind in ("offline", "failed", "sold out"):
        for element, text in said:
            can_be_pressed = element.clickable and element.enabled
            if any(_says(text, word) for word in _words(kind)) and not can_be_pressed:
                return Trouble(kind, text, _retry(said) if kind in CAN_PASS else None)
    return None


def _page_says(screen: Screen) -> Iterator[tuple[Element, str]]:
    for root in page_windows(screen)[1]:
        for element in screen.subtree(screen.elements[root]):
            text = element.text or element.description
            if text and element.visible and not element.editable and not _in_list(screen, element):
                yield element, text


def _in_list(screen: Screen, element: Element) -> bool:
    """Whether it is said by an entry of a list, which speaks of itself and not of the page."""
    return any(above.clickable or above.short_cls in LISTS for above in screen.ancestors(element))


def _retry(said: Sequence[tuple[Element, str]]) -> Element | None:
    return next((one for one, text in said if one.clickable and normal(text) in _words("retry")), None)


def _says(text: str, words: str) -> bool:
    return contains(normal(text), words)


def _for_good(recipe: Recipe, done: Sequence[int]) -> bool:
    return any(recipe.steps[index].for_good for index in done)


@cache
def _words(kind: str) -> frozenset[str]:
    lists = json.loads((resources.files("mobimem.tasks") / "trouble.json").read_text(encoding="utf-8"))
    return frozenset(normal(word) for words in lists[kind].values() for word in words)
