"""`mobimem replay repairs …`, over a task that was taught, run on an updated app, and repaired."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from device.virtual.window.drift import Drift
from mobimem.service.recipes import Task, library, named_task
from mobimem.service.replay import ReplayDone, run_on
from tests.mobimem.cli.calling import call
from tests.replay.bench import ASKED, MESSAGES, Owner, Phone
from tests.replay.recorded import text_lesson
from tests.replay.test_repairs import Told

UPDATE = Drift(rename_ids=True, reword=True, move=True, packages=frozenset((MESSAGES,)), seed=3)


def run(task: Task, *, heal: bool = True, owner: Owner | None = None) -> ReplayDone:
    phone = Phone()
    phone.phone.faults.drift(UPDATE)
    return run_on(phone, task, owner or Told(), clock=phone.clock, heal=heal)


@pytest.fixture
def done(home: Path, tmp_path: Path) -> ReplayDone:
    """A run on the updated app that was healed and done."""
    lesson = text_lesson(tmp_path / "lesson")
    library().save(lesson.recipe, lesson.path, at=datetime(2026, 3, 3, tzinfo=UTC))
    result = run(named_task("text", ASKED))
    assert result.outcome == "done", result.says
    return result


def test_the_repairs_of_a_run_are_listed_with_what_became_of_them(done: ReplayDone) -> None:
    listed = call("replay", "repairs", "list", "text", "--json").json["repairs"]

    assert [one["id"] for one in listed] == list(done.repairs)
    assert {one["status"] for one in listed} == {"accepted", "proposed"}
    assert [bool(one["needs_owner"]) for one in listed] == [one["status"] == "proposed" for one in listed]
    assert "accepted" in call("replay", "repairs", "list").out


def test_a_repair_is_shown_with_old_beside_new(done: ReplayDone) -> None:
    shown = call("replay", "repairs", "show", done.repairs[-1], "--json").json

    assert shown["line"]["id"] == done.repairs[-1]
    differs = {one["piece"]: (one["was"], one["now"]) for one in shown["differs"]}
    was, now = differs["resource_id"]
    assert was != now
    assert shown["screen_then"]
    assert shown["screen_now"]
    said = call("replay", "repairs", "show", done.repairs[-1]).out
    assert was in said
    assert now in said


def test_after_the_owner_accepts_the_rest_nothing_is_healed_any_more(done: ReplayDone) -> None:
    for repair in done.repairs:
        assert call("replay", "repairs", "accept", repair, "--json").json["status"] == "accepted"

    again = run(named_task("text", ASKED), heal=False, owner=Owner())

    assert (again.outcome, again.repairs) == ("done", ())


def test_a_reverted_repair_is_needed_again(done: ReplayDone) -> None:
    for repair in reversed(done.repairs):
        assert call("replay", "repairs", "revert", repair).code == 0

    assert run(named_task("text", ASKED), heal=False).outcome == "stopped"


def test_a_repair_that_is_not_there_is_named_with_the_next_step(home: Path) -> None:
    called = call("replay", "repairs", "accept", "nothing")

    assert called.code != 0
    assert "no repair 'nothing'" in called.said
    assert "mobimem replay repairs list" in called.said


def test_no_repairs_are_said_to_be_none(home: Path) -> None:
    assert "Nothing was repaired" in call("replay", "repairs", "list").out
    assert call("replay", "repairs", "list", "--json").json == {"repairs": []}
