"""Actions with slots: taking values out of an action, putting values in, and reading values off one that was done."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from memory.text.tokens import unspaced

_SLOT = re.compile(r"\{\{|\}\}|\{(\w+)\}")


def abstracted(action: str, values: Mapping[str, str]) -> str:
    """The action with every value replaced by its slot, longest first; whole words only, where words have edges."""
    made = action.replace("{", "{{").replace("}", "}}")
    taken: list[str] = []
    for name, value in sorted(values.items(), key=lambda item: -len(item[1])):
        wanted = re.escape(value.replace("{", "{{").replace("}", "}}"))
        edge = ("", "") if unspaced(value) else (r"(?<!\w)", r"(?!\w)")
        if len(value) == 1 and unspaced(value):
            edge = (r"(?<=[<\s\"“])", r"(?=[>\s\"”]|$)")
        made = re.sub(f"{edge[0]}{wanted}{edge[1]}", f"\0{len(taken)}\0", made)
        taken.append(f"{{{name}}}")
    return re.sub(r"\0(\d+)\0", lambda match: taken[int(match[1])], made)


def filled(form: str, values: Mapping[str, str]) -> str | None:
    """The action with these values; None if one is missing."""
    if any(match[1] and match[1] not in values for match in _SLOT.finditer(form)):
        return None
    return _SLOT.sub(lambda match: values[match[1]] if match[1] else match[0][0], form)


def slots_of(form: str) -> tuple[str, ...]:
    """The slots a form names, in order, as often as they stand in it."""
    return tuple(match[1] for match in _SLOT.finditer(form) if match[1])


def read_off(form: str, action: str, values: Mapping[str, str]) -> dict[str, str] | None:
    """The values with which this form is that action, beside those already known; None if it is another action."""
    match = _pattern(form).fullmatch(action)
    if match is None:
        return None
    made = dict(values)
    for name, value in match.groupdict().items():
        if made.setdefault(name, value) != value:
            return None
    return made


@lru_cache(maxsize=4096)
def _pattern(form: str) -> re.Pattern[str]:
    made, at, seen = "", 0, set[str]()
    for match in _SLOT.finditer(form):
        made += re.escape(form[at : match.start()])
        at = match.end()
        if match[1] is None:
            made += re.escape(match[0][0])
        elif match[1] in seen:
            made += f"(?P={match[1]})"
        else:
            seen.add(match[1])
            made += f"(?P<{match[1]}>.+)"
    return re.compile(made + re.escape(form[at:]), re.DOTALL)
