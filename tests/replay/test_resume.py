from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from replay.errors import ReplayError
from replay.resume import Question, answer, blocking, open_questions, resolutions
from replay.trace import Header, Intent, Outcome, StepDone
from replay.trace_reader import read_trace
from replay.trace_writer import TraceWriter

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
INTENT = Intent(index=3, step_id="pay-4", says="Tap 'Pay now'", at=AT.isoformat())
DONE = StepDone(
    index=3, step={}, action=None, level="replayed", result="done", before=None, after=None, started_at="", duration_s=0
)


def run(
    runs: Path, name: str = "run-1", *, intent: bool = True, done: bool = False, end: Outcome | None = None
) -> Path:
    """The journal of a run that got as far as this."""
    header = Header(
        trace_id=name, name="pay", task="pay Ann", source="run", device={"serial": "s1"}, started_at=AT.isoformat(),
        recipe_id="pay", values={"to": "Ann"},
    )  # fmt: skip
    with TraceWriter(runs / name / "trace", header) as writer:
        if intent:
            writer.intent(INTENT)
        if done:
            writer.step(DONE)
        if end is not None:
            writer.end(end, "", AT.isoformat())
    return runs / name


def test_an_intent_without_its_step_is_a_question(tmp_path: Path) -> None:
    run(tmp_path)

    [question] = open_questions(tmp_path)
    assert (question.run, question.doubt, question.says) == ("run-1", "unclear", "Tap 'Pay now'")
    assert (question.values, question.serial) == ({"to": "Ann"}, "s1")


def test_a_run_that_was_ended_properly_with_an_open_intent_is_a_question_too(tmp_path: Path) -> None:
    run(tmp_path, end="asked")

    assert [question.doubt for question in open_questions(tmp_path)] == ["unclear"]


@pytest.mark.parametrize("end", [None, "stopped", "failed", "cancelled"])
def test_something_done_in_a_run_that_did_not_get_to_its_end_is_asked_about(
    tmp_path: Path, end: Outcome | None
) -> None:
    run(tmp_path, done=True, end=end)

    assert [question.doubt for question in open_questions(tmp_path)] == ["unfinished"]


@pytest.mark.parametrize("kind", ["no intent", "done"])
def test_a_run_that_leaves_nothing_open_is_not_asked_about(tmp_path: Path, kind: str) -> None:
    run(tmp_path, intent=kind == "done", done=kind == "done", end="done" if kind == "done" else None)

    assert open_questions(tmp_path) == ()
    assert (tmp_path / "run-1" / "settled").exists()


def test_a_run_whose_process_lives_is_not_asked_about(tmp_path: Path) -> None:
    run(tmp_path)

    assert open_questions(tmp_path, alive={"run-1"}) == ()
    assert len(open_questions(tmp_path)) == 1


def test_an_answer_lies_beside_the_journal_which_is_not_touched(tmp_path: Path) -> None:
    folder = run(tmp_path)
    before = (folder / "trace" / "trace.jsonl").read_bytes()

    answer(tmp_path, open_questions(tmp_path)[0], "not-done", at=AT)

    assert (folder / "trace" / "trace.jsonl").read_bytes() == before
    [given] = resolutions(folder)
    assert (given.answer, given.index) == ("not-done", 3)
    assert given.trace_hash == read_trace(folder / "trace").content_hash
    assert open_questions(tmp_path) == ()


def test_the_first_answer_stands(tmp_path: Path) -> None:
    run(tmp_path)
    question = open_questions(tmp_path)[0]
    answer(tmp_path, question, "done", at=AT)

    with pytest.raises(ReplayError, match="answered before"):
        answer(tmp_path, question, "not-done", at=AT)
    assert resolutions(tmp_path / "run-1")[0].answer == "done"


def test_a_damaged_journal_is_a_question_and_one_without_its_first_line_is_none(tmp_path: Path) -> None:
    broken = run(tmp_path, "run-1") / "trace" / "trace.jsonl"
    broken.write_text(broken.read_text().replace("Pay now", "Pay nix"))
    torn = run(tmp_path, "run-2") / "trace" / "trace.jsonl"
    torn.write_bytes(torn.read_bytes()[:40])

    assert [(question.run, question.doubt) for question in open_questions(tmp_path)] == [("run-1", "unreadable")]


def question(doubt: str, **values: str) -> Question:
    fixed = {"run": "r", "recipe_id": "pay", "name": "", "task": "", "serial": "", "says": "", "at": "", "screen": None}
    return Question(**fixed, values=values, doubt=doubt, index=0)  # type: ignore[arg-type]


def test_what_is_unclear_stands_in_the_way_of_its_recipe_whatever_the_values() -> None:
    assert blocking([question("unclear", to="Ann")], "pay", {"to": "Bob"})
    assert not blocking([question("unclear", to="Ann")], "text", {"to": "Ann"})


def test_what_is_known_to_be_done_stands_only_in_the_way_of_the_same_again() -> None:
    assert blocking([question("unfinished", to="Ann")], "pay", {"to": "Ann"})
    assert not blocking([question("unfinished", to="Ann")], "pay", {"to": "Bob"})


def test_a_damaged_journal_stands_in_the_way_of_everything() -> None:
    assert blocking([question("unreadable")], "text", {})
