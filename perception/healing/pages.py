"""Whether two screens show one page, judged by their alignment and not by tokens: `page_now`.

Slower than `perception.identity` and asked only where that said "another page": after an update that renamed, reworded
and moved much, or in another language. Built alike is not enough: two pages of settings are built alike and say
entirely other things. So either some of the words stayed, or the language is another now, or the page's own ids, each
on something that says or does something, are all there. Pure.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from perception.element import ACTIONABLE
from perception.healing.alignment import Alignment, align, words_level
from perception.healing.outline import Outline, outline
from perception.identity import identity
from perception.meanings import means_same
from perception.screen import Screen

PAGE_MIN: Final = 0.45  # of what stands still and says or does something, both pages counted, in sure pairs
PAGE_MIN_ELSEWHERE: Final = 0.8  # the same where the app now calls the page's activity otherwise
WORDS_MIN: Final = 0.2  # of the words that stood still
OWN_IDS: Final = 4  # ids of single things that say or do something: as many are no page's by chance
OWN_IDS_MIN: Final = 0.8  # of them still there
FEW: Final = 3  # words or ids: fewer tell nothing


@dataclass(frozen=True, slots=True)
class World:
    """How much of the page is as it was, 0..1 each; None where there is too little to tell.

    `words` counts a word for the same as the same; `literal` does not.
    """

    page: float
    ids: float | None
    words: float | None
    literal: float | None
    other_script: bool
    why_not: str  # why it is another page; "" if it is the page

    @property
    def ids_kept(self) -> bool:
        """The app's ids are what they were: one that differs is another element's."""
        return self.ids is not None and self.ids >= 0.7

    @property
    def words_kept(self) -> bool:
        """This update (or language) reworded nothing much: other words are something else."""
        return self.literal is None or self.literal >= 0.6


def page_now(then: Screen, now: Screen) -> World:
    """Whether a screen shows a recorded page, though `same_page` says that it does not."""
    return judged(align(outline(then), outline(now)))


def judged(aligned: Alignment, target: int = -1) -> World:
    """What has become of the page around the target (of `then`; -1: there is none)."""
    then, now = aligned.then, aligned.now
    ids, own_ids, own_kept = _ids(then, now, target)
    words, literal = _words(then, now, target)
    script = _script(then), _script(now)
    other = bool(script[0] and script[1]) and script[0] != script[1]
    share = _share(aligned)
    world = World(share, ids, words, literal, other, "")
    built_from_ids = own_ids >= OWN_IDS and own_kept >= OWN_IDS_MIN
    why = _why_not(then, now, world, built_from_ids=built_from_ids)
    return World(share, ids, words, literal, other, why)


def _why_not(then: Outline, now: Outline, world: World, *, built_from_ids: bool) -> str:
    one, other = identity(then.screen), identity(now.screen)
    if one.package != other.package:
        return f"{other.package or 'another app'} is in front, not {one.package}"
    if len(other.over) > len(one.over):
        return "something lies over the page"
    moved = bool(one.activity and other.activity) and one.activity != other.activity
    if world.page < (PAGE_MIN_ELSEWHERE if moved else PAGE_MIN):
        return f"this is another page: {world.page:.0%} of it can be matched"
    if world.words is not None and world.words < WORDS_MIN and not world.other_script and not built_from_ids:
        return "this page is built alike, but says entirely other things"
    return ""


def _share(aligned: Alignment) -> float:
    """Of what stands still and tells something (all, if only lists do): the share in sure pairs, both pages counted."""
    then = _telling(aligned.then) or aligned.then.nodes
    now = _telling(aligned.now) or aligned.now.nodes
    mine = sum(index in aligned.pairs for index in then)
    theirs = sum(index in aligned.back for index in now)
    return (mine + theirs) / max(1, len(then) + len(now))


def _telling(page: Outline) -> list[int]:
    elements = page.screen.elements
    return [
        index
        for index in page.nodes
        if index not in page.listed and (page.said[index] or page.entry[index] or elements[index].flags & ACTIONABLE)
    ]


def _ids(then: Outline, now: Outline, target: int) -> tuple[float | None, int, float]:
    """The share of single ids still there; how many stand on what says or does something, and the share of those."""
    elements = then.screen.elements
    single = [index for index in then.nodes if then.entries[then.entry[index]] == 1 and index != target]
    own = [index for index in single if then.said[index] or elements[index].flags & ACTIONABLE]
    kept = sum(then.entry[index] in now.entries for index in single)
    own_kept = sum(now.entries[then.entry[index]] == 1 for index in own)
    share = kept / len(single) if len(single) >= FEW else None
    return share, len(own), own_kept / max(1, len(own))


def _words(then: Outline, now: Outline, target: int) -> tuple[float | None, float | None]:
    """The share of the words that stood still which are still said, the same or a word for the same; and the share of
    those that are literally the same."""
    mine = {then.said[i] for i in then.nodes if then.said[i] and i != target and i not in then.listed}
    theirs = {now.said[i] for i in now.nodes if now.said[i]}
    if len(mine) < FEW:
        mine = {then.said[i] for i in then.nodes if then.said[i] and i != target}
    if len(mine) < FEW or not theirs:
        return None, None
    kept = 0.0
    for said in mine:
        if said in theirs or any(means_same(said, other) for other in theirs):
            kept += 1.0
        elif any(words_level(said, other) == "close" for other in theirs):
            kept += 0.5
    return kept / len(mine), len(mine & theirs) / len(mine)


def _script(page: Outline) -> str:
    """The script most letters are of; "" where there are hardly any."""
    letters: Counter[str] = Counter()
    for index in page.nodes:
        letters.update(filter(None, map(_script_of, page.said[index][:40])))
    if not letters or letters.total() < 8:
        return ""
    return max(sorted(letters), key=lambda script: letters[script])


@lru_cache(maxsize=4096)
def _script_of(character: str) -> str:
    if not character.isalpha():
        return ""
    first = unicodedata.name(character, "").partition(" ")[0]
    return "CJK" if first in ("CJK", "HIRAGANA", "KATAKANA") else first
