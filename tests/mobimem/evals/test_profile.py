"""`mobimem eval profile`: its figures, and that it counts as the reference evaluator does."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path
from types import ModuleType

import pytest

from memory.embedding.lexical import LexicalEmbedder
from mobimem.errors import BadInput
from mobimem.evals import profile_duplicates, profile_scale
from mobimem.evals.profile import Dialogue, evaluate

TURNS = [
    ("D1:1", 1, "Ann", "Where did you learn to sail?"),
    ("D1:2", 1, "Ben", "My uncle taught me on the lake."),
    ("D1:3", 1, "Ann", "I bought a red bicycle yesterday."),
    ("D2:1", 2, "Ben", "I adopted two kittens."),
    ("D2:2", 2, "Ann", "Thanks!"),
    ("D2:3", 2, "Ben", "Thanks!"),
]
QUESTIONS = [
    ("single-hop", "Who taught Ben to sail?", ["D1:2"]),
    ("multi-hop", "What did Ann buy and Ben adopt?", ["D1:3", "D2:1"]),
    ("adversarial", "Which submarine exploded?", ["D2:3"]),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    turns = [
        {"conv": "conv-1", "turn_id": turn, "session": part, "date": "1:56 pm on 8 May, 2023", "speaker": who,
         "text": said, "image_caption": ""}
        for turn, part, who, said in TURNS
    ]  # fmt: skip
    questions = [
        {"conv": "conv-1", "qid": f"q{at}", "category": kind, "question": asked, "answer": "", "evidence": evidence}
        for at, (kind, asked, evidence) in enumerate(QUESTIONS)
    ]
    for name, rows in (("turns", turns), ("questions", questions)):
        (tmp_path / f"locomo_{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return tmp_path


def test_the_figures_are_json_with_every_preset_beside_ours(folder: Path) -> None:
    figures = evaluate(folder, LexicalEmbedder(), lexical_allowed=True)

    json.dumps(figures)
    assert figures["n"] == {"dialogues": 1, "turns": 6, "questions": 3}
    assert {"disgraph (lexical)", "bm25 (lexical)", "dense (lexical)", "rrf (lexical)"} <= set(figures["rows"])
    assert figures["rows"]["disgraph (lexical)"]["multi-hop"]["recall@5"] == 1.0
    assert figures["rows"]["disgraph (lexical)"]["1-4"]["n"] == 2


def test_figures_about_meaning_are_not_made_with_the_lexical_embedder(folder: Path) -> None:
    with pytest.raises(BadInput, match="lexical"):
        evaluate(folder, LexicalEmbedder())


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="locomo_turns"):
        evaluate(tmp_path, LexicalEmbedder(), lexical_allowed=True)


# the reference evaluator leaves its files for the garbage collector to close
@pytest.mark.filterwarnings("ignore:Exception ignored.*_io.FileIO", "ignore:unclosed file")
def test_the_accounting_agrees_with_the_shared_evaluator_to_the_digit(folder: Path) -> None:
    shared = _shared_evaluator()

    made: list[Dialogue] = []

    def make() -> Dialogue:
        made.append(Dialogue(LexicalEmbedder()))
        return made[-1]

    expected, _, _, _ = shared.evaluate(make, str(folder))
    for dialogue in made:
        dialogue.close()

    ours = evaluate(folder, LexicalEmbedder(), lexical_allowed=True)["rows"]["disgraph (lexical)"]
    for (group, measure), value in expected.items():
        assert ours[group][measure] == value


def test_a_memory_that_answers_nothing_scores_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("memory.profile.retrieval.Retrieval.recall", lambda *_, **__: [])

    rows = evaluate(folder, LexicalEmbedder(), lexical_allowed=True)["rows"]

    assert all(row["all"]["recall@10"] == 0 for row in rows.values())


def test_wordings_merge_and_near_equal_facts_stay_apart() -> None:
    figures = profile_duplicates.evaluate(n=40)

    assert figures["wordings"]["facts"] <= 46
    assert figures["wordings"]["sources"] == 120
    assert figures["pairs"]["apart"] >= 39


def test_a_small_memory_finds_what_it_is_asked_for() -> None:
    figures = profile_scale.evaluate([60], None)

    json.dumps(figures)
    assert figures["sizes"]["without embedding"]["60"]["found_in_10"] >= 0.9


def _shared_evaluator() -> ModuleType:
    if not (given := os.environ.get("MOBIMEM_EVAL_DIR")):
        pytest.skip("MOBIMEM_EVAL_DIR is not set: no reference evaluator to compare with")
    if not Path(given).is_dir():
        pytest.skip(f"MOBIMEM_EVAL_DIR names {given}, which is no folder: no reference evaluator to compare with")
    spec = importlib.util.spec_from_file_location("shared_profile_eval", Path(given) / "profile_eval.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
