"""`Screen`: one reading of a device, made sense of: elements in document order and the facts of the moment.

A screen is immutable and self-contained; it needs no device, picture or network. What later modules derive from it
(indices, identity) is computed when first asked for and kept beside it, so a screen read once pays once. Elements are
reached through the screen (`parent`, `children`, `subtree`); every walk is iterative, depth does not matter.
Never here: what a page is (`perception.identity`), and how an element is found again (`perception.locate`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from device.actions import Point, Size
from device.protocol import LockState, Reading
from perception.element import Bounds, Element
from perception.hierarchy import parse


@dataclass(frozen=True, slots=True, eq=False)
class Screen:
    """One reading of a screen. `package` and `activity` are "" where nobody told.

    `truncated` means the dump was cut: elements may be missing, so an element not found is not known to be absent.
    `notes` say in words what had to be repaired to read it. `source` is the dump as it came.
    """

    elements: tuple[Element, ...]
    roots: tuple[int, ...]
    size: Size
    rotation: int
    package: str
    activity: str
    keyboard_shown: bool
    screen_on: bool
    lock: LockState
    taken_at: datetime | None
    source: str | bytes = field(repr=False)
    truncated: bool
    notes: tuple[str, ...]
    derived: dict[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, reading: Reading) -> Screen:
        """The screen of a device's reading.

        Raises:
            HierarchyRefused: the hierarchy cannot or may not be read; `cause` says why. Read the screen again.
        """
        return parse_hierarchy(
            reading.hierarchy,
            size=reading.size,
            rotation=reading.rotation,
            package=reading.foreground.package,
            activity=reading.foreground.activity,
            keyboard_shown=reading.keyboard_shown,
            screen_on=reading.screen_on,
            lock=reading.lock,
            taken_at=reading.taken_at,
        )

    @property
    def source_hash(self) -> str:
        """SHA-256 of the dump as it came."""
        data = self.source if isinstance(self.source, bytes) else self.source.encode("utf-8", "surrogatepass")
        return hashlib.sha256(data).hexdigest()

    def parent(self, element: Element) -> Element | None:
        return self.elements[element.parent] if element.parent >= 0 else None

    def children(self, element: Element) -> tuple[Element, ...]:
        return tuple(self.elements[index] for index in element.children)

    def subtree(self, element: Element) -> tuple[Element, ...]:
        """The element and everything below it, in document order."""
        return self.elements[element.index : element.end]

    def ancestors(self, element: Element) -> Iterator[Element]:
        """From the parent up to the root of its window."""
        index = element.parent
        while index >= 0:
            above = self.elements[index]
            yield above
            index = above.parent

    def visible_elements(self) -> tuple[Element, ...]:
        return tuple(element for element in self.elements if element.visible)

    def point_on(self, element: Element) -> Point | None:
        """The middle of what the screen and its scrolling ancestors leave of the element; None if that is nothing."""
        box = element.bounds.meet(Bounds(0, 0, self.size.width_px, self.size.height_px))
        for above in self.ancestors(element):
            if above.scrollable and above.bounds.area_px:
                box = box.meet(above.bounds)
        if not box.area_px:
            return None
        return Point((box.left + box.right - 1) // 2, (box.top + box.bottom - 1) // 2, self.size)


def parse_hierarchy(
    data: str | bytes,
    *,
    size: Size | None = None,
    rotation: int | None = None,
    package: str = "",
    activity: str = "",
    keyboard_shown: bool = False,
    screen_on: bool = True,
    lock: LockState = "unlocked",
    taken_at: datetime | None = None,
) -> Screen:
    """A screen from a dump alone (`uiautomator dump`, uiautomator2, Appium page source), for recordings and files.

    What is not given is taken from the dump where it says so; the size, where nobody says, is what its roots span.

    Raises:
        HierarchyRefused: too large, unsafe, empty or no hierarchy; `cause` says which, `next_step` what to do.
    """
    parsed = parse(data, size)
    return Screen(
        elements=parsed.elements,
        roots=parsed.roots,
        size=parsed.size,
        rotation=parsed.rotation if rotation is None else rotation,
        package=package,
        activity=activity,
        keyboard_shown=keyboard_shown,
        screen_on=screen_on,
        lock=lock,
        taken_at=taken_at,
        source=data,
        truncated=parsed.truncated,
        notes=parsed.notes,
    )
