"""What updates, owners and other phones do to a page: the changes of `mobimem eval drift`'s cases, on trees.

Each change takes a `Turn` and says whether it changed anything; if not, the kind does not apply to this page. Pages
stay such as phones show: children inside their parents, an id renamed everywhere alike, a word replaced everywhere
alike, by a word of `cases_words`. Keys are never touched: they are the truth. New elements get keys of their own.

Where the target goes (`Turn.goes`), nothing is put in its place that could not be told from it by anybody: no copy of
it, and no element of its class and way of acting that takes over its very words. That is written here and not found by
trying: whether an element with the id, the words and the place of another is another one, nobody can say.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Final

from device.actions import Size
from mobimem.evals.cases_tree import (
    TEXTS,
    Node,
    Tree,
    across,
    clip,
    fit,
    laid_again,
    opened,
    scaled,
    shift,
    upright,
)
from mobimem.evals.cases_words import LANGUAGES, words
from perception.element import ACTIONABLE, CHECKED, FOCUSED, SCROLLABLE, SELECTED, VISIBLE, Bounds
from perception.words import has_letters, normal

SIZES: Final = (Size(720, 1280), Size(720, 1600), Size(1080, 1920), Size(1440, 3120), Size(1600, 2560))
LIST_MIN: Final = 3
ITEM_SCALES: Final = (0.85, 1.0, 1.25)  # another density: rows of a list are lower or higher
_SUFFIXES: Final = ("_v2", "_new", "_btn", "_view", "_widget")
_CODE: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
_STATE: Final = CHECKED | FOCUSED | SELECTED
_FIXED: Final = ("android:", "com.android.systemui:")  # the system's own: an app's update cannot rename them
_ICONS: Final = ("star", "heart", "cloud", "bolt", "leaf", "flag", "gift", "key")
_WIDER: Final = {  # what a look-alike says: the target's words and a little more
    "en": ("{} all", "{} later", "{} for everyone", "Quick {}"),
    "de": ("Alles {}", "Später {}", "{} für alle", "Schnell {}"),
    "es": ("{} todo", "{} después", "{} para todos"),
    "fr": ("{} tout", "{} plus tard", "{} pour tous"),
    "zh": ("全部{}", "稍后{}", "快速{}"),
}


@dataclass(eq=False, slots=True)
class Turn:
    """One case in the making. `meanings` collects what was put in place of what, normalised."""

    tree: Tree
    key: str
    rng: Random
    goes: bool = False
    meanings: set[tuple[str, str]] = field(default_factory=set)

    @property
    def target(self) -> Node:
        node = self.tree.find(self.key)
        if node is None:
            raise AssertionError(f"{self.key} is not on the page")
        return node

    def own(self, node: Node) -> bool:
        """It belongs to the app and not to the system around it."""
        return node.package == self.tree.package


Change = Callable[[Turn], bool]


def ids_renamed(turn: Turn) -> bool:
    """Every id of the app gets another name, the same one everywhere, in one of the styles updates do it in."""
    known = {node.resource_id for node in turn.tree.walk() if node.resource_id}
    taken = {name.rpartition("/")[2] for name in known}
    style = turn.rng.choice((_suffixed, _turned, _camel, _coded))
    names: dict[str, str] = {}
    for node in turn.tree.walk():
        if not node.resource_id or not turn.own(node) or node.resource_id.startswith(_FIXED):
            continue
        if node.resource_id not in names:
            head, slash, entry = node.resource_id.rpartition("/")
            fresh = style(entry, turn.rng)
            while fresh in taken:
                fresh += turn.rng.choice(_SUFFIXES)
            taken.add(fresh)
            names[node.resource_id] = f"{head}{slash}{fresh}"
        node.resource_id = names[node.resource_id]
    return bool(names)


def _suffixed(entry: str, rng: Random) -> str:
    return entry + rng.choice(_SUFFIXES)


def _turned(entry: str, rng: Random) -> str:
    parts = entry.split("_")
    return "_".join([*parts[1:], parts[0]]) if len(parts) > 1 else f"{rng.choice(('new', 'main', 'my'))}_{entry}"


def _camel(entry: str, rng: Random) -> str:
    parts = entry.split("_")
    return parts[0] + "".join(part.capitalize() for part in parts[1:]) if len(parts) > 1 else entry + "View"


def _coded(entry: str, rng: Random) -> str:
    """What an obfuscator makes of it."""
    return "".join(rng.choice(_CODE) for _ in range(3))


def reworded(turn: Turn) -> bool:
    """Other words for the same: all over the page, or for the target and about half of the rest."""
    table, share = words(), turn.rng.choice((1.0, 0.5))
    meant = {normal(text) for text in _texts_of(turn.target)}

    def other(text: str) -> str | None:
        return table.other(text, turn.rng) if normal(text) in meant or turn.rng.random() < share else None

    return _replaced(turn, other)


def other_locale(turn: Turn) -> bool:
    """Every word the table knows in one other language; where that is less than half of the page, no page speaks so."""
    table = words()
    spoken = [
        table.language(text) if table.concept(text) is not None else ""
        for node in turn.tree.walk()
        for text in _texts_of(node)
    ]
    spoken = [name for name in spoken if name]
    if not spoken:
        return False
    now = max(set(spoken), key=spoken.count)
    language = turn.rng.choice([name for name in LANGUAGES if name != now])
    changed = _replaced(turn, lambda text: table.translated(text, language, turn.rng))
    now_said = {normal(text) for node in turn.tree.walk() if turn.own(node) for text in _texts_of(node)}
    spoken_now = {text for text in now_said if has_letters(text)}
    return changed and 2 * len({fresh for _, fresh in turn.meanings} & spoken_now) >= len(spoken_now)


def _replaced(turn: Turn, other: Callable[[str], str | None]) -> bool:
    """Puts a word in place of another, everywhere alike; never one that the page says already for something else."""
    said = {normal(text) for node in turn.tree.walk() for text in _texts_of(node)}
    chosen: dict[str, str | None] = {}
    changed = False
    for node in turn.tree.walk():
        if not turn.own(node):
            continue
        for name in TEXTS:
            text = getattr(node, name)
            if not text:
                continue
            if normal(text) not in chosen:
                fresh = other(text)
                chosen[normal(text)] = None if fresh is not None and normal(fresh) in said else fresh
            if (fresh := chosen[normal(text)]) is not None:
                turn.meanings.add((normal(text), normal(fresh)))
                setattr(node, name, fresh)
                changed = True
    return changed


def _first_words(node: Node) -> str:
    """What is said first on or in the node; "" where nothing is."""
    return next((text for part in node.walk() if part.flags & VISIBLE for text in _texts_of(part)), "")


def _texts_of(node: Node) -> list[str]:
    return [text for name in TEXTS if (text := getattr(node, name))]


def moved(turn: Turn) -> bool:
    """The parts of a row or column around the target change places, or news at the top push everything down."""
    ways: list[Change] = [_turned_round, _banner]
    if turn.rng.random() < 0.5:
        ways.reverse()
    return any(way(turn) for way in ways)


def _turned_round(turn: Turn) -> bool:
    line = [turn.target, *turn.tree.above(turn.key)]
    rows = [node for node in line[1:] if len(node.children) > 1 and not node.flags & SCROLLABLE and _in_line(node)]
    if not rows:
        return False
    parent = turn.rng.choice(rows[:3])
    order = list(parent.children)
    if turn.rng.random() < 0.5 or len(order) == 2:
        order.reverse()
    else:
        turn.rng.shuffle(order)
    order = _twins_in_order(order, parent.children)
    if order == parent.children:
        return False
    laid_again(parent, order)
    return True


def _twins_in_order(order: list[Node], before: list[Node]) -> list[Node]:
    """The order, but those alike in all they say and are keep theirs: that they changed places, nobody could see."""
    waiting: dict[tuple[object, ...], list[Node]] = {}
    for node in reversed(before):
        waiting.setdefault(_looks(node), []).append(node)
    return [waiting[_looks(node)].pop() for node in order]


def _looks(node: Node) -> tuple[object, ...]:
    """What it says and is; not its state, which is another at the next look."""
    return tuple(
        (part.cls, part.text, part.description, part.hint, part.resource_id, part.flags & ~_STATE, part.icon)
        for part in node.walk()
    )


def _banner(turn: Turn) -> bool:
    line = [turn.target, *turn.tree.above(turn.key)]
    columns = [(parent, child) for child, parent in pairwise(line) if len(parent.children) > 1 and _is_column(parent)]
    if not columns:
        return False
    parent, child = columns[-1]  # the outermost
    place, box = parent.children.index(child), child.bounds
    height = max(24, turn.tree.size.height_px // 25)
    banner = _label(turn, "\u2728 2.0", box._replace(bottom=box.top + height))
    for below in parent.children[place:]:
        shift(below, 0, height)
    parent.children.insert(place, banner)
    clip(parent, parent.bounds)
    return True


def _label(turn: Turn, said: str, box: Bounds) -> Node:
    like = turn.target
    made = copy.copy(like)
    made.key, made.children, made.icon = f"new {turn.rng.random()}", [], ""
    made.text, made.description, made.hint, made.resource_id = said, "", "", ""
    made.cls, made.flags = "android.widget.TextView", VISIBLE | (like.flags & ~ACTIONABLE)
    made.bounds = box
    return made


def _is_column(node: Node) -> bool:
    return all(child.bounds.area_px for child in node.children) and upright(node.children)


def _in_line(node: Node) -> bool:
    return _is_column(node) or (all(child.bounds.area_px for child in node.children) and across(node.children))


def reordered(turn: Turn) -> bool:
    """The items of every list stand in another order; what is of another class than most of them keeps its place."""
    changed = False
    for node in list(turn.tree.walk()):
        if not node.flags & SCROLLABLE or len(node.children) < LIST_MIN or not _in_line(node):
            continue
        kinds = [child.cls for child in node.children]
        usual = max(set(kinds), key=kinds.count)
        places = [place for place, kind in enumerate(kinds) if kind == usual]
        if len(places) < LIST_MIN:
            continue
        items = [node.children[place] for place in places]
        turn.rng.shuffle(items)
        items = _twins_in_order(items, [node.children[place] for place in places])
        order = list(node.children)
        for place, item in zip(places, items, strict=True):
            order[place] = item
        changed = changed or order != node.children
        laid_again(node, order)
    return changed


def icon_replaced(turn: Turn) -> bool:
    """The target's pictures are other ones, and about half of all others."""
    drawn = [node for node in turn.target.walk() if node.icon]
    for node in turn.tree.walk():
        if node.icon and turn.own(node) and (node in drawn or turn.rng.random() < 0.5):
            node.icon = turn.rng.choice([icon for icon in _ICONS if icon != node.icon])
    return bool(drawn)


def other_size(turn: Turn) -> bool:
    """Another screen and another density: everything is wider or narrower, and lists hold fewer or more rows."""
    size = turn.rng.choice([one for one in SIZES if one != turn.tree.size])
    scaled(turn.tree, size)
    factor = turn.rng.choice(ITEM_SCALES)
    for node in turn.tree.walk():
        if factor != 1.0 and node.flags & SCROLLABLE and node.children and upright(node.children):
            opened(node, factor)
            clip(node, node.bounds)
    return True


def labels_duplicated(turn: Turn) -> bool:
    """Something else on the page says now what the target says."""
    said = _first_words(turn.target)
    related = {node.key for node in (*turn.tree.above(turn.key), *turn.target.walk())}
    seen = (node for node in turn.tree.walk() if node.flags & VISIBLE and node.key not in related)
    others = [node for node in seen if turn.own(node) and _texts_of(node)]
    if turn.goes:
        others = [node for node in others if not _like_target(turn, node)]
    if not said or not others:
        return False
    other = turn.rng.choice(others)
    before = _texts_of(other)[0]
    if normal(before) == normal(said):
        return False
    for name in TEXTS:
        if getattr(other, name) == before:  # an empty field says its hint as its text, too
            setattr(other, name, said)
    return True


def _like_target(turn: Turn, node: Node) -> bool:
    """The node, or what is tapped when it is, is of the target's class and way of acting."""
    kind = (turn.target.cls, turn.target.flags & ACTIONABLE)
    line = [node, *turn.tree.above(node.key)]
    return any((one.cls, one.flags & ACTIONABLE) == kind for one in line)


def look_alike_added(turn: Turn) -> bool:
    """Beside the target stands a label with its words, something that says a little more, or its very twin."""
    target = turn.target
    said = _first_words(target)
    parent = turn.tree.parents().get(turn.key)
    if parent is None or (turn.goes and not said):
        return False
    ways: list[Callable[[Turn, str], Node]] = [_same_words, _more_words] if said else [_twin]
    if said and not turn.goes:
        ways.append(_twin)
    made = turn.rng.choice(ways)(turn, said)
    first, second = _halves(target)
    before = turn.rng.random() < 0.5
    fit(target, second if before else first)
    fit(made, first if before else second)
    parent.children.insert(parent.children.index(target) + (not before), made)
    return True


def _halves(node: Node) -> tuple[Bounds, Bounds]:
    box = node.bounds
    if box.width_px > 2 * box.height_px:
        middle = (box.left + box.right) // 2
        return box._replace(right=middle), box._replace(left=middle)
    middle = (box.top + box.bottom) // 2
    return box._replace(bottom=middle), box._replace(top=middle)


def _same_words(turn: Turn, said: str) -> Node:
    return _label(turn, said, turn.target.bounds)


def _twin(turn: Turn, said: str) -> Node:
    made = copy.deepcopy(turn.target)
    for part in made.walk():
        part.key = f"new {turn.rng.random()}"
    return made


def _more_words(turn: Turn, said: str) -> Node:
    made = _twin(turn, said)
    wider = turn.rng.choice(_WIDER.get(words().language(said), _WIDER["en"]))
    for part in made.walk():
        for name in TEXTS:
            told = getattr(part, name)
            if told and (part is made or normal(told) == normal(said)):
                setattr(part, name, wider.format(told))
        part.resource_id = f"{part.resource_id}_all" if part.resource_id else ""
    return made


def removed(turn: Turn) -> bool:
    """The target goes, and with it what held nothing else; what stood below it moves up."""
    node, parents = turn.target, turn.tree.parents()
    while (parent := parents.get(node.key)) is not None and len(parent.children) == 1:
        node = parent
    if parent is None:
        return False
    below = parent.children[parent.children.index(node) + 1 :]
    if below and _is_column(parent):
        rise = below[0].bounds.top - node.bounds.top
        for one in below:
            shift(one, 0, -rise)
    parent.children.remove(node)
    return True


TREE_CHANGES: Final[dict[str, Change]] = {  # in the order in which two of them are made
    "ids renamed": ids_renamed,
    "reworded": reworded,
    "other locale": other_locale,
    "moved": moved,
    "re-ordered list": reordered,
    "other size": other_size,
    "icon replaced": icon_replaced,
    "duplicate labels": labels_duplicated,
    "look-alike added": look_alike_added,
    "element removed": removed,
}
DARK: Final = "dark theme"  # changes nothing of a tree but what the phone itself says of it
REMOVED: Final = "element removed"
CHANGES: Final = (*TREE_CHANGES, DARK)
