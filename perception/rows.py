"""Rows of a hierarchy dump: the tags of elements with their attributes, before anything is made of them.

Two readers fill the same `Rows`. `read_strict` is expat: streaming, without recursion, and what it saw before an error
is kept. `read_plain` knows only what Android's dumpers write: `<node>` tags whose attributes stand in one order. It
cuts the whole text with one expression made for that order and gives up (None) at anything else, so whatever it accepts
means the same to both; a property test holds them together.
It exists for the step loop: some 1.8 against 5.8 ms per 1,000 elements, and a screen is read before every step.
No entity is ever expanded by either, and neither raises anything but `HierarchyTooLarge`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final, NamedTuple, TypeAlias
from xml.parsers import expat

from perception.element import FLAG_NAMES, VISIBLE
from perception.errors import HierarchyTooLarge

MAX_ELEMENTS: Final = 50_000  # chosen: the fullest of 42 real screens has 280
CORE: Final = ("text", "content-desc", "hint", "resource-id", "class", "package", "bounds")
STATES: Final = (*FLAG_NAMES, "visible-to-user", "displayed")
_TRUE: Final = frozenset({"true", "1"})
_WRAPPERS: Final = frozenset({"hierarchy", "windows", "window", "displays", "display", "AppiumAUT", "root"})
Layout: TypeAlias = tuple[Callable[[list[str]], Any], Callable[[list[str]], Any]]


@dataclass(slots=True)
class Rows:
    """Columns, one entry per element: its `CORE` values, its flags (see `perception.element`), its parent's index.

    An absent attribute reads ""; an absent class is the tag. `about` holds the attributes of whatever stands around
    the elements.
    """

    columns: tuple[Sequence[str], ...] = ((),) * len(CORE)
    flags: list[int] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    about: dict[str, str] = field(default_factory=dict)

    def roots(self) -> tuple[int, ...]:
        return tuple(index for index, parent in enumerate(self.parents) if parent < 0)


@lru_cache(maxsize=1024)
def flags_of(states: tuple[str, ...]) -> int:
    """The bits of the values of `STATES`. `enabled` and visible hold unless they are denied."""
    flags = 0
    for bit, (name, state) in enumerate(zip(FLAG_NAMES, states, strict=False)):
        if state.lower() in _TRUE or (name == "enabled" and not state):
            flags |= 1 << bit
    denied = any(state and state.lower() not in _TRUE for state in states[len(FLAG_NAMES) :])
    return flags if denied else flags | VISIBLE


def layout_of(tag: str, names: tuple[str, ...]) -> Layout | None:
    """How to read flat rows `[name, value, name, value, ..., ""]` of this tag and attribute order.

    None if the tag is no element but something around one. The "" at the end is what an absent attribute reads.
    """
    if tag in _WRAPPERS or not (tag == "node" or "bounds" in names or "class" in names):
        return None
    at = {name: 2 * position + 1 for position, name in enumerate(names)}
    return (
        itemgetter(*(at.get(name, -1) for name in CORE)),
        itemgetter(*(at.get(name, -1) for name in STATES)),
    )


def read_strict(body: str) -> tuple[Rows, str]:
    """Reads with expat. Returns the rows, and "" or what the parser stumbled over; rows before that are kept.

    The text is fed inside one synthetic root: log lines become character data, several roots become siblings.
    """
    found = Rows()
    cores: list[tuple[str, ...]] = []
    layouts: dict[tuple[str, ...], Layout | None] = {}
    open_elements = [-1]

    def start(tag: str, row: list[str]) -> None:
        names = row[::2]
        key = (tag, *names)
        if key not in layouts:
            layouts[key] = layout_of(tag, tuple(names))
        layout = layouts[key]
        parent = open_elements[-1]
        if layout is None:
            found.about.update(zip(names, row[1::2], strict=True))
            open_elements.append(parent)
            return
        if len(cores) >= MAX_ELEMENTS:
            raise HierarchyTooLarge(f"the hierarchy has more than {MAX_ELEMENTS:,} elements")
        row.append("")
        core = layout[0](row)
        open_elements.append(len(cores))
        cores.append(core if core[_CLASS] else (*core[:_CLASS], tag, *core[_CLASS + 1 :]))
        found.flags.append(flags_of(layout[1](row)))
        found.parents.append(parent)

    def end(_tag: str) -> None:
        open_elements.pop()

    parser = expat.ParserCreate("utf-8")
    parser.ordered_attributes = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    fault = ""
    try:
        parser.Parse(f"<all>{body}</all>".encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        fault = expat.errors.messages[error.code]
    if cores:
        found.columns = tuple(zip(*cores, strict=True))
    return found, fault


_CLASS: Final = CORE.index("class")
_NAME: Final = re.compile(r" ([A-Za-z_][\w.:-]*)=")
_SPACES: Final = {9: " ", 10: " ", 13: " "}
_BEFORE: Final = re.compile(r'[^<&]*(?:<hierarchy((?:\s+[A-Za-z_][\w.:-]*="[^"<&]*")*)\s*>\s*)?')
_AROUND: Final = re.compile(r'([A-Za-z_][\w.:-]*)="([^"<&]*)"')
_CLOSING: Final = re.compile(r"(?:</node\s*>\s*)*")
_AFTER: Final = re.compile(r"((?:</node\s*>\s*)*)(</hierarchy\s*>[^<&]*)?")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_REFERENCE: Final = re.compile(r"&(?:(amp|lt|gt|quot|apos);|#(\d{1,7});|#x([0-9a-fA-F]{1,6});)?")
_CONTROL: Final = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_QUOTED_ONCE: Final = re.compile(r" (text|content-desc|hint)='([^'<]*)'")
_NODE: Final = "<node "
_RUN_MAX: Final = 600  # characters; twice what a dump says of an element's states; it bounds the search in hostile text
_STATES_GROUP: Final = ""
_MARKED: Final = "NAF"  # stands first, and only on what Android's dumper finds unfit for accessibility services


class _Cut(NamedTuple):
    """The expression that cuts a dump of one order of attributes, and which of its groups is what; 0 is none.

    The states of an element are one group: a screen repeats a few such runs of text, so they are looked up.
    """

    pattern: re.Pattern[str]
    groups: tuple[int, ...]
    states: int


class _NotPlain(Exception):
    """The text is beyond `read_plain`; never leaves this module."""


def read_plain(body: str) -> Rows | None:
    """Reads what dumpers normally write; None if the text holds anything else, however harmless."""
    start = body.find(_NODE)
    if start < 0:
        return None
    if "'" in body:
        body = _QUOTED_ONCE.sub(_quoted_twice, body)
    cut = _cut(tuple(body[start : body.find("<", start + 1)].split('"')[:-1:2]))
    try:
        return _read_columns(body, cut) if cut else None
    except _NotPlain:
        return None


def _read_columns(body: str, cut: _Cut) -> Rows:
    parts = cut.pattern.split(body)
    step = cut.pattern.groups + 1
    gaps = parts[::step]
    before, after = _BEFORE.fullmatch(gaps[0]), _AFTER.fullmatch(gaps.pop())
    if before is None or after is None or (before[1] is None) != (after[2] is None):
        raise _NotPlain
    gaps[0] = ""
    parents = _parents(gaps, parts[step - 1 :: step], after[1])
    count = len(parents)
    if count > MAX_ELEMENTS:
        raise _NotPlain
    escaped = "&" in body
    columns = [_values(parts[group::step], escaped) if group else [""] * count for group in cut.groups[:-1]]
    columns.append(parts[cut.groups[-1] :: step])  # of the bounds only the numbers are read
    if not all(columns[_CLASS]):
        columns[_CLASS] = [cls or "node" for cls in columns[_CLASS]]
    flags = [_run(run) for run in parts[cut.states :: step]]
    return Rows(tuple(columns), flags, parents, dict(_AROUND.findall(before[1] or "")))


def _parents(gaps: list[str], ends: list[str], after: str) -> list[int]:
    """The index of each element's parent. `gaps` close elements before each, `ends` say whether it closes itself."""
    parents: list[int] = []
    open_elements = [-1]
    add, closes = parents.append, _closes
    for index, (gap, end) in enumerate(zip(gaps, ends, strict=True)):
        if gap and (closed := closes(gap)):
            del open_elements[-closed:]
            if not open_elements:
                raise _NotPlain
        add(open_elements[-1])
        if not end:
            open_elements.append(index)
    if len(open_elements) != 1 + _closes(after):
        raise _NotPlain
    return parents


@lru_cache(maxsize=1024)
def _closes(gap: str) -> int:
    """How many elements are closed between two tags."""
    if _CLOSING.fullmatch(gap) is None:
        raise _NotPlain
    return gap.count("</")


def _values(column: list[str], escaped: bool) -> list[str]:
    """Attribute values as they were meant: in one line, references resolved."""
    said = "".join(column)
    if "<" in said:
        raise _NotPlain
    if not said.isprintable():
        column = [value if value.isprintable() else _in_one_line(value) for value in column]
    if escaped:
        column = [_REFERENCE.sub(_character, value) if "&" in value else value for value in column]
    return column


@lru_cache(maxsize=256)
def _cut(begins: tuple[str, ...]) -> _Cut | None:
    """How to cut a dump by how one of its tags goes (`<node index=`, ` text=`, ...); None if that is not plain."""
    if not begins or not begins[0].startswith(_NODE):
        return None
    found = [_NAME.fullmatch(begin) for begin in (begins[0].removeprefix("<node"), *begins[1:])]
    names = [name[1] for name in found if name]
    if len(names) != len(found) or len(set(names)) != len(names) or "bounds" not in names:
        return None
    if names[0] == _MARKED:
        del names[0]
    first = next((place for place, name in enumerate(names) if name in STATES), len(names))
    bounds = names.index("bounds")
    states, others = names[first:bounds], names[:first] + names[bounds + 1 :]
    if not states or not set(states).isdisjoint(CORE) or not set(others).isdisjoint(STATES):
        return None
    ahead, behind = names[:first], names[bounds + 1 :]
    pattern = "".join([
        f'<node(?: {_MARKED}="[^"<]*")?', *map(_attribute, ahead), rf' ([a-z][^\[]{{0,{_RUN_MAX}}})(\[[^"]*)"',
        *map(_attribute, behind), r"\s*(/?)>\s*",
    ])  # fmt: skip
    captured = [name for name in (*ahead, _STATES_GROUP, "bounds", *behind) if name in (*CORE, _STATES_GROUP)]
    group = {name: place for place, name in enumerate(captured, start=1)}
    return _Cut(re.compile(pattern), tuple(group.get(name, 0) for name in CORE), group[_STATES_GROUP])


def _attribute(name: str) -> str:
    return f' {re.escape(name)}="([^"]*)"' if name in CORE else f' {re.escape(name)}="[^"<]*"'


@lru_cache(maxsize=4096)
def _run(run: str) -> int:
    """The flags of a run of states up to where the bounds begin."""
    row = f' {run}"'.split('"')[:-1]
    names = [_NAME.fullmatch(name) for name in row[::2]]
    plain = [name[1] for name in names if name]
    if plain[-1:] != ["bounds"] or len(plain) != len(row[::2]) or len(set(plain)) != len(plain):
        raise _NotPlain
    values = dict(zip(plain, row[1::2], strict=False))
    if not set(plain[:-1]).isdisjoint(CORE) or "&" in run or "<" in run:
        raise _NotPlain
    return flags_of(tuple(values.get(name, "") for name in STATES))


def _quoted_twice(match: re.Match[str]) -> str:
    """A value that holds a `"` is written between `'`. Where this only looked like one, inside another value, the
    quotes no longer fit and the text is not plain."""
    name, value = match.groups()
    inner = value.replace('"', "&quot;")
    return f' {name}="{inner}"' if inner != value else match[0]


def _in_one_line(value: str) -> str:
    """Line breaks and tabs become spaces, as XML has it; other control characters are not plain."""
    value = value.replace("\r\n", " ").translate(_SPACES)
    if _CONTROL.search(value):
        raise _NotPlain
    return value


def _character(match: re.Match[str]) -> str:
    name, decimal, hexadecimal = match.groups()
    if name:
        return _NAMED[name]
    if not decimal and not hexadecimal:
        raise _NotPlain
    code = int(decimal) if decimal else int(hexadecimal, 16)
    if code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000:
        return chr(code)
    raise _NotPlain
