"""Looking further for a step's target: past the end of what is shown of a list, or on through it. Pure.

Says the next `Way` and keeps in the `Attempt` how far it has come; whether it may still be gone, `replay.detours` says.
"""

from __future__ import annotations

from device.actions import PressKey
from perception.locate import Found, NotFound
from perception.screen import Screen
from replay.detours import Way
from replay.progress import Attempt
from replay.recipe import Step, TypeInto
from replay.scrolling import Search, beyond, scroll_on


def hide_keyboard(says: str) -> Way:
    """Puts the soft keyboard away."""
    return Way("keyboard", PressKey("back"), says)


def past_the_fold(step: Step, found: Found, screen: Screen, attempt: Attempt) -> Way | None:
    """At the end of what is shown of its list, its namesake may be the next one. Looked at once.

    For a row of a list, and for whatever has another id than the one that was shown.
    """
    target = step.target
    renamed = target is not None and target.entry not in ("", found.element.entry)
    if renamed and screen.keyboard_shown and not isinstance(step.move, TypeInto):
        return hide_keyboard("the keyboard may have hidden what has the id that was shown")
    if target is None or attempt.nudged or screen.keyboard_shown or not (renamed or target.flow):
        return None
    scroll = beyond(screen, found.element, also_up=attempt.search is not None)
    if scroll is None:
        return None
    attempt.nudged, attempt.search = True, attempt.search or Search()
    return Way("scroll", scroll, "looked whether the next row goes by the same name")


def is_sought(nothing: NotFound, attempt: Attempt) -> bool:
    """Whether the target may be on a part of the right page that is not shown."""
    return nothing.page.same and not attempt.searched


def look_further(screen: Screen, attempt: Attempt, *, most: int) -> Way | None:
    """The next scroll of a search; None where both ends were seen, nothing scrolls, or `most` was done."""
    on = scroll_on(attempt.search or Search(), screen, most=most)
    if on is None:
        attempt.searched = True
        if attempt.search is not None:
            attempt.tried.append(f"scrolled {attempt.search.scrolls} times, both ways")
        return None
    attempt.search, scroll = on
    return Way("scroll", scroll, f"scrolled {scroll.direction} to look for it")
