"""The memory evaluations count as the reference evaluators do, and fall to nothing without the matcher."""

from __future__ import annotations

import importlib.util
import os
import random
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from memory.experience.recall import ExperienceMemory
from memory.experience.template import Miss
from mobimem.evals import action, experience
from mobimem.evals.systems import ActionSystem, ExperienceSystem

SHARED = os.environ.get("MOBIMEM_EVAL_DIR", "")
outside = pytest.mark.skipif(
    not SHARED or not Path(SHARED).is_dir(), reason="MOBIMEM_EVAL_DIR names no folder with the shared evaluation data"
)


def evaluator(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(SHARED) / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def own_rows() -> list[dict[str, Any]]:
    return [
        {"group": group, "goal": f"{verb} the note {name} in Jotter", "params": {"n": name}, "app": ["jotter"]}
        for group, verb in (("g1", "Pin"), ("g2", "Delete"), ("g3", "Share"), ("g4", "Archive"))
        for name in ("Alpha", "Beta", "Gamma")
    ]


def own_apps() -> dict[str, dict[str, list[str]]]:
    return {
        "Jotter": {
            f"{verb} the note {name} in Jotter": ["click Jotter", f"click {name}", f"click {verb.lower()} button"]
            for verb in ("Pin", "Delete")
            for name in ("Alpha", "Beta", "Gamma")
        }
    }


@outside
def test_experience_figures_agree_with_the_shared_evaluator_to_the_digit() -> None:
    theirs = evaluator("experience_eval")
    rows = [r for r in theirs.rows_of(Path(SHARED) / "dev/androidworld_tasks.jsonl") if r["group"] < "g030"]
    said = theirs.rows_of(Path(SHARED) / "dev/androidworld_paraphrases.jsonl")
    assert rows
    assert said
    for learnt in (False, True):
        expected = theirs.evaluate(ExperienceSystem, rows, said, 1, 1, learnt)
        found = experience.figures(ExperienceSystem, rows, said, learn=1, learn_paraphrase=learnt, seeds=1)
        assert {k: v["mean"] for k, v in found.items() if k != "ms"} == {
            k: round(v[0], 4) for k, v in expected.items() if k != "ms"
        }


@outside
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the shared loader leaves its file open
def test_action_figures_agree_with_the_shared_evaluator_to_the_digit() -> None:
    theirs = evaluator("action_eval")
    path = Path(SHARED) / "dev/agentrr_takeaway_en.jsonl"
    assert action.read_apps(path)
    for distribution in action.DISTRIBUTIONS:
        expected = theirs.evaluate(ActionSystem, theirs.load(path), distribution, 2)
        found = action.figures(ActionSystem, action.read_apps(path), distribution, 2)
        assert {k: v["mean"] for k, v in found.items() if k != "ms_per_task"} == {
            k: round(v[0], 4) for k, v in expected.items() if k != "ms_per_task"
        }


def test_a_known_task_is_found_and_a_stranger_is_not() -> None:
    found = experience.figures(ExperienceSystem, own_rows(), (), learn=1, learn_paraphrase=False, seeds=2)
    assert found["match_acc"]["mean"] == 1.0
    assert found["slots_exact"]["mean"] == 1.0
    assert found["false_match"]["mean"] == 0.0


def test_repeated_tasks_are_replayed_and_right() -> None:
    found = action.figures(ActionSystem, own_apps(), "power_law", 2)
    assert found["correct_rate"]["mean"] == 1.0
    assert found["net_replay"]["mean"] > 0.4


def test_without_the_matcher_every_figure_falls_to_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = Miss(("switched off",))
    monkeypatch.setattr(ExperienceMemory, "match", lambda self, words: nothing)
    monkeypatch.setattr(ExperienceMemory, "match_one", lambda self, words: nothing)
    monkeypatch.setattr(ExperienceMemory, "phrasings_of", lambda self, key: ())
    found = experience.figures(ExperienceSystem, own_rows(), (), learn=1, learn_paraphrase=False, seeds=2)
    for name in ("match_acc", "wrong_group", "slots_exact", "false_match"):
        assert found[name]["mean"] == 0.0
    replayed = action.figures(ActionSystem, own_apps(), "uniform", 2)
    assert replayed["net_replay"]["mean"] == 0.0
    assert replayed["correct_rate"]["mean"] == 1.0


def test_an_unknown_distribution_is_refused() -> None:
    with pytest.raises(ValueError, match="uniform"):
        action.order(["a"], "zipf", random.Random(0))


def test_speed_is_told_for_every_size() -> None:
    rows = experience.speed((50, 100), queries=20)
    assert [row["templates"] for row in rows] == [50, 100]
    assert all(row["right"] == row["n"] for row in rows)
    assert all(row["hit_ms"]["p50"] <= row["hit_ms"]["p95"] for row in rows)
