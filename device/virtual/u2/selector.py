"""The client's selectors: read from JSON, matched against accessibility nodes.

A selector is a flat JSON object whose `mask` says which of its fields count, and a chain of "child" and "sibling"
selectors applied left to right. The Java server searches a plain one with BySelector (case counts) and one with an
index, an instance or a chain with UiSelector (contains and starts-with ignore case, an absent text never fits);
the same rules hold here. `*Matches` are regular expressions that the whole text has to fit.

Pure: nodes in, nodes out. The node is what `window.hierarchy` reports, described here by the few attributes needed.
Sources: uiautomator2 3.7.1 `_selector.py`; androidx UiSelector, BySelector, QueryController.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, Literal, Protocol, Self, TypeVar

from device.virtual.u2.errors import InvalidParams, JavaError

Relation = Literal["child", "sibling"]
_Value = str | bool | int


class Node(Protocol):
    """An accessibility node, as far as a selector looks at it."""

    @property
    def text(self) -> str: ...
    @property
    def desc(self) -> str: ...
    @property
    def cls(self) -> str: ...
    @property
    def package(self) -> str: ...
    @property
    def resource_id(self) -> str: ...
    @property
    def index(self) -> int: ...
    @property
    def checkable(self) -> bool: ...
    @property
    def checked(self) -> bool: ...
    @property
    def clickable(self) -> bool: ...
    @property
    def long_clickable(self) -> bool: ...
    @property
    def scrollable(self) -> bool: ...
    @property
    def enabled(self) -> bool: ...
    @property
    def focusable(self) -> bool: ...
    @property
    def focused(self) -> bool: ...
    @property
    def selected(self) -> bool: ...
    @property
    def parent(self) -> Self | None: ...
    @property
    def children(self) -> Sequence[Self]: ...


AnyNode = TypeVar("AnyNode", bound=Node)


@dataclass(frozen=True, slots=True)
class _Field:
    """One field of the JSON: its mask bit, UiSelector's name for it in messages, and how it compares."""

    bit: int
    shown_as: str
    attribute: str
    how: Literal["equals", "contains", "starts", "matches", "flag", "index", "instance"]


_FIELDS: Final[dict[str, _Field]] = {
    "text": _Field(0x1, "TEXT", "text", "equals"),
    "textContains": _Field(0x2, "CONTAINS_TEXT", "text", "contains"),
    "textMatches": _Field(0x4, "TEXT_REGEX", "text", "matches"),
    "textStartsWith": _Field(0x8, "START_TEXT", "text", "starts"),
    "className": _Field(0x10, "CLASS", "cls", "equals"),
    "classNameMatches": _Field(0x20, "CLASS_REGEX", "cls", "matches"),
    "description": _Field(0x40, "DESCRIPTION", "desc", "equals"),
    "descriptionContains": _Field(0x80, "CONTAINS_DESCRIPTION", "desc", "contains"),
    "descriptionMatches": _Field(0x100, "DESCRIPTION_REGEX", "desc", "matches"),
    "descriptionStartsWith": _Field(0x200, "START_DESCRIPTION", "desc", "starts"),
    "checkable": _Field(0x400, "CHECKABLE", "checkable", "flag"),
    "checked": _Field(0x800, "CHECKED", "checked", "flag"),
    "clickable": _Field(0x1000, "CLICKABLE", "clickable", "flag"),
    "longClickable": _Field(0x2000, "LONG_CLICKABLE", "long_clickable", "flag"),
    "scrollable": _Field(0x4000, "SCROLLABLE", "scrollable", "flag"),
    "enabled": _Field(0x8000, "ENABLED", "enabled", "flag"),
    "focusable": _Field(0x10000, "FOCUSABLE", "focusable", "flag"),
    "focused": _Field(0x20000, "FOCUSED", "focused", "flag"),
    "selected": _Field(0x40000, "SELECTED", "selected", "flag"),
    "packageName": _Field(0x80000, "PACKAGE_NAME", "package", "equals"),
    "packageNameMatches": _Field(0x100000, "PACKAGE_NAME_REGEX", "package", "matches"),
    "resourceId": _Field(0x200000, "RESOURCE_ID", "resource_id", "equals"),
    "resourceIdMatches": _Field(0x400000, "RESOURCE_ID_REGEX", "resource_id", "matches"),
    "index": _Field(0x800000, "INDEX", "index", "index"),
    "instance": _Field(0x1000000, "INSTANCE", "instance", "instance"),
}
_NESTED: Final[dict[Relation, str]] = {"child": "CHILD", "sibling": "PARENT"}


@dataclass(frozen=True, slots=True)
class Criteria:
    """What one node has to fit: field names with the values that count."""

    values: tuple[tuple[str, _Value], ...] = ()

    def value(self, name: str) -> _Value | None:
        return dict(self.values).get(name)

    @property
    def instance(self) -> int | None:
        value = self.value("instance")
        return None if value is None else int(value)


@dataclass(frozen=True, slots=True)
class Selector:
    """Criteria for the first node, then steps from there."""

    first: Criteria
    steps: tuple[tuple[Relation, Criteria], ...] = ()

    @property
    def is_plain(self) -> bool:
        """True where the Java server searches with BySelector."""
        return not self.steps and self.first.value("index") is None and self.first.value("instance") is None

    def child(self, of: Selector) -> Selector:
        """This selector with another one applied to what is below its nodes."""
        return Selector(self.first, (*self.steps, ("child", of.first), *of.steps))

    def nth(self, instance: int) -> Selector:
        """This selector, picking the n-th (from 0) of the nodes that fit."""
        *before, (relation, last) = (("child", self.first), *self.steps)
        kept = tuple((name, value) for name, value in last.values if name != "instance")
        last = Criteria((*kept, ("instance", instance)))
        if not before:
            return replace(self, first=last)
        return Selector(self.first, (*self.steps[:-1], (relation, last)))

    def __str__(self) -> str:
        """As UiSelector prints itself: "UiSelector[TEXT=OK, CHILD=UiSelector[CLASS=…]]"."""
        nested = ""
        for relation, criteria in reversed(self.steps):
            nested = f"{_NESTED[relation]}={_shown(criteria, nested)}"
        return _shown(self.first, nested)


def parse(data: Any) -> Selector:
    """Reads the client's JSON object.

    Raises:
        InvalidParams: not a selector; the data says what is wrong with it.
    """
    if not isinstance(data, dict):
        raise InvalidParams(f"not a selector: {data!r}")
    relations, nested = data.get("childOrSibling") or [], data.get("childOrSiblingSelector") or []
    if not isinstance(relations, list) or not isinstance(nested, list) or len(relations) != len(nested):
        raise InvalidParams(f"childOrSibling and childOrSiblingSelector do not fit each other: {data!r}")
    steps: list[tuple[Relation, Criteria]] = []
    for relation, inner_data in zip(relations, nested, strict=True):
        if relation not in _NESTED:
            raise InvalidParams(f"neither child nor sibling: {relation!r}")
        inner = parse(inner_data)
        steps += [(relation, inner.first), *inner.steps]
    return Selector(_criteria(data), tuple(steps))


def find_all(selector: Selector, nodes: Sequence[AnyNode]) -> list[AnyNode]:
    """The nodes that fit, in the order of `nodes` (which is the order of the dump).

    Args:
        nodes: every node of the screen, parents before children.

    Raises:
        JavaError: a regular expression that cannot be compiled.
    """
    plain = selector.is_plain
    found = _fitting(selector.first, nodes, plain=plain)
    places = {id(node): place for place, node in enumerate(nodes)} if selector.steps else {}
    for relation, criteria in selector.steps:
        below = {id(node): node for start in found for node in _reached(start, relation)}
        in_order = sorted((node for key, node in below.items() if key in places), key=lambda node: places[id(node)])
        found = _fitting(criteria, in_order, plain=False)
    return found


def _criteria(data: Mapping[str, Any]) -> Criteria:
    mask = data.get("mask", 0)
    if isinstance(mask, bool) or not isinstance(mask, int):
        raise InvalidParams(f"not a mask: {mask!r}")
    return Criteria(tuple((name, _value(name, field, data)) for name, field in _FIELDS.items() if mask & field.bit))


def _value(name: str, field: _Field, data: Mapping[str, Any]) -> _Value:
    match field.how:
        case "flag":
            value = data.get(name, False)
            fits = isinstance(value, bool)
        case "index" | "instance":
            value = data.get(name, 0)
            fits = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        case _:
            value = data.get(name)
            fits = isinstance(value, str)
    if not fits:
        raise InvalidParams(f"{name} cannot be {value!r}")
    return value  # type: ignore[no-any-return]


def _reached(start: AnyNode, relation: Relation) -> Iterator[AnyNode]:
    """What a step searches: all below the node, or, as UiSelector's fromParent does, all below its parent."""
    top = start if relation == "child" else start.parent
    if top is not None:
        yield from _below(top)


def _below(node: AnyNode) -> Iterator[AnyNode]:
    for child in node.children:
        yield child
        yield from _below(child)


def _fitting(criteria: Criteria, nodes: Sequence[AnyNode], *, plain: bool) -> list[AnyNode]:
    tests = [_test(name, value, plain=plain) for name, value in criteria.values if name != "instance"]
    found = [node for node in nodes if all(test(node) for test in tests)]
    instance = criteria.instance
    return found if instance is None else found[instance : instance + 1]


def _test(name: str, value: _Value, *, plain: bool) -> Callable[[Any], bool]:
    field = _FIELDS[name]
    attribute = field.attribute
    if field.how in ("flag", "index"):
        return lambda node: bool(getattr(node, attribute) == value)
    words = str(value)
    if field.how == "matches":
        pattern = _pattern(words)
        return lambda node: _present(node, attribute, plain) and pattern.fullmatch(getattr(node, attribute)) is not None
    if field.how == "equals":
        return lambda node: bool(getattr(node, attribute) == words)
    fold: Callable[[str], str] = str if plain else str.lower
    wanted = fold(words)
    if field.how == "contains":
        return lambda node: _present(node, attribute, plain) and wanted in fold(getattr(node, attribute))
    return lambda node: _present(node, attribute, plain) and fold(getattr(node, attribute)).startswith(wanted)


def _present(node: Any, attribute: str, plain: bool) -> bool:
    """BySelector compares an absent text as "", UiSelector lets it fit nothing."""
    return plain or bool(getattr(node, attribute))


@lru_cache(maxsize=256)
def _pattern(java: str) -> re.Pattern[str]:
    """A Java pattern as Python's; both server kinds compile it with DOTALL."""
    python = re.sub(r"\\Q(.*?)(?:\\E|$)", lambda quoted: re.escape(quoted[1]), java, flags=re.DOTALL)
    try:
        return re.compile(python, re.DOTALL)
    except re.error as error:
        raise JavaError("java.util.regex.PatternSyntaxException", f"{error} in {java}") from error


def _shown(criteria: Criteria, nested: str) -> str:
    def value(given: _Value) -> str:
        return str(given).lower() if isinstance(given, bool) else str(given)

    parts = [f"{_FIELDS[name].shown_as}={value(given)}" for name, given in criteria.values]
    return f"UiSelector[{', '.join([*parts, nested] if nested else parts)}]"
