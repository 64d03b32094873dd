"""Which values of the owner's words were typed or chosen in a task that was decided: what varies. Pure.

`replay.proposals` proposes, and a teacher confirms; here nobody does. So what only does something is taken out: a
choice that is named as an act for good ("Delete"), and an entry of a menu that the words begin with ("archive the mail
of Bob"). Were "archive" a value, the same task would be read out of "delete the mail of Bob". What was picked as one of
several ("blue", with a radio button or a chip) is put in; a switch is not, for it is the same task for no other one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from perception.element import Element
from perception.screen import Screen
from perception.words import contains, has_letters, normal
from replay.distill import Done, Held, Tapped, spoken
from replay.interruptions import DIALOG_MAX
from replay.proposals import propose_slots
from replay.side_effects import is_for_good

ONE_OF_SEVERAL: Final = ("Chip", "RadioButton", "CheckedTextView")  # ends of Android's class names


def values_in(words: str, done: Sequence[Done]) -> dict[str, str]:
    """Slot name -> value: what was typed or chosen, then what was picked, each in the order it was used."""
    proposed = propose_slots(words, done)
    values = {slot: value for slot, value in proposed.items() if not _only_acts(words, value, done)}
    for one in done:
        if isinstance(one.did, Tapped) and (text := _picked(one.did.element)):
            known = any(contains(normal(value), normal(text)) for value in values.values())
            if not known and contains(normal(words), normal(text)):
                values[_free("pick", values)] = text
    return values


def _picked(element: Element) -> str:
    """The label of a thing of which one of several is on; "" for anything else."""
    one_of_several = element.checkable and any(kind in element.short_cls for kind in ONE_OF_SEVERAL)
    return element.text if one_of_several and has_letters(normal(element.text)) else ""


def _free(name: str, taken: Collection[str]) -> str:
    free = (name, *(f"{name}{number}" for number in range(2, len(taken) + 3)))
    return next(one for one in free if one not in taken)


def _only_acts(words: str, value: str, done: Sequence[Done]) -> bool:
    """Whether a value was only ever tapped, as the name of an act."""
    taps = [(one.before, one.did.element) for one in done if isinstance(one.did, Tapped | Held)]
    named = [(screen, element) for screen, element in taps if normal(spoken(screen, element)) == normal(value)]
    return bool(named) and all(_is_act(words, value, screen, element) for screen, element in named)


def _is_act(words: str, value: str, screen: Screen, element: Element) -> bool:
    if is_for_good([value]):
        return True
    return normal(words).startswith(normal(value)) and _in_menu(screen, element)


def _in_menu(screen: Screen, element: Element) -> bool:
    """Whether it is in a window that lies over a page."""
    area = screen.size.width_px * screen.size.height_px
    roots = [screen.elements[index] for index in screen.roots]
    return any(
        root.index <= element.index < root.end and root.bounds.area_px < DIALOG_MAX * area for root in roots
    )  # fmt: skip
