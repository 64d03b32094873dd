"""How a scripted model says a move: in the form any model answers in, with the numbers of the list it is shown.

What it wants to touch is named by what stands there; a list that names nothing so gets a number that no element has.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from mobimem.llm.scripted import Says

Move = tuple[str, ...]
"""An act and its parts: ("tap", label), ("type", label, text), ("open_app", package), ("report", result, text), ..."""
NOWHERE: Final = 999  # a number that no element has
_LINE: Final = re.compile(r"^ *(\d+)  (.*)$", re.MULTILINE)
_FIELDS: Final = ("element", "text", "direction", "app")


def said(move: Move, shown: str, *, why: str) -> Says:
    """A move as an answer in form, on the screen that is shown."""
    act, *rest = move
    fields: dict[str, Any] = {}
    if act in ("tap", "hold", "type"):
        fields["element"] = number_of(rest[0], shown)
    if act in ("type", "ask_owner"):
        fields["text"] = rest[-1]
    if act == "open_app":
        fields["app"] = rest[0]
    if act == "scroll":
        fields["direction"] = rest[0]
    if act == "report":
        fields |= {"result": rest[0], "text": rest[1]}
    return choice(act, why=why, **fields)


def choice(act: str, *, why: str, **fields: Any) -> Says:
    """An answer in form; fields that are not given are null."""
    empty: dict[str, Any] = dict.fromkeys(_FIELDS)
    return Says(json.dumps({"act": act, "why": why, **empty, **fields}))


def numbered(shown: str) -> list[tuple[int, str]]:
    """The lines of the list, each with its number."""
    return [(int(number), line) for number, line in _LINE.findall(shown)]


def number_of(label: str, shown: str) -> int:
    """The number of the first line that says this, whole or as a part; `NOWHERE` where none does."""
    lines = numbered(shown)
    exact = [number for number, line in lines if f'"{label}"' in line]
    loose = [number for number, line in lines if label in line]
    return (exact or loose or [NOWHERE])[0]
