from __future__ import annotations

from pathlib import Path

import pytest

from replay.debugger import Debugger, Reply
from replay.recipe import Recipe
from replay.stages import DeviceStage, RecordedStage
from replay.trace_reader import read_trace
from replay.trace_writer import TraceWriter
from tests.replay.bench import ALICE, ASKED, SHOWN, Owner, Phone
from tests.replay.recorded import Lesson, header, text_lesson, without_target


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return text_lesson(tmp_path_factory.mktemp("debug") / "lesson")


def recorded(lesson: Lesson, recipe: Recipe | None = None) -> Debugger:
    return Debugger(recipe or lesson.recipe, dict(SHOWN), RecordedStage(lesson.trace), taught=lesson.trace)


def said(reply: Reply) -> str:
    return "\n".join(reply.says)


def test_steps_are_played_one_by_one_on_recorded_screens(lesson: Lesson) -> None:
    debugger = recorded(lesson)

    first = debugger.do("next")
    rest = debugger.do("continue")

    assert "done       1  Open" in said(first) and "-> 2/5" in said(first)
    assert not rest.failed
    assert debugger.at_end
    assert said(debugger.do("where")) == "at the end of 5 steps"


def test_it_goes_back_and_elsewhere_in_the_record(lesson: Lesson) -> None:
    debugger = recorded(lesson)
    debugger.do("n 3")

    assert "-> 2/5" in said(debugger.do("back 2"))
    assert "-> 4/5" in said(debugger.do("goto 4"))
    assert "-> 5/5" in said(debugger.do("skip"))
    assert debugger.do("goto 9").failed
    assert debugger.do("goto x").failed


def test_it_stops_before_a_break(lesson: Lesson) -> None:
    debugger = recorded(lesson)
    debugger.do("break 3")

    assert "-> 3/5" in said(debugger.do("c"))
    assert "* " not in said(debugger.do("list")).split("\n")[0]
    assert said(debugger.do("list")).split("\n")[2].startswith(">")


def test_a_target_is_located_on_the_screen_now(lesson: Lesson) -> None:
    debugger = recorded(lesson)
    debugger.do("goto 2")

    found = debugger.do("locate")

    assert "found 'Start chat'" in said(found)
    assert "agrees" in said(found)
    assert "Start chat" in said(debugger.do("screen"))
    assert "fails  after" in said(debugger.do("checks"))


def test_a_wrong_step_diverges_is_mended_by_hand_and_goes_on(lesson: Lesson) -> None:
    kept: list[Recipe] = []
    debugger = recorded(lesson, without_target(lesson.recipe, 1))
    debugger.keep = lambda recipe: kept.append(recipe) or f"kept {recipe.steps[1].revision}"  # type: ignore[func-returns-value]

    stuck = debugger.do("continue")
    assert stuck.failed
    assert "Step 2" in said(stuck) and "shown when taught" in said(stuck)
    assert debugger.do("locate").failed

    assert not debugger.do("pick 'Start chat'").failed
    assert not debugger.do("continue").failed
    assert said(debugger.do("save")) == "kept 2"
    assert kept[0].steps[1].target is not None and kept[0].steps[1].target.name == "Start chat"


def test_evidence_and_slots_can_be_set(lesson: Lesson) -> None:
    debugger = recorded(lesson)
    debugger.do("goto 2")

    assert said(debugger.do("edit near 'the corner'")).endswith("-> 'the corner'")
    assert debugger.recipe.steps[1].revision == 2
    debugger.do("edit text Go")
    assert debugger.recipe.steps[1].revision == 2
    assert debugger.do("edit bounds 1").failed
    assert said(debugger.do("set contact Alice Kim")) == "contact = 'Alice Kim'"
    assert debugger.do("set nobody x").failed
    assert "1 edited steps were not kept" in said(debugger.do("quit"))


@pytest.mark.parametrize("line", ["dance", "next twice", "'open", "edit", "pick", "goto"])
def test_what_it_does_not_understand_changes_nothing(lesson: Lesson, line: str) -> None:
    debugger = recorded(lesson)

    assert debugger.do(line).failed
    assert debugger.index == 0


def test_blank_lines_and_comments_do_nothing(lesson: Lesson) -> None:
    assert recorded(lesson).do("") == recorded(lesson).do("  # a word") == Reply(())


def test_on_a_device_steps_are_asked_about_journalled_and_not_done_twice(lesson: Lesson, tmp_path: Path) -> None:
    phone, owner = Phone(), Owner()
    with TraceWriter(tmp_path / "run", header("text", ASKED, "run")) as journal:
        debugger = Debugger(lesson.recipe, dict(ASKED), DeviceStage(phone, owner, journal, clock=phone.clock))
        assert "-> 5/5" in said(debugger.do("next 4"))
        assert phone.sent() == []
        assert not debugger.do("next").failed
        assert phone.sent() == [(ALICE, ASKED["message"])]

        debugger.do("back")
        again = debugger.do("next")
        assert again.failed and "cannot be undone" in said(again)
        assert len(phone.sent()) == 1
        debugger.do("again")
        debugger.do("next")

    assert owner.asked[0] == "Tap 'Send SMS'" and len(owner.asked) == 2
    trace = read_trace(tmp_path / "run")
    assert [step.index for step in trace.steps()][:5] == [0, 1, 2, 3, 4]


def test_a_refusal_stops_before_the_step(lesson: Lesson) -> None:
    phone = Phone()
    debugger = Debugger(lesson.recipe, dict(ASKED), DeviceStage(phone, Owner("refuse"), clock=phone.clock))

    reply = debugger.do("continue")

    assert reply.failed and "not allowed" in said(reply)
    assert debugger.index == 4
    assert phone.sent() == []
