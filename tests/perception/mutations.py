"""Seeded changes of a page, as apps, updates and people make them, with the truth kept beside it.

A page is an lxml tree whose nodes carry `mm-key`, an attribute the parser under test does not know: whatever a change
does to ids, texts, order or place, the key says which node is the element that was recorded. A change is a function
`(tree, target, random) -> None`; it alters the tree in place. Copies get keys of their own: they are other elements.

Left out on purpose, because the changed page holds too little to tell; locating *is* wrong on them, and the figures of
`test_mutations` do not cover them: the target is gone and an element of the same class takes over its very text (235
wrong of 2,078 on the dev dumps); a new element with the target's id and place but another text, which is what a
rewording looks like, or one that says nothing in the place of one that said nothing (746 of 2,078); a list whose new
item holds a copy of the target's own wordless group while the target goes (9 of 2,078).
"""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable
from typing import Any

from lxml import etree

from perception.errors import HierarchyRefused
from perception.locate import Ambiguous, Found, locate
from perception.screen import Screen, parse_hierarchy
from perception.selector import make_selector
from perception.source_text import decoded

Node = Any  # lxml has no types
Change = Callable[[Node, Node, random.Random], None]
KEY = "mm-key"


def keyed(screen_xml: str | bytes) -> Node | None:
    """The page as a tree with keys; None where it holds no element."""
    try:
        screen = parse_hierarchy(screen_xml)
    except HierarchyRefused:
        return None
    text = screen_xml if isinstance(screen_xml, str) else decoded(screen_xml)[0]
    text = re.sub(r"<\?xml.*?\?>", "", text)
    body = text[text.index("<") : text.rindex(">") + 1]
    tree = etree.fromstring(body, etree.XMLParser(recover=True))
    for index, node in enumerate(nodes(tree)):
        node.set(KEY, str(index))
    return tree if len(list(nodes(tree))) == len(screen.elements) else None


def nodes(tree: Node) -> list[Node]:
    return [node for node in tree.iter() if isinstance(node.tag, str) and node.get("bounds") is not None]


def shown(tree: Node) -> tuple[Screen, list[str]]:
    """The screen the tree stands for, and the key of each of its elements."""
    return parse_hierarchy(etree.tostring(tree, encoding="unicode")), [node.get(KEY) for node in nodes(tree)]


def outcome(tree: Node, key: str, change: Change, seed: int) -> str:
    """What locating says after the change: right, wrong, ambiguous or not found."""
    before, keys = shown(tree)
    element = before.elements[keys.index(key)]
    selector = make_selector(before, element)
    changed = copy.deepcopy(tree)
    target = next(node for node in nodes(changed) if node.get(KEY) == key)
    change(changed, target, random.Random(seed))
    try:
        after, keys_after = shown(changed)
    except HierarchyRefused:
        return "refused"
    match locate(after, selector):
        case Found(element=found):
            return "right" if keys_after[found.index] == key else "wrong"
        case Ambiguous():
            return "ambiguous"
        case _:
            return "not_found"


def word(rng: random.Random) -> str:
    return "".join(rng.choice("bcdfgklmnprst") + rng.choice("aeiou") for _ in range(rng.randint(2, 4))).capitalize()


def ids_renamed(tree: Node, target: Node, rng: random.Random) -> None:
    names: dict[str, str] = {}
    for node in nodes(tree):
        if known := node.get("resource-id"):
            package = known.rpartition("/")[0]
            node.set("resource-id", names.setdefault(known, f"{package}/{word(rng).lower()}{len(names)}"))


def own_id_renamed(tree: Node, target: Node, rng: random.Random) -> None:
    if target.get("resource-id"):
        target.set("resource-id", f"com.example:id/{word(rng).lower()}")


def reworded(tree: Node, target: Node, rng: random.Random) -> None:
    for name in ("text", "content-desc"):
        if target.get(name):
            target.set(name, f"{word(rng)} {word(rng)}")


def every_text_reworded(tree: Node, target: Node, rng: random.Random) -> None:
    for node in nodes(tree):
        reworded(tree, node, rng)


def half_of_the_texts_reworded(tree: Node, target: Node, rng: random.Random) -> None:
    for node in nodes(tree):
        if node is not target and rng.random() < 0.5:
            reworded(tree, node, rng)


def moved(tree: Node, target: Node, rng: random.Random) -> None:
    x, y = rng.randint(-300, 300), rng.randint(-600, 600)
    for node in target.iter():
        _rebound(node, lambda left, top, right, bottom: (left + x, top + y, right + x, bottom + y))


def another_size(tree: Node, target: Node, rng: random.Random) -> None:
    wide, high = rng.uniform(0.5, 1.6), rng.uniform(0.5, 1.6)
    for node in nodes(tree):
        _rebound(node, lambda a, b, c, d: (int(a * wide), int(b * high), int(c * wide), int(d * high)))


def _rebound(node: Node, by: Callable[[int, int, int, int], tuple[int, int, int, int]]) -> None:
    numbers = [int(number) for number in re.findall(r"-?\d+", node.get("bounds", ""))]
    if len(numbers) == 4:
        left, top, right, bottom = by(*numbers)
        node.set("bounds", f"[{left},{top}][{right},{bottom}]")


def _scrollers(tree: Node) -> list[Node]:
    """Lists, the innermost of them: what scrolls and holds nothing that scrolls."""
    scrolling = [node for node in nodes(tree) if node.get("scrollable") == "true" and len(node) > 1]
    return [node for node in scrolling if not any(part in scrolling for part in node.iterdescendants())]


def reordered(tree: Node, target: Node, rng: random.Random) -> None:
    for scroller in _scrollers(tree):
        items = list(scroller)
        boxes = [item.get("bounds") for item in items]
        rng.shuffle(items)
        scroller[:] = items
        for item, box in zip(items, boxes, strict=True):
            item.set("bounds", box)


def scrolled(tree: Node, target: Node, rng: random.Random) -> None:
    for scroller in _scrollers(tree):
        gone = rng.randint(1, max(1, len(scroller) // 2))
        like = _item_without(scroller, target)
        new = [] if like is None else [_other_item(tree, like, rng) for _ in range(gone)]
        scroller[:] = [*list(scroller)[gone:], *new]


def item_added(tree: Node, target: Node, rng: random.Random) -> None:
    for scroller in _scrollers(tree):
        like = _item_without(scroller, target)
        if like is not None:
            scroller.insert(rng.randint(0, len(scroller)), _other_item(tree, like, rng))


def _item_without(scroller: Node, target: Node) -> Node | None:
    """An item to make new ones like. Not the target's own: a copy of what says nothing would be its exact likeness."""
    return next((item for item in scroller if target not in (item, *item.iterdescendants())), None)


def _other_item(tree: Node, like: Node, rng: random.Random) -> Node:
    item = _copied(like, rng)
    every_text_reworded(item, item, rng)
    return item


def _copied(node: Node, rng: random.Random) -> Node:
    made = copy.deepcopy(node)
    for part in made.iter():
        part.set(KEY, f"copy{rng.random()}")
    return made


def look_alike_added(tree: Node, target: Node, rng: random.Random) -> None:
    parent = target.getparent()
    if parent is not None:
        parent.insert(rng.choice([parent.index(target), parent.index(target) + 1]), _copied(target, rng))


def label_duplicated(tree: Node, target: Node, rng: random.Random) -> None:
    others = [node for node in nodes(tree) if node is not target and len(node) == 0]
    if others and (target.get("text") or target.get("content-desc")):
        other = rng.choice(others)
        for name in ("text", "content-desc"):
            other.set(name, target.get(name, ""))


def removed(tree: Node, target: Node, rng: random.Random) -> None:
    if target.getparent() is not None:
        target.getparent().remove(target)


def removed_and_look_alike_left(tree: Node, target: Node, rng: random.Random) -> None:
    kind = (target.get("class"), target.get("clickable"))
    others = [node for node in nodes(tree) if len(node) == 0 and (node.get("class"), node.get("clickable")) != kind]
    if others and (target.get("text") or target.get("content-desc")):
        other = rng.choice(others)  # of another kind: an equal one is what moving the target leaves
        for name in ("text", "content-desc"):
            other.set(name, target.get(name, ""))
    removed(tree, target, rng)


def removed_and_ids_renamed(tree: Node, target: Node, rng: random.Random) -> None:
    removed(tree, target, rng)
    ids_renamed(tree, target, rng)


def removed_and_item_added(tree: Node, target: Node, rng: random.Random) -> None:
    parent = target.getparent()
    says = target.get("text") or target.get("content-desc")
    listed = parent is not None and any(above.get("scrollable") == "true" for above in target.iterancestors())
    typed = target.get("class", "").endswith(("EditText", "AutoCompleteTextView"))
    if says and listed and not typed:  # outside of lists this equals rewording; what says nothing has no other text
        parent.replace(target, _other_item(tree, target, rng))
    else:
        removed(tree, target, rng)


def removed_and_scrolled(tree: Node, target: Node, rng: random.Random) -> None:
    scrolled(tree, target, rng)
    if target.getparent() is not None:
        target.getparent().remove(target)


def wrapped(tree: Node, target: Node, rng: random.Random) -> None:
    parent = target.getparent()
    if parent is not None and target.tag == "node":
        wrapper = etree.Element("node", dict(target.attrib))
        for name in ("text", "content-desc", "resource-id"):
            wrapper.set(name, "")
        wrapper.set("class", "android.widget.FrameLayout")
        wrapper.set("clickable", "false")
        wrapper.set(KEY, "wrapper")
        parent.replace(target, wrapper)
        wrapper.append(target)


def neighbour_removed(tree: Node, target: Node, rng: random.Random) -> None:
    parent = target.getparent()
    siblings = [node for node in parent if node is not target] if parent is not None else []
    if siblings:
        parent.remove(rng.choice(siblings))


def renamed_moved_and_resized(tree: Node, target: Node, rng: random.Random) -> None:
    ids_renamed(tree, target, rng)
    moved(tree, target, rng)
    another_size(tree, target, rng)


CHANGES: dict[str, Change] = {
    change.__name__: change
    for change in (
        ids_renamed, own_id_renamed, reworded, every_text_reworded, half_of_the_texts_reworded, moved, another_size,
        reordered, scrolled, item_added, look_alike_added, label_duplicated, wrapped, neighbour_removed,
        renamed_moved_and_resized,
    )
}  # fmt: skip
REMOVALS: dict[str, Change] = {
    change.__name__: change
    for change in (
        removed, removed_and_look_alike_left, removed_and_ids_renamed, removed_and_item_added, removed_and_scrolled,
    )
}  # fmt: skip
