"""Requests and results as JSON and back: frozen dataclasses of plain fields, read by their type hints.

Known are str, int, float, bool, None, Any, Literal, datetime, Path, dataclasses, `X | None`, tuple[X, ...] and
dict[str, X]. What does not fit its type is refused, so that a handler never sees half a request.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Data = TypeVar("Data")


def to_wire(value: Any) -> Any:
    """`value` as data that JSON knows."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_wire(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_wire(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_wire(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    return value


def from_wire(kind: type[Data], data: Any) -> Data:
    """The dataclass that `to_wire` made this of.

    Raises:
        ValueError: the data does not fit.
    """
    return _read(kind, data, kind.__name__)  # type: ignore[no-any-return]


def _read(kind: Any, data: Any, where: str) -> Any:  # noqa: PLR0911  (one return for each kind of field)
    if kind is Any:
        return data
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _one_of(get_args(kind), data, where)
    if origin is Literal:
        return _checked(data in get_args(kind), data, where)
    if origin is tuple:
        _checked(isinstance(data, list), data, where)
        return tuple(_read(get_args(kind)[0], item, where) for item in data)
    if origin in (dict, Mapping):
        _checked(isinstance(data, dict), data, where)
        return {key: _read(get_args(kind)[1], item, f"{where}.{key}") for key, item in data.items()}
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _dataclass(kind, data, where)
    if kind in (datetime, Path):
        _checked(isinstance(data, str), data, where)
        return datetime.fromisoformat(data) if kind is datetime else Path(data)
    if kind is float:
        return float(_checked(isinstance(data, int | float) and not isinstance(data, bool), data, where))
    return _checked(type(data) is kind, data, where)


def _one_of(kinds: tuple[Any, ...], data: Any, where: str) -> Any:
    if data is None and type(None) in kinds:
        return None
    for kind in kinds:
        if kind is not type(None):
            try:
                return _read(kind, data, where)
            except ValueError:
                continue
    return _checked(False, data, where)


def _dataclass(kind: type[Any], data: Any, where: str) -> Any:
    _checked(isinstance(data, dict), data, where)
    hints = get_type_hints(kind)
    if unknown := data.keys() - hints.keys():
        raise ValueError(f"{where} has no field {', '.join(sorted(unknown))}")
    try:
        return kind(**{name: _read(hints[name], item, f"{where}.{name}") for name, item in data.items()})
    except TypeError as error:
        raise ValueError(f"{where} lacks a field ({error})") from error


def _checked(fits: bool, data: Any, where: str) -> Any:
    if not fits:
        raise ValueError(f"{where} does not take {str(data)[:80]!r}")
    return data
