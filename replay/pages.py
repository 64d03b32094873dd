"""The pages a recipe itself goes through: what is on its way is no interruption. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from perception.element import Element
from perception.identity import ScreenIdentity, identity, same_page
from perception.locate import Found, locate
from perception.screen import Screen
from replay.checks import PageIs
from replay.interruptions import is_permission_page, same_request
from replay.recipe import Recipe, Step, TapOn


def expects(recipe: Recipe, index: int, screen: Screen) -> bool:
    """Whether the step or the next one is on this page, or leads to it; a permission request only word for word."""
    here = identity(screen)
    asks = is_permission_page(here)
    pages = [page for step in recipe.steps[index : index + 1] for page in _pages(step)]
    pages += [step.target.page for step in recipe.steps[index + 1 : index + 2] if step.target is not None]
    return any(same_page(page, here) and (not asks or same_request(page, screen)) for page in pages)


def knows(recipe: Recipe, here: ScreenIdentity) -> bool:
    """Whether any step is on this page, or leads to it."""
    return any(same_page(page, here) for step in recipe.steps for page in _pages(step))


def half_written(screen: Screen) -> bool:
    """Whether a field on the screen holds words that nobody has saved or sent yet."""
    return any(field.editable and field.text not in ("", field.hint) for field in screen.visible_elements())


def taught_answer(recipe: Recipe, screen: Screen, values: Mapping[str, str]) -> Element | None:
    """What the demonstration tapped on the very permission request that is on the screen; None if it did not."""
    for step in recipe.steps:
        if isinstance(step.move, TapOn) and same_request(step.move.target.page, screen):
            found = locate(screen, step.move.target.fill(values))
            if isinstance(found, Found):
                return found.element
    return None


def _pages(step: Step) -> Iterator[ScreenIdentity]:
    yield from (check.page for check in (*step.before, *step.after) if isinstance(check, PageIs))
    if step.target is not None:
        yield step.target.page
