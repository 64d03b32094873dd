"""An answer of the locator in one line of words, for progress, reasons and divergences."""

from __future__ import annotations

from typing import assert_never

from perception.evidence import Candidate, Reason
from perception.locate import Ambiguous, Found, Located, NotFound


def explain(answer: Located) -> str:
    """What was found and why, or why not and what came closest."""
    match answer:
        case Found(_, score, _, reasons):
            return f"{_agreeing(reasons)} (score {score:.2f})"
        case Ambiguous(candidates, why):
            return f"{why}: {', '.join(_name(candidate) for candidate in candidates[:3])}"
        case NotFound(why, closest, _):
            return why if closest is None else f"{why}; closest is {_name(closest)}{_differing(closest)}"
        case _:
            assert_never(answer)


def _agreeing(reasons: tuple[Reason, ...]) -> str:
    agreeing = [reason.piece for reason in reasons if reason.verdict == "agrees"]
    return f"{', '.join(agreeing)} agree" if agreeing else "nothing but its surroundings agrees"


def _differing(candidate: Candidate) -> str:
    differing = [f"{r.piece} {r.found!r} instead of {r.wanted!r}" for r in candidate.reasons if r.verdict == "differs"]
    return f", with {'; '.join(differing[:3])}" if differing else ""


def _name(candidate: Candidate) -> str:
    element = candidate.element
    said = element.text or element.description or element.entry or element.short_cls
    return repr(said)
