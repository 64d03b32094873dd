"""Every text in a stored column, to look for words that are to be forgotten."""

from __future__ import annotations

import json


def texts_in(column: str, *, numbers: bool = False) -> list[str]:
    """The texts of the JSON a column holds, keys too; of what is no JSON, the column itself.

    Args:
        numbers: take numbers as texts, too.
    """
    try:
        waiting = [json.loads(column)]
    except ValueError:
        return [column]
    found: list[str] = []
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one
        elif numbers and isinstance(one, int | float) and not isinstance(one, bool):
            found.append(str(one))
    return found
