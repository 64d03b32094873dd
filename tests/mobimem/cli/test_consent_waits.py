"""A consent that is waited for: stored meanwhile, given from any process, no when its time is over, ended by a stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from device.clock import SystemClock
from mobimem.exit_codes import ExitCode
from mobimem.llm.scripted import ScriptedModel
from mobimem.service.policy import answer_ask, list_asks, read_audit
from mobimem.service.questions import answer_waiting, list_questions
from mobimem.service.stop import stop_all
from tests.mobimem.cli.calling import Called, call
from tests.mobimem.cli.model import named_in
from tests.mobimem.tasks.acting import Brain, texting_bob
from tests.replay.bench import Phone

WORDS = "text Bob that dinner is ready"
OTHERS = "tell Alice that the train is late"


@pytest.fixture
def server(home: Path) -> Iterator[ScriptedModel]:
    with named_in(home, Brain(texting_bob)) as made:
        yield made


def meanwhile(act: Callable[[], bool], *words: str) -> Called:
    """Says words; while that waits, does something elsewhere, as soon as there is something to do (then it is True)."""
    clock, did = SystemClock(), list[bool]()

    def watch() -> None:
        until_s = clock.monotonic_s() + 60
        while not (did and did[-1]) and clock.monotonic_s() < until_s:
            did.append(act())
            clock.sleep(0.05)

    thread = threading.Thread(target=watch)
    thread.start()
    called = call(*words)
    thread.join()
    assert did[-1], "there was nothing to do"
    return called


def says(answer: str) -> Callable[[], bool]:
    def act() -> bool:
        asks = list_asks()
        for one in asks:
            assert one.ask.waits
            answer_ask(one.ask.id, answer)
        return bool(asks)

    return act


def stops() -> bool:
    return bool(list_asks()) and bool(stop_all().stopped)


def decided_by() -> list[str]:
    return [str(entry.data["by"]) for entry in read_audit().entries if entry.kind == "decision"]


def tasks() -> Any:
    return call("tasks", "list", "--json").json


def test_without_a_terminal_a_consent_waits_as_long_as_it_is_told_and_is_given_elsewhere(
    phone: Phone, server: ScriptedModel
) -> None:
    called = meanwhile(says("yes"), "do", WORDS, "--wait", "60", "--json")

    assert (called.code, [text for _, text in phone.sent()]) == (0, ["dinner is ready"]), called.said
    assert "mobimem approve ask-" in called.err, "it says how it is answered"
    assert "typed into Text message = 'dinner is ready'" in called.err
    assert decided_by()[0].startswith("ask-")
    assert tasks()["asks"] == []


def test_a_no_from_elsewhere_is_a_no(phone: Phone, server: ScriptedModel) -> None:
    called = meanwhile(says("no"), "do", WORDS, "--wait", "60", "--json")

    assert (called.code != 0, phone.sent()) == (True, [])


def test_a_consent_that_nobody_gives_in_time_is_no_and_cannot_be_given_any_more(
    phone: Phone, server: ScriptedModel
) -> None:
    seen: list[str] = []

    def look() -> bool:
        seen.extend(one.ask.id for one in list_asks())
        return bool(seen)

    called = meanwhile(look, "do", WORDS, "--wait", "1", "--json")

    assert (called.code, called.json["outcome"], phone.sent()) == (ExitCode.OWNER_NEEDED, "asked", [])
    assert tasks()["asks"] == []
    late = call("approve", seen[0])
    assert (late.code, "timed out" in late.said) == (ExitCode.NOT_DONE, True)
    assert decided_by() == ["nobody in time"]


def test_a_stop_ends_a_consent_that_waits(phone: Phone, server: ScriptedModel) -> None:
    called = meanwhile(stops, "do", WORDS, "--wait", "600", "--json")

    assert (called.code, called.json["outcome"], phone.sent()) == (ExitCode.NOT_DONE, "cancelled", [])
    assert "stopped by the owner" in called.json["says"]
    assert tasks()["asks"] == []


def test_a_known_task_waits_for_its_consent_too_and_ends_on_a_stop(phone: Phone, server: ScriptedModel) -> None:
    assert meanwhile(says("yes"), "do", WORDS, "--wait", "60", "--json").code == 0
    again = "text Alice that the train is late"
    stopped = meanwhile(stops, "do", again, "--wait", "600", "--json")
    assert (stopped.json["outcome"], len(phone.sent())) == ("cancelled", 1), stopped.said
    called = meanwhile(says("yes"), "do", again, "--wait", "60", "--json")

    assert (called.code, [text for _, text in phone.sent()]) == (0, ["dinner is ready", "the train is late"])


def test_whether_a_reading_is_meant_waits_and_is_answered_elsewhere(phone: Phone, server: ScriptedModel) -> None:
    assert meanwhile(says("yes"), "do", WORDS, "--wait", "60", "--json").code == 0
    alone = call("do", OTHERS, "--json")
    assert (alone.code, len(phone.sent())) == (ExitCode.OWNER_NEEDED, 1)
    assert "mobimem answer q-" in alone.json["error"]["next_step"]

    def agree() -> bool:
        for one in list_questions():
            assert "contact = 'Alice'" in one.question.says
            answer_waiting(one.id, "yes")
        return says("yes")()

    called = meanwhile(agree, "do", OTHERS, "--wait", "60", "--json")
    assert (called.code, len(phone.sent())) == (0, 2), called.said


def test_a_stop_ends_a_question_that_waits_before_anything_is_begun(phone: Phone, server: ScriptedModel) -> None:
    assert meanwhile(says("yes"), "do", WORDS, "--wait", "60", "--json").code == 0

    def stop() -> bool:
        waiting = bool(list_questions())
        if waiting:
            stop_all()
        return waiting

    called = meanwhile(stop, "do", OTHERS, "--wait", "600", "--json")
    assert (called.code, len(phone.sent())) == (ExitCode.NOT_DONE, 1), called.said
    assert list_questions() == ()


def test_a_person_at_a_terminal_is_shown_whose_page_it_is_and_what_it_holds(
    phone: Phone, server: ScriptedModel
) -> None:
    from tests.mobimem.tasks.test_what_a_yes_covers import thread

    thread(phone, "Alice", "I hate you")
    server.script = Brain((("tap", "Send SMS"), ("give_up",)))
    called = call("do", "text Bob that lunch is ready", stdin="n\n", terminal=True)

    assert phone.sent() == []
    assert "careful: the field 'Text message' holds 'I hate you', which this task did not type" in called.said
    assert "on the page 'Alice'" in called.said
    assert "careful: it is on the page 'Alice'" in called.said


def test_what_does_not_exist_is_no_ask(home: Path) -> None:
    called = call("approve", "nope")

    assert (called.code, "there is no ask 'nope'" in called.said) == (ExitCode.BAD_DATA, True)
    assert "there is no ask" in call("approve", "ask-00000000").said


def test_a_yes_for_good_is_not_offered_where_there_can_be_none(phone: Phone, server: ScriptedModel) -> None:
    called = call("do", WORDS)
    [ask] = tasks()["asks"]

    assert (called.code, ask["lasting"]) == (ExitCode.OWNER_NEEDED, False)
    assert f"mobimem approve {ask['id']}" in called.said
    for told in (called, call("tasks"), call("replay", "pending")):
        assert "always" not in told.said
    assert "its reason, in its words: “it is next”" in call("tasks").said
    approved = call("approve", ask["id"]).said
    assert "its reason, in its words: “it is next”" in approved
    assert "on the page 'Bob'" in approved
