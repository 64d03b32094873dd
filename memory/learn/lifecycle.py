"""candidate -> verified -> stale: what a success, a failure and a change of steps make of a template. Pure.

A template starts as a candidate: it was seen once. A success of its own replay verifies it, whatever the demonstration
was. Failures in a row make it stale: it is not replayed for words any more, until it is shown again or done by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from memory.experience.template import Template

STALE_AFTER: Final = 2  # failures in a row: one may be the phone's mood, two are a change of the app


def confirmed(template: Template, values: Mapping[str, str], *, proven: bool) -> Template:
    """After a replay that ended well. `proven`: it checked something; else it stays what it was."""
    state = "verified" if proven else template.state
    return replace(template.seeing(values), state=state, failures=0 if proven else template.failures)


def failed(template: Template) -> Template:
    """After a replay that could not be done though nothing but the task itself is to blame."""
    failures = template.failures + 1
    return replace(template, failures=failures, state="stale" if failures >= STALE_AFTER else template.state)


def shown_again(template: Template) -> Template:
    """After it was taught anew with other steps: nothing is proven of them yet."""
    return replace(template, state="candidate", failures=0)


def repaired(template: Template) -> Template:
    """After one of its steps was repaired: what failed may work again; what was stale has to prove it."""
    return replace(template, state="candidate" if template.state == "stale" else template.state, failures=0)
