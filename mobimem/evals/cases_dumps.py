"""Hierarchies dumped from real phones, from a folder, as pages of `mobimem eval drift`'s cases.

The words in such a folder may be invented (where they were private), so no table knows another word for them. Short
labels are therefore given words of `cases_words` first, one for each, by the case's seed: the structure stays the real
one, and rewording and translating mean something. Longer texts, numbers and what finds no word stay as they are.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path
from random import Random
from typing import Final

from mobimem.evals.cases_tree import TEXTS, Tree, of_screen
from mobimem.evals.cases_words import words
from perception.errors import HierarchyRefused
from perception.screen import Screen, parse_hierarchy
from perception.words import has_letters, normal

LETTERS_MAX: Final = 24
WORDS_MAX: Final = 4
LATIN: Final = ("en", "en", "de", "es", "fr")
_AROUND: Final = ("com.android.systemui", "android", "")


def dumps(folder: Path) -> dict[str, tuple[tuple[str, Screen], ...]]:
    """The readable dumps of the folder by the package in front: (file name, screen). What is refused is left out."""
    found: dict[str, list[tuple[str, Screen]]] = {}
    for path in sorted(folder.glob("*.xml")):
        try:
            screen = parse_hierarchy(path.read_bytes())
        except HierarchyRefused:
            continue
        found.setdefault(front(screen) or path.stem, []).append((path.name, screen))
    return {package: tuple(screens) for package, screens in found.items()}


def front(screen: Screen) -> str:
    """The package most elements are of, the system's bars apart; "" where nobody says."""
    counted = Counter(element.package for element in screen.elements)
    apps = [(count, package) for package, count in counted.items() if package not in _AROUND]
    return max(apps)[1] if apps else max(counted, key=lambda package: counted[package], default="")


def page_of(screen: Screen, rng: Random) -> Tree:
    """The dump as a tree, its short labels in words of the table."""
    tree = of_screen(screen, front(screen))
    said = {normal(text) for node in tree.walk() for name in TEXTS if (text := getattr(node, name))}
    language = "zh" if _chinese(said) else rng.choice(LATIN)
    fresh = [concept[language][0] for concept in words().concepts if language in concept]
    rng.shuffle(fresh)
    chosen: dict[str, str] = {}
    for node in tree.walk():
        if node.package != tree.package:
            continue
        for name in TEXTS:
            text = getattr(node, name)
            if _is_label(text) and (normal(text) in chosen or fresh):
                setattr(node, name, chosen.setdefault(normal(text), "") or _taken(chosen, text, fresh, said))
    return tree


def _taken(chosen: dict[str, str], text: str, fresh: list[str], said: set[str]) -> str:
    """The next word that the page does not say yet; the text itself where none is left."""
    while fresh:
        word = fresh.pop()
        if normal(word) not in said:
            chosen[normal(text)] = word
            return word
    chosen[normal(text)] = text
    return text


def _is_label(text: str) -> bool:
    short = 1 < len(text) <= LETTERS_MAX and len(text.split()) <= WORDS_MAX and "\n" not in text
    return short and has_letters(normal(text)) and not any(letter.isdigit() for letter in text)


def _chinese(said: set[str]) -> bool:
    letters = [unicodedata.name(letter, "") for text in said for letter in text if letter.isalpha()]
    return sum(name.startswith("CJK") for name in letters) * 2 > len(letters)
