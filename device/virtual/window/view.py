"""What an app shows: an immutable tree of views, built anew for each frame from the app's own state.

Apps never draw and never keep view objects: a page's `view()` returns this tree, `layout` gives it places, and from
the *same* laid-out tree the hierarchy is dumped, the picture is drawn and touches are routed. All lengths are in dp
(160 per inch); colours are names of the theme's palette ("surface", "primary", …) or "#rrggbb". The classes reported
are Android's own, so that clients meet what a real phone would send.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal[
    "column", "row", "frame", "scroll", "hscroll", "text", "edit", "image", "switch", "checkbox", "radio",
    "slider", "progress", "divider", "space",
]  # fmt: skip
Length = float | Literal["fill", "wrap"]
Align = Literal["start", "center", "end", "stretch"]
Input = Literal["text", "number", "phone", "email", "password", "multiline"]

FILL: Literal["fill"] = "fill"
WRAP: Literal["wrap"] = "wrap"


@dataclass(frozen=True, slots=True)
class Edges:
    """Distances in dp from the four sides."""

    left: float = 0
    top: float = 0
    right: float = 0
    bottom: float = 0


def edges(*values: float) -> Edges:
    """`edges(8)` all sides, `edges(16, 8)` sideways and up/down, `edges(l, t, r, b)` each."""
    if len(values) == 1:
        return Edges(values[0], values[0], values[0], values[0])
    if len(values) == 2:
        return Edges(values[0], values[1], values[0], values[1])
    if len(values) == 4:
        return Edges(*values)
    raise ValueError("edges takes one, two or four lengths in dp")


@dataclass(frozen=True, slots=True)
class Style:
    """How a view looks. Nothing here changes where it stands, except the text size."""

    background: str | None = None
    color: str = "on_surface"
    corner_dp: float = 0
    elevation_dp: float = 0
    border: str | None = None
    text_sp: float = 16
    bold: bool = False
    text_align: Literal["start", "center", "end"] = "start"
    max_lines: int = 0  # 0: as many as it takes
    icon: str = ""  # name of an icon drawn by `render.icons`
    icon_dp: float = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One node. `id` is short ("title" becomes "<package>:id/title") or full ("android:id/list").

    `key` tells siblings apart across frames (scroll position, focus, cursor hang on the path of keys); it defaults to
    the id or the index. A handler that is set makes the view clickable, long-clickable or draggable.
    """

    kind: Kind
    cls: str = "android.view.ViewGroup"
    id: str = ""
    key: str = ""
    text: str = ""
    desc: str = ""
    hint: str = ""
    children: tuple[View, ...] = ()

    width: Length = WRAP
    height: Length = WRAP
    weight: float = 0
    pad: Edges = Edges()
    margin: Edges = Edges()
    gap: float = 0
    align: Align = "start"  # across a row or column; in a frame, of each child both ways
    justify: Literal["start", "center", "end", "between"] = "start"  # along it
    style: Style = Style()

    enabled: bool = True
    visible: bool = True
    clickable: bool | None = None  # None: clickable when it has on_tap
    focusable: bool | None = None  # None: focusable when clickable or a field
    checkable: bool = False
    checked: bool = False
    selected: bool = False
    input: Input = "text"
    value: float = 0  # slider and progress: 0..1
    scale: float = 1.0  # of an image's content: what a pinch changes

    on_tap: Callable[[], None] | None = field(default=None, compare=False, repr=False)
    on_double_tap: Callable[[], None] | None = field(default=None, compare=False, repr=False)
    on_long_press: Callable[[], None] | None = field(default=None, compare=False, repr=False)
    on_text: Callable[[str], None] | None = field(default=None, compare=False, repr=False)  # field: its whole new text
    on_enter: Callable[[], None] | None = field(default=None, compare=False, repr=False)  # field: the enter key
    on_value: Callable[[float], None] | None = field(default=None, compare=False, repr=False)  # slider: 0..1
    on_pinch: Callable[[float], None] | None = field(default=None, compare=False, repr=False)  # factor

    @property
    def is_clickable(self) -> bool:
        return self.enabled and (self.on_tap is not None if self.clickable is None else self.clickable)

    @property
    def is_focusable(self) -> bool:
        return (self.is_clickable or self.kind == "edit") if self.focusable is None else self.focusable


def column(*children: View | None, **fields: object) -> View:
    """Children below each other. `None` children are left out, here and in every builder."""
    return _box("column", "android.widget.LinearLayout", children, fields)


def row(*children: View | None, **fields: object) -> View:
    """Children beside each other; `weight` shares out what width is left."""
    return _box("row", "android.widget.LinearLayout", children, fields)


def frame(*children: View | None, **fields: object) -> View:
    """Children on top of each other, later ones above."""
    return _box("frame", "android.widget.FrameLayout", children, fields)


def scroll(*children: View | None, **fields: object) -> View:
    """A column that scrolls up and down: fills its width, clips what is outside."""
    return _box("scroll", "android.widget.ScrollView", children, {"width": FILL, "height": FILL, **fields})


def list_view(items: Sequence[View | None], **fields: object) -> View:
    """A scrolling list with Android's own list id and class."""
    given = {"id": "android:id/list", "cls": "android.widget.ListView", **fields}
    return _box("scroll", "", tuple(items), {"width": FILL, "height": FILL, **given})


def hscroll(*children: View | None, **fields: object) -> View:
    """A row that scrolls sideways."""
    return _box("hscroll", "android.widget.HorizontalScrollView", children, {"width": FILL, **fields})


def text(words: str, **fields: object) -> View:
    """Words."""
    return _leaf("text", "android.widget.TextView", {"text": words, **fields})


def heading(words: str, **fields: object) -> View:
    """Words in a larger, bold type."""
    return text(words, **{"style": Style(text_sp=22, bold=True), **fields})


def button(words: str, on_tap: Callable[[], None] | None, **fields: object) -> View:
    """A filled button."""
    look = Style(background="primary", color="on_primary", corner_dp=20, text_sp=14, bold=True, text_align="center")
    given = {"style": look, "pad": edges(24, 10), "on_tap": on_tap, "text": words, **fields}
    return _leaf("text", "android.widget.Button", given)


def icon_button(icon: str, desc: str, on_tap: Callable[[], None] | None, **fields: object) -> View:
    """A picture that can be tapped; `desc` is its content description ("" is what a careless app does)."""
    given = {"style": Style(icon=icon), "desc": desc, "on_tap": on_tap, "pad": edges(12), **fields}
    return _leaf("image", "android.widget.ImageButton", given)


def image(icon: str, **fields: object) -> View:
    """An icon by its name."""
    return _leaf("image", "android.widget.ImageView", {"style": Style(icon=icon), **fields})


def edit(words: str, on_text: Callable[[str], None], **fields: object) -> View:
    """A text field: `words` is what it holds now; `on_text` receives the whole new text after each change."""
    look = Style(border="outline", corner_dp=8)
    given = {"style": look, "pad": edges(12), "width": FILL, "text": words, "on_text": on_text, **fields}
    return _leaf("edit", "android.widget.EditText", given)


def switch(on: bool, on_tap: Callable[[], None] | None, **fields: object) -> View:
    """A switch; tapping it calls `on_tap`, which has to turn it."""
    given = {"checkable": True, "checked": on, "on_tap": on_tap, **fields}
    return _leaf("switch", "android.widget.Switch", given)


def checkbox(on: bool, on_tap: Callable[[], None] | None, **fields: object) -> View:
    """A box to tick; tapping it calls `on_tap`, which has to tick it."""
    given = {"checkable": True, "checked": on, "on_tap": on_tap, **fields}
    return _leaf("checkbox", "android.widget.CheckBox", given)


def radio(on: bool, on_tap: Callable[[], None] | None, **fields: object) -> View:
    """A radio button; tapping it calls `on_tap`, which has to choose it."""
    given = {"checkable": True, "checked": on, "on_tap": on_tap, **fields}
    return _leaf("radio", "android.widget.RadioButton", given)


def slider(value: float, on_value: Callable[[float], None], **fields: object) -> View:
    """A bar to drag, at `value` (0..1); `on_value` is told each place it is dragged to."""
    return _leaf("slider", "android.widget.SeekBar", {"value": value, "on_value": on_value, "width": FILL, **fields})


def progress(value: float, **fields: object) -> View:
    """A bar that shows `value` (0..1)."""
    return _leaf("progress", "android.widget.ProgressBar", {"value": value, **fields})


def divider(**fields: object) -> View:
    """A thin line across."""
    return _leaf("divider", "android.view.View", {"width": FILL, "height": 1.0, **fields})


def space(weight: float = 1, **fields: object) -> View:
    """Room that takes its share of what is left over."""
    return _leaf("space", "android.widget.Space", {"weight": weight, **fields})


def styled(view: View, **look: object) -> View:
    """The same view with some fields of its style changed."""
    return replace(view, style=replace(view.style, **look))  # type: ignore[arg-type]


def _box(kind: Kind, cls: str, children: Sequence[View | None], fields: dict[str, object]) -> View:
    kept = tuple(child for child in children if child is not None)
    return View(**{"kind": kind, "cls": cls, "children": kept, **fields})  # type: ignore[arg-type]


def _leaf(kind: Kind, cls: str, fields: dict[str, object]) -> View:
    return View(**{"kind": kind, "cls": cls, **fields})  # type: ignore[arg-type]
