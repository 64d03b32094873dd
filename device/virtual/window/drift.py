"""What an app update does to an automation: ids, words and places change, what the app does stays the same.

A pure function on the view tree, between `page.view()` and the layout. Each view keeps its handlers and its key, so
scroll position and focus stay with it. All choices come from a digest of the seed and the view's own content, never
from its place, so a list that grows does not shuffle. What a user wrote is never reworded: only the app's own strings
(`labels`) and what the builders say themselves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from device.virtual.window.drift_words import synonym
from device.virtual.window.view import Style, View, edges, row, text

_SUFFIXES = ("_v2", "_new", "_btn", "_view", "_widget")
_LIST_MIN = 3  # fewer children than this are not a list


@dataclass(frozen=True, slots=True)
class Drift:
    """What has drifted, and by which seed. `packages` empty means every app but the launcher.

    `lookalike` puts something that says the same and cannot be tapped beside something that can, `duplicate` something
    that says the same, can be tapped and does nothing. Both take one thing of each page: the first that says one of
    `beside`, or, where that is empty, any.
    """

    rename_ids: bool = False
    reword: bool = False
    move: bool = False
    reorder_lists: bool = False
    lookalike: bool = False
    duplicate: bool = False
    seed: int = 0
    packages: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()

    def concerns(self, package: str) -> bool:
        return not self.packages or package in self.packages


def drifted(view: View, drift: Drift, labels: frozenset[str], locale: str) -> View:
    """The view tree as the updated app would show it."""
    view = _keyed(view, 0)
    language = locale.split("-", maxsplit=1)[0]
    if drift.reorder_lists:
        view = _everywhere(view, lambda one: _reordered(one, drift.seed))
    if drift.move:
        view = _with_banner(_everywhere(view, lambda one: _moved(one, drift.seed)))
    if drift.lookalike:
        view = _with_copy(view, drift, on_tap=None)
    if drift.duplicate:
        view = _with_copy(view, drift, on_tap=_nothing)
    if drift.reword:
        view = _everywhere(view, lambda one: _reworded(one, labels, language))
    if drift.rename_ids:
        view = _everywhere(view, lambda one: _renamed(one, drift.seed))
    return view


def _keyed(view: View, index: int) -> View:
    """The same tree with the keys that layout would give, written down before places change."""
    children = tuple(_keyed(child, place) for place, child in enumerate(view.children))
    return replace(view, key=view.key or view.id or str(index), children=children)


def _everywhere(view: View, change: Callable[[View], View]) -> View:
    children = tuple(_everywhere(child, change) for child in view.children)
    return change(replace(view, children=children) if children else view)


def _digest(seed: int, words: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{seed}|{words}".encode(), digest_size=6).digest())


def _content(view: View) -> str:
    """All that a view says, which stays the same wherever it stands."""
    return "|".join(part for one in _walk(view) for part in (one.text, one.desc, one.id) if part)


def _walk(view: View) -> Iterator[View]:
    yield view
    for child in view.children:
        yield from _walk(child)


# ---- ids and words


def _renamed(view: View, seed: int) -> View:
    """The app's own ids get other names; Android's own ("android:id/list") stay, as an app cannot change them."""
    if not view.id or view.id.startswith("android:"):
        return view
    package, slash, name = view.id.rpartition(":id/")
    suffix = _SUFFIXES[_digest(seed, name) % len(_SUFFIXES)]
    words = name.split("_")
    fresh = "_".join([*words[1:], words[0]]) if len(words) > 1 and _digest(seed, name) & 1 else name + suffix
    return replace(view, id=f"{package}{slash}{fresh}")


def _reworded(view: View, labels: frozenset[str], language: str) -> View:
    if view.kind == "edit":
        return replace(view, hint=_synonym(view.hint, labels, language), desc=_synonym(view.desc, labels, language))
    words = _synonym(view.text, labels, language)
    return replace(view, text=words, desc=_synonym(view.desc, labels, language), hint=view.hint)


def _synonym(words: str, labels: frozenset[str], language: str) -> str:
    """Other words for a label; where none are known, the same in other case."""
    if words not in labels or not words:
        return words
    other = synonym(words, language)
    if other != words:
        return other
    if words.upper() != words:
        return words.upper()
    return words.capitalize() if words.capitalize() != words else words


# ---- places


def _moved(view: View, seed: int) -> View:
    """Rows of several things that can be tapped run the other way round."""
    if view.kind != "row" or sum(_tappable(child) for child in view.children) < 2:
        return view
    return replace(view, children=tuple(reversed(view.children))) if _digest(seed, _content(view)) % 4 else view


def _with_banner(view: View) -> View:
    """News of the update at the top of the page, which shifts all below."""
    if view.kind != "column":
        return view
    look = Style(background="secondary_container", color="on_secondary_container", text_sp=14)
    banner = row(text("\u2728 2.0", style=look), pad=edges(16, 12), width="fill", key="drift banner", style=look)
    return replace(view, children=(*view.children[:1], banner, *view.children[1:]))


def _reordered(view: View, seed: int) -> View:
    """Lists of rows of one kind stand in another order; headings and what is not a row stay where they are."""
    places = [place for place, child in enumerate(view.children) if child.is_clickable]
    if view.kind != "scroll" or len(places) < _LIST_MIN:
        return view
    shuffled = sorted((view.children[place] for place in places), key=lambda child: _digest(seed, _content(child)))
    children = list(view.children)
    for place, child in zip(places, shuffled, strict=True):
        children[place] = child
    return replace(view, children=tuple(children))


def _with_copy(view: View, drift: Drift, *, on_tap: Callable[[], None] | None) -> View:
    """Before one thing that can be tapped stands another that says the same: a button, an icon or a row of a list."""
    targets = [
        child for one in _walk(view) if one.kind != "frame" for child in one.children if _says(child) and child.on_tap
    ]
    if drift.beside:
        targets = [one for one in targets if not drift.beside.isdisjoint(_says(one))][:1]
    if not targets:
        return view
    target = targets[_digest(drift.seed, "|".join(_content(one) for one in targets)) % len(targets)]
    done = False

    def beside(one: View) -> View:
        nonlocal done
        place = next((at for at, child in enumerate(one.children) if child is target), None)
        if done or place is None:
            kept = tuple(beside(child) for child in one.children)
            return replace(one, children=kept) if any(map(_other, kept, one.children)) else one
        done = True
        return replace(one, children=(*one.children[:place], _copy(target, on_tap), *one.children[place:]))

    return beside(view)


def _other(one: View, other: View) -> bool:
    return one is not other


def _copy(target: View, on_tap: Callable[[], None] | None) -> View:
    """The same to look at, with an id of none, and with none of its handlers but the one given."""
    return replace(
        target,
        id="",
        key=f"{target.key} {'lookalike' if on_tap is None else 'duplicate'}",
        on_tap=on_tap,
        on_long_press=None,
        on_double_tap=None,
        clickable=None if on_tap else False,
        children=tuple(_inert(child) for child in target.children),
    )


def _inert(view: View) -> View:
    children = tuple(_inert(child) for child in view.children)
    return replace(view, on_tap=None, on_long_press=None, on_double_tap=None, clickable=False, children=children)


def _says(view: View) -> frozenset[str]:
    return frozenset(part for one in _walk(view) for part in (one.text, one.desc) if part)


def _nothing() -> None:
    """What a tap on a duplicate does."""


def _tappable(view: View) -> bool:
    return view.is_clickable or any(_tappable(child) for child in view.children)
