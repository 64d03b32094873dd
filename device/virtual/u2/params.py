"""Reads a call's parameters: JSON values in, the wanted types out, `InvalidParams` otherwise.

Clients send floats for coordinates and step counts; where the Java server takes an int, the fraction is cut off.
"""

from __future__ import annotations

import math
from typing import Any

from device.virtual.u2.errors import InvalidParams


def number(value: Any) -> float:
    """A finite number.

    Raises:
        InvalidParams: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InvalidParams(f"not a number: {value!r}")
    return float(value)


def whole(value: Any) -> int:
    """An int; the fraction of a float is cut off."""
    return int(number(value))


def flag(value: Any) -> bool:
    """A truth value.

    Raises:
        InvalidParams: it is none.
    """
    if not isinstance(value, bool):
        raise InvalidParams(f"neither true nor false: {value!r}")
    return value


def words(value: Any) -> str:
    """A text.

    Raises:
        InvalidParams: it is none.
    """
    if not isinstance(value, str):
        raise InvalidParams(f"not a text: {value!r}")
    return value


def point(value: Any) -> tuple[float, float]:
    """A point as the client's gesture sends it: `{"x": 1, "y": 2}`, in px."""
    if not isinstance(value, dict) or not {"x", "y"} <= value.keys():
        raise InvalidParams(f"not a point: {value!r}")
    return number(value["x"]), number(value["y"])
