"""A handful of the points and one SIGKILL of an agent's task; the full counts are `mobimem eval crash --agent`."""

from __future__ import annotations

from typing import Any, Final

import pytest

from mobimem.evals.crash import FusedWriter
from mobimem.evals.crash_agent import evaluate, summary
from mobimem.evals.crash_agent_errands import KINDS
from mobimem.service import agent_learning

MESSAGE: Final = ("new", "known")


def test_a_message_and_a_plan_killed_at_points_of_their_writing_resume_or_ask_and_are_sent_once() -> None:
    result = evaluate(points=5, seed=5)

    for kind in KINDS:
        told = result[kind]
        assert told["n"] + told["not_reached"] == 5
        assert told["points_in_all"] > 100
        assert told["done"] == told["sent_exactly_once"] == told["n"]
        assert (told["twice"], told["lost_lessons"], told["promises_broken"]) == (0, 0, 0), told["wrong"]
        assert told["resumed"] > 0
    assert "scripted" in result["model"]


def test_the_evaluation_notices_an_intent_that_is_not_put_on_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FusedWriter, "intent", lambda self, intent: None)

    assert _broken(evaluate(points=14, seed=5, kinds=MESSAGE)) > 0


def test_the_evaluation_notices_a_lesson_that_is_not_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agent_learning, "done_unlearnt", lambda: ())
    result = evaluate(points=14, seed=5, kinds=MESSAGE)

    assert sum(result[kind]["lost_lessons"] for kind in MESSAGE) > 0


def _broken(result: dict[str, Any]) -> int:
    return sum(result[kind]["promises_broken"] for kind in MESSAGE)


def test_a_way_is_counted_once_for_each_kill() -> None:
    told = summary([(("resumed", "resumed"), True, 1, True, ()), (("asked", "resumed"), True, 2, False, ("twice",))])

    assert (told["n"], told["resumed"], told["asked"], told["said_again"]) == (2, 2, 1, 0)
    assert (told["sent_exactly_once"], told["twice"], told["lost_lessons"], told["promises_broken"]) == (1, 1, 1, 1)


@pytest.mark.slow
def test_tasks_in_processes_of_their_own_killed_at_random_are_done_once() -> None:
    result = evaluate(points=1, kills=2, seed=3)["sigkill"]

    assert result["n"] == result["done"] == result["sent_exactly_once"] == 2
    assert (result["lost_lessons"], result["promises_broken"]) == (0, 0), result["wrong"]
