"""Healing over seeded changes of whole pages with the truth beside them: never another element than the true one."""

from __future__ import annotations

import copy
import os
import random
from collections import Counter
from pathlib import Path

import pytest

from perception.errors import HierarchyRefused
from perception.healing import Healed, heal
from perception.locate import Found, locate
from perception.selector import make_selector
from tests.perception.mutations import CHANGES, KEY, REMOVALS, Node, keyed, nodes, shown
from tests.perception.pages import chats, row

PAGE = chats(*(row(at, name, f"Message {at}") for at, name in enumerate(("Anna", "Bert", "Cleo", "Dora"))))


def outcomes(tree: Node, seed: int, targets: int) -> Counter[str]:
    """What healing says of what strict locating does not find, over every change of some targets of a page."""
    found: Counter[str] = Counter()
    before, keys = shown(tree)
    elements = [one for one in before.elements if one.visible and one.clickable and one.bounds.area_px]
    random.Random(seed).shuffle(elements)
    for element in elements[:targets]:
        key = keys[element.index]
        for name, change in (*CHANGES.items(), *REMOVALS.items()):
            changed = copy.deepcopy(tree)
            target = next(one for one in nodes(changed) if one.get(KEY) == key)
            change(changed, target, random.Random(f"{seed}/{name}/{key}"))
            try:
                after, keys_after = shown(changed)
            except HierarchyRefused:
                continue
            if isinstance(locate(after, make_selector(before, element)), Found):
                found["strict"] += 1
                continue
            answer = heal(before, element, after)
            if isinstance(answer, Healed):
                right = keys_after[answer.element.index] == key
                found["healed" if right else f"wrong: {name} of {element.index}"] += 1
            else:
                found["unhealed"] += 1
    return found


def test_on_a_page_of_our_own_no_change_leads_to_another_element() -> None:
    tree = keyed(PAGE)
    assert tree is not None

    counts = outcomes(tree, 1, 12)

    assert not [name for name in counts if name.startswith("wrong")], counts
    assert counts["healed"] > 0
    assert counts["unhealed"] > 0


def test_on_real_pages_no_change_leads_to_another_element() -> None:
    home = os.environ.get("MOBIMEM_EVAL_DIR")
    if not home:
        pytest.skip("MOBIMEM_EVAL_DIR is not set: no real dumps to change")
    counts: Counter[str] = Counter()
    for number, file in enumerate(sorted((Path(home) / "dev" / "screens").glob("*.xml"))):
        tree = keyed(file.read_bytes())
        if tree is not None:
            counts += Counter(
                {f"{k} ({file.name})" if "wrong" in k else k: v for k, v in outcomes(tree, number, 2).items()}
            )

    assert not [name for name in counts if name.startswith("wrong")], counts
    assert counts["healed"] > 0
