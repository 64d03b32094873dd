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


def folder() -> Path:
    if not (given := os.environ.get("MOBIMEM_EVAL_DIR")):
        pytest.skip("MOBIMEM_EVAL_DIR is not set: no real dumps to read")
    if not Path(given).is_dir():
        pytest.skip(f"MOBIMEM_EVAL_DIR names {given}, which is no folder: no real dumps to read")
    return Path(given) / "dev" / "screens"


def test_a_folder_that_is_not_there_is_a_skip_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOBIMEM_EVAL_DIR", str(tmp_path / "none"))

    with pytest.raises(pytest.skip.Exception, match="is no folder"):
        folder()


def test_the_targets_hold_on_the_real_dumps() -> None:
    figures = evaluate(folder())

    assert figures["parsed"] > 0, "MOBIMEM_EVAL_DIR holds no dumps in dev/screens"
    assert figures["parsed"] + len(figures["refused"]) == figures["files"]
    assert figures["misses"] == []
    assert figures["other_screens"]["false_finds"] == 0
    assert (
        figures["ms_per_1000_nodes"]["best"]["together"] < 100
    )  # a loose guard; the figure is measured on a quiet machine
