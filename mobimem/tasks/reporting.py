"""What a task reports: results by name, each grounded in an element that says it. Pure.

A model says which text on the screen is the result; that text has to stand there, whole, in one place. What is reported
is what the element says, never what the model says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from mobimem.tasks.forms import Choice
from mobimem.tasks.view import Seen
from perception.element import Element
from perception.identity import page_windows
from perception.screen import Screen
from perception.words import contains, normal
from replay.distill import Done, Noted
from replay.readout import VALUE_MAX, unfit, value_of


def noted(choice: Choice, seen: Seen, wanted: Collection[str]) -> Noted | str:
    """What a report notes, or why it cannot be taken, in our words."""
    if choice.result not in wanted:
        return f"results to report are {', '.join(sorted(wanted))}" if wanted else "no result is to be reported"
    if not choice.text or len(choice.text) > VALUE_MAX:
        return f"a result is 1 to {VALUE_MAX} characters"
    said = sayers(seen.screen, choice.text)
    inside = seen.element(choice.element)
    if inside is not None:
        said = [one for one in said if inside.index <= one.index < inside.end] or said
    if not said:
        return "nothing on the screen says just that: report what one thing there says, word for word"
    if len(said) > 1:
        return "several things on the screen say that: say in which element of the list it stands"
    if why := unfit(value_of(said[0]), "text"):
        return why
    return Noted(said[0], str(choice.result))


def deeds(done: Sequence[Done], for_good: Sequence[bool]) -> tuple[list[Done], list[bool]]:
    """What did something to the device, without what was only noted; and of each whether it was for good."""
    kept = [(one, final) for one, final in zip(done, for_good, strict=True) if not isinstance(one.did, Noted)]
    return [one for one, _ in kept], [final for _, final in kept]


def sayers(screen: Screen, text: str) -> list[Element]:
    """What on the page says this and nothing else; fields apart."""
    wanted = normal(text)
    return [one for one in shown(screen) if not one.editable and wanted and normal(value_of(one)) == wanted]


def proven(reported: Iterable[str], values: Mapping[str, str], now: Screen) -> bool:
    """Whether what was reported stands on the last page, beside every value of the words that was typed or chosen.

    Without any such value nothing tells that it is the right page.
    """
    results = list(reported)
    if not results or not values or not all(sayers(now, result) for result in results):
        return False
    return all(says_somewhere(now, value) for value in values.values())


def says_somewhere(screen: Screen, text: str) -> bool:
    """Whether something on the page, fields apart, says this, alone or among other words."""
    said = [normal(text) for one in shown(screen) if not one.editable for text in (one.text, one.description) if text]
    return any(contains(one, normal(text)) for one in said)


def shown(screen: Screen) -> list[Element]:
    """The elements of the page in front that can be seen."""
    _, roots = page_windows(screen)
    return [element for root in roots for element in screen.subtree(screen.elements[root]) if element.visible]
