"""The conditions of `content --where` and `--sort`: a small part of SQL over rows.

`column = 'value'`, the operators = == != <> < <= > >= LIKE IS, NOT NULL, joined by AND and OR (AND binds closer; no
parentheses).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Condition = Callable[[Mapping[str, Any]], bool]

_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|\"[^\"]*\"|<=|>=|<>|!=|==|=|<|>|[\w.+-]+)")


class BadCondition(Exception):
    """Not a condition this can read; the message says where it stops."""


def read_condition(text: str) -> Condition:
    """The condition a text spells; an empty one holds for each row.

    Raises:
        BadCondition: the text is not of this language.
    """
    tokens = _tokens(text)
    if not tokens:
        return lambda row: True
    alternatives: list[list[Condition]] = [[]]
    while tokens:
        alternatives[-1].append(_comparison(tokens, text))
        if not tokens:
            break
        joint = tokens.pop(0).upper()
        if joint == "OR":
            alternatives.append([])
        if joint not in ("AND", "OR") or not tokens:
            raise BadCondition(f'near "{joint}": syntax error in {text}')
    return lambda row: any(all(condition(row) for condition in every) for every in alternatives)


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise BadCondition(f'unrecognized token: "{text[at:].strip()}"')
        found.append(match.group(1))
        at = match.end()
    return found


def _comparison(tokens: list[str], text: str) -> Condition:
    if len(tokens) < 3:
        raise BadCondition(f"incomplete condition: {text}")
    column, operator = tokens.pop(0), tokens.pop(0).upper()
    if operator == "IS":
        negated = tokens[0].upper() == "NOT" and len(tokens) > 1
        if negated:
            tokens.pop(0)
        if tokens.pop(0).upper() != "NULL":
            raise BadCondition(f"IS is followed by [NOT] NULL: {text}")
        return lambda row: (row.get(column) is None) != negated
    value = _literal(tokens.pop(0))
    if operator == "LIKE":
        pattern = re.compile(re.escape(value).replace("%", ".*").replace("_", "."), re.IGNORECASE | re.DOTALL)
        return lambda row: pattern.fullmatch(_text(row.get(column))) is not None
    compare = _COMPARE.get(operator)
    if compare is None:
        raise BadCondition(f'near "{operator}": syntax error in {text}')
    return lambda row: compare(*_comparable(row.get(column), value))


def _literal(token: str) -> str:
    if token.startswith("'"):
        return token[1:-1].replace("''", "'")
    return token.strip('"')


def _text(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else "" if value is None else str(value)


def _comparable(value: Any, given: str) -> tuple[Any, Any]:
    """Both as numbers if both are, else both as texts."""
    try:
        return float(_text(value)), float(given)
    except ValueError:
        return _text(value), given


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    "==": lambda a, b: bool(a == b),
    "!=": lambda a, b: bool(a != b),
    "<>": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}
