"""`Element`: one node of a screen as the device described it, and `Bounds`, its box in px.

An element is immutable and holds no references: parent and children are indices into its screen's `elements`, so a
screen of a thousand nodes is a thousand small tuples. Text is kept exactly as shown (bidi marks, private-use glyphs
and line breaks included); comparing text is `perception.words`. Nothing here judges what an element is for.
A NamedTuple and not a frozen dataclass: building one takes 0.2 against 2.3 us (12 fields, timeit), and a screen is
read before every step. Attribute names follow Android's AccessibilityNodeInfo.
"""

from __future__ import annotations

from typing import Final, NamedTuple

FLAG_NAMES: Final = (
    "checkable", "checked", "clickable", "enabled", "focusable", "focused", "scrollable", "long-clickable",
    "password", "selected",
)  # fmt: skip
CHECKABLE, CHECKED, CLICKABLE, ENABLED, FOCUSABLE, FOCUSED, SCROLLABLE, LONG_CLICKABLE, PASSWORD, SELECTED = (
    1 << bit for bit in range(len(FLAG_NAMES))
)
VISIBLE: Final = 1 << len(FLAG_NAMES)
ACTIONABLE: Final = CLICKABLE | LONG_CLICKABLE | CHECKABLE


class Bounds(NamedTuple):
    """A box in px. Phones send empty, inverted and negative ones; they are kept as sent."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width_px(self) -> int:
        return max(0, self.right - self.left)

    @property
    def height_px(self) -> int:
        return max(0, self.bottom - self.top)

    @property
    def area_px(self) -> int:
        return self.width_px * self.height_px

    def meet(self, other: Bounds) -> Bounds:
        """The common part; empty (area 0) where they do not overlap."""
        return Bounds(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )


NOWHERE: Final = Bounds(0, 0, 0, 0)


class Element(NamedTuple):
    """One node. `index` is its position in `Screen.elements`; `parent` is -1 for the root of a window.

    `end` is one past the index of its last descendant: the subtree is `elements[index:end]`.
    `cls` is the full class name, also for Appium page source, where it is the tag.
    """

    index: int  # type: ignore[assignment]  # shadows tuple.index, which nobody needs here
    parent: int
    end: int
    children: tuple[int, ...]
    text: str
    description: str
    hint: str
    resource_id: str
    cls: str
    package: str
    bounds: Bounds
    flags: int

    @property
    def checkable(self) -> bool:
        return self.flags & CHECKABLE != 0

    @property
    def checked(self) -> bool:
        return self.flags & CHECKED != 0

    @property
    def clickable(self) -> bool:
        return self.flags & CLICKABLE != 0

    @property
    def enabled(self) -> bool:
        return self.flags & ENABLED != 0

    @property
    def focusable(self) -> bool:
        return self.flags & FOCUSABLE != 0

    @property
    def focused(self) -> bool:
        return self.flags & FOCUSED != 0

    @property
    def scrollable(self) -> bool:
        return self.flags & SCROLLABLE != 0

    @property
    def long_clickable(self) -> bool:
        return self.flags & LONG_CLICKABLE != 0

    @property
    def password(self) -> bool:
        return self.flags & PASSWORD != 0

    @property
    def selected(self) -> bool:
        return self.flags & SELECTED != 0

    @property
    def visible(self) -> bool:
        """It has an area on the screen and was not declared invisible. It may still lie under something else."""
        return self.flags & VISIBLE != 0

    @property
    def entry(self) -> str:
        """The resource id without its package: `send` of `com.app:id/send`."""
        return self.resource_id.rpartition("/")[2]

    @property
    def short_cls(self) -> str:
        return self.cls.rpartition(".")[2]

    @property
    def editable(self) -> bool:
        """A field to type into. Android does not dump `isEditable`; the class name tells."""
        return self.cls.endswith(("EditText", "AutoCompleteTextView", "SearchAutoComplete"))
