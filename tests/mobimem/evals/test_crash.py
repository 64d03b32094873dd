"""A handful of the points and one SIGKILL; the full counts are `mobimem eval crash`."""

from __future__ import annotations

from pathlib import Path

import pytest

from mobimem.evals import crash
from mobimem.evals.crash import Fuse, FusedWriter, evaluate
from replay.trace_writer import TraceWriter


def test_a_payment_killed_at_points_of_its_journal_happens_once_and_is_asked_about() -> None:
    injected = evaluate(points=14, seed=5)["injected"]

    assert injected["n"] == 14
    assert injected["points_in_all"] > 100
    assert injected["paid_exactly_once"] == 14
    assert injected["promises_broken"] == 0, injected["wrong"]
    assert {"unclear", "unfinished"} <= set(injected["asked"])


def test_the_evaluation_notices_an_intent_that_is_not_put_on_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FusedWriter, "intent", lambda self, intent: None)

    injected = evaluate(points=14, seed=5)["injected"]

    assert injected["promises_broken"] + injected["paid_more_than_once"] > 0


def test_a_torn_line_is_one_that_is_not_there(tmp_path: Path) -> None:
    from replay.trace import Header
    from replay.trace_reader import read_trace

    header = Header(trace_id="t", name="", task="", source="run", device={}, started_at="")
    fuse = Fuse(at=4)  # before, torn, after header; before, torn note
    with pytest.raises(crash.Killed), FusedWriter(tmp_path / "t", header, fuse) as writer:
        assert isinstance(writer, TraceWriter)
        writer.note("topic", "says", "at")

    trace = read_trace(tmp_path / "t")
    assert (trace.events, trace.complete) == ((), False)


@pytest.mark.slow
def test_runs_in_processes_of_their_own_killed_at_random_pay_once() -> None:
    result = evaluate(points=1, kills=2, seed=3)["sigkill"]

    assert result["n"] == 2
    assert result["paid_exactly_once"] == 2
    assert result["promises_broken"] == 0, result["wrong"]
