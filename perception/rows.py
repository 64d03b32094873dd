"""Rows of a hierarchy dump: the tags of elements with their attributes, before anything is made of them.

Two readers fill the same `Rows`. `read_strict` is expat: streaming, without recursion, and what it saw before an error
is kept. `read_plain` knows only what every Android dumper writes - quoted attributes, no markup but tags - and
gives up (None) at anything else, so whatever it accepts means the same to both; a property test holds them together.
It exists for the step loop: some 2.5 against 5.8 ms per 1,000 elements, and a screen is read before every step.
No entity is ever expanded by either, and neither raises anything but `HierarchyTooLarge`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final, TypeAlias
from xml.parsers import expat

from perception.element import FLAG_NAMES, VISIBLE
from perception.errors import HierarchyTooLarge

MAX_ELEMENTS: Final = 50_000  # chosen: the fullest of 42 real screens has 280
CORE: Final = ("text", "content-desc", "hint", "resource-id", "class", "package", "bounds")
STATES: Final = (*FLAG_NAMES, "visible-to-user", "displayed")
_TRUE: Final = frozenset({"true", "1"})
_WRAPPERS: Final = frozenset({"hierarchy", "windows", "window", "displays", "display", "AppiumAUT", "root"})
Layout: TypeAlias = tuple[Callable[[list[str]], Any], Callable[[list[str]], Any]]
_Kind: TypeAlias = tuple[str, Layout | None, bool]


class Rows:
    """One row per element: its `CORE` values, its flags (see `perception.element`), its tag, its parent's index.

    An absent attribute reads "". `about` holds the attributes of whatever stands around the elements.
    """

    def __init__(self) -> None:
        self.cores: list[tuple[str, ...]] = []
        self.flags: list[int] = []
        self.tags: list[str] = []
        self.parents: list[int] = []
        self.about: dict[str, str] = {}

    def roots(self) -> tuple[int, ...]:
        return tuple(index for index, parent in enumerate(self.parents) if parent < 0)

    def add(self, core: tuple[str, ...], flags: int, tag: str, parent: int) -> int:
        index = len(self.tags)
        if index >= MAX_ELEMENTS:
            raise _too_many()
        self.cores.append(core)
        self.flags.append(flags)
        self.tags.append(tag)
        self.parents.append(parent)
        return index


def _too_many() -> HierarchyTooLarge:
    return HierarchyTooLarge(f"the hierarchy has more than {MAX_ELEMENTS:,} elements")


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
        else:
            row.append("")
            open_elements.append(found.add(layout[0](row), flags_of(layout[1](row)), tag, parent))

    def end(_tag: str) -> None:
        open_elements.pop()

    parser = expat.ParserCreate("utf-8")
    parser.ordered_attributes = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(f"<all>{body}</all>".encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        return found, expat.errors.messages[error.code]
    return found, ""


_NAME: Final = re.compile(r"\s+([A-Za-z_][\w.:-]*)=")
_FIRST: Final = re.compile(r"([A-Za-z_][\w.$:-]*)\s+([A-Za-z_][\w.:-]*)=")
_OPEN: Final = re.compile(r"[A-Za-z_][\w.$:-]*")
_ATTRIBUTE: Final = re.compile(r"(\s+[A-Za-z_][\w.:-]*=)(?:\"([^\"]*)\"|'([^']*)')")
_SPACES: Final = {9: " ", 10: " ", 13: " "}
_BARE: Final = re.compile(r"([A-Za-z_][\w.$:-]*)\s*(/?)>\s*")
_CLOSE: Final = re.compile(r"/([A-Za-z_][\w.$:-]*)\s*>\s*")
_TAIL: Final = re.compile(r"\s*(/?)>\s*")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_REFERENCE: Final = re.compile(r"&(?:(amp|lt|gt|quot|apos);|#(\d{1,7});|#x([0-9a-fA-F]{1,6});)?")
_CONTROL: Final = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff]")


_FROM: Final = ' checkable="'
_TO: Final = ' bounds="'


class _NotPlain(Exception):
    """The text is beyond `read_plain`; never leaves this module."""


def read_plain(body: str) -> Rows | None:
    """Reads what dumpers normally write; None if the text holds anything else, however harmless."""
    reader = _Plain()
    try:
        return reader.read(body)
    except _NotPlain:
        return None


class _Plain:
    """The states of an element are one run of text, which a screen repeats a few times: it is cut out and looked up.

    What phones repeat on every screen (runs of states, orders of attributes, ends of tags) is kept across screens.
    """

    def __init__(self) -> None:
        self.found = Rows()
        self.open: list[tuple[str, int]] = []

    def read(self, body: str) -> Rows:
        open_tags, found = self.open, self.found
        add_core, add_flags, add_tag, add_parent = (
            found.cores.append,
            found.flags.append,
            found.tags.append,
            found.parents.append,
        )
        count = 0
        escaped = "&" in body
        closing: dict[str, str] = {}
        known: list[str] = []
        kind: _Kind | None = None
        for piece in body.split("<")[1:]:
            if piece[:1] == "/":
                name = closing.get(piece) or closing.setdefault(piece, self._closed(piece))
                if not open_tags or open_tags.pop()[0] != name:
                    raise _NotPlain
                continue
            head, _, rest = piece.partition(_FROM)
            middle, _, rest = rest.partition(_TO)
            flags = _run(middle) if rest else None
            row = (f"{head}{_TO}{rest}" if flags is not None else piece).split('"')
            tail = row.pop()
            if len(row) & 1:
                raise _NotPlain  # cut inside a value
            names = row[::2]
            if names != known or kind is None or (flags is not None and kind[2]):
                if not names:
                    self._bare(piece)
                    continue
                row, tail, flags, kind = self._learn(piece, row, tail, flags)
                known = row[::2]
            tag, layout, _ = kind
            parent = open_tags[-1][1] if open_tags else -1
            if layout is None:
                self._around(row)
            else:
                row.append("")
                core = layout[0](row)
                if not (core[0] + core[1] + core[2]).isprintable():
                    core = _in_one_line(core)
                if escaped and "&" in piece:
                    core = tuple([_REFERENCE.sub(_character, value) if "&" in value else value for value in core])
                if flags is None:
                    flags = flags_of(layout[1](row))
                add_core(core)
                add_flags(flags)
                add_tag(tag)
                add_parent(parent)
                parent, count = count, count + 1
                if count > MAX_ELEMENTS:
                    raise _too_many()
            if not _closes(tail):
                open_tags.append((tag, parent))
        if open_tags:
            raise _NotPlain
        return self.found

    def _learn(
        self, piece: str, row: list[str], tail: str, flags: int | None
    ) -> tuple[list[str], str, int | None, _Kind]:
        """Another order of attributes than the last one's: its kind; spelled out where cutting does not fit it."""
        kind = _kind(tuple(row[::2]))
        if kind and not (flags is not None and kind[2]):
            return row, tail, flags, kind
        row = piece.split('"')
        tail = row.pop()
        kind = _kind(tuple(row[::2]))
        if kind is None:
            row, tail = _spelled(piece)
            kind = _kind(tuple(row[::2]))
        if kind is None or len(row) & 1:
            raise _NotPlain
        return row, tail, None, kind

    def _around(self, row: list[str]) -> None:
        names = [name.split()[-1].rstrip("=") for name in row[::2]]
        self.found.about.update(zip(names, row[1::2], strict=True))

    def _bare(self, piece: str) -> None:
        match = _BARE.fullmatch(piece)
        if match is None or layout_of(match[1], ()) is not None:
            raise _NotPlain
        if not match[2]:
            self.open.append((match[1], self.open[-1][1] if self.open else -1))

    def _closed(self, piece: str) -> str:
        if match := _CLOSE.fullmatch(piece):
            return match[1]
        if len(self.open) == 1 and (match := _CLOSE.match(piece)):
            return match[1]  # a log line after the last root
        raise _NotPlain


@lru_cache(maxsize=256)
def _kind(names: tuple[str, ...]) -> _Kind | None:
    """Tag and layout of one order of attributes, as cut out of a tag (`node index=`, ` text=`), and whether it names
    states; None if this is no row of plain attributes."""
    if not names:
        return None
    first, others = _FIRST.fullmatch(names[0]), [_NAME.fullmatch(name) for name in names[1:]]
    if first is None or not all(others):
        return None
    plain = [first[2], *(other[1] for other in others if other)]
    if len(set(plain)) != len(plain):
        return None
    return first[1], layout_of(first[1], tuple(plain)), not set(plain).isdisjoint(STATES)


@lru_cache(maxsize=4096)
def _run(middle: str) -> int | None:
    """The flags of a run of states from `checkable` on; None if it holds anything we want besides states."""
    row = f'{_FROM}{middle}"'.split('"')[:-2]
    names = [_NAME.fullmatch(name) for name in row[::2]]
    plain = [name[1] for name in names if name]
    if len(plain) != len(row[::2]) or len(set(plain)) != len(plain) or not set(plain).isdisjoint(CORE):
        return None
    values = dict(zip(plain, row[1::2], strict=True))
    return flags_of(tuple(values.get(name, "") for name in STATES))


def _spelled(piece: str) -> tuple[list[str], str]:
    """Row and tail of a tag that also quotes with `'`, as serialisers do for values that hold a `"`."""
    name = _OPEN.match(piece)
    if name is None:
        raise _NotPlain
    row, at, prefix = [], name.end(), name[0]
    while match := _ATTRIBUTE.match(piece, at):
        row += [f"{prefix}{match[1]}", match[2] if match[3] is None else match[3]]
        at, prefix = match.end(), ""
    return row, piece[at:]


def _in_one_line(core: tuple[str, ...]) -> tuple[str, ...]:
    """Line breaks and tabs inside a value become spaces, as XML has it; other control characters are not plain."""
    core = tuple([value.replace("\r\n", " ").translate(_SPACES) for value in core])
    if any(_CONTROL.search(value) for value in core):
        raise _NotPlain
    return core


@lru_cache(maxsize=1024)
def _closes(tail: str) -> bool:
    match = _TAIL.fullmatch(tail)
    if match is None:
        raise _NotPlain
    return match[1] == "/"


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
