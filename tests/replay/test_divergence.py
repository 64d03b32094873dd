from __future__ import annotations

import json
from pathlib import Path

from replay.divergence import parting_in, parting_of
from replay.timeline import timeline
from replay.trace_reader import read_trace
from tests.replay.bench import ASKED
from tests.replay.recorded import run_of, text_lesson, without_target


def test_expected_stands_beside_seen_from_the_run_and_from_its_journal(tmp_path: Path) -> None:
    lesson = text_lesson(tmp_path / "lesson")
    result = run_of(tmp_path / "run", without_target(lesson.recipe, 2), ASKED)
    assert result.divergence is not None

    live = parting_of(result.divergence, "Tap 'Alice'", lesson.trace)
    later = parting_in(timeline(read_trace(tmp_path / "run")), timeline(lesson.trace))

    assert later is not None
    assert live.to_text() == later.to_text()
    assert "Step 3, Tap 'Alice': the thing to act on is not there." in live.to_text()
    assert "expected  Nowhere" in live.to_text()
    assert "shown when taught" in live.to_text()
    data = json.loads(json.dumps(later.to_data()))
    assert (data["step"], data["expected"], data["wanted"]) == (3, "target", "Nowhere")
    assert {"piece": "id", "wanted": "nope", "found": ""} in data["differs"]
    assert "David Miller" in data["screen_then"]


def test_without_the_lesson_the_run_alone_says_what_was_expected(tmp_path: Path) -> None:
    lesson = text_lesson(tmp_path / "lesson")
    result = run_of(tmp_path / "run", without_target(lesson.recipe, 1), ASKED)
    assert result.divergence is not None

    parting = parting_of(result.divergence, "Tap 'Start chat'")

    assert (parting.index, parting.wanted, parting.then) == (1, "Nowhere", None)
    assert parting.now is not None
    assert parting.to_text().startswith("Step 2, Tap 'Start chat': the thing to act on is not there.")


def test_a_run_that_went_through_has_none(tmp_path: Path) -> None:
    lesson = text_lesson(tmp_path / "lesson")

    assert parting_in(timeline(lesson.trace)) is None
