"""The evaluations of cost measure real work: a run that does not do the task, or recalls another, is no figure."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from memory.embedding.choose import open_embedder
from memory.experience.recall import ExperienceMemory
from memory.experience.template import Miss
from mobimem.evals import overhead, recall_scale
from replay.runner import RunResult


def test_the_agent_and_the_bare_runner_do_the_same_twenty_steps() -> None:
    home = os.environ.get("MOBIMEM_HOME")
    made = overhead.evaluate(1)
    assert made["steps"] == 20
    assert made["pairs"] == 1
    for figure in ("bare_ms_per_step", "agent_ms_per_step", "learning_ms_per_task"):
        assert made[figure]["least"] > 0, figure
    assert os.environ.get("MOBIMEM_HOME") == home


def test_a_replay_that_stops_is_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*given: object, **more: object) -> RunResult:
        return RunResult("stopped", "made to stop", None, (), 0, 0, 0.0)

    monkeypatch.setattr("mobimem.evals.overhead.Runner.run", stopped)
    with pytest.raises(AssertionError, match="made to stop"):
        overhead.evaluate(1)


def test_recall_is_timed_on_answers_that_are_right(tmp_path: Path) -> None:
    made = recall_scale.evaluate(overhead.toured(), 40, 30, open_embedder(tmp_path), questions=40)
    assert made["questions"] == 40
    assert made["right"] >= 39
    assert made["embedder"]["kind"] == "lexical"


def test_recall_that_finds_nothing_counts_as_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    nothing = Miss(("made to miss",))
    monkeypatch.setattr(ExperienceMemory, "match", lambda self, words, **more: nothing)
    made = recall_scale.evaluate(overhead.toured(), 40, 5, open_embedder(tmp_path), questions=40)
    assert made["right"] == 10  # those that a word nothing explains was put into
