"""What the owner is shown beside a decided step that needs consent: the way there, and what they did not say. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from device.actions import OpenApp
from mobimem.tasks.ending import names_not_met
from mobimem.tasks.forms import Choice
from mobimem.tasks.goal import Goal
from mobimem.tasks.grounding import Said, is_named, stands_in, unsaid_as
from mobimem.tasks.hand import Proposal
from mobimem.tasks.page import came_upon, is_front, page_of, typed_by, untyped
from mobimem.tasks.past import not_shown
from mobimem.tasks.straying import deletes, unsaid
from mobimem.tasks.values import values_in
from mobimem.tasks.view import Seen
from mobimem.tasks.way import Way
from perception.features import features
from perception.words import template
from replay.distill import Done, Held, Tapped, Typed, spoken
from replay.recipe import Recipe


def proposal_of(
    choice: Choice, seen: Seen, goal: Goal, way: Way, said: Said, *, done: tuple[str, ...], taken_up: bool
) -> Proposal:  # fmt: skip
    """A step that was chosen on this screen, as its consent is asked for.

    Args:
        said: what the owner said, answers included.
        done: what was done, in words.
        taken_up: an earlier run began the task, and the phone may have been elsewhere meanwhile.
    """
    carried: dict[str, str] = {}
    led_here, screen, element = way.here(), seen.screen, seen.element(choice.element)
    label = "" if element is None else spoken(screen, element)
    nothing = unsaid(label, screen, led_here)
    doubts: list[str] = [nothing] if nothing else []
    for one in led_here:
        match one:
            case Done(before, Typed(field, text)):
                carried[f"typed into {spoken(before, field) or field.entry}"] = text
                if not stands_in(text, said):
                    doubts.append(f"{text!r}, {unsaid_as(text, said)}")
            case Done(before, (Tapped(chosen) | Held(chosen))) if features(before).in_flow(chosen):
                name = spoken(before, chosen)
                carried[f"chosen {len(carried) + 1}"] = name
                if not is_named((name,), said):
                    doubts.append(f"{name!r} was chosen, {unsaid_as(name, said)}")
            case _:
                pass
    carried |= {slot: value for slot, value in goal.values.items() if slot not in carried}
    doubts += goal.place.read_off(carried.values())
    if goal.recipe is None:
        words = template(goal.words, values_in(goal.words, way.decided))
        unmet = names_not_met(words, [*(one.before for one in way.decided), screen])
        doubts += [f"your words name {name!r}, and nothing on the way did" for name in unmet]
    page, package = page_of(screen), screen.package
    done_steps = [one for one in way.path if isinstance(one, int)]
    typed = typed_by(way.decided, goal.recipe, done_steps, goal.values)
    for name, text in untyped(screen, typed, package).items():
        carried[f"already in {name}"] = text
        if not stands_in(text, said) and not deletes(label):
            doubts.append(f"the field {name!r} holds {text!r}, which this task did not type")
    named = is_named((page.name,), said) or not page.name or is_front(screen)
    if not named and not _led(goal.recipe, done_steps) and came_upon(screen, led_here):
        doubts.append(f"it is on the page {page.name!r}, which was there already, and which your words do not name")
    if taken_up:
        hidden = not_shown(carried.values(), screen)
        doubts += [f"{value!r} was used before this was taken up, and is not shown here" for value in hidden]
        carried |= {f"not shown here, {number}": value for number, value in enumerate(hidden, 1)}
    return Proposal(goal.place.said, choice.why, done, carried, tuple(doubts), page)


def _led(recipe: Recipe | None, steps: Iterable[int]) -> bool:
    """Whether remembered steps that were done led somewhere, besides to an app."""
    return recipe is not None and any(not isinstance(recipe.steps[index].move, OpenApp) for index in steps)
