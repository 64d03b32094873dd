"""Wrong is worse than not found: seeded changes of pages, and never another element than the true one.

On the self-written page for CI; on the dumps of MOBIMEM_EVAL_DIR where it is given, `MUTATION_SAMPLE` elements of each.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path

import pytest

from tests.perception.mutations import CHANGES, REMOVALS, Node, keyed, outcome, shown
from tests.perception.pages import CHATS

SEED = 20
SAMPLE = int(os.environ.get("MUTATION_SAMPLE", "4"))


def folder() -> Path:
    given = os.environ.get("MOBIMEM_EVAL_DIR")
    if not given:
        pytest.skip("MOBIMEM_EVAL_DIR is not set: no real dumps to change")
    if not Path(given).is_dir():
        pytest.skip(f"MOBIMEM_EVAL_DIR names {given}, which is no folder: no real dumps to change")
    return Path(given) / "dev" / "screens"


def tally(trees: dict[str, Node], sample: int) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = {}
    for page, tree in trees.items():
        screen, keys = shown(tree)
        visible = screen.visible_elements()
        for element in random.Random(f"{SEED}{page}").sample(visible, min(sample, len(visible))):
            for name, change in (CHANGES | REMOVALS).items():
                answer = outcome(tree, keys[element.index], change, SEED + element.index)
                counts.setdefault(name, Counter())[answer] += 1
                assert answer != "wrong", f"{page} #{element.index} after {name} (seed {SEED})"
    return counts


def test_a_folder_that_is_not_there_is_a_skip_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOBIMEM_EVAL_DIR", str(tmp_path / "none"))

    with pytest.raises(pytest.skip.Exception, match="is no folder"):
        folder()


def test_no_change_of_the_small_page_makes_another_element_be_found() -> None:
    tree = keyed(CHATS)
    assert tree is not None

    counts = tally({"chats": tree}, 100)

    for name in ("ids_renamed", "another_size", "reordered", "item_added"):
        share = counts[name]["right"] / counts[name].total()
        assert share >= 0.8, f"{name}: {counts[name]}"
    for name in REMOVALS:  # the root itself cannot be taken away
        assert counts[name]["right"] <= 1


def test_no_change_of_a_real_page_makes_another_element_be_found() -> None:
    trees = {path.name: keyed(path.read_bytes()) for path in sorted(folder().glob("*.xml"))}
    assert trees, "MOBIMEM_EVAL_DIR holds no dumps in dev/screens"

    counts = tally({name: tree for name, tree in trees.items() if tree is not None}, SAMPLE)

    assert sum(map(Counter.total, counts.values())) > 0
    print(f"seed {SEED}, n = {sum(map(Counter.total, counts.values()))}", counts)  # noqa: T201
