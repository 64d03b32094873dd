"""The accessibility nodes of a frame, and their dump in uiautomator's XML form.

What is reported is what a real phone reports: the uppermost window first, nothing of windows that a modal one covers,
no view of which nothing is seen, and nothing of a secure window. Bounds are what is seen. Form and order of the
attributes are those of uiautomator2's `AccessibilityNodeInfoDumper`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from device.virtual.window.frame import Box, Frame, Rect, Window
from device.virtual.window.layout import BULLET
from device.virtual.window.view import View

HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>"
KEYS_KINDS = ("app", "dialog", "lock", "shade")
_BAR_KINDS = ("status_bar", "navigation_bar", "keyboard", "heads_up")
_WIDGET = "android.widget."
_LISTS = (f"{_WIDGET}GridView", f"{_WIDGET}GridLayout", f"{_WIDGET}ListView", f"{_WIDGET}TableLayout")


@dataclass(eq=False, slots=True)
class Node:
    """One accessibility node. `bounds` is the part that is seen; `box` has the whole."""

    window: Window = field(repr=False)
    box: Box = field(repr=False)
    index: int
    text: str
    resource_id: str
    cls: str
    package: str
    desc: str
    checkable: bool
    checked: bool
    clickable: bool
    enabled: bool
    focusable: bool
    focused: bool
    scrollable: bool
    long_clickable: bool
    password: bool
    selected: bool
    bounds: Rect
    hint: str
    drawing_order: int
    parent: Node | None = field(repr=False)
    children: list[Node] = field(default_factory=list, repr=False)

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in dump order."""
        yield self
        for child in self.children:
            yield from child.walk()


def nodes(frame: Frame, *, compressed: bool = False, active_only: bool = False) -> list[Node]:
    """All nodes in dump order: the window that has the keys first, then the others from the top down."""
    return [node for root in roots(frame, compressed=compressed, active_only=active_only) for node in root.walk()]


def roots(frame: Frame, *, compressed: bool = False, active_only: bool = False) -> list[Node]:
    """The root node of each window that is reported."""
    found: list[Node] = []
    for window in reported_windows(frame, active_only=active_only):
        tops = _build(window, window.root, None, 1, compressed)
        for position, top in enumerate(tops):
            top.index = position
        found += tops
    return found


def reported_windows(frame: Frame, *, active_only: bool = False) -> list[Window]:
    """The windows an accessibility service gets, the one with the keys first."""
    active = next((one for one in reversed(frame.windows) if one.kind in KEYS_KINDS), None)
    covering = next((place for place in reversed(range(len(frame.windows))) if frame.windows[place].modal), 0)
    seen = [
        window
        for place, window in enumerate(frame.windows)
        if window.in_hierarchy and not window.secure and (place >= covering or window.kind in _BAR_KINDS)
    ]
    order = ([active] if active in seen and active is not None else []) + [
        window for window in reversed(seen) if window is not active
    ]
    return [window for window in order if window is active] if active_only else order


def dump(frame: Frame, *, compressed: bool = False, max_depth: int = 50, active_only: bool = False) -> str:
    """The XML text. A frame of which nothing may be told gives the empty hierarchy, as a real phone does."""
    tops = roots(frame, compressed=compressed, active_only=active_only)
    head = f'{HEAD}\r\n<hierarchy rotation="{frame.rotation}"'
    if not tops:
        return f"{head} />"
    parts = [f"{head}>"]
    for top in tops:
        _write(top, 1, max_depth, parts)
    parts.append("\r\n</hierarchy>")
    return "".join(parts)


# ---- nodes


def _build(window: Window, box: Box, parent: Node | None, order: int, compressed: bool) -> list[Node]:
    """The node of a box, or, where the box itself counts for nothing, those of its children in its place."""
    if box.visible.empty:
        return []
    if compressed and not _important(box):
        return _build_all(window, box.children, parent, compressed)
    node = _node(window, box, parent, order)
    node.children = _build_all(window, box.children, node, compressed)
    for place, child_node in enumerate(node.children):
        child_node.index = place
    return [node]


def _build_all(window: Window, boxes: tuple[Box, ...], parent: Node | None, compressed: bool) -> list[Node]:
    return [node for place, box in enumerate(boxes) for node in _build(window, box, parent, place + 1, compressed)]


def _node(window: Window, box: Box, parent: Node | None, order: int) -> Node:
    view = box.view
    words, desc = view.text, view.desc
    password = view.kind == "edit" and view.input == "password"
    if password:
        words = BULLET * len(words)
    if window.kind == "keyboard":  # keys are pictures: what they say is their description
        words, desc = "", desc or words
    return Node(
        window=window,
        box=box,
        index=0,
        text=words or (view.hint if view.kind == "edit" else ""),
        resource_id=resource_id(view, window.package),
        cls=view.cls,
        package=window.package,
        desc=desc,
        checkable=view.checkable,
        checked=view.checked,
        clickable=_clickable(view),
        enabled=view.enabled,
        focusable=view.is_focusable or box.scroll is not None,
        focused=box.focused,
        scrollable=box.scroll is not None and box.scroll.max_offset_px > 0,
        long_clickable=view.on_long_press is not None or view.kind == "edit",
        password=password,
        selected=view.selected,
        bounds=box.visible,
        hint=view.hint,
        drawing_order=order,
        parent=parent,
    )


def resource_id(view: View, package: str) -> str:
    """The full resource id: "title" becomes "<package>:id/title"; "" where the view has none."""
    if not view.id or ":" in view.id:
        return view.id
    return f"{package}:id/{view.id}"


def _clickable(view: View) -> bool:
    if view.clickable is not None:
        return view.clickable
    return view.on_tap is not None or view.on_double_tap is not None or view.kind == "edit"


def _important(box: Box) -> bool:
    """Whether Android calls a view important for accessibility; plain layout is not."""
    view = box.view
    if view.kind not in ("column", "row", "frame", "space", "divider"):
        return view.kind != "image" or bool(view.desc) or _clickable(view) or view.on_pinch is not None
    return bool(view.text or view.desc or view.checkable or view.on_long_press) or _clickable(view)


# ---- XML


def _write(node: Node, depth: int, max_depth: int, parts: list[str]) -> None:
    if depth > max_depth:
        return
    indent = "\r\n" + "  " * depth
    parts.append(f"{indent}<node{_attributes(node)}")
    if not node.children or depth == max_depth:
        parts.append(" />")
        return
    parts.append(">")
    for child in node.children:
        _write(child, depth + 1, max_depth, parts)
    parts.append(f"{indent}</node>")


def _attributes(node: Node) -> str:
    naf = ' NAF="true"' if _unnamed(node) else ""
    bounds = node.bounds
    return (
        f'{naf} index="{node.index}" text="{_escaped(node.text)}" resource-id="{_escaped(node.resource_id)}"'
        f' class="{_escaped(node.cls)}" package="{_escaped(node.package)}" content-desc="{_escaped(node.desc)}"'
        f' checkable="{_said(node.checkable)}" checked="{_said(node.checked)}" clickable="{_said(node.clickable)}"'
        f' enabled="{_said(node.enabled)}" focusable="{_said(node.focusable)}" focused="{_said(node.focused)}"'
        f' scrollable="{_said(node.scrollable)}" long-clickable="{_said(node.long_clickable)}"'
        f' password="{_said(node.password)}" selected="{_said(node.selected)}" visible-to-user="true"'
        f' bounds="[{bounds.left},{bounds.top}][{bounds.right},{bounds.bottom}]"'
        f' drawing-order="{node.drawing_order}" hint="{_escaped(node.hint)}" display-id="0"'
    )


def _unnamed(node: Node) -> bool:
    """uiautomator's "not accessibility friendly": can be tapped, and neither it nor anything in it has a name."""
    if node.cls in _LISTS or not (node.clickable and node.enabled):
        return False
    return not any(one.text or one.desc for one in node.walk())


def _said(yes: bool) -> str:
    return "true" if yes else "false"


_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def _escaped(words: str) -> str:
    if words.isalnum():
        return words
    return "".join(_ENTITIES.get(character) or _printable(character) for character in words)


def _printable(character: str) -> str:
    """The character, or "." for one that XML or uiautomator will not have."""
    code = ord(character)
    if code < 0x20 or (0x7F <= code <= 0x9F and code != 0x85):
        return "."
    if 0xD800 <= code <= 0xDFFF or 0xFDD0 <= code <= 0xFDDF or code & 0xFFFE == 0xFFFE:
        return "."
    return f"&#{code};" if code > 0xFFFF else character
