"""`mobimem eval screen`: the figures, on self-written pages and on the real dumps where they are given."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from mobimem.evals.screen import evaluate
from tests.perception.pages import CHATS, page


def test_the_figures_count_what_was_parsed_refused_found_and_falsely_found(tmp_path: Path) -> None:
    (tmp_path / "chats.xml").write_text(CHATS)
    (tmp_path / "empty.xml").write_text(page())
    (tmp_path / "other.xml").write_text(CHATS.replace("com.app", "com.other"))

    figures = evaluate(tmp_path)

    json.dumps(figures)
    assert (figures["files"], figures["parsed"], list(figures["refused"])) == (3, 2, ["empty.xml"])
    assert figures["distinguishable"]["found_share"] == 1.0
    assert figures["other_screens"]["false_finds"] == 0
    assert figures["other_screens"]["n"] > 0


def test_the_targets_hold_on_the_real_dumps() -> None:
    if not (given := os.environ.get("MOBIMEM_EVAL_DIR")):
        pytest.skip("MOBIMEM_EVAL_DIR is not set: no real dumps to read")

    figures = evaluate(Path(given) / "dev" / "screens")

    assert figures["parsed"] + len(figures["refused"]) == figures["files"]
    assert figures["misses"] == []
    assert figures["other_screens"]["false_finds"] == 0
    assert (
        figures["ms_per_1000_nodes"]["best"]["together"] < 100
    )  # a loose guard; the figure is measured on a quiet machine
