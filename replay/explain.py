"""An answer of the locator in one line of words, for progress, reasons and divergences."""

from __future__ import annotations

from typing import Any, assert_never

from perception.evidence import Candidate, Reason
from perception.locate import Ambiguous, Found, Located, NotFound


def explain(answer: Located) -> str:
    """What was found and why, or why not and what came closest."""
    match answer:
        case Found(score=score, reasons=reasons):
            return f"{_agreeing(reasons)} (score {score:.2f})"
        case Ambiguous(candidates, why):
            return f"{why}: {', '.join(place_of(candidate) for candidate in candidates[:4])}"
        case NotFound(why, closest, _):
            return why if closest is None else f"{why}; closest is {named(closest)}{_differing(closest)}"
        case _:
            assert_never(answer)


def _agreeing(reasons: tuple[Reason, ...]) -> str:
    agreeing = [reason.piece for reason in reasons if reason.verdict == "agrees"]
    return f"{', '.join(agreeing)} agree" if agreeing else "nothing but its surroundings agrees"


def _differing(candidate: Candidate) -> str:
    differing = [f"{r.piece} {r.found!r} instead of {r.wanted!r}" for r in candidate.reasons if r.verdict == "differs"]
    return f", with {'; '.join(differing[:3])}" if differing else ""


def named(candidate: Candidate) -> str:
    """What a person would call the element: what it says, else what stands in it, else its id or class."""
    element = candidate.element
    inside = next((r.found for r in candidate.reasons if r.piece == "full"), "")
    return repr(element.text or element.description or inside or element.entry or element.short_cls)


def place_of(candidate: Candidate) -> str:
    """Its name and, in words, which part of the list row or which height it stands at: what tells equals apart."""
    row = next((r.found for r in candidate.reasons if r.piece == "line"), "")
    beside = f"beside {row!r}" if row else f"at y = {candidate.element.bounds.top} px"
    return f"{named(candidate)} {beside}"


def candidate_to_data(candidate: Candidate) -> dict[str, Any]:
    """A candidate as JSON data: its name, place and score, and each piece of evidence."""
    return {
        "name": named(candidate),
        "bounds": list(candidate.element.bounds),
        "score": round(candidate.score, 3),
        "ruled_out": candidate.ruled_out,
        "evidence": [list(reason) for reason in candidate.reasons],
    }
