"""From the text of a dump to elements: everything `Screen` needs that stands in the dump itself.

Promises: no entity is ever expanded, no document type accepted, no recursion (depth does not matter), refused at once
above `MAX_BYTES` or `rows.MAX_ELEMENTS`, and nothing but `HierarchyRefused` is raised whatever comes in. Tolerates
several roots, log lines around the XML, missing attributes, Appium's tags, wrong encodings, and text cut mid-tag: what
is whole is kept and `Parsed.truncated` says so.
Never judges what an element means, and never repairs geometry: bounds are kept as sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from device.actions import Size
from perception.element import NOWHERE, VISIBLE, Bounds, Element
from perception.errors import HierarchyEmpty, HierarchyTooLarge, HierarchyUnsafe, NotAHierarchy
from perception.rows import Rows, read_plain, read_strict
from perception.source_text import decoded, repaired

MAX_BYTES: Final = 20_000_000  # chosen: 200 times the largest of 42 real dumps (0.1 MB)
_MARKUP: Final = re.compile(r"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
_DECLARATION: Final = re.compile(r"[^<]{0,5000}<\?xml[^<>]*\?>")
_INSTRUCTION: Final = re.compile(r"<\?.*?\?>", re.DOTALL)
_NULL_ROOT: Final = re.compile(r"null root node|could not get idle state", re.IGNORECASE)
_TAG: Final = re.compile(r"<[A-Za-z_]")
_BOUNDS: Final = re.compile(r"\[\s*(-?\d+)\s*,\s*(-?\d+)\s*\]\s*\[\s*(-?\d+)\s*,\s*(-?\d+)\s*\]")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a dump held. `notes` say in words what had to be repaired to read it."""

    elements: tuple[Element, ...]
    roots: tuple[int, ...]
    size: Size
    rotation: int
    truncated: bool
    notes: tuple[str, ...]


def parse(data: str | bytes, size: Size | None = None) -> Parsed:
    """Reads a dump.

    Args:
        size: the screen's size in px; without it, what the dump says or its roots span.

    Raises:
        HierarchyTooLarge, HierarchyUnsafe, HierarchyEmpty, NotAHierarchy: see `perception.errors`.
    """
    if len(data) > MAX_BYTES:
        raise HierarchyTooLarge(f"the hierarchy has {len(data) / 1e6:.0f} MB, the limit is {MAX_BYTES / 1e6:.0f} MB")
    notes: list[str] = []
    if isinstance(data, bytes):
        text, encoding = decoded(data)
        if encoding != "utf-8":
            notes.append(f"read as {encoding}")
    else:
        text = data.removeprefix("\ufeff")
    declaration = _DECLARATION.match(text)
    body = text[declaration.end() :] if declaration else text
    found, fault = read_plain(body), ""
    if found is None:
        found, fault = _read_odd(body, notes)
    roots = found.roots()
    if not roots:
        raise _nothing(text)
    if len(roots) > 1:
        notes.append(f"{len(roots)} roots")
    size = size or _size(found, roots)
    rotation = found.about.get("rotation", "")
    return Parsed(
        elements=_elements(found, size),
        roots=roots,
        size=size,
        rotation=int(rotation) if rotation in {"1", "2", "3"} else 0,
        truncated=bool(fault),
        notes=tuple(notes),
    )


def _read_odd(body: str, notes: list[str]) -> tuple[Rows, str]:
    """Reads what is not plain: as it is, and if that fails, repaired; says in `notes` what was wrong."""
    if markup := _MARKUP.search(body):
        raise HierarchyUnsafe(f"the hierarchy declares {markup[0][2:].lower()}: document types are not accepted")
    body = _INSTRUCTION.sub("", body)
    found, fault = read_strict(body)
    if fault:
        first = fault
        found, fault = read_strict(repaired(body))
        notes.append(f"cut off: {fault}" if fault else f"repaired: {first}")
    return found, fault


def _nothing(text: str) -> HierarchyEmpty | NotAHierarchy:
    if said := _NULL_ROOT.search(text):
        return HierarchyEmpty(f"the dumper answered {said[0]!r} instead of a hierarchy")
    if not text.strip("\x00 \t\r\n"):
        return HierarchyEmpty("the hierarchy is empty text")
    if "<hierarchy" in text:
        return HierarchyEmpty("the hierarchy holds no element")
    if _TAG.search(text):
        return NotAHierarchy(f"this is markup, but no element hierarchy: {text.strip()[:60]!r}")
    return NotAHierarchy(f"this is not XML: {text.strip()[:60]!r}")


def _size(found: Rows, roots: tuple[int, ...]) -> Size:
    """The size the dump states, or else what its roots span; 1 x 1 px where no root has an area."""
    stated = [found.about.get(name, "") for name in ("width", "height")]
    if all(value.isascii() and value.isdigit() and 0 < int(value) < 100_000 for value in stated):
        return Size(int(stated[0]), int(stated[1]))
    spans = [_bounds(found.columns[-1][root]) for root in roots]
    return Size(max([1, *(box.right for box in spans)]), max([1, *(box.bottom for box in spans)]))


def _elements(found: Rows, size: Size) -> tuple[Element, ...]:
    """The rows as elements in document order, marked visible where they have an area on a screen of this size."""
    children, ends = _families(found.parents)
    width_px, height_px = size.width_px, size.height_px
    texts, descriptions, hints, resource_ids, classes, packages, boxes = found.columns
    placed = [_placed(box, width_px, height_px) for box in boxes]
    fields = zip(
        range(len(placed)), found.parents, ends, children, texts, descriptions, hints, resource_ids, classes, packages,
        [bounds for bounds, _ in placed], [flags & mask for flags, (_, mask) in zip(found.flags, placed, strict=True)],
        strict=True,
    )  # fmt: skip
    return tuple(map(Element._make, fields))


def _families(parents: list[int]) -> tuple[list[tuple[int, ...]], list[int]]:
    """For each element its children, and one past the index of its last descendant."""
    count = len(parents)
    ends = list(range(1, count + 1))
    known: list[list[int] | None] = [None] * count
    for index in range(count - 1, -1, -1):
        parent = parents[index]
        if parent >= 0:
            if ends[parent] < ends[index]:  # noqa: PLR1730 - max() costs twice as much here
                ends[parent] = ends[index]
            siblings = known[parent]
            if siblings is None:
                known[parent] = [index]
            else:
                siblings.append(index)
    return [tuple(below[::-1]) if below else () for below in known], ends


@lru_cache(maxsize=8192)
def _placed(box: str, width_px: int, height_px: int) -> tuple[Bounds, int]:
    """The bounds, and the mask for the flags: all bits, less `VISIBLE` where the box has no area on the screen."""
    left, top, right, bottom = bounds = _bounds(box)
    shown = left < right and top < bottom and right > 0 and bottom > 0
    return bounds, -1 if shown and left < width_px and top < height_px else ~VISIBLE


def _bounds(box: str) -> Bounds:
    match = _BOUNDS.search(box) if len(box) <= 80 else None  # longer than four numbers any screen has
    if match is None:
        return NOWHERE
    left, top, right, bottom = match.groups()
    return Bounds(int(left), int(top), int(right), int(bottom))
