"""A page as a tree that can be changed, with the truth in it: each node's key says which element it is.

From the phone's own frame or from a dump, and back to a reading (`page`) in the form every dump has. Geometry is kept
sound by whoever changes it, with the helpers here: children stay inside their parents, what leaves its window is gone.
"""

from __future__ import annotations

import copy
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import escape
from typing import Final

from device.actions import Size
from device.virtual.window.frame import Frame
from device.virtual.window.hierarchy import Node as PhoneNode
from device.virtual.window.hierarchy import roots
from mobimem.evals.cases_rule import Page
from perception.element import FLAG_NAMES, VISIBLE, Bounds, Element
from perception.screen import Screen, parse_hierarchy

TEXTS: Final = ("text", "description", "hint")
SAME: Final = "~"  # in a key: a sibling has the same, so that in another order nobody knows which is which
_ACTS: Final = {name: 1 << place for place, name in enumerate(FLAG_NAMES)}


@dataclass(eq=False, slots=True)
class Node:
    """One element. `flags` as in `perception.element`, VISIBLE included."""

    key: str
    text: str
    description: str
    hint: str
    resource_id: str
    cls: str
    package: str
    bounds: Bounds
    flags: int
    icon: str = ""
    children: list[Node] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in document order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.children)

    def copied(self) -> Node:
        """An equal node with equal children, none of them the same; deepcopy takes ten times as long."""
        made = copy.copy(self)
        made.children = [child.copied() for child in self.children]
        return made


@dataclass(eq=False, slots=True)
class Tree:
    """All windows of a reading. `package` and `activity` are in front."""

    roots: list[Node]
    size: Size
    package: str
    activity: str = ""
    keyboard_shown: bool = False

    def walk(self) -> Iterator[Node]:
        for root in self.roots:
            yield from root.walk()

    def find(self, key: str) -> Node | None:
        return next((node for node in self.walk() if node.key == key), None)

    def parents(self) -> dict[str, Node]:
        """The parent of each node, by the node's key; roots have none."""
        return {child.key: node for node in self.walk() for child in node.children}

    def above(self, key: str) -> list[Node]:
        """From the parent up to the root of the window."""
        parents, found = self.parents(), []
        while key in parents:
            found.append(parents[key])
            key = parents[key].key
        return found

    def copied(self) -> Tree:
        """Another tree of equal nodes; no node is in both."""
        return replace(self, roots=[root.copied() for root in self.roots])


def of_frame(frame: Frame, package: str, activity: str, *, keyboard_shown: bool) -> Tree:
    """What the phone shows. A key is the window and the path of the view in it, which outlive drift, size and words."""
    tops = [_of_phone(top, f"{top.window.name}/{_step(top)}") for top in roots(frame)]
    return Tree(tops, frame.size, package, activity, keyboard_shown)


def _of_phone(node: PhoneNode, key: str) -> Node:
    taken: Counter[str] = Counter()
    children = []
    for child in node.children:
        step = _step(child)
        children.append(_of_phone(child, f"{key}/{step}{SAME * taken[step]}"))
        taken[step] += 1
    flags = sum(_ACTS[name] for name in FLAG_NAMES if getattr(node, name.replace("-", "_")))
    bounds = node.bounds
    return Node(
        key, node.text, node.desc, node.hint, node.resource_id, node.cls, node.package,
        Bounds(bounds.left, bounds.top, bounds.right, bounds.bottom), flags | VISIBLE, node.box.view.style.icon,
        children,
    )  # fmt: skip


def _step(node: PhoneNode) -> str:
    """The view's key. In menus that is the words of the row, which another language changes: there its place."""
    step = node.box.path[-1] if node.box.path else ""
    said = {part.text for part in node.walk()} if node.window.kind == "dialog" else ()
    return f"#{node.box.index}" if step and step in said else step


def of_screen(screen: Screen, package: str) -> Tree:
    """A dump. A key is the element's number in it."""

    def made(element: Element) -> Node:
        return Node(
            str(element.index), element.text, element.description, element.hint, element.resource_id, element.cls,
            element.package, element.bounds, element.flags,
        )  # fmt: skip

    nodes = [made(element) for element in screen.elements]
    for element in screen.elements:
        nodes[element.index].children = [nodes[child] for child in element.children]
    return Tree([nodes[root] for root in screen.roots], screen.size, package)


def page(tree: Tree) -> Page:
    """The reading a device would give of the tree, and the truth beside it."""
    nodes = list(tree.walk())
    parts = ["<hierarchy rotation='0'>"]
    for root in tree.roots:
        _write(root, parts)
    parts.append("</hierarchy>")
    screen = parse_hierarchy(
        "".join(parts), size=tree.size, package=tree.package, activity=tree.activity, keyboard_shown=tree.keyboard_shown
    )
    if len(screen.elements) != len(nodes):
        raise AssertionError(f"{len(nodes)} nodes were written and {len(screen.elements)} elements read")
    return Page(screen, tuple(node.key for node in nodes), tuple(node.icon for node in nodes))


def _write(root: Node, parts: list[str]) -> None:
    waiting: list[Node | None] = [root]
    while waiting:
        node = waiting.pop()
        if node is None:
            parts.append("</node>")
            continue
        parts.append(f"<node {_attributes(node)}>")
        waiting += [None, *reversed(node.children)]


def _attributes(node: Node) -> str:
    flags = " ".join(f'{name}="{"true" if node.flags & bit else "false"}"' for name, bit in _ACTS.items())
    left, top, right, bottom = node.bounds
    texts = (
        f'text="{_escaped(node.text)}" content-desc="{_escaped(node.description)}" hint="{_escaped(node.hint)}"'
        f' resource-id="{_escaped(node.resource_id)}" class="{_escaped(node.cls)}" package="{_escaped(node.package)}"'
    )
    seen = "true" if node.flags & VISIBLE else "false"
    return f'{texts} {flags} visible-to-user="{seen}" bounds="[{left},{top}][{right},{bottom}]"'


def _escaped(words: str) -> str:
    return escape(words).replace("\n", "&#10;").replace("\t", "&#9;").replace("\r", "&#13;")


# -- geometry


def shift(node: Node, dx: int, dy: int) -> None:
    """Moves the node with all that stands in it."""
    for part in node.walk():
        left, top, right, bottom = part.bounds
        part.bounds = Bounds(left + dx, top + dy, right + dx, bottom + dy)


def clip(node: Node, box: Bounds) -> None:
    """Cuts what stands in the node to the box; what nothing is left of is gone, as a phone does not report it."""
    kept = []
    for child in node.children:
        if not child.bounds.area_px:  # it never was seen; phones send such nodes
            kept.append(child)
            continue
        child.bounds = child.bounds.meet(box)
        if child.bounds.area_px:
            clip(child, child.bounds)
            kept.append(child)
    node.children = kept


def upright(nodes: list[Node]) -> bool:
    """They stand one below the other."""
    return all(one.bounds.bottom <= other.bounds.top for one, other in itertools.pairwise(nodes))


def across(nodes: list[Node]) -> bool:
    """They stand side by side, from either side."""
    from_left = all(one.bounds.right <= other.bounds.left for one, other in itertools.pairwise(nodes))
    return from_left or all(one.bounds.left >= other.bounds.right for one, other in itertools.pairwise(nodes))


def laid_again(parent: Node, order: list[Node]) -> None:
    """Puts the children in another order into the same room, gaps kept; they stood in a row or a column before."""
    before = parent.children
    down = upright(before)
    old = sorted(before, key=lambda node: node.bounds.top if down else node.bounds.left)
    edges = [(node.bounds.top, node.bounds.bottom) if down else (node.bounds.left, node.bounds.right) for node in old]
    gaps = [after[0] - one[1] for one, after in itertools.pairwise(edges)]
    backwards = not down and before != old
    at = edges[0][0]
    for place, node in enumerate(reversed(order) if backwards else order):
        if down:
            shift(node, 0, at - node.bounds.top)
            at = node.bounds.bottom
        else:
            shift(node, at - node.bounds.left, 0)
            at = node.bounds.right
        at += gaps[place] if place < len(gaps) else 0
    parent.children = list(order)


def fit(node: Node, box: Bounds) -> None:
    """Draws the node with all that stands in it into the box."""
    old = node.bounds
    wide, high = box.width_px / max(1, old.width_px), box.height_px / max(1, old.height_px)

    def drawn(one: Bounds) -> Bounds:
        left, top = box.left + (one.left - old.left) * wide, box.top + (one.top - old.top) * high
        right, bottom = box.left + (one.right - old.left) * wide, box.top + (one.bottom - old.top) * high
        return _whole(one, left, top, right, bottom)

    for part in node.walk():
        part.bounds = drawn(part.bounds)


def scaled(tree: Tree, size: Size) -> None:
    """The page on a screen of another size."""
    wide, high = size.width_px / tree.size.width_px, size.height_px / tree.size.height_px
    for node in tree.walk():
        left, top, right, bottom = node.bounds
        node.bounds = _whole(node.bounds, left * wide, top * high, right * wide, bottom * high)
    tree.size = size


def opened(parent: Node, factor: float) -> None:
    """Makes each child, from the first one's top on, higher or lower by the factor."""
    start = parent.children[0].bounds.top
    for child in parent.children:
        for part in child.walk():
            left, top, right, bottom = part.bounds
            part.bounds = _whole(
                part.bounds, left, start + (top - start) * factor, right, start + (bottom - start) * factor
            )


def _whole(old: Bounds, left: float, top: float, right: float, bottom: float) -> Bounds:
    """The box in whole px; what had an area keeps one."""
    box = Bounds(int(left), int(top), int(right), int(bottom))
    if old.area_px and not box.area_px:
        return box._replace(right=max(box.right, box.left + 1), bottom=max(box.bottom, box.top + 1))
    return box
