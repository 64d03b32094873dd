"""What a task may do, fixed before anything is read from a screen, and whether a choice keeps to it. Pure.

The apps and the class of side effects come from the owner's words, or from the remembered task those words are. What is
read later can neither add an app nor make a task one that sends, pays or deletes. A choice outside of it is refused and
the model is told why, in our words and without a text of the screen; what is inside and changes something that the
owner has not said is asked about (`doubt`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from device.actions import OpenApp
from mobimem.tasks.forms import ON_ELEMENT, Choice
from mobimem.tasks.grounding import Said, is_named, stands_in, unsaid_as
from mobimem.tasks.straying import bare, changes, is_meant, is_spoken_of, takes_up
from mobimem.tasks.view import Seen
from perception.element import Element
from perception.features import features
from replay.distill import spoken
from replay.passwords import SECRET
from replay.recipe import Recipe, Step
from replay.recorder_effect import is_launcher
from replay.side_effects import is_for_good

PACKAGE: Final = re.compile(r"[A-Za-z][\w.]{0,254}", re.ASCII)
NEVER: Final = (  # what the system asks and shows is the owner's, or the player's, to answer
    "android", "com.android.systemui", "com.android.shell", "com.android.permissioncontroller",
    "com.google.android.permissioncontroller", "com.android.packageinstaller", "com.google.android.packageinstaller",
)  # fmt: skip
NAME_MAX: Final = 80  # characters of a label in a question: whoever wrote it does not get to write the question
UNWANTED: Final = "the owner does not want that"
NOT_FINAL: Final = "this would send, pay, delete, post, call or book something, and the task is none that does"
_ANYWHERE: Final = ("back", "open_app", "wait", "ask_owner", "give_up", "done")


@dataclass(frozen=True, slots=True)
class Scope:
    """The apps a task may touch, and whether it may do something for good (with the owner's consent each time)."""

    apps: frozenset[str]
    for_good: bool

    def __post_init__(self) -> None:
        if banned := self.apps & set(NEVER):
            raise ValueError(f"{', '.join(sorted(banned))} is no app of a task")


def offered(packages: Iterable[str]) -> tuple[str, ...]:
    """The packages that may be named in answer: each a well-formed name, none of the system's own windows."""
    fit = {one for one in packages if PACKAGE.fullmatch(one) and one not in NEVER and not is_launcher(one)}
    return tuple(sorted(fit))


def scope_of_words(words: str, apps: Iterable[str], offered_apps: Iterable[str], *, for_good: bool) -> Scope | str:
    """The scope of a task nobody taught; a reason where the apps named are not on the phone."""
    wanted, there = list(apps), set(offered_apps)
    if unknown := [one for one in wanted if one not in there]:
        return f"{', '.join(unknown)[:200]} is not in the list of apps"
    return Scope(frozenset(wanted), for_good or is_for_good([words]))


def scope_of_recipe(recipe: Recipe) -> Scope:
    """The scope of a remembered task: the apps of its steps, and what those do."""
    return Scope(frozenset(packages_of(recipe.steps)) - set(NEVER), recipe.for_good)


def refusal(choice: Choice, step: Step | None, seen: Seen, scope: Scope) -> str:
    """Why a choice is not carried out; "" if it may be. Says nothing that was read from the screen.

    Args:
        step: what the choice would be as a step; None for acts that are none.
    """
    inside = seen.package in scope.apps
    if choice.act == "open_app" and choice.app not in scope.apps:
        return f"this task may only open {_names(scope)}"
    if choice.act == "scroll" and is_launcher(seen.package):
        return f"open one of the task's apps by its package: {_names(scope)}"
    if not inside and choice.act not in _ANYWHERE:
        return f"the app in front is none of this task's ({_names(scope)}): go back, or open one of them"
    if choice.act in ON_ELEMENT:
        element = seen.element(choice.element)
        if element is None:
            return f"there is no element {choice.element}; the list has 1 to {len(seen.numbered)}"
        if element.package and element.package not in scope.apps:  # the shade, a dialog of the system, a bubble
            return f"element {choice.element} is in a window of another app than this task's ({_names(scope)})"
        if why := _unfit(choice, element):
            return why
    if step is not None and step.for_good and not scope.for_good:
        return NOT_FINAL
    return ""


def _unfit(choice: Choice, element: Element) -> str:
    number = choice.element
    if not element.enabled:
        return f"element {number} is disabled"
    if choice.act == "type":
        if element.password:
            return f"element {number} is a password field: only the owner fills those in; ask_owner or give_up"
        if not element.editable:
            return f"element {number} is no field to type into"
        if SECRET in (choice.text or ""):
            return "secrets are not for a model to type"
    if choice.act == "tap" and not (element.clickable or element.checkable or element.editable):
        return f"element {number} takes no taps"
    return ""


def doubt(choice: Choice, seen: Seen, said: Said, chosen: tuple[str, ...] = ()) -> str:
    """What the owner did not say of a choice that changes something: the question to put; "" if it needs none.

    What is done for good is not asked about here. Consent is asked for that in any case: it names what is tapped, and
    shows what was chosen and typed on the way and was not said (`mobimem.tasks.proposing`), but not that a label was
    not spoken of: "Remove from favorites" is what "unstar Alice" asks for, in no word of it.

    Args:
        chosen: what was chosen from a list on the way here, by its names (`mobimem.tasks.straying.last_chosen`).
    """
    element = seen.element(choice.element)
    if element is None or choice.act not in ("type", "tap"):
        return ""
    label = spoken(seen.screen, element) or element.entry.replace("_", " ")
    name = repr(label[:NAME_MAX])
    where = after_choice(chosen[0]) if misplaced(chosen, said) else ""
    if choice.act == "type":
        if not stands_in(choice.text or "", said):
            return f"type {choice.text!r} into {name}, {unsaid_as(choice.text or '', said)}"
        return f"type {choice.text!r} into {name}{where}" if where else ""
    if _switches(seen, element):
        if not is_named(labels(seen, element), said):
            return f"switch {name} {'off' if element.checked else 'on'}, which you did not name"
    elif changes(label):
        if where or not is_meant(label, said):
            return f"tap {name}{where or ', which you did not speak of'}"
    elif takes_up(label) and (where or not _follows(label, said)):
        return f"tap {name}{where or ', which you did not speak of'}"
    return ""


def after_choice(name: str) -> str:
    """How a question ends that is about what was chosen on the way, too: a yes to it covers that."""
    return f", after {name!r} was chosen, which you did not name"


def _follows(name: str, said: Said) -> bool:
    """Whether taking something up follows from the task: it is all the label says, or the owner speaks of more."""
    return bare(name) or is_meant(name, said) or is_for_good([said.words])


def misplaced(chosen: tuple[str, ...], said: Said) -> bool:
    """Whether what was chosen on the way here is nothing the owner spoke of."""
    return bool(chosen) and not is_spoken_of(chosen, said)


def _switches(seen: Seen, element: Element) -> bool:
    """Whether a tap turns a switch: the element is one, or a row that holds one."""
    if element.checkable:
        return True
    inside = seen.screen.subtree(element)[1:]
    return element.clickable and any(part.checkable for part in inside)


def labels(seen: Seen, element: Element) -> tuple[str, ...]:
    """What an element is called: its own texts, and those of its list item."""
    derived = features(seen.screen)
    return tuple(filter(None, (element.text, element.description, *derived.label(element), *derived.row(element)[:1])))


def packages_of(steps: Iterable[Step]) -> Iterable[str]:
    """The apps that steps open or are done in, in order."""
    for step in steps:
        if isinstance(step.move, OpenApp):
            yield step.move.package
        elif step.target is not None and step.target.page.package and not is_launcher(step.target.page.package):
            yield step.target.page.package


def _names(scope: Scope) -> str:
    return ", ".join(sorted(scope.apps))
