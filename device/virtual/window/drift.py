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

from device.virtual.window.drift_words import SYNONYMS
from device.virtual.window.view import Style, View, edges, row, text

_SUFFIXES = ("_v2", "_new", "_btn", "_view", "_widget")
_LIST_MIN = 3  # fewer children than this are not a list


@dataclass(frozen=True, slots=True)
class Drift:
    """What has drifted, and by which seed. `packages` empty means every app but the launcher."""

    rename_ids: bool = False
    reword: bool = False
    move: bool = False
    reorder_lists: bool = False
    lookalike: bool = False
    seed: int = 0
    packages: frozenset[str] = frozenset()

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
        view = _with_lookalike(view, drift.seed)
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
    """Another word for a label; where none is known, the same in other case."""
    if words not in labels or not words:
        return words
    table = SYNONYMS.get(language, {})
    if words in table:
        return table[words]
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


def _with_lookalike(view: View, seed: int) -> View:
    """Beside one button or label that can be tapped stands another that says the same and does nothing."""
    targets = [one for one in _walk(view) if one.kind == "text" and one.on_tap is not None and one.text]
    if not targets:
        return view
    target = targets[_digest(seed, "|".join(one.text for one in targets)) % len(targets)]
    done = False

    def beside(one: View) -> View:
        nonlocal done
        place = next((at for at, child in enumerate(one.children) if _same(child, target)), None)
        if done or place is None:
            return one
        done = True
        bare = replace(target, id="", key=f"{target.key} lookalike", on_tap=None, clickable=False)
        return replace(one, children=(*one.children[:place], bare, *one.children[place:]))

    return _everywhere(view, beside)


def _same(one: View, other: View) -> bool:
    return one.on_tap is other.on_tap and one.key == other.key and one.text == other.text


def _tappable(view: View) -> bool:
    return view.is_clickable or any(_tappable(child) for child in view.children)
