"""What a page holds by itself where something is done for good: whose it is, and what goes out with it. Pure.

Who says yes to "Send" says yes to what stands in the fields, to whoever the page is of. A task that typed and chose
nothing has neither in its words; so both are read off the page here, shown to the owner, and bound to their yes.

A page's name is the text of its bar at the top, else the uppermost text: a guess for showing and comparing, never one
that anything is allowed by. What stands in lists (messages, mails) comes and goes, and is not a part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from perception.element import Element
from perception.identity import identity, same_page
from perception.screen import Screen
from perception.words import has_letters, normal
from replay.distill import Done, Held, Keyed, Tapped, Typed, spoken
from replay.keypads import is_same_number
from replay.recipe import KeyIn, Recipe, TypeInto
from replay.slots import fill

TITLE_PART: Final = 0.25  # of the screen's height: what stands lower is no title
_BARS: Final = ("Toolbar", "ActionBar", "ActionBarContainer", "AppBarLayout", "CollapsingToolbarLayout")
_TIME: Final = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?")  # of day: it changes by itself
_LISTS: Final = ("RecyclerView", "ListView", "GridView", "LazyColumn")


@dataclass(frozen=True, slots=True)
class Page:
    """`name` is what it is called, "" where nothing tells. `held` is what stands in its fields, by the field's name.
    `says` is what else stands on it outside of lists, times of day apart, and switches and boxes that are on."""

    name: str = ""
    held: Mapping[str, str] = field(default_factory=dict)
    says: tuple[str, ...] = ()

    def still(self, later: Page) -> bool:
        """Whether a later reading shows the same page: nothing of it is gone, and its fields hold the same."""
        return (self.name, dict(self.held)) == (later.name, dict(later.held)) and set(self.says) <= set(later.says)


def page_of(screen: Screen, package: str = "") -> Page:
    """What the page of an app holds.

    Args:
        package: the app's; "" for the one in front.
    """
    package = package or screen.package
    ours = [one for one in screen.visible_elements() if one.package in ("", package)]
    said = [one for one in ours if not one.editable and (one.text or one.description) and not _in_list(screen, one)]
    on = [f"{spoken(screen, one) or one.entry} (on)" for one in ours if one.checkable and one.checked]
    texts = dict.fromkeys(normal(one.text or one.description) for one in said)
    texts = dict.fromkeys(text for text in texts if not _TIME.fullmatch(text))
    held = {name: one.text for name, one in _fields(screen, ours)}
    return Page(_name(screen, said), held, (*filter(None, texts), *on))


def untyped(screen: Screen, typed: Iterable[tuple[str, str]], package: str = "") -> dict[str, str]:
    """What stands in the fields and was not put there by the task, by the field's name.

    Args:
        typed: resource entry of a field ("" if not known) and text, of all that the task typed.
    """
    package, known = package or screen.package, [(entry, normal(text)) for entry, text in typed]
    ours = [one for one in screen.visible_elements() if one.package in ("", package)]
    return {
        name: one.text
        for name, one in _fields(screen, ours)
        if not any(
            entry in ("", one.entry) and (is_same_number(text, normal(one.text)) or is_same_number(one.text, text))
            for entry, text in known
        )
    }


def typed_by(
    decided: Iterable[Done], recipe: Recipe | None, steps: Iterable[int], values: Mapping[str, str]
) -> list[tuple[str, str]]:  # fmt: skip
    """What a task has typed so far, for `untyped`.

    Args:
        decided: what was decided and done. steps: the numbers of the recipe's steps that were done.
    """
    found = [(one.did.element.entry, one.did.text) for one in decided if isinstance(one.did, Typed)]
    found += [("", one.did.text) for one in decided if isinstance(one.did, Keyed)]
    for index in steps if recipe is not None else ():
        move = recipe.steps[index].move if recipe is not None else None
        if isinstance(move, TypeInto | KeyIn):
            found.append(("", fill(move.text, values)))
    return found


def came_upon(screen: Screen, way: Iterable[Done]) -> bool:
    """Whether nothing on this way led to the page: it was there when the app came up."""
    page = identity(screen)
    return not any(
        isinstance(one.did, Tapped | Held) and not same_page(identity(one.before), page) for one in way
    )  # fmt: skip


def is_front(screen: Screen) -> bool:
    """Whether the page seems to be where its app begins: nothing stands before its name in the bar, as what leads back
    does."""
    said = [one for one in screen.visible_elements() if one.package in ("", screen.package) and not one.editable]
    title = _title(screen, [one for one in said if not _in_list(screen, one)])
    bar = None if title is None else next((one for one in screen.ancestors(title) if one.cls.endswith(_BARS)), None)
    if title is None or bar is None:
        return False
    return not any(one.clickable and one.visible for one in screen.elements[bar.index + 1 : title.index])


def _fields(screen: Screen, ours: Iterable[Element]) -> list[tuple[str, Element]]:
    """The fields something stands in, by name; what a password field holds is nobody's to show."""
    found: dict[str, Element] = {}
    for one in ours:
        if one.editable and not one.password and one.text and one.text != one.hint:
            name = spoken(screen, one) or one.entry.replace("_", " ") or "a field"
            number = sum(known == name or known.startswith(f"{name} (") for known in found)
            found[f"{name} ({number + 1})" if number else name] = one
    return list(found.items())


def _name(screen: Screen, said: list[Element]) -> str:
    title = _title(screen, said)
    return "" if title is None else " ".join(title.text.split())


def _title(screen: Screen, said: list[Element]) -> Element | None:
    high = [
        one for one in said
        if one.text and has_letters(normal(one.text)) and not one.cls.endswith("Button")
        and one.bounds.top < TITLE_PART * screen.size.height_px
    ]  # fmt: skip
    barred = [one for one in high if any(above.cls.endswith(_BARS) for above in screen.ancestors(one))]
    return min(barred or high, key=lambda one: (one.bounds.top, one.index), default=None)


def _in_list(screen: Screen, element: Element) -> bool:
    return any(above.cls.endswith(_LISTS) for above in screen.ancestors(element))
