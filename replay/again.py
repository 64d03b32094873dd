"""Whether a step that was done, and did nothing, is done once more. Exactly once, and only where that is safe. Pure.

A tap goes to a place, not to an element: a permission request or a pop-up that comes up between the look and the tap
swallows it. The step is done once more if all of this holds:

- it is not irreversible. Such a step is never done twice: the owner is asked, with what came between;
- something that was put away (`SWALLOWS`) lay over the page after it was done. A crash is none: the app begins anew;
  neither is an app that did not respond: it has the tap in its queue;
- the page is, at rest and `Limits.settle_s` after that was gone, what it was before the tap, word for word. An app
  that took the tap and works on it in silence for longer than that gets a reversible tap twice;
- it has a check that must hold after it and does not. Where the demonstration saw no effect either, nothing tells
  whether the step was done: it is neither repeated nor called done, and the run stops.

With nothing in between, a step without an effect is not repeated: the app may have taken it, and only be slow. Typing
is the exception. It replaces what the field holds, so twice is once: a text of which nothing arrived is typed again,
and a field that did not get the focus is tapped again.
Why: docs/adr/0006-a-swallowed-step-is-done-once-more.md.
"""

from __future__ import annotations

from typing import Final

from device.actions import PressKey
from replay.commands import DetourKind, Limits
from replay.progress import Attempt
from replay.recipe import DoubleTapOn, LongPressOn, ScrollIn, SetSwitch, Step, TapOn, TypeInto

SWALLOWS: Final[frozenset[DetourKind]] = frozenset(("permission", "popup", "shade"))
_SEEN_BY_CHECKS: Final = (TapOn, DoubleTapOn, LongPressOn, PressKey)  # nothing but a check tells that it was done
_REPEATED: Final = (*_SEEN_BY_CHECKS, SetSwitch, TypeInto, ScrollIn)  # an app is opened again by ways of its own


def put_away(attempt: Attempt, kind: DetourKind, says: str) -> None:
    """Takes in a way round that is gone: what it puts away may have swallowed what was done last."""
    if kind in SWALLOWS and attempt.acted:
        attempt.between = says


def once_more(step: Step, attempt: Attempt, at_s: float, limits: Limits, *, unchanged: bool, at_rest: bool) -> str:
    """Why a step whose effect is missing is done once more; "" if it is not."""
    waited = attempt.since_s is not None and at_s - attempt.since_s >= limits.settle_s
    if attempt.again or step.for_good or not (unchanged and at_rest and waited):
        return ""
    if attempt.between and not _is_blind(step) and isinstance(step.move, _REPEATED):
        return f"done once more, because the page is as it was before: {attempt.between}"
    return "typed once more, because nothing of it arrived" if isinstance(step.move, TypeInto) else ""


def cannot_tell(step: Step, attempt: Attempt, *, unchanged: bool) -> str:
    """Why it is not known whether a step was done whose checks hold; "" where that is known.

    Checks that held before it was done are no proof: the same words may have been sent before. Some steps have none.
    Where something came up that may have swallowed it, an irreversible step needs one that did not hold; another step
    needs that, or that the page has changed. Where nothing came up and nothing has changed at all, an irreversible step
    that has checks needs it too.
    """
    final = step.for_good
    if not attempt.held:
        return ""
    if attempt.between and (final or (unchanged and _is_blind(step))):
        return f"nothing tells whether it was done, or swallowed by what came up then: {attempt.between}"
    if final and unchanged and step.after:
        return "nothing has changed, and what should be seen after it was there before"
    return ""


def _is_blind(step: Step) -> bool:
    """Whether nothing that can be seen tells that it was done."""
    return isinstance(step.move, _SEEN_BY_CHECKS) and not step.after
